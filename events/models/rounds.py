"""Rounds: how often one person had a place before and gave it back; calendars have to know (RFC 5546 2.1.4)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .registration import Registration


def sequence(registration: "Registration", ended: bool = False) -> int:
    """What this place adds to the SEQUENCE of its event: two for each that came before it, one more when it ends."""
    return sequences([registration])[registration.pk] + (1 if ended else 0)


def sequences(registrations: "Iterable[Registration]") -> dict[int, int]:
    """The same for many places, in one query."""
    from .registration import Registration

    rows = list(registrations)
    had = defaultdict(list)
    same = Registration.objects.exclude(state__in=Registration.LIVING).filter(
        event__in={row.event_id for row in rows}, email_key__in={row.email_key for row in rows}
    )
    for pk, *what in same.values_list("pk", "event", "occurrence", "email_key"):
        had[tuple(what)].append(pk)
    return {row.pk: 2 * sum(pk < row.pk for pk in had[row.event_id, row.occurrence_id, row.email_key]) for row in rows}
