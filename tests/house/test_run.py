"""`make run`: one command brings up the whole site, and nothing of it stays behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.registration.crowd import Browser
from tests.registration.people import answers
from tests.served import ROOT

pytestmark = pytest.mark.once

PATIENCE = 300  # seconds
COSTS_SOMETHING = "/en/calendar/4-per-1000-southern-europe-meeting-demo/"
STAND_IN = re.compile(r"stand-in for Stripe is at (http://127\.0\.0\.1:\d+)/ \(no money moves\)")


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["MakeRun"]:
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("`make run` is about SQLite")
    if not shutil.which("make") or not (ROOT / ".venv" / "ready").exists():
        pytest.skip("the environment was not made by `make`")
    running = MakeRun(tmp_path_factory.mktemp("run"))
    yield running
    running.end()


class MakeRun:
    """`make run` with a database and a port of its own, ended as a terminal would."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.begin()

    def begin(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.make = subprocess.Popen(
            ["make", "--no-print-directory", "run", f"PORT={self.port}", f"STAND_IN={self.folder / 'stand-in.json'}"],
            cwd=ROOT,
            env=kept | {"DATABASE_URL": f"sqlite:///{self.folder / 'run.sqlite3'}", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.make.stdout is not None
        self.printed = ""
        for line in self.make.stdout:
            self.printed += line
            if f"http://127.0.0.1:{self.port}/" in line and "Starting" in line:
                return
        pytest.fail(f"`make run` ended before it served:\n{self.printed}")

    def end(self) -> None:
        if self.make.poll() is None:
            self.make.terminate()
            self.make.wait(60)
        assert self.make.stdout is not None
        self.make.stdout.close()

    @property
    def stand_in(self) -> str:
        """The address at which payments are played."""
        while not (found := STAND_IN.search(self.printed)):
            assert self.make.stdout is not None
            self.printed += self.make.stdout.readline()
        return found[1]

    def read(self, path: str) -> str:
        return read(f"http://127.0.0.1:{self.port}{path}")


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_the_three_home_pages_answer_each_in_its_language(run: MakeRun):
    for language in ("fr", "en", "es"):
        assert re.search(rf'<html[^>]*\blang="{language}"', run.read(f"/{language}/"))


def test_the_addresses_and_the_accounts_are_printed(run: MakeRun):
    assert f"http://127.0.0.1:{run.port}" in run.printed
    assert "humus-demo" in run.printed


def test_the_whole_programme_is_there(run: MakeRun):
    feeds = run.read("/ical/fr/all.ics") + run.read("/ical/fr/archive.ics")
    assert len(set(re.findall(r"^UID:(\S+)", feeds, re.MULTILINE))) == 76


def test_a_newcomer_pays_for_a_place_at_the_meeting_that_costs_something(run: MakeRun):
    visitor = Browser(f"http://127.0.0.1:{run.port}")
    form = re.search(r'href="(/en/registration/[^"]+)"', visitor.ask("GET", COSTS_SOMETHING).body)
    assert form
    ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.ask("GET", form[1]).body)
    assert ticket
    said = answers(email="newcomer@example.org", language="en", ticket=ticket[1], attendance="onsite")
    pay = urlsplit(visitor.ask("POST", form[1], visitor.fill_in(form[1], said)).location).path
    sent = visitor.ask("POST", pay, visitor.fill_in(pay, {})).location
    assert sent.startswith(f"{run.stand_in}/c/pay/")
    assert "€60.00" in read(sent)
    with urllib.request.urlopen(sent, b"how=card", timeout=60) as back:
        assert back.url.startswith(f"http://127.0.0.1:{run.port}/en/pay/")
    for _look in range(100):
        if "Thank you" in (shown := visitor.ask("GET", pay).body):
            break
        time.sleep(0.1)
    assert "Thank you" in shown


def test_a_second_run_finds_everything_and_ctrl_c_leaves_nothing_behind(run: MakeRun):
    run.end()
    with pytest.raises(ProcessLookupError):
        os.killpg(run.make.pid, 0)

    run.begin()
    run.read("/fr/")
    os.killpg(run.make.pid, signal.SIGINT)
    run.make.wait(60)
    run.end()
    with pytest.raises(ProcessLookupError):
        os.killpg(run.make.pid, 0)
