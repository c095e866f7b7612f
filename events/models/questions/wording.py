"""Wordings: the words of a question as they were when somebody answered."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from .question import Question, texts

if TYPE_CHECKING:
    from collections.abc import Iterable


class WordingQuerySet(models.QuerySet["Wording"]):
    def keep(self, question: Question) -> "Wording":
        """The wording of now: the last one, if it says the same, else a new one. The caller holds the event's pools."""
        last = self.filter(question=question).order_by("-number").first()
        said = said_by(question)
        if last is not None and last.said == said:
            return last
        return self.create(question=question, number=last.number + 1 if last else 1, said=said)

    def now(self, questions: "Iterable[Question]") -> dict[int, "Wording"]:
        """The last wording of each question, by the question's key, in one query."""
        found = self.filter(question__in=[one.pk for one in questions]).order_by("number")
        return {one.question_id: one for one in found}


class Wording(models.Model):
    """Label, help and choices of a question in all languages, numbered; a row never changes."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    said = models.JSONField(help_text="label, help: language → text; choices: [{key, text}].")
    at = models.DateTimeField(default=timezone.now)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="wording_number_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"

    def choice(self, key: str) -> dict[str, str]:
        """The text of a choice in each language; empty if this wording has none of that key."""
        return next((one["text"] for one in self.said["choices"] if one["key"] == key), {})


def said_by(question: Question) -> dict[str, Any]:
    """The words of a question as they are now."""
    return {
        "label": texts(question.label),
        "help": texts(question.help_text),
        "choices": [{"key": one.key, "text": texts(one.text)} for one in question.choices.order_by("sort_order", "pk")],
    }
