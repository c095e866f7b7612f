"""Fair hours: what the clocks of the regions show on the dates of a series, and whose night it is then.

For a page, a letter or the editors' form::

    table = fair.table(event, dates, "fr")          # dates: [(starts_at, ends_at), …], instants
    table.place                                     # Clock: the event's own zone
    table.clocks                                    # the other clocks, from west to east
    for row in table.rows:
        row.date_text                               # "jeudi 28 octobre 2027", at the place
        row.place.time_text, row.place.span_text    # "15 h", "15 h – 16 h 30"
        for cell in row.cells:                      # one for each of table.clocks
            cell.time_text, cell.day_shift, cell.weekday, cell.is_night, cell.is_shifted

Three rules, each for one cell:

- ``is_night``: some of the meeting falls between 22:00 and 07:00 there. The hours are ours: they are the
  night of the European directive on noise (2002/49/EC, annex I: 23:00 to 07:00) with an hour to fall asleep.
  What lasts a day or more is nobody's night in particular, and is never marked.
- ``is_shifted``: the hour there, counted from the hour at the place, is another one than on the date before,
  because one of the two put its clock forward or back and the other did not (or on another day). A date that
  was moved by hand is not shifted by that.
- ``day_shift``: the day there is the one before (-1) or after (+1) the day at the place.

Regions whose clocks show the same on every date asked for stand together in one column. An event of whole
days has no hour to convert: its table has no clocks. The region that stands for the whole world has none either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date

from events.calendars.hours import day_of, tell, time_of
from events.calendars.vtimezone import is_utc
from events.calendars.zone_names import city, locale
from pages.trilingual import shown
from regions.models import Region

EVENING, MORNING = dt.time(22), dt.time(7)
ONE_DAY = dt.timedelta(days=1)
WORLD = "GLOBAL"

Span = tuple[dt.datetime, dt.datetime]
"When a date begins and ends: two aware instants."


class Placed(Protocol):
    """What of an event is asked for here; its row, or what an editor is typing."""

    @property
    def timezone(self) -> str: ...
    @property
    def all_day(self) -> bool: ...


@dataclass(frozen=True)
class Clock:
    """A column: one clock, and the regions that go by it, named in the language."""

    zone: str
    city: str
    regions: tuple[str, ...]

    @property
    def name(self) -> str:
        """ "Asie-Pacifique"; a clock that no region goes by has the name of its city."""
        return ", ".join(self.regions) or self.city


@dataclass(frozen=True)
class Cell:
    """One date on one clock."""

    zone: str
    start: dt.datetime
    "On that clock, aware."
    end: dt.datetime
    time_text: str
    "The hour at which it begins there."
    span_text: str
    "From when to when."
    day_shift: int
    weekday: str
    "The day of the week there, in full."
    is_night: bool
    is_shifted: bool

    @property
    def iso(self) -> str:
        return self.start.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Row:
    """One date on all clocks."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    date_text: str
    place: Cell
    cells: tuple[Cell, ...]

    @property
    def is_shifted(self) -> bool:
        """Whether somebody's hour is another one than on the date before."""
        return any(cell.is_shifted for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """Dates by clocks."""

    place: Clock
    clocks: tuple[Clock, ...]
    rows: tuple[Row, ...]

    @property
    def has_night(self) -> bool:
        return any(cell.is_night for row in self.rows for cell in (row.place, *row.cells))

    @property
    def has_shift(self) -> bool:
        return any(row.is_shifted for row in self.rows)


def table(
    event: Placed,
    dates: Iterable[Span],
    language: str,
    *,
    before: dt.datetime | None = None,
    regions: Sequence[tuple[str, str]] | None = None,
) -> Table:
    """The dates given, on the clock of the place and on those of the regions.

    Args:
        event: its zone, and whether it takes whole days.
        dates: the instants between which each date lies, the earliest first.
        language: of all texts, whatever is active.
        before: when the date before the first one began; with it the first row can be shifted too.
        regions: (name, zone) of each region, where a caller makes several tables;
            asked for in one query if not given.
    """
    spans = sorted(dates)
    instants = [start for start, _end in spans]
    own = ZoneInfo(event.timezone)
    if event.all_day:
        regions = ()
    elif regions is None:
        regions = of_regions(language)
    columns: dict[tuple[dt.timedelta, ...], list[tuple[str, str]]] = {}
    seen = [before, *instants] if before else instants
    for name, zone in regions:
        columns.setdefault(_offsets(seen, ZoneInfo(zone)), []).append((name, zone))
    same = columns.pop(_offsets(seen, own), [])
    clocks = tuple(
        _clock(sharing[0][1], [name for name, _zone in sharing], language)
        for _offsets_there, sharing in sorted(columns.items(), key=lambda column: column[0][:1])
    )
    rows = []
    earlier = before
    for starts_at, ends_at in spans:
        place = _cell(starts_at, ends_at, event.timezone, own, None, language, event.all_day)
        cells = tuple(_cell(starts_at, ends_at, clock.zone, own, earlier, language) for clock in clocks)
        rows.append(Row(starts_at, ends_at, day_of(place.start, language), place, cells))
        earlier = starts_at
    return Table(_clock(event.timezone, [name for name, _zone in same], language), clocks, tuple(rows))


def of_regions(language: str) -> list[tuple[str, str]]:
    """(name, zone) of every region but the whole world, in their own order; one query."""
    known = Region.objects.exclude(code=WORLD).values_list("name", "default_timezone")
    return [(shown(name, language).text, zone) for name, zone in known]


def is_night(start: dt.datetime, end: dt.datetime) -> bool:
    """Whether some of a span falls between 22:00 and 07:00 on the clock that it is told on."""
    if end - start >= ONE_DAY:
        return False
    return (
        start.time() >= EVENING
        or start.time() < MORNING
        or end.date() > start.date()  # over midnight
        or end.time() > EVENING
    )


def is_shifted(earlier: dt.datetime, later: dt.datetime, zone: str, place: str) -> bool:
    """Whether between two instants one of two zones changed its clock against the other."""
    there, own = ZoneInfo(zone), ZoneInfo(place)
    return _ahead(earlier, there, own) != _ahead(later, there, own)


def _ahead(moment: dt.datetime, there: ZoneInfo, own: ZoneInfo) -> dt.timedelta:
    """How far one clock is ahead of another."""
    return _offset(moment, there) - _offset(moment, own)


def _offset(moment: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()


def _offsets(instants: Iterable[dt.datetime], zone: ZoneInfo) -> tuple[dt.timedelta, ...]:
    return tuple(_offset(instant, zone) for instant in instants)


def _clock(zone: str, regions: list[str], language: str) -> Clock:
    return Clock(zone, "UTC" if is_utc(zone) else city(zone, language), tuple(dict.fromkeys(regions)))


def _cell(
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    zone: str,
    own: ZoneInfo,
    earlier: dt.datetime | None,
    language: str,
    all_day: bool = False,
) -> Cell:
    there = ZoneInfo(zone)
    start, end = starts_at.astimezone(there), ends_at.astimezone(there)
    told = tell(starts_at, ends_at, zone, all_day, start, end - ONE_DAY if all_day else end, language).time_text
    return Cell(
        zone=zone,
        start=start,
        end=end,
        time_text=told if all_day else time_of(start, language),
        span_text=told,
        day_shift=(start.date() - starts_at.astimezone(own).date()).days,
        weekday=format_date(start, "EEEE", locale(language)),
        is_night=not all_day and is_night(start, end),
        is_shifted=earlier is not None and _ahead(earlier, there, own) != _ahead(starts_at, there, own),
    )
