"""Waiting: the questions that somebody who has a place still has to answer, and those that they may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from events.models import Event, Question, Registration
from events.models.questions.answer import Answer, Given
from events.models.questions.kinds import Kind, Stage
from events.models.registration_states import State

from .conditions import asked, possible

HAVE_A_PLACE = (State.CONFIRMED, State.HELD)
"Of whom what is asked after registering is asked."


@dataclass(frozen=True)
class Questionnaire:
    """What an event asks of one person, and what that person has answered."""

    registration: Registration
    questions: list[Question]
    answers: list[Answer]
    "The living ones, also to questions that are no longer asked."
    given: dict[Question, Given] = field(default_factory=dict)

    @property
    def asked(self) -> list[Question]:
        """The questions that are asked of this person, as they have answered so far."""
        meant = asked(self.questions, self.registration.place, self._keys)
        return [one for one in self.questions if one.pk in meant]

    def of_mine(self, given: Mapping[Question, Given]) -> dict[Question, Given]:
        """Of answers given for another date, those that are asked for this one too."""
        said = {**self.given, **given}
        meant = asked(self.questions, self.registration.place, {one.pk: it.keys for one, it in said.items()})
        return {one: it for one, it in given.items() if one.pk in meant or not it}

    @property
    def missing(self) -> list[Question]:
        """Those among them that have to be answered, and are not."""
        if self.registration.state not in HAVE_A_PLACE:
            return []
        return [one for one in self.asked if one.required and not self.given.get(one)]

    @property
    def open(self) -> list[Question]:
        """Those of the page for who has a place that are not answered: what has to be, and what may be."""
        if self.registration.state not in HAVE_A_PLACE:
            return []
        return [one for one in self.asked if self.is_of_place(one) and not self.given.get(one)]

    @property
    def posed(self) -> list[Question]:
        """All of that page: those asked of who has a place, and what had to be answered before and never was."""
        if self.registration.state not in HAVE_A_PLACE:
            return []
        missing = {one.pk for one in self.missing}
        on_page = {one.pk for one in self.questions if one.stage == Stage.PLACE or one.pk in missing}
        return possible(self.questions, on_page, [self.registration.place], self._keys)

    @property
    def _keys(self) -> dict[int, tuple[str, ...]]:
        return {one.pk: said.keys for one, said in self.given.items()}

    @staticmethod
    def is_of_place(one: Question) -> bool:
        return one.stage == Stage.PLACE or one.required

    @property
    def consents(self) -> list[Question]:
        """Agreements that are given freely: they can be taken back to the end."""
        return [one for one in self.asked if one.kind == Kind.CONSENT and not one.required]


def of(registration: Registration) -> Questionnaire:
    """What is asked of one person and what they answered, in a fixed number of queries."""
    return of_several(registration.event, [registration])[0]


def of_several(event: Event, registrations: Iterable[Registration]) -> list[Questionnaire]:
    """The same for several registrations of one event, in as many queries as for one."""
    rows = list(registrations)
    questions = list(Question.objects.filter(event=event).asked().whole())
    answers: dict[int, list[Answer]] = {one.pk: [] for one in rows}
    for answer in Answer.objects.living().filter(registration__in=list(answers)).whole():
        answers[answer.registration_id].append(answer)
    return [
        Questionnaire(row, questions, answers[row.pk], {answer.question: answer.given for answer in answers[row.pk]})
        for row in rows
    ]
