"""Mandates and what became of them, as the screens tell each in a line."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pages.trilingual import shown

from .mandate_forms import MATTERS
from .models import Mandate, MandateChange


class Row(NamedTuple):
    """A mandate as the screen tells it."""

    mandate: Mandate
    person: str
    address: str
    languages: str
    matters: list[str]
    days: str
    state: str
    told: str
    acts: list[tuple[str, str]]


def told_state(mandate: Mandate, at: dt.datetime | None = None) -> str:
    """How a mandate stands, with the days that are left where they are few."""
    state = mandate.state(at)
    if state == Mandate.State.ENDING:
        left = mandate.days_left(at)
        if left == 0:
            return _("ends today")
        return ngettext("ends in %(days)s day", "ends in %(days)s days", left) % {"days": left}
    if state == Mandate.State.ENDED and mandate.expires_at <= mandate.begins_at:
        return _("withdrawn before it began")
    return str(state.label)


def told_day(day: dt.date) -> str:
    """A day in the reader's language, as it is written there."""
    language = get_language() or settings.LANGUAGE_CODE
    return format_date(day, "long", locale={"en": "en_GB"}.get(language, language))


def told_days(first: dt.date, last: dt.date) -> str:
    return f"{told_day(first)} – {told_day(last)}"


def told_matters(names: Iterable[str]) -> list[str]:
    return [str(MATTERS[name]) for name in names]


def told_languages(codes: Iterable[str]) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(names.get(code, code) for code in codes)


def row(mandate: Mandate, *, changing: bool, giving: bool) -> Row:
    """A mandate in words, with what its reader may do about it."""
    state = mandate.state()
    acts = []
    if state != Mandate.State.ENDED and changing:
        words = {"renew": _("Renew"), "hand-over": _("Hand over"), "change": _("Change"), "end": _("End")}
        if hasattr(mandate, "followed_by"):
            del words["hand-over"]
        acts = [(word, reverse("mandates:act", args=[mandate.pk, name])) for name, word in words.items()]
    elif giving and state == Mandate.State.ENDED:
        acts = [(_("Give again"), f"{reverse('mandates:give')}?like={mandate.pk}")]
    person = mandate.person
    return Row(
        mandate,
        person.get_full_name() or person.get_username(),
        person.email,
        told_languages(mandate.languages),
        told_matters(mandate.matters()),
        told_days(mandate.starts_on, mandate.ends_on),
        state.value,
        told_state(mandate),
        [*acts, (_("History"), reverse("mandates:act", args=[mandate.pk, "history"]))],
    )


class ToldChange(NamedTuple):
    """A line of the history, in words."""

    change: MandateChange
    region: str
    person: str
    languages: str
    matters: list[str]
    may_publish: bool
    days: str


def told_changes(changes: Iterable[MandateChange]) -> list[ToldChange]:
    """Each change with the terms that held from there on."""
    return [
        ToldChange(
            change,
            shown(change.terms["region_name"]).text,
            change.terms["person"],
            told_languages(change.terms["languages"]),
            told_matters(name for name in Mandate.MATTERS if change.terms[name]),
            change.terms["may_publish"],
            told_days(*(dt.date.fromisoformat(change.terms[name]) for name in ("starts_on", "ends_on"))),
        )
        for change in changes
    ]
