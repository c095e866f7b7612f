"""Joining: from when until when the link to join online is shown to those who take part."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Min
from django.utils import timezone

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence


def shown_from(event: "Event", occurrence: "Occurrence | None" = None) -> dt.datetime | None:
    """The instant from which the link is shown: so many hours before the beginning as the event says.

    Of the date given, else of the next date of a series; None if none is to come.
    """
    date = _date(event, occurrence)
    return date.starts_at - dt.timedelta(hours=event.joining_hours) if date else None


def is_shown(event: "Event", occurrence: "Occurrence | None" = None, now: dt.datetime | None = None) -> bool:
    """Whether the hour of the link has come and the date is not over; who may see it is the caller's to ask."""
    date, now = _date(event, occurrence), now or timezone.now()
    return date is not None and date.starts_at - dt.timedelta(hours=event.joining_hours) <= now < date.ends_at


def series_shown(events: "Iterable[Event]", now: dt.datetime | None = None) -> set[int]:
    """The keys of those among these series whose link is shown now; one query, however many."""
    from .occurrence import Occurrence

    now = now or timezone.now()
    hours = {event.pk: event.joining_hours for event in events if event.recurs}
    if not hours:
        return set()
    coming = Occurrence.objects.coming(now).filter(event__in=hours).order_by()
    next_ones = coming.values_list("event").annotate(begins=Min("starts_at"))
    return {pk for pk, begins in next_ones if begins - dt.timedelta(hours=hours[pk]) <= now}


def _date(event: "Event", occurrence: "Occurrence | None") -> Any:
    """What has the instants: the date, the next one of a series, or the event; None if nothing is to come."""
    if occurrence is not None:
        return occurrence
    if event.recurs:
        return event.occurrences.coming().first()
    return event
