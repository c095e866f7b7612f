"""Kept figures: what is known of an event's participants once they are forgotten; small numbers are suppressed."""

from django.db import models
from django.utils import timezone


class KeptFigures(models.Model):
    """Counts of one event, taken before its participants' data were deleted."""

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, related_name="kept_figures")
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(
        default=dict,
        help_text="people; states; tables: subject, label by language, cells: text by language, people or null.",
    )

    def __str__(self) -> str:
        return f"{self.event_id}"
