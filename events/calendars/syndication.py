"""Syndication: the meetings ahead for what reads news, as RSS 2.0 and JSON Feed 1.1, per language and region.

One item an event, for as long as it has a date ahead: a reader meets it when it
is announced, and finds it changed when its date, its place or its state does. What
changed last comes first.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, register_converter, reverse
from django.utils.feedgenerator import Enclosure
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendars import days, description, hours, rows, views
from events.calendars.feeds import UnknownFeed
from events.calendars.wording import words
from events.models import Event, Occurrence
from pages.trilingual import shown
from regions import pictures, profiles
from regions.feeds import NewsFeed
from regions.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterable

ITEMS = 60
DATES = 8
"Of a series, told in its item."
TYPES = {"rss": "application/rss+xml", "json": "application/feed+json"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"What XML 1.0 can't hold, or nobody sees."


@dataclass(frozen=True)
class EventFeed:
    """The meetings of everything or of one region with its sub-regions, in one language, as one kind of file."""

    language: str
    form: str
    code: str = ""

    @property
    def path(self) -> str:
        return f"feeds/{self.language}/{f'region/{self.code}/' if self.code else ''}events.{self.form}"

    @property
    def filename(self) -> str:
        return "-".join(part for part in ("events", self.code, self.language) if part) + f".{self.form}"

    def body(self, day: dt.date) -> bytes:
        """The whole feed as it is on a day (UTC), byte for byte the same in every process.

        Raises:
            UnknownFeed: there is no such region or language.
        """
        if self.language not in dict(settings.LANGUAGES):
            raise UnknownFeed(self.path)
        region = Region.objects.filter(code=self.code).first() if self.code else None
        if self.code and region is None:
            raise UnknownFeed(self.path)
        with override(self.language):
            what = shown(region.name, self.language).text if region else _("Meetings")
            title = clean(_("4 per 1000 – %(what)s") % {"what": what})
            home = settings.SITE_URL + (rows.agenda_address(self.language) or f"/{self.language}/")
            items = told(ahead(day, region), self.language, day, home)
            return (as_rss if self.form == "rss" else as_json)(self, title, home, items)


@dataclass(frozen=True)
class Item:
    """One event, told in one language; every text is clean."""

    event: Event
    title: str
    lang: str
    url: str
    html: str
    summary: str
    image: str
    tags: list[str]
    date: Occurrence | None
    dates: list[Occurrence]

    @property
    def key(self) -> str:
        return f"urn:uuid:{self.event.uid}"

    @property
    def announced_at(self) -> dt.datetime:
        return self.event.calendar_entry.first_announced_at

    @property
    def changed_at(self) -> dt.datetime:
        return self.event.calendar_entry.stamp


def clean(text: str) -> str:
    return CONTROL.sub("", text)


def ahead(day: dt.date, region: Region | None) -> list[Event]:
    """The events that still have a date on a day, the last changed first; in a fixed number of queries."""
    found = Event.objects.upcoming(midnight(day)).filter(calendar_entry__isnull=False)
    if region is not None:
        found = found.in_region(region.code)
    return list(found.with_facts().order_by("-calendar_entry__stamp", "-pk")[:ITEMS])


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def told(events: list[Event], language: str, day: dt.date, home: str) -> list[Item]:
    where = rows.addresses(events, language)
    dates: dict[int, list[Occurrence]] = defaultdict(list)
    series = [event.pk for event in events if event.recurs]
    for one in Occurrence.objects.given().filter(event__in=series, ends_at__gt=midnight(day)).order_by("starts_at"):
        if len(dates[one.event_id]) < DATES:
            dates[one.event_id].append(one)
    return [_item(event, language, where.get(event.pk, ""), home, dates[event.pk]) for event in events]


def _item(event: Event, language: str, address: str, home: str, dates: list[Occurrence]) -> Item:
    name, lang = shown(event.title, language)
    date = next((one for one in dates if not one.is_cancelled), None)
    there = hours.at_place(event, language, date)
    state = event.get_status_display() if event.status != Event.Status.SCHEDULED else ""
    title = f"{name}, {there.date_text}"
    html = "".join(f"<p>{escape(clean(line))}</p>" for line in _lines(event, language, date, state) if line)
    listed = "".join(f"<li>{escape(clean(_date_line(event, one, language)))}</li>" for one in dates)
    ground = profiles.of_kind(rows.soil(event), event.kind)
    drawn = settings.SITE_URL + pictures.social_url(ground, event.uid)
    regions = [shown(region.name, language).text for region in event.regions.all() if region.code != "GLOBAL"]
    return Item(
        event=event,
        title=clean(_("%(state)s: %(title)s") % {"state": capfirst(state), "title": title} if state else title),
        lang=lang,
        url=settings.SITE_URL + address if address else home,
        html=html + (f"<ul>{listed}</ul>" if listed else ""),
        summary=clean(shown(event.theme, language).text),
        image=event.photograph.shared_url if event.photograph else drawn,
        tags=[clean(tag) for tag in (capfirst(event.get_kind_display()), *regions)],
        date=date,
        dates=dates,
    )


def _lines(event: Event, language: str, date: Occurrence | None, state: str) -> Iterable[str]:
    there = hours.at_place(event, language, date)
    yield capfirst(state)
    yield shown(event.theme, language).text
    yield str(there)
    yield capfirst(words(event, language))
    yield description.location(event, language, date).text
    if event.replacement and event.replacement.live:
        other = event.replacement
        yield f"{shown(other.title, language).text}, {hours.at_place(other, language).date_text}"


def _date_line(event: Event, one: Occurrence, language: str) -> str:
    there = hours.at_place(event, language, one)
    parts = [f"{there.date_text}, {there.time_text}"]
    if one.is_cancelled:
        parts.append(_("This date is cancelled"))
    elif moved_from := days.moved_from(one, language):
        parts.append(_("Moved from %(from)s") % {"from": moved_from})
    return " – ".join([*parts, *filter(None, [shown(one.note, language).text])])


# -- RSS


class EventsAsRss(NewsFeed):
    """RSS whose items also say when they last changed."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:atom": "http://www.w3.org/2005/Atom"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", item["updateddate"].isoformat())


def as_rss(feed: EventFeed, title: str, home: str, items: list[Item]) -> bytes:
    made = EventsAsRss(
        title=title,
        link=home,
        description=_about(),
        language=feed.language,
        feed_url=f"{settings.SITE_URL}/{feed.path}",
        ttl="60",  # type: ignore[arg-type]
    )
    for item in items:
        made.add_item(
            title=item.title,
            link=item.url,
            description=item.html,
            unique_id=item.key,
            unique_id_is_permalink=False,
            pubdate=item.announced_at,
            updateddate=item.changed_at,
            categories=item.tags,
            enclosures=[Enclosure(item.image, "0", "image/png" if "/social/" in item.image else "image/jpeg")],
            language=item.lang,
        )
    made.changed = max((item.changed_at for item in items), default=None)
    return made.writeString("utf-8").encode()


def _about() -> str:
    return _("The meetings ahead of the “4 per 1000” Initiative. What changed last comes first.")


# -- JSON Feed


def as_json(feed: EventFeed, title: str, home: str, items: list[Item]) -> bytes:
    """JSON Feed 1.1; ``_event`` is ours, and `docs/calendar-apps.md` says what it holds."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": f"{settings.SITE_URL}/{feed.path}",
        "description": _about(),
        "language": feed.language,
        "authors": [{"name": _("4 per 1000"), "url": settings.SITE_URL}],
        "items": [_as_json(item) for item in items],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _as_json(item: Item) -> dict[str, Any]:
    event = item.event
    told = {
        "id": item.key,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary,
        "image": item.image,
        "date_published": item.announced_at.isoformat(),
        "date_modified": item.changed_at.isoformat(),
        "tags": item.tags,
        "language": item.lang,
        "_event": {
            **_instants(event, item.date or event),
            "timezone": event.timezone,
            "all_day": event.all_day,
            "status": str(event.status),
            "format": str(event.format),
            "calendar": settings.SITE_URL + reverse("calendars:event", args=[settings.LANGUAGE_CODE, event.uid]),
            "dates": [
                {
                    **_instants(event, one),
                    "status": "cancelled" if one.is_cancelled else str(event.status),
                    "is_moved": one.is_moved,
                }
                for one in item.dates
            ],
        },
    }
    return {name: value for name, value in told.items() if value not in ("", None)}


def _instants(event: Event, date: Any) -> dict[str, str]:
    """When a date begins and ends, at the place; an event of whole days names its first and its last."""
    there = hours.at_place(event, settings.LANGUAGE_CODE, None if date is event else date)
    return {"starts_at": there.start_iso, "ends_at": there.end_iso}


# -- over HTTP


@csrf_exempt
@require_safe
def feed(request: HttpRequest, language: str, form: str, code: str = "") -> HttpResponse:
    """One feed, or 304 if the reader has it."""
    return views.served(request, EventFeed(language, form, code), TYPES[form], _unknown)


def _unknown(request: HttpRequest) -> HttpResponse:
    return HttpResponse("There is no such feed.\n", status=404, content_type="text/plain; charset=utf-8")


class FormConverter:
    regex = "|".join(TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormConverter, "feed_form")

app_name = "event_feeds"
urlpatterns = [
    path("<slug:language>/events.<feed_form:form>", feed, name="all"),
    path("<slug:language>/region/<slug:code>/events.<feed_form:form>", feed, name="region"),
]
