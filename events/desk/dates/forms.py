"""The forms of what is done to one date of a series."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from events.models import Event, EventException
from events.models.action_on_date import says_something, with_exception
from events.models.wallclock import instant
from pages.desk.trilingual import TrilingualInput

PLACE: dict[str, Any] = {"venue": TrilingualInput, "city": TrilingualInput}


class DateForm(WagtailAdminModelForm):
    """Part of what may be said of one date; ``series`` is the event as it would be with it."""

    verb = ""

    def __init__(self, *args: Any, series: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = series

    def shown(self) -> list[forms.BoundField]:
        return list(self)

    def take(self, exception: EventException) -> None:
        """Set what the verb itself says."""

    def _post_clean(self) -> None:
        super()._post_clean()
        self.take(self.instance)
        for name, error in self.instance.errors(self.series).items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, error)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.fields and not self.errors and not self.changed_data:
            raise ValidationError(_("Nothing is different: say what changes on this date."), code="same")
        return cleaned

    def exception(self) -> EventException | None:
        """What the date becomes; None for as the rule says."""
        return self.instance if says_something(self.instance) else None

    def would_be(self) -> Event:
        """The series with this date so; nothing is saved."""
        with_exception(self.series, self.instance.day, self.exception())
        return self.series


class CancelDateForm(DateForm):
    """It does not take place on this date."""

    verb = "cancel_date"

    class Meta:
        model = EventException
        fields: list[str] = []

    def take(self, exception: EventException) -> None:
        exception.is_cancelled = True


class MoveDateForm(DateForm):
    """This date at another hour or on another day; one that was cancelled takes place again."""

    verb = "move_date"

    class Meta:
        model = EventException
        fields = ["start_local", "end_local"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day: dt.date = self.instance.day
        start = dt.datetime.combine(day, self.series.start_local.time())
        if not self.instance.is_moved:
            self.initial["start_local"] = start
            self.initial["end_local"] = start + (self.series.end_local - self.series.start_local)
        for name in self.fields:
            self.fields[name].required = True
            self.fields[name].help_text = _("On the clock of the place: %(zone)s.") % {"zone": self.series.timezone}

    def take(self, exception: EventException) -> None:
        exception.is_cancelled = False
        end = self.cleaned_data.get("end_local")
        if end and not self.errors and instant(end, self.series.timezone) <= timezone.now():
            self.add_error("start_local", ValidationError(_("That date has passed: give another one."), code="past"))
        start = self.cleaned_data.get("start_local")
        day = (dt.datetime.combine(exception.day, dt.time.min), dt.datetime.combine(exception.day, dt.time.max))
        others = self.series.occurrences.taking_place().exclude(original__range=day)
        if start and others.filter(start_local=start).exists():
            self.add_error(
                "start_local", ValidationError(_("The series has another date at that very hour."), code="taken")
            )


class PlaceDateForm(DateForm):
    """This date somewhere else; what is left empty is as in the series."""

    verb = "place_date"
    joining_url = forms.URLField(label=_("Joining link"), max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = EventException
        fields = ["venue", "city", "joining_url"]
        widgets = PLACE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("venue", "city", "joining_url"):
            self.fields[name].help_text = _("Left empty: as in the series.")

    def take(self, exception: EventException) -> None:
        exception.is_cancelled = False


class NoteDateForm(DateForm):
    """Something people have to know of this date."""

    verb = "note_date"

    class Meta:
        model = EventException
        fields = ["note"]
        widgets = {"note": TrilingualInput}


class RestoreDateForm(DateForm):
    """As the rule says again."""

    verb = "restore_date"

    class Meta:
        model = EventException
        fields: list[str] = []

    def exception(self) -> EventException | None:
        return None
