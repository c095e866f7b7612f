"""Addresses of calendar feeds, to open and to subscribe to."""

from typing import Any, NamedTuple
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from events.models import CalendarKey

register = template.Library()


class Feed(NamedTuple):
    """One feed: by https, by webcal, and ready for two calendars on the web."""

    url: str
    webcal: str
    google: str
    outlook: str


@register.simple_tag
def calendar_feed(scope: str, code: Any = None) -> Feed:
    """The feed of everything ("all"), or of one region, kind, objective or event."""
    language = get_language() or settings.LANGUAGE_CODE
    path = reverse(f"calendars:{scope}", args=[language] if code is None else [language, code])
    return feed_at(settings.SITE_URL + path)


def feed_at(url: str) -> Feed:
    """The same for an address that is known already, as a person's own."""
    webcal = f"webcal://{url.partition('://')[2]}"
    return Feed(
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?url={quote(url, safe='')}",
    )


@register.simple_tag
def own_feed(registration: Any) -> Feed | None:
    """The private calendar of the person whose registration this is, if they have one."""
    key = CalendarKey.objects.of(registration.email_key)
    if key is None or not key.token:
        return None
    return feed_at(settings.SITE_URL + reverse("calendars:mine", args=[get_language() or "fr", key.token]))
