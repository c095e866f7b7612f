"""Rows: what a list of events shows of each, read in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone

from events.calendars import days, hours
from events.calendars.zone_names import city
from events.models import AgendaPage, Event, EventPage, Occurrence
from pages import routing
from pages.keeping import changes_at
from regions.soils import DRAWN, soil_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models.agenda import EventQuerySet


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

    @property
    def one_day(self) -> bool:
        return self.day.start == self.day.end

    @property
    def registration(self) -> str:
        """Where registration stands; "" for what is over or off."""
        return "" if self.is_past or self.is_off else str(self.event.registration_state)

    @property
    def is_off(self) -> bool:
        return self.event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED)


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
    prefetch_related_objects(found, "regions")
    here = [event for event in found if event.registration == Event.RegistrationMode.HERE]
    prefetch_related_objects(here, "pools", "tickets")  # nobody else's are asked for
    dates = _dates(found)
    near = [other for event in found for other in (event.parent, event.replacement, replaced_by(event)) if other]
    where = addresses([*found, *near], language, request)
    now = timezone.now()
    made = []
    for event in found:
        date = dates.get(event.pk, event)
        window = event.window
        changes_at(request, date.ends_at, window.opens_at, window.closes_at)
        made.append(
            Row(
                event=event,
                url=where.get(event.pk, ""),
                day=days.day(date.start_local, date.end_local, event.all_day, language),
                hours=hours.at_place(event, language, date if isinstance(date, Occurrence) else None),
                where=city(event.timezone, language) if event.format == Event.Format.ONLINE else "",
                is_past=bool(date.ends_at and date.ends_at <= now),
                parent=_linked(event.parent, where),
                replacement=_linked(event.replacement, where),
                replaces=_linked(replaced_by(event), where),
                soil=soil(event),
            )
        )
    return made


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


def _dates(events: Sequence[Event]) -> dict[int, Occurrence]:
    """The date each event is listed on, for those that recur."""
    wanted = {event.pk: at for event in events if event.recurs and (at := listed_at(event))}
    if not wanted:
        return {}
    found = Occurrence.objects.filter(event__in=wanted, starts_at__in=set(wanted.values()))
    return {date.event_id: date for date in found if wanted[date.event_id] == date.starts_at}


def listed_at(event: Event) -> dt.datetime | None:
    """The instant by which a selection placed the event."""
    return getattr(event, "next_at", None) or getattr(event, "last_at", None)
