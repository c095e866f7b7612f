"""The ticket: what somebody with a place on site shows at the door, on a telephone or on paper.

It belongs to who has the place, behind the link to their own page, and is made anew each time from
what holds now: whoever passed the place on, or gave it back, reads there that theirs holds no more.
"""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_safe

from events.calendars.rows import soil
from events.models import Attendance, DataTerms, Event, Registration
from events.models.registration_states import State
from pages import limits, pdf
from regions import profiles
from regions.pictures import seed_of

from ..event_shown import event_shown
from ..own.opened import own_page
from . import qr, signing

DRAWN, WITHIN = 30, dt.timedelta(hours=1)
"So many PDFs one person may have drawn; who wants more prints the page."


def has_ticket(registration: Registration) -> bool:
    """Whether this person shows something at a door."""
    return why_none(registration) == ""


def why_none(registration: Registration) -> str:
    """Why there is no ticket that holds: passed_on, ended, none, online, off, over; empty if there is one."""
    if registration.erased_at:
        return "ended"
    if not registration.is_living:
        passed_on = registration.transfers.filter(accepted_at__isnull=False).exists()
        return "passed_on" if passed_on else "ended" if registration.confirmed_at else "none"
    if registration.state != State.CONFIRMED:
        return "none"
    if registration.attendance != Attendance.ONSITE:
        return "online"
    if not registration.takes_place:
        return "off"
    return "over" if registration.is_over else ""


def claim(registration: Registration) -> signing.Claim:
    """What a person's ticket says to who scans it."""
    return signing.Claim(
        registration.event.uid,
        registration.uid,
        registration.link_version,
        registration.occurrence.original if registration.occurrence else None,
        registration.ticket.code if registration.ticket else "",
        registration.latin_name or registration.name,
    )


def code(registration: Registration) -> str:
    """The text in the QR code of a ticket and of a badge."""
    return signing.sign(claim(registration))


def ground(event: Event) -> SafeString:
    """The event's own soil, cut wide: the same picture as on its page. Its regions are fetched if they are not."""
    kind = profiles.of_kind(soil(event), event.kind)
    drawn = profiles.strip(kind, seed_of(event.uid), 420, 120)
    return mark_safe(drawn.replace("<svg ", '<svg class="ground" aria-hidden="true" ', 1))  # noqa: S308  (ours alone)


@own_page
@require_safe
def page(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The ticket to show, and to print; or why there is none."""
    return _page(request, token, registration)


def _page(request: HttpRequest, token: str, registration: Registration, **more: Any) -> HttpResponse:
    why = why_none(registration)
    context = _told(request, registration, why) | {"token": token, "why": why, "has_pdf": pdf.is_available()} | more
    gone = 404 if why in ("none", "online") else 410
    return render(
        request, "events/registration/documents/ticket.html", context, status=gone if why else 429 if more else 200
    )


@own_page
@require_safe
def document(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The same as a PDF; where none can be drawn the page, which prints itself."""
    if why_none(registration) or not pdf.is_available():
        return redirect("ticket", token)
    if not limits.allowed("tickets drawn", str(registration.uid), DRAWN, WITHIN):
        return _page(request, token, registration, too_many=True)
    html = render_to_string("events/registration/documents/ticket_pdf.html", _told(request, registration, ""))
    try:
        content = pdf.drawn(html)
    except pdf.Unavailable:
        return redirect("ticket", token)
    response = HttpResponse(content, content_type="application/pdf")
    name = pgettext("name of a file", "ticket")
    response["Content-Disposition"] = f'attachment; filename="{name}-{registration.uid.hex[:8].upper()}.pdf"'
    return response


def _told(request: HttpRequest, registration: Registration, why: str) -> dict[str, Any]:
    event = registration.event
    told = event_shown(request, event, registration.occurrence) | {
        "registration": registration,
        "whole_series": event.recurs and registration.occurrence is None,
        "contact": DataTerms.of(event).email,
        "language": get_language(),
    }
    if why:
        return told
    return told | {"qr": qr.drawn(code(registration), gettext("Code of the ticket")), "ground": ground(event)}
