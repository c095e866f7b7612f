"""How a payment begins: the wish for a session, the very text with which it is asked for, and its answer."""

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from .payment_states import AWAITED, LEADS_TO, PaymentState
from .registration_states import NotAllowed, State

if TYPE_CHECKING:
    from .payment import Payment
    from .registration import Registration

SESSION_LASTS = dt.timedelta(minutes=40)
"How long somebody can pay on Stripe's page; Stripe asks for at least 30 minutes. Shorter than the seat is kept."
SOON = dt.timedelta(seconds=30)
"A session that ends sooner is not shown any more."
MOST_SESSIONS = 5
"So many may be begun for one registration whose seat is kept each time anew; then its time runs out."
REFUSED = gettext_noop("Stripe refused the request.")
UNWANTED = gettext_noop("nobody waits for it any more")


class CheckoutSession(models.Model):
    """The verbs of ``Payment`` that lead to a Checkout Session."""

    class Meta:
        abstract = True

    @classmethod
    def begin(cls, registration: "Registration", subject: str) -> "Payment":
        """The payment by which this person can pay now: the one that stands, or a new one; the seat is kept longer.

        ``subject`` says for what, in the payer's language; it is kept, as are amount and currency.

        Raises:
            NotAllowed: no payment is awaited: it is paid, ended, free or its time is over.
        """
        from .payment import Payment
        from .registration_books import PAY_WITHIN

        with transaction.atomic():
            Payment.objects.hold(registration.pk)
            registration._hold()
            now = timezone.now()
            ends = registration.expires_at
            if registration.state != State.HELD or not registration.fee or ends is None or ends <= now:
                raise NotAllowed("pay", registration.state)
            # Behind the pools: somebody who asked at the same moment may have begun one.
            known = list(Payment.objects.filter(registration=registration.pk).order_by("pk"))
            standing = next((one for one in known if one.state in (*AWAITED, PaymentState.REVIEW)), None)
            if standing is not None:
                return standing
            if ends < now + PAY_WITHIN:
                if len(known) >= MOST_SESSIONS:
                    raise NotAllowed("pay", registration.state)
                registration.keep_until(now + PAY_WITHIN)
            made = Payment(
                event=registration.event,
                registration=registration,
                payer_name=registration.name,
                payer_email=registration.email,
                language=registration.language,
                subject=subject[:250],
                amount=registration.fee,
                currency=registration.fee_currency,
            )
            made.save()
            made.note_change("begin", "", amount=made.amount)
        return made

    @property
    def idempotency_key(self: "Payment") -> str:  # type: ignore[misc]
        """The same for the same text, another for another one."""
        return f"payment-{self.uid}-{self.attempt}"

    @property
    def is_payable(self: "Payment") -> bool:  # type: ignore[misc]
        """Whether its page at Stripe can still be shown."""
        ends = self.session_ends_at
        return (
            self.state == PaymentState.OPEN
            and bool(self.session_url)
            and ends is not None
            and ends > timezone.now() + SOON
        )

    def write_request(self: "Payment", params: dict[str, Any]) -> str:  # type: ignore[misc]
        """Keep the text of the request before it is sent for the first time, and return what is to be sent.

        The text that is kept already wins: the same key always carries the same bytes. The seat is kept
        longer than the session will last, even if long ago whoever began it got no further.
        """
        from .registration_books import PAY_WITHIN

        with transaction.atomic():
            registration = self.hold()
            if not self.request:
                ends = registration.expires_at
                if registration.is_to_be_paid and ends is not None and ends < timezone.now() + SESSION_LASTS + SOON:
                    registration._hold()
                    if registration.is_to_be_paid:
                        registration.keep_until(timezone.now() + PAY_WITHIN)
                self.request = json.dumps(params, ensure_ascii=False, separators=(",", ":"))
                self.first_sent_at = timezone.now()
                self.save(update_fields=["request", "first_sent_at"])
        return self.request

    def try_anew(self: "Payment", attempt: int) -> None:  # type: ignore[misc]
        """The request of this attempt was not taken, so that there is no session of it: the next has another key.

        The seat is kept for as long as the next session lasts. Told twice it is one more attempt.

        Raises:
            NotAllowed: the seat is no longer kept, or was kept often enough.
        """
        from .registration_books import PAY_WITHIN

        with transaction.atomic():
            registration = self.hold()
            if self.state != PaymentState.CREATED or self.attempt != attempt:
                return
            registration._hold()
            if not registration.is_to_be_paid or self.attempt > MOST_SESSIONS:
                raise NotAllowed("pay", registration.state)
            registration.keep_until(timezone.now() + PAY_WITHIN)
            self.attempt += 1
            self.request, self.first_sent_at = "", None
            self.save(update_fields=["attempt", "request", "first_sent_at"])

    def opened(self: "Payment", session: str, url: str, ends_at: dt.datetime, is_live: bool) -> None:  # type: ignore[misc]
        """Stripe has made the session. Heard after its completion it only fills in what is missing."""
        with transaction.atomic():
            self.hold()
            was = self.state
            self.session = self.session or session
            self.session_url, self.session_ends_at, self.is_live = url, ends_at, is_live
            if was == PaymentState.CREATED:
                self.state = PaymentState.OPEN
                self.note_change("open", was)
            self.save(update_fields=["session", "session_url", "session_ends_at", "is_live", "state"])

    def refused(self: "Payment", why: str) -> None:  # type: ignore[misc]
        """Stripe does not take the request, and never will: another one may be begun."""
        with transaction.atomic():
            self.hold()
            if self._became("refuse", PaymentState.FAILED, why=REFUSED):
                self.note = why[:500]
                self.save(update_fields=["note"])

    def expired(self: "Payment") -> None:  # type: ignore[misc]
        """The session ended without money. The seat is kept as long as the registration says."""
        with transaction.atomic():
            self.hold()
            self._became("expire", PaymentState.EXPIRED)

    def unwanted(self: "Payment") -> None:  # type: ignore[misc]
        """Nobody waits for the money any more: the worker closes the session. The caller holds this row."""
        if self.state in AWAITED and not self.is_unwanted:
            self.is_unwanted = True
            self.save(update_fields=["is_unwanted"])
            self.note_change("unwanted", self.state, why=UNWANTED)

    def checked(self: "Payment") -> None:  # type: ignore[misc]
        """Stripe was asked about it now."""
        type(self).objects.filter(pk=self.pk).update(checked_at=timezone.now())

    def _became(self: "Payment", verb: str, state: str, by: User | None = None, why: str = "") -> bool:  # type: ignore[misc]
        """Go to a state if this one leads there; whether it did. The caller holds this row."""
        was = self.state
        if state not in LEADS_TO[was]:
            return False
        self.state = state
        self.save(update_fields=["state"])
        self.note_change(verb, was, by=by, why=why)
        return True
