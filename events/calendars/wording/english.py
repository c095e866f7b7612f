"""English: “every second Thursday at 15:00, Paris time”."""

from __future__ import annotations

import datetime as dt

from events.calendars.days import long_date

from .shape import Period
from .tongue import (
    LONG_RUN,
    RUN,
    WORKDAYS,
    Tongue,
    by_weekday,
    everyday,
    is_run,
    joined,
)

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
TEENS = (11, 12, 13)


class English(Tongue):
    language = "en"
    GENERAL = "on dates set by a rule of its own"
    NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    WHEN_THERE_IS_ONE, WHEN_THERE_ARE_ANY = "when there is one", "when there are any"
    OF_EVERY_MONTH, OF_THE_MONTH = "of every month", "of the month"
    OF_EVERY_YEAR, OF_THE_YEAR = "of every year", "of the year"

    def every(self, period: Period, interval: int) -> str:
        noun = period.value
        return f"every second {noun}" if interval == 2 else f"every {self.number(interval)} {noun}s"

    def every_day(self) -> str:
        return "every day"

    def weekly(self, weekdays: tuple[int, ...]) -> str:
        if is_run(weekdays, LONG_RUN):
            return f"every day from {self._from_to(weekdays)}"
        return f"every {joined(map(self.weekday, weekdays), 'and')}"

    def every_weeks(self, interval: int, weekdays: tuple[int, ...]) -> str:
        if interval == 2 and len(weekdays) == 1:
            return f"every second {self.weekday(weekdays[0])}"
        if everyday(weekdays):
            return f"{self.every(Period.WEEK, interval)}, every day"
        if is_run(weekdays, LONG_RUN):
            return f"{self.every(Period.WEEK, interval)} from {self._from_to(weekdays)}"
        return f"{self.every(Period.WEEK, interval)} on {joined(map(self.weekday, weekdays), 'and')}"

    def _from_to(self, weekdays: tuple[int, ...]) -> str:
        return f"{self.weekday(weekdays[0])} to {self.weekday(weekdays[-1])}"

    def after_period(self, period: Period, interval: int, told: str) -> str:
        if interval == 1:
            return f"every year{',' if told.startswith('every') else ''} {told}"
        return f"{self.every(period, interval)}{',' if told.startswith('every') else ''} {told}"

    def if_weekday(self, weekdays: tuple[int, ...]) -> str:
        return f"if that is {joined((f'a {self.weekday(day)}' for day in weekdays), 'or')}"

    def if_monthday(self, monthdays: tuple[int, ...]) -> str:
        return f"if that is {self._monthdays(monthdays, 'or')} of the month"

    def each_weekday(self, weekdays: tuple[int, ...], of: str) -> str:
        if everyday(weekdays):
            return f"every day {of}"
        return f"every {joined(map(self.weekday, weekdays), 'and')} {of}"

    def on_monthdays(self, monthdays: tuple[int, ...], of: str) -> str:
        told = f"on {self._monthdays(monthdays)}"
        return told if of == self.OF_THE_MONTH and min(monthdays) > 0 else f"{told} {of}"

    def _monthdays(self, monthdays: tuple[int, ...], word: str = "and") -> str:
        return joined((f"the {self._monthday(day)}" for day in monthdays), word)

    def _monthday(self, day: int) -> str:
        return _figure(day) if day > 0 else f"{self._ordinal(day)} day"

    def _ordinal(self, number: int) -> str:
        if number > 0:
            return ORDINALS.get(number) or _figure(number)
        return "last" if number == -1 else f"{self._ordinal(-number)}-to-last"

    def on_nth(self, days: tuple[tuple[int, int], ...], of: str) -> str:
        told = [
            f"the {joined(map(self._ordinal, ordinals), 'and')} {self.weekday(weekday)}"
            for weekday, ordinals in by_weekday(days)
        ]
        return f"on {joined(told, 'and')} {of}"

    def on_nth_among(self, ordinals: tuple[int, ...], weekdays: tuple[int, ...], of: str) -> str:
        nth = f"on the {joined(map(self._ordinal, ordinals), 'and')}"
        if everyday(weekdays):
            return f"{nth} day {of}"
        if is_run(weekdays, LONG_RUN):
            noun = "weekday" if weekdays == WORKDAYS else "day"
            return f"{nth} {noun} {of} ({self._from_to(weekdays)})"
        return f"{nth} day {of} that is {joined((f'a {self.weekday(day)}' for day in weekdays), 'or')}"

    def falling(self, weekdays: tuple[int, ...], monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        who = f"every {joined(map(self.weekday, weekdays), 'or')} that falls"
        if len(months) == 1:
            month = self.month(months[0])
            if is_run(monthdays, RUN):
                return f"{who} between {monthdays[0]} and {monthdays[-1]} {month}"
            return f"{who} on {joined(map(str, monthdays), 'or')} {month}"
        if is_run(monthdays, RUN):
            told = f"{who} between the {_figure(monthdays[0])} and the {_figure(monthdays[-1])} of the month"
        else:
            told = f"{who} on {self._monthdays(monthdays, 'or')}"
        return told

    def dates(self, monthdays: tuple[int, ...], months: tuple[int, ...]) -> str:
        if len(months) == 1 and min(monthdays) > 0:
            return f"on {joined(map(str, monthdays), 'and')} {self.month(months[0])}"
        return f"on {joined((self._date(day, month) for month in months for day in monthdays), 'and')}"

    def _date(self, day: int, month: int) -> str:
        return f"{day} {self.month(month)}" if day > 0 else f"the {self._monthday(day)} of {self.month(month)}"

    def of_months(self, months: tuple[int, ...]) -> str:
        return f"of {joined(map(self.month, months), 'and')}"

    def in_months(self, months: tuple[int, ...]) -> str:
        return f"in {joined(map(self.month, months), 'and')}"

    def between(self, first: int, last: int) -> str:
        return f"from {self.month(first)} to {self.month(last)}"

    def only_in(self, months: tuple[int, ...], run: tuple[int, int] | None) -> str:
        return f"{self.between(*run) if run else self.in_months(months)} only"

    def at(self, time: dt.time) -> str:
        return f"at {self.clock(time)}"

    def of_zone(self, zone: str) -> str:
        place = self.city(zone)
        return "Universal Time (UTC)" if place == "UTC" else f"{place} time"

    def times(self, count: int) -> str:
        return {1: "once only", 2: "twice in all"}.get(count) or f"{self.number(count)} times in all"

    def until(self, day: dt.date) -> str:
        return f"until {long_date(day, self.language)}"


def _figure(number: int) -> str:
    """ "1st", "12th", "23rd"."""
    ending = "th" if number % 100 in TEENS else ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"
