"""Registering: one person, one event or some of its dates, one seat each, however often the form is sent."""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import (
    CodeRefused,
    DateGone,
    Event,
    Full,
    Invitation,
    Occurrence,
    Place,
    Registration,
    SeatPool,
    Ticket,
)
from events.models.seats import FIRST


class AlreadyRegistered(Exception):
    """This address has a living registration for this event, or for each date asked for; nothing was changed.

    ``opened`` is False if the code given is used up: this person came in with it,
    but anybody else would be refused.
    """

    def __init__(self, registrations: Sequence[Registration], opened: bool = True) -> None:
        super().__init__(str(registrations[0].uid))
        self.registrations = registrations
        self.registration = registrations[0]
        self.opened = opened


def register(
    event: Event,
    *,
    name: str,
    email: str,
    attendance: str,
    language: str,
    dates: Sequence[Occurrence] = (),
    organisation: str = "",
    country: str = "",
    home_zone: str = "",
    ticket: Ticket | None = None,
    code: str = "",
    invitation: Invitation | None = None,
    vouched: bool = False,
    consent_version: str = "",
    submission: uuid.UUID | None = None,
    shared_with: Iterable[int] = (),
    by: User | None = None,
    why: str = "",
    letter: bool = True,
) -> Registration:
    """Take a seat for a person and confirm it, with the letter that says so.

    Where one registers date by date ``dates`` names them: a registration each, all or
    none, and one letter; a date this person is registered for already stays as it is. The
    first of the new ones is returned.

    The window (open, closed, over) is the caller's to judge: staff register
    people outside it. What is checked here holds for everybody: a code where
    the event is not open to all, unless the caller vouches for the person, who then
    came in with ``invitation``; a seat in every pool; one living registration an address.
    ``shared_with`` are the keys of the organisations that may see this registration.

    Raises:
        CalledOff: the event no longer takes place or is no longer public; staff go on.
        AlreadyRegistered: nothing was changed and nothing written.
        CodeRefused: the event needs a valid code.
        DateGone: a date can't be registered for, or dates do not go with this event.
        Full: no seat is left, or none on one of the dates.
        ValueError: the event can't be attended that way, or not with this ticket.
    """
    if (attendance, ticket) not in [(place.attendance, place.ticket) for place in event.window.places]:
        raise ValueError(f"{event.uid} has no place {attendance} with the ticket {ticket}.")
    if event.by_date != bool(dates):
        raise DateGone
    needs_code = event.access != Event.Access.PUBLIC and not vouched
    _refuse_code(event, email, dates, code, needs_code)
    if any(
        place.is_full for place in _asked_for(event, dates) if (place.attendance, place.ticket) == (attendance, ticket)
    ):
        raise Full(FIRST)  # known without a lock
    shared_with = list(shared_with)

    def enter(date: Occurrence | None) -> Registration:
        registration = Registration(
            event=event,
            occurrence=date,
            ticket=ticket,
            invitation=invitation,
            name=name,
            email=email,
            organisation=organisation,
            country=country,
            home_zone=home_zone,
            attendance=attendance,
            language=language,
            consented_at=timezone.now() if consent_version else None,
            consent_version=consent_version,
            submission=submission,
        )
        registration.enter(code if needs_code else "", by, why, letter and date is None)
        if shared_with:
            registration.share_with(shared_with, by)
        return registration

    try:
        with transaction.atomic():
            if not dates:
                return enter(None)
            SeatPool.objects.hold(event.pk)
            known = _known(event, email, dates)  # nobody else registers from here on
            made = [enter(date) for date in _missing(dates, known)]
            if not made:
                raise AlreadyRegistered(known)
            if letter:
                Registration.write_once([*made, *known])
            return made[0]
    except (Full, CodeRefused, IntegrityError) as refused:
        # The same form may have been sent twice at once: then the other one has won.
        known = _known(event, email, dates)
        if _missing(dates, known):
            raise
        raise AlreadyRegistered(known) from refused


def _refuse_code(event: Event, email: str, dates: Sequence[Occurrence], code: str, needs_code: bool) -> None:
    """Whoever came in with a code that is used up is known by it; a stranger who sends it is refused."""
    known = _known(event, email, dates)
    opened = not needs_code or (bool(code) and Invitation.objects.valid(event.pk, code).exists())
    if not _missing(dates, known) and (opened or _came_with(known[0], code)):
        raise AlreadyRegistered(known, opened)
    if not opened:
        raise CodeRefused(code)


def _known(event: Event, email: str, dates: Sequence[Occurrence]) -> list[Registration]:
    """The living registrations of an address, for these dates if dates are asked for."""
    living = Registration.objects.living().of(email).filter(event=event).order_by("pk")
    rows = living.filter(occurrence__in=dates) if dates else living
    if not rows.exists():  # nearly always, and asked at a small part of the price
        return []
    return list(rows.select_related("event", "ticket", "invitation", "occurrence"))


def _asked_for(event: Event, dates: Sequence[Occurrence]) -> list[Place]:
    """What there is on each of the dates; without dates, in the event."""
    return [place for on in event.window.places_on(dates).values() for place in on] if dates else event.window.places


def _missing(dates: Sequence[Occurrence], known: Sequence[Registration]) -> Sequence[Occurrence | None]:
    """What this person is not registered for yet: of the dates, the soonest first; else the event."""
    if not dates:
        return [] if known else [None]
    has = {registration.occurrence_id for registration in known}
    return sorted({date for date in dates if date.pk not in has}, key=lambda date: date.starts_at)


def _came_with(known: Registration, code: str) -> bool:
    return known.invitation is not None and known.invitation.code == code.strip().upper()
