"""Notices: what people were told about their data when they agreed, word for word."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from ..seats import SeatPool

if TYPE_CHECKING:
    from ..event import Event


class NoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    def keep(self, event: "Event", texts: dict[str, Any]) -> "PrivacyNotice":
        """The notice with these texts, in all languages; a new number if they are new.

        Inside the caller's transaction, which may hold the event's pools: whoever keeps a new one takes them.
        """
        digest = digest_of(texts)
        known = self.filter(event=event, digest=digest).first()
        if known is not None:
            return known
        SeatPool.objects.hold(event.pk)
        known = self.filter(event=event, digest=digest).first()  # somebody may have been faster
        if known is not None:
            return known
        last = self.filter(event=event).aggregate(models.Max("number"))["number__max"] or 0
        return self.create(event=event, number=last + 1, digest=digest, texts=texts)


class PrivacyNotice(models.Model):
    """One version of the privacy notice of an event, with the sentence people agreed to; a row never changes."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="notices")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of its texts.")
    texts = models.JSONField(help_text="Language → title, consent (the sentence), sections: [{title, lines}].")
    at = models.DateTimeField(default=timezone.now, help_text="When somebody first agreed to it.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["event", "number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="notice_number_once"),
            models.UniqueConstraint(fields=["event", "digest"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.number}"


def digest_of(texts: dict[str, Any]) -> str:
    """The same for the same texts."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
