"""Reading the answers of one event: person by person, in words, in a number of queries that people do not raise."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.calendars.days import long_date
from events.models import Answer, Chosen, Event, Question, Registration, Wording
from events.models.questions.answer import told_key
from events.models.questions.kinds import COUNTED, YES, Kind
from pages.trilingual import shown

from .seen import questions_seen

NONE = "-"
"Stands for no answer where one chooses among answers; the key of no choice."


class Reading:
    """The answers of an event that somebody may read, for lists and files. Questions and wordings are read once."""

    def __init__(self, user: Any, event: Event, only: Iterable[int] | None = None) -> None:
        found = questions_seen(user, event).prefetch_related("choices")
        self.event = event
        self.questions: list[Question] = list(found if only is None else found.filter(pk__in=list(only)))

    @cached_property
    def wordings(self) -> dict[int, Wording]:
        return {one.pk: one for one in Wording.objects.filter(question__in=[one.pk for one in self.questions])}

    @cached_property
    def _latest(self) -> dict[int, Wording]:
        """The words of each question now, by its key."""
        return {one.question_id: one for one in sorted(self.wordings.values(), key=lambda one: one.number)}

    def has_other_words(self, wording: int) -> bool:
        """Whether the question, or a choice that it still has, is put otherwise now; help does not count."""
        then, now = self.wordings[wording], self._latest[self.wordings[wording].question_id]
        texts = {one["key"]: one["text"] for one in now.said["choices"]}
        changed = any(texts.get(one["key"], one["text"]) != one["text"] for one in then.said["choices"])
        return changed or then.said["label"] != now.said["label"]

    @cached_property
    def _by_key(self) -> dict[int, Question]:
        return {one.pk: one for one in self.questions}

    def of(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        """These people with their answers; however many they are, asked for some hundreds at a time."""
        answers = Answer.objects.living().filter(question__in=[one.pk for one in self.questions])
        answers = answers.select_related("upload").prefetch_related("chosen")
        return rows.prefetch_related(Prefetch("answers", queryset=answers, to_attr="read"))

    def answers(self, row: Registration) -> dict[int, Answer]:
        """By the question's key."""
        found = {}
        for answer in getattr(row, "read", ()):
            answer.question = self._by_key[answer.question_id]
            answer.wording = self.wordings[answer.wording_id]
            found[answer.question_id] = answer
        return found

    def texts(self, row: Registration) -> list[str]:
        """For a file: a cell a question, in the order of ``questions``."""
        answers = self.answers(row)
        return [in_file(answers.get(one.pk)) for one in self.questions]

    # -- what one chooses among

    @property
    def counted(self) -> list[Question]:
        return [one for one in self.questions if one.kind in COUNTED]

    @cached_property
    def keys(self) -> dict[int, list[str]]:
        """What was answered to each question that is counted, as keys, by the question; one query for all."""
        found: dict[int, list[str]] = {one.pk: [] for one in self.counted}
        rows = Chosen.objects.filter(answer__question__in=list(found), answer__ended_at=None).order_by()
        for question, key in rows.values_list("answer__question", "key").distinct():
            found[question].append(key)
        return found

    def choices(self, question: Question) -> list[tuple[str, str]]:
        """What can be or was answered, in words, and at the end no answer."""
        offered = [one.key for one in sorted(question.choices.all(), key=lambda one: (one.sort_order, one.pk))]
        offered += [YES] if question.kind == Kind.CONSENT else []
        others = {key: self.name(question, key) for key in self.keys.get(question.pk, ()) if key not in offered}
        listed = [(key, self.name(question, key)) for key in offered]
        return [*listed, *sorted(others.items(), key=lambda one: one[1]), (NONE, _("no answer"))]

    def name(self, question: Question, key: str) -> str:
        """An answer by its key, in the latest words that it had."""
        language = get_language() or "fr"
        if question.kind == Kind.CONSENT and key == YES:
            return _("agreed")
        mine = [one for one in self.wordings.values() if one.question_id == question.pk and one.choice(key)]
        last = max(mine, key=lambda one: one.number, default=None)
        return told_key(question.kind, last, key, language)


def label(question: Question) -> str:
    """Its latest words, in the reader's language."""
    return shown(question.label).text


def on_screen(answer: Answer | None) -> str:
    """An answer in the reader's language, a day written out."""
    if answer is None:
        return ""
    if answer.date is not None:
        return long_date(answer.date, get_language() or "fr")
    return answer.told()


def in_file(answer: Answer | None) -> str:
    """The same for a spreadsheet: a day as ISO 8601, a consent with the number of the words agreed to."""
    if answer is None:
        return ""
    if answer.question.kind == Kind.CONSENT:
        return _("yes (wording %(number)d)") % {"number": answer.wording.number} if YES in answer.keys else ""
    return answer.told()
