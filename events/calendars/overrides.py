"""Overrides: the dates of a series that are not as its rule says (RFC 5545 3.8.4.4)."""

from __future__ import annotations

import bisect
import datetime as dt

from events.calendars.vtimezone import is_utc
from events.models import Event, Occurrence
from events.models.expansion import expand
from events.models.wallclock import clock_problem

NEXT = dt.timedelta(days=366 * 5)
"So far beyond the last exception its neighbour is looked for: the rarest rule is that of 29 February."

YEARS = dt.timedelta(days=3653)
MORNING, EVENING = dt.time(5), dt.time(22)
"Between these no clock of the world is changed."


def overridden(event: Event) -> list[Occurrence]:
    """The dates with an exception that the rule still gives, in the rule's order; not those that EXDATE skips.

    Dates in an hour that the clock skips or shows twice are among them: every reader
    takes another instant for those, unless it is told in UTC.
    """
    exceptions = {exception.day: exception for exception in event.exceptions.all()} if event.recurs else {}
    starts = [start for start in _starts(event, max(exceptions)) if start.date() in exceptions] if exceptions else []
    return [
        Occurrence.given_by(event, start, exceptions.get(start.date()))
        for start in sorted({*starts, *_in_a_change(event)})
    ]


def past_a_neighbour(event: Event, dates: list[Occurrence]) -> set[dt.datetime]:
    """The originals of those moved to or past the day of another date of the series, which Outlook refuses.

    A neighbour is where it was moved to, unless it is told as an event of its own itself.
    """
    moved = [date for date in dates if date.is_moved and not date.is_cancelled]
    if not moved:
        return set()
    starts = _starts(event, moved[-1].original.date())
    held: dict[dt.datetime, dt.date] = {}
    beyond: set[dt.datetime] = set()
    for date in moved:
        here = bisect.bisect_left(starts, date.original)
        before, after = starts[:here][-1:], starts[here + 1 :][:1]
        day = date.start_local.date()
        too_early = any(day <= held.get(start, start.date()) for start in before)
        if too_early or any(day >= start.date() for start in after):
            beyond.add(date.original)
        else:
            held[date.original] = day
    return beyond


def first_day(event: Event) -> dt.date | None:
    """The earliest day to which a date was moved."""
    moved = [one.start_local.date() for one in event.exceptions.all() if one.start_local] if event.recurs else []
    return min(moved, default=None)


def _starts(event: Event, last: dt.date) -> list[dt.datetime]:
    """What the rule gives up to a day, and one more."""
    until = dt.datetime.combine(last, dt.time.max)
    starts = expand(event.recurrence, event.start_local, event.start_local, until, limit=10_000)
    return starts + expand(event.recurrence, event.start_local, until, until + NEXT, limit=1)


def _in_a_change(event: Event) -> list[dt.datetime]:
    """The dates whose beginning or end the clock skips or shows twice, in the first ten years."""
    if not event.recurs or event.all_day or is_utc(event.timezone):
        return []
    if not any(local.time() < MORNING or local.time() >= EVENING for local in (event.start_local, event.end_local)):
        return []
    length = event.end_local - event.start_local
    starts = expand(event.recurrence, event.start_local, event.start_local, event.start_local + YEARS, limit=4000)
    return [
        start
        for start in starts
        if clock_problem(start, event.timezone) or clock_problem(start + length, event.timezone)
    ]
