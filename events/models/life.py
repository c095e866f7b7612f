"""The life of a registration: the verbs that lead on from one state to another.

Each is one transaction behind the event's first pool: it checks the table of
``registration_states``, moves the seats with the state, writes a line of history and
the letter that the table names, and offers on at once what has become free.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from pages.models import Edition

from . import waiting_list
from .payment import Payment
from .payment_states import PaymentState
from .refund_policy import back_now
from .refund_reasons import Reason
from .registration_books import BY_PARTICIPANT, PAY_WITHIN, RAN_OUT, SEAT_FREE, Words
from .registration_states import LIVING, NotAllowed, SeatLost, State, check
from .seats import Full, SeatPool

if TYPE_CHECKING:
    from .registration import Registration

COMING = (PaymentState.PROCESSING, PaymentState.REVIEW)
"Money that is there, or on its way: the seat waits for it."
LONGER = dt.timedelta(days=1)


class Life(models.Model):
    """The verbs of ``Registration`` that change its state, once it has one."""

    class Meta:
        abstract = True

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
            self._stand(State.HELD if self.fee else State.CONFIRMED, self._time_to_pay() if self.fee else None)
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
            kept = max(filter(None, (self.expires_at, timezone.now() + PAY_WITHIN)))
            self._stand(State.HELD if self.fee else State.CONFIRMED, kept)
            self._became("accept", was, None, BY_PARTICIPANT)

    # -- straight on, and the end

    def confirm(self: "Registration", by: User | None = None, why: str = "", words: Words | None = None) -> None:  # type: ignore[misc]
        """Make the seat this person's own, taking one if none is held, and write the letter.

        Idempotent: confirming twice changes nothing and sends nothing. Whoever is confirmed without
        having paid owes nothing any more.

        Raises:
            SeatLost: it was declined or cancelled, or no seat is left, or the person has registered anew.
        """
        with transaction.atomic():
            payments = Payment.objects.hold(self.pk) if self.ticket_id else []
            self._hold()
            was = self.state
            if was == State.CONFIRMED:
                return
            check("confirm", was, State.CONFIRMED)
            filled = False
            if self.fee and not any(one.state == PaymentState.PAID for one in payments):
                self.fee, self.fee_currency = 0, ""
            for one in payments:
                one.unwanted()
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

        Returns whether its time was over: who answers at the last moment wins, and so does money
        that is on its way or that the staff look at.
        """
        with transaction.atomic():
            self._hold()
            if self.state not in LIVING or self.is_confirmed or not self._is_run_out():
                return False
            if self.state == State.HELD and self.payments.filter(state__in=COMING).exists():
                self.keep_until(timezone.now() + LONGER)
                return False
            self._end("expire" if self.state == State.OFFERED else "lapse", State.EXPIRED, None, RAN_OUT)
        return True

    def _is_run_out(self: "Registration") -> bool:  # type: ignore[misc]
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def cancel(  # type: ignore[misc]
        self: "Registration",
        by: User | None = None,
        why: str = BY_PARTICIPANT,
        words: Words | None = None,
        refund: int | None = None,
    ) -> None:
        """End the registration: seat and code are free at once and offered on, and a letter says so.

        Of what was paid so much goes back as the event's policy says today; ``refund`` is what the staff
        decided instead, in minor units. Idempotent: what has ended stays as it is.

        Raises:
            TooMuch: less is left of what was paid; nothing has changed.
        """
        with transaction.atomic():
            payments = Payment.objects.hold(self.pk) if self.ticket_id else []
            if payments:
                self.refresh_from_db(fields=["state"])
                if self.state in LIVING:
                    self._pay_back(payments, by, why, refund)
            self._end("cancel", State.CANCELLED, by, why, words)

    def _pay_back(  # type: ignore[misc]
        self: "Registration", payments: "list[Payment]", by: User | None, why: str, refund: int | None
    ) -> None:
        """Ask back what goes back, and wait for no other money."""
        for one in payments:
            one.unwanted()
        paid = next((one for one in payments if one.state == PaymentState.PAID and one.rest), None)
        if paid is None:
            return
        if refund is None:
            event = type(self.event).objects.get(pk=self.event_id)
            refund = paid.rest if by is not None else min(paid.rest, back_now(event, paid.received, paid.money))
        paid.ask_refund(refund, Reason.CANCELLED, by=by, why=why)
        self.goes_back = refund

    def keep_until(self: "Registration", until: dt.datetime) -> None:  # type: ignore[misc]
        """Keep the seat for a payment at least so long. The caller holds the pools and this row."""
        if self.expires_at is None or self.expires_at < until:
            self.expires_at = until
            self._keep(self.state)

    def give_up_payment(self: "Registration", why: str) -> None:  # type: ignore[misc]
        """A payment that was on its way has failed: the seat is free at once. The caller holds the payment."""
        with transaction.atomic():
            self._hold()
            if self.state == State.HELD:
                self._end("fail", State.EXPIRED, None, why)

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
