"""What Stripe has told: one row an event, written in the transaction of its effect."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StripeEvent(models.Model):
    """One event of Stripe's. The payload holds personal data: it is emptied after ninety days."""

    class State(models.TextChoices):
        HANDLED = "handled", pgettext_lazy("of an event of Stripe", "handled")
        IGNORED = "ignored", pgettext_lazy("of an event of Stripe", "not ours")
        WAITING = "waiting", pgettext_lazy("of an event of Stripe", "came before its payment")
        FAILED = "failed", pgettext_lazy("of an event of Stripe", "failed")

    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    created = models.DateTimeField(help_text="When Stripe wrote it.")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FAILED)
    payment = models.ForeignKey(
        "events.Payment", null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    payment_intent = models.CharField(
        max_length=255, blank=True, default="", help_text="By which it finds its payment."
    )
    payload = models.TextField(blank=True, default="")
    error = models.CharField(max_length=500, blank=True, default="")
    deliveries = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["payment_intent"], condition=Q(state="waiting"), name="events_of_stripe_waiting"),
            models.Index(fields=["state", "received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
