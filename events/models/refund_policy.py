"""The refund policy of an event: until which moment at the place how much of the price goes back."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import money
from .fields import WallClockField
from .wallclock import instant

if TYPE_CHECKING:
    from .event import Event


class Refundable(NamedTuple):
    """How much goes back now, in hundredths, and until when; no moment where nothing ends it."""

    percent: int
    until: dt.datetime | None


class RefundStep(models.Model):
    """One step: who cancels until then has so much of the price back. Later than the last step: nothing.

    Outside the event's revisions, as its tickets are: what holds is what the payer reads.
    """

    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="refund_steps"
    )
    until_local = WallClockField(_("until"), help_text=_("On the clock of the event."))
    percent = models.PositiveSmallIntegerField(
        _("percent of the price"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["event", "until_local"]
        verbose_name = _("step of the refund policy")
        verbose_name_plural = _("refund policy")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "until_local"],
                name="one_refund_step_at_a_time",
                violation_error_message=_("There is already a step with this moment."),
            ),
            models.CheckConstraint(condition=models.Q(percent__gte=1, percent__lte=100), name="refund_in_hundredths"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % → {self.until_local}"


def refundable(
    event: "Event", steps: "Iterable[RefundStep] | None" = None, now: dt.datetime | None = None
) -> Refundable:
    """What goes back to who cancels now: of an event that is called off, everything."""
    now = now or timezone.now()
    if event.status in event.CALLED_OFF:
        return Refundable(100, None)
    ends = sorted(
        ((instant(step.until_local, event.timezone), step.percent) for step in (steps or event.refund_steps.all())),
        key=lambda end: end[0],
    )
    return next((Refundable(percent, until) for until, percent in ends if now < until), Refundable(0, None))


def back_now(event: "Event", amount: int, currency: str) -> int:
    """Of an amount that was paid, what goes back to who cancels now, in minor units."""
    return money.share(amount, refundable(event).percent, currency)
