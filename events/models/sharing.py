"""Sharing: which co-organisers a participant lets see their registration."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Organisation

from .organiser import EventOrganiser

SHARING = (EventOrganiser.Role.HOST, EventOrganiser.Role.CO_ORGANISER)
"The roles with which an organisation may see those who agree to it."


def co_organisers(event: Any) -> list[Organisation]:
    """The organisations that hold an event with us, in the order shown; each once."""
    rows = EventOrganiser.objects.filter(event_id=event.pk, role__in=SHARING).select_related("organisation")
    return list({row.organisation_id: row.organisation for row in rows.order_by("sort_order", "pk")}.values())


class SharingQuerySet(models.QuerySet["SharingConsent"]):
    def living(self) -> "SharingQuerySet":
        return self.filter(withdrawn_at=None)

    def settle(self, registration: Any, organisations: Iterable[int]) -> bool:
        """Give and withdraw so that exactly these organisations see the registration; True if that changed anything.

        The caller holds the registration's row.
        """
        wanted, now = set(organisations), timezone.now()
        living = self.living().filter(registration=registration)
        has = set(living.values_list("organisation_id", flat=True))
        living.filter(organisation_id__in=has - wanted).update(withdrawn_at=now)
        for pk in sorted(wanted - has):
            self.create(registration=registration, organisation_id=pk, given_at=now)
        return wanted != has


class SharingConsent(models.Model):
    """A participant's word that one organisation may see their registration, until it is taken back.

    What was given and withdrawn stays, so that it can be shown what held when.
    """

    registration = models.ForeignKey("events.Registration", on_delete=models.CASCADE, related_name="sharings")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(_("given on"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)

    objects = SharingQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "organisation"],
                condition=Q(withdrawn_at=None),
                name="one_living_consent_to_share",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} → {self.organisation_id}"
