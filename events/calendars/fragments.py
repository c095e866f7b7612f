"""Fragments: an event's VEVENT is made once for each state of what it tells, then joined.

A feed of ten thousand events is made anew whenever something in it changes; making
every VEVENT each time would take seconds.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import OperationalError
from django.db.models import CharField, Prefetch
from django.db.models.functions import Cast
from wagtail.images import get_image_model

from events.calendars import programme, states
from events.calendars.vevent import first_day, vevent, zone_told
from events.models import Event, Fragment
from events.models.agenda import EventQuerySet
from events.models.photograph import SHARED

AT_ONCE = 2000
"So many are made with one set of queries."
TOLD = ("event_id", "key", "zone", Cast("first_day", CharField()), "body")


class Told(NamedTuple):
    """What one event says; ``zone`` is to be declared where it is not empty, and right from ``first_day`` (ISO) on."""

    event: int
    key: str
    zone: str
    first_day: str
    body: bytes


def fragments(keys: dict[int, str], language: str) -> list[Told]:
    """What each of the events says in a language, in the order of the keys; those that changed are made and kept.

    The keys were read before the facts: a fragment is never newer than its key says
    and older than what it holds.
    """
    kept = _kept(keys, language)
    stale = [pk for pk, key in keys.items() if pk not in kept or kept[pk].key != key]
    for start in range(0, len(stale), AT_ONCE):
        wanted = Event.objects.filter(pk__in=stale[start : start + AT_ONCE])
        made = [
            Told(
                event.pk, keys[event.pk], zone_told(event) or "", first_day(event).isoformat(), vevent(event, language)
            )
            for event in gathered(wanted, language)
        ]
        kept |= {one.event: one for one in made}
        _keep(made, language)
    return [kept[pk] for pk in keys if pk in kept]


def gathered(events: EventQuerySet, language: str) -> EventQuerySet:
    """With everything that ``vevent()`` reads, in a number of queries that does not grow."""
    pages = states.pages(language).select_related("locale").defer("body", "search_description", "seo_title")
    renditions = get_image_model().get_rendition_model().objects.filter(filter_spec=SHARED)
    return events.select_related(
        "calendar_entry", "tombstone", "parent", "replacement", "replaces", "continues", "continued_by", "photo"
    ).prefetch_related(
        "organisers__organisation",
        "regions",
        "objectives",
        "exceptions",
        Prefetch("children", programme.inside(), to_attr="inside"),
        Prefetch("photo__renditions", renditions),
        Prefetch("pages", pages),
        Prefetch("replacement__pages", pages),
    )


def _made(event: Event, key: str, language: str) -> Told:
    return Told(event.pk, key, zone_told(event) or "", first_day(event).isoformat(), vevent(event, language))


def _kept(keys: dict[int, str], language: str) -> dict[int, Told]:
    rows = Fragment.objects.filter(language=language)
    if len(keys) <= states.FEW:
        rows = rows.filter(event__in=list(keys))
    return {row[0]: Told._make((*row[:4], bytes(row[4]))) for row in rows.values_list(*TOLD)}


def _keep(made: list[Told], language: str) -> None:
    rows = [
        Fragment(
            event_id=one.event, language=language, key=one.key, zone=one.zone, first_day=one.first_day, body=one.body
        )
        for one in made
    ]
    try:
        Fragment.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["event", "language"],
            update_fields=["key", "zone", "first_day", "body"],
        )
    except OperationalError:  # somebody writes for long: they are made again next time
        return
