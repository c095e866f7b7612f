"""icalendar reads (Plone), dateutil gives the dates of a rule."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

from .feed import HEAD, TAIL, Dates, Series, estranged, like, offsets, until_the_end, utc


def zone(vtimezone: str, hours: list[dt.datetime]) -> list[dt.timedelta]:
    (told,) = Calendar.from_ical(HEAD + vtimezone + TAIL).walk("VTIMEZONE")
    return offsets(told.to_tz(lookup_tzid=False), hours)


def dates(body: bytes) -> Dates:
    found: dict[str, Series] = defaultdict(Series)
    for event in Calendar.from_ical(estranged(body)).walk("VEVENT"):
        series, start = found[str(event["UID"])], event["DTSTART"].dt
        length = event["DTEND"].dt - start
        takes_place = event.get("STATUS") != "CANCELLED"
        if "RECURRENCE-ID" in event:
            span = (utc(start), utc(start + length))
            series.override(utc(event["RECURRENCE-ID"].dt), span if takes_place else None)
        elif takes_place:
            series.gives((utc(at), utc(at + length)) for at in _starts(event, start))
    return {uid: series.takes_place() for uid, series in found.items() if series.takes_place()}


def _starts(event: Any, start: Any) -> list[Any]:
    if "RRULE" not in event:
        return [start]
    whole_days = not isinstance(start, dt.datetime)
    dated: rruleset = rrulestr(
        event["RRULE"].to_ical().decode(),
        dtstart=dt.datetime.combine(start, dt.time()) if whole_days else start,
        forceset=True,
        ignoretz=whole_days,
    )
    lines = event.get("EXDATE", [])
    for line in lines if isinstance(lines, list) else [lines]:
        for skipped in line.dts:
            dated.exdate(dt.datetime.combine(skipped.dt, dt.time()) if whole_days else skipped.dt)
    return [like(start)(at) for at in until_the_end(dated)]
