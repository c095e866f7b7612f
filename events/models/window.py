"""The window of registration: whether one may register now, how, and if not why."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .ahead import KNOWN, Ahead, look
from .place import Place
from .seats import Attendance, SeatPool, key_on, wanted_of
from .ticket import Ticket
from .wallclock import instant

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence


def whole_pools() -> "Prefetch[Any, Any, Any]":
    """What a list of events prefetches of their seats: never those of every date."""
    return Prefetch("pools", queryset=SeatPool.objects.whole())


class RegistrationState(models.TextChoices):
    """What a visitor is told; only in the last three is there a form to fill in."""

    NONE = "none", _("no registration")
    ELSEWHERE = "elsewhere", _("on another site")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")
    OVER = "over", _("over")
    NOT_YET = "not_yet", _("not open yet")
    CLOSED = "closed", _("closed")
    NOT_SOLD = "not_sold", _("tickets are not sold here yet")
    FULL = "full", _("full")
    WAITING_LIST = "waiting_list", _("full, with a waiting list")
    BY_INVITATION = "by_invitation", _("by invitation")
    OPEN = "open", _("open")


class Window:
    """When and for what one may register for an event.

    Reads the event's pools and tickets through their managers, so that a list
    that prefetches ``whole_pools()`` and ``tickets`` asks nothing more; of series for
    whose dates one registers one by one it calls ``ahead.prefetch`` too.
    """

    def __init__(self, event: "Event", now: dt.datetime | None = None) -> None:
        self.event = event
        self.now = now or timezone.now()

    @cached_property
    def opens_at(self) -> dt.datetime | None:
        """The instant from which one may register; None if it always was."""
        return self._instant(self.event.registration_opens_local)

    @cached_property
    def closes_at(self) -> dt.datetime | None:
        """The instant after which one may not: by default the beginning, for a series its end (None)."""
        closes = self._instant(self.event.registration_closes_local)
        return closes or (None if self.event.recurs else self.event.starts_at)

    def _instant(self, local: dt.datetime | None) -> dt.datetime | None:
        return instant(local, self.event.timezone) if local else None

    # -- the sale of each ticket

    def sold_from(self, ticket: Ticket | None) -> dt.datetime | None:
        """The instant from which a ticket can be had; None if it always could."""
        return self._instant(ticket.sale_opens_local) if ticket else None

    def sold_until(self, ticket: Ticket | None) -> dt.datetime | None:
        """The instant from which a ticket can't be had any more; None if there is none of its own."""
        return self._instant(ticket.sale_closes_local) if ticket else None

    def early_until(self, ticket: Ticket) -> dt.datetime | None:
        """The instant from which a ticket costs its full price; None if it always does."""
        return self._instant(ticket.early_until_local)

    def price(self, ticket: Ticket | None) -> int:
        """What a ticket costs now, in minor units of its currency; without a ticket nothing."""
        if ticket is None:
            return 0
        early = self.early_until(ticket)
        return ticket.early_price if ticket.early_price is not None and early and self.now < early else ticket.price

    def is_sold(self, ticket: Ticket | None) -> bool:
        """Whether a ticket can be had now, if it has a seat left."""
        opens, closes = self.sold_from(ticket), self.sold_until(ticket)
        return (opens is None or opens <= self.now) and (closes is None or self.now < closes)

    @property
    def turns(self) -> "list[dt.datetime | None]":
        """The instants at which it says something else by itself."""
        if not self.event.pk or self.event.registration != self.event.RegistrationMode.HERE:
            return [self.opens_at, self.closes_at]
        tickets = self._tickets
        sales = [at for one in tickets for at in (self.sold_from(one), self.sold_until(one), self.early_until(one))]
        return [self.opens_at, self.closes_at, *sales]

    @property
    def _tickets(self) -> list[Ticket]:
        """Those that one may register with."""
        return list(dict.fromkeys(place.ticket for place in self.places if place.ticket))

    @property
    def told_open_from(self) -> dt.datetime | None:
        """From when on one can register: where no ticket can be had yet, when the first can."""
        to_come = [at for ticket in self._tickets if (at := self.sold_from(ticket)) and at > self.now]
        if not to_come or self.on_sale:
            return self.opens_at
        return max(min(to_come), self.opens_at or min(to_come))

    @property
    def told_open_until(self) -> dt.datetime | None:
        """Until when one can register: never longer than some ticket can be had."""
        ends = [self.sold_until(place.ticket) for place in self.places]
        known = [end for end in ends if end is not None]
        if not known or len(known) < len(ends):
            return self.closes_at
        return min(max(known), self.closes_at or max(known))

    # -- what there is to choose from

    @property
    def ways(self) -> list[str]:
        """The ways to attend: one, or both where the event is hybrid."""
        if self.event.format == self.event.Format.HYBRID:
            return [Attendance.ONSITE.value, Attendance.ONLINE.value]
        return [self.event.format]

    @cached_property
    def ahead(self) -> Ahead:
        """Where one registers date by date: the dates still to begin, and which of them are full."""
        return self.event.__dict__.get(KNOWN) or look([self.event], self.now)[self.event.pk]

    @cached_property
    def places(self) -> list[Place]:
        """What one may choose from, the full ones included; priced tickets only where payments can be taken.

        Where one registers date by date a place has no number of its own: it is full
        if it is on every date that is offered.
        """
        if self.event.by_date:
            return [place.on(None, self._left_on_dates(place)) for place in self._choices]
        pools = {pool.key: pool for pool in _whole(self.event)}
        return [place.on(None, _left(pools, place.pools)) for place in self._choices]

    def _left_on_dates(self, place: Place) -> int | None:
        never = 0 in [self.wanted[key] for key in place.keys]
        return 0 if never or self.ahead.all_full(place.keys) else None

    def is_full_on(self, occurrence: int) -> bool:
        """Whether no seat is left on a date still to begin; asks nothing that the state does not ask."""
        full = self.ahead.full
        return all(
            any(occurrence in full.get(key, ()) or self.wanted[key] == 0 for key in place.keys)
            for place in self.told_of(self._choices)
        )

    @cached_property
    def wanted(self) -> dict[str, int | None]:
        """The seats of each date by the keys of the pools."""
        return wanted_of(self.event) | {ticket.pool_key: ticket.quota for ticket in self.event.tickets.all()}

    def places_on(self, occurrences: "Iterable[Occurrence]") -> dict[int, list[Place]]:
        """By the key of each date what one may choose from on it; one query, however many dates."""
        keys = [date.pk for date in occurrences]
        pools = {pool.key: pool for pool in SeatPool.objects.filter(event=self.event, occurrence__in=keys)}
        return {key: [self._on(place, key, pools) for place in self._choices] for key in keys}

    def places_beside(self, held: Iterable[str], occurrence: int | None) -> list[Place]:
        """The same for who has seats already, in the pools of these keys: a change does not take them again."""
        has, found = set(held), []
        pools = {pool.key: pool.left for pool in SeatPool.objects.filter(event=self.event, occurrence=occurrence)}
        for place in self._choices:
            named = {key if occurrence is None else key_on(occurrence, key): key for key in place.keys}
            left = [pools.get(name, self.wanted[key]) for name, key in named.items() if name not in has]
            found.append(place.on(occurrence, min((seats for seats in left if seats is not None), default=None)))
        return found

    def _on(self, place: Place, occurrence: int, pools: dict[str, SeatPool]) -> Place:
        """A pool that is missing has all its seats: it is made when the first is taken."""
        found = [(pools.get(key_on(occurrence, key)), self.wanted[key]) for key in place.keys]
        left = [wanted if pool is None else pool.left for pool, wanted in found]
        return place.on(occurrence, min((seats for seats in left if seats is not None), default=None))

    @property
    def _choices(self) -> list[Place]:
        tickets = list(self.event.tickets.all())
        had: list[Ticket | None] = [ticket for ticket in tickets if ticket.is_free or settings.STRIPE_SECRET_KEY]
        found = []
        for ticket in had if tickets else [None]:
            valid = [way for way in self.ways if ticket is None or ticket.attendance in ("", way)]
            found += [Place(way, ticket, None) for way in valid]
        return found

    @cached_property
    def on_sale(self) -> list[Place]:
        """Those of the places that can be had now, by everybody or with a code; the full ones included."""
        return [place for place in self.places if self.is_sold(place.ticket)]

    @cached_property
    def for_all(self) -> list[Place]:
        """Those that can be had now without a code, the full ones included."""
        return [place for place in self.on_sale if not place.by_code]

    def told_of(self, places: Iterable[Place]) -> list[Place]:
        """Those of some places by which it is judged whether all is full."""
        told = self.for_all or self.on_sale
        return [place for place in places if any(place.is_same(one) for one in told)]

    @property
    def is_full(self) -> bool:
        return all(place.is_full for place in self.told_of(self.places))

    @property
    def free(self) -> list[Place]:
        """The places that still have a seat for whoever comes."""
        return [place for place in self.for_all if not place.is_full]

    @cached_property
    def state(self) -> RegistrationState:
        """What to tell a visitor now."""
        return self._shut or self._open

    @property
    def _shut(self) -> RegistrationState | None:
        """Why nobody can register now, if not for want of seats or tickets."""
        event = self.event
        if event.registration == event.RegistrationMode.NONE:
            return RegistrationState.NONE
        if event.status == event.Status.CANCELLED:
            return RegistrationState.CANCELLED
        if event.status == event.Status.POSTPONED:
            return RegistrationState.POSTPONED
        if event.is_over:
            return RegistrationState.OVER
        if event.registration == event.RegistrationMode.ELSEWHERE:
            return RegistrationState.ELSEWHERE
        if self.opens_at and self.now < self.opens_at:
            return RegistrationState.NOT_YET
        if self.closes_at and self.now >= self.closes_at:
            return RegistrationState.CLOSED
        if event.by_date and not self.ahead.count:  # each date closes when it begins
            return RegistrationState.CLOSED
        return None

    @property
    def _open(self) -> RegistrationState:
        """What the seats and tickets say."""
        event = self.event
        if not self.places:
            return RegistrationState.NOT_SOLD
        if not self.on_sale:
            to_come = any(self.now < at for ticket in self._tickets if (at := self.sold_from(ticket)))
            return RegistrationState.NOT_YET if to_come else RegistrationState.CLOSED
        if self.is_full and not event.has_waiting_list:
            return RegistrationState.FULL
        if event.access != event.Access.PUBLIC or not self.for_all:
            return RegistrationState.BY_INVITATION
        return RegistrationState.WAITING_LIST if self.is_full else RegistrationState.OPEN

    @property
    def has_form(self) -> bool:
        """Whether there is a form to fill in now."""
        return self.state in (RegistrationState.OPEN, RegistrationState.WAITING_LIST, RegistrationState.BY_INVITATION)

    @cached_property
    def opens_by_code(self) -> bool:
        """Whether it is full, but for who has a code: of a ticket that has seats, or one for which they are kept."""
        if self.state != RegistrationState.FULL:
            return False
        with_code = any(place.by_code and not place.is_full for place in self.on_sale)
        return with_code or self.event.invitations.usable().filter(reserved__gt=0).exists()

    @property
    def takes_registrations(self) -> bool:
        """Whether people can come in now, or could if there were a seat."""
        return self.has_form or self.state == RegistrationState.FULL


def _whole(event: "Event") -> "Iterable[SeatPool]":
    """Its pools without those of its dates; asks nothing if they were prefetched."""
    if "pools" in getattr(event, "_prefetched_objects_cache", {}):
        return [pool for pool in event.pools.all() if pool.occurrence_id is None]
    return event.pools.whole()


def _left(pools: dict[str, SeatPool], keys: list[str]) -> int | None:
    """Seats left in all of these pools together; None for no limit."""
    left = [pools[key].left for key in keys if key in pools]
    return min((seats for seats in left if seats is not None), default=None)
