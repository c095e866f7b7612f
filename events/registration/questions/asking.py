"""Asking: what a form does that asks the questions of an event beside its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import Event, Place, Question
from events.models.questions.answer import Given
from events.models.questions.kinds import Kind
from events.models.questions.upload import Upload

from . import staged
from .conditions import asked, possible
from .fields import AGREEMENT, REQUIRED, Sent, field_for, given_by, initial_for, name_of, told
from .posed import Posed


class Asking(forms.Form):
    """A form with questions. The server judges what is asked: what is not is neither required nor kept."""

    asking_country = ""
    asking_owner = ""
    "Whose files the marks of this form stand for."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_questions: list[Question] = []
        "All that count for conditions; those that the form poses are among them."
        self.questions: list[Question] = []
        "Those that it poses, in their order."
        self.asking_places: list[Place] = []
        "What there is to choose from; one place where none is chosen."
        self.stood: Place | None = None
        self.before: dict[Question, Given] = {}
        "What was answered before this form."
        self.held: dict[int, Upload] = {}
        "The files that it holds, by the question's key."
        self.given: dict[Question, Given] = {}
        "What was answered, once the form is whole; empty for what is not asked."
        self.meant: set[int] = set()
        "Keys of what is asked of whoever answers so."

    def ask(
        self,
        questions: Iterable[Question],
        event: Event,
        places: list[Place],
        owner: str,
        among: Iterable[Question] = (),
        before: Mapping[Question, Given] | None = None,
        stood: Place | None = None,
    ) -> None:
        """Pose these questions: those that some place leads to, and what was answered ``before`` in the place held.

        ``among`` are the others of the event, on whose answers, given before, some of these may hang.
        """
        questions = list(questions)
        self.before = dict(before or {})
        self.all_questions = [*{one.pk: one for one in (*questions, *among)}.values()]
        self.asking_places, self.asking_country, self.asking_owner = places, event.country, owner
        self.held = {one.pk: said.upload for one, said in self.before.items() if said.upload}
        self.stood = stood
        on_page = {one.pk for one in questions}
        may = {one.pk for one in possible(self.all_questions, on_page, places, self._keys_before)}
        self.questions = [one for one in questions if one.pk in may]
        self.initial = {**initial_for(self.before), **self.initial}
        for one in self.questions:
            self.fields[name_of(one)] = field_for(one, event)
            self.fields[name_of(one)].asks = told(one.label)  # type: ignore[attr-defined]
        for posed in self.posed:
            field = self.fields[name_of(posed.question)]
            field.required = posed.asks_always and posed.kind != Kind.FILE
            field.error_messages["required"] = AGREEMENT if posed.kind == Kind.CONSENT else REQUIRED

    @property
    def _keys_before(self) -> dict[int, tuple[str, ...]]:
        return {one.pk: said.keys for one, said in self.before.items()}

    @property
    def posed(self) -> list[Posed]:
        """The questions as the page shows them."""
        here = {one.pk: one for one in self.questions}
        return [Posed(self, one, here.get(one.depends_on_id or 0)) for one in self.questions]

    # -- what was answered

    def settle(self, place: Place | None) -> None:
        """Judge, once all else is read, what is asked of whom takes this place, and keep only answers to that."""
        self._find_files()
        said = {one: self._said(one) for one in self.questions}
        keys = self._keys_before | {one.pk: answer.keys for one, answer in said.items()}
        meant = asked(self.all_questions, place, keys)
        self.given, self.meant = {}, meant
        for one, answer in said.items():
            name = name_of(one)
            if one.pk not in meant:
                self.errors.pop(name, None)
                self.given[one] = Given()
                continue
            self.given[one] = answer
            unclear = place is None and (one.attendance or one.tickets.all())
            if one.required and not answer and not self._has_file(one) and name not in self.errors and not unclear:
                self.add_error(
                    name, ValidationError(AGREEMENT if one.kind == Kind.CONSENT else REQUIRED, code="required")
                )
        if self.before:  # what an answer, or a place, led to that holds no more
            gone = asked(self.all_questions, self.stood, self._keys_before) - meant
            self.given |= {one: Given() for one in self.before if one not in said and one.pk in gone}

    def _said(self, question: Question) -> Given:
        value = self.cleaned_data.get(name_of(question))
        if question.kind == Kind.FILE:
            return Given(upload=self.held.get(question.pk))
        return given_by(question, value)

    def _files(self) -> dict[Question, Sent]:
        """What was said of each file; one that can't be taken leaves what the form held."""
        fields = {one: self.fields[name_of(one)] for one in self.questions if one.kind == Kind.FILE}
        said = {}
        for one, field in fields.items():
            name = self.add_prefix(name_of(one))
            sent = field.widget.value_from_datadict(self.data, self.files, name)
            said[one] = self.cleaned_data.get(name_of(one)) or Sent(held=sent.held, away=sent.away)
        return said

    def _find_files(self) -> None:
        """The files whose marks came with the form; what is sent anew or taken away is held no more."""
        said = self._files()
        if not said:
            return
        tokens = {one: sent.held for one, sent in said.items() if sent.held and not sent.away}
        found = staged.named(tokens, self.asking_owner)
        for one, sent in said.items():
            if sent.new is not None or sent.away or not sent.held:
                self.held.pop(one.pk, None)
            elif one.pk in found:
                self.held[one.pk] = found[one.pk]
            else:
                self.held.pop(one.pk, None)
                sentence = _("This file is not here any more: choose it again.")
                self.add_error(name_of(one), ValidationError(sentence, code="gone"))

    def _has_file(self, question: Question) -> bool:
        sent = self.cleaned_data.get(name_of(question))
        return isinstance(sent, Sent) and sent.new is not None

    @property
    def new_files(self) -> list[tuple[Question, Sent]]:
        """The files that came with this form, are what they should be, and answer what is asked."""
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return []
        sent = ((one, self.cleaned_data.get(name_of(one))) for one in self.questions if one.pk in self.meant)
        return [
            (one, it) for one, it in sent if isinstance(it, Sent) and it.new is not None and one.pk not in self.held
        ]

    def stage(self) -> None:
        """Store what came, so that the form holds it whatever else is wrong; to be counted before."""
        for one, sent in self.new_files:
            assert sent.new is not None
            upload = staged.keep(one, sent.new.file, str(sent.new.name), sent.ending, int(sent.new.size or 0))  # type: ignore[arg-type]
            self.held[one.pk] = upload
            self.given[one] = Given(upload=upload)
