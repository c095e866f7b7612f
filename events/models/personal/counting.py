"""Counting: the figures of an event that are kept when its people are forgotten."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, override

from regions import countries
from regions.models import College, Organisation

from .. import facts
from ..questions.answer import Chosen, language_name
from ..questions.kinds import COUNTED, YES, Kind
from ..questions.question import Question
from ..registration import Registration
from ..seats import Attendance, SeatPool
from ..ticket import Ticket
from .figures import KeptFigures
from .suppression import LEAST, lone, marked, parts, ranked

if TYPE_CHECKING:
    from ..event import Event

State = Registration.State
Texts = dict[str, str]
Cells = list[dict[str, Any]]

OTHERS = gettext_noop("all others")
UNTOLD = gettext_noop("no answer")


def keep_figures(event: "Event") -> KeptFigures:
    """Count an event's people, unless that was done: once some are forgotten the numbers would be others."""
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        known = KeptFigures.objects.filter(event=event).first()
        return known or KeptFigures.objects.create(event=event, data=counted(event))


def counted(event: "Event") -> dict[str, Any]:
    """How many registrations in each state, and of those who had a place how many where, how and from where.

    No number of one to four people is in it, nor one that follows from the others.
    """
    rows = Registration.objects.filter(event=event)
    states = _by("state", rows)
    seated = rows.filter(state=State.CONFIRMED)
    people = states.get(State.CONFIRMED, 0)
    return {
        "people": lone(people),
        "states": [
            {"text": _in_words(State(state).label), "people": lone(states.get(state, 0))} for state in State.values
        ],
        "tables": _tables(event, seated, people) if people >= LEAST else [],
    }


def _tables(event: "Event", seated: "QuerySet[Registration]", people: int) -> list[dict[str, Any]]:
    tickets = list(Ticket.objects.filter(event=event).order_by("pk"))
    names = {one.pk: facts.told(one.name) for one in tickets} | {None: _in_words(gettext_noop("without a ticket"))}
    by_ticket = parts(_all(_by("ticket", seated), [*(one.pk for one in tickets), None]))
    found = []
    if tickets:
        found.append(_table("ticket", _said(gettext_noop("By ticket")), _cells(by_ticket, names.__getitem__)))
    if None not in by_ticket.values() or not tickets:
        # A ticket may leave no choice of the way to take part: the one would tell what the other hides.
        by_way = parts(_all(_by("attendance", seated), Attendance.values))
        ways = _cells(by_way, lambda key: _in_words(Attendance(key).label))
        found.append(_table("attendance", _said(gettext_noop("By attendance")), ways))
    by_country = _ranked(_by("country", seated), _country)
    found.append(_table("country", _said(gettext_noop("By country")), by_country))
    kinds = _ranked(_by("known_organisation__kind", seated), lambda key: _in_words(Organisation.Kind(key).label))
    found.append(_table("kind", _said(gettext_noop("By kind of organisation")), kinds))
    colleges = {one.pk: facts.told(one.name) for one in College.objects.all()}
    by_college = _ranked(_by("known_organisation__college", seated), colleges.__getitem__)
    found.append(_table("college", _said(gettext_noop("By college of the organisation")), by_college))
    spoken = parts(_all(_by("language", seated), [code for code, _name in settings.LANGUAGES]))
    languages = _cells(spoken, lambda code: {one: language_name(code, one) for one in _languages()})
    found.append(_table("language", _said(gettext_noop("By language of letters")), languages))
    questions = Question.objects.filter(event=event, kind__in=COUNTED).order_by("sort_order", "pk")
    found += [
        table | {"is_confidential": one.is_confidential}
        for one in questions.prefetch_related("choices")
        if (table := _asked(one, seated, people))
    ]
    return found


def _asked(question: Question, seated: "QuerySet[Registration]", people: int) -> dict[str, Any] | None:
    """What was answered to one question; None if nobody's answer is here any more."""
    chosen = Chosen.objects.filter(
        answer__question=question, answer__ended_at=None, answer__registration__in=seated.order_by().values("pk")
    )
    somebody = Count("answer__registration__email_key", distinct=True)
    keys = dict(chosen.order_by().values_list("key").annotate(people=somebody))
    if not keys:
        return None
    none = people - chosen.order_by().aggregate(people=somebody)["people"]
    label = facts.told(question.label)
    if question.kind == Kind.CONSENT:
        cells = parts({YES: keys.get(YES, 0), "": people - keys.get(YES, 0)})
        return _table("question", label, _cells(cells, lambda key: _said("yes" if key == YES else "no")))
    if question.kind == Kind.COUNTRY:
        return _table("question", label, _ranked(keys | {"": none}, _country))
    if question.kind == Kind.LANGUAGES:
        named = {key: here for key, here in marked(keys, people).items() if here is not None}
        in_words = lambda code: {one: language_name(code, one) for one in _languages()}  # noqa: E731
        return _table("question", label, _cells(named, in_words))
    words = {one.key: facts.told(one.text) for one in question.choices.all()}
    words |= {key: _of_old(question, key) for key in keys if key not in words}
    if question.kind == Kind.SEVERAL:
        return _table("question", label, _cells(marked(_all(keys, words), people), words.__getitem__))
    cells = parts(_all(keys, words) | {"": none})
    return _table("question", label, _cells(cells, lambda key: words[key] if key else _said(UNTOLD)))


def _of_old(question: Question, key: str) -> Texts:
    """The words of a choice that is no longer offered."""
    for wording in question.wordings.order_by("-number"):
        if text := wording.choice(key):
            return text
    return dict.fromkeys(_languages(), key)


def _by(column: str, rows: "QuerySet[Registration]") -> dict[Any, int]:
    """People, not registrations: who comes to many dates of a series is one."""
    return dict(rows.order_by().values_list(column).annotate(people=Count("email_key", distinct=True)))


def _all(found: Mapping[Any, int], keys: Iterable[Any]) -> dict[Any, int]:
    """Every key that there could be, in an order that tells nothing of the numbers."""
    return {key: found.get(key, 0) for key in keys}


def _ranked(found: Mapping[Any, int], named: Callable[[Any], Texts]) -> Cells:
    """The largest first; who told nothing is one of them."""
    told = {key or "": 0 for key in found}
    for key, here in found.items():
        told[key or ""] += here
    large, rest = ranked(told)
    order = sorted(large.items(), key=lambda item: (-item[1], str(item[0])))
    cells = [{"text": named(key) if key else _said(UNTOLD), "people": here} for key, here in order]
    return cells + ([{"text": _said(OTHERS), "people": rest}] if rest else [])


def _cells(cells: Mapping[Any, int | None], named: Callable[[Any], Texts]) -> Cells:
    return [{"text": named(key), "people": here} for key, here in cells.items()]


def _table(subject: str, label: Texts, cells: Cells) -> dict[str, Any]:
    return {"subject": subject, "label": label, "cells": cells}


def _country(code: str) -> Texts:
    return {language: countries.name(code, language) for language in _languages()}


def _said(sentence: str) -> Texts:
    """A word of the product's in each language."""
    return _in_words(sentence)


def _in_words(word: Any) -> Texts:
    found = {}
    for language in _languages():
        with override(language):
            found[language] = capfirst(gettext(word) if isinstance(word, str) else str(word))
    return found


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
