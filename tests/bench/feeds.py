"""Measures what one feed of many events costs, in one process of the public site; prints one line of JSON.

The archive has no window, so that it holds every event. One change is one more
SEQUENCE of one event, as its publication leaves it, and a new edition.
"""

import gzip
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
django.setup()

from django.db.models import F  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from config import urls  # noqa: E402
from events.calendars.feeds import END, Feed, head  # noqa: E402
from events.calendars.fragments import gathered  # noqa: E402
from events.calendars.vevent import components  # noqa: E402
from events.models import CalendarEntry, Event, FeedSnapshot  # noqa: E402
from pages.models import Edition  # noqa: E402
from tests.bench.cpu import EMPTY, application, asker, cost, empty  # noqa: E402

FEED = Feed("fr", archive=True)
ROUNDS = 5
NAIVE = "all serialised by icalendar"


def naive() -> None:
    """What a site does that keeps nothing: every event is fetched and serialised for each request."""
    today = timezone.now().date()
    events = gathered(Event.objects.filter(pk__in=FEED.contents(today).keys), "fr")
    body = b"".join(one.to_ical() for event in events for one in components(event, "fr"))
    gzip.compress(head("all", "fr") + body + END, 6, mtime=0)


def spent(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


def main(size: int) -> None:
    urls.urlpatterns.insert(0, path("empty/", empty))
    site = application(32)
    address = f"/ical/{FEED.path}"
    zipped, plain = asker(site, address), asker(site, address, HTTP_ACCEPT_ENCODING="identity")
    zipped()
    told = list(FEED.contents(timezone.now().date()).keys)
    if len(told) < size:
        sys.exit(f"The feed holds {len(told)} events, not {size}.")
    tag = FeedSnapshot.objects.get(path=FEED.path).etag
    turn = itertools.count()

    def changed() -> None:
        chosen = told[(next(turn) * 37) % len(told)]
        CalendarEntry.objects.filter(event=chosen).update(sequence=F("sequence") + 1)
        Edition.bump()

    asked: dict[str, tuple[Callable[[], str], Callable[[], object] | None]] = {
        EMPTY: (asker(site, "/empty/"), None),
        "unchanged (304)": (asker(site, address, HTTP_IF_NONE_MATCH=f'"{tag}-gz"'), None),
        "whole, in gzip": (zipped, None),
        "whole, plain": (plain, None),
        "first of an unrelated edition": (zipped, Edition.bump),
        "first after one change": (zipped, changed),
    }
    took: dict[str, list[float]] = {name: [] for name in asked}
    for names in (list(asked)[:4], list(asked)[4:]):  # the tag is that of the feed before any change
        for _round in range(ROUNDS):
            for name in names:
                took[name].append(cost(*asked[name]))
    if not (asked["unchanged (304)"][0]()).startswith("200"):
        sys.exit("The feed did not change.")
    costs = {name: statistics.median(values) for name, values in took.items()}
    costs[NAIVE] = min(spent(naive) for _round in range(2))
    print(json.dumps(costs))


if __name__ == "__main__":
    main(int(sys.argv[1]))
