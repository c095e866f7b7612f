"""Payments: what was asked of somebody for a place, what came, and what went back.

Amounts are minor units of ``currency`` (``money``). One row is one Checkout Session of
Stripe, or the wish for one. Nothing here speaks to Stripe: the room ``payments`` does,
and tells these verbs what it has heard. Each is one transaction that locks the payment
first, then the seats, the registration and the outbox, and each may be told twice, late
and in any order.
"""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from .payment_arrival import Arrival
from .payment_history import PaymentChange
from .payment_refunds import Refunding
from .payment_session import CheckoutSession
from .payment_states import AWAITED, RECEIVED, STANDING, PaymentState

if TYPE_CHECKING:
    from .registration import Registration

PASSED_ON = gettext_noop("the place was passed on")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def hold(self, registration_id: int) -> "list[Payment]":
        """Lock all payments of a registration, before its seats are locked: the order that everybody keeps."""
        rows = self.select_for_update().filter(registration=registration_id).order_by("pk")
        return list(rows)

    def awaited(self) -> "PaymentQuerySet":
        """Those by which money may still come."""
        return self.filter(state__in=AWAITED)

    def standing(self) -> "PaymentQuerySet":
        """The same, and those that the staff look at: no other is begun beside them."""
        return self.filter(state__in=STANDING)

    def received(self) -> "PaymentQuerySet":
        """Those by which money came, whatever went back since."""
        return self.filter(state__in=RECEIVED)

    def to_end(self) -> "PaymentQuerySet":
        """Those whose session shall be closed at Stripe: nobody waits for the money any more."""
        return self.awaited().filter(is_unwanted=True)


class Payment(CheckoutSession, Arrival, Refunding):
    """One attempt of one person to pay for one registration."""

    State = PaymentState

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="payments"
    )
    registration = models.ForeignKey(
        "events.Registration", verbose_name=_("registration"), on_delete=models.PROTECT, related_name="payments"
    )
    payer_name = models.CharField(_("name"), max_length=200)
    payer_email = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("for what"), max_length=250, help_text="As the payer read it, in their language.")

    amount = models.PositiveIntegerField(_("amount"), help_text="What was asked, in minor units.")
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=12, choices=PaymentState.choices, default=PaymentState.CREATED)
    received = models.PositiveIntegerField(default=0, help_text="What came, in minor units of received_currency.")
    received_currency = models.CharField(max_length=3, blank=True, default="")
    claimed = models.PositiveIntegerField(default=0, help_text="Of what came: refunded, or asked to be.")
    refunded = models.PositiveIntegerField(_("refunded"), default=0, help_text="Of that: what has left the account.")
    dispute = models.CharField(_("dispute"), max_length=40, blank=True, default="", help_text="Stripe's word for it.")
    dispute_id = models.CharField(max_length=255, blank=True, default="")
    disputed = models.PositiveIntegerField(default=0, help_text="What is in dispute, or lost by one.")
    note = models.CharField(_("note"), max_length=500, blank=True, default="", help_text="Why it is to be looked at.")

    attempt = models.PositiveSmallIntegerField(default=1, help_text="Part of the idempotency key of its session.")
    request = models.TextField(blank=True, default="", help_text="The very text that is sent to make the session.")
    first_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    session = models.CharField(max_length=255, null=True, blank=True, unique=True)
    session_url = models.TextField(blank=True, default="")
    session_ends_at = models.DateTimeField(null=True, blank=True)
    payment_intent = models.CharField(max_length=255, null=True, blank=True, unique=True)
    is_live = models.BooleanField(null=True, help_text="Real money; unknown until Stripe has answered.")
    is_unwanted = models.BooleanField(default=False, help_text="The session shall be closed.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When Stripe was last asked about it.")

    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    paid_at = models.DateTimeField(_("paid on"), null=True, blank=True, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(state__in=["created", "open"]),
                name="one_standing_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency"),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("claimed")) & Q(claimed__lte=F("received")), name="never_refunded_more"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(received__gt=0, paid_at__isnull=False), name="paid_means_received"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state"]),
            models.Index(
                fields=["state", "checked_at"],
                condition=Q(state__in=["created", "open", "processing"]),
                name="payments_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer_name}: {self.amount} {self.currency}"

    def note_change(
        self, verb: str, was: str, by: User | None = None, why: str = "", amount: int | None = None
    ) -> None:
        """Write a line of its history."""
        PaymentChange.objects.create(payment=self, verb=verb, was=was, became=self.state, by=by, why=why, amount=amount)

    @property
    def is_paid(self) -> bool:
        return self.state == PaymentState.PAID

    @property
    def rest(self) -> int:
        """What can still be refunded, in minor units of what came."""
        return self.received - self.claimed

    @property
    def kept(self) -> int:
        """What has come and has not gone back."""
        return self.received - self.refunded

    @property
    def money(self) -> str:
        """The currency of what came, or of what was asked as long as nothing has."""
        return self.received_currency or self.currency

    @property
    def reason(self) -> str:
        """Why it is to be looked at, in the reader's language where the sentence is the product's own."""
        return gettext(self.note) if self.note else ""

    def belongs_to(self, registration: "Registration") -> None:
        """The place that was paid was passed on: a refund goes to who paid all the same. The caller holds this row."""
        self.registration = registration
        self.save(update_fields=["registration"])
        self.note_change("pass_on", self.state, why=PASSED_ON)

    def hold(self) -> "Registration":
        """Wait for this payment, then read it and its registration as they are now; the caller is in a transaction.

        All payments of the registration are locked, in one order: two of them may be told of at once.
        """
        from .registration import Registration

        while True:
            self.refresh_from_db(fields=["registration"])
            if any(one.pk == self.pk for one in Payment.objects.hold(self.registration_id)):
                break  # else the place was passed on while this waited
        self.refresh_from_db()

        return Registration.objects.select_related("event", "ticket", "occurrence").get(pk=self.registration_id)
