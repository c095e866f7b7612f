"""The window of registration: whether one may register now, how, and if not why."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .seats import Attendance, SeatPool
from .ticket import Ticket
from .wallclock import instant

if TYPE_CHECKING:
    from .event import Event


class RegistrationState(models.TextChoices):
    """What a visitor is told; only in the last two is there a form to fill in."""

    NONE = "none", _("no registration")
    ELSEWHERE = "elsewhere", _("on another site")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")
    OVER = "over", _("over")
    NOT_YET = "not_yet", _("not open yet")
    CLOSED = "closed", _("closed")
    NOT_SOLD = "not_sold", _("tickets are not sold here yet")
    FULL = "full", _("full")
    BY_INVITATION = "by_invitation", _("by invitation")
    OPEN = "open", _("open")


@dataclass(frozen=True)
class Place:
    """One thing to register for: a way to attend and, where there are any, a free ticket."""

    attendance: str
    ticket: Ticket | None
    left: int | None
    "Seats left; None for no limit."

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left <= 0

    @property
    def pools(self) -> list[str]:
        """The keys of the pools in which a seat is taken, in the order they are taken."""
        keys = ["event", f"mode:{self.attendance}"]
        return keys if self.ticket is None else [*keys, self.ticket.pool_key]


class Window:
    """When and for what one may register for an event.

    Reads the event's pools and tickets through their managers, so that a list
    that prefetches ``pools`` and ``tickets`` asks nothing more.
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

    @property
    def ways(self) -> list[str]:
        """The ways to attend: one, or both where the event is hybrid."""
        if self.event.format == self.event.Format.HYBRID:
            return [Attendance.ONSITE.value, Attendance.ONLINE.value]
        return [self.event.format]

    @cached_property
    def places(self) -> list[Place]:
        """What one may choose from, the full ones included; priced tickets wait for payments."""
        pools = {pool.key: pool for pool in self.event.pools.all()}
        tickets = list(self.event.tickets.all())
        free: list[Ticket | None] = [ticket for ticket in tickets if ticket.is_free]
        found = []
        for ticket in free if tickets else [None]:
            for way in self.ways:
                if ticket is None or ticket.attendance in ("", way):
                    place = Place(way, ticket, None)
                    found.append(Place(way, ticket, _left(pools, place.pools)))
        return found

    @property
    def is_full(self) -> bool:
        return all(place.is_full for place in self.places)

    @property
    def free(self) -> list[Place]:
        """The places that still have a seat."""
        return [place for place in self.places if not place.is_full]

    @cached_property
    def state(self) -> RegistrationState:
        """What to tell a visitor now."""
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
        if not self.places:
            return RegistrationState.NOT_SOLD
        if self.is_full:
            return RegistrationState.FULL
        return RegistrationState.OPEN if event.access == event.Access.PUBLIC else RegistrationState.BY_INVITATION

    @property
    def has_form(self) -> bool:
        """Whether there is a form to fill in now."""
        return self.state in (RegistrationState.OPEN, RegistrationState.BY_INVITATION)


def _left(pools: dict[str, SeatPool], keys: list[str]) -> int | None:
    """Seats left in all of these pools together; None for no limit."""
    left = [pools[key].left for key in keys if key in pools]
    return min((seats for seats in left if seats is not None), default=None)
