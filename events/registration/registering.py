"""Registering: one person, one event, one seat, however often the form is sent."""

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import CodeRefused, Event, Full, Invitation, Registration, Ticket
from events.models.seats import FIRST


class AlreadyRegistered(Exception):
    """This address has a living registration for this event; nothing was changed.

    ``opened`` is False if the code given is used up: this person came in with it,
    but anybody else would be refused.
    """

    def __init__(self, registration: Registration, opened: bool = True) -> None:
        super().__init__(str(registration.uid))
        self.registration = registration
        self.opened = opened


def register(
    event: Event,
    *,
    name: str,
    email: str,
    attendance: str,
    language: str,
    organisation: str = "",
    country: str = "",
    ticket: Ticket | None = None,
    code: str = "",
    vouched: bool = False,
    consent_version: str = "",
    submission: uuid.UUID | None = None,
    shared_with: Iterable[int] = (),
    by: User | None = None,
    why: str = "",
    letter: bool = True,
) -> Registration:
    """Take a seat for a person and confirm it, with the letter that says so.

    The window (open, closed, over) is the caller's to judge: staff register
    people outside it. What is checked here holds for everybody: a code where
    the event is not open to all, unless the caller vouches for the person; a
    seat in every pool; one living registration an address. ``shared_with`` are the keys
    of the organisations that may see this registration.

    Raises:
        CalledOff: the event no longer takes place or is no longer public; staff go on.
        AlreadyRegistered: nothing was changed and nothing written.
        CodeRefused: the event needs a valid code.
        Full: no seat is left.
        ValueError: the event can't be attended that way, or not with this ticket.
    """
    places = {(place.attendance, place.ticket): place for place in event.window.places}
    if (attendance, ticket) not in places:
        raise ValueError(f"{event.uid} has no place {attendance} with the ticket {ticket}.")
    needs_code = event.access != Event.Access.PUBLIC and not vouched
    known = _known(event, email)
    opened = not needs_code or (bool(code) and Invitation.objects.valid(event.pk, code).exists())
    if known and (opened or _came_with(known, code)):
        raise AlreadyRegistered(known, opened)
    if not opened:
        raise CodeRefused(code)
    if places[attendance, ticket].is_full:
        raise Full(FIRST)  # known without a lock
    registration = Registration(
        event=event,
        ticket=ticket,
        name=name,
        email=email,
        organisation=organisation,
        country=country,
        attendance=attendance,
        language=language,
        consented_at=timezone.now() if consent_version else None,
        consent_version=consent_version,
        submission=submission,
    )
    try:
        with transaction.atomic():
            registration.enter(code if needs_code else "", by, why, letter)
            if shared_with:
                registration.share_with(shared_with, by)
    except (Full, CodeRefused, IntegrityError) as refused:
        # The same form may have been sent twice at once: then the other one has won.
        known = _known(event, email)
        if known is None:
            raise
        raise AlreadyRegistered(known) from refused
    return registration


def _known(event: Event, email: str) -> Registration | None:
    living = Registration.objects.living().of(email).filter(event=event)
    return living.select_related("event", "ticket", "invitation").first()


def _came_with(known: Registration, code: str) -> bool:
    return known.invitation is not None and known.invitation.code == code.strip().upper()
