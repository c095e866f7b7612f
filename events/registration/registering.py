"""Registering: one person, one event or some of its dates, one seat each, however often the form is sent."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.models import (
    CodeRefused,
    DateGone,
    Event,
    Full,
    Invitation,
    Occurrence,
    Place,
    PrivacyNotice,
    Question,
    Registration,
    SeatPool,
    Ticket,
    Window,
)
from events.models.questions.answer import Given, keep_first
from events.models.seats import FIRST
from regions.models import Organisation


class NotOffered(ValueError):
    """The event can't be attended that way or with this ticket, or the ticket can't be had now; nothing was written."""


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
    latin_name: str = "",
    organisation: str = "",
    known_organisation: Organisation | None = None,
    country: str = "",
    home_zone: str = "",
    ticket: Ticket | None = None,
    code: str = "",
    invitation: Invitation | None = None,
    vouched: bool = False,
    proven: bool = False,
    consent_version: str = "",
    notice: PrivacyNotice | dict[str, Any] | None = None,
    submission: uuid.UUID | None = None,
    shared_with: Iterable[int] = (),
    answers: Mapping[Question, Given] | None = None,
    by: User | None = None,
    why: str = "",
    letter: bool = True,
    wait: bool = False,
    charged: bool = False,
) -> Registration:
    """Take a seat for a person, or a place in the line, with the letter that says what became of it.

    The first state is that of ``Registration.enter``: confirmed, or unverified, requested or
    held where the event or the ticket asks for that. With ``wait`` who finds no seat waits
    for one; of several dates some may be confirmed and others waited for.

    Where one registers date by date ``dates`` names them: a registration each, all or
    none, and one letter; a date this person is registered for already stays as it is. The
    first of the new ones is returned.

    The window (open, closed, over) is the caller's to judge: staff register
    people outside it, and with tickets that can't be had now. What is checked here holds for
    everybody: a code where the event or the ticket is not open to all, unless the caller
    vouches for the person, who then came in with ``invitation``; that a code which is given is
    valid, and for this ticket; a seat in every pool; one living registration an address.
    Whom the staff register owes nothing, unless ``charged``.
    ``proven`` says that the address is known to be this person's.
    ``notice`` is the privacy notice that was agreed to: its texts in all languages, or the row that has them.
    ``shared_with`` are the keys of the organisations that may see this registration.
    ``answers`` are those to the event's questions, judged by the form; each new registration has them.

    Raises:
        CalledOff: the event no longer takes place or is no longer public; staff go on.
        AlreadyRegistered: nothing was changed and nothing written.
        CodeRefused: a valid code is needed, or the one given is none for this ticket.
        DateGone: a date can't be registered for, or dates do not go with this event.
        Full: no seat is left, or none on one of the dates.
        NotOffered: the event can't be attended that way, or not with this ticket, or the ticket not now.
    """
    window = event.window
    offered = window.places if by else window.on_sale
    place = next((one for one in offered if (one.attendance, one.ticket) == (attendance, ticket)), None)
    if place is None:
        raise NotOffered(f"{event.uid} has no place {attendance} with the ticket {ticket} now.")
    if event.by_date != bool(dates):
        raise DateGone
    needs_code = not vouched and (event.access != Event.Access.PUBLIC or place.by_code)
    _refuse_code(event, email, dates, code, needs_code, ticket)
    if finds_no_seat(window, place, dates, code, wait):
        raise Full(FIRST)  # known without a lock
    shared_with = list(shared_with)
    agreed: PrivacyNotice | None = None

    def enter(date: Occurrence | None) -> Registration:
        registration = Registration(
            event=event,
            occurrence=date,
            ticket=ticket,
            invitation=invitation,
            name=name,
            latin_name=latin_name,
            email=email,
            organisation=organisation,
            known_organisation=known_organisation,
            country=country,
            home_zone=home_zone,
            attendance=attendance,
            language=language,
            consented_at=timezone.now() if consent_version else None,
            consent_version=consent_version,
            notice=agreed,
            submission=submission,
            verified_at=timezone.now() if proven else None,
        )
        registration.enter(code, by, why, letter and date is None, wait, charged)
        if shared_with:
            registration.share_with(shared_with, by)
        return registration

    try:
        with transaction.atomic():
            agreed = PrivacyNotice.objects.keep(event, notice) if isinstance(notice, dict) else notice
            if not dates:
                one = enter(None)
                keep_first([one], answers or {})
                return one
            SeatPool.objects.hold(event.pk)
            known = _known(event, email, dates)  # nobody else registers from here on
            made = [enter(date) for date in _missing(dates, known)]
            if not made:
                raise AlreadyRegistered(known)
            keep_first(made, answers or {})
            if letter:
                Registration.write_once([*made, *known])
            return made[0]
    except (Full, CodeRefused, IntegrityError) as refused:
        # The same form may have been sent twice at once: then the other one has won.
        known = _known(event, email, dates)
        if _missing(dates, known):
            raise
        raise AlreadyRegistered(known) from refused


def finds_no_seat(window: Window, place: Place, dates: Sequence[Occurrence], code: str, wait: bool) -> bool:
    """Whether there plainly is no seat, nor a line to wait in; who has a code may have one kept for them."""
    if wait and window.event.has_waiting_list:
        return False
    asked = [one for on in window.places_on(dates).values() for one in on] if dates else window.places
    if not any(one.is_full for one in asked if one.is_same(place)):
        return False
    return not (code and opening(window.event, code, place.ticket).filter(reserved__gt=0).exists())


def _refuse_code(
    event: Event, email: str, dates: Sequence[Occurrence], code: str, needs_code: bool, ticket: Ticket | None
) -> None:
    """Whoever came in with a code that is used up is known by it; a stranger who sends it is refused."""
    known = _known(event, email, dates)
    opened = opening(event, code, ticket).exists() if code else not needs_code
    if not _missing(dates, known) and (opened or _came_with(known[0], code)):
        raise AlreadyRegistered(known, opened)
    if not opened:
        raise CodeRefused(code)


def opening(event: Event, code: str, ticket: Ticket | None) -> QuerySet[Invitation]:
    """The invitation, if the code is valid now and opens this ticket."""
    return Invitation.objects.valid(event.pk, code).filter(Q(ticket=None) | Q(ticket=ticket))


def _known(event: Event, email: str, dates: Sequence[Occurrence]) -> list[Registration]:
    """The living registrations of an address, for these dates if dates are asked for."""
    living = Registration.objects.living().of(email).filter(event=event).order_by("pk")
    rows = living.filter(occurrence__in=dates) if dates else living
    if not rows.exists():  # nearly always, and asked at a small part of the price
        return []
    return list(rows.select_related("event", "ticket", "invitation", "occurrence"))


def _missing(dates: Sequence[Occurrence], known: Sequence[Registration]) -> Sequence[Occurrence | None]:
    """What this person is not registered for yet: of the dates, the soonest first; else the event."""
    if not dates:
        return [] if known else [None]
    has = {registration.occurrence_id for registration in known}
    return sorted({date for date in dates if date.pk not in has}, key=lambda date: date.starts_at)


def _came_with(known: Registration, code: str) -> bool:
    return known.invitation is not None and known.invitation.code == code.strip().upper()
