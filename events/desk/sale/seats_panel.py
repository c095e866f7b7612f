"""How the seats of an event stand: who has them, which are kept for invitations, and what is left."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from wagtail.admin.panels import Panel

from events.models import Event, Invitation, SeatPool
from events.models.seats import FIRST

from ..registrations import charts
from ..registrations.seats import pool_name


@dataclass(frozen=True)
class Standing:
    """One pool in the reader's numbers; ``left`` and ``capacity`` say ∞ where there is no limit."""

    name: str
    people: str
    kept: str
    left: str
    capacity: str


def standings(event: Event) -> list[Standing]:
    """The pools of the whole event in which anything is counted or limited, all seats first; two queries."""
    kept: Counter[str] = Counter()
    for keys, reserved in Invitation.objects.filter(event=event, reserved__gt=0).values_list("held", "reserved"):
        kept.update(dict.fromkeys(set(keys), reserved))
    pools = [
        pool
        for pool in SeatPool.objects.whole().filter(event=event)
        if pool.key == FIRST or pool.taken or pool.capacity is not None
    ]
    pools.sort(key=lambda pool: (pool.key != FIRST, pool.key))
    return [_standing(event, pool, kept[pool.key]) for pool in pools]


def _standing(event: Event, pool: SeatPool, kept: int) -> Standing:
    limit = lambda number: "∞" if number is None else charts.number(number)  # noqa: E731
    return Standing(
        capfirst(pool_name(pool.key, event)),
        charts.number(pool.taken - kept),
        charts.number(kept),
        limit(pool.left),
        limit(pool.capacity),
    )


class SeatsPanel(Panel):
    """On the form of an event: its seats as they are now, which no draft changes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/seats_table.html"

        def is_shown(self) -> bool:
            mine = self.request and self.request.user.has_perm("events.view_ticket")
            return bool(mine and self.instance.pk and SeatPool.objects.filter(event=self.instance.pk).exists())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"standings": standings(self.instance), "by_date": self.instance.by_date}
