"""Refunds: money that goes back, each with the key by which Stripe carries it out once."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .payment import Payment
from .payment_states import RANK, RefundState
from .refund_reasons import Reason

LEASE = dt.timedelta(minutes=5)
"How long a worker keeps a refund to itself: longer than the longest call to Stripe with its repetitions."


class RefundQuerySet(models.QuerySet["Refund"]):
    def due(self) -> "RefundQuerySet":
        """Those that a worker may send to Stripe now, again if it is not known whether they arrived."""
        undone = self.filter(state__in=(RefundState.QUEUED, RefundState.SENT))
        return undone.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")

    def under_way(self) -> "RefundQuerySet":
        """Those that Stripe has taken and not finished."""
        return self.filter(state=RefundState.PENDING)


class Refund(models.Model):
    """One refund of a payment, in minor units of its currency."""

    State = RefundState
    Reason = Reason

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    payment = models.ForeignKey(Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    why = models.CharField(_("why"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=10, choices=RefundState.choices, default=RefundState.QUEUED)
    stripe_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    tells = models.BooleanField(default=False, help_text="Whether a letter tells the payer once it is on its way.")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Part of the idempotency key.")
    tries = models.PositiveSmallIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sent"]), name="refunds_in_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.state})"

    @property
    def idempotency_key(self) -> str:
        return f"refund-{self.uid}-{self.attempt}"

    @property
    def told_why(self) -> str:
        """Why, in the reader's language where the sentence is the product's own."""
        return gettext(self.why) if self.why else ""

    def claim(self) -> bool:
        """Take it for this worker until its lease is over; False if another one was first."""
        now = timezone.now()
        mine = Refund.objects.due().filter(pk=self.pk, due_at=self.due_at).order_by()
        first = self.first_sent_at or now
        if not mine.update(due_at=now + LEASE, state=RefundState.SENT, first_sent_at=first, tries=self.tries + 1):
            return False
        self.refresh_from_db()
        return True

    def try_anew(self) -> None:
        """Its key is too old to be trusted, and Stripe has no such refund: the next call has another key."""
        now = timezone.now()
        mine = Refund.objects.filter(pk=self.pk, attempt=self.attempt, state=RefundState.SENT)
        mine.update(attempt=self.attempt + 1, first_sent_at=now)
        self.refresh_from_db(fields=["attempt", "first_sent_at", "state"])

    def heard(self, stripe_id: str, state: str, why: str = "") -> bool:
        """What Stripe says of it; whether that is news. Its payment is held and counts anew."""
        known = self.state if self.stripe_id else RefundState.QUEUED  # what was called off here, Stripe may have done
        news = RANK[RefundState(state)] > RANK[RefundState(known)]
        self.stripe_id = self.stripe_id or stripe_id
        if news:
            self.state = state
            self.error = why[:500] if state in (RefundState.FAILED, RefundState.CANCELLED) else ""
            if state == RefundState.SUCCEEDED:
                self.done_at = timezone.now()
            self.payment.note_change(f"refund_{state}", self.payment.state, why=self.error, amount=self.amount)
        self.save(update_fields=["stripe_id", *(("state", "error", "done_at") if news else ())])
        return news

    def call_off(self, why: str) -> None:
        """It is not to be had any more: Stripe refused it, or the money has gone back another way."""
        self.state, self.error = RefundState.FAILED, why[:500]
        self.save(update_fields=["state", "error"])
        self.payment.note_change("refund_failed", self.payment.state, why=self.error, amount=self.amount)

    def wait(self, why: str, pause: dt.timedelta) -> None:
        """Stripe could not be reached: try again later."""
        Refund.objects.filter(pk=self.pk, state=RefundState.SENT).update(due_at=timezone.now() + pause, error=why[:500])
