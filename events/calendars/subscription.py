"""Subscription: one calendar, by every way in which somebody can have it in theirs."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

SYNDICATED = ("all", "region")
"What there is a news feed of; the others have a calendar only."


class Subscription(NamedTuple):
    """One feed: by https, by webcal, and ready for calendars on the web."""

    url: str
    webcal: str
    google: str
    outlook: str
    office: str
    archive: str
    page: str
    "Where all ways are told, in the language of the page."


class Syndication(NamedTuple):
    """What reads news, of everything or of one region."""

    rss: str
    json: str


def subscription(scope: str, code: Any = None, language: str = "", name: str = "") -> Subscription:
    """The calendar of everything ("all"), or of one region, kind, objective or event.

    Args:
        language: of the calendar; by default that of the page.
        name: what a calendar on the web calls it.
    """
    spoken = get_language() or settings.LANGUAGE_CODE
    language = language or spoken
    args = [language] if code is None else [language, code]
    url = settings.SITE_URL + reverse(f"calendars:{scope}", args=args)
    webcal = f"webcal://{url.partition('://')[2]}"
    older = {"all": "archive"}.get(scope, f"{scope}-archive")
    query = f"url={quote(url, safe='')}" + (f"&name={quote(name, safe='')}" if name else "")
    return Subscription(
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{query}",
        office=f"https://outlook.office.com/calendar/0/addfromweb?{query}",
        archive="" if scope == "event" else settings.SITE_URL + reverse(f"calendars:{older}", args=args),
        page=subscribe_url("all" if scope == "event" else scope, code, language if language != spoken else ""),
    )


def personal(token: str) -> Subscription:
    """A person's own calendar, behind its key."""
    url = settings.SITE_URL + reverse("calendars:mine", args=[get_language() or settings.LANGUAGE_CODE, token])
    webcal = f"webcal://{url.partition('://')[2]}"
    query = f"url={quote(url, safe='')}"
    return Subscription(
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{query}",
        office=f"https://outlook.office.com/calendar/0/addfromweb?{query}",
        archive="",
        page="",
    )


def subscribe_url(scope: str = "all", code: Any = None, language: str = "") -> str:
    """The page "Subscribe" in the active language, for one calendar; ``language`` if it is another one than that."""
    chosen = {} if scope == "all" else {"scope": scope, "code": code}
    return reverse("subscribe", kwargs=chosen | ({"language": language} if language else {}))


def syndication(scope: str = "all", code: Any = None, language: str = "") -> Syndication:
    """The meetings as RSS and as JSON Feed."""
    language = language or get_language() or settings.LANGUAGE_CODE
    name, args = ("region", [language, code]) if scope == "region" else ("all", [language])
    rss, json = (settings.SITE_URL + reverse(f"event_feeds:{name}", args=[*args, form]) for form in ("rss", "json"))
    return Syndication(rss, json)
