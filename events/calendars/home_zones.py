"""Home zones: whose clock a person lives by, where they did not say so themselves."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files


@cache
def _zones_by_country() -> dict[str, list[str]]:
    """The zones of each country, by its ISO 3166 code, as tzdata's own table lists them (zone.tab)."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_comment = line.split("\t")
            found[country].append(zone)
    return dict(found)


def zone_of(country: str) -> str:
    """The one zone of a country; "" where it has several or is not known."""
    zones = _zones_by_country().get(country, [])
    return zones[0] if len(zones) == 1 else ""
