"""What calendar apps know of an event: its number of changes and when it last changed."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F
from django.utils import timezone

if TYPE_CHECKING:
    from .event import Event

SECOND = dt.timedelta(seconds=1)


class PublicationLock(models.Model):
    """The one row that whoever publishes holds, so that facts are checked one at a time.

    First in the order of locks: publication, payment, pools, registration,
    outbox, edition.
    """

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_publication_lock")]

    def __str__(self) -> str:
        return "publication"

    @classmethod
    def hold(cls) -> None:
        """Wait for the row and keep it until the transaction ends."""
        cls.objects.get_or_create(pk=1)
        cls.objects.select_for_update().get(pk=1)


class CalendarEntryQuerySet(models.QuerySet["CalendarEntry"]):
    def announce(self, event: "Event") -> None:
        """Note a publication: the stamp is now, and SEQUENCE rises where dates, place, status or rule changed."""
        now = timezone.now().replace(microsecond=0)
        fingerprint = event.fingerprint()
        entry, made = self.get_or_create(event=event, defaults={"fingerprint": fingerprint, "stamp": now})
        if made:
            return
        rows = self.filter(pk=entry.pk)
        # Two publications within one second must still differ for a client.
        rows.update(stamp=max(now, entry.stamp + SECOND), withdrawn_at=None)
        rows.exclude(fingerprint=fingerprint).update(fingerprint=fingerprint, sequence=F("sequence") + 1)
        if entry.withdrawn_at:
            rows.filter(fingerprint=entry.fingerprint).update(sequence=F("sequence") + 1)

    def withdraw(self, event: "Event") -> None:
        """Note that the event is no longer public: calendars are told it is cancelled."""
        now = timezone.now().replace(microsecond=0)
        for entry in self.filter(event=event, withdrawn_at=None):
            stamp = max(now, entry.stamp + SECOND)
            self.filter(pk=entry.pk).update(withdrawn_at=now, stamp=stamp, sequence=F("sequence") + 1)


class CalendarEntry(models.Model):
    """An event as it was last told to calendar apps. In no revision, and never reset.

    ``sequence`` is RFC 5545 3.8.7.4; ``stamp`` feeds DTSTAMP and LAST-MODIFIED;
    ``fingerprint`` is of the facts whose change raises the sequence.
    """

    event = models.OneToOneField(
        "events.Event", primary_key=True, on_delete=models.PROTECT, related_name="calendar_entry"
    )
    sequence = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)
    stamp = models.DateTimeField()
    first_announced_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.event_id}: {self.sequence}"
