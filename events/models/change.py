"""Changes of what people know of an event: noted with every publication, told by an announcement."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import facts
from .announcement import Announcement
from .registration import Registration

if TYPE_CHECKING:
    from .event import Event


class Change(models.Model):
    """One step: what was true of an event until then.

    Written in the transaction that publishes, whoever publishes: the form, an
    action, a workflow, a schedule, an import. Who registered before ``at`` and
    after the step before it knows ``before``.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="changes")
    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    before = models.JSONField(default=dict)
    submission = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="The form it came from: the same one sent twice is one change.",
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def known(cls, event: "Event") -> dict[str, Any] | None:
        """What those who registered for an event know of it; None if nobody did or it has taken place."""
        has_been = event.is_over and event.status not in event.CALLED_OFF
        if not event.live or has_been or not Registration.objects.living().filter(event_id=event.pk).exists():
            return None
        return facts.of_change(event)

    @classmethod
    def note(cls, event: "Event", before: dict[str, Any] | None, by: Any = None) -> "Change | None":
        """Keep what was true before, if it no longer is: a duty until it is announced. Behind the publication lock."""
        if before is None or (event.live and not facts.differ(before, facts.of_change(event))):
            return None
        announcement = Announcement.objects.opened(event, facts.what(before, facts.of_change(event)))
        change = cls.objects.create(announcement=announcement, event=event, by=by, before=before)
        Announcement.objects.filter(pk=announcement.pk).update(what=announcement.turn())
        return change

    @classmethod
    def submitted(cls, submission: uuid.UUID) -> "Change | None":
        """The step that a form has already made."""
        return cls.objects.filter(submission=submission).select_related("announcement").first()
