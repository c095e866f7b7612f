"""Independent readers: what calendar programs that nobody here wrote make of a feed."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import icalendar
import vobject
from dateutil.rrule import rrulestr
from ical.calendar_stream import IcsCalendarStream
from ical.timezone import IcsTimezoneInfo

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n"
TAIL = "END:VCALENDAR\r\n"
# Readers trust their own data for a name they know; under a name of its own
# a VTIMEZONE has to speak for itself.
serial = itertools.count()


def renamed(vtimezone: str) -> str:
    before, tzid = vtimezone.split("\r\n")[1].split(":")
    return vtimezone.replace(f"{before}:{tzid}", f"{before}:Unheard/Of-{next(serial)}", 1)


def by_icalendar(vtimezone: str) -> dt.tzinfo:
    (zone,) = icalendar.Calendar.from_ical(HEAD + vtimezone + TAIL).walk("VTIMEZONE")
    return zone.to_tz(lookup_tzid=False)


def by_vobject(vtimezone: str) -> dt.tzinfo:
    return vobject.readOne(HEAD + renamed(vtimezone) + TAIL).vtimezone.gettzinfo()


def by_ical(vtimezone: str) -> dt.tzinfo:
    calendar = IcsCalendarStream.calendar_from_ics(HEAD + renamed(vtimezone) + TAIL)
    return IcsTimezoneInfo.from_timezone(calendar.timezones[0])


ZONE_READERS: list[Callable[[str], dt.tzinfo]] = [by_icalendar, by_vobject, by_ical]


def onsets(vtimezone: str) -> list[tuple[dt.datetime, dt.timedelta, dt.timedelta]]:
    """The reference, RFC 5545 3.6.5 read literally: (instant, offset before, offset after).

    Instants are naive UTC, sorted; an onset is DTSTART or each date of the
    RRULE, on the clock of TZOFFSETFROM.
    """
    found = []
    for block in vtimezone.split("BEGIN:")[2:]:
        lines = dict(line.split(":", 1) for line in block.split("\r\n")[1:] if ":" in line)
        start = dt.datetime.strptime(lines["DTSTART"], "%Y%m%dT%H%M%S")
        dates = [start]
        if "RRULE" in lines:
            rule = rrulestr(lines["RRULE"], dtstart=start)
            dates = list(rule.between(start, dt.datetime(2038, 1, 1), inc=True))
        before, after = offset(lines["TZOFFSETFROM"]), offset(lines["TZOFFSETTO"])
        found += [(date - before, before, after) for date in dates]
    return sorted(found)


def offset(text: str) -> dt.timedelta:
    sign = -1 if text[0] == "-" else 1
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    return sign * dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
