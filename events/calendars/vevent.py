"""VEVENT: one event told to calendar apps in one language (RFC 5545 3.6.1).

The same event has the same UID in every language. Times are the clock on the
wall with its TZID; DTSTAMP, LAST-MODIFIED and SEQUENCE are those of the last
publication, so that an unchanged event has unchanged bytes. What only
participants may see, the joining link first of all, is not told here.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from email.utils import parseaddr

import icalendar
import recurrence
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendars.description import description, location, page_address
from events.calendars.vtimezone import is_utc
from events.models import Event, Tombstone
from events.models.expansion import anchor, last_start, recurs, skipped_starts
from events.models.wallclock import clock_problem, instant
from pages.trilingual import Shown, shown

# Told as it was when it was public, or as it is: both have these facts.
Dated = Event | Tombstone

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
DAY = dt.timedelta(days=1)


def uid(event: Event) -> str:
    """The event's identity for ever, in all languages: never a page's id or the request's host."""
    return f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"


def vevent(event: Event, language: str) -> bytes:
    """The VEVENT of a public event, or the tombstone of one that was taken back.

    The event comes from ``fragments.gathered()``: nothing is fetched here.
    """
    with override(language):
        component = _buried(event, language) if _is_withdrawn(event) else _public(event, language)
    return component.to_ical()


def first_start(event: Event) -> dt.datetime:
    """The wall-clock DTSTART that the VEVENT carries."""
    facts = _facts(event)
    return anchor(facts.recurrence, facts.start_local)


def zone_told(event: Event) -> str | None:
    """The zone that the feed must declare for this event, None for whole days and UTC."""
    facts = _facts(event)
    return None if facts.all_day or is_utc(facts.timezone) else facts.timezone


def _facts(event: Event) -> Dated:
    return event.tombstone if _is_withdrawn(event) else event


def _is_withdrawn(event: Event) -> bool:
    return not event.live


def _public(event: Event, language: str) -> icalendar.Event:
    told = _announced(event, event, language)
    status = _status(event)
    title = shown(event.title, language)
    _say(told, "summary", Shown(_marked(event) % {"title": title.text}, title.lang))
    _say(told, "description", Shown(description(event, language), language))
    _say(told, "location", location(event, language))
    told.add("status", status)
    told.add("class", "PUBLIC")
    told.add("transp", "TRANSPARENT" if event.all_day or status == "CANCELLED" else "OPAQUE")
    told.add("categories", [capfirst(str(Event.Kind(event.kind).label))], parameters={"LANGUAGE": language})
    if event.latitude is not None and event.longitude is not None:
        told.add("geo", (float(event.latitude), float(event.longitude)))
    address = page_address(event, language)
    if address:
        told.add("url", address)
    _relate(told, event)
    return told


def _buried(event: Event, language: str) -> icalendar.Event:
    """CANCELLED under the title that was public, and nothing else."""
    told = _announced(event, event.tombstone, language)
    title = shown(event.tombstone.title, language)
    _say(told, "summary", Shown(_("CANCELLED – %(title)s") % {"title": title.text}, title.lang))
    told.add("status", "CANCELLED")
    told.add("transp", "TRANSPARENT")
    return told


def _announced(event: Event, facts: Dated, language: str) -> icalendar.Event:
    """Identity, version and times: what public and withdrawn events have alike."""
    entry = event.calendar_entry
    told = icalendar.Event()
    told.add("uid", uid(event))
    told.add("sequence", entry.sequence)
    told.add("dtstamp", entry.stamp)
    told.add("last-modified", entry.stamp)
    told.add("created", entry.first_announced_at.replace(microsecond=0))
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    told.add("organizer", icalendar.vCalAddress(f"mailto:{address}", params={"CN": name or address}))
    _time(told, facts)
    return told


def _status(event: Event) -> str:
    if event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED):
        return "CANCELLED"  # nobody should travel to the old date
    return "TENTATIVE" if event.status == Event.Status.TENTATIVE else "CONFIRMED"


def _marked(event: Event) -> str:
    if event.status == Event.Status.CANCELLED:
        return _("CANCELLED – %(title)s")
    if event.status == Event.Status.POSTPONED:
        return _("POSTPONED – %(title)s")
    return "%(title)s"


def _relate(told: icalendar.Event, event: Event) -> None:
    """The event it lies in, and the one it replaces or is replaced by (RFC 5545 3.8.4.5)."""
    if event.parent is not None and event.parent.live:
        told.add("related-to", uid(event.parent), parameters={"RELTYPE": "PARENT"})
    replaces = getattr(event, "replaces", None)
    for other in (event.replacement, replaces):
        if other is not None and other.live:
            told.add("related-to", uid(other), parameters={"RELTYPE": "SIBLING"})


def _time(told: icalendar.Event, facts: Dated) -> None:
    start = anchor(facts.recurrence, facts.start_local)
    end = facts.end_local + (start - facts.start_local)
    if facts.all_day:
        whole = {"VALUE": "DATE"}
        told.add("dtstart", start.date(), parameters=whole)
        told.add("dtend", end.date() + DAY, parameters=whole)  # exclusive
    elif not recurs(facts.recurrence) and _second_time_round(facts):
        # RFC 5545 3.3.5 reads an hour that comes twice as the first one.
        told.add("dtstart", instant(facts.start_local, facts.timezone, facts.start_fold))
        told.add("dtend", instant(facts.end_local, facts.timezone, facts.end_fold))
    else:
        _add_clock(told, "dtstart", start, facts.timezone)
        _add_clock(told, "dtend", end, facts.timezone)
    if facts.recurrence is not None:
        for rule in facts.recurrence.rrules:
            told.add("rrule", _rule(rule, facts))
    for skipped in skipped_starts(facts.recurrence, facts.start_local):
        if facts.all_day:
            told.add("exdate", skipped.date(), parameters={"VALUE": "DATE"})
        else:
            _add_clock(told, "exdate", skipped, facts.timezone)


def _add_clock(told: icalendar.Event, name: str, local: dt.datetime, zone: str) -> None:
    """A wall-clock time as it is written: with its TZID, or as UTC."""
    if is_utc(zone):
        told.add(name, local.replace(tzinfo=dt.UTC))
    else:
        told.add(name, local, parameters={"TZID": zone})


def _second_time_round(facts: Dated) -> bool:
    ends = ((facts.start_local, facts.start_fold), (facts.end_local, facts.end_fold))
    return any(fold == 1 and clock_problem(local, facts.timezone) == "twice" for local, fold in ends)


def _rule(rule: recurrence.Rule, facts: Dated) -> icalendar.vRecur:
    """The rule as stored, its UNTIL turned from wall clock to UTC (RFC 5545 3.3.10)."""
    endless = copy.copy(rule)
    endless.until = None
    told = icalendar.vRecur.from_ical(recurrence.serialize(endless).removeprefix("RRULE:"))
    last = last_start(rule, facts.start_local) if rule.count is None else None
    if last is not None:
        told["UNTIL"] = [last.date() if facts.all_day else instant(last, facts.timezone)]
    return told


def _say(told: icalendar.Event, name: str, text: Shown) -> None:
    """A text with the language it is really in; none where there is nothing to say."""
    clean = _clean(text.text)
    if name != "description":
        clean = " ".join(clean.split("\n"))
    if clean:
        told.add(name, clean, parameters={"LANGUAGE": text.lang})


def _clean(text: str) -> str:
    """Without control characters, which icalendar lets through; lines end in a line feed."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
