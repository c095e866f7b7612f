"""What comes: money, soon or late, of the right amount or not, or the word that none will."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from letters.models import Letter

from . import facts
from .payment_states import LEADS_TO, PaymentState
from .refund_reasons import Reason
from .registration_states import SeatLost, State

if TYPE_CHECKING:
    from .payment import Payment
    from .registration import Registration

ARRIVES_WITHIN = dt.timedelta(days=14)
"How long the seat is kept for money that is on its way: no method of Stripe's takes longer."
LOOKED_AT_WITHIN = dt.timedelta(days=7)
"How long the seat is kept while the staff look at a payment."

OTHER_AMOUNT = gettext_noop("Another amount came than was asked.")
OTHER_CURRENCY = gettext_noop("Money came in another currency than was asked.")
PAID = gettext_noop("paid")
NO_SEAT = gettext_noop("paid when no seat was left")
ENDED = gettext_noop("paid when the registration had ended")
TWICE = gettext_noop("paid already")
FAILED = gettext_noop("the payment failed")


class Arrival(models.Model):
    """The verbs of ``Payment`` that say what came of it."""

    class Meta:
        abstract = True

    def processing(self: "Payment", session: str, payment_intent: str | None) -> None:  # type: ignore[misc]
        """It was completed with a method that takes days: the seat is kept until the money is here."""
        with transaction.atomic():
            registration = self.hold()
            self.bind(session, payment_intent)
            if self._became("process", PaymentState.PROCESSING) and registration.state == State.HELD:
                registration._hold()
                if registration.state == State.HELD:
                    registration.keep_until(timezone.now() + ARRIVES_WITHIN)

    def paid(  # type: ignore[misc]
        self: "Payment", session: str, payment_intent: str | None, amount: int, currency: str
    ) -> None:
        """The money is here: the place is confirmed if the amount is right and there is a seat.

        Without a seat all of it goes back, with one letter. Another amount or currency
        is for the staff: nothing is confirmed, nothing goes back by itself.
        """
        currency = currency.upper()
        with transaction.atomic():
            registration = self.hold()
            self.bind(session, payment_intent)
            if PaymentState.PAID not in LEADS_TO[self.state] or self.state == PaymentState.REVIEW:
                return
            if amount == 0:  # a session that was changed at Stripe: nothing has come, and nothing will
                self._became("expire", PaymentState.EXPIRED)
                return
            self.received, self.received_currency = amount, currency
            if (amount, currency) != (self.amount, self.currency):
                self._to_look_at(registration, OTHER_CURRENCY if currency != self.currency else OTHER_AMOUNT)
                return
            self._settled("pay")
            self._seat(registration)

    def failed(self: "Payment") -> None:  # type: ignore[misc]
        """A method that takes days has failed: the seat is free at once, and a letter says so."""
        with transaction.atomic():
            registration = self.hold()
            if self._became("fail", PaymentState.FAILED, why=FAILED) and not registration.payments.standing().exists():
                registration.give_up_payment(FAILED)

    # -- what the staff decide

    def accept(self: "Payment", by: User, why: str) -> bool:  # type: ignore[misc]
        """Take what came, though it is not what was asked; False if it was decided already."""
        with transaction.atomic():
            registration = self.hold()
            if self.state != PaymentState.REVIEW:
                return False
            self._settled("accept", by, why)
            self._seat(registration, by)
        return True

    def send_back(self: "Payment", by: User, why: str) -> bool:  # type: ignore[misc]
        """Refund all that came of a payment that is looked at; False if that was decided already.

        The registration that waits for it ends. Who has the place by another payment, or from the staff, keeps it.
        """
        with transaction.atomic():
            registration = self.hold()
            if self.state != PaymentState.REVIEW:
                return False
            self._settled("send_back", by, why)
            self.ask_refund(self.rest, Reason.STAFF, by=by, why=why, letter=True)
            registration._hold()
            if not registration.is_confirmed:
                registration.cancel(by=by, why=why, refund=0)
        return True

    def beside(self: "Payment", session: str, is_live: bool) -> "Payment":  # type: ignore[misc]
        """A payment of its own for another session that was made for the same wish, so that its money is not lost.

        It stands as expired: nobody waits for it; what is heard leads on from there. The caller holds this row.
        """
        return type(self).objects.create(
            event_id=self.event_id,
            registration_id=self.registration_id,
            payer_name=self.payer_name,
            payer_email=self.payer_email,
            language=self.language,
            subject=self.subject,
            amount=self.amount,
            currency=self.currency,
            state=PaymentState.EXPIRED,
            session=session,
            is_live=is_live,
        )

    # -- together

    def bind(self: "Payment", session: str, payment_intent: str | None) -> None:  # type: ignore[misc]
        """Keep the names by which Stripe knows it. The caller holds this row."""
        self.session = self.session or session
        self.payment_intent = self.payment_intent or payment_intent or None
        self.save(update_fields=["session", "payment_intent"])

    def _settled(self: "Payment", verb: str, by: User | None = None, why: str = "") -> None:  # type: ignore[misc]
        was, self.state, self.paid_at = self.state, PaymentState.PAID, timezone.now()
        self.note = ""
        self.save(update_fields=["state", "paid_at", "received", "received_currency", "note"])
        self.note_change(verb, was, by=by, why=why, amount=self.received)

    def _to_look_at(self: "Payment", registration: "Registration", why: str) -> None:  # type: ignore[misc]
        was, self.state, self.note = self.state, PaymentState.REVIEW, why
        self.save(update_fields=["state", "received", "received_currency", "note"])
        self.note_change("review", was, why=why, amount=self.received)
        registration._hold()
        if registration.state == State.HELD:
            registration.keep_until(timezone.now() + LOOKED_AT_WITHIN)

    def _seat(self: "Payment", registration: "Registration", by: User | None = None) -> None:  # type: ignore[misc]
        """The place for the money, or the money back."""
        others = type(self).objects.filter(registration=registration, state=PaymentState.PAID).exclude(pk=self.pk)
        settled = registration.is_confirmed and by is None
        held = registration.takes_place and not registration.is_over
        if settled or others.filter(claimed__lt=models.F("received")).exists():
            self._back(registration, Reason.TWICE, TWICE, "paid_twice")
        elif registration.state not in (State.HELD, State.EXPIRED, State.CONFIRMED) or not held:
            self._back(registration, Reason.LATE, ENDED, "paid_late")
        else:
            try:
                with transaction.atomic():
                    registration.confirm(by=by, why=PAID)
            except SeatLost:
                self._back(registration, Reason.LATE, NO_SEAT, "paid_late")

    def _back(self: "Payment", registration: "Registration", reason: str, why: str, kind: str) -> None:  # type: ignore[misc]
        """All of it goes back by itself; the one letter that says so knows the amount."""
        self.ask_refund(self.rest, reason, why=why)
        self.write(registration, kind, {"refund": self.received})

    def write(self: "Payment", registration: "Registration", kind: str, more: dict[str, Any], about: str = "") -> None:  # type: ignore[misc]
        """A letter to the payer about this payment, once for each kind, or for each ``about``.

        None to whoever had their data erased.
        """
        if not self.payer_email:
            return
        told = {"payment": self.told, "state": registration.state} | more
        Letter.objects.get_or_create(
            key=f"{kind}:{about or self.uid}",
            defaults={
                "kind": kind,
                "recipient": self.payer_email,
                "recipient_name": self.payer_name,
                "language": self.language,
                "facts": facts.of_registration(registration) | told,
                "link_view": "participant",
                "link_subject": str(registration.uid),
                "about": registration.event.uid,
            },
        )

    @property
    def told(self: "Payment") -> dict[str, Any]:  # type: ignore[misc]
        """What a letter freezes of it."""
        return {
            "uid": str(self.uid),
            "amount": self.received or self.amount,
            "currency": self.money,
            "subject": self.subject,
        }
