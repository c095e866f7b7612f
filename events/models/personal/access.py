"""Accesses: who of the staff looked at whose personal data, when and how. Its rows tell of no participant by name."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ..event import Event
    from ..registration import Registration


class AccessQuerySet(models.QuerySet["DataAccess"]):
    def note(
        self,
        user: Any,
        what: str,
        event: "Event | None" = None,
        registration: "Registration | None" = None,
        people: int = 1,
        **details: Any,
    ) -> "DataAccess":
        """One line; written before anything is shown, so that what can't be noted isn't shown."""
        return self.create(
            by=user,
            who=user.get_username(),
            what=what,
            event=registration.event if registration else event,
            registration=registration.uid if registration else None,
            people=people,
            details=details,
        )


class DataAccess(models.Model):
    """One look at personal data."""

    class What(models.TextChoices):
        LIST = "list", _("list seen")
        PERSON = "person", _("one person seen")
        EXPORT = "export", _("file of the list taken")
        ANSWERS = "answers", _("answers seen")
        UPLOAD = "upload", _("file of a participant opened")
        BADGES = "badges", _("badges printed")
        PARTICIPANTS = "participants", _("list of participants printed")
        CERTIFICATES = "certificates", _("certificates seen")
        ERASURE = "erasure", _("data erased")
        COPY = "copy", _("copy of somebody’s data made")

    at = models.DateTimeField(_("when"), default=timezone.now)
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
        indexes = [models.Index(fields=["-at"]), models.Index(fields=["registration"])]

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"
