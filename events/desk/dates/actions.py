"""One date of a series is cancelled, moved, held elsewhere, told something of, or taken back to what the rule says."""

import datetime as dt
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from events.calendars import hours
from events.models import Announcement, Audience, Event, Occurrence, facts
from events.models.action import Action
from events.models.action_on_date import ActionOnDate, exception_of
from events.models.expansion import given_days
from pages.trilingual import shown

from ..changes import forms as change_forms
from ..changes.screen import ActionView
from ..on_event import NAMES
from . import forms as date_forms


def dates_url(event: Event) -> str:
    return reverse(f"{NAMES}:dates", args=[event.pk])


def given(event: Event, day: dt.date) -> bool:
    """Whether a series has a date on that day."""
    return event.recurs and day in given_days(event.recurrence, event.start_local, day)


def date_of(event: Event, day: dt.date) -> Occurrence:
    """The date of a series on the day that its rule gives, as its exceptions leave it; not saved."""
    original = dt.datetime.combine(day, event.start_local.time())
    exception = next((one for one in event.exceptions.all() if one.day == day), None)
    return Occurrence.given_by(event, original, exception)


def state_of(event: Event, date: Occurrence) -> str:
    """Whether it takes place, in a word."""
    if date.is_cancelled:
        return _("does not take place")
    return capfirst(str(event.get_status_display()))


def told_of(event: Event, day: dt.date, language: str) -> dict[str, Any]:
    """When and where a date is, in one line each."""
    date = date_of(event, day)
    place = [shown(date.venue or event.venue).text, shown(date.city or event.city).text]
    if date.venue and not date.city:
        place = [shown(date.venue).text, shown(event.city).text]
    return {
        "hours": hours.at_place(event, language, date),
        "status": state_of(event, date),
        "format": capfirst(str(event.get_format_display())),
        "place": ", ".join(filter(None, place)),
        "link": date.joining_url,
        "note": shown(date.note).text,
    }


class OnDate:
    """An address names a day that the rule of a series gives; any other is not found."""

    event: Event
    kwargs: dict[str, Any]

    @cached_property
    def day(self) -> dt.date:
        try:
            day = dt.date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise Http404 from error
        if not given(self.event, day):
            raise Http404
        return day

    @cached_property
    def date(self) -> Occurrence:
        return date_of(self.event, self.day)

    def day_told(self) -> str:
        return hours.day_of(self.day, get_language() or "fr")


class DateActionView(OnDate, ActionView):
    """As every action: shown first, done by a second POST, told when the staff say so."""

    form_class: ClassVar[Any]
    template_name = "desk/date_change.html"
    of_cancelled: ClassVar[bool | None] = None
    "Whether it can be done to dates that are cancelled alone, to others alone, or to both."
    button = gettext_lazy("Change this date")
    done = gettext_lazy("This date is changed.")

    @property
    def inside(self) -> list[Event]:  # type: ignore[override]
        """The events inside stay where they are: they belong to the series, not to one date."""
        return []

    def _objection(self) -> str:
        day = self.day  # an unknown one is not found, whatever else stands in the way
        objection = super()._objection()
        if objection:
            return objection
        if self.date.ends_at <= dt.datetime.now(dt.UTC):
            return _("This date has passed: %(day)s.") % {"day": hours.day_of(day, get_language() or "fr")}
        return self._stands_in_the_way()

    def _stands_in_the_way(self) -> str:
        return ""

    def forms(self) -> tuple[Any, change_forms.ReasonForm]:
        data = self.request.POST if self.request.method == "POST" else None
        series = Event.objects.get(pk=self.event.pk)
        form = self.form_class(
            data, instance=exception_of(series, self.day), series=series, for_user=self.request.user, prefix="date"
        )
        return form, self._reason(data, self.event.timezone)

    def _action(self, form: Any) -> Action:
        return ActionOnDate(
            self.event,
            {},
            version=self._version(),
            submission=self.submission,
            by=self.request.user,
            day=self.day,
            exception=form.exception(),
        )

    def _audience(self, form: Any) -> Audience:
        """Of what the form says; before it is filled in, everybody whom a change of this date may concern."""
        now = Event.objects.get(pk=self.event.pk)
        if form is None:
            would = date_forms.CancelDateForm(
                {}, instance=exception_of(now, self.day), series=Event.objects.get(pk=now.pk), prefix="date"
            )
            would.is_valid()
            if self.date.is_cancelled:
                would = date_forms.RestoreDateForm(
                    {}, instance=exception_of(now, self.day), series=Event.objects.get(pk=now.pk), prefix="date"
                )
                would.is_valid()
            form = would
        after = {now: facts.of_change(form.would_be())}
        planned = Announcement.objects.open().of(now).order_by("pk").first()
        return Audience.of(planned, after) if planned else Audience.would_be(after)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        language = get_language() or "fr"
        now = Event.objects.get(pk=self.event.pk)
        context["was"] = told_of(now, self.day, language)
        if kwargs.get("asks"):
            context["will"] = told_of(kwargs["form"].would_be(), self.day, language)
        return context | {"day": self.day_told(), "back_url": dates_url(self.event)}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, last = super().get_breadcrumbs_items()
        return [*above, {"url": dates_url(self.event), "label": _("Dates")}, last]


class CancelDateView(DateActionView):
    form_class = date_forms.CancelDateForm
    page_title = gettext_lazy("Cancel this date")
    intro = gettext_lazy("The series does not take place on this date. The others stay; calendars strike this one out.")
    button = gettext_lazy("Cancel this date")
    done = gettext_lazy("This date is cancelled.")

    def _stands_in_the_way(self) -> str:
        return _("This date is cancelled already.") if self.date.is_cancelled else ""


class MoveDateView(DateActionView):
    form_class = date_forms.MoveDateForm
    page_title = gettext_lazy("Move this date")
    intro = gettext_lazy("This date alone is held at another hour or on another day.")
    button = gettext_lazy("Move this date")
    done = gettext_lazy("This date is moved.")


class PlaceDateView(DateActionView):
    form_class = date_forms.PlaceDateForm
    page_title = gettext_lazy("Hold this date elsewhere")
    intro = gettext_lazy("This date alone is held in another place, or joined by another link.")
    button = gettext_lazy("Hold this date elsewhere")
    done = gettext_lazy("This date is held elsewhere.")


class NoteDateView(DateActionView):
    form_class = date_forms.NoteDateForm
    page_title = gettext_lazy("Add a note to this date")
    intro = gettext_lazy("Shown with this date on the page and in calendars. An empty note takes it away.")
    button = gettext_lazy("Keep the note")
    done = gettext_lazy("The note is kept.")


class RestoreDateView(DateActionView):
    form_class = date_forms.RestoreDateForm
    page_title = gettext_lazy("Take the exception back")
    intro = gettext_lazy("This date is again as the rule says: its hour, its place, no note.")
    button = gettext_lazy("Take the exception back")
    done = gettext_lazy("This date is as the rule says again.")

    def _stands_in_the_way(self) -> str:
        there = self.event.exceptions.filter(day=self.day).exists()
        return "" if there else _("This date is already as the rule says.")


VERBS: list[tuple[str, type[DateActionView], str]] = [
    ("move_date", MoveDateView, "date"),
    ("place_date", PlaceDateView, "site"),
    ("note_date", NoteDateView, "comment"),
    ("cancel_date", CancelDateView, "cross"),
    ("restore_date", RestoreDateView, "undo"),
]
