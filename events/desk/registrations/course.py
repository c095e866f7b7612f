"""The course of registrations: how many each day or week before the beginning, beside the last edition."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events.calendars.days import long_date
from events.models import Event
from pages.trilingual import shown

from . import charts

STEPS = (1, 7, 28)
"Days that one step of the course stands for: as few as leave the chart readable."
MOST_STEPS = 60


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


def course(event: Event, before: Event | None, days: Callable[[Event], Counter[int]]) -> Course | None:
    """The course of an event and of the edition before it; ``days`` counts who registered on each, from the first."""
    here = days(event)
    there: Counter[int] = days(before) if before else Counter()
    if not here and not there:
        return None
    today = (timezone.localdate(timezone=ZoneInfo(event.timezone)) - event.start_local.date()).days
    size, first, last = frame([*here, *there], today)
    numbers = list(range(first, last + 1))
    lines = [charts.Line(_name(event), _in_steps(here, size, numbers))]
    if before:
        lines.append(charts.Line(_name(before), _in_steps(there, size, numbers)))
    sums = [charts.Line(line.name, _summed(line.values)) for line in lines]
    if here:  # what is to come is not drawn as if nobody came
        known = [None if step * size > today else value for step, value in zip(numbers, sums[0].values, strict=True)]
        sums[0] = charts.Line(sums[0].name, known)
    labels = [_step_name(step, size) for step in numbers]
    told = _("The figures are in the table below.")
    return Course(
        charts.columns("each", _("Registrations by time before the beginning"), told, lines, labels),
        charts.course("whole", _("Registrations in all by time before the beginning"), told, sums, labels),
        [heading for line in lines for heading in (line.name, _("%(edition)s, in all") % {"edition": line.name})],
        [_step(event, step, size, place, lines, sums) for place, step in enumerate(numbers)],
        [line.name for line in lines],
    )


def _step(event: Event, step: int, size: int, place: int, lines: list[charts.Line], sums: list[charts.Line]) -> Step:
    day = event.start_local.date() + dt.timedelta(days=step * size)
    cells = [
        "—" if value is None or whole is None else charts.number(value)
        for line, total in zip(lines, sums, strict=True)
        for whole in [total.values[place]]
        for value in (line.values[place], whole)
    ]
    return Step(_step_name(step, size), long_date(day, get_language() or "fr"), cells)


def _name(event: Event) -> str:
    return f"{shown(event.title).text} ({event.start_local.year})"


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
