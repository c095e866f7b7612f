"""What the letters to participants say: the facts as frozen, the link made when they leave."""

import datetime as dt
from typing import Any

from babel.dates import format_skeleton
from django.db.models.functions import Coalesce
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
from .invitations import CANCEL, Wish, invite


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
    registration = next((row for row in _told_of(letter) if row.is_confirmed), None)
    if registration is None:
        return None
    told = _told(letter, registration)
    calendar = invite(letter, [Wish(row, letter.facts["event"]) for row in _told_of(letter) if row.is_confirmed])
    return told | {"subject": gettext("Your place: %(title)s, %(date)s") % _headline(told), "calendar": calendar}


@kind("cancelled", _("place given back"))
def cancelled(letter: Letter) -> dict[str, Any] | None:
    """Your place was given back."""
    registration = _about(letter)
    if registration is None:
        return None
    told = _told(letter, registration)
    ended = [row for row in _told_of(letter) if not row.is_living]
    return told | {
        "subject": gettext("You are no longer registered: %(title)s, %(date)s") % _headline(told),
        "calendar": invite(letter, [Wish(row, letter.facts["event"], CANCEL, given_back=True) for row in ended]),
    }


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
        .select_related("event", "occurrence")
        .order_by(Coalesce("occurrence__starts_at", "event__starts_at"), "pk")
        if not registration.is_over
    ]
    if not mine:
        return None
    return {"subject": gettext("The links to your registrations"), "registrations": mine}


def _next_date(registration: Registration) -> Any:
    event = registration.event
    return registration.occurrence or (event.occurrences.coming().first() if event.recurs else None)


def _about(letter: Letter) -> Registration | None:
    return Registration.objects.filter(uid=letter.link_subject).select_related("event").first()


def _told_of(letter: Letter) -> list[Registration]:
    """Every place that the letter tells of: one, or several dates of a series."""
    uids = [row["uid"] for row in letter.facts.get("registrations", ())] or [letter.link_subject]
    rows = {str(row.uid): row for row in Registration.objects.filter(uid__in=uids).select_related("occurrence")}
    return [rows[uid] for uid in uids if uid in rows]


def _told(letter: Letter, registration: Registration) -> dict[str, Any]:
    """What stands in a letter about one registration."""
    language = get_language() or "fr"
    event, lines = letter.facts["event"], letter.facts.get("registrations", [])
    mine = next((line["date"] for line in lines if line["uid"] == str(registration.uid)), None)
    event = event | {name: value for name, value in (mine or {}).items() if name in event and value}
    there, utc = hours_told(event, language), hours_told(event, language, "UTC")
    yours = _at_home(event, registration, language)
    numerals, month = _big_date(event, language)
    return {
        "event": event,
        "dated": mine is not None,
        "dates": _dates(letter, lines, language) if len(lines) > 1 else [],
        "title": LazyI18nString(event["title"]),
        "city": LazyI18nString(event["city"]),
        "venue": LazyI18nString(event["venue"]),
        "country": countries.name(event["country"], language) if event["country"] else "",
        "theme": LazyI18nString(event["theme"]),
        "ticket": LazyI18nString(letter.facts["ticket"]),
        "attendance": Attendance(letter.facts["attendance"]),
        "there": there,
        "utc": None if event["all_day"] or there.says_as(utc) else utc,
        "yours": None if yours is None or yours.says_as(there) else yours,
        "numerals": numerals,
        "month": month,
        "link": links.address(registration, language),
        "reply_to": event["contact"],
    }


def _at_home(event: dict[str, Any], registration: Registration, language: str) -> hours.Hours | None:
    """The hours on the clock that the participant gave for their own; None where no hour is told or no clock known."""
    known = registration.home_zone and not event["all_day"]
    return hours_told(event, language, registration.home_zone) if known else None


def _dates(letter: Letter, lines: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The dates of one form that are still this person's, each with its own page."""
    rows = {str(row.uid): row for row in _told_of(letter) if row.is_confirmed}
    return [
        {
            "there": hours_told(letter.facts["event"] | line["date"], language),
            "link": links.address(rows[line["uid"]], language),
        }
        for line in lines
        if line["uid"] in rows and line["date"]
    ]


def _headline(told: dict[str, Any]) -> dict[str, str]:
    return {"title": shown(told["title"]).text, "date": told["there"].date_text}


def _big_date(told: dict[str, Any], language: str) -> tuple[str, str]:
    """ "15–17" and "mai 2023"; empty where the days lie in two months."""
    first, last = (dt.datetime.fromisoformat(told[name]).date() for name in ("start_local", "end_local"))
    if (first.year, first.month) != (last.year, last.month):
        return "", ""
    days = str(first.day) if first == last else f"{first.day}–{last.day}"
    return days, format_skeleton("yMMMM", first, locale=locale(language))
