"""Snapshots: a feed is made once an edition and served from one row until the next."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol, runtime_checkable

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from events.calendars import states
from events.calendars.feeds import UnknownFeed
from events.models import FeedSnapshot
from pages.models import Edition

logger = logging.getLogger(__name__)

PACKED = 6
"Of nine levels: the last three take twice as long for a twentieth of the bytes."
ROWS = {
    column: f"SELECT s.etag, s.changed_at{read} FROM events_feedsnapshot s"  # noqa: S608 - of three constants
    " JOIN pages_edition e ON e.id = 1 AND e.number = s.edition WHERE s.path = %s AND s.day = %s AND s.made_by = %s"
    for column, read in (("", ""), ("body", ", s.body"), ("packed", ", s.packed"))
}
"One raw query: clients ask every few hours, and mostly for nothing."
LANGUAGES = frozenset(dict(settings.LANGUAGES))


class Kept(Protocol):
    """A feed of whatever kind: named by its path, the same bytes wherever it is made on a day (UTC)."""

    @property
    def language(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def filename(self) -> str: ...
    def body(self, day: dt.date) -> bytes: ...


class Made(Protocol):
    @property
    def state(self) -> str: ...
    def body(self) -> bytes: ...


@runtime_checkable
class Stated(Kept, Protocol):
    """A feed that can say cheaply whether its bytes are still the same."""

    def contents(self, day: dt.date) -> Made: ...


class Served(NamedTuple):
    """What is served of a feed; ``content`` is None where it was not asked for."""

    etag: str
    changed_at: dt.datetime
    content: bytes | None = None


def fresh(feed: Kept, column: str = "") -> Served:
    """The feed as it is now, from its row or made anew and kept; with the bytes of "body" or "packed" if asked for.

    A row is good for one edition, one day (UTC), which moves the window, and one
    version of this code, of its translations and of tzdata.

    Raises:
        UnknownFeed: there is no such feed.
    """
    if feed.language not in LANGUAGES:
        raise UnknownFeed(feed.path)
    day = timezone.now().astimezone(dt.UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(ROWS[column], [feed.path, day.isoformat(), states.made_by(feed.language)])
        row = cursor.fetchone()
    if row is not None:
        return Served(row[0], _moment(row[1]), bytes(row[2]) if column else None)
    snapshot = _anew(feed, day)
    return Served(snapshot.etag, snapshot.changed_at, bytes(getattr(snapshot, column)) if column else None)


def _anew(feed: Kept, day: dt.date) -> FeedSnapshot:
    """Made and kept; where nothing that the feed tells has changed, its bytes stay.

    The edition is read first: a change committed while the feed is being made
    raises it, and the next request makes the feed again.
    """
    good_for = {"edition": Edition.now(), "day": day, "made_by": states.made_by(feed.language)}
    before = FeedSnapshot.objects.defer("body", "packed").filter(path=feed.path).first()
    contents = feed.contents(day) if isinstance(feed, Stated) else None
    state = contents.state if contents else ""
    if before is not None and state and before.state == state:
        snapshot = before
        keep: Callable[[], None] = partial(before.stay, **good_for)
    else:
        body = contents.body() if contents else feed.body(day)
        packed = gzip.compress(body, PACKED, mtime=0)
        snapshot = FeedSnapshot.renewed(feed.path, body=body, packed=packed, state=state, **good_for)
        keep = snapshot.keep
    try:
        keep()
    except OperationalError:  # somebody writes for long: better a feed that is not kept than none
        logger.warning("The feed %s could not be kept.", feed.path)
    return snapshot


def _moment(value: dt.datetime | str) -> dt.datetime:
    """As the driver gives it: SQLite's gives text."""
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
