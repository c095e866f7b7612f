"""Pages of the site as a whole, and the number of its edition."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult

from .desk.choices import PageForm
from .keeping import keep
from .prose import PROSE
from .titles import ReadersTitle
from .translation.languages_panel import LanguagesPanel
from .translation.translated import SEEN_BY_ENGINES, Translated

LANGUAGES = LanguagesPanel(heading=_("Languages"))

_waiting: ContextVar[list[bool] | None] = ContextVar("waiting", default=None)
"Changes that wait for the end of their transaction to raise the edition once."


class Edition(models.Model):
    """One counter that every publication or change of facts raises.

    What is kept (feeds, pages) is keyed by it. It is raised in the transaction
    of the change, never before: a reader who sees the new number sees the change.
    Its row is the last lock that anybody takes.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_edition")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    @contextmanager
    def together(cls) -> Iterator[None]:
        """What changes within is one transaction and one new edition, raised at its end.

        Whoever changes several things takes no lock after that of the edition.
        """
        with transaction.atomic():
            changes = _waiting.get()
            if changes is not None:  # inside another one, whose end counts
                yield
                return
            token = _waiting.set(changes := [])
            try:
                yield
            finally:
                _waiting.reset(token)
            if changes:
                cls.bump()

    @classmethod
    def bump(cls) -> None:
        """Raise the number, or have it raised at the end of ``together``; the row is made at the first call."""
        changes = _waiting.get()
        if changes is not None:
            changes.append(True)
            return
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})

    @classmethod
    def now(cls) -> int:
        """The number as last committed; 0 before the first change. One raw query."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM pages_edition WHERE id = 1")
            row = cursor.fetchone()
        return row[0] if row else 0


class Attempt(models.Model):
    """How often something was tried by one source in one window of time."""

    source = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "window"], name="one_attempt_row")]
        indexes = [models.Index(fields=["window"])]

    def __str__(self) -> str:
        return f"{self.source} {self.window} {self.count}"


class KeptPage(ReadersTitle):
    """A kind of page that every anonymous visitor is shown alike, so that it may be kept.

    Its publication is one transaction with the new edition, whoever asks for it.
    """

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        return response if getattr(request, "is_preview", False) else keep(response)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        result: RouteResult = super().route(request, path_components)  # type: ignore[misc]
        here: Any = self
        if result.page is not self and result.page.locale_id == here.locale_id:
            result.page.locale = here.locale  # known already
        return result

    def get_view_restrictions(self) -> Any:
        """Wagtail's own selection, in one query: a path holds those of all the pages above."""
        page: Any = self
        if page.alias_of_id:
            return super().get_view_restrictions()  # type: ignore[misc]
        paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
        above = Q(page__path__in=paths) | Q(page__aliases__path__in=paths)
        return PageViewRestriction.objects.filter(above).distinct()

    def publish(self, *args: Any, **kwargs: Any) -> None:
        with Edition.together():
            super().publish(*args, **kwargs)  # type: ignore[misc]

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        with Edition.together():
            super().unpublish(*args, **kwargs)  # type: ignore[misc]


class ProsePage(KeptPage, Translated, Page):
    """A page whose words the editors write, in one language.

    What is published is public: lists, search and feeds tell of it, so that a
    password would hide half of it.
    """

    body = StreamField(PROSE, blank=True, verbose_name=_("text"))

    private_page_options: ClassVar[list[str]] = []
    base_form_class = PageForm

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("body"), LANGUAGES]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True


class HomePage(ProsePage):
    """The first page of one language."""

    introduction = models.TextField(_("introduction"), blank=True)

    translated: ClassVar[tuple[str, ...]] = ("title", "introduction", "body", *SEEN_BY_ENGINES)
    copied_for_translation = False

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
        LANGUAGES,
    ]
    template = "pages/home_page.html"
    subpage_types: ClassVar[list[str]] = [
        "pages.StandardPage",
        "pages.SearchPage",
        "events.AgendaPage",
        "regions.RegionIndexPage",
        "regions.OrganisationsPage",
    ]

    class Meta:
        verbose_name = _("home page")


class StandardPage(ProsePage):
    """A page about the Initiative, the site, the rules."""

    template = "pages/standard_page.html"
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]

    class Meta:
        verbose_name = _("standard page")


class SearchPage(KeptPage, Page):
    """Looks through events, news, regions and organisations."""

    template = "pages/search_page.html"
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("search page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .search import search

        asked = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
        return super().get_context(request, *args, **kwargs) | {
            "asked": asked,
            "found": search(asked, self.locale.language_code) if asked else [],
        }
