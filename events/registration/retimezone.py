"""Retimezone: the instants of events follow their clocks on the wall when the rules of a zone have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from events.models import CalendarEntry, Change, Event, Occurrence, PublicationLock, Registration
from pages.models import Edition

SECOND = dt.timedelta(seconds=1)
INSTANTS = ("starts_at", "ends_at")


@dataclass(frozen=True)
class Moved:
    """An event of which instants are others now; its clock on the wall shows the same."""

    event: Event
    span: dict[str, dt.datetime]
    "Of the event itself; empty where that stays."
    dates: list[Occurrence]
    "With their new instants; not saved yet."
    was: dt.datetime
    now: dt.datetime
    "The first of all that changed."
    registrations: int


def moved(with_past: bool = False) -> Iterator[Moved]:
    """The events whose instants do not agree with their clocks, drafts among them; nothing is written.

    What is over stays as it was unless asked for: it took place when it did.
    """
    since = None if with_past else timezone.now()
    events = Event.objects.order_by("pk").prefetch_related("occurrences", "exceptions")
    for event in events.iterator(chunk_size=200):
        found = _compared(event, since)
        if found is not None:
            yield found


def retimezone(with_past: bool = False) -> list[Moved]:
    """Write the new instants: SEQUENCE and stamp rise, one edition, and those registered online are to be told.

    In one transaction, behind the publication lock. Run again, it finds nothing.
    """
    with Edition.together():
        PublicationLock.hold()
        done = list(moved(with_past))
        for one in done:
            known = Change.known(one.event)
            Occurrence.objects.bulk_update(one.dates, INSTANTS, batch_size=500)
            if one.span:
                Event.objects.filter(pk=one.event.pk).update(**one.span)
            _tell_calendars(one.event)
            if one.event.format != Event.Format.ONSITE:  # who is at the place goes by its clock
                Change.note(Event.objects.get(pk=one.event.pk), known)
        if done:
            Edition.bump()
    return done


def _compared(event: Event, since: dt.datetime | None) -> Moved | None:
    before: list[dt.datetime] = []
    after: list[dt.datetime] = []
    span = event.span(event.start_local, event.end_local, event.start_fold, event.end_fold)
    own = {name: getattr(event, name) for name in INSTANTS}
    if span == own or None in own.values() or (since and own["ends_at"] <= since):
        span = {}
    else:
        before.append(own["starts_at"])
        after.append(span["starts_at"])
    dates = []
    for date, given in _pairs(event):
        if (date.starts_at, date.ends_at) != given and not (since and date.ends_at <= since):
            before.append(date.starts_at)
            after.append(given[0])
            date.starts_at, date.ends_at = given
            dates.append(date)
    if not before:
        return None
    people = Registration.objects.living().filter(event_id=event.pk).count()
    return Moved(event, span, dates, min(before), min(after), people)


def _pairs(event: Event) -> Iterable[tuple[Occurrence, tuple[dt.datetime, dt.datetime]]]:
    """Each date with the instants that its clock gives now."""
    exceptions = {exception.day: exception for exception in event.exceptions.all()} if event.recurs else {}
    for date in event.occurrences.all():
        given = Occurrence.given_by(event, date.original, exceptions.get(date.original.date()))
        if (given.start_local, given.end_local) != (date.start_local, date.end_local):  # dropped, at its old hour
            instants = event.span(date.start_local, date.end_local, None, None)
            yield date, (instants["starts_at"], instants["ends_at"])
        else:
            yield date, (given.starts_at, given.ends_at)


def _tell_calendars(event: Event) -> None:
    """The fingerprint holds the clock alone, so that SEQUENCE is raised here."""
    now = timezone.now().replace(microsecond=0)
    for entry in CalendarEntry.objects.filter(event=event):
        stamp = max(now, entry.stamp + SECOND)
        CalendarEntry.objects.filter(pk=entry.pk).update(sequence=F("sequence") + 1, stamp=stamp)
