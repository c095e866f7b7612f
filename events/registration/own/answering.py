"""Answering: the address is mine, yes to the seat that is offered."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.models import AlreadyThere, Registration, SeatLost, SeatPool
from events.models.registration import RegistrationQuerySet
from events.models.registration_states import State

from . import standing
from .opened import back
from .page import button, page


@button
def verify(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Confirm the address, for everything that waits for it; whoever comes late gets what there still is."""
    if not registration.address_waits and not standing.can_come_late(registration):
        return back(token)
    try:
        confirm_address(registration)
    except AlreadyThere:
        known = _("This address has registered anew meanwhile, and that registration counts: its letter has the link.")
        return page(request, token, again(registration), 409, trouble=known)
    except SeatLost:
        late = _("It was too late: the seat has gone to somebody else, and no other is left.")
        return page(request, token, again(registration), 409, trouble=late)
    return back(token, "verified")


def again(registration: Registration) -> Registration:
    """The registration as the database has it, with the event as it is public."""
    found = Registration.objects.select_related("event", "ticket", "occurrence").get(pk=registration.pk)
    found.event = registration.event
    return found


def confirm_address(registration: Registration) -> None:
    """Verify all rows of this person and event that wait for it, with one letter for those that then stand alike.

    Raises:
        AlreadyThere, SeatLost: this one came too late; others that could be were verified all the same.
    """
    refused: AlreadyThere | SeatLost | None = None
    with transaction.atomic():
        SeatPool.objects.hold(registration.event_id)
        verified: list[int] = []
        for row in _waiting_with(registration):
            try:
                with transaction.atomic():
                    row.verify(letter=False)
            except (AlreadyThere, SeatLost) as error:
                if row.pk == registration.pk:
                    refused = error
            else:
                verified.append(row.pk)
        # Who has been offered a seat in the same moment has the letter that says so.
        told = _in_order(Registration.objects.filter(pk__in=verified).exclude(state=State.OFFERED))
        if told:
            Registration.write_once(told)
    if refused is not None:
        raise refused


def _waiting_with(registration: Registration) -> list[Registration]:
    """This one if it waits, the living ones beside it, and what ended with it of the same form."""
    mine = Registration.objects.of(registration.email).filter(event=registration.event_id, verified_at=None)
    form = registration.submission
    return [
        row
        for row in _in_order(mine)
        if row.address_waits
        or ((row.pk == registration.pk or (form and row.submission == form)) and standing.can_come_late(row))
    ]


def _in_order(rows: RegistrationQuerySet) -> list[Registration]:
    return list(rows.select_related("event", "ticket", "occurrence").order_by("occurrence__starts_at", "pk"))


@button
def accept(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Take the seat that is offered."""
    try:
        registration.accept()
    except SeatLost:
        gone = _("This seat is no longer offered to you: the time has passed, and it went to the next in the line.")
        return page(request, token, again(registration), 409, trouble=gone)
    return back(token, "accepted")
