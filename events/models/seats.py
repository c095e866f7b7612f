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
        wanted = {"event": event.capacity, "mode:onsite": event.capacity_onsite, "mode:online": event.capacity_online}
        for key in sorted(wanted):
            self._resize(event.pk, key, wanted[key])

    def fit_ticket(self, ticket: "Ticket") -> None:
        self._resize(ticket.event_id, f"ticket:{ticket.pk}", ticket.quota)

    def _resize(self, event_id: int, key: str, wanted: int | None) -> None:
        fitted = None if wanted is None else Greatest(F("taken"), Value(wanted))
        if not self.filter(event_id=event_id, key=key).update(capacity=fitted, wanted=wanted):
            self.create(event_id=event_id, key=key, capacity=wanted, wanted=wanted)

    def take(self, event_id: int, keys: Iterable[str]) -> None:
        """One seat in each pool, or none at all; inside the caller's transaction.

        Pools are taken in the order of their keys, so that no two callers
        deadlock. A key without a pool is a pool without a limit, made here.

        Raises:
            Full: a pool has no seat left. The caller's transaction must roll back.
        """
        for key in sorted(set(keys)):
            rows = self.filter(event_id=event_id, key=key)
            if rows.filter(Q(capacity=None) | Q(taken__lt=F("capacity"))).update(taken=F("taken") + 1):
                continue
            if rows.exists():
                raise Full(key)
            self.create(event_id=event_id, key=key, taken=1)

    def release(self, event_id: int, keys: Iterable[str]) -> None:
        """Give one seat back to each pool; a pool clamped above what is wanted shrinks."""
        for key in sorted(set(keys)):
            rows = self.filter(event_id=event_id, key=key)
            rows.filter(Q(wanted=None)).update(taken=F("taken") - 1)
            rows.exclude(wanted=None).update(taken=F("taken") - 1, capacity=Greatest(F("taken") - 1, F("wanted")))


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
