"""vobject reads (Radicale, Apple's old calendar server) and gives the dates of a rule."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from vobject import readOne

from .feed import Dates, Moment, Series, alone, estranged, like, offsets, until_the_end, utc


def zone(vtimezone: str, hours: list[dt.datetime]) -> list[dt.timedelta]:
    return offsets(readOne(alone(vtimezone)).vtimezone.gettzinfo(), hours)


def dates(body: bytes) -> Dates:
    found: dict[str, Series] = defaultdict(Series)
    for event in readOne(estranged(body)).vevent_list:
        series, start = found[event.uid.value], event.dtstart.value
        length = event.dtend.value - start
        takes_place = getattr(event, "status", None) is None or event.status.value != "CANCELLED"
        if "recurrence-id" in event.contents:
            span = (_utc(start), _utc(start + length))
            series.override(_utc(event.recurrence_id.value), span if takes_place else None)
        elif takes_place:
            rules = event.getrruleset()
            starts = map(like(start), until_the_end(rules)) if rules else [start]
            series.gives((_utc(at), _utc(at + length)) for at in starts)
    return {uid: series.takes_place() for uid, series in found.items() if series.takes_place()}


def _utc(moment: Moment) -> Moment:
    """vobject takes the zone away from times at UTC or in a zone that never leaves it, as that of Abidjan."""
    if isinstance(moment, dt.datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    return utc(moment)
