"""Days: a date told in pieces, for pages on which it is the strongest thing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton
from django.utils.translation import override, pgettext

from events.calendars.hours import BREAKFAST, day_of, time_of
from events.calendars.zone_names import locale

if TYPE_CHECKING:
    from events.models import Occurrence

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A date or a run of dates within a month: 15–17, May 2023, Monday – Wednesday.

    ``last`` is None for a single day; a run that ends in another month says so
    in ``until`` instead ("until 30 July"). All texts are in one language.
    """

    first: int
    last: int | None
    month: str
    month_short: str
    year: int
    weekdays: str
    weekdays_short: str
    until: dt.date | None
    start: dt.date
    end: dt.date

    @property
    def iso(self) -> str:
        return self.start.isoformat()


def day(start: dt.datetime, end: dt.datetime, all_day: bool, language: str) -> Day:
    """The days of a wall-clock span."""
    first, last = start.date(), last_day(start, end, all_day)
    same_month = (first.year, first.month) == (last.year, last.month)
    several = last > first
    return Day(
        first=first.day,
        last=last.day if several and same_month else None,
        month=month_of(first, language),
        month_short=format_date(first, "LLL", locale(language)),
        year=first.year,
        weekdays=_weekdays(first, last, "EEEE", language),
        weekdays_short=_weekdays(first, last, "EEE" if several else "EEEE", language),
        until=None if same_month else last,
        start=first,
        end=last,
    )


def last_day(start: dt.datetime, end: dt.datetime, all_day: bool) -> dt.date:
    """The last day of a wall-clock span. A night that ends before breakfast belongs to its evening."""
    first, last = start.date(), end.date()
    if all_day or last == first:
        return last
    one_night = last - first == ONE_DAY and end.time() <= BREAKFAST
    return last - ONE_DAY if one_night or end.time() == dt.time.min else last


def month_of(date: dt.date, language: str) -> str:
    """The name of a month standing by itself: "septembre"."""
    return format_date(date, "LLLL", locale(language))


def short_date(date: dt.date, language: str, year: bool = True) -> str:
    """ "30 juil. 2027" or "30 juil."."""
    text = format_skeleton("yMMMd" if year else "MMMd", date, locale=locale(language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and date.day == 1 else text


def long_date(date: dt.date, language: str) -> str:
    """ "20 juin 2023", "1er juin 2023"."""
    text = format_date(date, "long", locale(language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and date.day == 1 else text


def moved_from(date: Occurrence, language: str) -> str:
    """When a date of a series was to be, its day, or its hour where only that is another; "" if it is not moved."""
    if not date.is_moved:
        return ""
    with override(language):
        if date.original.date() == date.start_local.date():
            return pgettext("moved from", "%(time)s") % {"time": time_of(date.original, language)}
        return pgettext("moved from", "%(day)s") % {"day": day_of(date.original.date(), language)}


def _weekdays(first: dt.date, last: dt.date, form: str, language: str) -> str:
    names = [format_date(date, form, locale(language)) for date in dict.fromkeys((first, last))]
    return "\N{NO-BREAK SPACE}– ".join(names)
