"""`make run`: one command brings up the whole site, and nothing of it stays behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import ROOT

pytestmark = pytest.mark.once

PATIENCE = 300  # seconds


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
            ["make", "--no-print-directory", "run", f"PORT={self.port}"],
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

    def read(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
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
