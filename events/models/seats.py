"""Seats: how many there are and how many are taken, counted where no revision can reach."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from .event import Event
    from .ticket import Ticket

FIRST = "event"
"The pool that every verb locks first, so that whoever holds it is alone with the event's registrations."
OF_A_DATE = "date:"
"What the key of a pool of one date begins with; its occurrence and the key it has for the whole event follow."


def key_on(occurrence_id: int | None, key: str) -> str:
    """The key that a pool of the whole event has for one of its dates."""
    return key if occurrence_id is None else f"{OF_A_DATE}{occurrence_id}:{key}"


def date_and_key(key: str) -> tuple[int | None, str]:
    """The occurrence of a pool, if it is that of a date, and the key it has for the whole event."""
    if not key.startswith(OF_A_DATE):
        return None, key
    _date, occurrence, own = key.split(":", 2)
    return int(occurrence), own


def _in_order(keys: Iterable[str]) -> list[str]:
    """The first pool first, the others by their keys: two callers never wait for each other."""
    return sorted(set(keys), key=lambda key: (key != FIRST, key))


def wanted_of(event: "Event") -> dict[str, int | None]:
    """The seats that an event wants by the keys of its pools, tickets apart: those of each date, if it counts so."""
    return {FIRST: event.capacity, "mode:onsite": event.capacity_onsite, "mode:online": event.capacity_online}


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
    def whole(self) -> "SeatPoolQuerySet":
        """The pools of whole events; not those of their dates."""
        return self.filter(occurrence=None).order_by("event_id", "key")  # by the event itself would join it

    def of_dates(self) -> "SeatPoolQuerySet":
        return self.filter(occurrence__isnull=False)

    def of_ticket(self, ticket: "Ticket") -> "SeatPoolQuerySet":
        """Its pool and, where one registers date by date, those that it has on each date."""
        own = models.Q(key=ticket.pool_key) | models.Q(key__endswith=f":{ticket.pool_key}")
        return self.filter(own, event_id=ticket.event_id)

    def fit(self, event: "Event") -> None:
        """Make the event's pools hold what it wants, never less than what is taken."""
        wanted = wanted_of(event)
        for key in sorted(wanted):
            self._resize(event, key, wanted[key])
        if not event.by_date:
            self.of_dates().filter(event=event, taken=0).delete()
        for ticket in event.tickets.all():
            self._resize(event, ticket.pool_key, ticket.quota)

    def fit_ticket(self, ticket: "Ticket") -> None:
        """Make the ticket's pools hold its quota, never less than what is taken; the caller holds the first pool."""
        self._resize(self._event(ticket.event_id), ticket.pool_key, ticket.quota)

    def _resize(self, event: "Event", key: str, wanted: int | None) -> None:
        """Where one registers date by date the number holds for each date, and the whole counts without a limit."""
        self.ensure(event.pk, key)
        self._fit(self.filter(event=event, key=key), None if event.by_date else wanted)
        if event.by_date:
            self._fit(self.of_dates().filter(event=event, key__endswith=f":{key}"), wanted)

    def _fit(self, pools: "SeatPoolQuerySet", wanted: int | None) -> None:
        fitted = None if wanted is None else Greatest(F("taken"), Value(wanted))
        pools.update(capacity=fitted, wanted=wanted)

    def ensure(self, event_id: int, key: str) -> None:
        """Make sure that there is a pool; a new one has the capacity that is wanted of it, never none by oversight.

        The pools of a date are made when its first seat is taken: the caller holds the event's first pool,
        behind which capacities and quotas change.
        """
        if not self.filter(event_id=event_id, key=key).exists():
            occurrence, own = date_and_key(key)
            wanted = self._wanted(event_id, occurrence, own)
            pool = self.model(event_id=event_id, occurrence_id=occurrence, key=key, capacity=wanted, wanted=wanted)
            self.bulk_create([pool], ignore_conflicts=True)

    def _wanted(self, event_id: int, occurrence: int | None, own: str) -> int | None:
        from .ticket import Ticket

        event = self._event(event_id)
        if event.by_date != (occurrence is not None):
            return None
        if own.startswith("ticket:"):
            return Ticket.objects.values_list("quota", flat=True).get(pk=own.removeprefix("ticket:"))
        return wanted_of(event)[own]

    def _event(self, pk: int) -> "Event":
        """As it is now: behind the first pool it is what is public."""
        from .event import Event

        return Event.objects.get(pk=pk)

    def hold(self, event_id: int) -> None:
        """Wait for the event's first pool and keep it until the transaction ends."""
        # By no order: that of the table would join the event, and lock it too.
        first = self.select_for_update().filter(event_id=event_id, key=FIRST).order_by().values_list("pk", flat=True)
        if not first:
            self.ensure(event_id, FIRST)
            first.get()

    def take(self, event_id: int, keys: Iterable[str], seats: int = 1) -> bool:
        """So many seats in each pool, or none at all; inside the caller's transaction.

        The first pool is taken first and the others in the order of their keys, so that
        no two callers deadlock. Returns whether one of them is full from now on.

        Raises:
            Full: a pool has too few seats left. The caller's transaction must roll back.
        """
        keys = _in_order(keys)
        for key in keys:
            if self._took(event_id, key, seats):
                continue
            self.ensure(event_id, key)
            if not self._took(event_id, key, seats):
                raise Full(key)
        return self.filter(event_id=event_id, key__in=keys, taken__gte=F("capacity")).exists()

    def _took(self, event_id: int, key: str, seats: int) -> bool:
        free = Q(capacity=None) | Q(taken__lte=F("capacity") - seats)
        return bool(self.filter(free, event_id=event_id, key=key).update(taken=F("taken") + seats))

    def release(self, event_id: int, keys: Iterable[str], seats: int = 1) -> bool:
        """Give so many seats back to each pool; a pool clamped above what is wanted shrinks.

        Returns whether one of them was full and has a seat again.
        """
        keys = _in_order(keys)
        for key in keys:
            rows = self.filter(event_id=event_id, key=key)
            shrunk = Greatest(F("taken") - seats, F("wanted"))
            if not rows.exclude(wanted=None).update(taken=F("taken") - seats, capacity=shrunk):
                rows.update(taken=F("taken") - seats)
        return self.filter(
            event_id=event_id, key__in=keys, taken__lt=F("capacity"), taken__gte=F("capacity") - seats
        ).exists()


class SeatPool(models.Model):
    """The seats of one event, of one way to attend it, or of one ticket; or those of one of its dates.

    ``key`` is "event", "mode:onsite", "mode:online" or "ticket:<pk>". Where one registers
    date by date each date has these for itself ("date:<occurrence>:event"), and "event"
    counts all of them without a limit. A NULL
    capacity is no limit. ``wanted`` is what the editors asked for: the capacity
    stays above it while more seats are taken than that.
    """

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="pools")
    occurrence = models.ForeignKey(
        "events.Occurrence", null=True, blank=True, on_delete=models.CASCADE, related_name="pools"
    )
    key = models.CharField(max_length=64)
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
            models.CheckConstraint(
                condition=(Q(occurrence=None) & ~Q(key__startswith=OF_A_DATE))
                | Q(occurrence__isnull=False, key__startswith=OF_A_DATE),
                name="pool_of_a_date_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.taken}/{'∞' if self.capacity is None else self.capacity}"

    @property
    def refusal(self) -> ValidationError:
        """Why it can't be made smaller: the sentence that names how many seats are taken."""
        return ValidationError(
            ngettext(
                "%(taken)d seat is already taken: there can't be fewer.",
                "%(taken)d seats are already taken: there can't be fewer.",
                self.taken,
            ),
            code="taken",
            params={"taken": self.taken},
        )

    @property
    def left(self) -> int | None:
        """Seats left; None for no limit."""
        return None if self.capacity is None else self.capacity - self.taken
