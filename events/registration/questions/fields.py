"""Fields: how each kind of question is asked and read in a form."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event, Question
from events.models.questions.answer import Given
from events.models.questions.kinds import YES, Kind
from pages.trilingual import Shown, shown
from pages.typography import typeset
from regions import countries

from ..long_select import Choices, Listed, LongSelect
from ..one_line import ManyLinesField, OneLineField
from . import languages
from .content import kind_of

ONE_LINE, MANY_LINES = 300, 4000
"Characters of an answer."
RADIOS = 7
"Up to so many choices all stand on the page; more are a list that unfolds."
LANGUAGES = 40
"More than anybody speaks."
EARLIEST = dt.date(1900, 1, 1)
YEARS_AHEAD = 10
AUTOCOMPLETE = {"position": "organization-title"}

REQUIRED = _("An answer is needed.")
AGREEMENT = _("This agreement is needed to take part.")


class ChoicesField(forms.MultipleChoiceField):
    """Any of the choices, each once, in their own order, however often they are sent."""

    most = 1000

    def to_python(self, value: Any) -> list[str]:
        sent = set(super().to_python(value))
        known = [str(key) for key, _label in self.choices if key in sent]  # type: ignore[misc, union-attr]
        if len(known) < len(sent):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if len(known) > self.most:
            raise ValidationError(_("That is more than can be chosen."), code="most")
        return known


class LongSelectMultiple(LongSelect):
    """The same list where several are chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)


class LanguagesField(ChoicesField):
    most = LANGUAGES


class DayField(forms.DateField):
    """A day, as the browser sends it or as ISO 8601 writes it, within bounds that somebody may mean."""

    def __init__(self, **kwargs: Any) -> None:
        self.latest = dt.date(timezone.now().year + YEARS_AHEAD, 12, 31)
        bounds = {"type": "date", "min": EARLIEST.isoformat(), "max": self.latest.isoformat()}
        kwargs["error_messages"] = {
            "invalid": _("This is not a date: write it like 2031-05-12, the year first."),
            **kwargs.get("error_messages", {}),
        }
        widget = forms.DateInput(format="%Y-%m-%d", attrs=bounds)
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not EARLIEST <= value <= self.latest:
            raise ValidationError(_("This date can’t be right: look at the year again."), code="bounds")


class Agreement(forms.CheckboxInput):
    """A box of which only the key of a consent counts as a tick."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        return data.get(name) == YES


@dataclass
class Sent:
    """What a form says of a file: a new one with its kind, one that it holds already, or that this be taken away."""

    new: UploadedFile | None = None
    ending: str = ""
    held: str = ""
    away: bool = False


class FileAnswer(forms.FileInput):
    """A file, and beside it the mark of the one that the form holds already."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        return Sent(files.get(name), held=str(data.get(f"{name}-held", ""))[:400], away=bool(data.get(f"{name}-away")))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-held" not in data


class FileAnswerField(forms.Field):
    """A file of the kinds that the question takes, by their content; the form finds what it holds already."""

    widget = FileAnswer

    def __init__(self, question: Question, **kwargs: Any) -> None:
        self.question = question
        super().__init__(**kwargs)

    def clean(self, value: Sent | None) -> Sent:
        value = value or Sent()
        new = value.new
        if new is None or not new.name:
            return Sent(held=value.held, away=value.away)
        size, most = int(new.size or 0), self.question.file_megabytes
        if size > most << 20:
            sentence = _("This file is too large: %(most)s MB at most. Choose a smaller one.")
            raise ValidationError(sentence, code="size", params={"most": most})
        if not size:
            raise ValidationError(_("This file is empty: choose it again."), code="empty")
        ending = kind_of(new.file, size)  # type: ignore[arg-type]
        if ending not in self.question.types:
            raise ValidationError(
                _("This file is not of a kind that can be taken (%(kinds)s), or it is damaged. Choose another one."),
                code="kind",
                params={"kinds": kinds_told(self.question)},
            )
        return Sent(new, ending, value.held, value.away)


def kinds_told(question: Question) -> str:
    """The kinds of files that may be sent, for people."""
    return ", ".join({"pdf": "PDF", "jpg": "JPEG", "png": "PNG"}[one] for one in question.types)


def told(value: Any) -> Shown:
    """What an editor wrote, in the reader's language or in the one it is told in, with the spaces that this wants."""
    said = shown(value)
    return Shown(typeset(said.text, said.lang), said.lang)


def choices_of(question: Question) -> list[tuple[str, Shown]]:
    """The choices in the reader's language, or in the one they are told in."""
    return [(one.key, told(one.text)) for one in question.choices.all()]


def field_for(question: Question, event: Event) -> forms.Field:
    """The field that asks it; whether an answer is needed is judged by the form, which knows what is asked."""
    about: dict[str, Any] = {"label": told(question.label).text, "help_text": told(question.help_text).text}
    about["required"] = False
    kind = question.kind
    if kind == Kind.LONG_TEXT:
        return ManyLinesField(max_length=MANY_LINES, widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}), **about)
    if kind == Kind.DATE:
        return DayField(**about)
    if kind == Kind.CONSENT:
        return forms.BooleanField(widget=Agreement(attrs={"value": YES}), **about)
    if kind == Kind.FILE:
        accept = ",".join(".jpg,.jpeg" if one == "jpg" else f".{one}" for one in question.types)
        return FileAnswerField(question, widget=FileAnswer(attrs={"accept": accept}), **about)
    if kind in (Kind.CHOICE, Kind.SEVERAL, Kind.COUNTRY, Kind.LANGUAGES):
        gone = _("What was chosen is not offered any more: choose again.")
        about["error_messages"] = {"invalid_choice": gone}
    if kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[("", gettext("Choose")), *_labels(question)], **about)
    if kind == Kind.SEVERAL:
        return ChoicesField(choices=_labels(question), **about)
    if kind == Kind.COUNTRY:
        return forms.ChoiceField(choices=Listed(_countries), widget=LongSelect(), **about)
    if kind == Kind.LANGUAGES:
        return LanguagesField(choices=languages.named(get_language() or "fr"), **about)
    known = {"autocomplete": AUTOCOMPLETE[question.subject]} if question.subject in AUTOCOMPLETE else {}
    return OneLineField(max_length=ONE_LINE, widget=forms.TextInput(attrs={"dir": "auto"} | known), **about)


def _labels(question: Question) -> list[tuple[str, str]]:
    return [(key, label.text) for key, label in choices_of(question)]


def _countries() -> Choices:
    return (("", gettext("Choose")), *countries.choices())


def given_by(question: Question, value: Any) -> Given:
    """What a cleaned value answers; a file is the form's to find."""
    kind = question.kind
    if kind == Kind.CONSENT:
        return Given(keys=(YES,)) if value else Given()
    if kind in (Kind.CHOICE, Kind.COUNTRY):
        return Given(keys=(value,)) if value else Given()
    if kind in (Kind.SEVERAL, Kind.LANGUAGES):
        return Given(keys=tuple(value or ()))
    if kind == Kind.DATE:
        return Given(value.isoformat()) if value else Given()
    return Given(value or "")


def initial_for(given: Mapping[Question, Given]) -> dict[str, Any]:
    """What stands in the fields for answers given before."""
    return {name_of(question): _initial(question.kind, said) for question, said in given.items()}


def _initial(kind: str, said: Given) -> Any:
    if kind == Kind.CONSENT:
        return YES in said.keys
    if kind in (Kind.CHOICE, Kind.COUNTRY):
        return next(iter(said.keys), "")
    if kind in (Kind.SEVERAL, Kind.LANGUAGES):
        return list(said.keys)
    return None if kind == Kind.FILE else said.text


def name_of(question: Question) -> str:
    """What its field is called."""
    return f"q{question.pk}"


def ticked(value: Any) -> Sequence[str]:
    """What stands in a field of choices, as keys."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]
