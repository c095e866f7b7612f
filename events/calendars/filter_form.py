"""The form of the agenda's filter: what can be chosen, and the ways to see more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from events.models import Event
from events.models.filters import CHOICES
from events.models.schedule import Schedule
from pages.trilingual import shown
from regions.models import Objective, Region

if TYPE_CHECKING:
    from events.models.filters import Filter


def choices() -> dict[str, list[tuple[str, str]]]:
    """Everything that can be chosen, as the active language calls it; two queries."""
    return {
        "region": [
            (region.code, "\N{NO-BREAK SPACE}" * 3 * depth + shown(region.name).text)
            for region, depth in _tree(list(Region.objects.all()))
        ],
        "kind": [(value, str(label)) for value, label in Event.Kind.choices],
        "language": [(code, str(name)) for code, name in settings.LANGUAGES_OF_EVENTS],
        "format": [(value, str(label)) for value, label in Schedule.Format.choices],
        "objective": _objectives(),
    }


def options(chosen: Filter, address: Callable[..., str]) -> list[dict[str, Any]]:
    """The selects of the filter: name and choices, the chosen one marked; two queries."""
    all_choices = choices()
    return [
        {
            "name": name,
            "value": getattr(chosen, name),
            "text": next((text.strip() for value, text in all_choices[name] if value == getattr(chosen, name)), ""),
            "choices": all_choices[name],
            "without": address(**{name: ""}),
        }
        for name in CHOICES
    ]


def _objectives() -> list[tuple[str, str]]:
    """Each goal that has objectives, followed by them."""
    found: dict[str, str] = {}
    for objective in Objective.objects.select_related("goal").order_by("goal__code", "code"):
        found.setdefault(objective.goal.code, f"{objective.goal.code}. {shown(objective.goal.title).text}")
        indent = "\N{NO-BREAK SPACE}" * 2
        found[objective.code] = f"{indent}{objective.code} {shown(objective.title).text}"
    return list(found.items())


def _tree(regions: list[Region]) -> list[tuple[Region, int]]:
    """Regions, each followed by those that lie in it, with their depth."""
    below: dict[int | None, list[Region]] = {}
    for region in regions:
        below.setdefault(region.parent_id, []).append(region)

    def walk(parent: int | None, depth: int) -> list[tuple[Region, int]]:
        return [one for region in below.get(parent, []) for one in ((region, depth), *walk(region.pk, depth + 1))]

    return walk(None, 0)


def wider(chosen: Filter, words: str, above: str, language: str, address: Callable[..., str]) -> list[dict[str, str]]:
    """Ways to see more: without each choice, without the words, the other side of today."""
    ways = [{"what": name, "url": address(**{name: ""})} for name in chosen.chosen] if len(chosen.chosen) > 1 else []
    if words:
        ways.append({"what": "words", "url": above + chosen.but().path(language)})
    ways.append({"what": "coming" if chosen.past else "past", "url": address(past=not chosen.past, year=None)})
    if chosen.year:
        ways.append({"what": "year", "url": address(year=None)})
    return ways
