"""What the pages of registration show of an event."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from events.calendars import days, hours, rows
from events.calendars.zone_names import zone_name
from events.models import Event

DATES = 12
"How many dates of a series are told."


def event_shown(request: HttpRequest, event: Event) -> dict[str, Any]:
    """The event, its next date and those after it, the hours at the place and in UTC, its page in this language."""
    language = get_language() or settings.LANGUAGE_CODE
    coming = list(event.occurrences.coming()[:DATES]) if event.recurs else []
    occurrence = coming[0] if coming else None
    date = occurrence or event
    there = hours.at_place(event, language, occurrence)
    utc = hours.in_zone(event, "UTC", language, occurrence)
    replacement = event.replacement if event.replacement and event.replacement.live else None
    near = [one for one in (event, replacement) if one]
    where = rows.addresses(near, language, request)
    return {
        "event": event,
        "day": days.day(date.start_local, date.end_local, event.all_day, language),
        "there": there,
        "following": [hours.at_place(event, language, one) for one in coming[1:]],
        "utc": None if event.all_day or there.says_as(utc) else utc,
        "soil": rows.soil(event),
        "event_url": where.get(event.pk, ""),
        "replacement": replacement,
        "replacement_url": where.get(replacement.pk, "") if replacement else "",
    }


def moment(instant: dt.datetime, event: Event) -> str:
    """One instant on the clock of the event's zone, in full: day, hour and the zone's name."""
    language = get_language() or settings.LANGUAGE_CODE
    local = instant.astimezone(ZoneInfo(event.timezone))
    zone = zone_name(event.timezone, instant, instant, language)
    return f"{hours.day_of(local.date(), language)}, {hours.time_of(local, language)}, {zone}"
