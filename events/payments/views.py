"""The pages on which a place is paid: what is asked, the way to Stripe, and the way back.

Behind a token that opens nothing else: whoever has filled in a form has not shown that
the address is theirs. No GET changes anything, and what the pages say comes from our books;
Stripe is asked by POST only, and never within a transaction.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from events.models import NotAllowed, Registration, last_public
from events.registration import dates, links
from events.registration.discreet import View, personal
from events.registration.event_shown import event_shown
from events.registration.going_back import policy
from events.registration.own.standing import moment
from pages import busy, limits
from pages.policy import POLICY

from . import checkout, client
from .standing import HEADLINES, Stand, Standing, others, standing

HOUR = dt.timedelta(hours=1)
PAID_FOR_ONE = 30
"Times an hour that the button of one place is pressed."
LOOKED_AT_ONE = 120
"Times an hour that Stripe is asked about one place."
FROM_ONE_MACHINE = 1000
"The same from one network address: a hall of 300 behind one router pays without trouble."
HOSTED = "https://checkout.stripe.com"
"Where the page is to which the button leads: a browser wants to be told of it beforehand."

Act = Callable[[HttpRequest, str, Registration], HttpResponse]


def pay_page(act: Act) -> View:
    """Open the registration behind the token; a lock that was not had in time leaves the button there."""

    @personal
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(act)
    def opened(request: HttpRequest, token: str) -> HttpResponseBase:
        registration = links.opened_to_pay(token)
        if registration is None:
            return render(request, "events/payments/unknown.html", status=404)
        registration.event = last_public(registration.event)
        try:
            response = act(request, token, registration)
        except OperationalError as error:  # nothing was written
            busy.note(error)
            response = page(request, token, registration, "busy", 503)
        response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {_hosted()}")
        return response

    return opened


def _hosted() -> str:
    """Where Stripe's page is; the stand-in shows its own."""
    api = urlsplit(settings.STRIPE_API_BASE)
    return f"{HOSTED} {api.scheme}://{api.netloc}" if api.netloc else HOSTED


@pay_page
def pay(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """What is to be paid for which place, and until when; the button leads to Stripe."""
    if request.method != "POST":
        return page(request, token, registration)
    if standing(registration).stand != Stand.TO_PAY:
        return page(request, token, registration, status=409)
    if not _allowed(request, "pay", registration, PAID_FOR_ONE):
        return page(request, token, registration, "too_often", 429)
    try:
        address = checkout.open_page(registration)
    except NotAllowed:
        again = _again(registration)
        often = standing(again).stand == Stand.TO_PAY
        return page(request, token, again, "often_begun" if often else "", 409)
    except client.Unreachable:
        return page(request, token, _again(registration), "unreachable", 503)
    except client.Refused:
        return page(request, token, _again(registration), "refused", 502)
    return HttpResponseRedirect(address, status=303)


@pay_page
def came_back(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """What the books say to who comes back from Stripe; POST asks Stripe."""
    if request.method != "POST":
        stands = standing(registration)
        if "HX-Request" in request.headers and _waits(stands):
            return HttpResponse(status=204)  # nothing new: the page stays as it is
        return page(request, token, registration, came_back=True)
    if not _allowed(request, "look at payment", registration, LOOKED_AT_ONE):
        return page(request, token, registration, "too_often", 429, came_back=True)
    try:
        for payment in registration.payments.awaited():
            checkout.look(payment)
    except (client.Unreachable, client.Refused):
        return page(request, token, _again(registration), "not_told", 503, came_back=True)
    return HttpResponseRedirect(reverse("pay_return", args=[token]), status=303)


def _allowed(request: HttpRequest, what: str, registration: Registration, times: int) -> bool:
    counted = [
        limits.Limit(what, str(registration.uid), times),
        limits.Limit(f"{what} from", limits.client_address(request), FROM_ONE_MACHINE),
    ]
    return limits.all_allowed(counted, HOUR)


def _again(registration: Registration) -> Registration:
    """As the database has it now, with the event as it is public."""
    found = Registration.objects.select_related("event", "ticket", "occurrence").get(pk=registration.pk)
    found.event = last_public(found.event)
    return found


def _waits(stands: Standing) -> bool:
    """Whether somebody who comes back has paid, perhaps, and nothing has been heard of it."""
    return stands.stand == Stand.TO_PAY and stands.open is not None


def page(
    request: HttpRequest,
    token: str,
    registration: Registration,
    trouble: str = "",
    status: int = 200,
    came_back: bool = False,
) -> HttpResponse:
    """The one page in all its states."""
    event, stands, kept = registration.event, standing(registration), registration.expires_at
    came_at = stands.money.paid.paid_at if stands.money.paid else None
    stand = Stand.WAITING if came_back and _waits(stands) else stands.stand
    context: dict[str, Any] = event_shown(request, event, registration.occurrence, registration.home_zone) | {
        "token": token,
        "registration": registration,
        "stand": str(stand),
        "headline": HEADLINES[stand],
        "money": stands.money,
        "trouble": trouble,
        "kept_until": moment(kept, registration) if kept else None,
        "paid_at": moment(came_at, registration) if came_at else None,
        "policy": policy(event),
        "others": [
            (dates.told(event, one.occurrence), one, standing(one).stand, links.pay_token(one))
            for one in others(registration)
            if one.occurrence
        ],
        "again_url": reverse("registration", args=[event.uid]) if event.live and event.window.has_form else "",
        "letters_page": getattr(settings, "LETTERS_ON_A_PAGE", False),
    }
    response = render(request, "events/payments/pay.html", context, status=status)
    if status in (429, 503):
        response["Retry-After"] = {"too_often": "3600", "busy": "5"}.get(trouble, "60")
    return response
