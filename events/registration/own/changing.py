"""Changing one's answers, and giving the seat back: each asked for on a page of its own."""

from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.models import Event, Full, OtherPrice, Registration, SeatLost, SeatPool, TooMuch
from pages import busy

from ..event_shown import event_shown
from ..going_back import back as goes_back
from ..going_back import paid_for, policy
from ..known_organisations import of_directory
from ..questions import staged
from ..questions.received import bounded
from . import standing
from .forms import ChangeForm, SharingForm
from .opened import back, own_page

DETAILS = ("name", "latin_name", "organisation", "country", "language", "home_zone")


@bounded
@own_page
def change(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Correct one's details, or take part in another way if there is a seat; to the end, choose who sees them."""
    if not standing.stands(registration):
        return back(token)
    kind = ChangeForm if standing.may_change(registration) else SharingForm
    form = kind(registration, request.POST, request.FILES) if request.method == "POST" else kind(registration)
    if not form.fields:
        return back(token)
    trouble, status = "", 200
    if request.method == "POST":
        trouble, status = _changed(form, request, registration)
        if not trouble:
            return back(token, "changed" if status == 303 else "")
    context = _shown(request, token, registration) | {"form": form, "trouble": trouble}
    return _answer(request, "events/registration/change.html", context, status)


def _shown(request: HttpRequest, token: str, registration: Registration) -> dict[str, Any]:
    shown = event_shown(request, registration.event, registration.occurrence, registration.home_zone)
    until = standing.changes_until(registration)
    return shown | {
        "token": token,
        "registration": registration,
        "changes_until": standing.moment(until, registration) if until else None,
    }


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    if status in (429, 503):
        response["Retry-After"] = "3600" if status == 429 else "5"
    return response


def _changed(form: ChangeForm, request: HttpRequest, registration: Registration) -> tuple[str, int]:
    """Carry out what the form says; the trouble there was, if any, and the status it is answered with."""
    is_whole = form.is_valid()
    details = {name: form.cleaned_data[name] for name in DETAILS if name in form.cleaned_data}
    try:
        if not staged.take_in(form, request):
            return "too_often", 429
        if not is_whole:
            return "errors", 422
        if "organisation" in details:
            details["known_organisation"] = of_directory(details["organisation"])
        with transaction.atomic():
            SeatPool.objects.hold(registration.event_id)
            if form.place and not form.stays:
                registration.move_to(form.place)
            registration.correct(**details)
            registration.share_with(form.shared_with)
            registration.answer(form.given)
    except Full:
        form.say_full(Event.objects.get(pk=registration.event_id).window)
        return "full", 409
    except OtherPrice:
        form.say_other_price()
        return "errors", 409
    except SeatLost:
        return "", 302
    except OperationalError as error:  # a lock was not had in time
        busy.note(error)
        return "busy", 503
    return "", 303


@own_page
def cancel(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Ask once more, then give the seat back by POST. What goes back today is shown before, and never less is done."""
    if not registration.is_living or registration.is_over:
        return back(token)
    returns = goes_back(registration) if registration.ticket_id else None
    context = event_shown(request, registration.event, registration.occurrence) | {
        "token": token,
        "registration": registration,
        "returns": returns,
        "policy": policy(registration.event) if returns else [],
        "on_its_way": paid_for(registration).on_its_way if registration.state == registration.State.HELD else None,
    }
    if request.method != "POST":
        return render(request, "events/registration/cancel.html", context)
    if returns and not _was_shown(request, returns.amount):
        return _answer(request, "events/registration/cancel.html", context | {"trouble": "less"}, 409)
    try:
        registration.cancel(refund=returns.amount if returns else None)
    except TooMuch:  # the staff have sent something back meanwhile
        context |= {"returns": goes_back(registration), "trouble": "less"}
        return _answer(request, "events/registration/cancel.html", context, 409)
    except OperationalError as error:  # a lock was not had in time; the button is still there
        busy.note(error)
        return _answer(request, "events/registration/cancel.html", context | {"trouble": "busy"}, 503)
    return back(token, "cancelled")


def _was_shown(request: HttpRequest, amount: int) -> bool:
    """Whether the page from which the button was pressed promised no more than goes back now."""
    shown = request.POST.get("returns", "")
    return shown.isascii() and shown.isdigit() and int(shown) <= amount
