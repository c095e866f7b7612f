"""`ical` (Home Assistant) reads and expands, overrides included."""

from __future__ import annotations

import datetime as dt

from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus
from ical.timezone import IcsTimezoneInfo

from .feed import END_OF_TIME, Dates, alone, estranged, offsets, utc


def zone(vtimezone: str, hours: list[dt.datetime]) -> list[dt.timedelta]:
    calendar = IcsCalendarStream.calendar_from_ics(alone(vtimezone))
    return offsets(IcsTimezoneInfo.from_timezone(calendar.timezones[0]), hours)


def dates(body: bytes) -> Dates:
    found: Dates = {}
    calendar = IcsCalendarStream.calendar_from_ics(estranged(body))
    for event in calendar.timeline_tz(dt.UTC).overlapping(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), END_OF_TIME):
        if event.status != EventStatus.CANCELLED:
            found.setdefault(event.uid, []).append((utc(event.start), utc(event.end)))
    return {uid: sorted(spans) for uid, spans in found.items()}
