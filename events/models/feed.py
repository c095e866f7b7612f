"""Feeds as they were last served, and what may still be said of an event taken back."""

import datetime as dt
import hashlib
from typing import Any

from django.db import models
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import unpublished

from pages.trilingual import TrilingualField

from .event import Event
from .fields import RecurrenceField, WallClockField

SECOND = dt.timedelta(seconds=1)


class FeedSnapshot(models.Model):
    """The bytes of one feed, good for one edition, one day (UTC) and one version of the code that made them.

    ``state`` names all that they were made of: as long as it is the same, so are
    they. Nothing is lost if the table is emptied, except that clients fetch once more.
    """

    path = models.CharField(max_length=200, unique=True)
    edition = models.PositiveBigIntegerField()
    day = models.DateField()
    made_by = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=64, default="")
    etag = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    body = models.BinaryField()
    packed = models.BinaryField()

    def __str__(self) -> str:
        return self.path

    @classmethod
    def renewed(cls, path: str, body: bytes, packed: bytes, **good_for: Any) -> "FeedSnapshot":
        """What the feed says now; not stored yet.

        ``etag`` and ``changed_at`` stay while the bytes do; else ``changed_at``
        is later than it was by a second at least, so that two bodies never
        share a Last-Modified and it never goes backwards.
        """
        etag = hashlib.sha256(body).hexdigest()[:32]
        before = cls.objects.filter(path=path).values_list("etag", "changed_at").first()
        changed_at = timezone.now().replace(microsecond=0)
        if before:
            changed_at = before[1] if before[0] == etag else max(changed_at, before[1] + SECOND)
        return cls(path=path, etag=etag, changed_at=changed_at, body=body, packed=packed, **good_for)

    def keep(self) -> None:
        """Store it in place of the one before, unless somebody has made a later edition meanwhile."""
        names = [field.name for field in self._meta.concrete_fields if field.name not in ("id", "path")]
        facts = {name: getattr(self, name) for name in names}
        rows = type(self).objects.filter(path=self.path, edition__lte=self.edition)
        if not rows.update(**facts):
            type(self).objects.bulk_create([self], ignore_conflicts=True)

    def stay(self, **good_for: Any) -> None:
        """Say of the bytes kept that they are still good, unless somebody has made others meanwhile."""
        rows = type(self).objects.filter(pk=self.pk, state=self.state, edition__lte=good_for["edition"])
        rows.update(**good_for)


class Fragment(models.Model):
    """What one event says in the feeds of one language, good for one state of all that it tells.

    ``key`` names that state. ``zone`` is to be declared where it is not empty;
    ``first_day`` is the earliest that it must be right for.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    zone = models.CharField(max_length=64, blank=True)
    first_day = models.DateField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "language"], name="fragment_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.language}"


class Tombstone(models.Model):
    """The last public facts of an event that was taken back: what calendars already know of it.

    A later draft rewrites the event's own row, and none of it may reach a feed.
    Only the title and the dates are kept. It counts while
    ``CalendarEntry.withdrawn_at`` is set.
    """

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="tombstone")
    title = TrilingualField()
    kind = models.CharField(max_length=20)
    start_local = WallClockField()
    start_fold = models.PositiveSmallIntegerField(null=True)
    end_local = WallClockField()
    end_fold = models.PositiveSmallIntegerField(null=True)
    timezone = models.CharField(max_length=64)
    all_day = models.BooleanField()
    recurrence = RecurrenceField(null=True, include_dtstart=False)

    def __str__(self) -> str:
        return str(self.title)

    @classmethod
    def of(cls, event: Event) -> "Tombstone":
        """Keep what is public of this event now."""
        names = [field.name for field in cls._meta.concrete_fields if field.name != "event"]
        facts: dict[str, Any] = {name: getattr(event, name) for name in names}
        return cls.objects.update_or_create(event=event, defaults=facts)[0]

    def stand_in(self) -> Event:
        """The event with nothing but what was public of it: to be shown, never to be saved."""
        facts = {field.name: getattr(self, field.name) for field in self._meta.concrete_fields if field.name != "event"}
        event = Event(pk=self.event_id, uid=self.event.uid, live=False, status=self.event.status, **facts)
        event.derive_instants()
        return event


def last_public(event: Event) -> Event:
    """The event as those who registered may know it: of one taken back, without what a draft has made of it."""
    buried = None if event.live else Tombstone.objects.filter(event=event).select_related("event").first()
    return event if buried is None else buried.stand_in()


@receiver(unpublished, sender=Event)
def bury(instance: Event, **kwargs: Any) -> None:
    """In the transaction of the withdrawal: the row still holds what was public."""
    Tombstone.of(instance)
