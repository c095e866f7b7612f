"""Answers in the list of registrations, once it is narrowed to one event: filters, and columns that are asked for."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column

from events.models import Answer, Event, Question, Registration

from .reading import NONE, Reading, label, on_screen

LONGEST = 20
"Characters of a key."
SHOW = "show"
"The parameter that names the questions whose answers are shown."


class AnyKeys(forms.MultipleChoiceField):
    """Keys as they come: what nobody answered, or answers no more, finds nobody, and leaves other filters be."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= LONGEST


class KnownKeys(forms.MultipleChoiceField):
    """Those that there are; of others nothing is said."""

    def to_python(self, value: Any) -> list[str]:
        known = {key for key, _label in self.choices}  # type: ignore[misc, union-attr]
        return [one for one in super().to_python(value) if one in known]


class AnswerFilter(django_filters.MultipleChoiceFilter):
    """Those who answered one of these; or nothing."""

    field_class = AnyKeys

    def __init__(self, question: Question, choices: list[tuple[str, str]]) -> None:
        super().__init__(label=label(question), choices=choices, widget=forms.CheckboxSelectMultiple)
        self.question = question

    def filter(self, rows: QuerySet[Registration], value: list[str]) -> QuerySet[Registration]:
        if not value:
            return rows
        mine = Answer.objects.living().filter(registration=OuterRef("pk"), question=self.question)
        wanted = Q(Exists(mine.filter(chosen__key__in=value)))
        return rows.filter(wanted | ~Exists(mine) if NONE in value else wanted)


class ShowFilter(django_filters.MultipleChoiceFilter):
    """Narrows nothing: the questions that have a column in the list."""

    field_class = KnownKeys

    def __init__(self, questions: list[Question]) -> None:
        choices = [(str(one.pk), label(one)) for one in questions]
        super().__init__(
            label=gettext_lazy("Show the answers to"), choices=choices, widget=forms.CheckboxSelectMultiple
        )

    def filter(self, rows: QuerySet[Registration], value: list[str]) -> QuerySet[Registration]:
        return rows


def filters(user: Any, event: Event) -> dict[str, django_filters.Filter]:
    """One filter a question that is counted, and which answers are shown; none where no answer may be read."""
    reading = Reading(user, event)
    if not reading.questions:
        return {}
    found: dict[str, django_filters.Filter] = {
        f"q{one.pk}": AnswerFilter(one, reading.choices(one)) for one in reading.counted
    }
    return found | {SHOW: ShowFilter(reading.questions)}


def asked_for(data: Any) -> list[int]:
    """The numbers of the questions to show."""
    return [int(one) for one in data.getlist(SHOW) if one.isascii() and one.isdecimal() and len(one) < 19]


def columns(reading: Reading) -> list[Column]:
    """A column for each question that is shown."""
    return [
        Column(f"q{one.pk}", label=label(one), accessor=lambda row, pk=one.pk: on_screen(reading.answers(row).get(pk)))
        for one in reading.questions
    ]
