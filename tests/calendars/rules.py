"""Series at random: every rule that `expansion.check` lets through, with an end within three years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import assume
from hypothesis import strategies as st
from recurrence import Recurrence

from events.models.expansion import anchor, expand
from events.models.wallclock import clock_problem
from tests.calendars.subscribed import series

ZONES = [
    "Africa/Cairo", "Asia/Kolkata", "Africa/Abidjan", "Europe/Helsinki", "Africa/Casablanca", "America/Sao_Paulo",
    "America/Toronto", "Asia/Dubai", "Australia/Lord_Howe", "Europe/Paris", "Europe/London", "UTC",
]  # fmt: skip
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LATEST = dt.timedelta(days=3 * 365)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """What an exception says of a date: its day, and where the date goes; nowhere if it is cancelled."""

    day: dt.date
    start: dt.datetime | None = None
    end: dt.datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.start is None


@dataclass(frozen=True)
class Drawn:
    """A series as an editor could have published it: its first date obeys the rule and is not skipped."""

    rule: str
    end: str
    start: dt.datetime
    length: dt.timedelta
    zone: str
    skipped: tuple[dt.date, ...] = ()
    all_day: bool = False
    changes: tuple[Change, ...] = field(default=())

    @property
    def recurrence(self) -> Recurrence:
        lines = [f"RRULE:{self.rule};{self.end}", *(f"EXDATE:{day:%Y%m%d}T000000Z" for day in self.skipped)]
        return series("\n".join(lines))

    @property
    def without_skipping(self) -> Recurrence:
        return series(f"RRULE:{self.rule};{self.end}")

    def dates(self) -> list[dt.datetime]:
        return expand(self.recurrence, self.start, self.start, self.start + 2 * LATEST)

    @property
    def facts(self) -> dict[str, object]:
        return {
            "recurrence": self.recurrence,
            "start_local": self.start,
            "end_local": self.start + self.length,
            "timezone": self.zone,
            "all_day": self.all_day,
        }


def listed(values: list[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(",".join)


weekdays = listed(list(WEEKDAYS), 4)
numbered_weekdays = listed([f"{number}{day}" for number in (1, 2, 3, 4, -1, -2) for day in WEEKDAYS], 2)
days_of_the_month = listed([str(day) for day in (*range(1, 32), -1, -2, -15)], 3)
months = listed([str(month) for month in range(1, 13)], 3)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """An RRULE without its end."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": freq}
    interval = draw(st.integers(1, {"DAILY": 10, "WEEKLY": 5, "MONTHLY": 6, "YEARLY": 2}[freq]))
    if interval > 1:
        parts["INTERVAL"] = str(interval)
    if freq == "WEEKLY":
        if draw(st.booleans()):
            parts["BYDAY"] = draw(weekdays)
        parts["WKST"] = draw(st.sampled_from(["MO", "SU"]))
    if freq == "YEARLY" and draw(st.booleans()):
        parts["BYMONTH"] = draw(months)
    if freq == "MONTHLY" or "BYMONTH" in parts:
        kind = draw(st.sampled_from(["", "BYMONTHDAY", "BYDAY", "BYSETPOS"]))
        if kind == "BYMONTHDAY":
            parts["BYMONTHDAY"] = draw(days_of_the_month)
        elif kind == "BYDAY":
            parts["BYDAY"] = draw(numbered_weekdays)
        elif kind == "BYSETPOS":
            parts["BYDAY"] = draw(weekdays)
            parts["BYSETPOS"] = draw(st.sampled_from(["1", "2", "-1"]))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@st.composite
def drawn(draw: st.DrawFn, *, changed: bool = False) -> Drawn:
    """A series that begins in 2027, so that today's feeds hold it, and ends within three years."""
    rule, zone = draw(rules()), draw(st.sampled_from(ZONES))
    day = draw(st.dates(dt.date(2027, 1, 1), dt.date(2027, 12, 31)))
    hour = dt.time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30])))
    endless = series(f"RRULE:{rule}")
    start = anchor(endless, dt.datetime.combine(day, hour))
    dates = expand(endless, start, start, min(start + LATEST, dt.datetime(2030, 11, 1)), limit=400)
    assume(dates and start.year == 2027)
    number = draw(st.integers(1, len(dates)))
    last = dates[number - 1]
    hours = ("T000000Z", "T235959Z", f"{last:T%H%M%SZ}")
    end = draw(st.sampled_from([f"COUNT={number}", *(f"UNTIL={last:%Y%m%d}{hour}" for hour in hours)]))
    all_day = draw(st.integers(0, 9)) == 0
    length = dt.timedelta(minutes=draw(st.sampled_from([15, 60, 90, 120, 600])))
    if all_day:
        start, length = dt.datetime.combine(start, dt.time()), dt.timedelta(days=draw(st.integers(0, 2)), hours=23)
        end = end if end.startswith("COUNT") else f"UNTIL={last:%Y%m%d}T000000Z"
    assume(all_day or not any(clock_problem(moment, zone) for moment in (start, start + length)))
    later = [date.date() for date in dates[1:number]]
    touched = draw(st.lists(st.sampled_from(later), max_size=5, unique=True)) if later else []
    cut = draw(st.integers(0, len(touched))) if changed else len(touched)
    changes = tuple(draw(change(day, start, length, zone, all_day)) for day in touched[cut:])
    return Drawn(rule, end, start, length, zone, tuple(sorted(touched[:cut])), all_day, changes)


@st.composite
def change(draw: st.DrawFn, day: dt.date, start: dt.datetime, length: dt.timedelta, zone: str, all_day: bool) -> Change:
    """A date cancelled, or moved by up to ten days and any number of quarters of an hour."""
    if draw(st.booleans()):
        return Change(day)
    at = dt.datetime.combine(day, start.time()) + draw(st.integers(-3, 10)) * DAY
    if not all_day:
        at += draw(st.integers(-20, 20)) * dt.timedelta(minutes=15)
        length = draw(st.sampled_from([length, dt.timedelta(minutes=45)]))
        assume(not any(clock_problem(moment, zone) for moment in (at, at + length)))
    return Change(day, at, at + length)
