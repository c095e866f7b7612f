"""TZif: the transitions of a zone, read from the pinned ``tzdata`` package (RFC 9636).

``zoneinfo`` answers "which offset now?" but keeps to itself when it changes and
by which rule; a VTIMEZONE needs both. All of it comes from the same package that
the rest of the site counts with, never from the machine's own zone files.
"""

from __future__ import annotations

import calendar
import datetime as dt
import importlib.resources
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Offset:
    """What a clock shows: seconds east of UTC, whether it is summer time, its short name."""

    seconds: int
    summer: bool
    name: str

    @property
    def delta(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Transition:
    """The instant (naive UTC) at which a zone goes from one offset to another."""

    at: dt.datetime
    before: Offset
    after: Offset

    @property
    def local(self) -> dt.datetime:
        """The onset on the clock that is about to be changed, as RFC 5545 3.6.5 writes it."""
        return self.at + self.before.delta


@dataclass(frozen=True)
class Day:
    """A yearly day and hour of a POSIX rule: ``M3.5.0/2`` is the last Sunday of March, 2:00.

    ``weekday`` counts from Sunday as POSIX does; ``week`` 5 is the last one;
    ``seconds`` may be negative or go past midnight (RFC 9636 3.3.1).
    """

    month: int
    week: int
    weekday: int
    seconds: int

    def date(self, year: int) -> dt.date:
        """The named day, before the hours are added."""
        days = calendar.monthrange(year, self.month)[1]
        first = (dt.date(year, self.month, 1).isoweekday()) % 7
        day = 1 + (self.weekday - first) % 7 + 7 * (self.week - 1)
        return dt.date(year, self.month, day if day <= days else day - 7)

    def onset(self, year: int) -> dt.datetime:
        """Wall-clock moment of the change, on the clock in force before it."""
        midnight = dt.datetime.combine(self.date(year), dt.time())
        return midnight + dt.timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Change:
    """One half of a yearly rule: on this day the clock goes from ``before`` to ``after``."""

    day: Day
    before: Offset
    after: Offset

    def in_year(self, year: int) -> Transition:
        return Transition(self.day.onset(year) - self.before.delta, self.before, self.after)


@dataclass(frozen=True)
class Zone:
    """A zone as the file tells it: what was, and the rule that holds from then on."""

    first: Offset
    transitions: tuple[Transition, ...]
    rule: tuple[Change, ...]

    def until(self, year: int) -> list[Transition]:
        """All transitions before a year, those of the file and then those of the rule."""
        known = [change for change in self.transitions if change.at.year < year]
        last = self.transitions[-1].at if self.transitions else dt.datetime(1900, 1, 1)
        following = (change.in_year(one) for one in range(last.year, year) for change in self.rule)
        return known + sorted(
            (change for change in following if change.at > last and change.at.year < year),
            key=lambda change: change.at,
        )


@cache
def read(tzid: str) -> Zone:
    """The zone of that IANA name.

    Raises:
        LookupError: tzdata has no zone of that name.
    """
    source = importlib.resources.files("tzdata.zoneinfo")
    try:
        data = source.joinpath(*tzid.split("/")).read_bytes()
    except (OSError, ValueError) as problem:
        raise LookupError(f"tzdata has no zone {tzid!r}") from problem
    if data[:4] != b"TZif" or data[4:5] < b"2":
        raise LookupError(f"{tzid!r} is not a zone")
    first_block = 44 + _length(data, 4)  # the 32-bit copy, for readers of the last century
    return _zone(data[first_block:])


def _counts(header: bytes) -> tuple[int, ...]:
    return struct.unpack(">6L", header[20:44])


def _length(header: bytes, width: int) -> int:
    utc, standard, leaps, times, types, letters = _counts(header)
    return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc


def _zone(data: bytes) -> Zone:
    _utc, _standard, _leaps, times, types, letters = _counts(data)
    body = data[44:]
    moments = struct.unpack_from(f">{times}q", body)
    kinds = struct.unpack_from(f">{times}B", body, times * 8)
    names = body[times * 9 + types * 6 :][:letters]
    offsets = []
    for number in range(types):
        seconds, summer, at = struct.unpack_from(">lBB", body, times * 9 + number * 6)
        offsets.append(Offset(seconds, bool(summer), names[at : names.index(0, at)].decode()))
    before, changes = offsets[0], []
    for moment, kind in zip(moments, kinds, strict=True):
        if moment >= -(2**34):  # "since the Big Bang" is no date
            changes.append(Transition(EPOCH + dt.timedelta(seconds=moment), before, offsets[kind]))
        before = offsets[kind]
    footer = data[44 + _length(data, 8) :].strip(b"\n").decode()
    return Zone(offsets[0], tuple(changes), tuple(_rule(footer)))


NAME = r"(?:<([^>]+)>|([A-Za-z]+))"
TIME = r"[+-]?\d+(?::\d+){0,2}"
FOOTER = re.compile(rf"{NAME}({TIME})(?:{NAME}({TIME})?,(M[^,]+),(M[^,]+))?")
DAY = re.compile(rf"M(\d+)\.(\d)\.(\d)(?:/({TIME}))?")


def _rule(footer: str) -> Iterator[Change]:
    """The two halves of a POSIX TZ string, none where the zone keeps one offset."""
    match = FOOTER.fullmatch(footer)
    if match is None:
        raise LookupError(f"a zone rule of an unknown form: {footer!r}")
    name, plain, offset, summer_name, summer_plain, summer_offset, start, end = match.groups()
    if start is None:
        return
    standard = Offset(-_seconds(offset), False, name or plain)
    ahead = -_seconds(summer_offset) if summer_offset else standard.seconds + 3600
    summer = Offset(ahead, True, summer_name or summer_plain)
    yield Change(_day(start), standard, summer)
    yield Change(_day(end), summer, standard)


def _day(text: str) -> Day:
    match = DAY.fullmatch(text)
    if match is None:
        raise LookupError(f"a zone rule of an unknown form: {text!r}")
    month, week, weekday, time = match.groups()
    return Day(int(month), int(week), int(weekday), _seconds(time or "2"))


def _seconds(text: str) -> int:
    hours, minutes, seconds = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    return (-1 if text.startswith("-") else 1) * (hours * 3600 + minutes * 60 + seconds)
