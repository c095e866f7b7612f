"""Hours: when an event is, told to people, at the place, in another zone, in UTC.

For a page or a letter::

    there = hours.at_place(event, "fr")                  # or occurrence=one_of_its_dates
    here = hours.in_zone(event, "America/Toronto", "fr")
    utc = hours.in_zone(event, "UTC", "fr")

    there.date_text   # "mardi 14 septembre 2027", "14–16 septembre 2027"
    there.time_text   # "8 h 30 – 10 h", "22 h – 1 h le lendemain", "toute la journée"
    there.zone_name   # "heure d’Europe centrale (Paris, UTC+2)"; "" for an all-day event
    there.start_iso   # for <time datetime="…">: "2027-09-14T08:30+02:00", "2027-09-14" if all day
    there.end_iso     # all day: the last day itself
    str(there)        # all of it in one line
    there.says_as(here)  # True where both clocks show the same: one line is enough

An all-day event is the same day everywhere: no zone shifts it. The texts are for
one language, whatever is active. Spaces within a time do not break.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext, override

from events.calendars.zone_names import locale, zone_name
from events.models.occurrence import span

if TYPE_CHECKING:
    from events.models import Event, Occurrence

NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
# A party that ends before breakfast still belongs to its evening.
BREAKFAST = dt.time(6)
NIGHT = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Hours:
    """When something is, on one clock, in one language."""

    date_text: str
    time_text: str
    zone_name: str
    start_iso: str
    end_iso: str
    zone: str
    names_days: bool = False
    "Whether the hours name their days, so that the date need not stand beside them."

    def __str__(self) -> str:
        return ", ".join(part for part in (self.date_text, self.time_text, self.zone_name) if part)

    def says_as(self, other: Hours) -> bool:
        """Whether both name the same day and hour, whatever their zones are called."""
        return (self.date_text, self.time_text) == (other.date_text, other.time_text)


def at_place(event: Event, language: str, occurrence: Occurrence | None = None) -> Hours:
    """The hours on the clock of the event's own zone; of its first date unless one is given."""
    return in_zone(event, event.timezone, language, occurrence)


def in_zone(event: Event, zone: str, language: str, occurrence: Occurrence | None = None) -> Hours:
    """The hours on the clock of another zone, an IANA name.

    Raises:
        zoneinfo.ZoneInfoNotFoundError, ValueError: there is no such zone.
    """
    date = occurrence or event
    starts_at, ends_at = date.starts_at, date.ends_at
    if starts_at is None or ends_at is None:  # a draft has no instants yet
        instants = span(
            date.start_local, date.end_local, event.timezone, event.all_day, event.start_fold, event.end_fold
        )
        starts_at, ends_at = instants["starts_at"], instants["ends_at"]
    return tell(starts_at, ends_at, zone, event.all_day, date.start_local, date.end_local, language)


def tell(
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    zone: str,
    all_day: bool,
    start_local: dt.datetime,
    end_local: dt.datetime,
    language: str,
) -> Hours:
    """The hours of a span.

    Args:
        starts_at, ends_at: the instants, aware.
        zone: the IANA zone to tell them in.
        start_local, end_local: wall clock at the place; of an all-day event only
            their days count, and both are included.
    """
    if all_day:
        first, last = start_local.date(), end_local.date()
        with override(language):
            whole = gettext("all day")
        return Hours(_days(first, last, language), whole, "", first.isoformat(), last.isoformat(), zone)
    there = ZoneInfo(zone)
    start, end = starts_at.astimezone(there), ends_at.astimezone(there)
    one_evening = _one_evening(start, end)
    return Hours(
        date_text=_days(start.date(), start.date() if one_evening else end.date(), language),
        time_text=_times(start, end, one_evening, language),
        zone_name=zone_name(zone, starts_at, ends_at, language),
        start_iso=start.isoformat(timespec="minutes"),
        end_iso=end.isoformat(timespec="minutes"),
        zone=zone,
        names_days=start.date() != end.date() and not one_evening,
    )


def time_of(moment: dt.time | dt.datetime, language: str) -> str:
    """One hour as the language writes it: "8 h 30", "08:30", "8:30"."""
    if language == "en":
        return f"{moment:%H:%M}"
    if language == "es":
        return f"{moment.hour}:{moment:%M}"
    minutes = f"{NARROW}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{NARROW}h{minutes}"


def day_of(day: dt.date, language: str) -> str:
    """One day in full: "mercredi 1er septembre 2027"."""
    return _first(format_date(day, "full", locale(language)), language)


def _one_evening(start: dt.datetime, end: dt.datetime) -> bool:
    next_morning = end.date() == start.date() + dt.timedelta(days=1) and end.time() <= BREAKFAST
    return next_morning and end - start < NIGHT


def _days(first: dt.date, last: dt.date, language: str) -> str:
    """A day in full, or a range without what its two ends share: "30 août – 1er septembre 2027"."""
    if first == last:
        return day_of(first, language)
    spoken = locale(language)
    formats = spoken.interval_formats
    patterns = formats.get("yMMMMd") or formats["yMMMd"]
    field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    early, late = (re.sub("M+", "MMMM", pattern) for pattern in patterns[field])
    return _first(format_date(first, early, spoken) + format_date(last, late, spoken), language)


def _times(start: dt.datetime, end: dt.datetime, one_evening: bool, language: str) -> str:
    begins, ends = time_of(start, language), time_of(end, language)
    if start == end:
        return begins
    dash = f"{NO_BREAK}– " if language == "fr" else "–"
    if start.date() == end.date():
        return f"{begins}{dash}{ends}"
    if one_evening:
        with override(language):
            return f"{begins}{dash}" + gettext("%(time)s the next day") % {"time": ends}
    days = (_first(format_skeleton("MMMd", day, locale=locale(language)), language) for day in (start, end))
    return f"{NO_BREAK}– ".join(f"{day}, {time}" for day, time in zip(days, (begins, ends), strict=True))


def _first(text: str, language: str) -> str:
    """French counts the first of a month as an ordinal: "1er"."""
    return re.sub(r"\b1\b", "1er", text) if language == "fr" else text
