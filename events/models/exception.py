"""Exceptions: one date of a series that is not as the rule says (RFC 5545 3.8.4.4)."""

import datetime as dt
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from pages.trilingual import TrilingualField

from . import facts
from .expansion import given_days
from .fields import WallClockField
from .wallclock import clock_problem, instant

if TYPE_CHECKING:
    from .event import Event


class EventException(models.Model):
    """One date of a series that is moved, cancelled, held elsewhere or told something of.

    ``day`` is the day that the rule gives (with the hour of the series it is the
    RECURRENCE-ID). What is left empty is as in the series. Times are wall clock in
    the series' zone; an hour that comes twice is its first one there (RFC 5545
    3.3.5). ``key`` is stable across revisions.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    event = ParentalKey("events.Event", related_name="exceptions", on_delete=models.CASCADE)
    day = models.DateField(_("date of the series"), help_text=_("The day that the rule gives, as 2027-05-06."))
    is_cancelled = models.BooleanField(_("does not take place"), default=False)
    start_local = WallClockField(
        _("begins"), null=True, blank=True, help_text=_("Only if it is moved: the new day and hour.")
    )
    end_local = WallClockField(_("ends"), null=True, blank=True)
    venue = TrilingualField(_("venue"), blank=True)
    city = TrilingualField(_("city"), blank=True)
    joining_url = models.URLField(_("joining link"), max_length=500, blank=True)
    note = TrilingualField(_("note"), blank=True, help_text=_("Shown with this date on the page and in calendars."))

    class Meta:
        ordering = ["day"]
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "day"],
                name="exception_once_a_day",
                violation_error_message=_("This date has an exception already."),
            ),
            models.CheckConstraint(
                condition=Q(start_local=None, end_local=None)
                | Q(start_local__isnull=False, end_local__isnull=False, end_local__gte=F("start_local")),
                name="exception_begins_and_ends",
                violation_error_message=_("Give both the new beginning and the new end, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"

    def clean(self) -> None:
        """What can be said of its times without its series, at the field concerned; constraints refuse it again."""
        super().clean()
        start, end = self.start_local, self.end_local
        if (start is None) != (end is None):
            message = _("Give both the new beginning and the new end, or neither.")
            missing = "start_local" if start is None else "end_local"
            raise ValidationError({missing: ValidationError(message, code="required")})
        if start is not None and end is not None and end < start:
            message = _("The end must come after the beginning.")
            raise ValidationError({"end_local": ValidationError(message, code="order")})

    @property
    def is_moved(self) -> bool:
        """Whether it has times of its own."""
        return self.start_local is not None

    def shift(self, by: dt.timedelta, days: dt.timedelta) -> None:
        """Follow a series that moves: its day by whole days, its own times by as much as the series."""
        self.day += days
        if self.start_local is not None and self.end_local is not None:
            self.start_local += by
            self.end_local += by

    def essence(self) -> tuple[Any, ...] | None:
        """What people have to know of it; None where it only has a note or a link of its own."""
        times = [moment.isoformat() if moment else "" for moment in (self.start_local, self.end_local)]
        places = [sorted(facts.told(text).items()) for text in (self.venue, self.city)]
        if not (self.is_cancelled or any(times) or any(places)):
            return None
        return self.day.isoformat(), self.is_cancelled, *times, *places

    def errors(self, event: "Event") -> dict[str, ValidationError]:
        """What is wrong with its times, per field, in the zone of its series."""
        found: dict[str, ValidationError] = {}
        if (self.start_local is None) != (self.end_local is None):
            missing = "start_local" if self.start_local is None else "end_local"
            found[missing] = ValidationError(
                _("Give both the new beginning and the new end, or neither."), code="required"
            )
        if found or self.start_local is None or self.end_local is None:
            return found
        if not event.all_day:
            for name in ("start_local", "end_local"):
                if clock_problem(getattr(self, name), event.timezone) == "gap":
                    found[name] = ValidationError(_("The clock skips this hour that day."), code="gap")
        early = (
            self.end_local.date() < self.start_local.date()
            if event.all_day
            else instant(self.end_local, event.timezone) <= instant(self.start_local, event.timezone)
        )
        if not found and early:
            found["end_local"] = ValidationError(_("The end must come after the beginning."), code="order")
        return found


def objections(event: "Event") -> dict[str, Any]:
    """What an event's exceptions have against it or against each other, under "recurrence"; empty when nothing."""
    exceptions = list(event.exceptions.all())
    if not exceptions:
        return {}
    if not event.recurs:
        return _refused(_("Only a series has exceptions: a single event is changed itself."), "no_series")
    days = {exception.day for exception in exceptions}
    strangers = sorted(days - given_days(event.recurrence, event.start_local, max(days)))
    if strangers:
        return _refused(
            _("These exceptions name dates that the series does not have: %(days)s."), "not_given", _listed(strangers)
        )
    twice = sorted(day for day, number in Counter(one.day for one in exceptions).items() if number > 1)
    if twice:
        return _refused(_("These dates have more than one exception: %(days)s."), "twice", _listed(twice))
    wrong = sorted(exception.day for exception in exceptions if exception.errors(event))
    if wrong:
        return _refused(_("The times of these exceptions can't be: %(days)s."), "times", _listed(wrong))
    return {}


def _refused(message: Any, code: str, params: dict[str, str] | None = None) -> dict[str, ValidationError]:
    return {"recurrence": ValidationError(message, code=code, params=params)}


def _listed(days: list[dt.date]) -> dict[str, str]:
    return {"days": ", ".join(day.isoformat() for day in days)}
