"""What the letters to participants say: the facts as frozen, the link made when they leave."""

import datetime as dt
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.calendars import hours
from events.calendars.zone_names import locale
from events.models import Attendance, Registration
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown
from regions import countries

from . import links


def hours_told(told: dict[str, Any], language: str, zone: str = "") -> hours.Hours:
    """The hours of an event as a letter froze them, at the place or in another zone."""
    return hours.tell(
        dt.datetime.fromisoformat(told["starts_at"]),
        dt.datetime.fromisoformat(told["ends_at"]),
        zone or told["timezone"],
        told["all_day"],
        dt.datetime.fromisoformat(told["start_local"]),
        dt.datetime.fromisoformat(told["end_local"]),
        language,
    )


@kind("confirmed", _("place confirmed"))
def confirmed(letter: Letter) -> dict[str, Any] | None:
    """Your place is confirmed; not sent once it no longer is."""
    registration = _about(letter)
    if registration is None or not registration.is_confirmed:
        return None
    told = _told(letter, registration)
    return told | {"subject": gettext("Your place: %(title)s, %(date)s") % _headline(told)}


@kind("cancelled", _("place given back"))
def cancelled(letter: Letter) -> dict[str, Any] | None:
    """Your place was given back."""
    registration = _about(letter)
    if registration is None:
        return None
    told = _told(letter, registration)
    return told | {"subject": gettext("You are no longer registered: %(title)s, %(date)s") % _headline(told)}


@kind("link", _("new link"))
def link(letter: Letter) -> dict[str, Any] | None:
    """The link to your page; those sent before no longer work."""
    registration = _about(letter)
    if registration is None:
        return None
    told = _told(letter, registration)
    return told | {"subject": gettext("The link to your page: %(title)s, %(date)s") % _headline(told)}


@kind("links", _("links sent again"))
def all_links(letter: Letter) -> dict[str, Any] | None:
    """The links to everything this address is registered for and that is not over."""
    language = get_language() or "fr"
    mine = [
        {
            "title": registration.event.title,
            "there": hours.at_place(registration.event, language, _next_date(registration)),
            "link": links.address(registration, language),
        }
        for registration in Registration.objects.living()
        .filter(email_key=letter.link_subject, event__live=True)
        .select_related("event")
        .order_by("event__starts_at", "pk")
        if not registration.event.is_over
    ]
    if not mine:
        return None
    return {"subject": gettext("The links to your registrations"), "registrations": mine}


def _next_date(registration: Registration) -> Any:
    event = registration.event
    return event.occurrences.coming().first() if event.recurs else None


def _about(letter: Letter) -> Registration | None:
    return Registration.objects.filter(uid=letter.link_subject).select_related("event").first()


def _told(letter: Letter, registration: Registration) -> dict[str, Any]:
    """What stands in a letter about one registration."""
    language = get_language() or "fr"
    event = letter.facts["event"]
    there, utc = hours_told(event, language), hours_told(event, language, "UTC")
    numerals, month = _big_date(event, language)
    return {
        "event": event,
        "title": LazyI18nString(event["title"]),
        "city": LazyI18nString(event["city"]),
        "venue": LazyI18nString(event["venue"]),
        "country": countries.name(event["country"], language) if event["country"] else "",
        "theme": LazyI18nString(event["theme"]),
        "ticket": LazyI18nString(letter.facts["ticket"]),
        "attendance": Attendance(letter.facts["attendance"]),
        "there": there,
        "utc": None if event["all_day"] or there.says_as(utc) else utc,
        "numerals": numerals,
        "month": month,
        "link": links.address(registration, language),
        "reply_to": event["contact"],
    }


def _headline(told: dict[str, Any]) -> dict[str, str]:
    return {"title": shown(told["title"]).text, "date": told["there"].date_text}


def _big_date(told: dict[str, Any], language: str) -> tuple[str, str]:
    """ "15–17" and "mai 2023"; empty where the days lie in two months."""
    first, last = (dt.datetime.fromisoformat(told[name]).date() for name in ("start_local", "end_local"))
    if (first.year, first.month) != (last.year, last.month):
        return "", ""
    days = str(first.day) if first == last else f"{first.day}–{last.day}"
    return days, format_skeleton("yMMMM", first, locale=locale(language))
