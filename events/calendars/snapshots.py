"""Snapshots: a feed is made once an edition and served from one row until the next."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
from typing import Protocol

from django.db import OperationalError
from django.utils import timezone

from events.models import FeedSnapshot
from pages.models import Edition

logger = logging.getLogger(__name__)


class Kept(Protocol):
    """A feed of whatever kind: named by its path, the same bytes wherever it is made on a day (UTC)."""

    @property
    def path(self) -> str: ...
    @property
    def filename(self) -> str: ...
    def body(self, day: dt.date) -> bytes: ...


def fresh(feed: Kept) -> FeedSnapshot:
    """The feed as it is now: from its row, or made anew and kept.

    The edition is read first: a change committed while the feed is being made
    raises it, and the next request makes the feed again. A new day (UTC) moves
    the window, so it does the same.

    Raises:
        UnknownFeed: there is no such feed.
    """
    edition, day = Edition.now(), timezone.now().astimezone(dt.UTC).date()
    kept = FeedSnapshot.objects.defer("body", "packed").filter(path=feed.path, edition=edition, day=day).first()
    if kept is not None:
        return kept
    body = feed.body(day)
    packed = gzip.compress(body, mtime=0)
    snapshot = FeedSnapshot.renewed(feed.path, edition, day, body, packed)
    try:
        snapshot.keep()
    except OperationalError:  # somebody writes for long: better a feed that is not kept than none
        logger.warning("The feed %s could not be kept.", feed.path)
    return snapshot


def contents(snapshot: FeedSnapshot, column: str) -> bytes:
    """The bytes of "body" or "packed", fetched only now if they were not made now."""
    if column in snapshot.get_deferred_fields():
        snapshot.refresh_from_db(fields=["etag", "changed_at", column])  # of one moment
    return bytes(getattr(snapshot, column))
