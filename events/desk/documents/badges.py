"""Badges: one A6 for each person with a place on site, in the event's soil, with the code of the ticket."""

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

from .fitting import FOOT_SIZES, SIZES, fit, fit_foot

PER_FILE = 100
"Badges of one file: some seconds, so that no request is cut off."


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
    where: str
    "The event."
    qr: SafeString

    @property
    def fit(self) -> int:
        """The size in which all that tells who it is stands whole."""
        return fit(self.name, self.latin_name, self.position, self.organisation, self.country)

    @property
    def foot(self) -> int:
        """That in which what stands beside the code stays there."""
        speaks = gettext("Speaks %(languages)s") % {"languages": self.speaks} if self.speaks else ""
        return fit_foot(self.role, speaks, self.where, self.where and "x", gettext("No photographs") + " " * 9)


def chosen(rows: QuerySet[Registration], event: Event) -> list[Registration]:
    """Those among some rows who wear a badge: they have a place on site. By their names in Latin letters."""
    people = rows.filter(event=event, state=State.CONFIRMED, attendance=Attendance.ONSITE, erased_at=None)
    return sorted(people.select_related("ticket", "occurrence"), key=in_order)


def badges(people: list[Registration], event: Event, language: str) -> list[Badge]:
    """One for each, in the order given; in a number of queries that does not grow."""
    positions = told_by(people, Subject.POSITION, language)
    speaks = told_by(people, Subject.SPEAKS, language)
    refused = _without_photographs(people, event)
    where = shown(event.title, language).text
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
            where=where,
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
        "sizes": SIZES,
        "foot_sizes": FOOT_SIZES,
        "language": language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
    }
