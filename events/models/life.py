"""The life of a registration: the verbs that lead from one state to another.

Each is one transaction behind the event's first pool: it checks the table of
``registration_states``, moves the seats with the state, writes a line of history and
the letter that the table names, and offers on at once what has become free.
"""

import datetime as dt
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from letters.models import Letter
from pages.models import Edition

from . import facts, waiting_list
from .history import RegistrationChange
from .invitation import Invitation
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

VERIFY_WITHIN = dt.timedelta(hours=1)
"How long a seat is kept for an address that is to be confirmed; whoever comes later gets one if there is one."
PROVE_WITHIN = dt.timedelta(days=2)
"How long a request, or a place in the line, waits for its address to be confirmed: it keeps no seat from anybody."
PAY_WITHIN = dt.timedelta(minutes=30)
"How long a seat is kept for a payment."

BY_PARTICIPANT = gettext_noop("by the participant")
RAN_OUT = gettext_noop("not answered in time")
SEAT_FREE = gettext_noop("a seat has become free")

Words = dict[str, str]
"What the staff wrote into one letter: its subject and its text, in the reader's language."

MOVED = (
    *("state", "held", "verified_at", "expires_at", "line", "confirmed_at", "cancelled_at"),
    *("attendance", "ticket", "invitation"),
)
"What a verb may write beside the state."


class Life(models.Model):
    """The verbs of ``Registration`` that change its state."""

    class Meta:
        abstract = True

    # -- the beginning

    def enter(  # type: ignore[misc]
        self: "Registration",
        code: str = "",
        by: User | None = None,
        why: str = "",
        letter: bool = True,
        wait: bool = False,
    ) -> None:
        """Use the code if one is given, take the seats that the first state holds, and save the new row.

        The first state is confirmed, or held if the ticket has a price; where the event asks
        for it, unverified or requested before that. With ``wait`` who finds no seat goes to the
        end of the line. Whom the staff register is confirmed at once.

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
            filled = self._sit_down(self._first_state(by), wait)
            kind = check("enter", NEW, self.state).letter
            if letter:
                told = facts.of_registration(self)
            self.save(force_insert=True)
            self._note("enter", NEW, by, why)
            if letter:
                self._write_of(kind, told)
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

    @property
    def awaits_approval(self: "Registration") -> bool:  # type: ignore[misc]
        """Whether the staff decide: not about whom they have invited."""
        if self.invitation_id is not None:
            return False
        return self.event.needs_approval or bool(self.ticket and self.ticket.audience in self.ticket.ON_REQUEST)

    def _first_state(self: "Registration", by: User | None = None) -> State:  # type: ignore[misc]
        """The state that comes next if there is a seat; whether the address is known to be this person's counts."""
        if by is not None:
            return State.CONFIRMED
        unproven = self.event.verifies_address and self.verified_at is None
        if self.awaits_approval:
            return State.UNVERIFIED if unproven and self.event.requests_hold_seats else State.REQUESTED
        if unproven:
            return State.UNVERIFIED
        return State.CONFIRMED if self.ticket is None or self.ticket.is_free else State.HELD

    def _sit_down(self: "Registration", state: State, wait: bool) -> bool:  # type: ignore[misc]
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
        self._stand(state)
        return filled

    def _stand(self: "Registration", state: str) -> None:  # type: ignore[misc]
        """Be in a state from now on, until when it holds."""
        now, unproven = timezone.now(), self.event.verifies_address and self.verified_at is None
        self.state = state
        self.expires_at = {
            State.UNVERIFIED: now + VERIFY_WITHIN,
            State.HELD: now + PAY_WITHIN,
            State.REQUESTED: now + PROVE_WITHIN if unproven else None,
            State.WAITING: now + PROVE_WITHIN if unproven else None,
        }.get(State(state))
        if state == State.CONFIRMED:
            self.confirmed_at = now

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

    # -- the decision of the staff

    def approve(self: "Registration", by: User | None = None, why: str = "", words: Words | None = None) -> None:  # type: ignore[misc]
        """Say yes to a request: the seat is this person's own, taken now if none was kept. Idempotent.

        Raises:
            Full: there is no seat; the request stays as it is.
            NotAllowed: it is not a request, or no longer one.
        """
        with transaction.atomic():
            self._hold()
            if self.is_confirmed:
                return
            was, filled = self.state, False
            check("approve", was, State.CONFIRMED)
            if not self.held:
                filled = SeatPool.objects.take(self.event_id, self.place.pools)
                self.held = self.place.pools
            self._stand(State.CONFIRMED if self.ticket is None or self.ticket.is_free else State.HELD)
            self._became("approve", was, by, why, words)
            if filled:
                Edition.bump()

    def decline(self: "Registration", by: User | None = None, why: str = "", words: Words | None = None) -> None:  # type: ignore[misc]
        """Say no to a request, or to who waits; a seat that was kept is offered on. Idempotent.

        Raises:
            NotAllowed: it is neither a request nor in the line.
        """
        self._end("decline", State.DECLINED, by, why, words)

    def queue(self: "Registration", by: User | None = None, why: str = "", words: Words | None = None) -> None:  # type: ignore[misc]
        """Put a request at the end of the line: yes, when there is a seat.

        Raises:
            NotAllowed: it is not a request.
        """
        with transaction.atomic():
            self._hold()
            was = self.state
            check("queue", was, State.WAITING)
            freed = SeatPool.objects.release(self.event_id, self.held) if self.held else False
            self.held, self.line = [], waiting_list.end_of_line(self.event_id)
            self.state, self.expires_at = State.WAITING, None
            self._became("queue", was, by, why, words)
            waiting_list.pass_on(self.event_id)
            if freed:
                Edition.bump()
        self.refresh_from_db()

    # -- the waiting list

    def offer(  # type: ignore[misc]
        self: "Registration", by: User | None = None, why: str = SEAT_FREE, words: Words | None = None
    ) -> None:
        """Keep a free seat for who waits, for as long as the event's offers hold, never beyond the beginning.

        Raises:
            Full: there is no seat for what this person asked for.
            NotAllowed: this person does not wait, or it is too late to offer anything.
        """
        with transaction.atomic():
            self._hold()
            was = self.state
            check("offer", was, State.OFFERED)
            until = waiting_list.offer_until(self.event, self.occurrence)
            if until is None or not self.takes_place:
                raise NotAllowed("offer", was)
            filled = SeatPool.objects.take(self.event_id, self.place.pools)
            self.held, self.state, self.expires_at = self.place.pools, State.OFFERED, until
            self._became("offer", was, by, why, words)
            if filled:
                Edition.bump()

    def accept(self: "Registration") -> None:  # type: ignore[misc]
        """Take the seat that is offered. Idempotent.

        Raises:
            NotAllowed: nothing is offered any more.
        """
        with transaction.atomic():
            self._hold()
            was = self.state
            if was in (State.CONFIRMED, State.HELD):
                return
            check("accept", was, State.CONFIRMED)
            self.verified_at = self.verified_at or timezone.now()
            self._stand(State.CONFIRMED if self.ticket is None or self.ticket.is_free else State.HELD)
            self._became("accept", was, None, BY_PARTICIPANT)

    # -- straight on, and the end

    def confirm(self: "Registration", by: User | None = None, why: str = "", words: Words | None = None) -> None:  # type: ignore[misc]
        """Make the seat this person's own, taking one if none is held, and write the letter.

        Idempotent: confirming twice changes nothing and sends nothing.

        Raises:
            SeatLost: it was declined or cancelled, or no seat is left, or the person has registered anew.
        """
        with transaction.atomic():
            self._hold()
            was = self.state
            if was == State.CONFIRMED:
                return
            check("confirm", was, State.CONFIRMED)
            filled = False
            try:
                if not self.held:
                    filled = SeatPool.objects.take(self.event_id, self.place.pools)
            except Full as full:
                raise SeatLost(full.key) from full
            self.held = self.place.pools
            self._stand(State.CONFIRMED)
            try:
                self._became("confirm", was, by, why, words)
            except IntegrityError as error:
                raise SeatLost(was) from error
            if filled:
                Edition.bump()

    def expire(self: "Registration") -> bool:  # type: ignore[misc]
        """End what was not answered in time, an offer with a letter; what is kept is offered on.

        Returns whether its time was over: who answers at the last moment wins.
        """
        with transaction.atomic():
            self._hold()
            if self.state not in LIVING or self.is_confirmed or not self._is_run_out():
                return False
            self._end("expire" if self.state == State.OFFERED else "lapse", State.EXPIRED, None, RAN_OUT)
        return True

    def _is_run_out(self: "Registration") -> bool:  # type: ignore[misc]
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def cancel(  # type: ignore[misc]
        self: "Registration", by: User | None = None, why: str = BY_PARTICIPANT, words: Words | None = None
    ) -> None:
        """End the registration: seat and code are free at once and offered on, and a letter says so.

        Idempotent: what has ended stays as it is.
        """
        self._end("cancel", State.CANCELLED, by, why, words)

    def _end(  # type: ignore[misc]
        self: "Registration", verb: str, state: State, by: User | None, why: str, words: Words | None = None
    ) -> None:
        with transaction.atomic():
            self._hold()
            was = self.state
            if was == state or (verb == "cancel" and was not in LIVING):
                return
            check(verb, was, state)
            freed = self._let_go()
            self.state, self.expires_at, self.line = state, None, None
            if state == State.CANCELLED:
                self.cancelled_at = timezone.now()
            self._became(verb, was, by, why, words)
            waiting_list.pass_on(self.event_id)
            if freed:
                Edition.bump()

    def _let_go(self: "Registration") -> bool:  # type: ignore[misc]
        """Give back the seats and the use of the code; whether a pool was full and has a seat again."""
        freed = SeatPool.objects.release(self.event_id, self.held) if self.held else False
        if self.invitation_id and not self._beside().filter(invitation=self.invitation_id).exists():
            Invitation.objects.filter(pk=self.invitation_id, used__gt=0).update(used=F("used") - 1)
        self.held = []
        return freed

    # -- what all verbs do

    def _beside(self: "Registration") -> Any:  # type: ignore[misc]
        return type(self).objects.beside(self)

    def _hold(self: "Registration") -> None:  # type: ignore[misc]
        """Wait for the event's pools, then for this row, and read both as they are now."""
        SeatPool.objects.hold(self.event_id)
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        self.event = type(self.event).objects.get(pk=self.event_id)

    def _became(  # type: ignore[misc]
        self: "Registration",
        verb: str,
        was: str,
        by: User | None,
        why: str,
        words: Words | None = None,
        letter: bool = True,
    ) -> None:
        """Save what a verb has changed, with its line of history and its letter."""
        kind = check(verb, was, self.state).letter
        self._keep(was)
        self._note(verb, was, by, why)
        if letter:
            self._write_of(kind, words=words)

    def _keep(self: "Registration", was: str) -> None:  # type: ignore[misc]
        """Write the row, if it still is in the state from which the verb leads."""
        with transaction.atomic():
            row = type(self).objects.filter(pk=self.pk, state=was)
            if not row.update(**{name: getattr(self, name) for name in MOVED}):
                raise NotAllowed("keep", was)

    def _note(self: "Registration", verb: str, was: str, by: User | None, why: str) -> None:  # type: ignore[misc]
        RegistrationChange.objects.create(registration=self, verb=verb, by=by, was=was, became=self.state, why=why)

    def _write_of(  # type: ignore[misc]
        self: "Registration", kind: str, told: dict[str, Any] | None = None, words: Words | None = None
    ) -> None:
        """The letter that tells of a transition, if one does; an address to be confirmed is asked for first."""
        kind = "address" if kind and self.address_waits else kind
        if kind:
            self._write(kind, (told or facts.of_registration(self)) | self._more(words), key=f"{kind}:{self.uid}")

    @property
    def address_waits(self: "Registration") -> bool:  # type: ignore[misc]
        """Whether the person still has to say that the address is theirs."""
        return self.expires_at is not None and self.state in (State.UNVERIFIED, State.REQUESTED, State.WAITING)

    def _more(self: "Registration", words: Words | None = None) -> dict[str, Any]:  # type: ignore[misc]
        """What a letter tells beside the event: until when something is kept, and what the staff wrote into it."""
        until = {"until": self.expires_at.isoformat()} if self.expires_at else {}
        return {"state": self.state} | until | ({"words": words} if words else {})

    def _write(  # type: ignore[misc]
        self: "Registration", kind: str, told: dict[str, Any], key: str | None = None, to_many: bool = False
    ) -> None:
        Letter.objects.create(
            key=key,
            kind=kind,
            recipient=self.email,
            recipient_name=self.name,
            language=self.language,
            facts=told,
            link_view="participant",
            link_subject=str(self.uid),
            about=self.event.uid,
            to_many=to_many,
        )
