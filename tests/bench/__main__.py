"""Runs the measurements and prints them; see the package."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import registrations
from tests.postgresql import postgresql
from tests.served import ROOT, Served, Template, environment
from tests.speed.public import public
from tests.speed.weight import Weight, weigh

KINDS = ("sqlite", "postgresql")
SIZES = (100, 10_000)
FEED_SIZES = (1_000, 10_000)
PARTS = ("pages", "feeds", "registrations")
STATEMENTS = "statements"
"Prints each SQL statement of a registration too."
EMPTY = "empty view"
NAIVE = "all serialised by icalendar"
PATHS = """
from events.models import AgendaPage, EventPage
print("home=/fr/")
print("agenda=" + AgendaPage.objects.get(locale__language_code="fr").get_url())
print("event=" + EventPage.objects.live().filter(locale__language_code="fr").order_by("pk").last().get_url())
"""


@contextlib.contextmanager
def server(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with postgresql() as url:
            yield url
    else:
        yield ""


def run(site: Served, *arguments: str) -> str:
    """A program on this site's database and settings; what it printed last."""
    settings = {"SITE_URL": "http://127.0.0.1", "EMAIL_URL": "dummy://", "MEDIA_ROOT": str(site.folder)} | site.more
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment(site.database_url, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip().rpartition("\n")[2]


def weights(site: Served) -> dict[str, Weight]:
    """What the main pages weigh on the wire."""
    site.start()
    try:
        paths = site.manage("shell", "--no-imports", "--verbosity=0", "-c", PATHS)
        return {line.split("=")[0]: weigh(site.url, line.split("=")[1]) for line in paths.splitlines() if "=/" in line}
    finally:
        site.stop()


def measure(kind: str, folder: Path, statics: Path) -> tuple[dict[int, dict[str, list[float]]], dict[str, Weight]]:
    """Costs by size of the programme, and weights."""
    found: dict[int, dict[str, list[float]]] = {}
    with server(kind) as url, Template(url, folder) as template:
        site = public(template.url, folder, statics)
        heavy: dict[str, Weight] = {}
        for size in SIZES:
            print(f"{kind}: {size} events …", file=sys.stderr)
            run(site, "tests.bench.grown", str(size))
            found[size] = json.loads(run(site, "tests.bench.cpu"))
            heavy = heavy or weights(site)
    return found, heavy


def measure_feeds(kind: str, folder: Path, statics: Path) -> dict[int, dict[str, float]]:
    """What feeds of so many events cost, by size."""
    found = {}
    for size in FEED_SIZES:
        with server(kind) as url, Template(url, folder) as template:
            site = public(template.url, folder, statics)
            print(f"{kind}: feeds of {size} events …", file=sys.stderr)
            run(site, "tests.bench.grown", str(size), "past")
            found[size] = json.loads(run(site, "tests.bench.feeds", str(size)))
    return found


def measure_registrations(kind: str, folder: Path, statics: Path) -> registrations.Found:
    """What registering costs and how many a second it takes, on the programme as it comes."""
    with server(kind) as url, Template(url, folder) as template:
        site = public(template.url, folder, statics)
        site.more |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "TRUSTED_PROXIES": "1"}
        print(f"{kind}: registrations …", file=sys.stderr)
        found = registrations.measure(site)
        within = json.loads(run(site, "tests.bench.form"))
        found.cpu, found.statements = within["cpu"], within["statements"]
    return found


def show_feeds(costs: dict[str, dict[int, dict[str, float]]]) -> None:
    columns = [(kind, size) for kind, sizes in costs.items() for size in sizes]
    print(
        "\nOne feed of so many events, CPU of one process: ratio to an empty view, and to serialising them all (ms)\n"
    )
    print(f"{'':34}" + "".join(f"{f'{kind} {size:,}':>26}" for kind, size in columns))
    for name in next(iter(costs[columns[0][0]].values())):
        cells = []
        for kind, size in columns:
            seconds, empty, naive = (costs[kind][size][one] for one in (name, EMPTY, NAIVE))
            cells.append(f"{f'{seconds / empty:,.1f}  1/{naive / seconds:,.0f} ({seconds * 1000:,.2f})':>26}")
        print(f"{name:34}" + "".join(cells))


def show(costs: dict[str, dict[int, dict[str, list[float]]]], heavy: dict[str, Weight]) -> None:
    columns = [(kind, size) for kind, sizes in costs.items() for size in sizes]
    print("\nCPU of one process for one answer, as a ratio to an empty view behind the same middleware (ms)\n")
    print(f"{'':24}" + "".join(f"{f'{kind} {size:,}':>20}" for kind, size in columns))
    for name in next(iter(costs[columns[0][0]].values())):
        cells = []
        for kind, size in columns:
            seconds, status = costs[kind][size][name]
            empty = costs[kind][size][EMPTY][0]
            wrong = "" if status in (200, 304) else f" {status}!"
            cells.append(f"{f'{seconds / empty:.2f} ({seconds * 1000:.2f}){wrong}':>20}")
        print(f"{name:24}" + "".join(cells))
    print("\nOn the wire, in brotli, headers included: bytes\n")
    print(f"{'':24}{'page':>10}{'first visit':>14}{'then':>10}{'requests':>10}")
    for name, weight in heavy.items():
        print(f"{name:24}{weight.page:>10,}{weight.first:>14,}{weight.again:>10,}{weight.requests:>10}")


def main(asked: list[str]) -> None:
    kinds = [one for one in KINDS if one in asked] or list(KINDS)
    parts = [one for one in PARTS if one in asked] or list(PARTS)
    known = (*KINDS, *PARTS, STATEMENTS)
    unknown = set(asked) - {*known}
    if unknown:
        sys.exit(f"Not a database or a part: {', '.join(sorted(unknown))}. Known: {', '.join(known)}")
    costs, feeds, heavy, registered = {}, {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="humus-bench-") as name:
        statics = Path(name) / "static"
        statics.mkdir()
        for kind in kinds:
            folder = Path(name) / kind
            folder.mkdir()
            if "pages" in parts:
                costs[kind], found = measure(kind, folder, statics)
                heavy = heavy or found
            if "feeds" in parts:
                feeds[kind] = measure_feeds(kind, folder, statics)
            if "registrations" in parts:
                registered[kind] = measure_registrations(kind, folder, statics)
    if costs:
        show(costs, heavy)
    if feeds:
        show_feeds(feeds)
    if registered:
        registrations.show(registered, STATEMENTS in asked)


if __name__ == "__main__":
    main(sys.argv[1:])
