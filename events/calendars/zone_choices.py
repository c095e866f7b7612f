"""Zones to choose from, for those whose browser says none."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
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
    listed = _listed(at, own, language)
    if chosen and all(chosen != name for _place, name in listed):
        listed = tuple(sorted([*listed, (_place(chosen, at, language), chosen)]))
    return [{"name": name, "text": text, "chosen": name == chosen} for (_offset, text), name in listed]


@lru_cache(maxsize=256)
def _listed(at: dt.datetime, own: str, language: str) -> tuple[tuple[tuple[dt.timedelta, str], str], ...]:
    """Each zone with its place in the list: the same for everybody, and dear for the reading of its rules."""
    return tuple(sorted((_place(name, at, language), name) for name in dict.fromkeys([*ZONES, own])))


def _place(name: str, at: dt.datetime, language: str) -> tuple[dt.timedelta, str]:
    there = at.astimezone(ZoneInfo(name))
    return there.utcoffset() or dt.timedelta(), f"{city(name, language)} ({offset_text(there)})"
