"""A month of everything, drafts included, on the clocks of the places: entries, and the bars of its weeks."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from events.calendars import hours
from events.calendars.days import last_day
from events.calendars.zone_names import city
from events.models import Event, Occurrence
from events.models.agenda import EventQuerySet
from events.models.expansion import RuleRefused, expand
from events.models.occurrence import span
from pages.trilingual import Shown, shown

ONE_DAY = dt.timedelta(days=1)
MOST = 400
"Dates of one draft series within a month: more than a date a day nobody types."
OF_A_DRAFT = (
    "title",
    "status",
    "timezone",
    "all_day",
    "start_local",
    "end_local",
    "start_fold",
    "end_fold",
    "recurrence",
)


@dataclass(frozen=True)
class Entry:
    """One date of one event, published or only drafted, in the reader's language."""

    event_id: int
    title: Shown
    status: str
    zone: str
    all_day: bool
    start: dt.datetime
    end: dt.datetime
    instants: tuple[dt.datetime, dt.datetime]
    public: bool
    drafted: bool
    "Whether a draft of it waits: of a public one beside what is public."
    language: str
    editable: bool = True

    @property
    def first(self) -> dt.date:
        return self.start.date()

    @property
    def last(self) -> dt.date:
        """Its last day, as the public calendar counts it."""
        return last_day(self.start, self.end, self.all_day)

    @property
    def url(self) -> str:
        """The form, or for those who may only look the event as it stands."""
        view = "edit" if self.editable else "inspect"
        return reverse(f"wagtailsnippets_events_event:{view}", args=[self.event_id])

    @property
    def status_text(self) -> str:
        return str(Event.Status(self.status).label)

    @property
    def hour(self) -> str:
        """When it begins, on the clock of the place; empty for whole days."""
        return "" if self.all_day else hours.time_of(self.start, self.language)

    @property
    def place(self) -> str:
        """The city by which the zone goes."""
        return "" if self.all_day else city(self.zone, self.language)

    @cached_property
    def told(self) -> str:
        """Days, hours and zone in full."""
        return str(hours.tell(*self.instants, self.zone, self.all_day, self.start, self.end, self.language))


@dataclass
class Cell:
    """A stretch of a week: a bar, or nothing."""

    days: int
    entry: Entry | None = None
    goes_on: bool = False
    "Whether the bar began in an earlier week."
    continues: bool = False


@dataclass
class Week:
    days: list[dt.date]
    lanes: list[list[Cell]] = field(default_factory=list)


def entries(events: EventQuerySet, first: dt.date, last: dt.date, language: str) -> list[Entry]:
    """Every date of these events between two days, both included, in three queries however many there are."""
    since, before = (dt.datetime.combine(day, dt.time.min) for day in (first, last + ONE_DAY))
    found = list(_published(events, since, before, language))
    found += _drafted(events, since, before, language)
    inside = [entry for entry in found if entry.first <= last and entry.last >= first]
    return sorted(inside, key=lambda entry: (entry.first, entry.first - entry.last, entry.start, entry.event_id))


def _published(events: EventQuerySet, since: dt.datetime, before: dt.datetime, language: str) -> Iterator[Entry]:
    public = events.filter(live=True).order_by()
    dates = Occurrence.objects.filter(event__in=public, start_local__lt=before, end_local__gte=since)
    for date in dates.select_related("event"):
        event = date.event
        yield Entry(
            event_id=event.pk,
            title=shown(event.title, language),
            status=event.status,
            zone=event.timezone,
            all_day=event.all_day,
            start=date.start_local,
            end=date.end_local,
            instants=(date.starts_at, date.ends_at),
            public=True,
            drafted=event.has_unpublished_changes,
            language=language,
        )


def _drafted(events: EventQuerySet, since: dt.datetime, before: dt.datetime, language: str) -> Iterator[Entry]:
    """Drafts never published, and those of public events that would move them."""
    waiting = events.filter(Q(live=False) | Q(has_unpublished_changes=True)).order_by()
    for event in waiting.select_related("latest_revision"):
        facts = _as_drafted(event)
        start, end = facts["start_local"], facts["end_local"]
        if not start or not end:
            continue
        if event.live and not _moves(event, facts):
            continue
        length = end - start
        for begins in _dates(facts["recurrence"], start, since - length, before):
            first = begins == start
            instants = span(
                begins,
                begins + length,
                facts["timezone"],
                facts["all_day"],
                facts["start_fold"] if first else None,
                facts["end_fold"] if first else None,
            )
            yield Entry(
                event_id=event.pk,
                title=shown(facts["title"], language),
                status=facts["status"],
                zone=facts["timezone"],
                all_day=facts["all_day"],
                start=begins,
                end=begins + length,
                instants=(instants["starts_at"], max(instants.values())),
                public=False,
                drafted=True,
                language=language,
            )


def _as_drafted(event: Event) -> dict[str, Any]:
    """The facts of the latest draft, read without asking the database for what they refer to."""
    revision = event.latest_revision if event.has_unpublished_changes else None
    if revision is None:
        return {name: getattr(event, name) for name in OF_A_DRAFT}
    said = revision.content
    fields: dict[str, Any] = {name: Event._meta.get_field(name) for name in OF_A_DRAFT}
    return {name: column.to_python(said.get(name)) for name, column in fields.items()}


def _moves(event: Event, facts: dict[str, Any]) -> bool:
    return any(
        str(getattr(event, name) or "") != str(facts[name] or "")
        for name in ("timezone", "all_day", "start_local", "end_local", "recurrence")
    )


def _dates(rule: Any, start: dt.datetime, since: dt.datetime, before: dt.datetime) -> Iterable[dt.datetime]:
    if not rule or not rule.rrules:
        return [start]
    try:
        return expand(rule, start, max(start, since), before, limit=MOST)
    except RuleRefused:  # a draft may hold what can't be published
        return [start]


def weeks(found: Iterable[Entry], year: int, month: int) -> list[Week]:
    """The weeks of a month, Monday first, with the bars of each in as few lanes as they need."""
    found = list(found)
    return [_week(days, found) for days in calendar.Calendar().monthdatescalendar(year, month)]


def _week(days: list[dt.date], found: list[Entry]) -> Week:
    monday, sunday = days[0], days[-1]
    lanes: list[list[Cell]] = []
    ends: list[int] = []
    for entry in found:
        if entry.last < monday or entry.first > sunday:
            continue
        begin, end = max(0, (entry.first - monday).days), min(6, (entry.last - monday).days)
        free = next((number for number, reached in enumerate(ends) if reached < begin), len(lanes))
        if free == len(lanes):
            lanes.append([])
            ends.append(-1)
        gap = begin - ends[free] - 1
        if gap:
            lanes[free].append(Cell(gap))
        lanes[free].append(Cell(end - begin + 1, entry, entry.first < monday, entry.last > sunday))
        ends[free] = end
    for lane, reached in zip(lanes, ends, strict=True):
        if reached < 6:
            lane.append(Cell(6 - reached))
    return Week(days, lanes)


def by_day(found: Iterable[Entry], year: int, month: int) -> list[tuple[dt.date, list[Entry]]]:
    """The same as a list: each entry once, at its first day within the month."""
    first = dt.date(year, month, 1)
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    days: dict[dt.date, list[Entry]] = {}
    for entry in found:
        if entry.first <= last and entry.last >= first:
            days.setdefault(max(entry.first, first), []).append(entry)
    return sorted(days.items())
