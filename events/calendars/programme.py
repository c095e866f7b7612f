"""Programme: what takes place within an event, and its hour where the regions are, in the text of a calendar.

Run under ``translation.override(language)``, from an event as ``fragments.gathered()`` brings it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.calendars import hours
from events.calendars.fair import WORLD
from events.calendars.zone_names import city
from events.models import Event, Occurrence
from events.models.agenda import EventQuerySet
from events.models.expansion import anchor, expand
from events.models.occurrence import span
from pages.trilingual import shown

MOST = 40
"Lines of a programme; the page has them all."
YEAR_LONG = dt.timedelta(days=400)
Span = tuple[dt.datetime, dt.datetime]


def inside(**of: Event) -> EventQuerySet:
    """What is read of those inside an event: as many as are told, and one more."""
    return Event.objects.public().taking_place().filter(**of).order_by("start_local", "uid")[: MOST + 1]


def programme(event: Event, language: str) -> Iterator[str]:
    """The events inside this one that take place, each with its hours on this one's clock."""
    gathered: list[Event] | None = getattr(event, "inside", None)
    held = list(inside(parent=event)) if gathered is None else gathered
    if not held:
        return
    yield _("Programme:")
    is_one_day = event.start_local.date() == event.end_local.date()
    for child in held[:MOST]:
        when = hours.in_zone(child, event.timezone, language)
        title = shown(child.title, language).text
        text = when.time_text if is_one_day or when.names_days else f"{when.date_text}, {when.time_text}"
        yield "– " + _("%(label)s: %(values)s") % {"label": text, "values": title}
    if len(held) > MOST:
        yield _("and more on the page of the event")


def elsewhere(event: Event, date: Occurrence | None, language: str) -> Iterator[str]:
    """The hour on the clocks of its regions, where they show another one than its own."""
    if event.all_day:
        return
    spans = _spans(event, date)
    here = _on_clock(spans, event.timezone, event.timezone, language)
    zones: dict[str, list[str]] = {}
    for region in event.regions.all():
        if region.code != WORLD and region.default_timezone != event.timezone:
            zones.setdefault(region.default_timezone, []).append(shown(region.name, language).text)
    for zone, names in zones.items():
        there = _on_clock(spans, zone, event.timezone, language)
        if there != here:
            yield _("Hour in %(city)s (%(regions)s): %(hours)s") % {
                "city": city(zone, language),
                "regions": ", ".join(names),
                "hours": there,
            }


def _spans(event: Event, date: Occurrence | None) -> list[Span]:
    """Of a series, those of its first year: whatever the clocks do in it, they do later."""
    if date is not None:
        return [(date.starts_at, date.ends_at)]
    if not event.recurs:
        instants = event.span(event.start_local, event.end_local, event.start_fold, event.end_fold)
        return [(instants["starts_at"], instants["ends_at"])]
    first, length = anchor(event.recurrence, event.start_local), event.end_local - event.start_local
    starts = expand(event.recurrence, event.start_local, first, first + YEAR_LONG, limit=400)
    instants_of = (span(start, start + length, event.timezone, False, None, None) for start in starts)
    return [(one["starts_at"], one["ends_at"]) for one in instants_of]


def _on_clock(spans: list[Span], zone: str, place: str, language: str) -> str:
    """ "13 h 30"; for a series each hour that the clock shows, the most frequent first; the day if it is another."""
    told: dict[str, int] = {}
    there, own = ZoneInfo(zone), ZoneInfo(place)
    for starts_at, ends_at in spans:
        start, end = starts_at.astimezone(there), ends_at.astimezone(there)
        text = hours.time_of(start, language)
        if len(spans) == 1 and end - start < dt.timedelta(days=1) and end.date() == start.date():
            text = hours.tell(starts_at, ends_at, zone, False, start, end, language).time_text
        days = (start.date() - starts_at.astimezone(own).date()).days
        if days:
            text = (_("%(time)s the next day") if days > 0 else _("%(time)s the day before")) % {"time": text}
        told[text] = told.get(text, 0) + 1
    frequent = sorted(told, key=lambda text: -told[text])
    return " / ".join(frequent)
