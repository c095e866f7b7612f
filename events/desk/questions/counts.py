"""Answers counted: for each question by whose answers one counts, how many people gave which; two queries for all."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import Answer, Chosen, Event, Question, Registration
from events.models.questions.kinds import Kind

from .reading import Reading, label

MANY = (Kind.SEVERAL, Kind.LANGUAGES)
"Those to which one person gives several answers."


@dataclass
class Counting:
    """One question: its answers by how many gave them, and at the end who gave none."""

    question: Question
    title: str
    rows: list[tuple[str, int]]
    has_many: bool
    earlier: int
    "How many people answered when question or choices had other words."


def counts(user: Any, event: Event, people: QuerySet[Registration], total: int) -> list[Counting]:
    """Of these people, ``total`` in all; nothing where the reader may read no answer, or nobody was asked."""
    reading = Reading(user, event)
    numbers = [one.pk for one in reading.counted]
    if not numbers:
        return []
    mine = Answer.objects.living().filter(question__in=numbers, registration__in=people.order_by().values("pk"))
    answered: dict[int, int] = defaultdict(int)
    earlier: dict[int, int] = defaultdict(int)
    for question, wording, number in mine.order_by().values_list("question", "wording").annotate(people=Count("pk")):
        answered[question] += number
        earlier[question] += number if reading.has_other_words(wording) else 0
    given: dict[int, dict[str, int]] = defaultdict(dict)
    chosen = Chosen.objects.filter(answer__in=mine.order_by().values("pk")).order_by()
    for question, key, number in chosen.values_list("answer__question", "key").annotate(people=Count("pk")):
        given[question][key] = number
    return [
        Counting(
            one,
            label(one),
            _rows(reading, one, given[one.pk], total - answered[one.pk]),
            one.kind in MANY,
            earlier[one.pk],
        )
        for one in reading.counted
        if one.pk in answered
    ]


def _rows(reading: Reading, question: Question, given: dict[str, int], none: int) -> list[tuple[str, int]]:
    named = [(capfirst(reading.name(question, key)), number) for key, number in given.items()]
    rows = sorted(named, key=lambda row: (-row[1], row[0]))
    return [*rows, (capfirst(_("no answer")), none)] if none > 0 else rows
