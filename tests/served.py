"""The real site in processes of its own: gunicorn, the worker, and a database nobody else uses."""

import contextlib
import email
import email.policy
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from tests.parent import Child, Parent

ROOT = Path(__file__).resolve().parents[1]
MANAGE = str(ROOT / "manage.py")
PATIENCE = 600  # seconds that a command may take before the test fails: a busy machine makes the programme in minutes


def environment(database_url: str, **more: str) -> dict[str, str]:
    """What a process of the site is started with: this test's database and nothing of the machine's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return (
        kept
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database_url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
            "PYTHONUNBUFFERED": "1",
        }
        | more
    )


def command(database_url: str, *arguments: str, **more: str) -> str:
    """Run a Django command on this database and return what it printed.

    Raises:
        AssertionError: the command failed; the message holds its output.
    """
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment(database_url, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == 0, f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}"
    return result.stdout


class Template:
    """A database with the whole programme, from which each server gets its own copy.

    It begins as a copy of ``founded``, a database in which all migrations
    have run, or as nothing.
    """

    def __init__(self, server_url: str, folder: Path, founded: str = "") -> None:
        self.folder = folder
        self.founded = founded
        self.server_url = server_url if server_url.startswith("postgres") else ""
        self.name = f"humus_programme_{os.getpid()}"
        self.copies: list[str] = []

    def __enter__(self) -> Self:
        if self.server_url:
            self._sql(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.founded or "template1"}"')
            self.url = self._address(self.name)
        else:
            file = self.folder / "programme.sqlite3"
            self.url = f"sqlite:///{file}"
            if self.founded:
                _copy(Path(self.founded), file)
        command(self.url, "demo", MEDIA_ROOT=str(self.folder / "media"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in [*self.copies, self.name] if self.server_url else []:
            self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy(self, folder: Path) -> str:
        """The address of a new database equal to this one."""
        if self.server_url:
            name = f"{self.name}_{len(self.copies)}"
            self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
            self.copies.append(name)
            return self._address(name)
        target = folder / "site.sqlite3"
        _copy(self.folder / "programme.sqlite3", target)
        return f"sqlite:///{target}"

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/{name}"))

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def _copy(file: Path, target: Path) -> None:
    """Copy an SQLite database with what is still in its write-ahead log."""
    with contextlib.closing(sqlite3.connect(file)) as source, contextlib.closing(sqlite3.connect(target)) as copied:
        source.backup(copied)


class Served:
    """One running site.

    ``url`` is its address without a slash at the end, ``database_url`` its
    database, ``mail_dir`` the folder where letters that left lie as files.
    """

    def __init__(
        self, database_url: str, folder: Path, *, workers: int = 2, environment: dict[str, str] | None = None
    ) -> None:
        self.database_url = database_url
        self.folder = folder
        self.mail_dir = folder / "mail"
        self.workers = workers
        self.more = environment or {}
        self.parent: Parent | None = None
        self.processes: list[Child] = []
        self.url = ""

    @property
    def environment(self) -> dict[str, str]:
        settings = {
            "SITE_URL": self.url,
            "MEDIA_ROOT": str(self.folder / "media"),
            "EMAIL_URL": f"file:///{self.mail_dir}",
            "PORT": self.url.rpartition(":")[2],
            "KEPT_PAGES_MB": "8",  # as in public
        }
        return settings | self.more

    def start(self, *, worker: bool = False) -> None:
        """Begin to answer. The first request simply waits until the site is up."""
        self.mail_dir.mkdir(exist_ok=True)
        with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
            self.url = f"http://127.0.0.1:{door.getsockname()[1]}"
            with (self.folder / "parent.log").open("ab") as log:
                self.parent = Parent(environment(self.database_url, **self.environment), log, (door.fileno(),))
            # fmt: off
            self._spawn(
                "gunicorn", "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi", "--bind", f"fd://{door.fileno()}",
                "--workers", str(self.workers), "--worker-class", "sync", "--worker-tmp-dir", str(self.folder),
                "--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning",
            )
            # fmt: on
        if worker:
            self.start_worker()

    def start_worker(self) -> Child:
        """Start the worker beside the site."""
        return self._spawn("worker", MANAGE, "work")

    def manage(self, *arguments: str) -> str:
        """Run a Django command on this site's database and return what it printed.

        Raises:
            AssertionError: the command failed; the message holds its output.
        """
        assert self.parent is not None, "start the site first"
        with tempfile.TemporaryFile("w+") as printed:
            ended = self.parent.begin(MANAGE, *arguments, log=printed.fileno()).wait(PATIENCE)
            printed.seek(0)
            told = printed.read()
        assert ended == 0, f"{' '.join(arguments)} ended with {ended}:\n{told}"
        return told

    def talk(self, *arguments: str) -> Child:
        """Begin a Django command on this site's database, with which one talks by ``stdin`` and ``stdout``."""
        assert self.parent is not None, "start the site first"
        return self.parent.talk(MANAGE, *arguments)

    def letters(self) -> list[EmailMessage]:
        """The letters that have left, oldest first."""
        messages = []
        for path in sorted(self.mail_dir.glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
            parts = path.read_bytes().split(b"-" * 79 + b"\n")
            messages += [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part.strip()]
        return messages

    def log(self) -> str:
        """What the site's processes have printed."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End every process of this site."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)
        self.processes.clear()
        if self.parent is not None:
            self.parent.end()
            self.parent = None

    def _spawn(self, name: str, *arguments: str) -> Child:
        assert self.parent is not None, "start the site first"
        with (self.folder / f"{name}.log").open("ab") as log:
            process = self.parent.begin(*arguments, log=log.fileno())
        self.processes.append(process)
        return process
