"""Occurrences: every date of every event, kept as rows on a rolling horizon."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from pages.trilingual import TrilingualField

from .expansion import MOST, expand
from .fields import WallClockField
from .wallclock import instant, midnight

if TYPE_CHECKING:
    from .agenda import EventQuerySet
    from .event import Event
    from .exception import EventException

HORIZON = dt.timedelta(days=3 * 366)
"How far ahead of today, or of its beginning, the dates of a series without an end are kept."
LISTED = dt.timedelta(days=548)
"How far ahead lists name each date of a series: eighteen months, as calendars do."


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def rebuild(self, event: "Event") -> None:
        """Make the rows agree with the rule and its exceptions; a date that stays keeps its row and its key.

        A rule gives at most one date a day, so that a series whose hour changes keeps
        the rows of its days. A date that is no longer given goes, unless somebody
        is registered for it: then it stays, dropped.
        """
        kept = {row.original.date(): row for row in self.filter(event=event)}
        changed = []
        for row in _given(event):
            before = kept.pop(row.original.date(), None)
            row.pk = before.pk if before else None
            if before is None or any(getattr(before, name) != getattr(row, name) for name in WRITTEN):
                changed.append(row)
        gone = self.filter(event=event, pk__in=[row.pk for row in kept.values()])
        referred = gone.filter(registrations__isnull=False).values("pk")
        gone.filter(pk__in=referred).update(is_dropped=True)
        gone.exclude(pk__in=referred).delete()
        self.bulk_create(
            changed,  # type: ignore[arg-type]
            batch_size=500,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=WRITTEN,
        )

    def public(self) -> "OccurrenceQuerySet":
        return self.filter(event__live=True)

    def given(self) -> "OccurrenceQuerySet":
        """Those that belong to their series, cancelled ones too; without those that a change of the rule dropped."""
        return self.filter(is_dropped=False)

    def taking_place(self) -> "OccurrenceQuerySet":
        """Those that are held; whether the event itself is called off is not asked."""
        return self.given().filter(is_cancelled=False)

    def coming(self, now: dt.datetime | None = None) -> "OccurrenceQuerySet":
        """Those held that are not yet over, the soonest first."""
        return self.taking_place().filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "event_id")

    def of_events(self, events: "EventQuerySet") -> "OccurrenceQuerySet":
        """The dates that belong to these events, public ones alone."""
        return self.public().given().filter(event__in=events.order_by().values("pk"))

    def listed(self, now: dt.datetime | None = None) -> "OccurrenceQuerySet":
        """Those not yet over that a list names, the soonest first; a series is not followed beyond ``LISTED``."""
        now = now or timezone.now()
        near = models.Q(starts_at__lt=now + LISTED) | models.Q(original=models.F("event__start_local"))
        return self.filter(near, ends_at__gt=now).order_by("starts_at", "event_id")

    def over(self, now: dt.datetime | None = None, year: int | None = None) -> "OccurrenceQuerySet":
        """Those that are over, the latest first; of one year, by the clock at the place, if given."""
        dates = self.filter(ends_at__lte=now or timezone.now()).order_by("-starts_at", "event_id")
        if year is not None:
            dates = dates.filter(start_local__gte=dt.datetime(year, 1, 1), start_local__lt=dt.datetime(year + 1, 1, 1))
        return dates

    def years(self) -> list[int]:
        """The years in which they begin, latest first."""
        years = self.annotate(year=Substr(Cast("start_local", models.CharField()), 1, 4)).order_by()
        return sorted((int(year) for year in years.values_list("year", flat=True).distinct()), reverse=True)

    def not_begun(self, now: dt.datetime | None = None) -> "OccurrenceQuerySet":
        """Those held that begin later, the soonest first: for which one may still register."""
        return self.taking_place().filter(starts_at__gt=now or timezone.now()).order_by("starts_at", "event_id")


class Occurrence(models.Model):
    """One date of an event: wall clock and, derived from it, the two instants.

    ``original`` is the date the rule gives (RECURRENCE-ID): it stays when the
    date is moved. An event that does not recur has one. ``venue``, ``city``,
    ``joining_url`` and ``note`` are those of an exception, empty where the date is as
    the series: all columns are written by ``rebuild``, never by hand.
    """

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="occurrences")
    original = WallClockField()
    start_local = WallClockField()
    end_local = WallClockField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_cancelled = models.BooleanField(default=False)
    is_dropped = models.BooleanField(
        default=False, help_text="The series no longer has it; it is kept because somebody is registered for it."
    )
    venue = TrilingualField(blank=True, default="")
    city = TrilingualField(blank=True, default="")
    joining_url = models.URLField(max_length=500, blank=True, default="")
    note = TrilingualField(blank=True, default="")

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

    @property
    def day(self) -> dt.date:
        """The day that the rule gives: what names this date in its series, wherever it is moved."""
        return self.original.date()

    @property
    def takes_place(self) -> bool:
        """Whether it is held; whether the event itself is called off is not asked."""
        return not (self.is_cancelled or self.is_dropped)

    @classmethod
    def given_by(cls, event: "Event", original: dt.datetime, exception: "EventException | None") -> "Occurrence":
        """A date of the rule as its exception leaves it; not saved."""
        length = event.end_local - event.start_local
        date = cls(event=event, original=original, start_local=original, end_local=original + length)
        folds: tuple[int | None, int | None] = (
            event.start_fold if original == event.start_local else None,
            event.end_fold if date.end_local == event.end_local else None,
        )
        if exception is not None:
            date.is_cancelled = exception.is_cancelled
            date.venue, date.city, date.note = exception.venue, exception.city, exception.note
            date.joining_url = exception.joining_url
            if exception.start_local is not None and exception.end_local is not None:
                date.start_local, date.end_local, folds = exception.start_local, exception.end_local, (None, None)
        instants = event.span(date.start_local, date.end_local, *folds)
        if instants["ends_at"] <= instants["starts_at"]:  # the clock skips its start, which comes later by as much
            instants["ends_at"] = instants["starts_at"] + (date.end_local - date.start_local)
        date.starts_at, date.ends_at = instants["starts_at"], instants["ends_at"]
        return date

    @property
    def is_moved(self) -> bool:
        """Whether it begins at another time than the rule says."""
        return self.start_local != self.original


WRITTEN = [
    "original",
    "start_local",
    "end_local",
    "starts_at",
    "ends_at",
    "is_cancelled",
    "is_dropped",
    "venue",
    "city",
    "joining_url",
    "note",
]


def _given(event: "Event") -> Iterator[Occurrence]:
    """The dates of an event as its rule and its exceptions give them; not saved."""
    before = max(timezone.now().replace(tzinfo=None), event.start_local) + HORIZON
    exceptions = {exception.day: exception for exception in event.exceptions.all()} if event.recurs else {}
    for original in expand(event.recurrence, event.start_local, event.start_local, before, limit=MOST):
        yield Occurrence.given_by(event, original, exceptions.get(original.date()))


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
