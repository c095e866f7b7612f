"""When and where: the facts of time and place, and the instants derived from them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pages.trilingual import TrilingualField
from regions.models.fields import CountryField, ZoneField, zone_names

from .expansion import moved
from .fields import LanguagesField, RecurrenceField, WallClockField
from .occurrence import span
from .wallclock import clock_problem, instant

FOLDS = [(0, _("the first time (before the clock goes back)")), (1, _("the second time (after it went back)"))]


class Schedule(models.Model):
    """The wall clock, the zone and the place of an event.

    ``start_local``, ``end_local`` and ``timezone`` are the truth; ``starts_at``
    and ``ends_at`` are derived from them at each save, in UTC. For an event that
    lasts whole days only the dates count, and the end is the midnight after the
    last one.
    """

    class Format(models.TextChoices):
        ONSITE = "onsite", _("on site")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("on site and online")

    class Precision(models.TextChoices):
        VENUE = "venue", _("the venue")
        CITY = "city", _("the city")
        APPROXIMATE = "approximate", _("approximate")

    start_local = WallClockField(_("begins"), help_text=_("As the clock on the wall shows it at the place."))
    start_fold = models.PositiveSmallIntegerField(
        _("begins in an hour that comes twice"),
        null=True,
        blank=True,
        choices=FOLDS,
        help_text=_("Only where the clock goes back during that hour."),
    )
    end_local = WallClockField(_("ends"))
    end_fold = models.PositiveSmallIntegerField(
        _("ends in an hour that comes twice"), null=True, blank=True, choices=FOLDS
    )
    timezone = ZoneField(
        _("time zone"), default="Europe/Paris", help_text=_("The zone of the place; for an online event, of its host.")
    )
    all_day = models.BooleanField(
        _("whole days"), default=False, help_text=_("Only the dates are known; no hour is shown.")
    )
    recurrence = RecurrenceField(verbose_name=_("recurrence"), blank=True, null=True, include_dtstart=False)

    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.ONSITE)
    city = TrilingualField(_("city"), blank=True)
    country = CountryField(_("country"), blank=True)
    venue = TrilingualField(_("venue"), blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    precision = models.CharField(_("coordinates point to"), max_length=12, choices=Precision.choices, blank=True)
    online_platform = models.CharField(_("online platform"), max_length=60, blank=True)
    joining_url = models.URLField(
        _("joining link"), max_length=500, blank=True, help_text=_("Seen only by confirmed participants.")
    )
    languages = LanguagesField(_("languages spoken"))
    interpretation = models.BooleanField(_("with interpretation"), default=False)

    starts_at = models.DateTimeField(null=True, editable=False, db_index=True, serialize=False)
    ends_at = models.DateTimeField(null=True, editable=False, db_index=True, serialize=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(condition=Q(latitude=None) | Q(latitude__range=(-90, 90)), name="event_latitude"),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__range=(-180, 180)), name="event_longitude"
            ),
        ]

    @property
    def recurs(self) -> bool:
        return bool(self.recurrence and self.recurrence.rrules)

    def span(
        self, start: dt.datetime, end: dt.datetime, start_fold: int | None, end_fold: int | None
    ) -> dict[str, dt.datetime]:
        """``starts_at`` and ``ends_at``, in UTC, of a date of this event."""
        return span(start, end, self.timezone, self.all_day, start_fold, end_fold)

    def derive_instants(self) -> None:
        if self.start_local and self.end_local:
            derived = self.span(self.start_local, self.end_local, self.start_fold, self.end_fold)
            self.starts_at, self.ends_at = derived["starts_at"], derived["ends_at"]

    def shift(self, by: dt.timedelta) -> None:
        """Move the wall clock, skipped dates, exceptions and the end of the rule included.

        Hours that come twice are no longer answered. The rule's weekdays and days of
        the month stay: whether it still gives the first date is judged at publication.
        """
        days = (self.start_local + by).date() - self.start_local.date()
        if self.recurrence:
            self.recurrence = moved(self.recurrence, self.start_local, days)
        self.start_local += by
        self.end_local += by
        exceptions = list(self.exceptions.all())  # type: ignore[has-type]
        for exception in exceptions:
            exception.shift(by, days)
        if exceptions:
            self.exceptions = exceptions  # type: ignore[has-type]
        self.start_fold = self.end_fold = None

    def clock_errors(self) -> dict[str, Any]:
        """What is wrong with the times, per field; an empty dict when nothing is."""
        errors: dict[str, Any] = {}
        if not (self.start_local and self.end_local) or self.timezone not in zone_names():
            return errors  # what is missing or unknown has an error of its own
        if not self.all_day:
            for name, fold in (("start_local", "start_fold"), ("end_local", "end_fold")):
                local = getattr(self, name)
                problem = clock_problem(local, self.timezone)
                if problem == "gap":
                    errors[name] = _gap(local, self.timezone)
                elif problem == "twice" and getattr(self, fold) is None:
                    errors[fold] = _twice(local, self.timezone)
                elif problem != "twice":
                    setattr(self, fold, None)
        if not errors:
            self.derive_instants()
            if self.ends_at <= self.starts_at:  # type: ignore[operator]
                errors["end_local"] = ValidationError(_("The end must come after the beginning."), code="order")
        return errors


def _gap(local: dt.datetime, zone: str) -> ValidationError:
    after = instant(local, zone)
    return ValidationError(
        _(
            "%(time)s does not exist in %(zone)s that day: the clock is put forward and skips it. "
            "Did you mean %(meant)s?"
        ),
        code="gap",
        params={
            "time": f"{local:%H:%M}",
            "zone": zone,
            "meant": f"{after.astimezone(ZoneInfo(zone)):%H:%M}",
        },
    )


def _twice(local: dt.datetime, zone: str) -> ValidationError:
    return ValidationError(
        _(
            "%(time)s comes twice in %(zone)s that day, because the clock is put back. "
            "Choose which of the two is meant."
        ),
        code="twice",
        params={"time": f"{local:%H:%M}", "zone": zone},
    )
