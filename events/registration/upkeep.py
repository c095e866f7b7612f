"""Upkeep: what the worker does besides carrying letters."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import OperationalError
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from events.models import Event, Occurrence, PublicationLock
from letters.jobs import JobFailed
from pages import limits
from pages.models import Edition

log = logging.getLogger(__name__)

ATTEMPTS_KEPT = dt.timedelta(days=2)


def publish_what_is_due() -> str:
    """Wagtail's scheduled publication, each in a transaction of its own: one that is refused stops no other."""
    now = timezone.now()
    expired = [row for model in _drafted() for row in model.objects.filter(live=True, expire_at__lt=now)]  # type: ignore[attr-defined]
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    taken_back = _each(expired, _take_back)
    published = _each(due, lambda revision: revision.publish(log_action="wagtail.publish.scheduled"))
    return f"{published} published, {taken_back} taken back"


def _drafted() -> list[type[Any]]:
    models = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in models if not issubclass(model, Page))]


def _take_back(row: Any) -> None:
    row = row.specific if isinstance(row, Page) else row
    row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def extend_horizon() -> str:
    """Write the dates of every recurring event up to the horizon, which moves on by a day a day."""
    recurring = [event for event in Event.objects.public().exclude(recurrence=None).order_by("pk") if event.recurs]
    return f"{_each(recurring, _extend)} recurring events up to date"


def _extend(event: Event) -> None:
    PublicationLock.hold()
    event = Event.objects.get(pk=event.pk)  # as it is now: it may have moved since the list was read
    before = _dates(event)
    Occurrence.objects.rebuild(event)
    if _dates(event) != before:
        Edition.bump()


def _dates(event: Event) -> set[dt.datetime]:
    return set(event.occurrences.values_list("original", flat=True))


def forget_attempts() -> str:
    """Delete the counts of the rate limits that no window needs any more."""
    return f"{limits.forget(timezone.now() - ATTEMPTS_KEPT)} counts forgotten"


def _each(rows: Iterable[Any], do: Callable[[Any], Any]) -> int:
    """Do something to each row on its own; the number of those done.

    Raises:
        JobFailed: names those that could not be done, the others being done.
        OperationalError: the database is away.
    """
    done, refused = 0, []
    for row in rows:
        try:
            with Edition.together():
                do(row)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("Upkeep of %s %s failed.", type(row).__name__, row.pk)
            name = getattr(row, "object_str", "") or str(row)
            refused.append(f"{name} ({type(row).__name__} {row.pk}): {type(error).__name__}: {error}")
        else:
            done += 1
    if refused:
        raise JobFailed("; ".join(refused))
    return done
