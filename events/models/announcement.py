"""Announcements: one letter to everybody concerned, when the staff say so, of what has become of an event."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from pages.trilingual import TrilingualField

from . import facts

if TYPE_CHECKING:
    from .event import Event


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def open(self) -> "AnnouncementQuerySet":
        """Those that have not been announced: a duty, or planned."""
        return self.filter(announced_at=None, dismissed_at=None)

    def undecided(self) -> "AnnouncementQuerySet":
        """Those for which nobody has said yet when to announce them."""
        return self.open().filter(due_at=None)

    def due(self) -> "AnnouncementQuerySet":
        """Those whose letters are to be written now, and those that somebody stopped writing."""
        now = Q(announced_at=None, due_at__lte=timezone.now(), event__live=True)
        return self.filter(now | Q(announced_at__isnull=False), dismissed_at=None, queued_at=None).order_by("pk")

    def of(self, event: "Event") -> "AnnouncementQuerySet":
        """Those about an event, alone or with the one that holds it."""
        return self.filter(Q(event=event) | Q(changes__event=event)).distinct()

    def opened(self, event: "Event", what: str) -> "Announcement":
        """The announcement to which a change of an event belongs, made if need be; behind the publication lock."""
        found = self.open().of(event).order_by("pk").first()
        return found or self.create(event=event, what=what)

    def gather(self, event: "Event", inside: Iterable[int]) -> None:
        """Tell of an event and of those inside it in one letter a person. Behind the publication lock."""
        inside = list(inside)
        others = self.open().filter(changes__event__in=inside, event__in=inside).distinct()
        for other in list(others):
            mine = self.opened(event, other.what)
            if mine.pk == other.pk:
                continue
            other.changes.update(announcement=mine)
            other.delete()


class Announcement(models.Model):
    """What is told, why, to whom and when; and how far its letters have come.

    Open until ``announced_at``: changes made meanwhile join it, and what the
    letters say is what is true when they are written. From then on ``after``
    is frozen. Never deleted once announced.
    """

    class What(models.TextChoices):
        MOVED = "moved", _("moved")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        REINSTATED = "reinstated", _("takes place after all")

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="announcements"
    )
    what = models.CharField(_("what"), max_length=12, choices=What.choices)
    reason = TrilingualField(_("reason"), blank=True, long=True)
    after = models.JSONField(default=dict, editable=False, help_text="Facts by the UID of each event, once frozen.")
    audience = models.JSONField(default=list, editable=False, help_text="How many were concerned, once frozen.")
    reached = models.CharField(max_length=254, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("to be announced"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    queued_at = models.DateTimeField(_("letters written"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("not announced"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(announced_at=None, dismissed_at=None), name="one_open_announcement"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(queued_at=None, dismissed_at=None), name="announcements_due")
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.event}"

    @property
    def is_open(self) -> bool:
        return self.announced_at is None and self.dismissed_at is None

    @property
    def letters(self) -> Any:
        """The letters written for it."""
        return Letter.objects.filter(key__startswith=f"announcement:{self.uid}:")

    def key_for(self, person: str) -> str:
        """The key of a person's letter: one each."""
        return f"announcement:{self.uid}:{person}"

    def steps(self) -> dict[Any, list[Any]]:
        """Of each event, its changes from the first to the last; the main event comes first."""
        found: dict[Any, list[Any]] = {}
        for change in self.changes.select_related("event__replacement").order_by("at", "pk"):
            found.setdefault(change.event, []).append(change)
        return dict(sorted(found.items(), key=lambda item: (item[0].pk != self.event_id, item[0].starts_at)))

    def turn(self) -> str:
        """What has become of the main event, from what was first known to what is true now."""
        for event, changes in self.steps().items():
            return facts.what(changes[0].before, facts.of_change(event))
        return self.what

    def finish(self) -> None:
        """Every letter has been written: whom the last one went to is not kept."""
        self.queued_at, self.reached = timezone.now(), ""
        self.save(update_fields=["queued_at", "reached"])

    def freeze(self) -> None:
        """What is true now is what is told; behind the publication lock, in the caller's transaction.

        An event that is not public waits in an announcement of its own.
        """
        from .audience import Audience

        now = timezone.now()
        for change in self.changes.exclude(event__live=True).exclude(event=self.event_id).select_related("event"):
            waiting = Announcement.objects.open().filter(event=change.event).first()
            change.announcement = waiting or Announcement.objects.create(event=change.event, what=self.what)
            change.save(update_fields=["announcement"])
        self.after = {str(event.uid): facts.of_change(event) for event in self.steps()}
        self.what = self.turn()
        self.audience = Audience.of(self).figures()
        self.announced_at = now
        self.save()
