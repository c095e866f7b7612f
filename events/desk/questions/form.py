"""The form of one question: its words, its choices, of whom it is asked, and what becomes of the answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from events.models import Question, SeatPool
from events.models.questions.kinds import WITH_CHOICES, Kind, Stage
from events.models.questions.question import ANSWERED, CONDITIONS, FILE_TYPES
from pages.desk.trilingual import TrilingualTextarea
from pages.trilingual import shown

from .condition import ConditionField
from .verbs import hanging_on, in_order, last_place

TWO = 2
"Choices among which one can choose, or ways to take part."
EMPTY = 2
"Rows behind the choices there are."
LAST = 9999
"The place of a row that says none."


class TicketsField(forms.ModelMultipleChoiceField):
    """Tickets by their names in the reader's language."""

    def label_from_instance(self, ticket: Any) -> str:
        return shown(ticket.name).text


class ChoiceForm(WagtailAdminModelForm):
    """One choice; an empty row that was never filled in is none, wherever it was moved."""

    def has_changed(self) -> bool:
        own = [name for name in self.changed_data if name not in (ORDERING_FIELD_NAME, DELETION_FIELD_NAME)]
        return bool(own) or (self.instance.pk is not None and super().has_changed())

    def full_clean(self) -> None:
        """An empty row knows its place too: a form that comes back shows the rows in their order."""
        super().full_clean()
        if self.is_bound and ORDERING_FIELD_NAME in self.fields:
            typed = self[ORDERING_FIELD_NAME].data or ""
            self.cleaned_data.setdefault(ORDERING_FIELD_NAME, int(typed) if typed.isdecimal() else LAST)


class ChoicesPanel(InlinePanel):
    """The choices in their order, with empty rows behind them: they can be written without a script."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = ChoiceForm
        return options


class QuestionForm(WagtailAdminModelForm):
    """Checks what a question needs to be understood and answered, and says so at the field that can mend it."""

    after = ConditionField(
        label=gettext_lazy("Only after one of these answers"),
        required=False,
        help_text=gettext_lazy("Answers to one question. None ticked: it is asked of everybody."),
    )
    tickets = TicketsField(
        label=gettext_lazy("Only with these tickets"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: with every ticket."),
    )
    file_types = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of files"),
        choices=[(one, one.upper()) for one in FILE_TYPES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all of them. Each is checked by its content, never by its name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question: Question = self.instance
        self.is_answered = bool(question.pk and question.answers.exists())
        self.dependents = hanging_on(question) if question.pk else []
        event = question.event
        if self.keeps_kind:
            own = [pair for pair in Kind.choices if pair[0] == self.stored_kind]
            self.fields["kind"].widget.choices = own
            self.fields["kind"].help_text = ANSWERED if self.is_answered else BUILT_IN
        self.fields["tickets"].queryset = event.tickets.all()
        if not event.tickets.exists():
            del self.fields["tickets"]
        if len(event.window.ways) < TWO and not question.attendance:
            del self.fields["attendance"]
        else:
            ways = [pair for pair in self.fields["attendance"].choices if pair[0]]  # type: ignore[attr-defined]
            self.fields["attendance"].choices = [("", _("in either way")), *ways]  # type: ignore[attr-defined]
        self.fields["after"].offer(self.before(), question)  # type: ignore[attr-defined]
        if not self.is_bound:
            self.formsets["choices"].extra = EMPTY

    @property
    def keeps_kind(self) -> bool:
        """Answers and the meaning of a built-in question hang on its kind."""
        return self.is_answered or bool(self.instance.subject)

    @property
    def stored_kind(self) -> str:
        if self.instance.pk:
            return str(Question.objects.values_list("kind", flat=True).get(pk=self.instance.pk))
        return str(self.instance.kind)

    def before(self) -> list[Question]:
        """The questions on whose answers this one may hang: asked before it, with answers that one chooses."""
        question: Question = self.instance
        rows = in_order(question.event)
        mine = next((at for at, one in enumerate(rows) if one.pk == question.pk), len(rows))
        return [
            one
            for at, one in enumerate(rows)
            if one.pk != question.pk
            and one.kind in CONDITIONS
            and (at < mine or one.stage == Stage.REGISTRATION or one.pk == question.depends_on_id)
            and question.pk not in one.needed()
        ]

    # -- what is checked

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.keeps_kind and kind != self.stored_kind:
            raise ValidationError(ANSWERED if self.is_answered else BUILT_IN, code="answered")
        if self.dependents and kind not in CONDITIONS:
            raise ValidationError(_still_needed(self.dependents), code="needed")
        return kind

    def clean_stage(self) -> str:
        stage: str = self.cleaned_data["stage"]
        earlier = [one for one in self.dependents if one.stage == Stage.REGISTRATION]
        if stage == Stage.PLACE and earlier:
            raise ValidationError(_still_needed(earlier), code="needed")
        return stage

    def clean_file_megabytes(self) -> int:
        size: int = self.cleaned_data["file_megabytes"]
        if size < 1:
            raise ValidationError(_("Say how large a file may be: one megabyte at least."), code="size")
        return size

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._choices_fit(cleaned.get("kind", ""))
        return cleaned

    def _choices_fit(self, kind: str) -> None:
        """Two at least where one chooses; none taken away after which another question is asked."""
        choices = self.formsets["choices"]
        if not choices.is_valid():
            return
        gone = {form.instance.key for form in choices.deleted_forms if form.instance.pk}
        left = [
            one for one in choices.forms if one not in choices.deleted_forms and (one.instance.pk or one.has_changed())
        ]
        if kind in WITH_CHOICES and len(left) < TWO:
            self.add_error("kind", ValidationError(_("Write two choices at least."), code="choices"))
        needing = [one for one in self.dependents if gone & set(one.depends_values)]
        if needing:
            self.add_error(None, ValidationError(_still_needed(needing), code="needed"))

    def _post_clean(self) -> None:
        first, keys = self.cleaned_data.get("after") or (None, [])
        self.instance.depends_on, self.instance.depends_values = first, list(keys)
        super()._post_clean()

    def _update_errors(self, errors: ValidationError) -> None:
        """What the model says of the condition stands at the ticks."""
        if hasattr(errors, "error_dict") and "depends_on" in errors.error_dict:
            errors.error_dict["after"] = errors.error_dict.pop("depends_on")
        super()._update_errors(errors)

    # -- what is kept

    def save(self, commit: bool = True) -> Question:
        """With its choices, so that its wording is that of all of it; a new one comes behind the others.

        Raises:
            ValidationError: somebody has answered meanwhile, and the kind would change.
        """
        with transaction.atomic():
            SeatPool.objects.hold(self.instance.event_id)
            if self.instance.pk is None:
                self.instance.sort_order = last_place(self.instance.event) + 1
            question: Question = super().save(commit=False)
            question.save()
            self.save_m2m()
        return question


BUILT_IN = gettext_lazy("A question that the product knows keeps its kind: badges, lists and figures read its answers.")


def _still_needed(questions: list[Question]) -> str:
    names = get_text_list([_("“%(text)s”") % {"text": shown(one.label).text} for one in questions], _("and"))
    return _("%(questions)s would never be asked then, because that hangs on an answer to this one.") % {
        "questions": names
    }


edit_handler = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel(
                    "label",
                    help_text=gettext_lazy("French is required. A language left empty shows the French, and says so."),
                ),
                FieldPanel(
                    "help_text",
                    widget=TrilingualTextarea,
                    help_text=gettext_lazy(
                        "Say why you ask and what becomes of the answer: “For the meals; deleted a month after the "
                        "meeting.” Whoever is told answers more, and has to be told (GDPR, article 13)."
                    ),
                ),
                FieldPanel("kind"),
            ],
            heading=gettext_lazy("What is asked"),
        ),
        ChoicesPanel(
            "choices",
            heading=gettext_lazy("Choices"),
            label=gettext_lazy("choice"),
            help_text=gettext_lazy(
                "For one or any of several choices. Whoever chose one that you rewrite or take away keeps the words "
                "that they read."
            ),
            classname="desk-of-choices",
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "stage",
                    help_text=gettext_lazy(
                        "What only those need to tell who come, such as a passport or a flight, is better asked of "
                        "them alone, once they have a place: what was never asked of the others need not be "
                        "protected or deleted (GDPR, article 5: no more data than needed)."
                    ),
                ),
                FieldPanel("required"),
                FieldPanel("tickets"),
                FieldPanel("attendance"),
                FieldPanel("after"),
            ],
            heading=gettext_lazy("When, and of whom"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "keep_days",
                    help_text=gettext_lazy(
                        "After the end of the meeting; then the answers are deleted. 30 for meals, needs and visas. "
                        "Left empty: as long as names and addresses."
                    ),
                ),
                FieldPanel(
                    "is_confidential",
                    help_text=gettext_lazy(
                        "For health, passports and whatever is nobody else’s business: correspondents do not see the "
                        "answers, in lists, files and figures neither. Co-organisers never see any answer."
                    ),
                ),
            ],
            heading=gettext_lazy("What becomes of the answers"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("file_types"), FieldPanel("file_megabytes")])],
            heading=gettext_lazy("If it asks for a file"),
            classname="desk-of-file",
        ),
    ],
    base_form_class=QuestionForm,
).bind_to_model(Question)
