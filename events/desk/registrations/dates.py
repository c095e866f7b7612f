"""The date in the staff's list of registrations, of series whose dates one registers for one by one."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from wagtail.admin.ui.tables import Column

from events.calendars import hours
from events.models import Event, Occurrence, Registration

from .. import policies


def moment(value: dt.datetime | None) -> str:
    """A moment as a cell has room for it, on the reader's clock and with its zone; nothing if there is none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{date_format(local, 'SHORT_DATETIME_FORMAT')} {local:%Z}"


class DateFilter(django_filters.ModelChoiceFilter):
    """One date of the event that the list is narrowed to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            field_name="occurrence", label=gettext_lazy("Date"), queryset=Occurrence.objects.none(), **kwargs
        )

    @property
    def field(self) -> Any:
        made = super().field
        made.label_from_instance = told
        return made


def of_dates(event: Event, user: Any) -> QuerySet[Occurrence]:
    """The dates of an event for which somebody is or was registered whom this reader may see, the soonest first."""
    rows = seen_by(user).filter(event=event, occurrence__isnull=False).order_by()
    return Occurrence.objects.filter(pk__in=rows.values("occurrence")).select_related("event").order_by("starts_at")


def seen_by(user: Any) -> QuerySet[Registration]:
    rows: QuerySet[Registration] = policies.registrations.instances_user_has_any_permission_for(
        user, {"view", "change"}
    )
    return rows


def told(date: Occurrence) -> str:
    """Day and hour at the place."""
    there = hours.at_place(date.event, get_language() or "fr", date)
    return there.date_text if date.event.all_day else f"{there.date_text}, {there.time_text}"


def date_of(registration: Registration) -> str:
    """The date that somebody is registered for; "" for a whole event."""
    date = registration.occurrence
    if date is None:
        return ""
    date.event = registration.event
    return told(date)


def date_column() -> Column:
    return Column("occurrence", label=gettext_lazy("Date"), accessor=date_of, sort_key="occurrence__starts_at")
