"""The documents say what is there, and everything that is there."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
OURS = {"accounts", "config", "events", "letters", "pages", "regions"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    table = normal((ROOT / "docs" / "architecture.md").read_text().split("## Why each dependency is there")[1])
    names = {normal(re.match(r"[\w.-]+", wish)[0]) for wish in wanted}  # type: ignore[index]
    assert {name for name in names if not name.startswith("types-") and name not in table} == set()


def test_every_command_of_ours_is_documented_and_every_documented_one_exists():
    table = (ROOT / "docs" / "operations.md").read_text().split("## Commands", 1)[1].split("\n## ", 1)[0]
    documented = set(re.findall(r"^\| `(\w+)", table, re.MULTILINE))
    assert documented == {name for name, room in get_commands().items() if room in OURS}


def test_every_link_between_the_documents_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
