"""Representatives: the accounts of co-organisers, each a person who acts for an organisation."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def current(self, today: dt.date | None = None) -> "RepresentativeQuerySet":
        """Those that hold on a day; days are those of UTC, as an organisation has no zone."""
        today = today or timezone.now().date()
        return self.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gte=today))


class Representative(models.Model):
    """One person's access for one organisation, from a day to a day, both included.

    Whoever holds one sees the events that the organisation hosts or co-organises,
    and of their participants those who agreed to be shared with it. Nothing is
    stored but the days: whoever asks, asks for those that hold now.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="representations"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="representatives"
    )
    starts_on = models.DateField(_("first day"), default=timezone.localdate)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "pk"]
        verbose_name = _("representative of an organisation")
        verbose_name_plural = _("representatives of organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                name="one_representative_row",
                violation_error_message=_("This person represents this organisation already: change the days there."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="representative_ends_after_it_begins",
                violation_error_message=_("The last day can't be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"
