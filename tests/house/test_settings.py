"""The environment configures a public site, says what is missing, and is documented."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCD",
    "SITE_URL": "https://humus.example",
    "ALLOWED_HOSTS": "humus.example",
    "DATABASE_URL": "sqlite://:memory:",
    "EMAIL_URL": "smtp://mail.example:25",
    "MEDIA_ROOT": "/srv/humus/media",
}


def variables(*modules: str, function: str = "") -> set[str]:
    """The names of the environment variables that these settings modules read."""
    found = set()
    for module in modules:
        tree = ast.parse((ROOT / "site" / "config" / "settings" / f"{module}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                reads = {"required", "optional"} if not function else {function}
                if name in reads and texts:
                    found.add(texts[0])
    return found


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_public_site_starts_with_the_settings_it_requires():
    assert variables("production", function="required") == set(COMPLETE)
    started = start(COMPLETE)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_a_missing_setting_stops_a_public_site_with_a_sentence_that_names_it(name: str):
    started = start({key: value for key, value in COMPLETE.items() if key != name})
    assert started.returncode != 0
    assert re.search(rf"The environment variable {name} is missing: \w+", started.stderr)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "two"),
        ("DATABASE_URL", "humus.sqlite3"),
        ("CACHE_URL", "nowhere://host"),
        ("SITE_URL", "humus.example"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(name: str, value: str):
    started = start(COMPLETE | {name: value})
    assert started.returncode != 0
    assert f"The environment variable {name} can't be read" in started.stderr


def test_the_caches_in_the_operators_table_are_understood():
    row = re.search(r"^\| `CACHE_URL` .*", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert row
    addresses = set(re.findall(r"`(\w+://[^`]*)`", row[0]))
    assert len(addresses) > 1
    for address in addresses:
        started = start(COMPLETE | {"CACHE_URL": address})
        assert started.returncode == 0, started.stderr


def test_every_setting_is_in_the_operators_table_and_every_row_is_a_setting():
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.split("## Settings", 1)[1].split("\n## ", 1)[0]
    documented = set(re.findall(r"^\| `([A-Z][A-Z_]+)`", table, re.MULTILINE))
    assert documented == variables("base", "dev", "test", "production")
