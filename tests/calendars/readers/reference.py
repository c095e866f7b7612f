"""The reference for zones: RFC 5545 3.6.5 read literally."""

from __future__ import annotations

import datetime as dt

from dateutil.rrule import rrulestr


def onsets(vtimezone: str) -> list[tuple[dt.datetime, dt.timedelta, dt.timedelta]]:
    """When the clocks change, as (instant, offset before, offset after).

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
        before, after = _offset(lines["TZOFFSETFROM"]), _offset(lines["TZOFFSETTO"])
        found += [(date - before, before, after) for date in dates]
    return sorted(found)


def _offset(text: str) -> dt.timedelta:
    sign = -1 if text[0] == "-" else 1
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    return sign * dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
