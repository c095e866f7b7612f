"""Kept figures, as the staff read them once the people of an event are forgotten."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Event, KeptFigures, Registration
from events.models.personal.suppression import LEAST

from ..questions.seen import sees_confidential
from ..registrations import charts


@dataclass
class Table:
    """One table: what it is about, and each line with its number or why there is none."""

    title: str
    rows: list[tuple[str, str]]


@dataclass
class Kept:
    """The figures of one event."""

    on: str
    people: str
    tables: list[Table]


def of(event: Event, user: Any) -> Kept | None:
    """Those of an event of whose people nothing is known any more; None as long as something is.

    What was asked for the staff alone is told to them alone.
    """
    figures = KeptFigures.objects.filter(event=event).first()
    if figures is None or Registration.objects.known().filter(event=event).exists():
        return None
    states = Table(_("By state"), _rows(figures.data["states"]))
    whole = sees_confidential(user)
    told = [one for one in figures.data["tables"] if whole or not one.get("is_confidential")]
    tables = [Table(_in_language(one["label"]), _rows(one["cells"])) for one in told]
    return Kept(date_format(figures.at, "DATE_FORMAT"), _number(figures.data["people"]), [states, *tables])


def _rows(cells: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(_in_language(cell["text"]), _number(cell["people"])) for cell in cells]


def _number(people: int | None) -> str:
    return _("not told") if people is None else charts.number(people)


def _in_language(text: dict[str, str]) -> str:
    return text.get(get_language() or "fr") or text.get("fr") or next(iter(text.values()), "—")


def few() -> str:
    """What stands for a number that is not told."""
    return _("Not told are numbers of 1 to %(most)d people, and those from which they would follow.") % {
        "most": LEAST - 1
    }
