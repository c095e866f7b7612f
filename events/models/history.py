"""History: each change, by whom and why; a registration's own lines."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class HistoryLine(models.Model):
    """One line of a history: who changed what, from which state to which, when and why."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    was = models.CharField(_("from"), max_length=12, blank=True)
    became = models.CharField(_("to"), max_length=12)
    why = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    @property
    def reason(self) -> str:
        """The reason in the reader's language, where it is one of the product's own."""
        return gettext(self.why) if self.why else ""


class RegistrationChange(HistoryLine):
    """One line of a registration's history."""

    registration = models.ForeignKey("events.Registration", on_delete=models.CASCADE, related_name="changes")
    verb = models.CharField(_("what"), max_length=12, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"
