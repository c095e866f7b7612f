"""Upkeep: what the worker does besides carrying letters."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import Max, Q
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from events.models import DataAccess, Event, Occurrence, PublicationLock
from events.models.expansion import expand
from events.models.occurrence import HORIZON
from letters.jobs import JobFailed
from pages import limits
from pages.models import Edition

log = logging.getLogger(__name__)

MONTH = dt.timedelta(days=30)
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
    """Write the dates of series that end within a month of the horizon, which moves on by a day a day.

    An endless series is written once a month; of one that ends nothing more is to be written.
    """
    late = timezone.now().replace(tzinfo=None) + HORIZON - MONTH
    recurring = Event.objects.public().exclude(recurrence=None).annotate(last=Max("occurrences__original"))
    due = [event for event in recurring.filter(Q(last=None) | Q(last__lt=late)).order_by("pk") if _goes_on(event)]
    return f"{_each(due, _extend)} recurring events extended"


def _goes_on(event: Event) -> bool:
    """Whether the rule gives dates after the last one kept, up to the horizon."""
    last = event.last  # type: ignore[attr-defined]
    after = event.start_local if last is None else last + dt.timedelta(days=1)
    before = max(timezone.now().replace(tzinfo=None), event.start_local) + HORIZON
    return event.recurs and bool(expand(event.recurrence, event.start_local, after, before, limit=1))


def _extend(event: Event) -> None:
    PublicationLock.hold()
    Occurrence.objects.rebuild(Event.objects.get(pk=event.pk))  # as it is now: it may have moved since
    Edition.bump()


def forget_attempts() -> str:
    """Delete the counts of the rate limits that no window needs any more."""
    return f"{limits.forget(timezone.now() - ATTEMPTS_KEPT)} counts forgotten"


def forget_accesses() -> str:
    """Delete the lines of who looked at whose data that are older than the privacy notice promises."""
    deleted, _tables = DataAccess.objects.too_old().delete()
    return f"{deleted} accesses forgotten"


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
            why = " ".join(error.messages) if isinstance(error, ValidationError) else error
            refused.append(f"{name} ({type(row).__name__} {row.pk}): {type(error).__name__}: {why}")
        else:
            done += 1
    if refused:
        raise JobFailed("; ".join(refused))
    return done
