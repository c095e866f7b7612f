"""docs/privacy.md names every table and every field that could tell of somebody: a new one can't be forgotten."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from events.models.personal.suppression import LEAST
from events.models.personal.terms import KEEP_DAYS, PAYMENT_YEARS
from events.registration.personal import copying
from letters.kinds import kinds

pytestmark = pytest.mark.once

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
WORDS = ("CharField", "TextField", "JSONField", "EmailField", "FileField", "BinaryField", "SlugField", "URLField")
"What can hold a name or an address; numbers, dates and the keys of other rows can't."
OF_ONE_DATABASE = {"wagtailsearch.SQLiteFTSIndexEntry"}
NAMES = re.compile(r"`(\w+)`")


def rows() -> dict[str, tuple[set[str], set[str]]]:
    """Of each table that tells of somebody: the fields that do, and those that do not."""
    table = DOCUMENT.read_text().split("## What is kept where")[1].split("\n## ")[0]
    found = {}
    for line in table.splitlines():
        if match := re.match(r"\| `(\w+\.\w+)` \|([^|]*)\|([^|]*)\|", line):
            found[match[1]] = (set(NAMES.findall(match[2])), set(NAMES.findall(match[3])))
    return found


def others() -> set[str]:
    """The tables that tell nothing of participants."""
    text = DOCUMENT.read_text().split("## Tables that tell nothing of participants")[1].split("\n## ")[0]
    text = re.sub(r"\n  ", " ", text)
    lists = re.findall(r"^- `(\w+)`: (.*)$", text, re.MULTILINE)
    return {f"{room}.{name}" for room, names in lists for name in NAMES.findall(names)}


def tables() -> dict[str, set[str]]:
    return {
        model._meta.label: {one.name for one in model._meta.concrete_fields if one.get_internal_type() in WORDS}
        for model in apps.get_models(include_auto_created=True)
    }


def test_every_table_is_told_of_once_and_every_one_told_of_exists():
    assert set(rows()) & others() == set()
    assert (set(rows()) | others()) - OF_ONE_DATABASE == set(tables()) - OF_ONE_DATABASE


def test_every_field_of_a_table_about_people_is_told_of():
    there = tables()
    for table, (personal, plain) in rows().items():
        assert personal & plain == set(), table
        assert personal | plain == there[table], table


def test_no_table_that_names_an_address_is_among_those_of_nobody():
    """Those of accounts and of organisers are named here one by one."""
    known = {
        *("accounts.Person", "auth.User", "account.EmailAddress", "account.EmailConfirmation"),
        *("events.Event", "events.Issuer", "events.DataTerms", "events.DataDefaults"),
    }
    fields = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if "email" in field.name or "recipient" in field.name
    }
    assert fields & others() - known == set()


def test_the_numbers_and_names_are_those_of_the_code():
    text = DOCUMENT.read_text()
    assert f"({KEEP_DAYS} unless staff say otherwise)" in text
    assert PAYMENT_YEARS == 10
    assert LEAST == 5
    assert copying.FORMAT in text
    assert {"my_data", "erased"} <= set(kinds)
    for key in ("registrations", "invitations", "places_offered", "payments", "letters", "calendar"):
        assert f"`{key}`" in text
