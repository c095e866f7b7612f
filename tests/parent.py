"""A process that has loaded the site once, of which all the others of a served site are born.

To load Django and Wagtail costs more than a second of a processor, a fork
next to nothing. Every server, worker and command is a process of its own all
the same, with connections of its own and nothing shared but what was loaded;
it can be killed like any other.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]


class Child:
    """A process that was born of a Parent, with what `subprocess.Popen` offers."""

    def __init__(self, status: int, stdin: IO[str] | None = None, stdout: IO[str] | None = None) -> None:
        self._status = os.fdopen(status, "rb", buffering=0)
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        said = self._status.readline()
        assert said, "what should have loaded the site has ended: its log says why"
        self.pid = int(said)

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return how it ended.

        Raises:
            subprocess.TimeoutExpired: it still lives.
        """
        if self.returncode is None:
            ready, _, _ = select.select([self._status], [], [], timeout)
            if not ready:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            said = self._status.readline()
            self.returncode = int(said) if said else -signal.SIGKILL
            self._status.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """Say no more, and return what it has printed at its end."""
        assert self.stdin is not None
        assert self.stdout is not None
        self.stdin.close()
        self.wait(timeout)
        with self.stdout:
            return self.stdout.read(), None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Parent:
    """Loads the site as ``environment`` says; ``inherited`` are files that its children have under their numbers."""

    def __init__(self, environment: dict[str, str], log: IO[bytes], inherited: tuple[int, ...] = ()) -> None:
        self.ours, theirs = socket.socketpair()
        self.one_at_a_time = threading.Lock()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.parent", str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(), *inherited),
            )

    def bear(self, *arguments: str, stdin: int, stdout: int) -> int:
        """Begin what `python` would begin with these arguments; returns where it tells of its number and its end."""
        status, tells = os.pipe()
        try:
            with self.one_at_a_time, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(self.ours, [json.dumps(arguments).encode() + b"\n"], [stdin, stdout, tells])
                self.ours.recv(1)  # the files are in other hands
        finally:
            os.close(tells)
        return status

    def begin(self, *arguments: str, log: int) -> Child:
        """Begin a process that reads nothing and writes to a file."""
        with Path(os.devnull).open("rb") as nothing:
            return Child(self.bear(*arguments, stdin=nothing.fileno(), stdout=log))

    def talk(self, *arguments: str) -> Child:
        """Begin a process with which one talks by ``stdin`` and ``stdout``."""
        heard, stdin = os.pipe()
        stdout, said = os.pipe()
        try:
            status = self.bear(*arguments, stdin=heard, stdout=said)
        finally:
            os.close(heard)
            os.close(said)
        return Child(status, os.fdopen(stdin, "w"), os.fdopen(stdout))

    def end(self) -> None:
        self.ours.close()
        self.process.wait(20)


def main(door: socket.socket) -> None:
    """Load the site, then bear whatever is asked for until nobody can ask any more."""
    import importlib

    import django
    from django.conf import settings

    django.setup()
    importlib.import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()  # what all of them share is never looked through again
    assert threading.active_count() == 1, "a thread is not forked with the rest"
    watching: set[int] = set()
    while True:
        said, given, _, _ = socket.recv_fds(door, 1 << 20, 3)
        while said and not said.endswith(b"\n"):
            said += door.recv(1 << 20)
        if not said:
            break
        born = os.fork()
        if born == 0:
            door.close()
            watch(json.loads(said), *given)
        watching.add(born)
        for file in given:
            os.close(file)
        door.send(b".")
        watching = {one for one in watching if not os.waitpid(one, os.WNOHANG)[0]}
    for one in watching:  # none, unless the tests were killed
        os.kill(one, signal.SIGTERM)
    for one in watching:
        os.waitpid(one, 0)


def watch(arguments: list[str], stdin: int, stdout: int, tells: int) -> None:
    """Bear a process and tell its number, then how it ended."""
    child = os.fork()
    if child == 0:
        os.close(tells)
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        os.dup2(stdout, 2)
        os.close(stdin)
        os.close(stdout)
        live(arguments)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    os.close(stdin)
    os.close(stdout)
    with contextlib.suppress(BrokenPipeError):
        os.write(tells, f"{child}\n".encode())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(tells, f"{ended}\n".encode())
    os._exit(0)


def live(arguments: list[str]) -> None:
    """Run a file, or a module after ``-m``, as Python does, and end."""
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr, flush=True)  # noqa: T201
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        status = 1
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
