"""Fragments: an event's VEVENT is made once for each state of what it tells, then joined.

A feed of ten thousand events is made anew at each edition; making every VEVENT
each time would take seconds. The state is read in a few queries: which revisions
are live (of the event and of those it names), what calendars were told, where
its pages are, what organisations are called, and which code tells it. Facts of a
public event change by publication only, so that its live revision stands for
them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.db.models import F, Prefetch, Q, QuerySet

from events.calendars.vevent import first_day, vevent, zone_told
from events.models import Event, EventPage, Fragment
from events.models.agenda import EventQuerySet
from regions.models import Organisation

AT_ONCE = 2000  # so many are made with one set of queries
ROOT = Path(__file__).resolve().parents[2]


def fragments(events: EventQuerySet, language: str) -> list[Fragment]:
    """What each of the events says in a language, by date; those that changed are made and kept.

    The keys are read before the facts: a fragment is never newer than its key says
    and older than what it holds.
    """
    keys = _keys(events, language)
    subset = events.order_by().values("pk")
    kept = {one.event_id: one for one in Fragment.objects.filter(language=language, event__in=subset)}
    stale = [pk for pk, key in keys.items() if pk not in kept or kept[pk].key != key]
    for start in range(0, len(stale), AT_ONCE):
        made = [
            Fragment(
                event=event,
                language=language,
                key=keys[event.pk],
                zone=zone_told(event) or "",
                first_day=first_day(event),
                body=vevent(event, language),
            )
            for event in gathered(Event.objects.filter(pk__in=stale[start : start + AT_ONCE]), language)
        ]
        kept |= {one.event_id: one for one in made}
        _keep(made)
    return [kept[pk] for pk in keys if pk in kept]


def gathered(events: EventQuerySet, language: str) -> EventQuerySet:
    """With everything that ``vevent()`` reads, in a number of queries that does not grow."""
    pages = _pages(language).select_related("locale").defer("body", "search_description", "seo_title")
    return events.select_related(
        "calendar_entry", "tombstone", "parent", "replacement", "replaces", "continues", "continued_by"
    ).prefetch_related(
        "organisers__organisation", "exceptions", Prefetch("pages", pages), Prefetch("replacement__pages", pages)
    )


def _keep(made: list[Fragment]) -> None:
    try:
        Fragment.objects.bulk_create(
            made,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["event", "language"],
            update_fields=["key", "zone", "first_day", "body"],
        )
    except OperationalError:  # somebody writes for long: they are made again next time
        return


def _pages(language: str) -> QuerySet[EventPage]:
    return EventPage.objects.filter(live=True, locale__language_code__in={language, settings.LANGUAGE_CODE})


def _keys(events: EventQuerySet, language: str) -> dict[int, str]:
    """The state of each event, in the order of the feed."""
    context = _context(language)
    addresses = defaultdict(list)
    subset = events.order_by().values("pk")
    told = _pages(language).filter(Q(event__in=subset) | Q(event__replaces__in=subset))
    for event_id, address in told.order_by("pk").values_list("event_id", "url_path"):
        addresses[event_id].append(address)
    others = ("parent", "replacement", "replaces", "continues", "continued_by")
    facts = ("live", "live_revision_id", "calendar_entry__sequence", "calendar_entry__stamp")
    named = [f"{other}__{fact}" for other in others for fact in ("pk", "live", "live_revision_id")]
    rows = events.order_by(F("starts_at").asc(nulls_last=True), "uid").values_list(
        "pk", "replacement_id", *facts, *named
    )
    return {
        row[0]: _digest(context, language, row, addresses[row[0]], addresses[row[1]] if row[1] else None)
        for row in rows
    }


def _context(language: str) -> str:
    """What may change in all fragments at once: names of organisations, settings, code."""
    organisations = Organisation.objects.order_by("pk").values_list("pk", "short_name", "name")
    names = [(pk, short, sorted(_texts(name))) for pk, short, name in organisations]
    told = (settings.SITE_URL, settings.CALENDAR_UID_DOMAIN, settings.DEFAULT_FROM_EMAIL)
    return _digest(_code(language), told, names)


def _texts(name: object) -> list[tuple[str, str]]:
    said = getattr(name, "data", name)
    return list(said.items()) if isinstance(said, dict) else [("", str(said))]


@cache
def _code(language: str) -> str:
    """This code and its translations: a deployment that changes them makes all fragments anew."""
    sources = [
        *sorted((ROOT / "events" / "calendars").glob("*.py")),
        *sorted((ROOT / "events" / "models").glob("*.py")),
        *(Path(folder) / language / "LC_MESSAGES" / "django.mo" for folder in settings.LOCALE_PATHS),
    ]
    packages = [version(name) for name in ("babel", "django", "icalendar", "tzdata")]
    return _digest(packages, [hashlib.sha256(file.read_bytes()).hexdigest() for file in sources if file.is_file()])


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
