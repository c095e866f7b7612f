"""Series whose dates one registers for one by one, and what is done to them."""

import datetime as dt
import re
from typing import Any

from django.test import Client

from events.models import Event, EventException, Occurrence, Registration, SeatPool
from tests.factories import told

from .people import address, answers, meeting

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
FIRST, SECOND, THIRD, FOURTH = "2031-05-12", "2031-05-19", "2031-05-26", "2031-06-02"


def series(**facts: Any) -> Event:
    """Four Mondays in May and June 2031, each with seats of its own."""
    default = {
        "title": told("Cercle des sols", "Soil circle", "Círculo de suelos"),
        "recurrence": WEEKLY,
        "registered_for": "date",
        "end_local": dt.datetime(2031, 5, 12, 11),
    }
    return meeting(**default | facts)


def choose(client: Client, event: Event, *days: str, **changes: Any) -> Any:
    """Fill in the form for some dates and send it."""
    said: dict[str, Any] = {**answers(**changes), "dates": list(days)}
    return client.post(address("registration", event.uid, language=said["language"]), said)


def date_of(event: Event, day: str) -> Occurrence:
    return next(one for one in event.occurrences.all() if one.day.isoformat() == day)


def taken_on(event: Event, day: str, key: str = "event") -> int:
    pool = SeatPool.objects.filter(event=event, key=f"date:{date_of(event, day).pk}:{key}").first()
    return pool.taken if pool else 0


def registered(event: Event, email: str = "asha@example.org") -> list[str]:
    """The days for which an address is registered."""
    rows = Registration.objects.living().of(email).filter(event=event).order_by("occurrence__starts_at")
    return [row.occurrence.day.isoformat() for row in rows.select_related("occurrence") if row.occurrence]


def except_for(event: Event, day: str, **facts: Any) -> Event:
    """Publish an exception for one date."""
    EventException.objects.filter(event=event, day=day).delete()
    event = Event.objects.get(pk=event.pk)
    event.exceptions.add(EventException(day=dt.date.fromisoformat(day), **facts))
    return publish_as(event)


def publish_as(event: Event) -> Event:
    event.save_revision().publish()
    return Event.objects.get(pk=event.pk)


def ticks(page: str) -> dict[str, str]:
    """The boxes of a page by their day, each with what stands in its tag."""
    return dict(re.findall(r'<input type="checkbox" name="dates" value="([^"]+)"([^>]*)>', page))
