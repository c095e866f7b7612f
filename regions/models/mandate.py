"""Mandates: who cares for which region, in which languages, for what, from which day to which."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .region import Region


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The UTC instant at which a day begins in a zone."""
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(zone)).astimezone(dt.UTC)


def all_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, at: dt.datetime | None = None) -> "MandateQuerySet":
        """Those that hold at an instant."""
        at = at or timezone.now()
        return self.filter(begins_at__lte=at, expires_at__gt=at)


class Mandate(models.Model):
    """One person's care for one region.

    ``starts_on`` and ``ends_on`` are days in the region's own zone, both included;
    ``begins_at`` and ``expires_at`` are the instants derived from them: the last
    day ends at midnight there. Rights are never stored with a date: whoever asks,
    asks for the mandates that hold now.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="mandates"
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="mandates")
    with_subregions = models.BooleanField(_("with its sub-regions"), default=True)
    languages = models.JSONField(_("languages"), default=all_languages)
    news = models.BooleanField(_("news"), default=True)
    events = models.BooleanField(_("events"), default=True)
    registrations = models.BooleanField(_("registrations of the region's events"), default=False)
    may_publish = models.BooleanField(_("may publish"), default=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    begins_at = models.DateTimeField(editable=False, db_index=True)
    expires_at = models.DateTimeField(editable=False, db_index=True)
    group = models.OneToOneField(
        Group, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="mandate"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-ends_on", "pk"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_it_begins",
                violation_error_message=_("The last day can't be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(news=True) | Q(events=True) | Q(registrations=True),
                name="mandate_is_for_something",
                violation_error_message=_("Say what the mandate is for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.region}"

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        zone = self.region.default_timezone
        self.begins_at = midnight(self.starts_on, zone)
        self.expires_at = midnight(self.ends_on + dt.timedelta(days=1), zone)
        super().save(**kwargs)
