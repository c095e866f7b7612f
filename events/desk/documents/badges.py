"""Badges: one A6 for each person with a place on site, in the event's soil, with the code of the ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from events.calendars import hours
from events.models import Answer, Attendance, Event, Registration
from events.models.questions.kinds import YES, Subject
from events.models.questions.question import Question
from events.models.registration_states import State
from events.registration.documents import qr, ticket
from events.registration.documents.participants import in_order, told_by
from pages.trilingual import shown
from regions import countries

PER_FILE = 100
"Badges of one file: half a minute at most, so that no request is cut off."


@dataclass(frozen=True)
class Badge:
    """What stands on one badge, in one language."""

    name: str
    latin_name: str
    organisation: str
    country: str
    position: str
    speaks: str
    role: str
    no_photographs: bool
    qr: SafeString

    @property
    def size(self) -> str:
        """How large the name is written: as large as leaves it whole, on three lines at most."""
        return fitting(self.name, NAMES)

    @property
    def latin_size(self) -> str:
        return fitting(self.latin_name, LATIN)

    @property
    def organisation_size(self) -> str:
        return fitting(self.organisation, ORGANISATIONS)


NAMES = (("xl", 12, 26), ("l", 15, 38), ("m", 19, 64), ("s", 24, 100), ("xs", 32, 160))
LATIN = (("xl", 22, 44), ("m", 30, 80), ("xs", 40, 160))
ORGANISATIONS = (("xl", 30, 90), ("m", 36, 140), ("xs", 50, 230))
"Sizes, with the widest word on a line and the width of all words that fit; in widths of an average letter."


def fitting(text: str, sizes: Iterable[tuple[str, float, float]]) -> str:
    """The largest of several sizes in which a text fits, else the smallest."""
    widest, whole = max(map(width, text.split()), default=0), width(text)
    last = ""
    for size, word, room in sizes:
        last = size
        if widest <= word and whole <= room:
            break
    return last


def width(text: str) -> float:
    """How wide a text is, in average letters of Latin script: marks have no width, Han has twice as much."""
    import unicodedata

    wide = {"W": 1.9, "F": 1.9}
    return sum(
        0.0 if unicodedata.category(one) in ("Mn", "Me", "Cf") else wide.get(unicodedata.east_asian_width(one), 1.0)
        for one in text
    )


def chosen(rows: QuerySet[Registration], event: Event) -> list[Registration]:
    """Those among some rows who wear a badge: they have a place on site. By their names in Latin letters."""
    people = rows.filter(event=event, state=State.CONFIRMED, attendance=Attendance.ONSITE, erased_at=None)
    return sorted(people.select_related("ticket", "occurrence"), key=in_order)


def badges(people: list[Registration], event: Event, language: str) -> list[Badge]:
    """One for each, in the order given; in a number of queries that does not grow."""
    positions = told_by(people, Subject.POSITION, language)
    speaks = told_by(people, Subject.SPEAKS, language)
    refused = _without_photographs(people, event)
    for one in people:
        one.event = event
    return [
        Badge(
            name=one.name,
            latin_name="" if one.latin_name == one.name else one.latin_name,
            organisation=one.organisation,
            country=countries.name(one.country, language) if one.country else "",
            position=positions.get(one.pk, ""),
            speaks=speaks.get(one.pk, ""),
            role=shown(one.ticket.name, language).text if one.ticket else "",
            no_photographs=one.pk in refused,
            qr=qr.drawn(ticket.code(one), gettext("Code of the ticket")),
        )
        for one in people
    ]


def _without_photographs(people: list[Registration], event: Event) -> set[int]:
    """Those who did not agree to be photographed, where that was asked; nobody where it was not."""
    keys = [one.pk for one in people]
    if not Question.objects.filter(event=event, subject=Subject.PHOTO).filter(Q(retired_at=None)).exists():
        return set()
    agreed = Answer.objects.living().filter(registration__in=keys, question__subject=Subject.PHOTO, chosen__key=YES)
    return set(keys) - set(agreed.values_list("registration", flat=True))


def told(event: Event, language: str) -> dict[str, Any]:
    """What stands on every badge of an event."""
    there = hours.at_place(event, language)
    region = next(iter(event.regions.all()), None)
    return {
        "event": event,
        "title": shown(event.title, language).text,
        "city": shown(event.city, language).text,
        "date": "" if event.recurs else there.date_text,
        "region": shown(region.name, language).text if region else "",
        "ground": ticket.ground(event),
        "language": language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
    }
