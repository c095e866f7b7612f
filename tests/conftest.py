"""Which database the suite runs on, what it holds, and real servers for what threads cannot show."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.postgresql import postgresql
from tests.served import Served, Template


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the suite runs on; postgresql starts a server of its own unless DATABASE_URL names one",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Run the whole session in a child when PostgreSQL must be there before Django is loaded."""
    given = os.environ.get("DATABASE_URL", "").startswith("postgres")
    if config.getoption("--database") != "postgresql" or given:
        # `timeout` and CI end a run by TERM: servers must not stay behind.
        signal.signal(signal.SIGTERM, lambda *_: pytest.exit("told to end", returncode=143))
        return None
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend_global_capture(in_=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what follows is undone
    with postgresql() as url:
        command = [sys.executable, "-m", "pytest", *config.invocation_params.args]
        child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that would empty the database: what `found` made must stay for the next one."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if (marker and marker.kwargs.get("transaction")) or fixtures & {"transactional_db", "live_server"}:
            raise pytest.UsageError(f"{item.nodeid} would flush the database; races belong to the `served` fixture.")


def pytest_collection_finish() -> None:
    _keep()


def _keep() -> None:
    """Say that all there is stays: not to look through Wagtail again and again for what could go saves a fifth."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def private_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What participants send in a test never lies beside what the site of this machine holds."""
    from django.conf import settings
    from django.core.files.storage import storages

    storage: Any = storages["private"]  # the one that the models have
    storage._location = settings.STORAGES["private"]["OPTIONS"]["location"] = str(tmp_path_factory.mktemp("private"))
    storage.__dict__.pop("base_location", None)
    storage.__dict__.pop("location", None)


@pytest.fixture(autouse=True)
def directory_read_anew() -> None:
    """A test is rolled back, and the number of the edition with it: what was read under it is not true any more."""
    from events.registration import known_organisations

    known_organisations._named.cache_clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put an SQLite database in a file, so that it behaves as in production."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> str:
    """Every test finds the page trees, locales, groups and workflows that `found` makes; gives the database's name."""
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        call_command("found", verbosity=0)
    _keep()
    return str(connection.settings_dict["NAME"])


@pytest.fixture(scope="session")
def _template(
    request: pytest.FixtureRequest, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    """One database with the whole programme, made once and copied for each server."""
    from django.db import connection

    founded = ""
    # pytest-django makes a database only where a test asks for one.
    if any(item.get_closest_marker("django_db") or "db" in item.fixturenames for item in request.session.items):
        founded = request.getfixturevalue("django_db_setup")
        with django_db_blocker.unblock():
            connection.close()  # PostgreSQL copies no database that somebody reads
    with Template(os.environ.get("DATABASE_URL", ""), tmp_path_factory.mktemp("template"), founded) as template:
        yield template


@pytest.fixture
def served(_template: Template, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start the real site on a database of its own that holds the whole programme.

    ``served()`` gives a running site, ``served(worker=True)`` one with the
    worker beside it; what it offers is told in tests/served.py.
    """
    with ExitStack() as stack:

        def serve(*, worker: bool = False, workers: int = 2, **environment: str) -> Served:
            folder = tmp_path / f"served-{len(list(tmp_path.glob('served-*')))}"
            folder.mkdir()
            site = Served(_template.copy(folder), folder, workers=workers, environment=environment)
            stack.callback(site.stop)
            site.start(worker=worker)
            return site

        yield serve


@pytest.fixture(scope="session")
def served_once(_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running site for all the tests that only read."""
    folder = tmp_path_factory.mktemp("served-once")
    site = Served(_template.copy(folder), folder)
    try:
        site.start()
        yield site
    finally:
        site.stop()
