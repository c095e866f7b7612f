"""The participant's own page: everything about one registration. A GET changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.calendars import days, hours
from events.models import Registration, co_organisers
from letters.models import Letter
from pages import busy

from .. import joining
from ..discreet import View
from ..documents import certificate as certificates
from ..documents import participants, ticket
from ..event_shown import event_shown
from ..letters.body import hours_told
from . import dates as own_dates
from . import questions as own_questions
from . import standing
from .letters_received import received
from .opened import back, own_page


@own_page
@require_safe
def participant(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Everything about one registration, for the person it belongs to."""
    return page(request, token, registration)


def page(request: HttpRequest, token: str, registration: Registration, status: int = 200, **more: Any) -> HttpResponse:
    """The page itself; ``more`` where it answers a form that it holds."""
    event, date = registration.event, registration.occurrence
    held, over = registration.takes_place, registration.is_over
    context = event_shown(request, event, date, registration.home_zone)
    context |= {
        "token": token,
        "registration": registration,
        "called_off": not held,
        "over": over and held,
        "date_moved_from": days.moved_from(date, get_language() or "fr") if date else "",
        "was": _hours_told(registration),
        "seen_by": [one.organisation for one in registration.sharings.living().select_related("organisation")],
        "shares": bool(co_organisers(event)),
        "done": request.GET.get("done", ""),
        "again_url": reverse("registration", args=[event.uid]) if event.live and event.window.has_form else "",
        "has_letters": received(registration).exists(),
        "has_ticket": ticket.has_ticket(registration),
        "hands_out_list": participants.is_handed_out(registration),
    }
    context |= _joining(registration, context["occurrence"]) | standing.shown(registration)
    context |= own_questions.shown_on_page(registration)
    context |= certificates.on_own_page(registration)
    context |= own_dates.shown(registration, request.POST.getlist("dates")) | more
    return render(request, "events/registration/participant.html", context, status=status)


def _joining(registration: Registration, date: Any) -> dict[str, Any]:
    """The link to join from its hour on; before that, from when it will be there."""
    event = registration.event
    link = joining.link_for(registration, date)
    meant = registration.is_confirmed and event.format != event.Format.ONSITE and standing.stands(registration)
    since = joining.shown_from(event, registration.occurrence or date) if meant and not link else None
    return {
        "joining_url": link,
        "joins_online": meant,
        "joining_from": standing.moment(since, registration) if since else None,
    }


def _hours_told(registration: Registration) -> hours.Hours | None:
    """The hours the person was told when registering, if what they registered for has moved since."""
    event, date = registration.event, registration.occurrence
    if event.recurs and date is None:
        return None
    letter = Letter.objects.filter(key__in=own_dates.keys_of_letters(registration)).first()
    if letter is None:
        return None
    told, now = letter.facts["event"], date or event
    for line in letter.facts.get("registrations", []):
        if line["uid"] == str(registration.uid) and line["date"]:
            told = told | line["date"]
    known = (told["start_local"], told["end_local"], told["timezone"], told["all_day"])
    if known == (now.start_local.isoformat(), now.end_local.isoformat(), event.timezone, event.all_day):
        return None
    return hours_told(told, get_language() or "fr")


Act = Callable[[HttpRequest, str, Registration], HttpResponse]


def button(act: Act) -> View:
    """A button of the page: POST does it; anything else leads to the page, as does a lock that was not had in time."""

    @own_page
    @wraps(act)
    def pressed(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
        if request.method != "POST":
            return back(token)
        try:
            return act(request, token, registration)
        except OperationalError as error:  # nothing was written; the button is still there
            busy.note(error)
            again = type(registration).objects.select_related("event", "ticket", "occurrence").get(pk=registration.pk)
            again.event = registration.event
            response = page(request, token, again, 503, trouble=_("Many people are here at once: try again."))
            response["Retry-After"] = "5"
            return response

    return pressed


@button
def more_dates(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Register the same person for other dates of the series; what was ticked stays so if that can't be."""
    event = registration.event
    if registration.occurrence is None or not registration.is_living or not event.live or not event.window.has_form:
        return back(token)
    try:
        own_dates.register_more(registration, request.POST.getlist("dates"))
    except own_dates.Refused as refused:
        return page(request, token, registration, refused.status, dates_trouble=refused.sentence)
    return back(token, "dates")
