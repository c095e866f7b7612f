"""What the pages of registration show of an event."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from events.calendars import hours
from events.calendars.zone_names import zone_name
from events.models import Event, EventPage


def event_shown(request: HttpRequest, event: Event) -> dict[str, Any]:
    """The event, its hours at the place and in UTC, and its page in the active language."""
    language = get_language() or "fr"
    date = event.occurrences.coming().first() if event.recurs else None
    there = hours.at_place(event, language, date)
    utc = hours.in_zone(event, "UTC", language, date)
    return {
        "event": event,
        "there": there,
        "utc": None if event.all_day or there.says_as(utc) else utc,
        "event_url": page_url(request, event),
    }


def page_url(request: HttpRequest, event: Event) -> str:
    """The event's page in the active language; empty if it has none."""
    pages = EventPage.objects.filter(event=event, live=True, locale__language_code=get_language())
    page = pages.first()
    return (page.get_url(request) or "") if page else ""


def moment(instant: Any, event: Event) -> str:
    """One instant on the clock of the event's zone, in full: day, hour and the zone's name."""
    from zoneinfo import ZoneInfo

    language = get_language() or "fr"
    local = instant.astimezone(ZoneInfo(event.timezone))
    return ", ".join(
        (
            hours.day_of(local.date(), language),
            hours.time_of(local, language),
            zone_name(event.timezone, instant, instant, language),
        )
    )
