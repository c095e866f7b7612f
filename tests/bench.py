"""How fast the real site is on this machine, as ratios to an empty answer. Never fails on time.

    python -m tests.bench            on SQLite
    python -m tests.bench postgresql on a PostgreSQL of its own

Two gunicorn workers hold the whole programme; one client asks, one request after
another, in rounds that alternate between the addresses, so that a busy moment of
the machine hurts all alike. The median of all rounds counts.
"""

import contextlib
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.postgresql import postgresql
from tests.served import Served, Template

ROUNDS = 60
EMPTY = "empty answer"


def addresses(site: Served) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked for: a name, the address, the request's headers."""
    feed = f"{site.url}/ical/fr/all.ics"
    asked: dict[str, tuple[str, dict[str, str]]] = {
        EMPTY: (f"{site.url}/healthz", {}),
        "home": (f"{site.url}/fr/", {}),
        "home, English": (f"{site.url}/en/", {}),
        "calendar feed": (feed, {}),
    }
    with urllib.request.urlopen(feed) as answer:
        if etag := answer.headers.get("ETag"):
            asked["calendar feed, unchanged"] = (feed, {"If-None-Match": etag})
    links = site.manage("shell", "--verbosity=0", "--command", PAGES).split()
    for link in links:
        name, _, path = link.partition("=")
        asked[name] = (site.url + path, {})
    return asked


PAGES = """
from urllib.parse import urlsplit
from events.models import AgendaPage, EventPage
from pages.models import SearchPage
for name, rows in ("agenda", AgendaPage), ("event", EventPage), ("search", SearchPage):
    page = rows.objects.live().filter(locale__language_code="fr").first()
    if page:
        print(name + "=" + urlsplit(page.full_url).path + ("?q=reunion" if name == "search" else ""))
"""


def ask(url: str, headers: dict[str, str]) -> tuple[int, float, int]:
    """Status, seconds and bytes of one answer."""
    request = urllib.request.Request(url, headers=headers)
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        body, status = error.read(), error.code
    return status, time.perf_counter() - start, len(body)


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with postgresql() as url:
            yield url
    else:
        yield ""


def main(kind: str) -> None:
    with (
        database(kind) as server,
        tempfile.TemporaryDirectory(prefix="humus-bench-") as name,
        Template(server, Path(name)) as template,
    ):
        folder = Path(name) / "site"
        folder.mkdir()
        site = Served(template.copy(folder), folder)
        try:
            site.start()
            measure(site, kind)
        finally:
            site.stop()


def measure(site: Served, kind: str) -> None:
    asked = addresses(site)
    took: dict[str, list[float]] = {name: [] for name in asked}
    told: dict[str, tuple[int, int]] = {}
    for round_ in range(ROUNDS + 5):
        for name, (url, headers) in asked.items():
            status, seconds, size = ask(url, headers)
            told[name] = status, size
            if round_ >= 5:  # the first rounds warm the workers up
                took[name].append(seconds)
    empty = statistics.median(took[EMPTY])
    print(f"{kind}, 2 workers, {ROUNDS} requests each; an empty answer takes {empty * 1000:.1f} ms\n")
    print(f"{'':28}{'x empty':>9}{'ms':>9}{'status':>8}{'bytes':>10}")
    for name, seconds in took.items():
        median = statistics.median(seconds)
        status, size = told[name]
        print(f"{name:28}{median / empty:9.1f}{median * 1000:9.1f}{status:8}{size:10}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
