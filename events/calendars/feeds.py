"""Feeds: which events a subscription holds, and the calendar made of them.

A feed is named by its path below ``/ical/``: ``fr/all.ics``,
``en/region/africa.ics``, ``es/archive.ics``, ``fr/event/<uid>.ics``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass, replace

import icalendar
from django.conf import settings
from django.db.models import CharField, Min, Q
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.calendars import hours, states
from events.calendars.fragments import Told, fragments
from events.calendars.vtimezone import vtimezones
from events.models import Event, Occurrence
from events.models.agenda import EventQuerySet
from pages.trilingual import shown
from regions.models import Objective, Region

PAST = dt.timedelta(days=90)
AHEAD = dt.timedelta(days=548)  # eighteen months
NEAR = dt.timedelta(days=30)
"However many meetings there are, those of the next thirty days are told."
LARGEST = 900_000
MARGIN = 50_000
"Of these, for what stands before the events: zones, for the most part."
"Bytes of a feed with a window: Google reads about a million."
MOURNING = dt.timedelta(days=90)
REFRESH = "PT6H"
END = b"END:VCALENDAR\r\n"


class UnknownFeed(LookupError):
    """No region, kind, objective, event or language of that name."""


@dataclass(frozen=True)
class Feed:
    """One subscription: whose events, in which language, coming or of old.

    ``scope`` is "all", "region", "kind", "objective" or "event", ``code`` says
    which one of them. The default window is from 90 days ago to 18 months ahead,
    less at its far end where that would be too much for a client; the archive
    holds what is older, however much; an event's own feed has no window.
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
    def address(self) -> str:
        return f"{settings.SITE_URL}/ical/{self.path}"

    @property
    def filename(self) -> str:
        """What a browser saves it as: ``agenda-europe-fr.ics``."""
        parts = ["agenda", self.code, "archive" if self.archive else "", self.language]
        return "-".join(part for part in parts if part) + ".ics"

    @property
    def has_window(self) -> bool:
        return not self.archive and self.scope != "event"

    def contents(self, day: dt.date) -> Contents:
        """What the feed holds on a day (UTC).

        Raises:
            UnknownFeed: there is no such feed.
        """
        if self.language not in dict(settings.LANGUAGES):
            raise UnknownFeed(self.path)
        with override(self.language):
            title, zone = self._title()
            around = states.context(self.language)
            keys = states.keys(self._events(day), self.language, around)
            if self.scope == "event" and not keys:
                raise UnknownFeed(self.path)
        return Contents(self, day, title, zone, around, keys)

    def body(self, day: dt.date) -> bytes:
        """The whole calendar as it is on a day (UTC), byte for byte the same in every process.

        Raises:
            UnknownFeed: there is no such feed.
        """
        return self.contents(day).body()

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
        midnight = _midnight(day)
        told = Event.objects.filter(
            Q(live=True) | Q(calendar_entry__withdrawn_at__gt=midnight - MOURNING, tombstone__isnull=False),
            calendar_entry__isnull=False,
        )
        if self.scope == "event":
            return told.filter(uid=self.code)
        dates = Occurrence.objects.order_by()
        if self.archive:
            dates = dates.filter(ends_at__lte=midnight - PAST)
        else:
            dates = dates.filter(ends_at__gt=midnight - PAST, starts_at__lt=midnight + AHEAD)
        told = told.filter(pk__in=dates.values("event"))
        if self.scope == "region":
            return told.in_region(self.code)
        if self.scope == "kind":
            return told.of_kind(self.code)
        return told.towards(self.code) if self.scope == "objective" else told


@dataclass(frozen=True)
class Contents:
    """The events of a feed on a day, each with the key of its state; what they say is fetched or made only now."""

    feed: Feed
    day: dt.date
    title: str
    zone: str
    "To be declared where there is no event: a calendar without a component is none (RFC 5545 3.6)."
    around: str
    "The context that the keys were made in."
    keys: dict[int, str]

    @property
    def state(self) -> str:
        """Equal for two readings only if the bytes are."""
        facts = (self.day.isoformat(), self.title, self.zone, self.around)
        return hashlib.blake2b("\n".join([*facts, *self.keys.values()]).encode(), digest_size=20).hexdigest()

    def body(self) -> bytes:
        language = self.feed.language
        with override(language):
            told = fragments(self.keys, language)
            until = None
            if self.feed.has_window and sum(len(one.body) for one in told) > LARGEST:
                told, until = self._fitting(told)
            said = _said(self.feed, until) if self.feed.has_window else ""
            start = head(self.title, language, self.feed.address, said)
        zones = {one.zone for one in told if one.zone} if told else {self.zone}
        since = dt.date.fromisoformat(min((one.first_day for one in told), default=self.day.isoformat()))
        return b"".join([start, vtimezones(zones, since).encode(), *(one.body for one in told), END])

    def _fitting(self, told: list[Told]) -> tuple[list[Told], dt.date]:
        """Those that begin before the day (UTC) up to which all fit, and that day; it is never a near one.

        Whole days, so that what is said of the feed is true. A series counts by its
        first date within the window.
        """
        midnight = _midnight(self.day)
        within = Occurrence.objects.filter(ends_at__gt=midnight - PAST, starts_at__lt=midnight + AHEAD)
        if len(self.keys) <= states.FEW:
            within = within.filter(event__in=list(self.keys))
        first = within.order_by().values_list("event").annotate(first=Cast(Min("starts_at"), CharField()))
        today = self.day.isoformat()
        days = {one.event: today for one in told} | {event: moment[:10] for event, moment in first}
        sizes: dict[str, int] = {}
        for one in told:
            sizes[days[one.event]] = sizes.get(days[one.event], 0) + len(one.body)
        ordered = sorted(sizes)
        filled = itertools.accumulate(sizes[day] for day in ordered)
        until = next(day for day, size in zip(ordered, filled, strict=True) if size > LARGEST - MARGIN)
        until = max(until, (self.day + NEAR).isoformat())
        return [one for one in told if days[one.event] < until], dt.date.fromisoformat(until)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def head(title: str, language: str, address: str = "", said: str = "") -> bytes:
    """What stands before the events. No UID: vdirsyncer would take the whole feed for one item."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//4 per 1000 Initiative//Humus//{language.upper()}")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title, parameters={"LANGUAGE": language})
    calendar.add("x-wr-calname", title)
    if said:
        calendar.add("description", said, parameters={"LANGUAGE": language})
        calendar.add("x-wr-caldesc", said)
    if address:
        calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", icalendar.vDuration.from_ical(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    return calendar.to_ical().removesuffix(END)


def _said(feed: Feed, until: dt.date | None) -> str:
    """What the calendar says of its own window."""
    older = {"archive": replace(feed, archive=True).address}
    if until is None:
        return _("From 90 days ago to 18 months ahead. What is older: %(archive)s") % older
    last = hours.day_of(until - dt.timedelta(days=1), feed.language)
    return _(
        "From 90 days ago to %(day)s: there are too many meetings for one calendar, those that begin later follow "
        "with time. What is older: %(archive)s"
    ) % (older | {"day": last})
