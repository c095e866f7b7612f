"""Several meetings made in one go from a list of dates: each an event of its own, copied from one that stands model."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from .calendar_entry import PublicationLock
from .event import Event
from .next_edition import NextEdition
from .wallclock import clock_problem


class DateRefused(ValidationError):
    """One of the events can't be as it would be; nothing was made. ``start`` says which."""

    def __init__(self, start: dt.datetime, errors: ValidationError) -> None:
        super().__init__(errors.messages)
        self.start = start


@dataclass(frozen=True, order=True)
class Meeting:
    """When one of them begins and ends, on the clock of the place."""

    start: dt.datetime
    end: dt.datetime


@dataclass
class Copy(NextEdition):
    """One of several: as a next edition, with an end of its own; an hour that comes twice is taken the first time."""

    end: dt.datetime = dt.datetime.max

    def _date(self, made: Event, event: Event) -> None:
        super()._date(made, event)
        made.recurrence, made.end_local = None, self.end  # type: ignore[assignment]
        if not made.all_day:
            made.start_fold = 0 if clock_problem(self.start, made.timezone) == "twice" else None
            made.end_fold = 0 if clock_problem(self.end, made.timezone) == "twice" else None


@dataclass
class Several:
    """Some meetings to be made, once: the same ``submission`` makes no date twice, whatever else it asks for."""

    event: Event
    meetings: Iterable[Meeting]
    submission: uuid.UUID
    by: Any = None
    publish: bool = False
    doubtful: list[str] = field(default_factory=list)

    def make(self) -> list[Event]:
        """All of them or none, the earliest first: numbers and titles follow the order of the dates.

        Raises:
            DateRefused: one can't be made or published.
        """
        made = []
        with transaction.atomic():
            PublicationLock.hold()
            for meeting in sorted(set(self.meetings)):
                one = Copy(
                    self.event,
                    meeting.start,
                    uid=uuid.uuid5(self.submission, meeting.start.isoformat()),
                    by=self.by,
                    end=meeting.end,
                )
                try:
                    event = one.make()
                    if self.publish and not event.live:
                        event.publish(event.latest_revision, user=self.by, skip_permission_checks=True)
                except ValidationError as error:
                    raise DateRefused(meeting.start, error) from error
                self.doubtful += one.doubtful
                made.append(Event.objects.get(pk=event.pk))
        return made


def alike(event: Event, day: dt.date) -> Event | None:
    """A meeting of the same kind and run, or of the same name, that begins on that day already."""
    first = dt.datetime.combine(day, dt.time.min)
    there = Event.objects.filter(start_local__gte=first, start_local__lt=first + dt.timedelta(days=1))
    same = there.filter(kind=event.kind, series=event.series_id).order_by("pk")
    if event.series_id is None:
        same = same.filter(sort_title=event.sort_title)
    return same.exclude(pk=event.pk).first() or there.filter(pk=event.pk).first()
