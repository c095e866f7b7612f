"""A month: its weeks from Monday to Sunday, and a bar for each date of each event."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton
from django.utils import timezone

from events.calendars import days, hours, rows
from events.calendars.zone_names import locale
from events.models import Event, Occurrence

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models.agenda import EventQuerySet

WEEK = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)
LONG = dt.timedelta(days=14)
"What lasts longer is drawn last in each week, below what happens on a day."


@dataclass(frozen=True)
class Bar:
    """One date of an event within one week; ``column`` is 1 for Monday, ``span`` a number of days.

    ``came`` says that an earlier week of the leaf shows it already, ``goes_on`` that it ends in a later one.
    """

    event: Event
    url: str
    dates: str
    time: str
    iso: str
    soil: str
    first: dt.date
    last: dt.date
    is_cancelled: bool = False
    "Whether this date of a series is off, though the series is not."
    moved_from: str = ""
    column: int = 1
    span: int = 1
    came: bool = False
    goes_on: bool = False

    @property
    def is_off(self) -> bool:
        return self.is_cancelled or self.event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED)


@dataclass(frozen=True)
class Cell:
    """One day of the grid; ``is_out`` where it belongs to the month before or after."""

    date: dt.date
    text: str
    is_out: bool
    is_today: bool


@dataclass(frozen=True)
class Week:
    cells: list[Cell]
    bars: list[Bar]
    name: str

    @property
    def begun(self) -> list[Bar]:
        """Those that readers have not met in an earlier week."""
        return [bar for bar in self.bars if not bar.came]


@dataclass(frozen=True)
class Leaf:
    """One month, as a leaf of a calendar; months are named "2027-05"."""

    key: str
    name: str
    year: int
    weekdays: list[str]
    weeks: list[Week]
    before: str
    before_name: str
    after: str
    after_name: str
    count: int


def leaf(events: EventQuerySet, key: str, language: str, request: HttpRequest | None = None) -> Leaf:
    """The month named ``key`` with the dates of these events that touch it, in four queries and a few for the rows.

    Days are those of each event's own place: a meeting stands on the day that its invitation names.
    """
    first = dt.date.fromisoformat(f"{key}-01")
    grid = calendar.Calendar().monthdatescalendar(first.year, first.month)
    bars = _bars(events, grid[0][0], grid[-1][-1], language, request)
    today = timezone.now().date()
    weeks = [
        Week(
            [_cell(day, first, today, language) for day in week],
            sorted(
                (_within(bar, week[0], grid[0][0]) for bar in bars if bar.first <= week[-1] and bar.last >= week[0]),
                key=_order,
            ),
            days.long_date(week[0], language),
        )
        for week in grid
    ]
    before, after = first - ONE_DAY, first + 31 * ONE_DAY
    inside = [bar for bar in bars if bar.first <= _end_of(first) and bar.last >= first]
    return Leaf(
        key=key,
        name=days.month_of(first, language),
        year=first.year,
        weekdays=[format_date(day, "EEEE", locale(language)) for day in grid[0]],
        weeks=weeks,
        before=f"{before:%Y-%m}",
        before_name=days.month_of(before, language),
        after=f"{after:%Y-%m}",
        after_name=days.month_of(after, language),
        count=len({bar.event.pk for bar in inside}),
    )


def _bars(
    events: EventQuerySet, monday: dt.date, sunday: dt.date, language: str, request: HttpRequest | None
) -> list[Bar]:
    dates = (
        Occurrence.objects.of_events(events)
        .filter(
            start_local__lt=dt.datetime.combine(sunday + ONE_DAY, dt.time.min),
            end_local__gte=dt.datetime.combine(monday, dt.time.min),
        )
        .select_related("event")
        .prefetch_related("event__regions")
        .order_by("starts_at", "event_id")
    )
    found = list(dates)
    where = rows.addresses({date.event_id: date.event for date in found}.values(), language, request)
    return [_bar(date, where.get(date.event_id, ""), language) for date in found]


def _bar(date: Occurrence, url: str, language: str) -> Bar:
    event = date.event
    day = days.day(date.start_local, date.end_local, event.all_day, language)
    there = hours.at_place(event, language, date)
    return Bar(
        event=event,
        url=url,
        dates=there.date_text,
        time="" if event.all_day or day.start != day.end else hours.time_of(date.start_local, language),
        iso=day.iso,
        soil=rows.soil(event),
        first=day.start,
        last=day.end,
        is_cancelled=date.is_cancelled,
        moved_from=days.moved_from(date, language),
    )


def _within(bar: Bar, monday: dt.date, leaf_begins: dt.date) -> Bar:
    """The part of a bar that lies in the week of this Monday; it is named once, in its first week on the leaf."""
    sunday = monday + WEEK - ONE_DAY
    start, end = max(bar.first, monday), min(bar.last, sunday)
    return replace(
        bar,
        column=(start - monday).days + 1,
        span=(end - start).days + 1,
        came=max(bar.first, leaf_begins) < monday,
        goes_on=bar.last > sunday,
    )


def _order(bar: Bar) -> tuple[bool, bool, dt.date, str]:
    """In the order of time, what lasts for weeks below: it must not push a day's meeting out of sight."""
    return (bar.last - bar.first > LONG, bar.came, bar.first, bar.time)


def _cell(day: dt.date, first: dt.date, today: dt.date, language: str) -> Cell:
    is_out = (day.year, day.month) != (first.year, first.month)
    named = is_out and (day.day == 1 or day.weekday() == 0)
    text = format_skeleton("MMMd", day, locale=locale(language)) if named else str(day.day)
    return Cell(day, text, is_out, day == today)


def _end_of(first: dt.date) -> dt.date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
