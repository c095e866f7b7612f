"""Seats: whether the counters say what the registrations say."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from events.models import Event, Registration, SeatPool
from pages.models import Edition


@dataclass(frozen=True)
class Difference:
    """A pool whose counter is not what its registrations hold."""

    event: Event
    key: str
    counted: int
    held: int
    "By registrations and for invitations."
    kept: int = 0
    "Those for invitations among them."

    def __str__(self) -> str:
        where = f"{self.event} ({self.event.uid}), {self.key}"
        kept = f", {self.kept} are kept for invitations" if self.kept else ""
        return f"{where}: the counter says {self.counted}, registrations hold {self.held - self.kept}{kept}"


def differences(event: Event, mend: bool = False) -> list[Difference]:
    """Compare an event's pools with its registrations and the seats kept for invitations, while no seat can move.

    With ``mend`` the registrations are believed: the counter takes their number,
    and the capacity grows where more seats are held than there are.
    """
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        held: Counter[str] = Counter()
        kept: Counter[str] = Counter()
        for keys in event.registrations.holding_a_seat().values_list("held", flat=True):
            held.update(set(keys))
        for keys, reserved in event.invitations.filter(reserved__gt=0).values_list("held", "reserved"):
            kept.update(dict.fromkeys(set(keys), reserved))
        held += kept
        pools = {pool.key: pool for pool in event.pools.all()}
        found = [
            Difference(event, key, pools[key].taken if key in pools else 0, held[key], kept[key])
            for key in sorted(pools.keys() | held.keys())
            if (pools[key].taken if key in pools else 0) != held[key]
        ]
        if mend and found:
            for difference in found:
                _mend(difference)
            Edition.bump()
    return found


def _mend(difference: Difference) -> None:
    pools = SeatPool.objects.filter(event=difference.event, key=difference.key)
    SeatPool.objects.ensure(difference.event.pk, difference.key)
    held = difference.held
    pools.filter(wanted=None).update(taken=held, capacity=None)
    pools.exclude(wanted=None).update(taken=held, capacity=Greatest(F("wanted"), Value(held)))


def seatless() -> int:
    """How many registrations are in a state that holds a seat without holding one, or the other way round.

    A request may or may not hold one.
    """
    holding = Registration.objects.filter(state__in=Registration.HOLDING)
    others = Registration.objects.exclude(state__in=[*Registration.HOLDING, Registration.State.REQUESTED])
    return holding.filter(held=[]).count() + others.exclude(held=[]).count()
