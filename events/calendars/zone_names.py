"""Zone names: what a zone is called in a language, and the city it goes by (CLDR, by Babel)."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone, get_timezone_location

from events.calendars.vtimezone import is_utc

# English for an international public: days before months, 24 hours.
LOCALES = {"fr": "fr", "en": "en_GB", "es": "es"}


@cache
def locale(language: str) -> Locale:
    """Babel's locale for a language of the site; French for any other."""
    return Locale.parse(LOCALES.get(language, "fr"))


def zone_name(zone: str, starts_at: dt.datetime, ends_at: dt.datetime, language: str) -> str:
    """The zone's name, city and offset: "heure d’Europe centrale (Paris, UTC+2)".

    The offset is that of the two instants; where the clocks change between
    them both are said. A zone without a name of its own goes by its city.
    """
    if is_utc(zone):
        return f"{_title('Etc/UTC', language) or 'UTC'} (UTC)"
    there = ZoneInfo(zone)
    start, end = starts_at.astimezone(there), ends_at.astimezone(there)
    offsets = dict.fromkeys([offset_text(start), offset_text(end)])
    title = _title(zone, language, start.dst() != dt.timedelta(0))
    place = city(zone, language)
    if title is None:
        return f"{place} ({' → '.join(offsets)})"
    return f"{title} ({place}, {' → '.join(offsets)})"


def offset_text(moment: dt.datetime) -> str:
    """ "UTC+5:30", "UTC−3" (with a true minus), "UTC+0" of an aware moment."""
    minutes = round((moment.utcoffset() or dt.timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@lru_cache(maxsize=2048)
def city(zone: str, language: str) -> str:
    """The city that gives the zone its name, in the language: "Le Caire" for Africa/Cairo."""
    own: str | None = locale(language).time_zones.get(_names_in_cldr().get(zone, zone), {}).get("city")
    if own is not None:
        return own
    place: str = get_timezone_location(get_timezone(zone), locale(language), return_city=True)
    return place.rpartition("/")[2]  # Babel knows Argentina/Buenos_Aires only under its old name


@lru_cache(maxsize=2048)
def _title(zone: str, language: str, summer: bool = False) -> str | None:
    """What people call the zone's time; None where CLDR has no word that is right all year."""
    spoken = locale(language)
    key = _names_in_cldr().get(zone, zone)
    shared = spoken.meta_zones.get(get_global("meta_zones").get(key), {}).get("long", {})
    own = spoken.time_zones.get(key, {}).get("long", {})
    if "generic" in shared:
        return shared["generic"]
    if summer:
        return own.get("daylight")
    return own.get("standard") or shared.get("standard")


@cache
def _names_in_cldr() -> dict[str, str]:
    """CLDR files some zones under the name they had first: Asia/Kolkata is Asia/Calcutta there."""
    known = get_global("meta_zones")
    return {new: old for old, new in sorted(get_global("zone_aliases").items()) if old in known and new not in known}
