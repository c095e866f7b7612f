"""What stands in every letter about a registration: its words, until when, when and where, and the button."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import get_language, gettext
from i18nfield.strings import LazyI18nString

from events.calendars import hours, prices
from events.calendars.zone_names import locale, zone_name
from events.models import Attendance, Event, Registration, facts
from letters.models import Letter
from letters.writing import called
from pages.languages import name_of
from pages.trilingual import Shown
from regions import countries

from .. import links
from . import money
from . import words as letter_words

NOBODYS_LINK = "https://example.org/"
"Stands in a preview where the reader's own link will be."
TEST = "test"
"Marks a letter that the staff send to themselves."


class Deadline(NamedTuple):
    """Until when something is kept: what it is, the moment at the place and where the reader is, and what follows."""

    label: str
    there: str
    yours: str = ""
    then: str = ""


class Line(NamedTuple):
    """One more fact, such as what is paid: what it is, what it says, what follows, and where more of it is."""

    label: str
    text: str
    then: str = ""
    link: str = ""
    go: str = ""


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


def moment_told(instant: dt.datetime, zone: str, language: str) -> str:
    """One instant on the clock of a zone, in full: day, hour and the zone's name."""
    local = instant.astimezone(ZoneInfo(zone))
    day, hour = hours.day_of(local.date(), language), hours.time_of(local, language)
    return f"{day}, {hour}, {zone_name(zone, instant, instant, language)}"


def is_rehearsal(letter: Letter) -> bool:
    """Whether it is a preview or a test: it leads nowhere, puts nothing into a calendar, and need not be true."""
    return letter.pk is None or TEST in letter.facts


def told_of(letter: Letter) -> list[Registration]:
    """Every place that the letter tells of: one, or several dates of a series."""
    uids = [row["uid"] for row in letter.facts.get("registrations", ())] or [letter.link_subject]
    found = Registration.objects.known().filter(uid__in=uids).select_related("event", "ticket", "occurrence")
    rows = {str(row.uid): row for row in found}
    return [rows[uid] for uid in uids if uid in rows] or ([_example(letter)] if is_rehearsal(letter) else [])


def still(letter: Letter, is_true: Callable[[Registration], bool]) -> list[Registration]:
    """The places of which the letter is still true; all of them once it has left, for then it said what was true."""
    rows = told_of(letter)
    return rows if letter.sent_at or is_rehearsal(letter) else [row for row in rows if is_true(row)]


def body(letter: Letter, rows: list[Registration], *, seated: bool = True) -> dict[str, Any]:
    """What stands in a letter about these places, its words filled in, with what it has to keep when it leaves."""
    language = get_language() or settings.LANGUAGE_CODE
    told = place_told(letter, rows) | {"link": link_of(letter, rows[0])}
    values = values_told(letter.recipient_name, told["event"], letter.facts, language)
    said = letter_words.said(letter, letter.kind, seated)
    return told | {
        "subject": _marked(letter, letter_words.plain(said.subject, values, said.lang)),
        "words": letter_words.paragraphs(said.text, values, said.lang),
        "plain_words": letter_words.plain(said.text, values, said.lang),
        "words_lang": said.lang,
        "words_in": name_of(said.lang, language) if said.lang != language else "",
        "button": gettext("See my registration"),
        "is_test": TEST in letter.facts,
        "keeps": letter_words.kept(said),
    }


def place_told(letter: Letter, rows: list[Registration]) -> dict[str, Any]:
    """When and where, as the letter froze it: at the place, in universal time and, if known, where the reader is."""
    registration = rows[0]
    language = get_language() or settings.LANGUAGE_CODE
    event, lines = letter.facts["event"], letter.facts.get("registrations", [])
    mine = next((line["date"] for line in lines if line["uid"] == str(registration.uid)), None)
    event = event | {name: value for name, value in (mine or {}).items() if name in event and value}
    there, utc = hours_told(event, language), hours_told(event, language, "UTC")
    yours = _at_home(event, registration, language)
    numerals, month = _big_date(event, language)
    return {
        "event": event,
        "dated": mine is not None,
        "dates": _dates(letter, lines, rows, language) if len(lines) > 1 else [],
        "title": LazyI18nString(event["title"]),
        "city": LazyI18nString(event["city"]),
        "venue": LazyI18nString(event["venue"]),
        "country": countries.name(event["country"], language) if event["country"] else "",
        "theme": LazyI18nString(event["theme"]),
        "ticket": LazyI18nString(letter.facts["ticket"]),
        "attendance": Attendance(letter.facts["attendance"]),
        "joins": True,
        "there": there,
        "utc": None if event["all_day"] or there.says_as(utc) else utc,
        "yours": None if yours is None or yours.says_as(there) else yours,
        "numerals": numerals,
        "month": month,
        "reply_to": event["contact"],
    }


def deadline(letter: Letter, registration: Registration, label: str, then: str = "") -> Deadline | None:
    """Until when, on the clock of the event and on the reader's own; None where the letter knows no end."""
    if not letter.facts.get("until"):
        return None
    language = get_language() or settings.LANGUAGE_CODE
    until, zone = dt.datetime.fromisoformat(letter.facts["until"]), letter.facts["event"]["timezone"]
    there, home = moment_told(until, zone, language), registration.home_zone
    here = moment_told(until, home, language) if home else ""
    same = home and until.astimezone(ZoneInfo(home)).utcoffset() == until.astimezone(ZoneInfo(zone)).utcoffset()
    return Deadline(label, there, "" if same else here, then)


def link_of(
    letter: Letter, registration: Registration, leads: Callable[[Registration, str], str] = links.address
) -> str:
    """The reader's own page, or another page of theirs; in a preview and in a test no page of anybody."""
    if letter.pk is None:
        return NOBODYS_LINK
    language = get_language() or settings.LANGUAGE_CODE
    return f"{settings.SITE_URL}/{language}/" if TEST in letter.facts else leads(registration, language)


def values_told(name: str, event: dict[str, Any], told: dict[str, Any], language: str) -> dict[str, Any]:
    """What the placeholders of a letter's words stand for, from what it froze."""
    until = dt.datetime.fromisoformat(told["until"]) if told.get("until") else None
    sum_told = money.about(told)
    return {
        "name": called(name),
        "title": LazyI18nString(event["title"]),
        "date": Shown(hours_told(event, language).date_text, language),
        "city": LazyI18nString(event["city"]),
        "until": Shown(moment_told(until, event["timezone"], language) if until else "", language),
        "giver": called(told.get("from", "")),
        "amount": Shown(prices.told(*sum_told, language) if sum_told else "", language),
    }


def values_of(registration: Registration, until: dt.datetime | None) -> dict[str, Any]:
    """The same for somebody to whom no letter has been written yet."""
    told = facts.of_registration(registration) | ({"until": until.isoformat()} if until else {})
    return values_told(registration.name, told["event"], told, get_language() or settings.LANGUAGE_CODE)


def _marked(letter: Letter, subject: str) -> str:
    return gettext("[Test] %(subject)s") % {"subject": subject} if TEST in letter.facts else subject


def _example(letter: Letter) -> Registration:
    """Nobody, for a preview of an event for which nobody is registered."""
    lines = letter.facts.get("registrations", [])
    return Registration(
        uid=lines[0]["uid"] if lines else letter.link_subject,
        event=Event.objects.filter(uid=letter.facts["event"]["uid"]).first(),
        name=letter.recipient_name,
        email=letter.recipient,
        attendance=letter.facts["attendance"],
        language=letter.language,
    )


def _at_home(event: dict[str, Any], registration: Registration, language: str) -> hours.Hours | None:
    """The hours on the clock that the participant gave for their own; None where no hour is told or no clock known."""
    known = registration.home_zone and not event["all_day"]
    return hours_told(event, language, registration.home_zone) if known else None


def _dates(
    letter: Letter, lines: list[dict[str, Any]], rows: list[Registration], language: str
) -> list[dict[str, Any]]:
    """The dates of one form that are still this person's, each with its own page."""
    mine = {str(row.uid): row for row in rows}
    return [
        {
            "there": hours_told(letter.facts["event"] | line["date"], language),
            "link": link_of(letter, mine[line["uid"]]),
        }
        for line in lines
        if line["uid"] in mine and line["date"]
    ]


def _big_date(told: dict[str, Any], language: str) -> tuple[str, str]:
    """ "15–17" and "mai 2023"; empty where the days lie in two months."""
    first, last = (dt.datetime.fromisoformat(told[name]).date() for name in ("start_local", "end_local"))
    if (first.year, first.month) != (last.year, last.month):
        return "", ""
    days = str(first.day) if first == last else f"{first.day}–{last.day}"
    return days, format_skeleton("yMMMM", first, locale=locale(language))
