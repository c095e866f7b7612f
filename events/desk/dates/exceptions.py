"""The dates of a series that are not as its rule says, in the form of the event."""

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, Panel

from events.calendars.hours import day_of
from events.models import Event, EventException
from events.models.expansion import RuleRefused, expand, given_days, later, recurs, skipped_starts

if TYPE_CHECKING:
    from recurrence import Recurrence

LIST = "dates-of-the-series"
"The list of its dates, from which the field of a day proposes."
PROPOSED = 60
FAR = dt.timedelta(days=3 * 366)
NEAR = 3


class DayInput(forms.DateInput):
    """A day, with those of the series proposed; a plain field of a date where a browser proposes nothing."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": LIST} | (attrs or {}), format="%Y-%m-%d")


def coming(event: Event, most: int = PROPOSED) -> list[dt.date]:
    """The next days of a series as its rule gives them, whatever exceptions say; none where it is no series."""
    if not (event.recurs and event.start_local):
        return []
    now = max(timezone.now().replace(tzinfo=None) - dt.timedelta(days=1), event.start_local)
    try:
        return [start.date() for start in expand(event.recurrence, event.start_local, now, later(now, FAR), limit=most)]
    except (RuleRefused, ValueError):
        return []


class DaysPanel(Panel):
    """Shows nothing: it holds the days that are proposed."""

    class BoundPanel(Panel.BoundPanel):
        def render_html(self, parent_context: Any = None) -> Any:
            language = get_language() or settings.LANGUAGE_CODE
            days = ((day.isoformat(), day_of(day, language)) for day in coming(self.instance))
            options = format_html_join("", '<option value="{}" label="{}"></option>', days)
            return format_html('<datalist id="{}">{}</datalist>', LIST, options)

        def is_shown(self) -> bool:
            return bool(coming(self.instance, 1))


class ExceptionFormSet(BaseChildFormSet):  # type: ignore[misc]
    """Leaves it to ``judge`` to say that a day stands there twice: at the field, in the editor's words."""

    def validate_unique(self) -> None:
        pass


class ExceptionsPanel(InlinePanel):
    """A row for each date."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = ExceptionFormSet
        return options


PANELS = [
    DaysPanel(),
    ExceptionsPanel(
        "exceptions",
        heading=gettext_lazy("Dates that are not as the rule says"),
        label=gettext_lazy("Date"),
        help_text=gettext_lazy(
            "For a series: one date that does not take place, is moved, is held elsewhere, or of which people have to "
            "know something. What is left empty is as in the series. Once it is published, the screen “Dates” does "
            "the same and tells those who are registered."
        ),
        panels=[
            FieldRowPanel([FieldPanel("day", widget=DayInput, required_on_save=True), FieldPanel("is_cancelled")]),
            FieldRowPanel([FieldPanel("start_local"), FieldPanel("end_local")]),
            FieldPanel("venue"),
            FieldPanel("city"),
            FieldPanel("joining_url"),
            FieldPanel("note"),
        ],
    ),
]


def judge(form: Any) -> None:
    """Say at each row what stands against it, and at the rule which rows it leaves behind.

    Called once the event of the form has what was typed. Drafts are judged too: what
    the database or the publication refuses, no draft keeps.
    """
    formset = form.formsets.get("exceptions")
    if formset is None or not formset.is_bound:
        return
    formset.is_valid()
    rows = [
        row for row in formset.forms if (row.has_changed() or row.instance.pk) and not formset._should_delete_form(row)
    ]
    typed: dict[Any, dt.date] = {row: row.cleaned_data["day"] for row in rows if row.cleaned_data.get("day")}
    rows = list(typed)
    if not rows:
        return
    event: Event = form.instance
    if "recurrence" in form.errors or not event.start_local:
        return  # without a rule nothing is known of its days
    if not event.recurs:
        _no_series(form, typed)
        return
    _named(form, event, rows, typed)
    often = Counter(typed.values())
    for row in rows:
        if often[typed[row]] > 1:
            row.add_error("day", ValidationError(_("This date stands in more than one row."), code="twice"))
        if not row.errors:
            for name, error in _proposed(row).errors(event).items():
                row.add_error(name, error)


def _no_series(form: Any, typed: dict[Any, dt.date]) -> None:
    message = _("Only a series has exceptions: a single event is changed itself.")
    days = sorted(set(typed.values()))
    for row in typed:
        row.add_error("day", ValidationError(message, code="no_series"))
    if "recurrence" in form.fields:
        form.add_error(
            "recurrence",
            ValidationError(
                _("Without a rule there are no dates for the exceptions below (%(days)s): take them out first."),
                code="exceptions",
                params={"days": _days(days)},
            ),
        )


def _named(form: Any, event: Event, rows: list[Any], typed: dict[Any, dt.date]) -> None:
    """Each exception names a date of the series; those that did until the rule was changed are not its own fault."""
    given = given_days(event.recurrence, event.start_local, max(typed[row] for row in rows))
    skipped = {start.date() for start in skipped_starts(event.recurrence, event.start_local)}
    left = []
    for row in rows:
        day = typed[row]
        if day in given:
            continue
        if day in skipped:
            message = _("This date is skipped by the rule: a date that is skipped has no exception.")
        else:
            message = _("The series has no date on that day. The nearest: %(days)s.") % {
                "days": _days(_nearest(event.recurrence, event.start_local, day))
            }
        row.add_error("day", ValidationError(message, code="not_given"))
        if row.instance.pk and "day" not in row.changed_data:
            left.append(day)
    if left and "recurrence" in form.fields:
        form.add_error(
            "recurrence",
            ValidationError(
                _(
                    "The series would no longer have these dates, of which something is told below: %(days)s. Change "
                    "or delete those rows first; or let the series end and go on otherwise: “From this date on”, on "
                    "its screen “Dates”."
                ),
                code="exceptions",
                params={"days": _days(sorted(left))},
            ),
        )


def _nearest(recurrence: "Recurrence", start: dt.datetime, day: dt.date) -> list[dt.date]:
    around = dt.datetime.combine(day, dt.time.min)
    if not recurs(recurrence):
        return []
    before = expand(recurrence, start, start, around) if around > start else []
    after = expand(recurrence, start, max(around, start), later(max(around, start), FAR), limit=NEAR)
    found = [moment.date() for moment in (*before[-2:], *after)]
    return sorted(sorted(found, key=lambda one: abs(one - day))[:NEAR])


def _proposed(row: Any) -> EventException:
    """The row as an exception; nothing of it is saved."""
    names = ("start_local", "end_local")
    return EventException(day=row.cleaned_data["day"], **{name: row.cleaned_data.get(name) for name in names})


def _days(days: list[dt.date]) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return "; ".join(day_of(day, language) for day in days)
