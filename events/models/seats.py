"""Seats: how many there are and how many are taken, counted where no revision can reach."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .event import Event
    from .ticket import Ticket

FIRST = "event"
"The pool that every verb locks first, so that whoever holds it is alone with the event's registrations."


class Full(Exception):
    """No seat is left in a pool; nothing has been taken."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Attendance(models.TextChoices):
    """How somebody takes part."""

    ONSITE = "onsite", _("on site")
    ONLINE = "online", _("online")


class SeatPoolQuerySet(models.QuerySet["SeatPool"]):
    def fit(self, event: "Event") -> None:
        """Make the event's pools hold what it wants, never less than what is taken."""
        wanted = {FIRST: event.capacity, "mode:onsite": event.capacity_onsite, "mode:online": event.capacity_online}
        for key in sorted(wanted):
            self._resize(event.pk, key, wanted[key])

    def fit_ticket(self, ticket: "Ticket") -> None:
        """Make the ticket's pool hold its quota, never less than what is taken."""
        self._resize(ticket.event_id, ticket.pool_key, ticket.quota)

    def _resize(self, event_id: int, key: str, wanted: int | None) -> None:
        self.ensure(event_id, key)
        fitted = None if wanted is None else Greatest(F("taken"), Value(wanted))
        self.filter(event_id=event_id, key=key).update(capacity=fitted, wanted=wanted)

    def ensure(self, event_id: int, key: str) -> None:
        """Make sure that there is a pool; a new one has no limit."""
        if not self.filter(event_id=event_id, key=key).exists():
            self.bulk_create([self.model(event_id=event_id, key=key)], ignore_conflicts=True)

    def hold(self, event_id: int) -> None:
        """Wait for the event's first pool and keep it until the transaction ends."""
        self.ensure(event_id, FIRST)
        self.select_for_update().get(event_id=event_id, key=FIRST)

    def take(self, event_id: int, keys: Iterable[str]) -> bool:
        """One seat in each pool, or none at all; inside the caller's transaction.

        Pools are taken in the order of their keys, so that no two callers
        deadlock. Returns whether one of them is full from now on.

        Raises:
            Full: a pool has no seat left. The caller's transaction must roll back.
        """
        keys = sorted(set(keys))
        for key in keys:
            if self._took(event_id, key):
                continue
            self.ensure(event_id, key)
            if not self._took(event_id, key):
                raise Full(key)
        return self.filter(event_id=event_id, key__in=keys, taken__gte=F("capacity")).exists()

    def _took(self, event_id: int, key: str) -> bool:
        free = Q(capacity=None) | Q(taken__lt=F("capacity"))
        return bool(self.filter(free, event_id=event_id, key=key).update(taken=F("taken") + 1))

    def release(self, event_id: int, keys: Iterable[str]) -> bool:
        """Give one seat back to each pool; a pool clamped above what is wanted shrinks.

        Returns whether one of them was full and has a seat again.
        """
        keys = sorted(set(keys))
        for key in keys:
            rows = self.filter(event_id=event_id, key=key)
            shrunk = Greatest(F("taken") - 1, F("wanted"))
            if not rows.exclude(wanted=None).update(taken=F("taken") - 1, capacity=shrunk):
                rows.update(taken=F("taken") - 1)
        return self.filter(event_id=event_id, key__in=keys, taken=F("capacity") - 1).exists()


class SeatPool(models.Model):
    """The seats of one event, of one way to attend it, or of one ticket.

    ``key`` is "event", "mode:onsite", "mode:online" or "ticket:<pk>". A NULL
    capacity is no limit. ``wanted`` is what the editors asked for: the capacity
    stays above it while more seats are taken than that.
    """

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="pools")
    key = models.CharField(max_length=40)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    wanted = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)

    objects = SeatPoolQuerySet.as_manager()

    class Meta:
        ordering = ["event", "key"]
        constraints = [
            models.UniqueConstraint(fields=["event", "key"], name="one_pool_per_key"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="never_overbooked"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="never_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.taken}/{'∞' if self.capacity is None else self.capacity}"

    @property
    def left(self) -> int | None:
        """Seats left; None for no limit."""
        return None if self.capacity is None else self.capacity - self.taken
