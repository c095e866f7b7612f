"""The agenda and each event's page, in each language: prose only, the facts stand on the event."""

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page
from wagtail.signals import page_slug_changed
from wagtail.url_routing import RouteResult

from pages.models import LANGUAGES, KeptPage, ProsePage
from pages.translation.translated import SEEN_BY_ENGINES
from pages.trilingual import shown
from regions.models.fields import valid_zone

from .filters import RESERVED, WORDS, Filter, Unknown

if TYPE_CHECKING:
    from .event import Event

HOUR = {"fr": "heure", "en": "time", "es": "hora"}
"Below an event: the hours on the clock of the zone that follows."


class AgendaPage(KeptPage, Page):
    """All events, in one language; the path below it holds the filter, as ``filters`` tells."""

    template = "events/agenda_page.html"
    month_template = "events/month.html"
    subpage_types: ClassVar[list[str]] = ["events.EventPage"]
    max_count_per_parent = 1
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []

    filter = Filter()
    "What this request shows."

    class Meta:
        verbose_name = _("agenda")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        language = self.locale.language_code
        if not path_components or path_components[0] not in {words[language] for words in WORDS.values()}:
            return super().route(request, path_components)
        if not self.live:
            raise Http404
        return RouteResult(self, kwargs={"segments": path_components})

    def serve(self, request: HttpRequest, segments: list[str] | None = None) -> HttpResponse:
        """Show what the path says; a form, or a path in another order, leads to the one right path."""
        language = self.locale.language_code
        try:
            asked = Filter.ask(request.GET)
            self.filter = asked or Filter.read(segments or [], language)
        except Unknown as unknown:
            raise Http404 from unknown
        right = self.filter.path(language)
        if asked or right != "".join(f"{segment}/" for segment in segments or []):
            return redirect((self.get_url(request) or "") + right + self._query(request), permanent=not asked)
        return super().serve(request)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return self.month_template if self.filter.month else self.template

    @staticmethod
    def _query(request: HttpRequest) -> str:
        words = request.GET.get("q", "").strip()[:200]
        return f"?{urlencode({'q': words})}" if words else ""

    def below(self, language: str) -> str:
        return self.filter.path(language)


class EventPage(ProsePage):
    """What is said of an event in one language. Title and slug follow the event."""

    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="pages", editable=False
    )

    # Title and address follow the event: a translation never writes them.
    translated: ClassVar[tuple[str, ...]] = ("body", *SEEN_BY_ENGINES)
    copied_for_translation = False

    template = "events/event_page.html"
    content_panels: ClassVar[list[Any]] = [FieldPanel("body"), LANGUAGES]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("seo_title"), FieldPanel("search_description")]
    # It comes and goes with its event, never at a date of its own.
    settings_panels: ClassVar[list[Any]] = []
    parent_page_types: ClassVar[list[str]] = ["events.AgendaPage"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = False

    class Meta:
        verbose_name = _("page of an event")
        verbose_name_plural = _("pages of events")

    @classmethod
    def tell(cls, event: "Event") -> None:
        """Make the event's page in each language that has an agenda, or let it follow the event."""
        pages = {page.locale_id: page for page in cls.objects.filter(event=event)}
        for agenda in AgendaPage.objects.select_related("locale").order_by("pk"):
            page = pages.get(agenda.locale_id)
            if page is None:
                page = cls(event=event, locale=agenda.locale, translation_key=event.uid, live=True, show_in_menus=False)
                page.follow(agenda)
                agenda.add_child(instance=page)
            else:
                if page._awaits(event):
                    page.get_latest_revision().publish()
                    page = cls.objects.get(pk=page.pk)
                page.event = event
                page.follow(agenda)

    def _awaits(self, event: "Event") -> bool:
        """Whether it is a draft made with its event, which is public for the first time: what it says now counts."""
        is_first = event.first_published_at == event.last_published_at
        return bool(is_first and not self.live and not self.first_published_at and self.latest_revision_id)

    def follow(self, agenda: Page) -> None:
        """Take title and slug from the event; a slug that changes leaves a redirect."""
        title = shown(self.event.title, self.locale.language_code).text[:255]
        renamed = self._state.adding or slugify(self.title)[:80] != slugify(title)[:80]
        slug = self._free_slug(agenda, title) if renamed else self.slug
        if self._state.adding:
            self.title = self.draft_title = title
            self.slug = slug
            return
        if (self.title, self.draft_title, self.slug, self.live) == (title, title, slug, True):
            return
        before = type(self).objects.get(pk=self.pk)
        self.title = self.draft_title = title
        self.slug, self.live = slug, True
        self.save()
        if before.slug != slug:
            page_slug_changed.send(sender=type(self), instance=self, instance_before=before)

    def _free_slug(self, agenda: Page, title: str) -> str:
        base = slugify(title)[:80].strip("-") or str(self.event.uid)[:8]
        taken = (
            set(
                Page.objects.child_of(agenda)
                .filter(slug__startswith=base)
                .exclude(pk=self.pk)
                .values_list("slug", flat=True)
            )
            | RESERVED
        )
        year = str(self.event.start_local.year)
        for slug in (
            base,
            base if base.endswith(year) else f"{base}-{year}",
            f"{base}-{self.event.start_local:%Y-%m-%d}",
        ):
            if slug not in taken:
                return slug
        number = 2
        while f"{base}-{number}" in taken:
            number += 1
        return f"{base}-{number}"

    def with_content_json(self, content: dict[str, Any]) -> "EventPage":
        """An old revision brings old prose, never an old title or address."""
        page: EventPage = super().with_content_json(content)
        page.title, page.draft_title, page.slug, page.event_id = self.title, self.draft_title, self.slug, self.event_id
        return page

    # -- what a visitor asks for

    zone = ""
    "The zone in which this visitor wants the hours, besides that of the place."

    @property
    def told_in(self) -> list[str]:
        """The languages in which the event really has a title: the others fall back."""
        return self.event.told_in

    def below(self, language: str) -> str:
        return f"{HOUR[language]}/{self.zone}/" if self.zone else ""

    def canonical_below(self, language: str) -> str:
        return ""

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components and path_components[0] == HOUR[self.locale.language_code] and self.live:
            return RouteResult(self, kwargs={"zone": "/".join(path_components[1:])})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, zone: str | None = None) -> HttpResponse:
        """The event, its hours also in a zone if the path names one; the zone form leads to that path."""
        from .event import Event

        self.event = Event.objects.with_facts().get(pk=self.event_id)
        if not self.event.live:
            raise Http404
        asked = request.GET.get("zone")
        if zone is not None or asked:
            try:
                valid_zone(zone if zone is not None else asked or "")
            except (ValidationError, ValueError) as error:
                raise Http404 from error
            self.zone = zone if zone is not None else asked or ""
        if zone is None and asked is not None:
            return redirect((self.get_url(request) or "") + self.below(self.locale.language_code))
        return super().serve(request)

    @classmethod
    def preview_of(cls, event: "Event", request: HttpRequest, language: str) -> HttpResponse:
        """An event's page in a language as it would be, with nothing saved."""
        with translation.override(language):
            page = cls.objects.filter(event_id=event.pk, locale__language_code=language).first() if event.pk else None
            if page is None:
                page = cls(locale=Locale.objects.get(language_code=language))
            page.event = event
            page.title = shown(event.title, language).text
            request.LANGUAGE_CODE = language
            response = page.serve_preview(request, page.default_preview_mode)
            if hasattr(response, "render"):
                response.render()
            return response
