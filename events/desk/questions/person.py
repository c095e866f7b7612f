"""What one person answered, on their page: with the words they answered then, and what is missing."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from events.models import Answer, Question, Registration, Wording
from events.models.questions.kinds import YES, Kind
from events.registration.questions import waiting
from pages.trilingual import Shown, shown

from .reading import on_screen
from .seen import questions_seen


@dataclass
class Line:
    """One question, answered or not."""

    label: Shown
    "As it was asked when it was answered."
    text: str = ""
    now: Shown | None = None
    "As it is asked now, if that is something else."
    file_url: str = ""
    is_long: bool = False
    is_missing: bool = False
    marks: list[str] = field(default_factory=list)


@dataclass
class Answered:
    """What the page shows."""

    lines: list[Line]
    consents: list[tuple[Shown, str]]
    missing: int


def answered(registration: Registration, user: Any) -> Answered:
    """What somebody may read of it; the queries do not grow with the questions."""
    seen = {one.pk: one for one in questions_seen(user, registration.event)}
    if not seen:
        return Answered([], [], 0)
    mine = waiting.of(registration)
    answers = {one.question_id: one for one in mine.answers if one.question_id in seen}
    asked = {one.pk for one in mine.asked}
    missing = {one.pk for one in mine.missing}
    last = Wording.objects.now(seen.values())
    shown_ = [one for one in seen.values() if one.pk in answers or (one.pk in asked and one.retired_at is None)]
    lines = [_line(one, answers.get(one.pk), last.get(one.pk), one.pk in missing) for one in shown_]
    return Answered(lines, _consents(registration, seen), len([one for one in lines if one.is_missing]))


def _line(question: Question, answer: Answer | None, last: Wording | None, is_missing: bool) -> Line:
    marks = []
    if question.retired_at is not None:
        marks.append(_("no longer asked"))
    if question.is_confidential:
        marks.append(_("for the staff alone"))
    if answer is None:
        return Line(shown(question.label), is_missing=is_missing, marks=marks)
    differs = last is not None and last.pk != answer.wording_id
    return Line(
        shown(LazyI18nString(answer.wording.said["label"])),
        _("agreed") if question.kind == Kind.CONSENT and YES in answer.keys else on_screen(answer),
        shown(question.label) if differs else None,
        reverse("registrations:file", args=[answer.upload.uid]) if answer.upload else "",
        question.kind == Kind.LONG_TEXT,
        marks=marks,
    )


def _consents(registration: Registration, seen: dict[int, Question]) -> list[tuple[Shown, str]]:
    """Every consent that was ever given, with its words and when; those taken back too."""
    rows = registration.answers.filter(question__in=list(seen), question__kind=Kind.CONSENT)
    return [
        (shown(LazyI18nString(one.wording.said["label"])), _course(one))
        for one in rows.select_related("wording").order_by("at", "pk")
    ]


def _course(consent: Answer) -> str:
    facts = {"number": consent.wording.number, "given": date_format(consent.at, "SHORT_DATETIME_FORMAT")}
    if consent.ended_at is None:
        return _("agreed on %(given)s (UTC), wording %(number)d") % facts
    facts["ended"] = date_format(consent.ended_at, "SHORT_DATETIME_FORMAT")
    return _("agreed on %(given)s, taken back on %(ended)s (UTC), wording %(number)d") % facts
