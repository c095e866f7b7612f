"""Shape: what a rule says, freed of how RFC 5545 writes it and of any language.

One thing can be written in many ways (``FREQ=DAILY;BYDAY=TH`` is ``FREQ=WEEKLY;BYDAY=TH``); a shape is
the way in which a person would say it. What dateutil, which expands the rules, makes of a part
decides here: an ordinal counts only within months and years, parts named together narrow each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

import recurrence as rules
from recurrence import Rule

FEW_MONTHS = 3
"So many are named with the date: “on 1 March and 1 September”; more of them, as a limit: “from March to June”."
ALL_WEEKDAYS, ALL_MONTHS = 7, 12


class Period(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


PERIODS = {
    rules.DAILY: Period.DAY,
    rules.WEEKLY: Period.WEEK,
    rules.MONTHLY: Period.MONTH,
    rules.YEARLY: Period.YEAR,
}


@dataclass(frozen=True)
class Weekdays:
    """All of these days of the week; Monday is 0."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class Monthdays:
    """Days of the month; negative ones count from its end."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class Nth:
    """The first Monday, the last Friday: pairs of an ordinal and a weekday."""

    days: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class NthAmong:
    """The first day that is one of these weekdays."""

    ordinals: tuple[int, ...]
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class Falling:
    """These weekdays, where they fall on these days of the month, all of them positive."""

    weekdays: tuple[int, ...]
    monthdays: tuple[int, ...]


Days = Weekdays | Monthdays | Nth | NthAmong | Falling


@dataclass(frozen=True)
class Shape:
    """Which days, in every so many-th of which period, in which months (none named: all)."""

    period: Period
    interval: int
    days: Days | None = None
    months: tuple[int, ...] = ()


class Unspoken(ValueError):
    """Nobody would say such a rule aloud."""


def shape_of(rule: Rule, start: dt.datetime) -> Shape | None:
    """The shape of a rule that begins on a day; None where nobody would say it aloud."""
    try:
        return _shape(rule, start)
    except Unspoken:
        return None


def _shape(rule: Rule, start: dt.datetime) -> Shape:
    freq = rule.freq
    weekdays, nth = _byday(rule)
    monthdays = _numbers(rule.bymonthday)
    months = _numbers(rule.bymonth)
    positions = _numbers(rule.bysetpos)
    if len(months) == ALL_MONTHS and (freq != rules.YEARLY or (rule.interval == 1 and not positions)):
        months, freq = (), rules.MONTHLY if freq == rules.YEARLY else freq
    if not (weekdays or nth or monthdays):
        weekdays, monthdays, months = _as_it_begins(freq, start, months)
        if set(positions) <= {1, -1} and (freq == rules.MONTHLY or len(months) == 1):
            positions = ()  # it is the only one
    if positions:
        if nth or monthdays or not weekdays or (freq == rules.YEARLY and len(months) > 1):
            raise Unspoken
        return _said_plainly(freq, rule.interval, _chosen(positions, weekdays), months)
    return _said_plainly(freq, rule.interval, _named(weekdays, nth, monthdays), months)


def _as_it_begins(
    freq: int, start: dt.datetime, months: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Weekdays, days of the month and months that the first date decides."""
    if freq == rules.WEEKLY:
        return (start.weekday(),), (), months
    if freq == rules.MONTHLY:
        return (), (start.day,), months
    if freq == rules.YEARLY:
        return (), (start.day,), months or (start.month,)
    return (), (), months


def _chosen(positions: tuple[int, ...], weekdays: tuple[int, ...]) -> Days:
    if len(weekdays) == 1:
        return Nth(tuple((position, weekdays[0]) for position in positions))
    return NthAmong(positions, weekdays)


def _named(weekdays: tuple[int, ...], nth: tuple[tuple[int, int], ...], monthdays: tuple[int, ...]) -> Days | None:
    if nth:
        if weekdays or monthdays:
            raise Unspoken
        return Nth(nth)
    if weekdays and monthdays:
        if min(monthdays) < 0:
            raise Unspoken
        return Falling(weekdays, monthdays)
    if weekdays:
        return Weekdays(weekdays)
    return Monthdays(monthdays) if monthdays else None


def _said_plainly(freq: int, interval: int, days: Days | None, months: tuple[int, ...]) -> Shape:
    """The period in which people think of such days."""
    period = PERIODS[freq]
    if isinstance(days, Weekdays) and len(days.days) == ALL_WEEKDAYS and (interval == 1 or period == Period.DAY):
        days, period = None, Period.DAY
    if interval > 1:
        if period == Period.WEEK and not isinstance(days, Weekdays):
            raise Unspoken
        if period == Period.DAY and isinstance(days, Falling):
            raise Unspoken
        return Shape(period, interval, days, months)
    if days is None:
        return Shape(Period.DAY, 1, None, months)
    if isinstance(days, Weekdays):
        return Shape(Period.WEEK, 1, days, months)
    if isinstance(days, Nth | NthAmong) and not months:
        return Shape(period, 1, days)
    few = 0 < len(months) <= FEW_MONTHS
    return Shape(Period.YEAR if few else Period.MONTH, 1, days, months)


def _byday(rule: Rule) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Weekdays, and weekdays with an ordinal, each once and in order."""
    plain, nth = set(), set()
    for day in rule.byday:
        number, ordinal = (day, None) if isinstance(day, int) else (day.number, day.index)
        if ordinal and rule.freq in (rules.MONTHLY, rules.YEARLY):
            nth.add((ordinal, number))
        else:
            plain.add(number)
    # From the beginning of the month to its end, then by weekday.
    return tuple(sorted(plain)), tuple(sorted(nth, key=lambda pair: (_from_the_start(pair[0]), pair[1])))


def _numbers(values: list[int]) -> tuple[int, ...]:
    return tuple(sorted({int(value) for value in values or []}, key=_from_the_start))


def _from_the_start(number: int) -> tuple[bool, int]:
    return number < 0, number
