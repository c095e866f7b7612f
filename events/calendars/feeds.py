"""Feeds: which events a subscription holds, and the calendar made of them.

A feed is named by its path below ``/ical/``: ``fr/all.ics``,
``en/region/africa.ics``, ``es/archive.ics``, ``fr/event/<uid>.ics``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import icalendar
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendars.fragments import fragments
from events.calendars.vtimezone import vtimezones
from events.models import Event, Occurrence
from events.models.agenda import EventQuerySet
from pages.trilingual import shown
from regions.models import Objective, Region

PAST = dt.timedelta(days=90)
AHEAD = dt.timedelta(days=548)  # eighteen months
MOURNING = dt.timedelta(days=90)
REFRESH = "PT6H"
END = b"END:VCALENDAR\r\n"


class UnknownFeed(LookupError):
    """No region, kind, objective, event or language of that name."""


@dataclass(frozen=True)
class Feed:
    """One subscription: whose events, in which language, coming or of old.

    ``scope`` is "all", "region", "kind", "objective" or "event", ``code`` says
    which one of them. The default window is from 90 days ago to 18 months ahead;
    the archive holds what is older; an event's own feed has no window.
    """

    language: str
    scope: str = "all"
    code: str = ""
    archive: bool = False

    @property
    def path(self) -> str:
        name = "archive" if self.archive else self.code or "all"
        middle = [self.scope] if self.scope != "all" else []
        return "/".join([self.language, *middle, *([self.code] if self.archive and self.code else []), f"{name}.ics"])

    @property
    def filename(self) -> str:
        """What a browser saves it as: ``agenda-europe-fr.ics``."""
        parts = ["agenda", self.code, "archive" if self.archive else "", self.language]
        return "-".join(part for part in parts if part) + ".ics"

    def body(self, day: dt.date) -> bytes:
        """The whole calendar as it is on a day (UTC), byte for byte the same in every process.

        Raises:
            UnknownFeed: there is no such feed.
        """
        if self.language not in dict(settings.LANGUAGES):
            raise UnknownFeed(self.path)
        with override(self.language):
            title, zone = self._title()
            told = fragments(self._events(day), self.language)
            if self.scope == "event" and not told:
                raise UnknownFeed(self.path)
            start = head(title, self.language, f"{settings.SITE_URL}/ical/{self.path}")
        # A calendar without a component is none (RFC 5545 3.6).
        zones = {one.zone for one in told if one.zone} if told else {zone}
        since = min((one.first_day for one in told), default=day)
        return b"".join([start, vtimezones(zones, since).encode(), *(bytes(one.body) for one in told), END])

    def _title(self) -> tuple[str, str]:
        """The calendar's name, and a zone to declare where it is empty."""
        what, zone = _("agenda"), "Europe/Paris"
        if self.scope == "region":
            region = Region.objects.filter(code=self.code).first()
            if region is None:
                raise UnknownFeed(self.path)
            what = shown(region.name, self.language).text
            zone = region.default_timezone if region.default_timezone != "UTC" else zone
        elif self.scope == "kind":
            if self.code not in Event.Kind.values:
                raise UnknownFeed(self.path)
            what = capfirst(str(Event.Kind(self.code).label))
        elif self.scope == "objective":
            objective = Objective.objects.filter(code=self.code).first()
            if objective is None:
                raise UnknownFeed(self.path)
            what = f"{objective.code} {shown(objective.title, self.language).text}"
        title = _("4 per 1000 – %(what)s") % {"what": what}
        return (_("%(title)s (archive)") % {"title": title} if self.archive else title), zone

    def _events(self, day: dt.date) -> EventQuerySet:
        midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
        told = Event.objects.filter(
            Q(live=True) | Q(calendar_entry__withdrawn_at__gt=midnight - MOURNING, tombstone__isnull=False),
            calendar_entry__isnull=False,
        )
        if self.scope == "event":
            return told.filter(uid=self.code)
        dates = Occurrence.objects.filter(event_id=OuterRef("pk"))
        if self.archive:
            dates = dates.filter(ends_at__lte=midnight - PAST)
        else:
            dates = dates.filter(ends_at__gt=midnight - PAST, starts_at__lt=midnight + AHEAD)
        told = told.filter(Exists(dates))
        if self.scope == "region":
            return told.in_region(self.code)
        if self.scope == "kind":
            return told.of_kind(self.code)
        return told.towards(self.code) if self.scope == "objective" else told


def head(title: str, language: str, address: str = "") -> bytes:
    """What stands before the events. No UID: vdirsyncer would take the whole feed for one item."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//4 per 1000 Initiative//Humus//{language.upper()}")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title, parameters={"LANGUAGE": language})
    calendar.add("x-wr-calname", title)
    if address:
        calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", icalendar.vDuration.from_ical(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    return calendar.to_ical().removesuffix(END)
