"""VEVENT: one event told to calendar apps in one language (RFC 5545 3.6.1).

The same event has the same UID in every language. Times are the clock on the
wall with its TZID; DTSTAMP, LAST-MODIFIED and SEQUENCE are those of the last
publication, so that an unchanged event has unchanged bytes. The joining link is
told only where ``joining`` asks for it: to one who takes part, never in a public
feed.

Events come from ``fragments.gathered()``: nothing is fetched here.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parseaddr
from typing import Any

import icalendar
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendars import overrides, times
from events.calendars.description import description, joining_link, location, page_address
from events.calendars.pictures import colour, picture
from events.calendars.times import Dated
from events.calendars.vtimezone import is_utc
from events.models import Event, Occurrence
from events.models.expansion import anchor
from pages.trilingual import Shown, shown

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def uid(event: Event) -> str:
    """The event's identity for ever, in all languages: never a page's id or the request's host."""
    return f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"


def uid_of_date(event: Event, original: dt.datetime) -> str:
    """The identity of one date of a series where it is told alone: by the day that the rule gives."""
    return f"{event.uid}-{original:%Y%m%d}@{settings.CALENDAR_UID_DOMAIN}"


def vevent(event: Event, language: str) -> bytes:
    """What public feeds say of an event: its VEVENTs, or the tombstone of one that was taken back."""
    return b"".join(component.to_ical() for component in components(event, language))


def components(event: Event, language: str, joining: bool = False) -> list[icalendar.Event]:
    """The event itself, then those of its dates that are not as its rule says.

    A date that is cancelled, moved, held elsewhere or told something of has an
    override (RECURRENCE-ID). One moved to or past its neighbour's day, which Outlook
    can't show, has a cancelled override and beside it an event of its own.
    """
    with override(language):
        if _is_withdrawn(event):
            return [_buried(event, language)]
        told = [_public(event, language, joining)]
        dates = overrides.overridden(event)
        beyond = overrides.past_a_neighbour(event, dates)
        told += [_override(event, date, language, joining, date.original in beyond) for date in dates]
        told += [_alone(event, date, language, joining) for date in dates if date.original in beyond]
        return told


def single(event: Event, occurrence: Occurrence, language: str, joining: bool = False) -> icalendar.Event:
    """One date of a series for somebody who takes part in that one: an event of its own, related to the series."""
    with override(language):
        return _alone(event, occurrence, language, joining)


def first_day(event: Event) -> dt.date:
    """The earliest day that a VEVENT of this event begins on, by the clock at the place."""
    facts = _facts(event)
    begins = anchor(facts.recurrence, facts.start_local).date()
    moved = None if _is_withdrawn(event) else overrides.first_day(event)
    return min(begins, moved or begins)


def zone_told(event: Event) -> str | None:
    """The zone that the feed must declare for this event, None for whole days and UTC."""
    facts = _facts(event)
    return None if facts.all_day or is_utc(facts.timezone) else facts.timezone


def _facts(event: Event) -> Dated:
    return event.tombstone if _is_withdrawn(event) else event


def _is_withdrawn(event: Event) -> bool:
    return not event.live


def _public(event: Event, language: str, joining: bool) -> icalendar.Event:
    told = _announced(event, uid(event))
    times.add_series(told, event)
    _tell(told, event, None, language, joining)
    _relate(told, event)
    return told


def _override(event: Event, date: Occurrence, language: str, joining: bool, is_beyond: bool) -> icalendar.Event:
    """A date of the series in place of what the rule says."""
    told = _announced(event, uid(event))
    times.add_recurrence_id(told, event, date)
    times.add_date(told, event, Occurrence.given_by(event, date.original, None) if is_beyond else date)
    _tell(told, event, date, language, joining, has_left=is_beyond)
    return told


def _alone(event: Event, date: Occurrence, language: str, joining: bool) -> icalendar.Event:
    """A date of the series as an event of its own."""
    told = _announced(event, uid_of_date(event, date.original))
    if _is_withdrawn(event):
        times.add_date(told, event.tombstone, date)
        _bury(told, event, language)
    else:
        times.add_date(told, event, date)
        _tell(told, event, date, language, joining)
    told.add("related-to", uid(event), parameters={"RELTYPE": "PARENT"})
    return told


def _tell(
    told: icalendar.Event,
    event: Event,
    date: Occurrence | None,
    language: str,
    joining: bool,
    has_left: bool = False,
) -> None:
    """Everything but identity, times and relations."""
    status = _status(event, date, has_left)
    title = shown(event.title, language)
    link = joining_link(event, date) if joining and status != "CANCELLED" else ""
    _say(told, "summary", Shown(_marked(event, date, has_left) % {"title": title.text}, title.lang))
    _say(told, "description", Shown(description(event, language, date, link, has_left), language))
    _say(told, "location", location(event, language, None if has_left else date, link))
    told.add("status", status)
    told.add("class", "PUBLIC")
    told.add("transp", "TRANSPARENT" if event.all_day or status == "CANCELLED" else "OPAQUE")
    told.add("categories", _categories(event, language), parameters={"LANGUAGE": language})
    told.add("color", colour(event))
    image = picture(event)
    if image is not None:
        params = {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": image.media_type}
        told.add("image", icalendar.vUri(image.url, params=params), encode=False)
    is_elsewhere = date is not None and (shown(date.venue).text or shown(date.city).text)
    if event.latitude is not None and event.longitude is not None and not is_elsewhere:
        told.add("geo", (float(event.latitude), float(event.longitude)))
    address = page_address(event, language)
    if address:
        told.add("url", address)
    if link:
        label = _("Join (%(platform)s)") % {"platform": event.online_platform} if event.online_platform else _("Join")
        parameters: dict[str, Any] = {
            "VALUE": "URI",
            "FEATURE": ["AUDIO", "VIDEO"],
            "LABEL": _one_line(label).replace('"', ""),
            "LANGUAGE": language,
        }
        told.add("conference", icalendar.vUri(link, params=parameters), encode=False)


def _buried(event: Event, language: str) -> icalendar.Event:
    """CANCELLED under the title that was public, and nothing else."""
    told = _announced(event, uid(event))
    times.add_series(told, event.tombstone)
    _bury(told, event, language)
    return told


def _bury(told: icalendar.Event, event: Event, language: str) -> None:
    title = shown(event.tombstone.title, language)
    _say(told, "summary", Shown(_("CANCELLED – %(title)s") % {"title": title.text}, title.lang))
    told.add("status", "CANCELLED")
    told.add("transp", "TRANSPARENT")


def _announced(event: Event, identity: str) -> icalendar.Event:
    """Identity and version: what public and withdrawn events have alike, and all the VEVENTs of one event."""
    entry = event.calendar_entry
    told = icalendar.Event()
    told.add("uid", identity)
    told.add("sequence", entry.sequence)
    told.add("dtstamp", entry.stamp)
    told.add("last-modified", entry.stamp)
    told.add("created", entry.first_announced_at.replace(microsecond=0))
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    told.add("organizer", icalendar.vCalAddress(f"mailto:{address}", params={"CN": name or address}))
    return told


def _categories(event: Event, language: str) -> list[str]:
    """Its kind, then the strategic objectives that it works towards."""
    objectives = sorted(event.objectives.all(), key=lambda one: one.code)
    return [
        _one_line(capfirst(str(Event.Kind(event.kind).label))),
        *(_one_line(f"{one.code} {shown(one.title, language).text}") for one in objectives),
    ]


def _status(event: Event, date: Occurrence | None, has_left: bool) -> str:
    if event.status in event.CALLED_OFF:
        return "CANCELLED"  # nobody should travel to the old date
    if has_left or (date is not None and (date.is_cancelled or date.is_dropped)):
        return "CANCELLED"
    return "TENTATIVE" if event.status == Event.Status.TENTATIVE else "CONFIRMED"


def _marked(event: Event, date: Occurrence | None, has_left: bool) -> str:
    if event.status == Event.Status.POSTPONED:
        return _("POSTPONED – %(title)s")
    if event.status == Event.Status.CANCELLED or (date is not None and (date.is_cancelled or date.is_dropped)):
        return _("CANCELLED – %(title)s")
    if has_left:
        return _("MOVED – %(title)s")
    return "%(title)s"


def _relate(told: icalendar.Event, event: Event) -> None:
    """The event it lies in, and those it replaces or continues, or that do so with it (RFC 5545 3.8.4.5)."""
    if event.parent is not None and event.parent.live:
        told.add("related-to", uid(event.parent), parameters={"RELTYPE": "PARENT"})
    for other in (
        event.replacement,
        getattr(event, "replaces", None),
        event.continues,
        getattr(event, "continued_by", None),
    ):
        if other is not None and other.live:
            told.add("related-to", uid(other), parameters={"RELTYPE": "SIBLING"})


def _say(told: icalendar.Event, name: str, text: Shown) -> None:
    """A text with the language it is really in; none where there is nothing to say."""
    clean = _clean(text.text) if name == "description" else _one_line(text.text)
    if clean:
        told.add(name, clean, parameters={"LANGUAGE": text.lang})


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split("\n"))


def _clean(text: str) -> str:
    """Without control characters, which icalendar lets through; lines end in a line feed."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
