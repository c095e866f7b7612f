"""Pictures: what stands for an event in calendar apps, its photograph or its ground, and a colour to go with it."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from wagtail.images.models import Filter

from events.calendars.rows import soil
from events.models import Event
from events.models.photograph import SHARED
from regions import pictures, profiles

COLOURS = {
    "global": "olivedrab",
    "aspac": "dimgray",
    "afr-w": "firebrick",
    "afr": "brown",
    "eur-n": "rosybrown",
    "eur": "peru",
    "temp": "tan",
    "med": "indianred",
    "lac": "saddlebrown",
    "nam": "darkkhaki",
}
"The ground of a region among the names of CSS (RFC 7986 5.9 knows no others)."


class Picture(NamedTuple):
    url: str
    media_type: str


def colour(event: Event) -> str:
    return COLOURS.get(soil(event), COLOURS["global"])


def picture(event: Event) -> Picture | None:
    """The photograph in the size for shared links, else the ground; all addresses are absolute.

    Nothing is rendered here: a photograph whose size was never asked for is told
    once it has been.
    """
    if event.photo is None:
        ground = profiles.of_kind(soil(event), event.kind)
        return Picture(settings.SITE_URL + pictures.social_url(ground, event.uid), "image/png")
    key = Filter(spec=SHARED).get_cache_key(event.photo)
    for made in event.photo.renditions.all():
        if (made.filter_spec, made.focal_point_key) == (SHARED, key):
            url = str(made.url)
            return Picture(settings.SITE_URL + url if url.startswith("/") else url, "image/jpeg")
    return None
