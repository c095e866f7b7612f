"""From the clock on the wall to the instant, and where the clock lies."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

Problem = Literal["gap", "twice"]


def instant(local: dt.datetime, zone: str, fold: int | None = None) -> dt.datetime:
    """The UTC instant of a naive wall-clock time in a zone.

    ``fold`` chooses between the two instants of an hour that comes twice: 0 the
    first (PEP 495), 1 the second. A time inside a spring gap is read with the
    offset before the gap (RFC 5545 3.3.5), as expansion of a series needs it.

    Raises:
        ValueError: the time carries a zone already.
    """
    if local.tzinfo is not None:
        raise ValueError(f"not a wall-clock time: {local!r}")
    return local.replace(tzinfo=ZoneInfo(zone), fold=fold or 0).astimezone(dt.UTC)


def clock_problem(local: dt.datetime, zone: str) -> Problem | None:
    """ "gap" for a time the clock skips, "twice" for one that it shows twice, else None."""
    there = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return None
    return "twice" if first > second else "gap"  # type: ignore[operator]


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The UTC instant at which a day begins in a zone (later than 00:00 where the clock skips it)."""
    return instant(dt.datetime.combine(day, dt.time.min), zone)
