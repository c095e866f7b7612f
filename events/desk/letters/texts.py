"""The letters of one event: who gets which and when, in whose words, as they will be read, and a test of each."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from events.models import Event, LetterText, Registration
from events.registration.letters import shipped
from events.registration.letters import words as letter_words
from letters import kinds
from letters.models import Letter
from pages.trilingual import told_in

from .. import policies
from ..on_event import NAMES, OnEvent
from . import preview as letter_preview
from .text_form import LetterTextForm
from .uses import USES

LIST, ONE = f"{NAMES}:letter_texts", f"{NAMES}:letter_text"


def may_write(user: Any, event: Event) -> bool:
    """Whether somebody words the letters of this event: who changes its registrations, or the event by a mandate."""
    if policies.registrations.holds_for_all(user, {"change"}):
        return True
    mandated = policies.events.rows(user, {"change"}) if user.is_active else None
    return mandated is not None and Event.objects.filter(mandated, pk=event.pk).exists()


class OfLetters(OnEvent):
    """A page about the letters of one event."""

    header_icon = "mail"
    needs = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_write(request.user, self.event):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class LetterTextsView(OfLetters):
    """Every kind of letter that can be put into words, in the order of a registration's life."""

    template_name = "desk/letter_texts.html"
    page_title = gettext_lazy("Letters to participants")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        written = {text.kind: text for text in LetterText.objects.filter(event=self.event)}
        names = dict(settings.LANGUAGES)
        rows = [
            {
                "name": capfirst(kinds.label(kind)),
                "url": reverse(ONE, args=[self.event.pk, kind]),
                "who": use.who,
                "unused": "" if use.is_used(self.event) else use.unused,
                "languages": [names[code] for code in _languages(written.get(kind))],
            }
            for kind, use in USES.items()
            if kind in kinds.kinds
        ]
        return super().get_context_data(**kwargs) | {"event": self.event, "rows": rows}


class LetterTextView(OfLetters):
    """One kind of letter: its words beside the product's own, and the letter as people will read it."""

    template_name = "desk/letter_text.html"

    @cached_property
    def kind(self) -> str:
        kind: str = self.kwargs["kind"]
        if kind not in USES or kind not in kinds.kinds:
            raise Http404
        return kind

    def get_page_title(self) -> str:
        return capfirst(kinds.label(self.kind))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        url = reverse(LIST, args=[self.event.pk])
        return [*items[:-1], {"url": url, "label": LetterTextsView.page_title}, items[-1]]

    @cached_property
    def written(self) -> LetterText | None:
        return LetterText.objects.filter(event=self.event, kind=self.kind).first()

    @cached_property
    def readers(self) -> list[Registration]:
        return letter_preview.readers(self.request.user, self.event, self.kind)

    @cached_property
    def reader(self) -> Registration | None:
        """Who is asked for by number; the first who would get the letter; nobody where that is asked for."""
        asked = self.request.POST.get("reader", self.request.GET.get("reader", ""))
        if asked == "example":
            return None
        return next((one for one in self.readers if str(one.pk) == asked), next(iter(self.readers), None))

    def _form(self, data: Any = None) -> LetterTextForm:
        return LetterTextForm(data, instance=self.written or LetterText(event=self.event, kind=self.kind))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "test" in request.POST:
            return self._test(request.POST.get("language", ""))
        if "ship" in request.POST:
            return self._ship()
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "preview" in request.POST:
            return self.render_to_response(self.get_context_data(form=form, text=form.instance))
        if not form.says_something:
            return self._ship()
        with transaction.atomic():
            LetterText.objects.update_or_create(
                event=self.event,
                kind=self.kind,
                defaults={name: form.cleaned_data[name] for name in ("subject", "text")},
            )
            log(self.event, "events.letter_text", data={"kind": self.kind})
        messages.success(request, _("The letter is kept: those that have not left yet say it too."))
        return self._here()

    def _ship(self) -> HttpResponse:
        """Back to the words that come with the product."""
        with transaction.atomic():
            if LetterText.objects.filter(event=self.event, kind=self.kind).delete()[0]:
                log(self.event, "events.letter_text", data={"kind": self.kind})
        messages.success(self.request, _("The letter has the words again that come with the product."))
        return self._here()

    def _test(self, language: str) -> HttpResponse:
        """One letter to oneself; a second press before it has left does not double it."""
        user: Any = self.request.user
        if language not in dict(settings.LANGUAGES):
            raise Http404
        if not user.email:
            messages.error(self.request, _("Your account has no e-mail address to which a test could be sent."))
            return self._here()
        mine = {"kind": self.kind, "recipient": user.email, "language": language, "about": self.event.uid}
        if not Letter.objects.waiting().filter(link_view="", **mine).exists():
            letter_preview.test_letter(self.event, self.kind, user, language).save()
        messages.success(self.request, _("A test leaves now: %(address)s.") % {"address": user.email})
        return self._here()

    def _here(self) -> HttpResponse:
        asked = self.request.POST.get("reader", "")
        query = f"?reader={asked}" if asked == "example" or asked.isdecimal() else ""
        return HttpResponseRedirect(reverse(ONE, args=[self.event.pk, self.kind]) + query, status=303)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self._form()
        text = kwargs.get("text", self.written)
        use = USES[self.kind]
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "who": use.who,
            "unused": "" if use.is_used(self.event) else use.unused,
            "form": form,
            "media": form.media if form else forms.Media(),
            "is_written": self.written is not None,
            "unsaved": "text" in kwargs,
            "placeholders": [(f"{{{name}}}", shipped.MEANING[name]) for name in shipped.placeholders(self.kind)],
            "shipped": [
                {"language": code, "name": name, "words": letter_words.shipped(self.kind, code)}
                for code, name in settings.LANGUAGES
            ],
            "readers": self.readers,
            "reader": self.reader,
            "previews": letter_preview.previews(self.event, self.kind, self.reader, text),
            "languages": settings.LANGUAGES,
            "address": self.request.user.email,  # type: ignore[union-attr]
            "back_url": reverse(LIST, args=[self.event.pk]),
        }


def _languages(text: LetterText | None) -> list[str]:
    """The languages in which the staff wrote something."""
    if text is None:
        return []
    told = {*told_in(text.subject), *told_in(text.text)}
    return [code for code, _name in settings.LANGUAGES if code in told]
