"""What is done to the questions of an event beside writing them: their order, no longer asked, asked again."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from events.models import Event, Question, SeatPool
from events.models.questions import shipped
from events.models.questions.kinds import Stage
from pages.models import Edition
from pages.trilingual import shown

from .where import note


class Refused(Exception):
    """Nothing was done; the sentence says why."""


def in_order(event: Event) -> list[Question]:
    """Those that are asked: first what the form asks, then what is asked of who has a place."""
    asked = Question.objects.filter(event=event).asked()
    return sorted(asked, key=lambda one: (one.stage != Stage.REGISTRATION, one.sort_order, one.pk))


def shift(question: Question, up: bool, by: Any) -> bool:
    """One place up or down among those asked at the same time; False at the end of them.

    Raises:
        Refused: a question would stand before the one on whose answer it hangs.
    """
    with transaction.atomic():
        SeatPool.objects.hold(question.event_id)
        rows = in_order(question.event)
        same = [one for one in rows if one.stage == question.stage]
        place = next((at for at, one in enumerate(same) if one.pk == question.pk), None)
        other = (place or 0) + (-1 if up else 1)
        if place is None or not 0 <= other < len(same):
            return False
        mine, neighbour = same[place], same[other]
        first, later = (neighbour, mine) if up else (mine, neighbour)
        if later.depends_on_id == first.pk:
            raise Refused(
                _("“%(later)s” is asked only after an answer to “%(first)s”, which has to stand before it.")
                % {"later": shown(later.label).text, "first": shown(first.label).text}
            )
        a, b = rows.index(mine), rows.index(neighbour)
        rows[a], rows[b] = rows[b], rows[a]
        _number(rows)
        note(mine, "moved", by)
        Edition.bump()
    return True


def _number(rows: list[Question]) -> None:
    for number, one in enumerate(rows, 1):
        if one.sort_order != number:
            Question.objects.filter(pk=one.pk).update(sort_order=number)


def hanging_on(question: Question) -> list[Question]:
    """Those that are asked only after an answer to this one."""
    return list(question.dependents.filter(retired_at=None).order_by("sort_order", "pk"))


def retire(question: Question, by: Any) -> bool:
    """Ask it no longer; whether it is gone because nobody had answered.

    Raises:
        Refused: others are asked only after an answer to it.
    """
    with transaction.atomic():
        SeatPool.objects.hold(question.event_id)
        if others := hanging_on(question):
            names = get_text_list([_("“%(text)s”") % {"text": shown(one.label).text} for one in others], _("and"))
            raise Refused(
                _("It stays: %(questions)s would never be asked, because that is done only after an answer to it.")
                % {"questions": names}
            )
        note(question, "retired", by)
        return question.retire()


def ask_again(question: Question, by: Any) -> None:
    """Ask a retired one again, behind the others.

    Raises:
        Refused: the event asks that already, or no longer asks that on which it hangs.
    """
    first = question.depends_on
    if first is not None and first.retired_at is not None:
        raise Refused(
            _("It is asked only after an answer to “%(first)s”, which is no longer asked: ask that again first.")
            % {"first": shown(first.label).text}
        )
    try:
        with transaction.atomic():
            SeatPool.objects.hold(question.event_id)
            question.retired_at = None
            question.sort_order = last_place(question.event) + 1
            question.save()
            note(question, "again", by)
    except IntegrityError as twice:
        raise Refused(_("This event asks that already.")) from twice


def last_place(event: Event) -> int:
    return max(Question.objects.filter(event=event).asked().values_list("sort_order", flat=True), default=0)


def add_shipped(event: Event, keys: list[str], by: Any) -> tuple[list[Question], list[str]]:
    """Those that come with the product; the ones made, and the labels of those there already."""
    with transaction.atomic():
        made, there = shipped.add(event, keys)
        for one in made:
            note(one, "added", by)
    return made, [shown(shipped.told(shipped.QUESTIONS[key].label)).text for key in there]
