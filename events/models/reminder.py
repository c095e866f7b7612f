"""Reminders: which letters go to the participants of an event by themselves, and when."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .seats import Attendance


class Reminder(models.Model):
    """One rule: a letter to all who have a place, so long before the beginning, or after the end, at the place.

    Days are days on the clock of the event's zone, so that a letter due "two days before" an
    hour keeps that hour when clocks change between; hours are hours.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        JOINING = "joining", _("how to join")
        THANKS = "thanks", _("thanks")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        HOURS = "hours", _("hours")

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(_("letter"), max_length=10, choices=Kind.choices, default=Kind.REMINDER)
    attendance = models.CharField(
        _("to whom"),
        max_length=10,
        choices=Attendance.choices,
        blank=True,
        help_text=_("Left empty: to those on site and those online."),
    )
    amount = models.PositiveSmallIntegerField(
        _("how long"), default=2, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.DAYS)

    class Meta:
        ordering = ["event", "kind", "unit", "-amount", "pk"]
        verbose_name = _("letter sent by itself")
        verbose_name_plural = _("letters sent by themselves")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "attendance", "amount", "unit"],
                name="reminder_once",
                violation_error_message=_("This event already has this letter at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.amount} {self.get_unit_display()}"
