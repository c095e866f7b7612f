"""What the pages of registration show of an event."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from events.calendars import days, hours, rows
from events.calendars.zone_names import zone_name
from events.models import Event, Occurrence
from pages.trilingual import shown

from . import dates

DATES = 12
"How many dates of a series are told."


def event_shown(
    request: HttpRequest, event: Event, occurrence: Occurrence | None = None, zone: str = ""
) -> dict[str, Any]:
    """The event, its next date and those after it, the hours at the place and in UTC, its page in this language.

    With ``occurrence`` that date alone; dates are told in ``zone`` too, if it is given.
    """
    language = get_language() or settings.LANGUAGE_CODE
    prefetch_related_objects([event], "regions")  # the ground and its pictures ask for them
    following: list[Occurrence] = []
    if event.recurs and occurrence is None:
        following = list(event.occurrences.given().filter(ends_at__gt=timezone.now()).order_by("starts_at")[:DATES])
        occurrence = next((one for one in following if one.takes_place), None)
    date = occurrence or event
    there = hours.at_place(event, language, occurrence)
    yours = hours.in_zone(event, zone, language, occurrence) if zone and not event.all_day else None
    utc = hours.in_zone(event, "UTC", language, occurrence)
    replacement = event.replacement if event.replacement and event.replacement.live else None
    near = [one for one in (event, replacement) if one]
    where = rows.addresses(near, language, request)
    return {
        "event": event,
        "venue": (occurrence and shown(occurrence.venue).text and occurrence.venue) or event.venue,
        "city": (occurrence and shown(occurrence.city).text and occurrence.city) or event.city,
        "day": days.day(date.start_local, date.end_local, event.all_day, language),
        "there": there,
        "following": [dates.told(event, one, zone) for one in following if one != occurrence],
        "utc": None if event.all_day or there.says_as(utc) else utc,
        "yours": None if yours is None or yours.says_as(there) else yours,
        "occurrence": occurrence,
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
