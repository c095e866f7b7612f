"""Passing a place on: offered from one's own page, taken by the other person from the letter they had."""

import datetime as dt

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from events.models import AlreadyThere, NotAllowed, PrivacyNotice, Registration, SeatPool, Transfer, last_public
from events.models.questions.answer import keep_first
from events.models.registration import address_key
from pages import busy, limits

from .. import links
from ..event_shown import event_shown
from ..forms import CONSENT_VERSION
from ..going_back import paid_for
from ..known_organisations import of_directory
from ..personal import notice
from ..personal.notice import Notice
from ..questions import staged
from ..questions.received import bounded
from . import standing
from .opened import back, offered_page, own_page
from .page import button
from .transfer_forms import PassOnForm, TakeOverForm

HOUR = dt.timedelta(hours=1)
OFFERED = 5
"Times an hour that one place is offered to somebody: each is a letter to a person who did not ask for it."
OFFERED_TO_ONE = 3
"Letters an hour to one address, whoever offers."
DETAILS = ("name", "latin_name", "organisation", "country", "language", "home_zone")


@own_page
def pass_on(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Say to whom; a letter asks that person, and the place stays one's own until they accept it."""
    if not registration.may_be_passed_on:
        return back(token)
    form = PassOnForm(registration, request.POST if request.method == "POST" else None)
    trouble, status = "", 200
    if request.method == "POST":
        trouble, status = _offered(form, registration)
        if not trouble:
            return back(token, "passing" if status == 303 else "")
    context = event_shown(request, registration.event, registration.occurrence, registration.home_zone)
    context |= {"token": token, "registration": registration, "form": form, "trouble": trouble}
    context["paid"] = paid_for(registration).paid
    return _answer(request, "events/registration/pass_on.html", context, status)


def _offered(form: PassOnForm, registration: Registration) -> tuple[str, int]:
    """Carry out what the form says; the trouble there was, if any, and the status it is answered with."""
    if not form.is_valid():
        return "errors", 422
    data = {name: form.cleaned_data[name] for name in ("name", "email", "language")}
    try:
        if _is_offered(registration, data["email"]):
            return "", 303
        counted = [
            limits.Limit("pass on", str(registration.uid), OFFERED),
            limits.Limit("passed on to", address_key(data["email"]), OFFERED_TO_ONE),
        ]
        if not limits.all_allowed(counted, HOUR):
            return "too_often", 429
        with transaction.atomic():
            SeatPool.objects.hold(registration.event_id)
            if not _is_offered(registration, data["email"]):  # pressed twice it is one letter
                Transfer.begin(registration, **data)
    except NotAllowed:
        return "", 302
    except OperationalError as error:  # a lock was not had in time; nothing was written
        busy.note(error)
        return "busy", 503
    return "", 303


def _is_offered(registration: Registration, email: str) -> bool:
    """Whether the place is being passed on to this very address."""
    return any(address_key(one.email) == address_key(email) for one in registration.transfers.open())


@button
def withdraw(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Keep the place after all: the letter of the other person opens nothing any more."""
    with transaction.atomic():
        SeatPool.objects.hold(registration.event_id)
        open_ones = list(registration.transfers.open())
        for one in open_ones:
            one.withdraw()
    return back(token, "kept" if open_ones else "")


@bounded
@offered_page
def transfer(request: HttpRequest, token: str, transfer: Transfer) -> HttpResponse:
    """The place that is offered, and the form with which it is taken; then one's own page."""
    gone = _why_gone(transfer)
    if gone == "taken" and request.method == "POST":
        return _to_own_page(request, transfer)
    if gone:
        return _gone(request, transfer, gone)
    told = notice.of(transfer.registration.event)
    is_sent = request.method == "POST"
    form = TakeOverForm(transfer, request.POST if is_sent else None, request.FILES if is_sent else None, notice=told)
    trouble, status = "", 200
    if request.method == "POST":
        trouble, status = _taken(form, request, transfer, told)
        if status == 303:
            return _to_own_page(request, transfer)
        if status == 410:
            transfer.registration.refresh_from_db(fields=["state"])
            return _gone(request, transfer, _why_gone(transfer) or "withdrawn")
    context = _shown(request, transfer) | {"form": form, "trouble": trouble}
    return _answer(request, "events/registration/transfer.html", context, status)


def _taken(form: TakeOverForm, request: HttpRequest, transfer: Transfer, told: Notice) -> tuple[str, int]:
    is_whole = form.is_valid()
    try:
        if not staged.take_in(form, request):
            return "too_often", 429
        if not is_whole:
            return "errors", 422
        said = {name: form.cleaned_data[name] for name in DETAILS}
        said["known_organisation"] = of_directory(said["organisation"])
        with transaction.atomic():
            new = transfer.accept(**said, consented_at=timezone.now(), consent_version=CONSENT_VERSION)
            if new.notice_id is None:
                new.notice = PrivacyNotice.objects.keep(new.event, told.texts)
                new.save(update_fields=["notice"])
            if form.shared_with and not new.sharings.exists():
                new.share_with(form.shared_with)
            if not new.answers.exists():
                keep_first([new], form.given)
    except AlreadyThere:
        return "there", 409
    except NotAllowed:
        transfer.refresh_from_db()
        return "gone", 410
    except OperationalError as error:  # a lock was not had in time; nothing was written
        busy.note(error)
        return "busy", 503
    return "", 303


def _why_gone(transfer: Transfer) -> str:
    """Why the place can't be taken, if it can't: taken, withdrawn, too late, or no longer there."""
    if transfer.accepted_at:
        return "taken"
    if transfer.withdrawn_at:
        return "withdrawn"
    if transfer.expires_at <= timezone.now():
        return "late"
    return "" if transfer.registration.may_be_passed_on else "lost"


def _to_own_page(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    """Who takes it comes to their own page; once they have had a new link made, that one alone opens it."""
    new = transfer.successor
    if new is None or new.link_version != 1:
        return _gone(request, transfer, "taken")
    return back(links.token(new), "taken")


def _shown(request: HttpRequest, transfer: Transfer) -> dict[str, object]:
    had = transfer.registration
    had.event = last_public(had.event)  # a verb reads it anew
    reader = Registration(event=had.event, home_zone="")  # their clock is not known yet
    return event_shown(request, had.event, had.occurrence) | {
        "transfer": transfer,
        "registration": had,
        "until": standing.moment(transfer.expires_at, reader),
        "paid": paid_for(had).paid,
    }


def _gone(request: HttpRequest, transfer: Transfer, why: str) -> HttpResponse:
    status = 200 if why == "taken" else 410
    return render(
        request, "events/registration/transfer_gone.html", _shown(request, transfer) | {"why": why}, status=status
    )


def _answer(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    elif status == 429:
        response["Retry-After"] = "3600"
    return response
