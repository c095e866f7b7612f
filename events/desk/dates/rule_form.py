"""The rule of a series in a form: controls that work without a script, and the dates they give."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from recurrence import Recurrence

from events.calendars.wording import rule_words
from events.calendars.zone_names import locale

from .. import beside
from . import coming
from .rule import kept, written
from .rule_choices import (
    AFTER,
    FREQUENCIES,
    LAST,
    MONTHDAYS,
    NEVER,
    ON_DAY,
    ON_WEEKDAY,
    ORDINALS,
    UNTIL,
    WEEKDAYS,
    Choices,
    control_of,
)

EMPTY_ROWS = 3
"So many more dates can be skipped at a time where no script adds rows."
SOME_DAY = dt.datetime(2001, 1, 1)
"Stands for the first date while none is typed: the first Monday of a month."
FREQUENCY_NAMES = [
    ("", _("Does not repeat")),
    *zip(FREQUENCIES, (_("Every day"), _("Every week"), _("Every month"), _("Every year")), strict=True),
]
ORDINAL_NAMES = {
    1: pgettext_lazy("weekday of the month", "first"),
    2: pgettext_lazy("weekday of the month", "second"),
    3: pgettext_lazy("weekday of the month", "third"),
    4: pgettext_lazy("weekday of the month", "fourth"),
    5: pgettext_lazy("weekday of the month", "fifth"),
    LAST: pgettext_lazy("weekday of the month", "last"),
}


class RuleInput(forms.Widget):
    """Controls for a rule. What was refused, what else is typed and the form's prefix are told by the bound field."""

    problems: dict[str, list[str]]
    typed: dict[str, Any]
    prefix: str

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.problems, self.typed, self.prefix = {}, {}, ""

    class Media:
        js = ["desk/hours.js", "desk/rule.js"]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Choices:
        return Choices.sent(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_frequency" not in data and f"{name}_kept" not in data

    def id_for_label(self, id_: str) -> str:
        """None: the label names the group."""
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = value if isinstance(value, Choices) else Choices.of(value)
        start = beside.clock(self.typed.get("start_local"))
        attrs = attrs or {}
        return render_to_string(
            "desk/rule_input.html",
            {
                "name": name,
                "prefix": self.prefix,
                "field": name.removeprefix(self.prefix),
                "id": attrs.get("id", f"id_{name}"),
                "described_by": attrs.get("aria-describedby", ""),
                "chosen": choices,
                "problems": self.problems,
                "kept_words": _kept_words(choices, start, bool(self.typed.get("all_day"))),
                **_options(choices, start),
                "coming": coming.told({**self.typed, "choices": choices}),
            },
        )


class RuleBoundField(forms.BoundField):
    """Tells its widget what was refused, and the hours typed in the same form."""

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        widget = widget or self.field.widget
        widget.problems = problems(self.form.errors.as_data().get(self.name, []))
        widget.prefix = self.form.add_prefix("")
        widget.typed = {name: self.form[name].value() for name in beside.FIELDS if name in self.form.fields}
        return super().as_widget(widget, attrs, only_initial)


class RuleField(forms.Field):
    """A recurrence, chosen by controls."""

    widget = RuleInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        super().__init__(**kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> RuleBoundField:
        return RuleBoundField(form, self, field_name)

    def to_python(self, value: Any) -> Recurrence | None:
        return value.recurrence() if isinstance(value, Choices) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = written(initial) if isinstance(initial, Recurrence) else ("", "")
        try:
            after = written(self.to_python(data))
        except ValidationError:
            return True
        return before != after


def problems(errors: list[ValidationError]) -> dict[str, list[str]]:
    """What is wrong, by the control at which it is told."""
    found: dict[str, list[str]] = {}
    for error in errors:
        for one in error.error_list if hasattr(error, "error_list") else [error]:
            found.setdefault(control_of(one.code), []).extend(one.messages)
    return found


def _kept_words(choices: Choices, start: dt.datetime | None, all_day: bool) -> str:
    if not choices.kept:
        return ""
    try:
        return rule_words(kept(choices.kept), start or SOME_DAY, all_day or start is None, _language())
    except ValidationError:
        return ""


def _options(choices: Choices, start: dt.datetime | None) -> dict[str, Any]:
    """What can be chosen; where nothing is yet, what the first date suggests."""
    day = start or SOME_DAY
    ordinal = choices.ordinal or str(LAST if day.day > 28 else (day.day - 1) // 7 + 1)
    names = get_day_names("wide", "stand-alone", locale(_language()))
    weekdays = [(code, names[number]) for number, code in enumerate(WEEKDAYS)]
    rows = [*choices.skipped, *[""] * EMPTY_ROWS]
    return {
        "frequencies": FREQUENCY_NAMES,
        "weekdays": weekdays,
        "monthdays": [str(number) for number in MONTHDAYS if number != LAST],
        "ordinals": [(str(number), ORDINAL_NAMES[number]) for number in ORDINALS],
        "ordinal": ordinal,
        "weekday": choices.weekday or WEEKDAYS[day.weekday()],
        "rows": rows,
        "LAST": str(LAST),
        "ON_DAY": ON_DAY,
        "ON_WEEKDAY": ON_WEEKDAY,
        "NEVER": NEVER,
        "AFTER": AFTER,
        "UNTIL": UNTIL,
    }


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
