"""Figures of an event: who registers, from where, for what and when, beside its last edition.

Counted by the database, in as many questions for ten thousand people as for
ten. Nobody is counted whom the reader may not see: a co-organiser has the
figures of those who agreed to be shared with it, and none of what they did not
agree to share (their language, the day they registered).
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_percent
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.forms import Media
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.calendars import hours
from events.calendars.days import long_date
from events.calendars.zone_names import locale
from events.models import Attendance, Event, Occurrence, Registration, Ticket
from pages.trilingual import shown
from regions import countries

from .. import policies
from ..payments import sums
from ..sale.seats_panel import standings
from . import charts
from .export import SHARED

State = Registration.State
NOT_MEANT = [State.UNVERIFIED, State.EXPIRED]
"Whoever never confirmed an address, or let a seat go by, has not come to count as a registration of a day."
DRAWN = 12
"Bars of a chart; what is left is one bar more, and the table names them all."
STEPS = (1, 7, 28)
"Days that one step of the course stands for: as few as leave the chart readable."
MOST_STEPS = 60


@dataclass
class Row:
    name: str
    count: str
    share: str = ""


@dataclass
class Figure:
    """One chart with its table."""

    key: str
    title: str
    column: str
    chart: SafeString
    rows: list[Row]


@dataclass
class Step:
    """A day, or some weeks, before or after the beginning."""

    name: str
    day: str
    cells: list[str] = field(default_factory=list)


@dataclass
class Course:
    """Registrations step by step, here and in the last edition: two charts with one table."""

    each: SafeString
    whole: SafeString
    headings: list[str]
    steps: list[Step]
    names: list[str]


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    """The figures of one event, for whoever may see any of its registrations."""

    template_name = "desk/figures.html"
    page_title = gettext_lazy("Figures")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.user_has_any_permission(request.user, {"view", "change"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def event(self) -> Event:
        mine = policies.events.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        event: Event = get_object_or_404(mine, uid=self.kwargs["uid"])
        return event

    @property
    def media(self) -> Media:
        return Media(css={"all": ["desk/figures.css", "desk/registrations.css"]})

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.registrations_url, "label": _("Registrations")},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def registrations_url(self) -> str:
        return f"{reverse('registrations:index')}?event={self.event.pk}"

    @property
    def sees_payments(self) -> bool:
        return policies.payments.user_has_any_permission(self.request.user, {"view", "change"})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = Counted(self.event, self.request.user)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "media": self.media,
            "registrations_url": self.registrations_url,
            "is_whole": people.is_whole,
            "people": people.living_count,
            "people_number": charts.number(people.living_count),
            "seated": people.seated_count,
            "seated_number": charts.number(people.seated_count),
            "figures": people.figures(),
            "standings": standings(self.event) if people.is_whole else [],
            "by_date": self.event.by_date,
            "course": people.course(),
            "tables": sums.tables(self.event, linked=self.sees_payments) if people.is_whole else [],
            "columns": sums.columns(whole=self.sees_payments),
            "payments_url": reverse("payments:event", args=[self.event.uid]) if self.sees_payments else "",
        }


class Counted:
    """The registrations of an event that somebody may see, counted."""

    def __init__(self, event: Event, user: Any) -> None:
        self.event, self.user = event, user
        self.language = get_language() or settings.LANGUAGE_CODE
        self.is_whole = in_care(event, user)

    @cached_property
    def states(self) -> Counter[str]:
        return Counter(dict(self._by("state", self._of(self.event))))

    @property
    def living_count(self) -> int:
        return sum(self.states[state] for state in Registration.LIVING)

    @cached_property
    def seated_count(self) -> int:
        """Those for whom a seat is taken; the other ones that count wait for one, or for a decision."""
        seated: int = self._of(self.event).holding_a_seat().count()
        return seated

    def figures(self) -> list[Figure]:
        """By state for all of them; by all else for those that count."""
        if not self.states:
            return []
        names = dict(State.choices)
        figures = [
            self._figure(
                "state",
                pgettext("of registrations", "By state"),
                _("State"),
                [(capfirst(str(names[state])), self.states[state]) for state in State.values if self.states[state]],
            )
        ]
        if self.living_count:
            figures += [figure for figure in self._of_the_living() if figure is not None]
        return figures

    def _of_the_living(self) -> Iterator[Figure | None]:
        living = self._of(self.event).living()
        attendance = dict(Attendance.choices)
        languages = dict(settings.LANGUAGES)
        yield self._ranked("attendance", _("By attendance"), _("Attendance"), living, lambda key: str(attendance[key]))
        tickets = {ticket.pk: shown(ticket.name).text for ticket in Ticket.objects.filter(event=self.event)}
        if tickets:
            name = lambda key: tickets.get(key, _("without a ticket"))  # noqa: E731
            yield self._ranked("ticket", _("By ticket"), _("Ticket"), living, name)
        yield self._ranked(
            "country",
            _("By country"),
            _("Country"),
            living,
            lambda key: countries.name(key) if key else _("no country told"),
        )
        if self.is_whole:
            yield self._ranked(
                "language", _("By language of letters"), _("Language"), living, lambda key: str(languages[key])
            )
        if self.event.by_date:
            yield self._dates(living)

    def _ranked(
        self, column: str, title: str, heading: str, people: QuerySet[Registration], name: Callable[[Any], str]
    ) -> Figure:
        found = [(capfirst(name(key)), count) for key, count in self._by(column, people)]
        return self._figure(column, title, heading, sorted(found, key=lambda row: (-row[1], row[0])))

    def _dates(self, people: QuerySet[Registration]) -> Figure | None:
        """Date by date, in their order; those without anybody are left out."""
        found = dict(self._by("occurrence", people))
        dates = Occurrence.objects.filter(pk__in=[key for key in found if key]).order_by("starts_at")
        rows = [(hours.at_place(self.event, self.language, date).date_text, found[date.pk]) for date in dates]
        return self._figure("occurrence", _("By date of the series"), _("Date"), rows, ranked=False) if rows else None

    def _figure(
        self, key: str, title: str, heading: str, rows: list[tuple[str, int]], *, ranked: bool = True
    ) -> Figure:
        total = sum(count for _name, count in rows)
        drawn = rows[:DRAWN] if ranked else rows
        if left := rows[len(drawn) :]:
            drawn = [*drawn, (_("all others"), sum(count for _name, count in left))]
        chart = charts.bars(key, title, described(drawn), drawn)
        told = [Row(name, charts.number(count), self._share(count, total)) for name, count in rows]
        return Figure(key, title, heading, chart, told)

    def _share(self, count: int, total: int) -> str:
        return str(format_percent(count / total, locale=locale(self.language)))

    # -- day by day

    def course(self) -> Course | None:
        """None for whoever was not told on which day people registered."""
        if not self.is_whole:
            return None
        here = self._days(self.event)
        before = last_edition(self.event)
        if before is not None and not in_care(before, self.user):
            before = None
        there = self._days(before) if before else Counter()
        if not here and not there:
            return None
        today = (timezone.localdate(timezone=ZoneInfo(self.event.timezone)) - self.event.start_local.date()).days
        size, first, last = frame([*here, *there], today)
        numbers = list(range(first, last + 1))
        lines = [charts.Line(self._name(self.event), _in_steps(here, size, numbers))]
        if before:
            lines.append(charts.Line(self._name(before), _in_steps(there, size, numbers)))
        sums = [charts.Line(line.name, _summed(line.values)) for line in lines]
        if here:  # what is to come is not drawn as if nobody came
            known = [
                None if step * size > today else value for step, value in zip(numbers, sums[0].values, strict=True)
            ]
            sums[0] = charts.Line(sums[0].name, known)
        labels = [_step_name(step, size) for step in numbers]
        told = _("The figures are in the table below.")
        return Course(
            charts.columns("each", _("Registrations by time before the beginning"), told, lines, labels),
            charts.course("whole", _("Registrations in all by time before the beginning"), told, sums, labels),
            [heading for line in lines for heading in (line.name, _("%(edition)s, in all") % {"edition": line.name})],
            [self._step(step, size, place, lines, sums) for place, step in enumerate(numbers)],
            [line.name for line in lines],
        )

    def _step(self, step: int, size: int, place: int, lines: list[charts.Line], sums: list[charts.Line]) -> Step:
        day = self.event.start_local.date() + dt.timedelta(days=step * size)
        cells = [
            "—" if value is None or whole is None else charts.number(value)
            for line, total in zip(lines, sums, strict=True)
            for whole in [total.values[place]]
            for value in (line.values[place], whole)
        ]
        return Step(_step_name(step, size), long_date(day, self.language), cells)

    def _days(self, event: Event) -> Counter[int]:
        """How many registered on each day, counted from the day it begins, by the clock of the place."""
        meant = self._of(event).exclude(state__in=NOT_MEANT)
        day = TruncDate("created_at", tzinfo=ZoneInfo(event.timezone))
        counted = meant.order_by().values(day=day).annotate(people=Count("pk")).values_list("day", "people")
        begins = event.start_local.date()
        return Counter({(day - begins).days: people for day, people in counted})

    def _name(self, event: Event) -> str:
        return f"{shown(event.title).text} ({event.start_local.year})"

    # -- asking

    def _of(self, event: Event) -> Any:
        rows = Registration.objects.filter(event=event)
        return policies.registrations.narrow(rows, self.user, {"view", "change"})

    def _by(self, column: str, people: QuerySet[Registration]) -> list[tuple[Any, int]]:
        if not (self.is_whole or column in SHARED):
            raise PermissionDenied
        return list(people.order_by().values(column).annotate(people=Count("pk")).values_list(column, "people"))


def in_care(event: Event, user: Any) -> bool:
    """Whether somebody sees all of all registrations of an event."""
    own = policies.registrations.in_care(user)
    if own is None:
        return True
    return policies.keeps(user, event)


def last_edition(event: Event) -> Event | None:
    """The one before it in its series."""
    if event.series_id is None or event.ordinal is None:
        return None
    earlier = Event.objects.filter(series=event.series_id, ordinal__lt=event.ordinal)
    return earlier.order_by("-ordinal").first()


def described(rows: Iterable[tuple[str, int]]) -> str:
    """The figures in a line, for whoever hears the picture: "Kenya: 12; Mali: 3"."""
    return "; ".join(_("%(name)s: %(number)s") % {"name": name, "number": charts.number(count)} for name, count in rows)


def frame(days: list[int], today: int) -> tuple[int, int, int]:
    """Days a step, and the first and the last step: from the first registration until today or the beginning."""
    first, last = min(days), max([*days, min(today, 0)])
    for size in STEPS:
        if last // size - first // size < MOST_STEPS:
            break
    return size, max(first // size, last // size - MOST_STEPS + 1), last // size


def _in_steps(days: Counter[int], size: int, numbers: list[int]) -> list[int]:
    """What lies before the first step is counted in it: the sum stays right."""
    counted: Counter[int] = Counter()
    for day, people in days.items():
        counted[max(day // size, numbers[0])] += people
    return [counted[step] for step in numbers]


def _summed(values: Iterable[int | None]) -> list[int | None]:
    whole, sums = 0, []
    for value in values:
        whole += value or 0
        sums.append(whole)
    return list(sums)


def _step_name(step: int, size: int) -> str:
    """ "3 days before", "12 weeks after"."""
    if step == 0:
        return _("the day it begins") if size == 1 else _("from its beginning")
    count = abs(step) if size == 1 else abs(step) * size // 7
    if size == 1 and step < 0:
        text = ngettext("%(count)s day before", "%(count)s days before", count)
    elif size == 1:
        text = ngettext("%(count)s day after", "%(count)s days after", count)
    elif step < 0:
        text = ngettext("%(count)s week before", "%(count)s weeks before", count)
    else:
        text = ngettext("%(count)s week after", "%(count)s weeks after", count)
    return text % {"count": charts.number(count)}
