"""The waiting list: the order of the line, and the offers that leave it as soon as a seat is free.

Whoever frees a seat passes it on in the same transaction, behind the event's first
pool: there is no moment at which somebody else could take it. A seat goes to the
first in the line whose request fits it; who waits for something else is passed over
and keeps their place.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from .seats import Full, SeatPool

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence
    from .registration import Registration

STEP = 1024
"Between two places of the line, so that most moves touch one row."


def end_of_line(event_id: int) -> int:
    """The place behind everybody who waits for this event; the caller holds its first pool."""
    last = _line(event_id).aggregate(last=Max("line"))["last"]
    return int(last or 0) + STEP


def offer_until(event: "Event", occurrence: "Occurrence | None") -> dt.datetime | None:
    """Until when an offer made now would hold; None if it is too late: it begins, or is over."""
    now = timezone.now()
    until = now + dt.timedelta(hours=event.offer_hours)
    if event.is_over:
        return None
    begins = occurrence.starts_at if occurrence else (None if event.recurs else event.starts_at)
    if begins is None:
        return until
    return min(until, begins) if begins > now else None


def pass_on(event_id: int) -> int:
    """Offer what is free to the first whom it fits, then to the next, until nothing fits; how many offers.

    The caller holds the event's first pool, and has changed what is free.
    """
    if not _line(event_id).filter(expires_at=None).exists():
        return 0
    from .event import Event

    event = Event.objects.get(pk=event_id)
    if not event.has_waiting_list or not event.live or event.status in event.CALLED_OFF:
        return 0
    made = 0
    hopeless: set[tuple[Any, ...]] = set()
    while True:
        first = _first(event_id, hopeless)
        if first is None:
            return made
        try:
            with transaction.atomic():
                first.offer()
        except (Full, _not_allowed()):
            hopeless.add(_asked_for(first))
        else:
            made += 1


def _first(event_id: int, hopeless: set[tuple[Any, ...]]) -> "Registration | None":
    """The first in the line who asks for something of which there may still be a seat."""
    line = _line(event_id).filter(expires_at=None)
    heads = line.order_by().values_list(*ASKED).annotate(first=Min("line")).order_by("first")
    for *asked, place in heads:
        if tuple(asked) not in hopeless:
            return line.filter(line=place, **dict(zip(ASKED, asked, strict=True))).order_by("pk").first()
    return None


ASKED = ("attendance", "ticket_id", "occurrence_id")


def _asked_for(registration: "Registration") -> tuple[Any, ...]:
    return tuple(getattr(registration, name) for name in ASKED)


def move(registration: "Registration", before: "Registration | None", by: User, why: str) -> None:
    """Give somebody another place in the line: right before another one, or, without one, at the end.

    Raises:
        NotAllowed: one of them does not wait any more.
    """
    from .registration_states import NotAllowed, State

    with transaction.atomic():
        SeatPool.objects.hold(registration.event_id)
        line = list(_line(registration.event_id).select_for_update().order_by("line", "pk"))
        pks = [row.pk for row in line]
        for one in (registration, before):
            if one is not None and one.pk not in pks:
                raise NotAllowed("move in line", one.state)
        if before is not None and before.pk == registration.pk:
            return
        moved = next(row for row in line if row.pk == registration.pk)
        others = [row for row in line if row.pk != registration.pk]
        at = len(others) if before is None else next(i for i, row in enumerate(others) if row.pk == before.pk)
        _settle(moved, others, at)
        moved._note("line", State.WAITING, by, why)
        pass_on(registration.event_id)
    registration.refresh_from_db()


def _settle(moved: "Registration", others: "list[Registration]", at: int) -> None:
    """Between its new neighbours; where there is no room between them everybody gets a new number."""
    lower = (others[at - 1].line or 0) if at else 0
    upper = (others[at].line or 0) if at < len(others) else lower + 2 * STEP
    if upper - lower > 1:
        moved.line = (lower + upper) // 2
        moved.save(update_fields=["line"])
        return
    rows = [*others[:at], moved, *others[at:]]
    for number, row in enumerate(rows, start=1):
        row.line = number * STEP
    type(moved).objects.bulk_update(rows, ["line"], batch_size=500)


def _line(event_id: int) -> Any:
    from .registration import Registration

    return Registration.objects.filter(event_id=event_id, state="waiting")


def _not_allowed() -> type[Exception]:
    from .registration_states import NotAllowed

    return NotAllowed
