"""Zones to choose from, for those whose browser says none."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from events.calendars.zone_names import city, offset_text

ZONES = (
    "Africa/Abidjan", "Africa/Addis_Ababa", "Africa/Cairo", "Africa/Casablanca", "Africa/Dakar", "Africa/Johannesburg",
    "Africa/Lagos", "Africa/Nairobi", "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota",
    "America/Caracas", "America/Chicago", "America/Denver", "America/Halifax", "America/Lima", "America/Los_Angeles",
    "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "America/Toronto", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Jakarta", "Asia/Karachi", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tashkent",
    "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Perth", "Australia/Sydney",
    "Europe/Athens", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon", "Europe/London",
    "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Honolulu", "UTC",
)  # fmt: skip


def zone_choices(at: dt.datetime | None, chosen: str, own: str, language: str) -> list[dict[str, Any]]:
    """Zones for those whose browser says none: one city for most of the world's clocks, by offset."""
    if at is None:
        return []
    names = dict.fromkeys([*ZONES, own, *([chosen] if chosen else [])])
    return sorted(
        (
            {
                "name": name,
                "text": f"{city(name, language)} ({offset_text(at.astimezone(ZoneInfo(name)))})",
                "chosen": name == chosen,
            }
            for name in names
        ),
        key=lambda choice: (at.astimezone(ZoneInfo(choice["name"])).utcoffset(), choice["text"]),
    )
