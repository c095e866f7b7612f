"""The history of a payment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .history import HistoryLine


class PaymentChange(HistoryLine):
    """One line of a payment's history; by nobody where Stripe or the clock did it."""

    payment = models.ForeignKey("events.Payment", on_delete=models.CASCADE, related_name="changes")
    verb = models.CharField(_("what"), max_length=20)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.verb}: {self.was} → {self.became}"
