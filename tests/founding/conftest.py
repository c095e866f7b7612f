"""Small programmes, written to a file as the real one is."""

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

EVENT: dict[str, Any] = {
    "slug": "meeting",
    "type": "regional_meeting",
    "title": {"fr": "Rencontre d’essai", "en": "A meeting", "es": "Un encuentro"},
    "start_local": "2031-05-06T09:00:00",
    "end_local": "2031-05-07T17:00:00",
    "timezone": "Africa/Abidjan",
    "all_day": False,
    "city": "Abidjan",
    "country": "CI",
    "format": "onsite",
    "status": "scheduled",
    "access": "public",
    "regions": ["T-W"],
    "languages": ["fr"],
    "co_organisers": ["ORG"],
    "supporters": [],
    "strategic_objectives": ["T1"],
    "demo": False,
}
SMALL: dict[str, Any] = {
    "colleges": [{"code": "t-research", "name": {"fr": "Recherche"}}],
    "goals": [{"code": "T", "title": {"fr": "Un but"}}],
    "facilities": [{"code": "T-I", "kind": "core", "title": {"fr": "Stratégie"}, "led_by": "", "objectives": ["T1"]}],
    "strategic_objectives": [{"code": "T1", "goal": "T", "facility": "T-I", "title": {"fr": "Un objectif"}}],
    "event_series": [{"code": "t-meetings", "name": {"fr": "Rencontres"}}],
    "regions": [
        {"code": "T", "parent": None, "name": {"fr": "Terre"}, "countries": [], "default_timezone": "Europe/Paris"},
        {
            "code": "T-W",
            "parent": "T",
            "name": {"fr": "Ouest"},
            "countries": ["CI"],
            "default_timezone": "Africa/Abidjan",
        },
    ],
    "organisations": [
        {
            "short_name": "ORG",
            "full_name": {"fr": "Une organisation"},
            "country": "FR",
            "kind": "ngo",
            "college": "t-research",
        }
    ],
    "events": [EVENT],
    "news": [],
    "correspondents": [],
}


class Small:
    """A small programme in a file: change ``data``, then ``load()`` it; what the command said is returned."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = copy.deepcopy(SMALL)

    @property
    def event(self) -> dict[str, Any]:
        return self.data["events"][0]

    def add_event(self, **facts: Any) -> dict[str, Any]:
        self.data["events"].append(copy.deepcopy(EVENT) | facts)
        return self.data["events"][-1]

    def load(self, *arguments: str) -> str:
        self.path.write_text(json.dumps(self.data))
        return said("import_programme", str(self.path), *arguments)


def said(*arguments: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path / "programme.json")


@pytest.fixture(scope="session")
def say() -> Callable[..., str]:
    return said
