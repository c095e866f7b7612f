"""Invitation codes: who may register for what is not open to all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CodeRefused(Exception):
    """This code does not open the registration of this event."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def valid(self, event_id: int, code: str) -> "InvitationQuerySet":
        """Codes of an event that can be used now; case and surrounding spaces do not matter."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            Q(max_uses=None) | Q(used__lt=F("max_uses")),
            event_id=event_id,
            code=code.strip().upper(),
        )

    def use(self, event_id: int, code: str) -> "Invitation":
        """Count one use, inside the caller's transaction.

        Raises:
            CodeRefused: the code is unknown, used up or too old.
        """
        if not self.valid(event_id, code).update(used=F("used") + 1):
            raise CodeRefused(code)
        return self.get(event_id=event_id, code=code.strip().upper())


class Invitation(models.Model):
    """A code that opens the registration of one event."""

    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="invitations"
    )
    code = models.CharField(_("code"), max_length=40)
    max_uses = models.PositiveIntegerField(
        _("uses allowed"), null=True, blank=True, default=1, help_text=_("Left empty: no limit.")
    )
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For the staff only."))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["event", "code"]
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="invitation_code_once"),
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(used__lte=F("max_uses")), name="invitation_never_overused"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = self.code.strip().upper()
        super().save(*args, **kwargs)

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """The same code twice, told as an editor would."""
        if tuple(unique_check) == ("event", "code"):
            return ValidationError(_("This event already has this code."), code="unique")
        return super().unique_error_message(model_class, unique_check)
