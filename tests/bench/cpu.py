"""Measures, in one process of the public site, what each answer costs in CPU; prints one line of JSON.

The answers are asked for in rounds that alternate, so that a busy moment of the
machine hurts all alike; the median of the rounds counts. Whether PostgreSQL's own
work is cheap is another question: it is another process.
"""

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402
from events.models import AgendaPage, EventPage, FeedSnapshot  # noqa: E402
from pages.models import Edition  # noqa: E402

EMPTY = "empty view"
ROUNDS = 7
SECONDS = 0.05
"What one round asks of a fast answer."


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("empty")


def application(megabytes: int) -> WSGIHandler:
    """The site, keeping so much."""
    settings.KEPT_PAGES_MB = megabytes
    return WSGIHandler()


def asker(site: WSGIHandler, address: str, **headers: str) -> Callable[[], str]:
    """Asks once, as gunicorn would, and gives the status."""

    def ask() -> str:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": "", "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br", "HTTP_ACCEPT_LANGUAGE": "fr", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, **headers,
        }  # fmt: skip
        said = []
        answer = site(environ, lambda status, _headers, _error=None: said.append(status))
        b"".join(answer)
        answer.close()
        return str(said[0])

    return ask


def cost(ask: Callable[[], str], before: Callable[[], object] | None = None) -> float:
    """Seconds of CPU for one answer, on the average of as many as fit a moment; the first one warms up."""
    ask()
    spent, count, until = 0.0, 0, time.perf_counter() + SECONDS
    while not count or (time.perf_counter() < until and count < 500):
        if before:
            before()
        start = time.process_time()
        ask()
        spent += time.process_time() - start
        count += 1
    return spent / count


def main() -> None:
    urls.urlpatterns.insert(0, path("empty/", empty))
    plain, keeping = application(0), application(32)
    pages = {
        "home": "/fr/",
        "agenda": AgendaPage.objects.get(locale__language_code="fr").get_url(),
        "event": EventPage.objects.live().filter(locale__language_code="fr").order_by("pk").last().get_url(),
    }
    feed = "/ical/fr/all.ics"
    asked: dict[str, tuple[Callable[[], str], Callable[[], object] | None]] = {EMPTY: (asker(keeping, "/empty/"), None)}
    for name, address in pages.items():
        address = urlsplit(address).path
        asked[f"{name}, kept"] = asker(keeping, address), None
        asked[name] = asker(plain, address), None
    asked["feed, kept"] = asker(keeping, feed), None
    asker(keeping, feed)()
    tag = FeedSnapshot.objects.get(path="fr/all.ics").etag
    asked["feed, unchanged (304)"] = asker(keeping, feed, HTTP_IF_NONE_MATCH=f'"{tag}-gz"'), None
    asked["feed of a new edition"] = asker(keeping, feed), Edition.bump
    took: dict[str, list[float]] = {name: [] for name in asked}
    for ask, _before in asked.values():
        ask()
    for _round in range(ROUNDS):
        for name, (ask, before) in asked.items():
            took[name].append(cost(ask, before))
    statuses = {name: ask() for name, (ask, _before) in asked.items()}
    print(json.dumps({name: [statistics.median(took[name]), int(statuses[name][:3])] for name in asked}))


if __name__ == "__main__":
    main()
