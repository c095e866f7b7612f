"""Two calendar programs of Debian subscribe to a running site, and follow it: vdirsyncer fetches, khal shows."""

from __future__ import annotations

import datetime as dt
import gzip
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from tests.served import Served

pytestmark = pytest.mark.once

PATIENCE = 60  # seconds
PROGRAMS = Path(sys.executable).parent
CAIRO, TORONTO = ZoneInfo("Africa/Cairo"), ZoneInfo("America/Toronto")
# A Wednesday within the feed's window, whatever the day; sixty weeks see the clocks change both ways.
FIRST = dt.date.today() + dt.timedelta(days=14 + (2 - dt.date.today().weekday()) % 7)
WEEKS = 60

VDIRSYNCER = """
[general]
status_path = "{folder}/status"

[pair agenda]
a = "site"
b = "disk"
collections = null
conflict_resolution = "a wins"

[storage site]
type = "http"
url = "{url}"

[storage disk]
type = "filesystem"
path = "{folder}/agenda"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[agenda]]
path = {folder}/agenda
readonly = True

[sqlite]
path = {folder}/{name}.db

[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""

MADE = f"""
import datetime as dt, recurrence
from tests.factories import EventFactory, told
first = dt.datetime.fromisoformat("{FIRST}T15:00")
rule = recurrence.deserialize("RRULE:FREQ=WEEKLY;COUNT={WEEKS}", include_dtstart=False)
facts = {{"timezone": "Africa/Cairo", "start_local": first, "end_local": first + dt.timedelta(hours=2)}}
EventFactory.published(title=told("Sols du Nil"), recurrence=rule, **facts)
EventFactory.published(title=told("Forum du Caire"), **facts)
"""
FOUND = """
import datetime as dt
from events.models import Event, EventException
forum = Event.objects.get(title__contains="Forum du Caire")
series = Event.objects.get(title__contains="Sols du Nil")
days = [date.original.date() for date in series.occurrences.order_by("original")]
hour = dt.timedelta(hours=1)
"""
MOVED = (
    FOUND
    + """
forum.start_local += 25 * hour
forum.end_local += 25 * hour
forum.save_revision().publish()
moved = dt.datetime.combine(days[3], dt.time(11)) - 24 * hour
series.exceptions.add(EventException(day=days[3], start_local=moved, end_local=moved + hour))
series.exceptions.add(EventException(day=days[5], is_cancelled=True))
series.save_revision().publish()
"""
)
CALLED_OFF = (
    FOUND
    + """
forum.status = "cancelled"
forum.save_revision().publish()
series.exceptions = [one for one in series.exceptions.all() if one.is_cancelled]
series.save_revision().publish()
"""
)


class Subscriber:
    """Somebody's calendar, with a home of its own, of which the machine's settings know nothing."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        for name in ("agenda", "status", "home"):
            (folder / name).mkdir(parents=True)
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=folder, url=url))
        self._run("vdirsyncer", "--config", str(folder / "vdirsyncer.conf"), "discover", "agenda")

    def sync(self) -> None:
        self._run("vdirsyncer", "--config", str(self.folder / "vdirsyncer.conf"), "sync")

    def shown(self, title: str, zone: ZoneInfo) -> list[tuple[str, str]]:
        """What khal shows under a title, in order: when it begins on the clocks of a zone, and its status."""
        name = zone.key.rpartition("/")[2]
        config = self.folder / f"{name}.conf"
        config.write_text(KHAL.format(folder=self.folder, name=name, zone=zone.key))
        days = (FIRST - dt.timedelta(days=10), FIRST + dt.timedelta(weeks=WEEKS + 4))
        fields = [word for field in ("title", "start-long-full", "status") for word in ("--json", field)]
        told = self._run("khal", "--config", str(config), "list", *fields, *map(str, days))
        rows = [row for day in told.splitlines() for row in json.loads(day)]
        return [(row["start-long-full"], row["status"]) for row in rows if row["title"].endswith(title)]

    def _run(self, program: str, *arguments: str) -> str:
        home = str(self.folder / "home")
        result = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            env={
                "HOME": home, "PATH": str(PROGRAMS), "LANG": "C.UTF-8", "TZ": "Pacific/Chatham",
                "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home, "NO_PROXY": "*",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )  # fmt: skip
        assert result.returncode == 0, f"{program} ended with {result.returncode}:\n{result.stdout}{result.stderr}"
        assert not re.search("warning|error|traceback|deprecat", result.stdout + result.stderr, re.IGNORECASE), result
        return result.stdout


def weekly(zone: ZoneInfo) -> list[tuple[str, str]]:
    """Every Wednesday at 15:00 in Cairo, on the clocks of a zone."""
    starts = [dt.datetime.combine(FIRST, dt.time(15)) + dt.timedelta(weeks=week) for week in range(WEEKS)]
    return [(said(start, zone), "CONFIRMED") for start in starts]


def said(in_cairo: dt.datetime, zone: ZoneInfo) -> str:
    return f"{in_cairo.replace(tzinfo=CAIRO).astimezone(zone):%Y-%m-%d %H:%M}"


def edit(site: Served, script: str) -> None:
    site.manage("shell", "--no-imports", "-c", script)


def test_khal_follows_a_move_and_a_cancellation(served: Callable[..., Served], tmp_path: Path):
    site = served(workers=1)
    edit(site, MADE)
    subscriber = Subscriber(tmp_path / "subscriber", f"{site.url}/ical/fr/all.ics")
    subscriber.sync()
    start = dt.datetime.combine(FIRST, dt.time(15))
    for zone in (CAIRO, TORONTO):
        assert subscriber.shown("Sols du Nil", zone) == weekly(zone)
        assert subscriber.shown("Forum du Caire", zone) == [(said(start, zone), "CONFIRMED")]
    assert len({beginning[-5:] for beginning, _status in weekly(TORONTO)}) > 1  # one of the two changes its clocks

    edit(site, MOVED)
    subscriber.sync()
    for zone in (CAIRO, TORONTO):
        dates = weekly(zone)
        dates[3] = (said(start + dt.timedelta(weeks=3, hours=-28), zone), "CONFIRMED")
        dates[5] = (dates[5][0], "CANCELLED")
        assert subscriber.shown("Sols du Nil", zone) == dates
        assert subscriber.shown("Forum du Caire", zone) == [(said(start + dt.timedelta(hours=25), zone), "CONFIRMED")]

    edit(site, CALLED_OFF)
    subscriber.sync()
    dates = weekly(TORONTO)
    dates[5] = (dates[5][0], "CANCELLED")
    assert subscriber.shown("Sols du Nil", TORONTO) == dates
    assert subscriber.shown("Forum du Caire", TORONTO) == [(said(start + dt.timedelta(hours=25), TORONTO), "CANCELLED")]


def test_an_app_that_asks_again_is_told_in_a_line_that_nothing_changed(served_once: Served):
    address = urlsplit(f"{served_once.url}/ical/en/all.ics")
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)

    def get(**headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", address.path, headers=names)
        response = connection.getresponse()
        return response, response.read()

    first, body = get()
    assert (first.status, body[:15]) == (200, b"BEGIN:VCALENDAR")
    packed, squeezed = get(Accept_Encoding="gzip")
    assert gzip.decompress(squeezed) == body
    for known in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
        {"If_None_Match": packed.headers["ETag"], "Accept_Encoding": "gzip"},
    ):
        again, nothing = get(**known)
        assert (again.status, nothing) == (304, b""), known
    changed, whole = get(If_None_Match='"something else"', If_Modified_Since=first.headers["Last-Modified"])
    assert (changed.status, whole) == (200, body)
    connection.close()
