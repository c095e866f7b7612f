"""How a registration begins: from the form, by way of a confirmed address, to its first state."""

import datetime as dt
from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from pages.models import Edition

from . import facts, waiting_list
from .invitation import CodeRefused, Invitation
from .registration_books import BY_PARTICIPANT, PAY_WITHIN
from .registration_states import (
    HOLDING,
    LIVING,
    NEW,
    AlreadyThere,
    CalledOff,
    DateGone,
    NotAllowed,
    SeatLost,
    State,
    check,
)
from .seats import Full, SeatPool

if TYPE_CHECKING:
    from .registration import Registration


class Entry(models.Model):
    """The verbs of ``Registration`` that lead in: ``enter`` and ``verify``."""

    class Meta:
        abstract = True

    def enter(  # type: ignore[misc]
        self: "Registration",
        code: str = "",
        by: User | None = None,
        why: str = "",
        letter: bool = True,
        wait: bool = False,
        charged: bool = False,
    ) -> None:
        """Use the code if one is given, take the seats that the first state holds, and save the new row.

        The first state is confirmed, or held if the ticket has a price; where the event asks
        for it, unverified or requested before that. With ``wait`` who finds no seat goes to the
        end of the line. The price is that of this moment, and stays. Whom the staff register is
        confirmed at once and owes nothing, unless they are ``charged``.

        Raises:
            CalledOff: the event no longer takes place or is no longer public, and nobody of the staff registers.
            CodeRefused: the code is unknown, used up or too old, or not for this ticket.
            DateGone: the date can't be registered for, or none was named where one has to be.
            Full: a pool has no seat left, and there is no line to wait in.
            IntegrityError: this address has a living registration for the event, or for this date of it.
        """
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            # Behind the pools, which a publication fits: what is read here holds until the end.
            self.event = type(self.event).objects.get(pk=self.event_id)
            if by is None and (not self.event.live or self.event.status in self.event.CALLED_OFF):
                raise CalledOff
            self._find_date(by)
            # Who waited for a publication knows what it made public: announcements judge by this moment.
            self.created_at = timezone.now()
            if code:
                self.invitation = self._use(code)
            self._keep_to_uses()
            self._price(by is None or charged)
            filled = self._sit_down(self._first_state(by), wait, self._time_to_pay() if by else None)
            kind = check("enter", NEW, self.state).letter
            if letter:
                told = facts.of_registration(self)
            self.save(force_insert=True)
            self._note("enter", NEW, by, why)
            if letter:
                self._write_of(kind, told)
            if self.state == State.WAITING and code:  # a seat that was kept for the code may be free for others
                waiting_list.pass_on(self.event_id)
                self.refresh_from_db()
            if filled:
                Edition.bump()

    def _find_date(self: "Registration", by: User | None) -> None:  # type: ignore[misc]
        """Read the date anew, behind the pools: staff register people until it is over, others until it begins.

        Raises:
            DateGone: it is not a date of this event that can be registered for.
        """
        if not self.event.by_date:
            if self.occurrence_id is not None:
                raise DateGone
            return
        coming = self.event.occurrences.not_begun() if by is None else self.event.occurrences.coming()
        self.occurrence = coming.filter(pk=self.occurrence_id).first() if self.occurrence_id else None
        if self.occurrence is None:
            raise DateGone

    def _use(self: "Registration", code: str) -> Invitation:  # type: ignore[misc]
        """A code is one person's for all the dates of a series: it counts one use."""
        shared = self._beside().filter(invitation__code=code.strip().upper()).first()
        if shared is not None and shared.invitation is not None:
            return shared.invitation
        return Invitation.objects.use(self.event_id, code, self.ticket)

    def _keep_to_uses(self: "Registration") -> None:  # type: ignore[misc]
        """On no date are more people by one code than it has uses, though each may come on many dates.

        Raises:
            CodeRefused: a place that it opened on this date was passed on, or others have come by it.
        """
        invitation = self.invitation
        if invitation is None or invitation.max_uses is None or self.occurrence_id is None:
            return
        here = type(self).objects.living().filter(invitation=invitation, occurrence=self.occurrence_id)
        if here.count() >= invitation.max_uses:
            raise CodeRefused(invitation.code)

    @property
    def awaits_approval(self: "Registration") -> bool:  # type: ignore[misc]
        """Whether the staff decide: not about whom they have invited."""
        if self.invitation_id is not None:
            return False
        return self.event.needs_approval or bool(self.ticket and self.ticket.audience in self.ticket.ON_REQUEST)

    def _first_state(self: "Registration", by: User | None = None) -> State:  # type: ignore[misc]
        """The state that comes next if there is a seat; whether the address is known to be this person's counts."""
        if by is not None:
            return State.HELD if self.fee else State.CONFIRMED
        unproven = self.event.verifies_address and self.verified_at is None
        if self.awaits_approval:
            return State.UNVERIFIED if unproven and self.event.requests_hold_seats else State.REQUESTED
        if unproven:
            return State.UNVERIFIED
        return State.HELD if self.fee else State.CONFIRMED

    def _sit_down(  # type: ignore[misc]
        self: "Registration", state: State, wait: bool, until: dt.datetime | None = None
    ) -> bool:
        """Go to this state with the seats it holds, or to the end of the line; whether a pool is full from now on.

        Raises:
            Full: a pool has no seat left, and there is no line to wait in.
        """
        filled = False
        if state in HOLDING or self.event.requests_hold_seats:
            may_wait = wait and self.event.has_waiting_list
            try:
                with transaction.atomic() if may_wait else nullcontext():
                    filled = SeatPool.objects.take(self.event_id, self.place.pools)
                self.held = self.place.pools
            except Full:
                if not may_wait:
                    raise
                state, self.line = State.WAITING, waiting_list.end_of_line(self.event_id)
        self._stand(state, until)
        return filled

    def _price(self: "Registration", charged: bool) -> None:  # type: ignore[misc]
        """What the place costs, as things are now."""
        price = self.ticket.price_at() if self.ticket and charged else 0
        self.fee, self.fee_currency = price, self.ticket.currency if self.ticket and price else ""

    def _time_to_pay(self: "Registration") -> dt.datetime:  # type: ignore[misc]
        """Until when somebody can pay who reads of it in a letter: as long as an offer holds."""
        soon = timezone.now() + PAY_WITHIN
        return max(waiting_list.offer_until(self.event, self.occurrence) or soon, soon)

    # -- the address

    def verify(self: "Registration", letter: bool = True) -> None:  # type: ignore[misc]
        """The person has opened the letter and says so: the address is theirs.

        Who comes after the time gets a seat if there is one, else a place in the line. Idempotent.

        Raises:
            AlreadyThere: this address has registered anew meanwhile.
            NotAllowed: it was cancelled or declined.
            SeatLost: it had run out, and there is neither a seat nor a line, or the event takes nobody any more.
        """
        with transaction.atomic():
            self._hold()
            was = self.state
            if was in LIVING and (self.verified_at is not None or not self.address_waits):
                return
            if self.verified_at is not None or (was == State.EXPIRED and not self.lapsed_unproven):
                raise NotAllowed("verify", was)
            freed = filled = False
            self.verified_at = timezone.now()
            if was == State.EXPIRED:
                filled = self._come_late()
            elif was == State.UNVERIFIED:
                becomes = self._first_state()
                if becomes == State.REQUESTED and not self.event.requests_hold_seats:
                    freed, self.held = SeatPool.objects.release(self.event_id, self.held), []
                self._stand(becomes)
            elif was in (State.REQUESTED, State.WAITING):
                self.expires_at = None
            self._became("verify", was, None, BY_PARTICIPANT, letter=letter)
            if freed or self.state == State.WAITING:
                waiting_list.pass_on(self.event_id)
            if filled or freed:
                Edition.bump()
        self.refresh_from_db()

    @property
    def lapsed_unproven(self: "Registration") -> bool:  # type: ignore[misc]
        """Whether it ended because the address was not confirmed in time, not because an offer or payment ran out."""
        last = self.changes.exclude(was=F("became")).last()
        return last is not None and last.verb == "lapse" and last.was != State.HELD

    def _come_late(self: "Registration") -> bool:  # type: ignore[misc]
        if not self.event.window.takes_registrations or not self.takes_place or self.has_begun:
            raise SeatLost(State.EXPIRED)
        if self._beside().filter(occurrence=self.occurrence_id).exists():
            raise AlreadyThere
        try:
            return self._sit_down(self._first_state(), wait=True)
        except Full as full:
            raise SeatLost(full.key) from full
