"""Dates: those of a series, as its page lists them, with what is different on some."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from events.calendars import days, fair, hours
from events.calendars.wording import words
from events.models.expansion import skipped_starts
from events.models.window import RegistrationState

if TYPE_CHECKING:
    from events.models import Event, Occurrence

SHOWN = 8
"Dates that one sees at once; the others are folded away."
MOST = 120
"Dates listed of each side of today: two years of weeks."
COMPARED = 6
"Dates in the table of hours."


@dataclass(frozen=True)
class Date:
    """One date of a series, told in one language."""

    occurrence: Occurrence
    hours: hours.Hours
    moved_from: str
    register_url: str = ""
    "Where one registers for this date alone, where one may."
    is_full: bool = False


@dataclass(frozen=True)
class Dates:
    """A series in time. ``lead`` is the date its page begins with: the next one that is held, else the last one.

    ``ahead`` and ``further`` hold those that are not over, cancelled ones too, the
    soonest first; ``gone`` those that are, the latest first.
    """

    lead: Occurrence | None
    rule: str
    ahead: list[Date]
    further: list[Date]
    gone: list[Date]
    skipped: list[str]
    "The days ahead that the rule gives and the series leaves out."
    goes_on: bool
    "Whether there are more dates ahead than are listed."

    @property
    def number(self) -> int:
        return len(self.ahead) + len(self.further)

    @property
    def rule_sentence(self) -> str:
        """The rule in words, as a sentence."""
        return f"{self.rule[:1].upper()}{self.rule[1:]}." if self.rule else ""


NONE = Dates(None, "", [], [], [], [], False)


def of(event: Event, language: str) -> Dates:
    """The dates of a series, in two queries; none of an event that does not recur or is not kept yet."""
    if not (event.pk and event.recurs):
        return NONE
    now = timezone.now()
    given = event.occurrences.given()
    ahead = list(given.filter(ends_at__gt=now).order_by("starts_at")[: MOST + 1])
    gone = list(given.over(now)[:MOST])
    held = [one for one in ahead if not one.is_cancelled] or [one for one in gone if not one.is_cancelled]
    lead = next(iter([*held, *ahead, *gone]), None)
    here = _registering(event, ahead[:MOST], now)
    told = [_date(event, one, language, *here.get(one.pk, ())) for one in ahead[:MOST]]
    until = max((one.start_local for one in ahead[:MOST]), default=None)
    skipped = skipped_starts(event.recurrence, event.start_local) if until else []
    today = now.replace(tzinfo=None) - dt.timedelta(days=1)  # whatever the zone
    return Dates(
        lead=lead,
        rule=words(event, language),
        ahead=told[:SHOWN],
        further=told[SHOWN:],
        gone=[_date(event, one, language) for one in gone],
        skipped=[days.long_date(one.date(), language) for one in skipped if until and today < one < until][:SHOWN],
        goes_on=len(ahead) > MOST,
    )


def _date(event: Event, one: Occurrence, language: str, register_url: str = "", is_full: bool = False) -> Date:
    return Date(one, hours.at_place(event, language, one), days.moved_from(one, language), register_url, is_full)


def _registering(event: Event, ahead: list[Occurrence], now: dt.datetime) -> dict[int, tuple[str, bool]]:
    """By the key of each date where one registers for it, and whether it is full; nothing if not date by date."""
    window = event.window
    if not (event.by_date and (window.has_form or window.state == RegistrationState.FULL)):
        return {}
    dates = [one for one in ahead if not one.is_cancelled and one.starts_at > now]
    above = reverse("registration", args=[event.uid])
    found = {}
    for key, places in window.places_on(dates).items():
        is_full = all(place.is_full for place in window.told_of(places))
        day = next(one.original.date() for one in dates if one.pk == key)
        shut = is_full and not event.has_waiting_list
        found[key] = ("" if shut else f"{above}?date={day.isoformat()}", is_full)
    return found


# -- the hour elsewhere


@dataclass(frozen=True)
class Line:
    """One clock in the table: who goes by it, and what it shows on each date."""

    name: str
    city: str
    is_place: bool
    is_one: bool
    "Whether one region alone goes by it: of several no city would be everybody's."
    cells: list[fair.Cell]


@dataclass(frozen=True)
class Hours:
    """The table of the hours elsewhere, a line for each clock, a column for each date."""

    columns: list[tuple[str, str]]
    "Each date: as it is written, and for <time datetime>."
    lines: list[Line]
    has_night: bool
    has_shift: bool
    shifts: list[str]
    "The days on which somebody's hour becomes another one."


def elsewhere(event: Event, dates: Dates, language: str) -> Hours | None:
    """What the regions' clocks show on the next dates of what may be followed from afar; one query.

    None for what takes place in one room only, takes whole days, is off or over.
    """
    off = event.status in event.CALLED_OFF
    if event.format == event.Format.ONSITE or event.all_day or off or event.starts_at is None or not event.ends_at:
        return None
    if event.recurs:
        coming = [one.occurrence for one in [*dates.ahead, *dates.further] if not one.occurrence.is_cancelled]
        spans = [(one.starts_at, one.ends_at) for one in coming[:COMPARED]]
        before = next((one.occurrence.starts_at for one in dates.gone if not one.occurrence.is_cancelled), None)
    else:
        spans, before = [(event.starts_at, event.ends_at)], None
        if event.ends_at <= timezone.now():
            return None
    if not spans:
        return None
    table = fair.table(event, spans, language, before=before)
    return compared(table, language) if table.clocks else None


def compared(table: fair.Table, language: str) -> Hours:
    """A table as a page shows it: a line for each clock, the place's own first."""
    lines = [
        Line(clock.name, clock.city, False, len(clock.regions) == 1, [row.cells[number] for row in table.rows])
        for number, clock in enumerate(table.clocks)
    ]
    place = Line(", ".join(table.place.regions), table.place.city, True, True, [row.place for row in table.rows])
    return Hours(
        columns=[
            (days.short_date(row.place.start.date(), language, year=False), row.place.start.date().isoformat())
            for row in table.rows
        ],
        lines=[place, *lines],
        has_night=table.has_night,
        has_shift=table.has_shift,
        shifts=[row.date_text for row in table.rows if row.is_shifted],
    )
