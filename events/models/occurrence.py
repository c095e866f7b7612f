"""Occurrences: every date of every event, kept as rows on a rolling horizon."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from .expansion import expand
from .fields import WallClockField
from .wallclock import instant, midnight

if TYPE_CHECKING:
    from .event import Event

HORIZON = dt.timedelta(days=3 * 366)
"How far ahead of today, or of its beginning, the dates of a series without an end are kept."
MOST = 10_000
"So many dates a series has at most: twenty-seven years of days."


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def rebuild(self, event: "Event") -> None:
        """Make the rows agree with the rule; a date that stays keeps its row and its key."""
        before = max(timezone.now().replace(tzinfo=None), event.start_local) + HORIZON
        length = event.end_local - event.start_local
        rows: list[Occurrence] = []
        for start in expand(event.recurrence, event.start_local, event.start_local, before, limit=MOST):
            end = start + length
            first, last = start == event.start_local, end == event.end_local
            span = event.span(start, end, event.start_fold if first else None, event.end_fold if last else None)
            if span["ends_at"] <= span["starts_at"]:  # the clock skips its start, which comes later by as much
                span["ends_at"] = span["starts_at"] + length
            rows.append(
                Occurrence(
                    event=event,
                    original=start,
                    start_local=start,
                    end_local=end,
                    **span,
                )
            )
        self.filter(event=event).exclude(original__in=[row.original for row in rows]).delete()
        self.bulk_create(
            rows,  # type: ignore[arg-type]
            batch_size=500,
            update_conflicts=True,
            unique_fields=["event", "original"],
            update_fields=["start_local", "end_local", "starts_at", "ends_at"],
        )

    def public(self) -> "OccurrenceQuerySet":
        return self.filter(event__live=True)

    def coming(self, now: dt.datetime | None = None) -> "OccurrenceQuerySet":
        """Those not yet over, the soonest first."""
        return self.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "event_id")


class Occurrence(models.Model):
    """One date of an event: wall clock and, derived from it, the two instants.

    ``original`` is the date the rule gives (RECURRENCE-ID): it stays when the
    date is moved. An event that does not recur has one.
    """

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="occurrences")
    original = WallClockField()
    start_local = WallClockField()
    end_local = WallClockField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "event_id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "original"], name="occurrence_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="occurrence_ends_later"),
        ]
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.event_id} {self.start_local}"


def span(
    start: dt.datetime, end: dt.datetime, zone: str, all_day: bool, start_fold: int | None, end_fold: int | None
) -> dict[str, dt.datetime]:
    """The two UTC instants of a wall-clock span; an all-day one ends at the next midnight there."""
    if all_day:
        return {
            "starts_at": midnight(start.date(), zone),
            "ends_at": midnight(end.date() + dt.timedelta(days=1), zone),
        }
    return {"starts_at": instant(start, zone, start_fold), "ends_at": instant(end, zone, end_fold)}
