"""The dates ahead of series for which one registers date by date: how many are offered, and what is full on them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, F
from django.utils import timezone

from .occurrence import Occurrence
from .seats import SeatPool, date_and_key

if TYPE_CHECKING:
    from .event import Event

KNOWN = "dates_ahead"
"Where an event of a list carries what was found for the whole list."


@dataclass
class Ahead:
    """The dates of one series that have not begun and are held."""

    count: int = 0
    full: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    "By the key that a pool has for the whole event: the dates on which it is full."

    def all_full(self, keys: Iterable[str]) -> bool:
        """Whether on every date one of these pools has no seat left."""
        return len(set().union(*(self.full[key] for key in keys))) >= self.count


def look(events: "Iterable[Event]", now: dt.datetime | None = None) -> dict[int, Ahead]:
    """What lies ahead of each series that is registered for date by date; two queries, whatever their number.

    Dates on which nothing is full are counted, not read.
    """
    found = {event.pk: Ahead() for event in events if event.by_date}
    if not found:
        return found
    dates = Occurrence.objects.not_begun(now).filter(event__in=found).order_by()
    for event, count in dates.values_list("event").annotate(Count("pk")):
        found[event].count = count
    pools = SeatPool.objects.filter(
        event__in=found,
        taken__gte=F("capacity"),
        occurrence__is_cancelled=False,
        occurrence__is_dropped=False,
        occurrence__starts_at__gt=now or timezone.now(),
    )
    for event, key in pools.order_by().values_list("event", "key"):
        occurrence, own = date_and_key(key)
        if occurrence is not None:
            found[event].full[own].add(occurrence)
    return found


def prefetch(events: "Iterable[Event]") -> None:
    """Let each event of a list carry what lies ahead of it: its window then asks nothing more."""
    listed = list(events)
    found = look(listed)
    for event in listed:
        event.__dict__[KNOWN] = found.get(event.pk)
