"""Seats date by date: what stands in the way of counting them so, or of having fewer."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from .seats import SeatPool, wanted_of

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence

FIELDS = {"event": "capacity", "mode:onsite": "capacity_onsite", "mode:online": "capacity_online"}
"The field of the event that says how large a pool is."


def errors(event: "Event") -> dict[str, Any]:
    """What living registrations object to, per field, for a series whose dates have seats of their own.

    Behind the event's first pool what is found here holds until the end.
    """
    found: dict[str, Any] = {}
    misfit = event.registrations.living().filter(occurrence__isnull=event.by_date).count() if event.pk else 0
    if misfit:
        name = "registered_for" if event.recurs else "recurrence"
        found[name] = ValidationError(_switched(event, misfit), code="registered", params={"count": misfit})
    if event.pk and event.by_date:
        for key, wanted in wanted_of(event).items():
            fewer = too_few(event, Q(key__endswith=f":{key}"), wanted)
            if fewer:
                found[FIELDS[key]] = fewer
    return found


def _switched(event: "Event", count: int) -> str:
    if event.by_date:
        return ngettext(
            "%(count)d person is registered for the whole series: that registration would have to end before one "
            "can register for single dates.",
            "%(count)d people are registered for the whole series: their registrations would have to end before one "
            "can register for single dates.",
            count,
        )
    return ngettext(
        "%(count)d registration is for a single date: it would have to end before one can register otherwise.",
        "%(count)d registrations are for single dates: they would have to end before one can register otherwise.",
        count,
    )


def too_few(event: "Event", pools: Q, wanted: int | None) -> ValidationError | None:
    """The sentence that names how many seats are taken on which coming date, if fewer than that are wanted."""
    if wanted is None:
        return None
    taken = (
        SeatPool.objects.of_dates()
        .filter(pools, event=event, taken__gt=wanted, occurrence__ends_at__gt=timezone.now())
        .filter(occurrence__is_cancelled=False, occurrence__is_dropped=False)
        .exclude(wanted=wanted)
        .select_related("occurrence")
        .order_by("-taken", "occurrence__starts_at")
        .first()
    )
    if taken is None or taken.occurrence is None:
        return None
    return ValidationError(
        ngettext(
            "%(taken)d seat is already taken on %(date)s: there can't be fewer.",
            "%(taken)d seats are already taken on %(date)s: there can't be fewer.",
            taken.taken,
        ),
        code="taken",
        params={"taken": taken.taken, "date": spoken(taken.occurrence)},
    )


def spoken(date: "Occurrence") -> str:
    """The day of a date on the clock of its place, in the reader's language."""
    return date_format(date.start_local, "DATE_FORMAT")
