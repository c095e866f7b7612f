"""Counting the registrations of an event.

Counted by the database, in as many questions for ten thousand people as for
ten. Nobody is counted whom the reader may not see: a co-organiser has the
figures of those who agreed to be shared with it, and none of what they did not
agree to share (their language, the day they registered).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_percent
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from events.calendars import hours
from events.calendars.zone_names import locale
from events.models import Attendance, Event, Occurrence, Registration, Ticket
from pages.trilingual import shown
from regions import countries

from .. import policies
from ..questions import counts as answers
from . import charts, course
from .export import SHARED

State = Registration.State
NOT_MEANT = [State.UNVERIFIED, State.EXPIRED]
"Whoever never confirmed an address, or let a seat go by, has not come to count as a registration of a day."
DRAWN = 12
"Bars of a chart; what is left is one bar more, and the table names them all."


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
    note: str = ""


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
            figures += self._of_answers()
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

    def _of_answers(self) -> list[Figure]:
        """What those that count answered; shares are of them, as one person may give several answers."""
        found = []
        for one in answers.counts(self.user, self.event, self._of(self.event).living(), self.living_count):
            key, title = f"q{one.question.pk}", one.title
            figure = self._figure(key, title, _("Answers"), one.rows, total=self.living_count)
            figure.note = " ".join(_noted(one))
            found.append(figure)
        return found

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
        self, key: str, title: str, heading: str, rows: list[tuple[str, int]], *, ranked: bool = True, total: int = 0
    ) -> Figure:
        total = total or sum(count for _name, count in rows)
        drawn = rows[:DRAWN] if ranked else rows
        if left := rows[len(drawn) :]:
            drawn = [*drawn, (_("all others"), sum(count for _name, count in left))]
        chart = charts.bars(key, title, described(drawn), drawn)
        told = [Row(name, charts.number(count), self._share(count, total)) for name, count in rows]
        return Figure(key, title, heading, chart, told)

    def _share(self, count: int, total: int) -> str:
        return str(format_percent(count / total, locale=locale(self.language)))

    # -- day by day

    def course(self) -> course.Course | None:
        """None for whoever was not told on which day people registered."""
        if not self.is_whole:
            return None
        before = last_edition(self.event)
        known = before if before is not None and in_care(before, self.user) else None
        return course.course(self.event, known, self._days)

    def _days(self, event: Event) -> Counter[int]:
        """How many registered on each day, counted from the day it begins, by the clock of the place."""
        meant = self._of(event).exclude(state__in=NOT_MEANT)
        day = TruncDate("created_at", tzinfo=ZoneInfo(event.timezone))
        counted = meant.order_by().values(day=day).annotate(people=Count("pk")).values_list("day", "people")
        begins = event.start_local.date()
        return Counter({(day - begins).days: people for day, people in counted})

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


def _noted(counting: answers.Counting) -> Iterator[str]:
    """What is to be known of the figures of one question."""
    if counting.has_many:
        yield _("Several answers are possible: the shares are of people.")
    if counting.earlier:
        yield ngettext(
            "%(count)d person answered before the words were changed, and is counted under today’s.",
            "%(count)d people answered before the words were changed, and are counted under today’s.",
            counting.earlier,
        ) % {"count": counting.earlier}
