"""Accesses: who of the staff looked at whose personal data, when and how. Its rows tell of no participant by name."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ..event import Event
    from ..registration import Registration


KEEP_YEARS = 3
"How long it is kept who looked at what; the privacy notice says so."
TOGETHER = dt.timedelta(minutes=15)
"Within this time the same look by the same person is one line, with a count."


class AccessQuerySet(models.QuerySet["DataAccess"]):
    def too_old(self) -> "AccessQuerySet":
        """Those that are no longer kept."""
        now = timezone.now()
        return self.filter(at__lt=now - dt.timedelta(days=round(KEEP_YEARS * 365.25)))

    def note(
        self,
        user: Any,
        what: str,
        event: "Event | None" = None,
        registration: "Registration | None" = None,
        people: int = 1,
        **details: Any,
    ) -> "DataAccess":
        """One line; written before anything is shown, so that what can't be noted isn't shown.

        The same look again within ``TOGETHER`` is counted in its line: that of a page, never a file
        that is taken away or something that is done.
        """
        now = timezone.now()
        look = {
            "by": user,
            "what": what,
            "event": registration.event if registration else event,
            "registration": registration.uid if registration else None,
        }
        if what in DataAccess.LOOKS:
            for one in self.filter(**look, at__gt=now - TOGETHER).order_by("-pk")[:20]:
                if one.details == details:
                    many = max(people, one.people)
                    self.filter(pk=one.pk).update(times=F("times") + 1, last_at=now, people=many)
                    return one
        return self.create(who=user.get_username(), people=people, details=details, at=now, last_at=now, **look)


class DataAccess(models.Model):
    """One look at personal data."""

    class What(models.TextChoices):
        LIST = "list", _("list seen")
        PERSON = "person", _("one person seen")
        REQUESTS = "requests", _("requests seen")
        WAITING = "waiting", _("waiting list seen")
        PAYMENTS = "payments", _("payments seen")
        LETTERS = "letters", _("letters seen")
        INVITED = "invited", _("invited people seen")
        EXPORT = "export", _("file of the list taken")
        ANSWERS = "answers", _("answers seen")
        UPLOAD = "upload", _("file of a participant opened")
        BADGES = "badges", _("badges printed")
        PARTICIPANTS = "participants", _("list of participants printed")
        CERTIFICATES = "certificates", _("certificates seen")
        ERASURE = "erasure", _("data erased")
        COPY = "copy", _("copy of somebody’s data made")

    LOOKS = (
        *(What.LIST, What.PERSON, What.REQUESTS, What.WAITING, What.PAYMENTS, What.LETTERS, What.INVITED),
        *(What.ANSWERS, What.CERTIFICATES),
    )
    "What may be done again without a line of its own."

    at = models.DateTimeField(_("when"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now)
    times = models.PositiveIntegerField(_("times"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    who = models.CharField(_("account"), max_length=150)
    what = models.CharField(_("what"), max_length=14, choices=What.choices)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    registration = models.UUIDField(_("registration"), null=True, blank=True, help_text="Its UID.")
    people = models.PositiveIntegerField(_("people"), default=1)
    details = models.JSONField(default=dict, help_text="Filters and formats; never a name or an address.")

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("access to personal data")
        verbose_name_plural = _("accesses to personal data")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["-at"]), models.Index(fields=["registration"])]

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"
