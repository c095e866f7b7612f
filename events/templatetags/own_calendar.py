"""Addresses of a person's private calendar, on that person's own page."""

from typing import NamedTuple
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from events.models import CalendarKey, Registration

register = template.Library()


class OwnFeed(NamedTuple):
    """By https, by webcal, and ready for two calendars on the web."""

    url: str
    webcal: str
    google: str
    outlook: str


@register.simple_tag
def own_feed(registration: Registration) -> OwnFeed | None:
    """The private calendar of the person whose registration this is, if they have one."""
    key = CalendarKey.objects.of(registration.email_key)
    if key is None or not key.token:
        return None
    language = get_language() or settings.LANGUAGE_CODE
    url = settings.SITE_URL + reverse("calendars:mine", args=[language, key.token])
    webcal = f"webcal://{url.partition('://')[2]}"
    return OwnFeed(
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?url={quote(url, safe='')}",
    )
