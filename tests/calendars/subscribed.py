"""What a subscriber gets, the bytes of a feed and the events in it, and what it is to agree with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import icalendar
import recurrence
from django.conf import settings
from django.test import Client

from events.models import Occurrence


def feed(path: str, **headers: str) -> bytes:
    """The bytes of a feed, fetched by a client without a past."""
    response = Client(headers=headers).get(f"/ical/{path}")
    assert response.status_code == 200, (path, response.status_code)
    return response.content


def events(path: str) -> dict[str, Any]:
    """The VEVENTs of a feed by the first part of their UID."""
    calendar = icalendar.Calendar.from_ical(feed(path))
    return {str(event["UID"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def entry(event: Any, language: str = "fr") -> Any:
    """The VEVENT of one event in its own feed."""
    return events(f"{language}/event/{event.uid}.ics")[str(event.uid)]


def series(text: str) -> recurrence.Recurrence:
    """A rule as the database keeps it."""
    return recurrence.deserialize(text, include_dtstart=False)


def held(events: Iterable[Any]) -> dict[str, list[tuple[Any, Any]]]:
    """The dates of these events that take place, in the form of ``readers``: (start, end) by UID, in order."""
    found = defaultdict(list)
    columns = ("event__uid", "event__all_day", "start_local", "end_local", "starts_at", "ends_at")
    dates = Occurrence.objects.taking_place().filter(event__in=events).order_by("starts_at", "ends_at")
    for uid, all_day, *local, starts_at, ends_at in dates.values_list(*columns):
        days = (local[0].date(), local[1].date() + dt.timedelta(days=1))
        found[f"{uid}@{settings.CALENDAR_UID_DOMAIN}"].append(days if all_day else (starts_at, ends_at))
    return dict(found)
