"""Announcing: when an announcement is due, one letter is written to each person concerned, whatever dies on the way."""

import hashlib
import logging
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.db import OperationalError, transaction

from events.models import Announcement, Audience, Concern, PublicationLock, facts
from letters.jobs import JobFailed
from letters.models import Heartbeat, Letter

log = logging.getLogger(__name__)

JOB = "announcements"
CHUNK = 50
"Persons whose letters are written in one transaction: nobody who registers waits long for it."


def waiting() -> bool:
    """Whether there is something to do now; after a failure the job waits for its turn."""
    return Announcement.objects.due().exists() and not Heartbeat.objects.filter(job=JOB, failed=True).exists()


def announce_what_is_due(stop: Callable[[], bool] = lambda: False) -> str:
    """Write the letters of every announcement that is due, or that somebody began; one that fails stops no other."""
    written, failed = 0, []
    for pk in list(Announcement.objects.due().values_list("pk", flat=True)):
        try:
            written += announce(pk, stop)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("Announcement %s failed.", pk)
            failed.append(f"announcement {pk}: {type(error).__name__}: {error}")
    if failed:
        raise JobFailed("; ".join(failed))
    return f"{written} letters written"


def announce(pk: int, stop: Callable[[], bool] = lambda: False) -> int:
    """Freeze what is told, then write the letters, some at a time; returns how many.

    A worker that dies leaves whole chunks: the next one goes on behind the last
    address reached, and the key of a letter refuses a second one to the same person.
    """
    if not _begun(pk):
        return 0
    written = 0
    while not stop():
        count = _write_some(pk)
        if count is None:
            break
        written += count
    return written


def _begun(pk: int) -> bool:
    with transaction.atomic():
        PublicationLock.hold()  # what is told is what is true: nobody publishes meanwhile
        announcement = Announcement.objects.due().select_for_update().filter(pk=pk).first()
        if announcement is not None and announcement.announced_at is None:
            announcement.freeze()
        return announcement is not None


def _write_some(pk: int) -> int | None:
    """Write to the next persons; None when nobody is left."""
    with transaction.atomic():
        announcement = Announcement.objects.due().select_for_update().filter(pk=pk).first()
        if announcement is None:  # another worker has finished it
            return None
        audience = Audience.of(announcement)
        concerned = audience.registrations().order_by("email_key")
        people = concerned.filter(email_key__gt=announcement.reached).values_list("email_key", flat=True).distinct()
        keys = list(people[:CHUNK])
        if not keys:
            announcement.finish()
            return None
        order = {event.pk: place for place, event in enumerate(audience.steps)}
        rows = list(concerned.filter(email_key__in=keys).select_related("event", "ticket", "occurrence"))
        rows.sort(key=lambda row: (row.email_key, order[row.event_id], row.pk))
        letters = [
            letter_to([audience.concern(row) for row in mine], announcement)
            for _person, mine in groupby(rows, key=lambda row: row.email_key)
        ]
        Letter.objects.bulk_create(letters, ignore_conflicts=True)
        announcement.reached = keys[-1]
        announcement.save(update_fields=["reached"])
        return len(letters)


def letter_to(concerns: list[Concern], announcement: Announcement) -> Letter:
    """The letter to one person about everything that concerns them; not saved."""
    first = concerns[0].registration
    person = hashlib.sha256(first.email_key.encode()).hexdigest()[:32]
    return Letter(
        key=announcement.key_for(person),
        kind=f"event_{facts.what(concerns[0].before, concerns[0].after)}",
        recipient=first.email,
        recipient_name=first.name,
        language=first.language,
        to_many=True,
        facts={
            "announcement": str(announcement.uid),
            "reason": facts.told(announcement.reason),
            "concerns": [_frozen(concern) for concern in concerns],
        },
        link_view="participant",
        link_subject=str(first.uid),
        about=first.event.uid,
    )


def _frozen(concern: Concern) -> dict[str, Any]:
    return {
        "registration": str(concern.registration.uid),
        "before": concern.before,
        "after": concern.after,
        "attendance": concern.registration.attendance,
        "home_zone": concern.registration.home_zone,
    }
