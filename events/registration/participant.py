"""The participant's own page: see, change, give the seat back. A GET changes nothing."""

import datetime as dt
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events.calendars import days, hours
from events.models import Event, Full, Occurrence, Registration, SeatLost, co_organisers
from events.models.registration import address_key
from letters.models import Letter
from pages import busy, limits

from . import own_dates
from .discreet import personal, unkept
from .event_shown import event_shown
from .forms import AddressForm, ChangeForm
from .letters import hours_told
from .opened import back, own_page

HOUR = dt.timedelta(hours=1)
LINKS_SENT = 3
"Times an hour that the links of one address are sent again."
DETAILS = ("name", "organisation", "country", "language", "home_zone")
ASKED_FROM_ONE_MACHINE = 300
"Times an hour that links are asked for from one network address."


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
    joins = registration.is_confirmed and event.live and held and not over
    context |= {
        "token": token,
        "registration": registration,
        "called_off": not held,
        "over": over and held,
        "changeable": registration.is_living and held and not over,
        "joining_url": _joining_url(event, context["occurrence"]) if joins else "",
        "date_moved_from": days.moved_from(date, get_language() or "fr") if date else "",
        "was": _hours_told(registration),
        "seen_by": [one.organisation for one in registration.sharings.living().select_related("organisation")],
        "shares": bool(co_organisers(event)),
        "done": request.GET.get("done", ""),
        "again_url": reverse("registration", args=[event.uid]) if event.live and event.window.has_form else "",
    }
    context |= own_dates.shown(registration, request.POST.getlist("dates")) | more
    return render(request, "events/registration/participant.html", context, status=status)


def _joining_url(event: Event, date: Occurrence | None) -> str:
    """That of the date, if it has one of its own."""
    return (date.joining_url if date else "") or event.joining_url


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


@own_page
def change(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Correct one's details, or take part in another way if there is a seat."""
    event = registration.event
    if not registration.is_living or registration.is_over or not registration.takes_place:
        return back(token)
    form = ChangeForm(registration, request.POST if request.method == "POST" else None)
    trouble, status = "", 200
    if request.method == "POST":
        trouble, status = _changed(form, registration)
        if not trouble:
            return back(token, "changed")
    shown = event_shown(request, event, registration.occurrence, registration.home_zone)
    context = shown | {"token": token, "form": form, "trouble": trouble}
    response = render(request, "events/registration/change.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _changed(form: ChangeForm, registration: Registration) -> tuple[str, int]:
    """Carry out what the form says; the trouble there was, if any, and the status it is answered with."""
    if not form.is_valid():
        return "errors", 422
    details = {name: form.cleaned_data[name] for name in DETAILS}
    try:
        with transaction.atomic():
            if form.place and not form.stays:
                registration.move_to(form.place)
            registration.correct(**details)
            registration.share_with(form.shared_with)
    except Full:
        form.say_full(Event.objects.get(pk=registration.event_id).window)
        return "full", 409
    except SeatLost:
        return "", 303
    except OperationalError as error:  # a lock was not had in time
        busy.note(error)
        return "busy", 503
    return "", 303


@own_page
def cancel(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Ask once more, then give the seat back by POST."""
    if not registration.is_living or registration.is_over:
        return back(token)
    context = event_shown(request, registration.event, registration.occurrence) | {
        "token": token,
        "registration": registration,
    }
    if request.method != "POST":
        return render(request, "events/registration/cancel.html", context)
    try:
        registration.cancel()
    except OperationalError as error:  # a lock was not had in time; the button is still there
        busy.note(error)
        context["trouble"] = "busy"
        response = render(request, "events/registration/cancel.html", context, status=503)
        response["Retry-After"] = "5"
        return response
    return back(token, "cancelled")


@own_page
@require_POST
def more_dates(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Register the same person for other dates of the series; what was ticked stays so if that can't be."""
    event = registration.event
    if registration.occurrence is None or not registration.is_living or not event.live or not event.window.has_form:
        return back(token)
    try:
        own_dates.register_more(registration, request.POST.getlist("dates"))
    except own_dates.Refused as refused:
        return page(request, token, registration, refused.status, dates_trouble=refused.sentence)
    except OperationalError as error:  # a lock was not had in time; nothing was written
        busy.note(error)
        response = page(request, token, registration, 503, dates_trouble=_("Many people are here at once: try again."))
        response["Retry-After"] = "5"
        return response
    return back(token, "dates")


@own_page
@require_POST
def new_link(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Send a new link and close this one."""
    if limits.allowed("new link", str(registration.uid), LINKS_SENT, HOUR):
        registration.renew_link()
    return HttpResponseRedirect(reverse("participant_sent"), status=303)


@personal
def lost(request: HttpRequest) -> HttpResponse:
    """Have one's links sent again; the answer is the same for every address."""
    if request.method != "POST":
        return render(request, "events/registration/lost.html", {"form": AddressForm()})
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "events/registration/lost.html", {"form": form, "trouble": "errors"}, status=422)
    if not limits.allowed("links from", limits.client_address(request), ASKED_FROM_ONE_MACHINE, HOUR):
        response = render(request, "events/registration/lost.html", {"form": form, "trouble": "too_often"}, status=429)
        response["Retry-After"] = "3600"
        return response
    _send_links(form.cleaned_data["email"])
    return HttpResponseRedirect(reverse("participant_sent"), status=303)


def _send_links(email: str) -> None:
    """One letter with the links of everything this address is registered for and that is not over."""
    known = Registration.objects.living().of(email).filter(event__live=True).order_by("-created_at").first()
    if not limits.allowed("links to", address_key(email), LINKS_SENT, HOUR):
        return
    if known is None:
        limits.pretend()
    else:
        Letter.objects.create(
            kind="links",
            recipient=known.email,
            recipient_name=known.name,
            language=known.language,
            link_view="participant",
            link_subject=known.email_key,
        )


@unkept
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What everybody reads who asked for a link."""
    return render(request, "events/registration/sent.html")
