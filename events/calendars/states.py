"""States: what an event's VEVENT depends on, as one key, read for thousands of events in a few queries.

The live revision of a public event stands for its facts, since these change by
publication only; its SEQUENCE and stamp for what calendars were told. Beside them
count the events that it names (its parent, those inside it, the one before and the
one after it, the one that replaces it), the addresses of its pages and the file of
its photograph. What may change for all events at once is in the context: names of
organisations, regions and objectives, settings, this code and its translations.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.images import get_image_model

from events.models import Event, EventPage
from events.models.agenda import EventQuerySet
from events.models.photograph import SHARED
from regions.models import Objective, Organisation, Region

FEW = 500
"So many events are asked for by their keys; for more it is cheaper to ask for all."
STATE = (
    "pk",
    Cast("live", IntegerField()),
    "live_revision_id",
    "calendar_entry__sequence",
    Cast("calendar_entry__stamp", CharField()),
)
"As plain numbers and text: ten thousand are read, and none of them as a moment."
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("events/calendars/*.py", "events/models/*.py", "regions/*.py", "site/pages/trilingual.py")


def keys(events: EventQuerySet, language: str, around: str) -> dict[int, str]:
    """The state of each of the events within a ``context()``, in the order of a feed: by date."""
    ordered = events.order_by(F("starts_at").asc(nulls_last=True), "uid")
    rows = list(ordered.values_list(*STATE, "photo_id", "replacement_id"))
    few = [row[0] for row in rows] if len(rows) <= FEW else None
    states = dict(map(_state, rows))
    named = _named(few, states)
    addresses = _addresses(language, few)
    pictures = _pictures({row[5] for row in rows if row[5]})
    start = f"{around} {language} "
    return {
        pk: _digest(
            f"{start}{pk} {states[pk]} {addresses.get(pk)} {named.get(pk)} "
            f"{addresses.get(replacement) if replacement else None} {pictures.get(photo) if photo else None}"
        )
        for pk, *_state_of, photo, replacement in rows
    }


def pages(language: str) -> QuerySet[EventPage]:
    """The pages that a VEVENT in a language may link to."""
    return EventPage.objects.filter(live=True, locale__language_code__in={language, settings.LANGUAGE_CODE})


def context(language: str) -> str:
    """What may change in all fragments at once, and in what stands around them."""
    tables = [
        Organisation.objects.order_by("pk").values_list("pk", "short_name", "name"),
        Region.objects.order_by("pk").values_list("pk", "code", "name", "default_timezone", "sort_order"),
        Objective.objects.order_by("pk").values_list("pk", "code", "title"),
    ]
    names = [[_plain(value) for value in row] for rows in tables for row in rows]
    told = (settings.SITE_URL, settings.CALENDAR_UID_DOMAIN, settings.DEFAULT_FROM_EMAIL, settings.MEDIA_URL)
    return _digest(repr((made_by(language), told, settings.SECRET_KEY, names)))


@cache
def made_by(language: str) -> str:
    """This code, its translations and its zones: a deployment that changes them makes everything anew."""
    sources = [file for pattern in SOURCES for file in sorted(ROOT.glob(pattern))]
    sources += [Path(folder) / language / "LC_MESSAGES" / "django.mo" for folder in settings.LOCALE_PATHS]
    packages = [version(name) for name in ("babel", "django", "icalendar", "tzdata")]
    files = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sources if file.is_file()]
    return _digest(repr((packages, files)))


def _named(few: list[int] | None, states: dict[int, str]) -> dict[int, str]:
    """By event, the states of all those that it names."""
    related = Q(parent__isnull=False) | Q(replacement__isnull=False) | Q(continues__isnull=False)
    if few is not None:
        related &= Q(pk__in=few) | Q(parent__in=few) | Q(replacement__in=few) | Q(continues__in=few)
    rows = list(Event.objects.filter(related).order_by("pk").values_list("pk", "parent", "replacement", "continues"))
    involved = {pk for row in rows for pk in row if pk is not None}
    states = states | _states(involved - states.keys())
    found: dict[int, list[str]] = defaultdict(list)
    for pk, *others in rows:
        for relation, other in zip("pra", others, strict=True):
            if other is not None:
                found[pk].append(f"{relation}{other} {states.get(other)}")
                found[other].append(f"{relation}of{pk} {states.get(pk)}")
    return {pk: ";".join(texts) for pk, texts in found.items()}


def _states(events: Iterable[int]) -> dict[int, str]:
    """Of events that are not in the feed themselves."""
    missing = sorted(events)
    if not missing:
        return {}
    wanted = Event.objects.filter(pk__in=missing) if len(missing) <= FEW else Event.objects.all()
    return dict(map(_state, wanted.order_by().values_list(*STATE)))


def _state(row: tuple[Any, ...]) -> tuple[int, str]:
    return row[0], f"{row[1]} {row[2]} {row[3]} {row[4]}"


def _addresses(language: str, few: list[int] | None) -> dict[int, str]:
    """The paths of the live pages of each event and of those that replace one."""
    told = pages(language)
    if few is not None:
        told = told.filter(Q(event__in=few) | Q(event__replaces__in=few))
    found: dict[int, str] = {}
    for event, address in told.order_by("pk").values_list("event_id", "url_path"):
        found[event] = f"{found[event]} {address}" if event in found else address
    return found


def _pictures(photos: set[int]) -> dict[int, str]:
    """Where each photograph is cut, and the files of the size that is told."""
    if not photos:
        return {}
    image = get_image_model()
    focus = [f"focal_point_{name}" for name in ("x", "y", "width", "height")]
    found = {
        row[0]: [repr(row)] for row in image.objects.filter(pk__in=photos).order_by("pk").values_list("pk", *focus)
    }
    made = image.get_rendition_model().objects.filter(image__in=photos, filter_spec=SHARED).order_by("pk")
    for photo, key, file in made.values_list("image_id", "focal_point_key", "file"):
        found[photo].append(f"{key} {file}")
    return {photo: " ".join(texts) for photo, texts in found.items()}


def _plain(value: Any) -> Any:
    """A trilingual text as its languages in order."""
    said = getattr(value, "data", value)
    return sorted(said.items()) if isinstance(said, dict) else str(said)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
