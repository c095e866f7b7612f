"""The forms of what is done to a published event, and of what is announced of it."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.forms.models import WagtailAdminModelForm

from events.models import Announcement, Event
from events.models.fields import WallClockFormField
from events.models.wallclock import clock_problem, instant
from pages.desk.readers import ReadersSnippetChooser
from pages.desk.trilingual import TrilingualInput, TrilingualTextarea

NOW, LATER, NOT_YET = "now", "later", "not_yet"
CLOCK = ["start_local", "start_fold", "end_local", "end_fold", "timezone", "all_day"]
PLACE = ["format", "venue", "city", "country"]
TEXTS: dict[str, Any] = {"venue": TrilingualInput, "city": TrilingualInput}
INSIDE = {
    "move": _("Move the events inside along, by as many days and hours"),
    "reinstate": _("The events inside too, where they stand as this one does"),
    "": _("The events inside too"),
}


class ActionForm(WagtailAdminModelForm):
    """Part of an event's facts; what the rest of them objects to is told above the form."""

    verb = ""
    inside = forms.BooleanField(required=False)

    def __init__(self, *args: Any, has_inside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_inside:
            self.fields["inside"].label = INSIDE.get(self.verb, INSIDE[""])
        else:
            del self.fields["inside"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self.instance.moves_children = bool(cleaned.get("inside"))
        self.take(cleaned)
        return cleaned

    def shown(self) -> list[forms.BoundField]:
        """Its fields; which of two equal hours is meant is asked only where there are two."""
        folds = ("start_fold", "end_fold")
        return [field for field in self if field.name not in folds or field.errors or field.value() not in (None, "")]

    def take(self, cleaned: dict[str, Any]) -> None:
        """Set on the event what the verb itself says."""

    def changes(self) -> dict[str, Any]:
        """The fields that get another value."""
        names = [name for name in self.Meta.fields if name in self.fields]  # type: ignore[attr-defined]
        return {name: getattr(self.instance, name) for name in names}

    def _update_errors(self, errors: ValidationError) -> None:
        if not hasattr(errors, "error_dict"):
            super()._update_errors(errors)
            return
        for name, found in errors.error_dict.items():
            place = "inside" if name == "moves_children" else name
            self.add_error(place if place in self.fields else None, found)


class MoveForm(ActionForm):
    """Another date, hour, zone, place or way to attend."""

    verb = "move"

    class Meta:
        model = Event
        fields = [*CLOCK, *PLACE]
        widgets = TEXTS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not set(self.changed_data) & set(self.Meta.fields):
            raise ValidationError(_("Nothing is different: give another date or another place."), code="same")
        return cleaned


class PostponeForm(ActionForm):
    """Until a date that nobody knows yet, or until another event."""

    verb = "postpone"
    NOBODY_KNOWS, CHOSEN, NEW = "unknown", "chosen", "new"
    until = forms.ChoiceField(
        label=_("Until when"),
        choices=[
            (NOBODY_KNOWS, _("The new date is not known yet")),
            (CHOSEN, _("Another event takes its place: choose it below")),
            (NEW, _("Another event takes its place: make it as a draft that begins on the date below")),
        ],
        initial=NOBODY_KNOWS,
        widget=forms.RadioSelect,
    )
    new_start = WallClockFormField(
        label=_("The new one begins"),
        required=False,
        help_text=_("On the clock of the place. It is copied from this event and stays a draft until you publish it."),
    )

    class Meta:
        model = Event
        fields = ["replacement"]
        widgets = {"replacement": ReadersSnippetChooser(model=Event)}

    field_order = ["until", "replacement", "new_start", "inside"]

    def take(self, cleaned: dict[str, Any]) -> None:
        until = cleaned.get("until")
        self.instance.status = Event.Status.POSTPONED
        if until == self.CHOSEN and not cleaned.get("replacement"):
            self.add_error("replacement", ValidationError(_("Choose the event that takes its place."), code="required"))
        if until == self.NEW and not cleaned.get("new_start"):
            self.add_error("new_start", ValidationError(_("Say when the new one begins."), code="required"))
        if until != self.CHOSEN:
            cleaned["replacement"] = None

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"status": Event.Status.POSTPONED}


class CancelForm(ActionForm):
    """It does not take place."""

    verb = "cancel"

    class Meta:
        model = Event
        fields = ["replacement"]
        widgets = {"replacement": ReadersSnippetChooser(model=Event)}

    def take(self, cleaned: dict[str, Any]) -> None:
        self.instance.status = Event.Status.CANCELLED

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"status": Event.Status.CANCELLED}


class ReinstateForm(ActionForm):
    """It takes place after all, perhaps on another date or in another place."""

    verb = "reinstate"
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            (Event.Status.SCHEDULED, Event.Status.SCHEDULED.label),
            (Event.Status.TENTATIVE, Event.Status.TENTATIVE.label),
        ],
    )

    class Meta:
        model = Event
        fields = ["status", *CLOCK, *PLACE]
        widgets = TEXTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["status"] = Event.Status.SCHEDULED

    def take(self, cleaned: dict[str, Any]) -> None:
        self.instance.replacement = None
        start, end = cleaned.get("start_local"), cleaned.get("end_local")
        zone = cleaned.get("timezone")
        if start and end and zone and not self.instance.recurs and instant(end, zone) <= timezone.now():
            self.add_error("start_local", ValidationError(_("That date has passed: give another one."), code="past"))

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"replacement": None}


class ReasonForm(WagtailAdminModelForm):
    """Why, and when people are told."""

    when = forms.ChoiceField(
        label=_("When are people told"),
        choices=[
            (NOW, _("Now")),
            (LATER, _("At a date and hour")),
            (NOT_YET, _("Not yet: it stays as something to do")),
        ],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    due_local = WallClockFormField(label=_("Date and hour of the announcement"), required=False)

    class Meta:
        model = Announcement
        fields = ["reason"]
        widgets = {"reason": TrilingualTextarea}

    field_order = ["reason", "when", "due_local"]

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _(
            "It stands in the letters. French is required; a language left empty shows the French, and says so."
        )
        self.fields["due_local"].help_text = _("On the clock of the event: %(zone)s.") % {"zone": zone}

    def clean_reason(self) -> LazyI18nString:
        reason = self.cleaned_data["reason"]
        said = reason.data if isinstance(reason, LazyI18nString) and isinstance(reason.data, dict) else {}
        if not (said.get(settings.LANGUAGE_CODE) or "").strip():
            raise ValidationError(_("Say why, in French at least: the other languages fall back on it."), code="french")
        return reason

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        due = cleaned.get("due_local")
        if cleaned.get("when") == LATER:
            if due is None:
                self.add_error("due_local", ValidationError(_("Say when people are to be told."), code="required"))
            elif clock_problem(due, self.zone) == "gap":
                self.add_error("due_local", ValidationError(_("The clock skips this hour that day."), code="gap"))
            elif instant(due, self.zone) <= timezone.now():
                self.add_error("due_local", ValidationError(_("This hour has passed."), code="past"))
        return cleaned

    @property
    def due_at(self) -> dt.datetime | None:
        """The instant at which people are to be told; None for not yet."""
        when = self.cleaned_data["when"]
        if when == LATER:
            return instant(self.cleaned_data["due_local"], self.zone)
        return timezone.now() if when == NOW else None
