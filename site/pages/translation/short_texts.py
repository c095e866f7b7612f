"""Short texts: names and titles, trilingual fields of one row each, that a language lacks."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.permissions import policy_registry

from pages.desk.wall import RowPolicy
from pages.trilingual import Shown, shown, told_in


class Kept(NamedTuple):
    """A table of which some texts are told in three languages.

    ``rows`` are those that count, ``edit_url`` leads to the form of one, and
    ``since`` tells when it was last changed, if that is known.
    """

    label: Any
    model: type[Any]
    fields: tuple[str, ...]
    rows: Callable[[], QuerySet[Any]]
    edit_url: Callable[[Any], str]
    since: Callable[[Any], dt.datetime | None] = lambda row: None


kept: list[Kept] = []
"Rooms name theirs here."


class Lacking(NamedTuple):
    """What of one row is missing in which languages."""

    title: Shown
    url: str
    since: dt.datetime | None
    languages: list[tuple[str, str, str]]


def has_part(user: Any) -> bool:
    return any(_may(user, one) for one in kept)


def lacking(user: Any) -> list[tuple[Any, list[Lacking]]]:
    """By table, what this person may complete; one query a table."""
    groups = [(one.label, list(_of(user, one))) for one in kept if _may(user, one)]
    return [(label, rows) for label, rows in groups if rows]


def _may(user: Any, one: Kept) -> bool:
    return bool(policy_registry.get_by_type(one.model).user_has_permission(user, "change"))


def _open_to(user: Any, one: Kept) -> QuerySet[Any]:
    """The rows of a table that this person may change: a policy may know of some only."""
    policy = policy_registry.get_by_type(one.model)
    return policy.narrow(one.rows(), user, {"change"}) if isinstance(policy, RowPolicy) else one.rows()


def _of(user: Any, one: Kept) -> Iterable[Lacking]:
    for row in _open_to(user, one):
        missing: dict[str, list[str]] = {}
        for field in one.fields:
            there = told_in(getattr(row, field))
            for code, _name in settings.LANGUAGES:
                if there and code not in there:
                    missing.setdefault(code, []).append(str(row._meta.get_field(field).verbose_name))
        if missing:
            said = [(code, name, ", ".join(missing[code])) for code, name in settings.LANGUAGES if code in missing]
            yield Lacking(shown(getattr(row, one.fields[0]), get_language()), one.edit_url(row), one.since(row), said)
