"""Independent readers: what calendar programs that nobody here wrote make of a feed.

Each is given a feed whose zones bear names it has never heard, so that only the
feed's own VTIMEZONE can tell it the hour, and answers with every date that takes
place, as UTC instants. `ical` (Home Assistant) and ical.js (Thunderbird) expand
series, exceptions included, by themselves; icalendar and vobject only read, and
give the dates of a rule with dateutil: their overrides are applied in `feed`.
"""

from . import ical, ical_js, icalendar, vobject
from .feed import Reader, ZoneReader, by_event, disagreement
from .reference import onsets

ZONE_READERS: list[ZoneReader] = [icalendar.zone, vobject.zone, ical.zone, ical_js.zone]
READERS: list[Reader] = [icalendar.dates, vobject.dates, ical.dates, ical_js.dates]

__all__ = ["READERS", "ZONE_READERS", "by_event", "disagreement", "onsets"]
