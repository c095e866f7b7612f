"""What the letters of an announcement say: what was known, what is true, why, and what there is to do."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from babel.dates import format_skeleton
from django.conf import settings
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.calendars.rows import addresses
from events.calendars.zone_names import locale
from events.models import Announcement, Change, Event, Registration, date_facts, facts
from letters.kinds import kind
from letters.models import Letter
from pages.languages import name_of
from pages.trilingual import shown
from regions import countries

from .. import links
from .body import NOBODYS_LINK, hours_told
from .calendars import CANCEL, REQUEST, Wish, invite


@kind("event_moved", _("meeting moved"))
def moved(letter: Letter) -> dict[str, Any] | None:
    """The meeting has another date or another place."""
    told = _told(letter)
    if told is None:
        return None
    first = told["concerns"][0]
    if first["only_dates"]:
        return told | {"subject": _of_dates(first) % {"title": shown(first["title"]).text, "date": _day(first)}}
    if first["new_rule"]:
        return told | {"subject": gettext("Some dates change: %(title)s") % _headline(first, "now")}
    if first["new_time"]:
        return told | {"subject": gettext("New date: %(title)s, %(date)s") % _headline(first, "now")}
    if first["new_place"] and not first["new_way"]:
        return told | {"subject": gettext("New place: %(title)s, %(date)s") % _headline(first, "now")}
    return told | {"subject": gettext("Changed: %(title)s, %(date)s") % _headline(first, "now")}


@kind("event_postponed", _("meeting postponed"))
def postponed(letter: Letter) -> dict[str, Any] | None:
    """The meeting does not take place on its date."""
    told = _told(letter)
    return told and told | {
        "subject": gettext("Postponed: %(title)s, %(date)s") % _headline(told["concerns"][0], "known")
    }


@kind("event_cancelled", _("meeting cancelled"))
def cancelled(letter: Letter) -> dict[str, Any] | None:
    """The meeting does not take place."""
    told = _told(letter)
    return told and told | {
        "subject": gettext("Cancelled: %(title)s, %(date)s") % _headline(told["concerns"][0], "known")
    }


@kind("event_reinstated", _("meeting takes place after all"))
def reinstated(letter: Letter) -> dict[str, Any] | None:
    """The meeting that was called off takes place."""
    told = _told(letter)
    return told and told | {
        "subject": gettext("Takes place after all: %(title)s, %(date)s") % _headline(told["concerns"][0], "now")
    }


def _of_dates(concern: dict[str, Any]) -> str:
    """The subject where single dates of a series have changed."""
    if len(concern["dates"]) > 1:
        return gettext("Some dates change: %(title)s")
    what = concern["dates"][0]["what"]
    if what == "cancelled":
        return gettext("Does not take place: %(title)s, %(date)s")
    if what == "back":
        return gettext("Takes place after all: %(title)s, %(date)s")
    return gettext("New date: %(title)s, %(date)s") if what == "moved" else gettext("New place: %(title)s, %(date)s")


def _day(concern: dict[str, Any]) -> str:
    date = concern["dates"][0]
    return str(date["known" if date["what"] == "cancelled" else "now"]["hours"].date_text)


def _headline(concern: dict[str, Any], when: str) -> dict[str, str]:
    return {"title": shown(concern["title"]).text, "date": concern[when]["hours"].date_text}


def _told(letter: Letter) -> dict[str, Any] | None:
    """What stands in the letter; None if it no longer concerns its reader, or a later one tells more."""
    language = get_language() or settings.LANGUAGE_CODE
    concerns = letter.facts["concerns"]
    if letter.pk is None:
        mine, later = {}, set()
    else:
        uids = [concern["registration"] for concern in concerns]
        living = Registration.objects.living().filter(uid__in=uids).select_related("occurrence")
        mine = {str(row.uid): row for row in living}
        later = _told_later(letter)
    true = [
        concern
        for concern in concerns
        if letter.pk is None or (concern["registration"] in mine and concern["after"]["uid"] not in later)
    ]
    if not true:
        return None
    wishes = [_wish(mine[concern["registration"]], concern["after"]) for concern in true if letter.pk]
    reason = LazyI18nString(letter.facts["reason"])
    text, lang = shown(reason, language)
    return {
        "concerns": [_concern(concern, mine.get(concern["registration"]), language, letter) for concern in true],
        "calendar": invite(letter, [wish for wish in wishes if wish.registration.is_confirmed]),
        "reason": reason if text else None,
        "reason_in": name_of(lang, language) if text and lang != language else "",
        "reply_to": concerns[0]["after"]["contact"],
    }


def _wish(registration: Registration, after: dict[str, Any]) -> Wish:
    """What a calendar has to do: only who has a place was ever invited."""
    return Wish(registration, after, CANCEL if after["status"] in facts.CALLED_OFF else REQUEST)


def _told_later(letter: Letter) -> set[str]:
    """The events of which a later announcement has told something else: this letter is out of date."""
    events = [concern["after"]["uid"] for concern in letter.facts["concerns"]]
    mine = Announcement.objects.filter(uid=letter.facts["announcement"]).values("announced_at")[:1]
    later = Change.objects.filter(event__uid__in=events, announcement__announced_at__gt=Subquery(mine))
    return {str(uid) for uid in later.values_list("event__uid", flat=True)}


def _concern(
    concern: dict[str, Any], registration: Registration | None, language: str, letter: Letter
) -> dict[str, Any]:
    """One event, as its section of the letter shows it."""
    before, after = concern["before"], concern["after"]
    home = concern.get("home_zone", "")
    clock = ("first", "timezone", "all_day", "rule")
    place = ("city", "country", "venue")
    at = letter.created_at or timezone.now()
    new_rule = _only_rule(before, after, at)
    news = {
        "new_rule": new_rule,
        "new_time": not new_rule and any(before[name] != after[name] for name in clock),
        "new_place": any(before[name] != after[name] for name in place),
        "new_way": before["format"] != after["format"],
    }
    what = facts.what(before, after)
    dates = date_changes(before, after, language, at, home) if what == "moved" else []
    return news | {
        "title": LazyI18nString(after["title"]),
        "what": what,
        "known": state(before, language, home),
        "now": state(after, language, home),
        "dates": dates,
        "last": state(last, language, home) if new_rule and (last := date_facts.last(after)) else None,
        "only_dates": bool(dates) and not any(news.values()),
        "tentative": after["status"] == Event.Status.TENTATIVE,
        "recurs": after["recurs"],
        "confirmed": registration is None or registration.is_confirmed,
        "state": registration.state if registration else "",
        "address_waits": registration is not None and registration.address_waits,
        "replacement": _replacement(after["replacement"], language),
        "link": links.address(registration, language) if registration else NOBODYS_LINK,
    }


def _only_rule(before: dict[str, Any], after: dict[str, Any], at: dt.datetime) -> bool:
    """Whether a series has another rule, or another end, and its next date stays as it was."""
    if not before["rule"] or not after["rule"] or before["rule"] == after["rule"]:
        return False
    stays = before["starts_at"] == after["starts_at"] or before["ends_at"] <= at.astimezone(dt.UTC).isoformat()
    return stays and all(before[name] == after[name] for name in ("first", "timezone", "all_day"))


def date_changes(
    before: dict[str, Any], after: dict[str, Any], language: str, at: dt.datetime, home: str = ""
) -> list[dict[str, Any]]:
    """The single dates of a series that have become others, each as it was known and as it is."""
    return [
        {"what": _of_date(known, true), "known": state(known, language, home), "now": state(true, language, home)}
        for known, true in date_facts.changed(before, after, at)
    ]


def _of_date(known: dict[str, Any], true: dict[str, Any]) -> str:
    if true["status"] in facts.CALLED_OFF:
        return "cancelled"
    if known["status"] in facts.CALLED_OFF:
        return "back"
    times = ("start_local", "end_local")
    return "moved" if any(known[name] != true[name] for name in times) else "elsewhere"


def state(told: dict[str, Any], language: str, home: str = "") -> dict[str, Any]:
    """When and where: at the place, in universal time and, if it is known, where the reader is."""
    there, utc = hours_told(told, language), hours_told(told, language, "UTC")
    here = hours_told(told, language, home) if home and not told["all_day"] else None
    first, last = (dt.datetime.fromisoformat(told[name]).date() for name in ("start_local", "end_local"))
    one_month = (first.year, first.month) == (last.year, last.month)
    online, own_place = told["format"] == Event.Format.ONLINE, "date" in told and bool(facts.french(told["venue"]))
    return {
        "hours": there,
        "utc": None if told["all_day"] or there.says_as(utc) or (here and utc.says_as(here)) else utc,
        "here": None if here is None or there.says_as(here) else here,
        "numerals": (str(first.day) if first == last else f"{first.day}–{last.day}") if one_month else "",
        "month": format_skeleton("yMMMM", first, locale=locale(language)),
        "city": LazyI18nString(told["city"]),
        "venue": LazyI18nString(told["venue"]),
        "country": countries.name(told["country"], language) if told["country"] else "",
        "online": online and not own_place,  # one date of an online series may be held in a room
        "hybrid": told["format"] == Event.Format.HYBRID or (online and own_place),
    }


def _replacement(told: dict[str, Any] | None, language: str) -> dict[str, Any] | None:
    """The event that takes the place, with its page as it is when the letter leaves."""
    if told is None:
        return None
    event: Iterable[Event] = Event.objects.public().filter(uid=told["uid"])
    url = next(iter(addresses(event, language).values()), "")
    return {
        "title": LazyI18nString(told["title"]),
        "hours": hours_told(told, language),
        "link": url if "://" in url or not url else settings.SITE_URL + url,
    }
