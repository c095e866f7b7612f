"""Answers: what one person said to one question, with the words it was asked in."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from regions import countries

from .kinds import COUNTED, YES, Kind
from .question import Question
from .upload import Upload
from .wording import Wording

if TYPE_CHECKING:
    from ..registration import Registration


@dataclass(frozen=True)
class Given:
    """What somebody answers: a text (ISO 8601 of a date, the code of a country), keys, or a file; all empty is none."""

    text: str = ""
    keys: tuple[str, ...] = field(default=())
    upload: Upload | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.keys or self.upload)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def living(self) -> "AnswerQuerySet":
        """Those that hold: neither corrected nor taken back since."""
        return self.filter(ended_at=None)

    def whole(self) -> "AnswerQuerySet":
        """With all that is needed to read them."""
        related = self.select_related("question", "wording", "upload").prefetch_related("chosen")
        return related.order_by("question__sort_order", "question_id")


class Answer(models.Model):
    """One answer. What is corrected is overwritten; a consent that is given or taken back stays, to be shown."""

    registration = models.ForeignKey("events.Registration", on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"), blank=True, default="")
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField(_("answered"), default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "question"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], condition=Q(ended_at=None), name="one_living_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.question_id}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys chosen, in the order of the choices; prefetch ``chosen``."""
        return tuple(one.key for one in sorted(self.chosen.all(), key=lambda one: one.pk))

    @property
    def given(self) -> Given:
        return Given(self.text, self.keys, self.upload)

    def told(self, language: str | None = None) -> str:
        """The answer in words, in a language (the active one by default); a file by its name."""
        language = language or get_language() or "fr"
        kind = self.question.kind
        if kind == Kind.FILE:
            return self.upload.name if self.upload else ""
        if kind == Kind.DATE:
            return self.text
        if kind in COUNTED:
            return ", ".join(told_key(kind, self.wording, key, language) for key in self.keys)
        return self.text

    @property
    def date(self) -> dt.date | None:
        """The day that was answered."""
        return dt.date.fromisoformat(self.text) if self.question.kind == Kind.DATE and self.text else None


class Chosen(models.Model):
    """One key of an answer: of a choice, a country, a language, or a consent. Lists and figures count these."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="chosen")
    key = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "key"], name="chosen_once")]
        indexes = [models.Index(fields=["key", "answer"])]

    def __str__(self) -> str:
        return self.key


def told_key(kind: str, wording: Wording | None, key: str, language: str) -> str:
    """A key in words; itself where no word is known."""
    if kind == Kind.CONSENT:
        with override(language):
            return gettext("yes") if key == YES else gettext("no")
    if kind == Kind.COUNTRY:
        return countries.name(key, language)
    if kind == Kind.LANGUAGES:
        return language_name(key, language)
    said = wording.choice(key) if wording else {}
    return said.get(language) or said.get("fr") or next(iter(said.values()), key)


def language_name(code: str, language: str) -> str:
    """The name of a language; its code where it is unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language).languages.get(code, code))
    except UnknownLocaleError:
        return code


def keep(registration: "Registration", given: Mapping[Question, Given]) -> list[Question]:
    """Let these be the answers to these questions; those whose answer changed. Others stay as they are.

    An empty one takes the answer back. The caller holds the registration's row. Files that no
    answer has any more are deleted by the worker.
    """
    living = {one.question_id: one for one in registration.answers.living().whole()}
    wordings = Wording.objects.now(given)
    changed = []
    for question, said in given.items():
        if question.pk not in wordings:
            continue  # deleted since it was asked: nobody had answered it
        known = living.get(question.pk)
        if (known.given if known else Given()) == said:
            continue
        changed.append(question)
        _end(known, question)
        if said:
            made = Answer.objects.create(
                registration=registration,
                question=question,
                wording=wordings[question.pk],
                text=said.text,
                upload=said.upload,
            )
            Chosen.objects.bulk_create(Chosen(answer=made, key=key) for key in said.keys)
    return changed


def keep_first(registrations: "Sequence[Registration]", given: Mapping[Question, Given]) -> None:
    """Let these be the first answers of registrations just made, in a fixed number of queries.

    The caller holds the event's pools: a question that was deleted since it was asked is left out.
    """
    given = {question: said for question, said in given.items() if said}
    if not given or not registrations:
        return
    wordings = Wording.objects.now(given)
    rows = [
        (registration, question, said)
        for registration in registrations
        for question, said in given.items()
        if question.pk in wordings
    ]
    made = Answer.objects.bulk_create(
        Answer(
            registration=registration,
            question=question,
            wording=wordings[question.pk],
            text=said.text,
            upload=said.upload,
        )
        for registration, question, said in rows
    )
    Chosen.objects.bulk_create(
        Chosen(answer=answer, key=key)
        for answer, (_registration, _question, said) in zip(made, rows, strict=True)
        for key in said.keys
    )


def _end(known: Answer | None, question: Question) -> None:
    if known is None:
        return
    if question.kind == Kind.CONSENT:
        known.ended_at = timezone.now()
        known.save(update_fields=["ended_at"])
    else:
        known.delete()


def answers_of(registrations: "Iterable[Registration]") -> dict[int, list[Answer]]:
    """The living answers of several people, by the registration's key, in a fixed number of queries."""
    found: dict[int, list[Answer]] = {one.pk: [] for one in registrations}
    for answer in Answer.objects.living().filter(registration__in=list(found)).whole():
        found[answer.registration_id].append(answer)
    return found


def by_subject(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Those to the questions that the product knows, by subject."""
    return {one.question.subject: one for one in answers if one.question.subject}
