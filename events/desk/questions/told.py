"""Questions in words: of whom one is asked, when, on what condition, and how long its answers are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst, get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events.models import Event, Question
from events.models.questions.answer import told_key
from events.models.questions.kinds import Kind, Stage
from events.models.questions.question import MEGABYTES
from pages.trilingual import Shown, shown

from .where import question_url

NAMED = 6
"Answers of a condition that are named; the others are counted."


@dataclass
class Told:
    """One question, as a list of them shows it."""

    question: Question
    label: Shown
    help: Shown
    facts: list[str]
    answered: int
    "People whose answer holds."
    is_kept: bool
    "Whether somebody has ever answered: then it is retired, not deleted."
    choices: list[Shown]
    url: str


def told(event: Event) -> list[Told]:
    """All questions of an event in their order, those no longer asked included; a fixed number of queries."""
    living = Count("answers", filter=Q(answers__ended_at=None))
    found = Question.objects.filter(event=event).whole().annotate(answered=living, ever=Count("answers"))
    rows: list[Any] = sorted(found, key=lambda one: (one.stage != Stage.REGISTRATION, one.sort_order, one.pk))
    by_key = {one.pk: one for one in rows}
    return [
        Told(
            one,
            shown(one.label),
            shown(one.help_text),
            facts(one, by_key.get(one.depends_on_id)),
            one.answered,
            bool(one.ever),
            [shown(choice.text) for choice in ordered(one)],
            question_url(one),
        )
        for one in rows
    ]


def ordered(question: Question) -> list[Any]:
    """Its choices in their order, from what was prefetched."""
    return sorted(question.choices.all(), key=lambda one: (one.sort_order, one.pk or 0))


def facts(question: Question, first: Question | None) -> list[str]:
    """What there is to know of it beside its words."""
    found = [capfirst(question.get_kind_display())]
    if question.kind == Kind.FILE:
        found.append(_files(question))
    if question.required:
        found.append(_("has to be answered"))
    if first is not None:
        found.append(condition(question, first))
    found += _of_whom(question)
    if question.keep_days is not None:
        found.append(kept(question.keep_days))
    if question.is_confidential:
        found.append(_("for the staff alone"))
    return found


def _files(question: Question) -> str:
    kinds = ", ".join(one.upper() for one in question.types)
    most = question.file_megabytes or MEGABYTES
    return _("%(kinds)s, at most %(size)d MB") % {"kinds": kinds, "size": most}


def _of_whom(question: Question) -> list[str]:
    names = [_quoted(shown(one.name).text) for one in question.tickets.all()]
    found = []
    if names:
        found.append(_("only with %(tickets)s") % {"tickets": get_text_list(names, _("or"))})
    if question.attendance:
        found.append(_("only of who takes part: %(way)s") % {"way": question.get_attendance_display()})
    return found


def kept(days: int) -> str:
    """How long, after the end of the meeting."""
    said = ngettext("deleted %(count)d day after the meeting", "deleted %(count)d days after the meeting", days)
    return str(said % {"count": days})


def condition(question: Question, first: Question) -> str:
    """After which answers it is asked, in the reader's language."""
    label = shown(first.label).text
    keys = list(question.depends_values)
    if not keys:
        return _("only after any answer to “%(question)s”") % {"question": label}
    if first.kind == Kind.CONSENT:
        return _("only of who agreed to “%(question)s”") % {"question": label}
    names = answers_named(first, keys[:NAMED])
    if left := len(keys) - len(names):
        names.append(ngettext("%(count)d other", "%(count)d others", left) % {"count": left})
    return _("only after the answer %(answers)s to “%(question)s”") % {
        "answers": get_text_list(names, _("or")),
        "question": label,
    }


def answers_named(question: Question, keys: Iterable[str]) -> list[str]:
    """Answers by their keys, as the question names them now."""
    language = get_language() or "fr"
    choices = {one.key: shown(one.text).text for one in question.choices.all()}
    return [_quoted(choices.get(key) or told_key(question.kind, None, key, language)) for key in keys]


def _quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}
