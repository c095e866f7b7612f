"""Dates: those of a series that one may register for one by one, as a form offers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.calendars import days, hours
from events.calendars.zone_names import city
from events.models import Event, Occurrence, Place, Window
from pages.trilingual import shown

FIRST = 12
"Dates that a form shows at once; those after them unfold."
MOST = 60
"Dates on one page, and in one form; later ones have a page of their own."


@dataclass(frozen=True)
class DateOption:
    """One date as a form offers it, on the clock of its place and, if it is known, on the reader's own."""

    occurrence: Occurrence
    places: list[Place]
    there: hours.Hours
    yours: hours.Hours | None
    moved_from: str
    is_ticked: bool
    waits: bool = False
    "Whether one can wait for a seat where it is full."

    @property
    def value(self) -> str:
        """The day that the rule gives: it names the date wherever it is moved."""
        return self.occurrence.day.isoformat()

    @property
    def is_full(self) -> bool:
        return bool(self.places) and all(place.is_full for place in self.places)

    @property
    def is_shut(self) -> bool:
        """Whether it is shown without being offered."""
        return (self.is_full and not self.waits) or self.occurrence.is_cancelled

    @property
    def left(self) -> int | None:
        """Seats left where there is one thing to choose from; None for no limit."""
        return self.places[0].left if len(self.places) == 1 else None

    @property
    def limited(self) -> list[tuple[str, int]]:
        """Where one chooses between several things: what has a number of seats, and how many are left."""
        several = self.places if len(self.places) > 1 and not self.is_full else []
        return [(label_of(place), place.left) for place in several if place.left is not None]


@dataclass(frozen=True)
class Offer:
    """The dates of one page: those shown at once, those that unfold, and where the later ones begin."""

    first: list[DateOption]
    more: list[DateOption]
    later: str
    clock: str
    "Whose clock the hours are on: a city; empty where no hour is told."

    @property
    def options(self) -> list[DateOption]:
        return [*self.first, *self.more]

    def without_full(self) -> Offer:
        """The same with no tick where nothing is to be had: for a page that nobody has filled in yet."""
        free = [
            [replace(one, is_ticked=one.is_ticked and not one.is_shut) for one in part]
            for part in (self.first, self.more)
        ]
        return replace(self, first=free[0], more=free[1])


def offer(
    window: Window,
    ticked: Iterable[dt.date] = (),
    since: dt.date | None = None,
    zone: str = "",
    mine: Iterable[int] = (),
    place: tuple[str, Any] | None = None,
    waits: bool = False,
    among: Iterable[Place] | None = None,
) -> Offer:
    """The dates that have not begun, cancelled ones told as such; three queries, however many there are.

    Args:
        ticked: days of the rule; these are shown at once, wherever they lie.
        since: the first day of this page.
        zone: the reader's own, if it is known.
        mine: keys of the dates this person is registered for, which are left out.
        place: the way and the ticket, where these are not asked any more.
        waits: whether dates on which no seat is left can be waited for.
        among: what there is to choose from, if not what is open to all.
    """
    event, ticked, mine = window.event, set(ticked), set(mine)
    coming = event.occurrences.given().filter(starts_at__gt=window.now).exclude(pk__in=mine).order_by("starts_at")
    page = coming.filter(start_local__gte=dt.datetime.combine(since, dt.time())) if since else coming
    rows = list(page[: MOST + 1])
    later = rows[MOST].start_local.date().isoformat() if len(rows) > MOST else ""
    rows = rows[:MOST]
    away = ticked - {date.day for date in rows}
    if away:
        rows = [*named(window, away, coming), *rows]
    places = window.places_on(rows)
    if place is not None:
        places = {key: [one for one in on if (one.attendance, one.ticket) == place] for key, on in places.items()}
    else:
        open_to_them = window.told_of(window.places) if among is None else list(among)
        places = {key: [one for one in on if any(map(one.is_same, open_to_them))] for key, on in places.items()}
    options = [replace(_option(event, date, places[date.pk], date.day in ticked, zone), waits=waits) for date in rows]
    shown_first = [option for number, option in enumerate(options) if number < FIRST or option.is_ticked]
    more = [option for option in options if option not in shown_first]
    return Offer(shown_first, more, later, "" if event.all_day else city(event.timezone, get_language() or "fr"))


def told(event: Event, date: Occurrence, zone: str = "") -> DateOption:
    """One date of a series as it is shown where nothing is chosen."""
    return _option(event, date, [], ticked=False, zone=zone)


def _option(event: Event, date: Occurrence, places: list[Place], ticked: bool, zone: str) -> DateOption:
    language = get_language() or "fr"
    there = hours.at_place(event, language, date)
    yours = hours.in_zone(event, zone, language, date) if zone and not event.all_day else None
    return DateOption(
        occurrence=date,
        places=places,
        there=there,
        yours=None if yours is None or there.says_as(yours) else yours,
        moved_from=days.moved_from(date, language),
        is_ticked=ticked and not date.is_cancelled,
    )


def named(window: Window, chosen: Iterable[dt.date], dates: Any = None) -> list[Occurrence]:
    """The dates of a series on these days of its rule; what is no date of it is not among them."""
    found = window.event.occurrences.given() if dates is None else dates
    starts = [dt.datetime.combine(day, window.event.start_local.time()) for day in chosen]
    return list(found.filter(original__in=starts).order_by("starts_at"))


def read(values: Iterable[str]) -> list[dt.date]:
    """The days among what somebody sent."""
    found = []
    for value in values:
        try:
            found.append(dt.date.fromisoformat(value))
        except ValueError:
            continue
    return found[:MOST]


class DatesField(forms.Field):
    """Some dates of a series, by the days of its rule."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one date."),
        "most": _("Choose at most %(most)d dates at once; you can choose more afterwards."),
    }

    def to_python(self, value: Any) -> list[dt.date]:
        if len(value or []) > MOST:
            raise ValidationError(self.error_messages["most"], code="most", params={"most": MOST})
        return read(value or [])


def gone(dates: Iterable[dt.date]) -> ValidationError:
    """What to say of days on which there is nothing to register for."""
    told = [hours.day_of(day, get_language() or "fr") for day in sorted(dates)]
    sentence = ngettext(
        "One can no longer register for this date: %(dates)s. Choose others.",
        "One can no longer register for these dates: %(dates)s. Choose others.",
        len(told),
    )
    return ValidationError(sentence, code="gone", params={"dates": "; ".join(told)})


def full(dates: Iterable[Occurrence]) -> ValidationError:
    """What to say of dates on which no seat is left for what was chosen."""
    told = [hours.day_of(date.start_local.date(), get_language() or "fr") for date in dates]
    if not told:
        return ValidationError(gettext("The last seat has just been taken; nothing was recorded."), code="full")
    sentence = ngettext(
        "No seat is left on this date: %(dates)s. Nothing was recorded; untick it and send the form again.",
        "No seat is left on these dates: %(dates)s. Nothing was recorded; untick them and send the form again.",
        len(told),
    )
    return ValidationError(sentence, code="full", params={"dates": "; ".join(told)})


def label_of(place: Place) -> str:
    """What one of several things to choose from is called beside a date."""
    name = shown(place.ticket.name).text if place.ticket else ""
    way = gettext("On site") if place.attendance == "onsite" else gettext("Online")
    return f"{name}, {way}" if name and not place.ticket.attendance else name or way  # type: ignore[union-attr]
