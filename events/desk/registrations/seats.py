"""Seats as those who decide see them: what is left in each pool, and all that somebody could be given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.calendars import prices
from events.models import Attendance, Event, Occurrence, Place, SeatPool, Ticket
from events.models.seats import FIRST, date_and_key, key_on, wanted_of
from pages.trilingual import shown


@dataclass(frozen=True)
class Left:
    """One pool: its name in the reader's language, and its seats left; None for no limit."""

    name: str
    seats: int | None

    @property
    def is_full(self) -> bool:
        return self.seats is not None and self.seats <= 0

    @property
    def text(self) -> str:
        """ "All seats: 3 seats left"."""
        count = self.seats or 0
        left = ngettext("%(seats)s seat left", "%(seats)s seats left", count) % {"seats": count}
        return named(capfirst(self.name), _("no seat left") if self.is_full else left)


def named(name: Any, told: Any) -> str:
    """Something and what is told of it, with the colon that the reader's language wants."""
    return _("%(name)s: %(number)s") % {"name": name, "number": told}


def pool_name(key: str, event: Event) -> str:
    """What a pool counts, in words."""
    _date, own = date_and_key(key)
    if own == FIRST:
        return _("all seats")
    kind, _sign, which = own.partition(":")
    if kind == "mode":
        return str(Attendance(which).label)
    return next((shown(ticket.name).text for ticket in event.tickets.all() if str(ticket.pk) == which), own)


def no_seat(key: str, event: Event) -> str:
    """The sentence for who finds a pool full."""
    return _("No seat is left: %(pool)s.") % {"pool": pool_name(key, event)}


class Seats:
    """What is left in the pools of some events, and on some of their dates; one query, however many."""

    def __init__(self, events: Iterable[Event], occurrences: Iterable[int | None] = ()) -> None:
        found = SeatPool.objects.filter(event__in={event.pk for event in events})
        dates = {pk for pk in occurrences if pk}
        found = found.whole() | found.filter(occurrence__in=dates) if dates else found.whole()
        self._left = {(pool.event_id, pool.key): pool.left for pool in found}

    def left(self, event: Event, place: Place, held: Collection[str] = ()) -> list[Left]:
        """The pools in which this place takes a seat and that have a limit; not those in which one is held."""
        keys = place.keys if place.occurrence is None else [key_on(place.occurrence, key) for key in place.keys]
        found = [(key, self._in(event, key, place.ticket)) for key in keys if key not in held]
        return [Left(pool_name(key, event), seats) for key, seats in found if seats is not None]

    def _in(self, event: Event, key: str, ticket: Ticket | None) -> int | None:
        """A pool of a date is made when its first seat is taken: until then it has all that is wanted."""
        if (event.pk, key) in self._left:
            return self._left[event.pk, key]
        occurrence, own = date_and_key(key)
        if event.by_date != (occurrence is not None):
            return None
        return ticket.quota if ticket and own == ticket.pool_key else wanted_of(event)[own]

    def place(self, event: Event, place: Place, held: Collection[str] = ()) -> Place:
        """The same place with what is left of it for who holds seats in the pools of these keys."""
        left = [one.seats for one in self.left(event, place, held) if one.seats is not None]
        return place.on(place.occurrence, min(left, default=None))


def places(event: Event, date: Occurrence | None = None, held: Collection[str] = ()) -> list[Place]:
    """All that the staff can give: tickets for whomever they are, whenever they can be had, the full ones too.

    Those with a price only where payments can be taken, as everywhere.
    """
    tickets = list(event.tickets.all())
    had = [ticket for ticket in tickets if ticket.is_free or settings.STRIPE_SECRET_KEY]
    given: list[Ticket | None] = [*had] if tickets else [None]
    pk = date.pk if date else None
    found = [
        Place(way, ticket, None, pk)
        for ticket in given
        for way in event.window.ways
        if ticket is None or ticket.attendance in ("", way)
    ]
    seats = Seats([event], [pk])
    return [seats.place(event, place, held) for place in found]


def place_name(place: Place) -> str:
    """Ticket and way, as a choice names them."""
    way = str(Attendance(place.attendance).label)
    return f"{shown(place.ticket.name).text}, {way}" if place.ticket else way


def place_key(place: Place) -> str:
    """What stands for it in a form."""
    return f"{place.attendance}:{place.ticket.pk if place.ticket else ''}"


def choices(found: Iterable[Place]) -> list[tuple[str, str]]:
    """For a form, each with what is left."""
    return [(place_key(place), f"{place_name(place)}{price(place)} ({how_many(place)})") for place in found]


def price(place: Place) -> str:
    """What it costs now, behind its name."""
    amount = place.ticket.price_at() if place.ticket else 0
    return f", {prices.told(amount, place.ticket.currency)}" if place.ticket and amount else ""


def how_many(place: Place) -> str:
    if place.left is None:
        return _("no limit")
    return _("no seat left") if place.is_full else _("seats left: %(count)d") % {"count": place.left}
