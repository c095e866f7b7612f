"""Opened: the pages behind a signed link, and the way back to the first of them."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from events.models import Transfer, last_public

from .. import links
from ..discreet import View, personal
from .forms import AddressForm


def own_page(view: View) -> View:
    """Open the registration behind the token, or offer to send the link again."""

    @personal
    @wraps(view)
    def opened(request: HttpRequest, token: str, **named: Any) -> HttpResponseBase:
        registration = links.opened(token)
        if registration is None:
            context = {"form": AddressForm(), "unknown": True}
            return render(request, "events/registration/lost.html", context, status=404)
        if registration.is_erased:
            return render(request, "events/registration/personal/gone.html", status=410)
        registration.event = last_public(registration.event)
        return view(request, token, registration, **named)

    return opened


def offered_page(view: View) -> View:
    """Open the transfer behind the token, for the person to whom the place is offered; nobody else has its letter."""

    @personal
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponseBase:
        transfer: Transfer | None = links.opened_transfer(token)
        if transfer is None:
            return render(request, "events/registration/transfer_gone.html", {"why": "unknown"}, status=404)
        transfer.registration.event = last_public(transfer.registration.event)
        return view(request, token, transfer)

    return opened


def back(token: str, done: str = "") -> HttpResponse:
    """To the participant's page, which says what was done."""
    address = reverse("participant", args=[token])
    return HttpResponseRedirect(f"{address}?done={done}" if done else address, status=303)
