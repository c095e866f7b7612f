"""VTIMEZONE: a zone told to calendar apps, right in 2015 as in 2030 (RFC 5545 3.6.5).

Made from tzdata itself, because the generators at hand put every spring onset an
hour late and list dates in a form (``RDATE`` with commas) of which some readers
see only the first. Here past changes are one observance each, reaching back to
the earliest meeting of the feed; the present rule is one STANDARD and one
DAYLIGHT with ``RRULE:FREQ=YEARLY;BYMONTH;BYDAY``, which is all that Outlook reads.
The same zone and year give the same bytes in every process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

from events.calendars import tzif
from events.calendars.tzif import Change, Day, Offset, Transition

# Where a zone changes by decree or by the moon, its forecast is listed up to here.
HORIZON = 2038
# vobject takes a zone for UTC that in the years before 2020 is nothing else, whatever comes after.
UTC_NO_MORE = 2019
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
DAY = 24 * 3600
UTC_NAMES = frozenset(
    {
        "UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu",
        "Etc/UTC", "Etc/UCT", "Etc/GMT", "Etc/GMT0", "Etc/GMT+0", "Etc/GMT-0",
        "Etc/Greenwich", "Etc/Universal", "Etc/Zulu",
    }
)  # fmt: skip


def is_utc(tzid: str) -> bool:
    """Whether the zone is UTC itself: its times are written with ``Z``, without VTIMEZONE."""
    return tzid in UTC_NAMES


def vtimezones(zones: Iterable[str], since: dt.date) -> str:
    """The VTIMEZONE of each zone once, in alphabetical order; nothing for UTC."""
    return "".join(vtimezone(zone, since) for zone in sorted(set(zones)) if not is_utc(zone))


def vtimezone(tzid: str, since: dt.date) -> str:
    """One VTIMEZONE, correct from the first of January of ``since``'s year on.

    Lines end in CRLF. Whole years, so that a feed's bytes change once a year at
    most when its oldest meeting leaves it.

    Raises:
        LookupError: tzdata has no zone of that name.
    """
    return _of_year(tzid, since.year)


@lru_cache(maxsize=1024)
def _of_year(tzid: str, year: int) -> str:
    zone = tzif.read(tzid)
    if any(change.after.seconds == 0 for change in zone.until(HORIZON) if change.at.year >= year):
        year = min(year, UTC_NO_MORE)  # London, Lisbon, Casablanca: at UTC only for a season
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for observance in _observances(zone, year):
        lines += observance
    lines += ["END:VTIMEZONE", ""]
    return "\r\n".join(lines)


def _observances(zone: tzif.Zone, year: int) -> Iterator[list[str]]:
    # A day early: the first of January begins in Kiritimati while it is 31 December in UTC.
    start = dt.datetime(year, 1, 1) - dt.timedelta(days=1)
    every = zone.until(HORIZON)
    yearly = _obeying(every, zone.rule)
    earlier = [change for change in every if change.at <= start]
    later = [change for change in every if change.at > start]
    in_force = earlier[-1] if earlier else None
    if in_force is not None and in_force in yearly:
        later.insert(0, in_force)
    else:
        yield _standing(in_force, zone.first)
    for change in later:
        if change not in yearly and change.before.seconds != change.after.seconds:
            yield _observance(change)
    for half in zone.rule:
        first = next((c for c in later if c in yearly and c.after == half.after), None)
        recurring = _recurring(half.day, first.local.year) if first else None
        if first and recurring:
            yield _observance(first, *recurring)


def _obeying(changes: list[Transition], rule: tuple[Change, ...]) -> set[Transition]:
    """The unbroken run of changes, up to the last one, that today's rule gives exactly.

    Empty where the rule cannot be written as an RRULE: its changes are listed then.
    """
    if not rule or any(_recurring(half.day, HORIZON) is None for half in rule):
        return set()
    years = range(1970, HORIZON)
    given = sorted((half.in_year(y) for y in years for half in rule), key=lambda c: c.at)
    run = set()
    for change, expected in zip(reversed(changes), reversed(given), strict=False):
        if change != expected:
            break
        run.add(change)
    return run


def _recurring(day: Day, year: int) -> tuple[str, dt.datetime] | None:
    """The RRULE of a yearly day and its first moment in a year, None if there is no such RRULE.

    A change at 24:00 ("the last Thursday, 24:00" in Egypt) is written at 23:59:59
    of its day: the day after would be another date than the last Friday in years
    when the month ends on that Thursday. One further off midnight (Jerusalem, Nuuk)
    names the days of the month that it can fall on.
    """
    shift, seconds = divmod(day.seconds, DAY)
    if day.seconds == DAY:
        shift, seconds = 0, DAY - 1
    rule = f"RRULE:FREQ=YEARLY;BYMONTH={day.month};"
    onset = dt.datetime.combine(day.date(year), dt.time()) + dt.timedelta(days=shift, seconds=seconds)
    if shift == 0:
        week = -1 if day.week == 5 else day.week
        return f"{rule}BYDAY={week}{WEEKDAYS[day.weekday]}", onset
    if day.month == 2:
        return None
    length = 30 if day.month in (4, 6, 9, 11) else 31
    first = (length - 6 if day.week == 5 else 7 * day.week - 6) + shift
    if first < 1 or first + 6 > length:
        return None
    days = ",".join(str(number) for number in range(first, first + 7))
    return f"{rule}BYDAY={WEEKDAYS[(day.weekday + shift) % 7]};BYMONTHDAY={days}", onset


def _observance(change: Transition, rule: str = "", onset: dt.datetime | None = None) -> list[str]:
    forward = change.after.seconds > change.before.seconds
    # Dublin counts its winter as the exception; apps know only clocks put forward.
    kind = "DAYLIGHT" if forward and (change.before.summer or change.after.summer) else "STANDARD"
    return _lines(kind, change.after, change.before, onset or change.local, rule)


def _standing(change: Transition | None, first: Offset) -> list[str]:
    """What holds when the story begins: its true onset if it is recent, else 1970."""
    if change is not None and change.at.year >= 1970 and change.before.seconds != change.after.seconds:
        return _observance(change)
    offset = change.after if change else first
    return _lines("STANDARD", offset, offset, tzif.EPOCH, "")


def _lines(kind: str, to: Offset, since: Offset, onset: dt.datetime, rule: str) -> list[str]:
    """One observance; TZNAME is text, so a comma in it would be escaped, but no zone has one."""
    return [
        f"BEGIN:{kind}",
        f"TZNAME:{to.name}",
        f"TZOFFSETFROM:{_offset(since)}",
        f"TZOFFSETTO:{_offset(to)}",
        f"DTSTART:{onset:%Y%m%dT%H%M%S}",
        rule or f"RDATE:{onset:%Y%m%dT%H%M%S}",
        f"END:{kind}",
    ]


def _offset(offset: Offset) -> str:
    sign, seconds = ("-" if offset.seconds < 0 else "+"), abs(offset.seconds)
    tail = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds % 3600 // 60:02}{tail}"
