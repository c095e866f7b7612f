"""Printing in the admin: the badges of an event in files of a hundred, one badge, the list of participants."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, QuerySet, Value
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override, pgettext
from django.utils.translation import gettext as _
from django.views.generic import View

from events.models import DataAccess, Event, Registration, last_public
from events.registration.documents import participants
from pages import pdf
from pages.languages import name_of
from pages.trilingual import shown

from .. import policies
from ..registrations.listing import RegistrationFilterSet
from . import badges
from .screen import EventScreen, InCare, is_in_care

A6, FOUR = "a6", "a4"


def in_english(event: Event) -> str:
    return slugify(shown(event.title, "en").text)[:60]


def in_whole_care(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """As the list marks them: the filters ask for it. Whoever prints sees all of the event's people whole."""
    return rows.annotate(in_care=Value(True, output_field=BooleanField()))


class Printed:
    """The people of one event as the list's own filter leaves them, and in what language and shape they are printed."""

    request: HttpRequest
    event: Event

    @cached_property
    def filters(self) -> RegistrationFilterSet:
        asked = self.request.GET.copy()
        asked["event"] = str(self.event.pk)
        seen = policies.registrations.narrow(Registration.objects.all(), self.request.user, {"view", "change"})
        return RegistrationFilterSet(asked, queryset=in_whole_care(seen), request=self.request)

    @cached_property
    def people(self) -> list[Registration]:
        filters = self.filters
        rows = filters.filter_queryset(filters.queryset) if filters.is_valid() else filters.queryset.none()
        return badges.chosen(rows, self.event)

    @property
    def language(self) -> str:
        """That in which badges and lists are printed: the one asked for, else the reader's."""
        asked = self.request.GET.get("language", "")
        known = dict(settings.LANGUAGES)
        return asked if asked in known else (get_language() or "") if get_language() in known else "fr"

    @property
    def shape(self) -> str:
        return FOUR if self.request.GET.get("shape") == FOUR else A6

    @property
    def asked(self) -> dict[str, Any]:
        """The filter alone, for the addresses of the files and for what is noted: no name that was searched for."""
        names = (name for name in self.filters.filters if name != "event")
        return {name: self.request.GET.getlist(name) for name in names if self.request.GET.get(name)}


class BadgesView(Printed, EventScreen):
    """How many badges there are, and their files; the ways to the list of participants and to the door."""

    template_name = "desk/badges.html"
    page_title = gettext_lazy("Badges, lists, tickets")
    header_icon = "tag"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = len(self.people)
        parts = -(-count // badges.PER_FILE)
        address = reverse("papers:badges_pdf", args=[self.event.uid])
        how = {"language": self.language, "shape": self.shape} | self.asked
        return super().get_context_data(**kwargs) | {
            "media": Media(css={"all": ["desk/registrations.css", "desk/documents.css"]}),
            "event": self.event,
            "count": count,
            "files": [
                {
                    "first": part * badges.PER_FILE + 1,
                    "last": min((part + 1) * badges.PER_FILE, count),
                    "url": f"{address}?{urlencode(how | {'part': part + 1}, doseq=True)}",
                }
                for part in range(parts)
            ],
            "has_pdf": pdf.is_available(),
            "is_narrowed": bool(self.asked),
            "asked": [(name, value) for name, values in self.asked.items() for value in values],
            "language": self.language,
            "languages": [(code, name_of(code)) for code, _name in settings.LANGUAGES],
            "shape": self.shape,
            "door_url": reverse("door", args=[self.event.uid]) if self.event.live else "",
            "list_url": f"{reverse('registrations:index')}?event={self.event.pk}",
        }


class BadgesFileView(Printed, InCare, View):
    """One file of badges; that it was taken is noted first."""

    def get(self, request: HttpRequest, uid: Any) -> HttpResponseBase:
        part = request.GET.get("part", "1")
        first = (int(part) - 1) * badges.PER_FILE if part.isascii() and part.isdecimal() and len(part) < 6 else -1
        people = self.people[first : first + badges.PER_FILE] if first >= 0 else []
        if not people:
            raise Http404
        details: dict[str, Any] = {"shape": self.shape, "part": int(part)} | self.asked
        DataAccess.objects.note(request.user, DataAccess.What.BADGES, event=self.event, people=len(people), **details)
        name = f"badges-{in_english(self.event)}-{int(part)}"
        return as_file(request, people, self.event, self.language, self.shape, name) or redirect(
            reverse("papers:badges", args=[self.event.uid])
        )


class BadgeView(View):
    """The badge of one person."""

    model = Registration
    any_permission_required = ("view", "change")
    "What the wall before every row is told."

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        seen = policies.registrations.instances_user_has_any_permission_for(request.user, {"view", "change"})
        one = get_object_or_404(seen.select_related("event", "ticket", "occurrence"), pk=pk)
        if not is_in_care(request.user, one.event):
            raise PermissionDenied
        people = badges.chosen(Registration.objects.filter(pk=pk), one.event)
        if not people:
            raise Http404
        DataAccess.objects.note(request.user, DataAccess.What.BADGES, registration=one)
        name = f"badge-{one.uid.hex[:8]}"
        language = get_language() if get_language() in dict(settings.LANGUAGES) else "fr"
        return as_file(request, people, one.event, language or "fr", A6, name) or redirect(
            reverse("registrations:inspect", args=[pk])
        )


def as_file(
    request: HttpRequest, people: list[Registration], event: Event, language: str, shape: str, name: str
) -> HttpResponse | None:
    """The badges of these people as a PDF; None, with a message, where none can be drawn now."""
    event = last_public(event)
    with override(language):
        made, each = badges.badges(people, event, language), 4 if shape == FOUR else 1
        sheets = [made[at : at + each] for at in range(0, len(made), each)]
        context = badges.told(event, language) | {"sheets": sheets, "shape": shape}
        html = render_to_string("events/registration/documents/badges_pdf.html", context)
    return _response(request, html, name)


def _response(request: HttpRequest, html: str, name: str) -> HttpResponse | None:
    try:
        content = pdf.drawn(html)
    except pdf.Unavailable:
        messages.error(request, _("No PDF can be made now: the site’s journal says why."))
        return None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response


class ParticipantsView(InCare, View):
    """The list of participants, as those on it agreed to; that it was taken is noted first."""

    def get(self, request: HttpRequest, uid: Any) -> HttpResponseBase:
        event, language = last_public(self.event), get_language() or "fr"
        asked = request.GET.get("language", "")
        language = asked if asked in dict(settings.LANGUAGES) else language
        with override(language):
            context = participants.told(request, event)
            DataAccess.objects.note(
                request.user, DataAccess.What.PARTICIPANTS, event=self.event, people=len(context["people"])
            )
            html = render_to_string("events/registration/documents/participants_pdf.html", context)
        name = f"{pgettext('name of a file', 'participants')}-{in_english(self.event)}"
        back = f"{reverse('registrations:index')}?event={self.event.pk}"
        return _response(request, html, name) or redirect(back)
