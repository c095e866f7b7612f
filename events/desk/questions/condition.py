"""On what an answer hangs: the answers to earlier questions as ticks, which need no script."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template import loader
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from events.models import Question
from events.models.questions.kinds import YES, Kind
from events.registration.questions import languages
from pages.trilingual import shown
from regions import countries

from .told import ordered

Picked = tuple[Question | None, list[str]]
"The question, and the keys of its answers of which one is enough; none: any."


class ConditionInput(forms.CheckboxSelectMultiple):
    """The answers question by question; those of a question of which some are ticked are open."""

    template_name = "desk/questions/condition.html"
    use_fieldset = True

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> str:
        return mark_safe(loader.render_to_string(template_name, context))  # noqa: S308  (of our own template)


class ConditionField(forms.MultipleChoiceField):
    """Answers to one question, each as the question's number and the answer's key."""

    widget = ConditionInput
    default_error_messages = {"invalid_choice": gettext_lazy("Choose another question.")}

    def offer(self, questions: Iterable[Question], question: Question) -> None:
        """The answers that can be ticked, and those that are."""
        self.questions = {one.pk: one for one in questions}
        self.choices = [(shown(one.label).text, answers(one)) for one in self.questions.values()]
        first = self.questions.get(question.depends_on_id or 0)
        if first is not None:
            keys = list(question.depends_values) or [YES if first.kind == Kind.CONSENT else ""]
            self.initial = [f"{first.pk}:{key}" for key in keys]

    def clean(self, value: Any) -> Any:
        """Raises ValidationError where answers to several questions are ticked."""
        ticked = [one.partition(":") for one in super().clean(value)]
        numbers = {int(number) for number, _sign, _key in ticked}
        if not numbers:
            return None, []
        if len(numbers) > 1:
            raise ValidationError(_("Tick answers to one question alone."), code="several")
        keys = [key for _number, _sign, key in ticked]
        return self.questions[numbers.pop()], [] if "" in keys else keys


def answers(question: Question) -> list[tuple[str, str]]:
    """What can be answered, in the reader's language, "any answer" first."""
    language = get_language() or "fr"
    if question.kind == Kind.CONSENT:
        return [(f"{question.pk}:{YES}", _("agreed"))]
    if question.kind == Kind.COUNTRY:
        found = list(countries.choices())
    elif question.kind == Kind.LANGUAGES:
        found = list(languages.named(language))
    else:
        found = [(one.key, shown(one.text).text) for one in ordered(question)]
    return [(f"{question.pk}:", _("any answer")), *((f"{question.pk}:{key}", name) for key, name in found)]
