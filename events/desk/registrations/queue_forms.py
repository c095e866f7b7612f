"""The forms of the queue of requests: what it is narrowed to, and what is decided about those ticked."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Attendance, Event, Registration, Ticket
from events.models.registration_books import Words
from pages.folding import fold
from pages.trilingual import shown

from .decisions import DECISIONS, LONGEST

TOLD = ("approve", "queue", "decline")
"What can be decided about several at once."


class FilterForm(forms.Form):
    """What the queue is narrowed to; only what occurs in it is offered."""

    q = forms.CharField(label=gettext_lazy("Name, address or organisation"), required=False, max_length=100)
    event = forms.TypedChoiceField(label=gettext_lazy("Event"), required=False, coerce=int, empty_value=None)
    ticket = forms.TypedChoiceField(label=gettext_lazy("Ticket"), required=False, coerce=int, empty_value=None)
    attendance = forms.ChoiceField(label=gettext_lazy("Attendance"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), required=False)

    def __init__(self, rows: QuerySet[Registration], event: Event | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter_%s"} | kwargs)
        found = rows.order_by().values_list("event", "ticket", "attendance", "language").distinct()
        events, tickets, ways, languages = (
            (set(column) for column in zip(*found, strict=True)) if found else [set()] * 4
        )
        offered: dict[str, list[tuple[Any, Any]]] = {
            "event": [] if event else _named(Event.objects.filter(pk__in=events), "title"),
            "ticket": _named(Ticket.objects.filter(pk__in=tickets - {None}), "name"),
            "attendance": [choice for choice in Attendance.choices if choice[0] in ways],
            "language": [choice for choice in settings.LANGUAGES if choice[0] in languages],
        }
        for name, choices in offered.items():
            if len(choices) > 1:
                self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def narrow(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        """What is not one of the choices narrows nothing."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        words = fold(asked.pop("q", "") or "")
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        if not words:
            return rows
        names = rows.order_by().values_list("pk", "name", "email", "organisation")
        return rows.filter(pk__in=[pk for pk, *said in names if words in fold(" ".join(said))][:5000])


def _named(rows: Any, column: str) -> list[tuple[int, str]]:
    found = [(pk, shown(text).text) for pk, text in rows.order_by().values_list("pk", column)]
    return sorted(found, key=lambda choice: fold(choice[1]))


class BulkForm(forms.Form):
    """Which are decided how, why, and with what words in each language."""

    verb = forms.ChoiceField(
        choices=[(verb, verb) for verb in TOLD],
        error_messages={"required": gettext_lazy("Choose what is decided.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, which the history keeps and no letter quotes"), required=False, max_length=LONGEST
    )

    def __init__(self, languages: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk_%s"} | kwargs)
        self.languages = [(code, name) for code, name in settings.LANGUAGES if code in set(languages)]
        for code, _name in self.languages:
            said = {"lang": code}
            self.fields[f"subject-{code}"] = forms.CharField(
                label=_("Subject"), required=False, max_length=200, widget=forms.TextInput(said)
            )
            self.fields[f"text-{code}"] = forms.CharField(
                label=_("Text"), required=False, max_length=5000, widget=forms.Textarea(said | {"rows": 4})
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decision = DECISIONS.get(cleaned.get("verb", ""))
        if decision and decision.needs_reason and not cleaned.get("reason"):
            self.add_error("reason", _("Say why: the history keeps the reason."))
        return cleaned

    @property
    def letters(self) -> list[tuple[str, str, Any, Any]]:
        """Code and name of each language, with the two fields of its letter."""
        return [(code, str(name), self[f"subject-{code}"], self[f"text-{code}"]) for code, name in self.languages]

    def words(self, language: str) -> Words | None:
        """What was written for readers of a language; None for the product's own words."""
        said = {name: self.cleaned_data.get(f"{name}-{language}", "").strip() for name in ("subject", "text")}
        said = {name: text.replace("\r\n", "\n") for name, text in said.items() if text}
        return said or None
