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


Dates = dict[str, list[tuple[dt.datetime | dt.date, dt.datetime | dt.date]]]
END_OF_TIME = dt.datetime(2037, 1, 1, tzinfo=dt.UTC)


def estranged(body: bytes) -> str:
    """The feed with zone names nobody knows, so that only its own VTIMEZONEs can be believed."""
    text = body.decode()
    for line in [line for line in text.split("\r\n") if line.startswith("TZID:")]:
        tzid, stranger = line.removeprefix("TZID:"), f"Unheard/Of-{next(serial)}"
        text = text.replace(f"TZID:{tzid}\r\n", f"TZID:{stranger}\r\n").replace(f"TZID={tzid}:", f"TZID={stranger}:")
    return text


def _utc(moment: dt.datetime | dt.date) -> dt.datetime | dt.date:
    if not isinstance(moment, dt.datetime):
        return moment
    if moment.tzinfo is None:  # vobject keeps no zone that equals UTC, as that of Abidjan
        return moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC)


def dates_by_icalendar(body: bytes) -> Dates:
    found: Dates = {}
    for event in icalendar.Calendar.from_ical(estranged(body)).walk("VEVENT"):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        starts = [start]
        if "RRULE" in event:
            aware = start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time())
            rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=aware, forceset=True, ignoretz=False)
            lines = event.get("EXDATE", [])
            for line in lines if isinstance(lines, list) else [lines]:
                for skipped in line.dts:
                    at = skipped.dt
                    rule.exdate(at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time()))
            starts = list(itertools.takewhile(lambda at: at.year < 2037, rule))
            starts = starts if isinstance(start, dt.datetime) else [at.date() for at in starts]
        found[str(event["UID"])] = [(_utc(at), _utc(at + (end - start))) for at in starts]
    return found


def dates_by_vobject(body: bytes) -> Dates:
    found: Dates = {}
    for event in vobject.readOne(estranged(body)).vevent_list:
        start, end = event.dtstart.value, event.dtend.value
        rules = event.getrruleset()
        starts = itertools.takewhile(lambda at: at.year < 2037, rules) if rules else [start]
        kind = (lambda at: at) if isinstance(start, dt.datetime) else (lambda at: dt.date(at.year, at.month, at.day))
        found[event.uid.value] = [(_utc(kind(at)), _utc(kind(at) + (end - start))) for at in starts]
    return found


def dates_by_ical(body: bytes) -> Dates:
    found: Dates = {}
    calendar = IcsCalendarStream.calendar_from_ics(estranged(body))
    for event in calendar.timeline_tz(dt.UTC).overlapping(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), END_OF_TIME):
        found.setdefault(event.uid, []).append((_utc(event.start), _utc(event.end)))
    return {uid: sorted(dates) for uid, dates in found.items()}


READERS: list[Callable[[bytes], Dates]] = [dates_by_icalendar, dates_by_vobject, dates_by_ical]
