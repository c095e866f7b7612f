"""Rows: what a list of events shows of each, read in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone

from events.calendars import days, hours
from events.calendars.zone_names import city
from events.models import AgendaPage, Event, EventPage, Occurrence, RegistrationState, ahead, whole_pools
from pages import routing
from pages.keeping import changes_at
from regions.soils import DRAWN, soil_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models.agenda import EventQuerySet
    from events.models.occurrence import OccurrenceQuerySet


@dataclass(frozen=True)
class Row:
    """One event on one of its dates. ``url`` is empty where it has no page in this language."""

    event: Event
    url: str
    day: days.Day
    hours: hours.Hours
    where: str
    "Whose clock the hours are on: a city, for an event that is only online."
    is_past: bool
    parent: tuple[Event, str] | None
    replacement: tuple[Event, str] | None
    replaces: tuple[Event, str] | None
    soil: str
    date: Occurrence | None = None
    "Of a series, the date itself, which may be moved, cancelled, held elsewhere."
    moved_from: str = ""
    is_further: bool = False
    "Whether the series stands above with an earlier date, so that little need be said again."

    stands_alone: bool = False
    "Whether it tells of its date alone, and not of the series that has it next."

    @property
    def one_day(self) -> bool:
        return self.day.start == self.day.end

    @property
    def registration(self) -> str:
        """Where registration stands; "" for what is over or off."""
        if self.is_past or self.is_off:
            return ""
        window = self.event.window
        if (
            self.stands_alone
            and self.date is not None
            and self.event.by_date
            and window.has_form
            and window.is_full_on(self.date.pk)
        ):
            return str(RegistrationState.WAITING_LIST if self.event.has_waiting_list else RegistrationState.FULL)
        return str(window.state)

    @property
    def is_cancelled(self) -> bool:
        """Whether this date of a series is off, though the series is not."""
        return self.date is not None and self.date.is_cancelled

    @property
    def is_off(self) -> bool:
        return self.is_cancelled or self.event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED)


@dataclass(frozen=True)
class Month:
    """The rows of one month."""

    name: str
    year: int
    rows: list[Row]
    key: str


def rows(events: EventQuerySet | Sequence[Event], language: str, request: HttpRequest | None = None) -> list[Row]:
    """One row an event, in the order given.

    It stands on ``next_at`` or ``last_at`` where the selection says so, else on its first date.
    """
    found = list(events.in_lists() if hasattr(events, "in_lists") else events)
    dates = dates_listed(found)
    return _made([(event, dates.get(event.pk)) for event in found], language, request)


def rows_of_dates(
    dates: OccurrenceQuerySet, language: str, request: HttpRequest | None = None, latest_first: bool = False
) -> list[Row]:
    """One row a date, by the days at their places; a series may have many of them.

    In each month the first that is held tells of its series; the others lean on it.
    """
    listed = sorted(
        dates.select_related("event__parent", "event__replacement", "event__replaces"),
        key=lambda date: date.start_local.date(),
        reverse=latest_first,
    )
    events: dict[int, Event] = {}
    now = timezone.now()
    for date in listed:
        date.event = events.setdefault(date.event_id, date.event)
        if not date.is_cancelled and date.ends_at > now:
            date.event.__dict__["next_at"] = date.starts_at  # it is not over: nobody need ask
    made = _made([(date.event, date if date.event.recurs else None) for date in listed], language, request)
    told: set[tuple[int, int, int]] = set()
    found = []
    for row in made:
        leaf = row.event.pk, row.day.start.year, row.day.start.month
        found.append(replace(row, is_further=leaf in told, stands_alone=True))
        if not row.is_cancelled:
            told.add(leaf)
    return found


def _made(listed: Sequence[tuple[Event, Occurrence | None]], language: str, request: HttpRequest | None) -> list[Row]:
    found = list({id(event): event for event, _date in listed}.values())
    prefetch_related_objects(found, "regions")
    here = [event for event in found if event.registration == Event.RegistrationMode.HERE]
    prefetch_related_objects(here, whole_pools(), "tickets")  # nobody else's are asked for
    ahead.prefetch(here)
    near = [other for event in found for other in (event.parent, event.replacement, replaced_by(event)) if other]
    where = addresses([*found, *near], language, request)
    for event in found:
        changes_at(request, *event.window.turns)
    return [_row(event, date, where, language, request) for event, date in listed]


def _row(
    event: Event, date: Occurrence | None, where: dict[int, str], language: str, request: HttpRequest | None
) -> Row:
    when = date or event
    changes_at(request, when.ends_at)
    return Row(
        event=event,
        url=where.get(event.pk, ""),
        day=days.day(when.start_local, when.end_local, event.all_day, language),
        hours=hours.at_place(event, language, date),
        where=city(event.timezone, language) if event.format == Event.Format.ONLINE else "",
        is_past=bool(when.ends_at and when.ends_at <= timezone.now()),
        parent=_linked(event.parent, where),
        replacement=_linked(event.replacement, where),
        replaces=_linked(replaced_by(event), where),
        soil=soil(event),
        date=date,
        moved_from=days.moved_from(date, language) if date else "",
    )


def by_month(listed: Iterable[Row], language: str) -> list[Month]:
    """The rows in the order given, grouped by the month in which each begins."""
    return [
        Month(days.month_of(dt.date(year, month, 1), language), year, list(group), f"m{year}-{month:02}")
        for (year, month), group in groupby(listed, key=lambda row: (row.day.start.year, row.day.start.month))
    ]


def addresses(events: Iterable[Event], language: str, request: HttpRequest | None = None) -> dict[int, str]:
    """The address in a language of the page of each public event; two queries."""
    above = agenda_address(language, request)
    if not above:
        return {}
    public = {event.pk for event in events if event.live}
    pages = EventPage.objects.live().filter(event__in=public, locale__language_code=language).order_by()
    return {event: f"{above}{slug}/" for event, slug in pages.values_list("event", "slug")}


def agenda_address(language: str, request: HttpRequest | None = None) -> str:
    """Where the agenda is in a language, "" if nowhere; for a request it is known from its sections."""
    if request is not None:
        known = (page for page in routing.top_in(request, language) if routing.is_of(page, "events.AgendaPage"))
    else:
        known = iter(AgendaPage.objects.live().filter(locale__language_code=language).order_by("pk"))
    agenda = next(known, None)
    return (agenda.get_url(request) or "") if agenda else ""


def soil(event: Event) -> str:
    """The name of the ground drawn beside an event: that of its first region that has one."""
    return next((soil_of(region.code) for region in event.regions.all() if region.code in DRAWN), "global")


def replaced_by(event: Event) -> Event | None:
    """The postponed event whose place this one takes."""
    return getattr(event, "replaces", None)


def _linked(event: Event | None, where: dict[int, str]) -> tuple[Event, str] | None:
    return (event, where.get(event.pk, "")) if event is not None and event.live else None


def dates_listed(events: Sequence[Event]) -> dict[int, Occurrence]:
    """The date each event is listed on, for those that recur; one query."""
    wanted = {event.pk: at for event in events if event.recurs and (at := listed_at(event))}
    if not wanted:
        return {}
    found = Occurrence.objects.taking_place().filter(event__in=wanted, starts_at__in=set(wanted.values()))
    return {date.event_id: date for date in found if wanted[date.event_id] == date.starts_at}


def listed_at(event: Event) -> dt.datetime | None:
    """The instant by which a selection placed the event."""
    return getattr(event, "next_at", None) or getattr(event, "last_at", None)
