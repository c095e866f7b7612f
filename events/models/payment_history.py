"""The history of a payment."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PaymentChange(models.Model):
    """One line of a payment's history: who changed what, when and why; nobody where Stripe or the clock did."""

    payment = models.ForeignKey("events.Payment", on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    verb = models.CharField(_("what"), max_length=20)
    was = models.CharField(_("from"), max_length=12, blank=True)
    became = models.CharField(_("to"), max_length=12)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.verb}: {self.was} → {self.became}"

    @property
    def reason(self) -> str:
        """The reason in the reader's language, where it is one of the product's own."""
        return gettext(self.why) if self.why else ""

    @property
    def told(self) -> dict[str, Any]:
        """Plain values for an export."""
        return {"at": self.at, "by": str(self.by or ""), "verb": self.verb, "why": self.why}
