"""Copying: questions taken over from another event, with what hangs together among them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from ..seats import SeatPool
from .question import Question, texts

if TYPE_CHECKING:
    from ..event import Event


def copy_to(event: "Event", questions: Iterable[Question]) -> tuple[list[Question], list[Question]]:
    """Give an event these questions of another one, behind those it has; those made, and those it had already.

    A condition comes along if the question it hangs on does, or is there already; a ticket if
    the event has one of the same code. A question that loses its condition or all its tickets is
    not asked of everybody for that: it comes retired, for an editor to decide. What is asked
    already, by the same built-in or the same words, stays as it is.
    """
    made: list[Question] = []
    there: list[Question] = []
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        tickets = {one.code: one for one in event.tickets.all()}
        has = {_sign(one): one for one in Question.objects.filter(event=event).asked()}
        order = max((one.sort_order for one in has.values()), default=0)
        found: dict[int, Question] = {}
        sources = sorted(questions, key=lambda one: (one.sort_order, one.pk))
        for question in sources:
            known = has.get(_sign(question))
            if known is not None:
                found[question.pk] = known
                there.append(question)
                continue
            wanted = [one.code for one in question.tickets.all()]
            copied = question.copied_to(event, [tickets[code] for code in wanted if code in tickets])
            order += 1
            Question.objects.filter(pk=copied.pk).update(sort_order=order)
            found[question.pk] = copied
            made.append(copied)
            if wanted and not set(wanted) & set(tickets):
                copied.retire_for_now()
        for question in sources:
            first = found.get(question.depends_on_id or 0)
            if question in there or question.depends_on_id is None:
                continue
            copied = found[question.pk]
            if first is None:
                copied.retire_for_now()
                continue
            Question.objects.filter(pk=copied.pk).update(depends_on=first, depends_values=list(question.depends_values))
        for copied in made:
            copied.refresh_from_db()
    return made, there


def _sign(question: Question) -> tuple[str, ...]:
    """By what two events ask the same."""
    if question.subject:
        return (question.subject,)
    return ("", question.kind, *sorted(f"{code}:{text}" for code, text in texts(question.label).items()))
