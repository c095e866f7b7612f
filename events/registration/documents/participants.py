"""The list of participants: those who have a place and agreed to stand in it, and nobody else."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe

from events.models import Answer, DataTerms, Event, Registration
from events.models.questions.kinds import YES, Subject
from events.models.registration_states import State
from pages import limits, pdf
from pages.folding import fold
from pages.trilingual import shown
from regions import countries

from ..event_shown import event_shown
from ..own.opened import own_page

DRAWN, WITHIN = 10, dt.timedelta(hours=1)
"So many PDFs one person may have drawn; who wants more prints the page."


@dataclass(frozen=True)
class Participant:
    """One line of the list, in one language."""

    name: str
    latin_name: str
    "Empty where the name is in Latin letters itself."
    organisation: str
    position: str
    country: str


def listed(event: Event, language: str) -> list[Participant]:
    """Everybody with a place whose consent to stand in the list holds, once each, by the name in Latin letters."""
    agreed = Answer.objects.living().filter(question__subject=Subject.LIST, chosen__key=YES).values("registration")
    rows = Registration.objects.known().filter(event=event, state=State.CONFIRMED, pk__in=agreed).order_by("pk")
    people = list({row.email_key: row for row in rows}.values())
    positions = told_by(people, Subject.POSITION, language)
    return [
        Participant(
            name=row.name,
            latin_name="" if row.latin_name == row.name else row.latin_name,
            organisation=row.organisation,
            position=positions.get(row.pk, ""),
            country=countries.name(row.country, language) if row.country else "",
        )
        for row in sorted(people, key=in_order)
    ]


def in_order(registration: Registration) -> tuple[str, int]:
    """By the name as an international list sorts it, accents and case aside."""
    return fold(registration.latin_name or registration.name), registration.pk


def told_by(people: list[Registration], subject: Subject, language: str) -> dict[int, str]:
    """What several people answered to a question of the product, by registration; what only staff may know is not."""
    found = Answer.objects.living().filter(
        registration__in=[row.pk for row in people], question__subject=subject, question__is_confidential=False
    )
    return {answer.registration_id: answer.told(language) for answer in found.whole()}


def is_handed_out(registration: Registration) -> bool:
    """Whether this person may read the list: they have a place, and the event gives the list to its participants."""
    has_place = registration.state == State.CONFIRMED
    return has_place and DataTerms.objects.filter(event=registration.event_id, hands_out_list=True).exists()


def told(request: HttpRequest, event: Event) -> dict[str, Any]:
    """What the page and the document show."""
    language = get_language() or "fr"
    return event_shown(request, event) | {"people": listed(event, language), "contact": DataTerms.of(event).email}


def file_name(event: Event) -> str:
    """What the document is called."""
    return "-".join(filter(None, [pgettext("name of a file", "participants"), slugify(shown(event.title).text)[:60]]))


def drawn(context: dict[str, Any]) -> HttpResponse:
    """The document itself; never inside a transaction.

    Raises:
        Unavailable: it can't be drawn now.
    """
    content = pdf.drawn(render_to_string("events/registration/documents/participants_pdf.html", context))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(context["event"])}.pdf"'
    return response


@own_page
@require_safe
def page(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The list, to read and to print."""
    return _page(request, token, registration)


def _page(request: HttpRequest, token: str, registration: Registration, **more: Any) -> HttpResponse:
    if not is_handed_out(registration):
        raise Http404
    context = told(request, registration.event) | {"token": token, "has_pdf": pdf.is_available()} | more
    return render(request, "events/registration/documents/participants.html", context, status=429 if more else 200)


@own_page
@require_safe
def document(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The same as a PDF; where none can be drawn the page, which prints itself."""
    if not is_handed_out(registration):
        raise Http404
    if not pdf.is_available():
        return redirect("participants", token)
    if not limits.allowed("participants drawn", str(registration.uid), DRAWN, WITHIN):
        return _page(request, token, registration, too_many=True)
    try:
        return drawn(told(request, registration.event))
    except pdf.Unavailable:
        return redirect("participants", token)
