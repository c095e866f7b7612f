"""What a subscriber gets: the bytes of a feed and the events in it."""

from __future__ import annotations

from typing import Any

import icalendar
from django.test import Client


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
