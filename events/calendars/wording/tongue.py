"""Tongue: how a shape becomes a sentence; each language says its own pieces."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from babel.dates import get_day_names, get_month_names

from events.calendars import hours
from events.calendars.vtimezone import is_utc
from events.calendars.zone_names import city, locale

from .shape import (
    ALL_MONTHS,
    ALL_WEEKDAYS,
    Days,
    Falling,
    Monthdays,
    Nth,
    NthAmong,
    Period,
    Shape,
    Weekdays,
)

WORKDAYS = (0, 1, 2, 3, 4)
RUN = 3
"From so many in a row on, one says the first and the last."
LONG_RUN = 4
EVERY_MONTH_HAS = 28
LENGTHS = (31, EVERY_MONTH_HAS, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EVERY_WEEKDAY_COMES = 4
"So many times in every month."
FEW_DATES = 6
"So many days of the year are named one by one."


class Said(NamedTuple):
    """Which days, and what limits them."""

    days: str
    limits: tuple[str, ...] = ()


class Tongue(ABC):
    """One language. ``say`` puts together what its methods say."""

    language: str
    GENERAL: str
    "Of a rule that has no words of its own, or that is not followed: “once in a while”."
    NUMBERS: tuple[str, ...]
    "From two to ten."
    WHEN_THERE_IS_ONE: str
    "Of a 31st, of a fifth Thursday."
    WHEN_THERE_ARE_ANY: str
    OF_EVERY_MONTH: str
    OF_THE_MONTH: str
    OF_EVERY_YEAR: str
    OF_THE_YEAR: str

    def say(self, shape: Shape | None) -> Said:
        """Which days; the hour and the clock come after them, and then what limits them."""
        if shape is None:
            return Said("", (self.GENERAL,))
        said = self._days(shape)
        missing = may_be_missing(shape)
        if not missing:
            return said
        return Said(said.days, (self.WHEN_THERE_IS_ONE if missing == 1 else self.WHEN_THERE_ARE_ANY, *said.limits))

    def _days(self, shape: Shape) -> Said:
        if shape.period == Period.DAY:
            return self._daily(shape)
        if shape.period == Period.WEEK:
            return self._weekly(shape)
        if shape.period == Period.MONTH:
            return self._monthly(shape)
        return self._yearly(shape)

    # -- the four periods

    def _daily(self, shape: Shape) -> Said:
        if shape.interval == 1:
            return self._within(self.every_day(), shape.months)
        limits = self._only(shape.months)
        if isinstance(shape.days, Weekdays):
            limits = (self.if_weekday(shape.days.days), *limits)
        elif isinstance(shape.days, Monthdays):
            limits = (self.if_monthday(shape.days.days), *limits)
        return Said(self.every(Period.DAY, shape.interval), limits)

    def _weekly(self, shape: Shape) -> Said:
        assert isinstance(shape.days, Weekdays)
        if shape.interval == 1:
            return self._within(self.weekly(shape.days.days), shape.months)
        return Said(self.every_weeks(shape.interval, shape.days.days), self._only(shape.months))

    def _monthly(self, shape: Shape) -> Said:
        assert shape.days is not None
        if shape.interval > 1:
            told = self.on(shape.days, self.OF_THE_MONTH)
            return Said(self.after_period(Period.MONTH, shape.interval, told), self._only(shape.months))
        run = run_of_months(shape.months)
        limits = (self.between(*run),) if run else self._only(shape.months)
        return Said(self.on(shape.days, self.OF_EVERY_MONTH), limits)

    def _yearly(self, shape: Shape) -> Said:
        days, months, once = shape.days, shape.months, shape.interval == 1
        assert days is not None
        if isinstance(days, Falling):
            told = self.falling(days.weekdays, days.monthdays, months)
            limits = self._only(months) if len(months) > 1 else ()
            return Said(told if once else self.after_period(Period.YEAR, shape.interval, told), limits)
        if once and not months:
            return Said(self.on(days, self.OF_EVERY_YEAR))
        if isinstance(days, Monthdays) and months and len(days.days) * len(months) <= FEW_DATES:
            told = self.dates(days.days, months)
        elif isinstance(days, Monthdays) and not months:
            told = self.on(days, self.OF_EVERY_MONTH)
        else:
            told = self.on(days, self.of_months(months) if months else self.OF_THE_YEAR)
        return Said(self.after_period(Period.YEAR, shape.interval, told))

    def _within(self, told: str, months: tuple[int, ...]) -> Said:
        """In some months: few are named with the days, many in a row as a limit."""
        if run := run_of_months(months):
            return Said(told, (self.between(*run),))
        return Said(f"{told} {self.in_months(months)}" if months else told)

    def _only(self, months: tuple[int, ...]) -> tuple[str, ...]:
        return (self.only_in(months, run_of_months(months)),) if months else ()

    def on(self, days: Days, of: str) -> str:
        """On these days of something, "le dernier jeudi de chaque mois"."""
        if isinstance(days, Monthdays):
            return self.on_monthdays(days.days, of)
        if isinstance(days, Nth):
            return self.on_nth(days.days, of)
        if isinstance(days, NthAmong):
            return self.on_nth_among(days.ordinals, days.weekdays, of)
        if isinstance(days, Falling):
            return self.falling(days.weekdays, days.monthdays, ())
        return self.each_weekday(days.days, of)

    # -- what each language says

    @abstractmethod
    def every(self, period: Period, interval: int) -> str: ...
    @abstractmethod
    def every_day(self) -> str: ...
    @abstractmethod
    def weekly(self, weekdays: tuple[int, ...]) -> str: ...
    @abstractmethod
    def every_weeks(self, interval: int, weekdays: tuple[int, ...]) -> str: ...
    @abstractmethod
    def after_period(self, period: Period, interval: int, told: str) -> str: ...
    @abstractmethod
    def if_weekday(self, weekdays: tuple[int, ...]) -> str: ...
    @abstractmethod
    def if_monthday(self, monthdays: tuple[int, ...]) -> str: ...
    @abstractmethod
    def each_weekday(self, weekdays: tuple[int, ...], of: str) -> str: ...
    @abstractmethod
    def on_monthdays(self, monthdays: tuple[int, ...], of: str) -> str: ...
    @abstractmethod
    def on_nth(self, days: tuple[tuple[int, int], ...], of: str) -> str: ...
    @abstractmethod
    def on_nth_among(self, ordinals: tuple[int, ...], weekdays: tuple[int, ...], of: str) -> str: ...
    @abstractmethod
    def falling(self, weekdays: tuple[int, ...], monthdays: tuple[int, ...], months: tuple[int, ...]) -> str: ...
    @abstractmethod
    def dates(self, monthdays: tuple[int, ...], months: tuple[int, ...]) -> str: ...
    @abstractmethod
    def of_months(self, months: tuple[int, ...]) -> str: ...
    @abstractmethod
    def in_months(self, months: tuple[int, ...]) -> str: ...
    @abstractmethod
    def between(self, first: int, last: int) -> str: ...
    @abstractmethod
    def only_in(self, months: tuple[int, ...], run: tuple[int, int] | None) -> str: ...
    @abstractmethod
    def at(self, time: dt.time) -> str: ...
    @abstractmethod
    def of_zone(self, zone: str) -> str: ...
    @abstractmethod
    def times(self, count: int) -> str: ...
    @abstractmethod
    def until(self, day: dt.date) -> str: ...

    # -- what they have in common

    def weekday(self, number: int) -> str:
        return get_day_names("wide", "format", locale(self.language))[number]

    def month(self, number: int) -> str:
        return get_month_names("wide", "format", locale(self.language))[number]

    def clock(self, time: dt.time) -> str:
        return hours.time_of(time, self.language)

    def city(self, zone: str) -> str:
        return "UTC" if is_utc(zone) else city(zone, self.language)

    def number(self, count: int) -> str:
        """In letters up to ten."""
        return self.NUMBERS[count - 2] if 2 <= count < len(self.NUMBERS) + 2 else str(count)


def joined(parts: Iterable[str], word: str) -> str:
    """ "a", "a et b", "a, b et c"."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def is_run(numbers: Sequence[int], least: int) -> bool:
    """Whether they follow each other without a gap, enough of them."""
    return len(numbers) >= least and all(later == earlier + 1 for earlier, later in pairwise(numbers))


def run_of_months(months: Sequence[int]) -> tuple[int, int] | None:
    """The first and the last month of those that follow each other, over the turn of the year too."""
    if not RUN <= len(months) < ALL_MONTHS:
        return (months[0], months[-1]) if len(months) == ALL_MONTHS else None
    firsts = [month for month in months if (month - 2) % ALL_MONTHS + 1 not in months]
    lasts = [month for month in months if month % ALL_MONTHS + 1 not in months]
    return (firsts[0], lasts[0]) if len(firsts) == 1 else None


def by_weekday(days: Iterable[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    """(weekday, its ordinals), where neighbours in the list have the weekday in common."""
    return [(weekday, [n for n, _ in group]) for weekday, group in groupby(days, key=lambda pair: pair[1])]


def may_be_missing(shape: Shape) -> int:
    """How many days it names that a month may not have, where it names no others; 0 else."""
    days, months = shape.days, shape.months
    if isinstance(days, Monthdays) and shape.period in (Period.MONTH, Period.YEAR):
        least = min((LENGTHS[month - 1] for month in months), default=EVERY_MONTH_HAS)
        leap = months == (2,) and shape.period == Period.YEAR and shape.interval % 4 == 0
        return 0 if leap or any(abs(day) <= least for day in days.days) else len(days.days)
    if isinstance(days, Nth) and (months or shape.period == Period.MONTH):
        return len(days.days) if all(abs(ordinal) > EVERY_WEEKDAY_COMES for ordinal, _weekday in days.days) else 0
    return 0


def everyday(weekdays: Sequence[int]) -> bool:
    return len(weekdays) == ALL_WEEKDAYS
