"""A demonstration: a site with the real programme, accounts and some registrations, made in one go."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page

from events.models import Event, Imported, Registration
from pages import landmarks
from regions.models import Region

from . import accounts, dates, foundation, people, questions, trees
from .accounts import Account
from .programme import loading
from .programme.reading import read

PROGRAMME = Path(__file__).resolve().parents[1] / "data" / "programme.json"


class ForeignDatabase(Exception):
    """The database holds something that no demonstration has made; it has not been touched."""


def prepare() -> bool:
    """Migrate an empty database or that of a demonstration; True if there was something to migrate.

    Raises:
        ForeignDatabase: it holds anything else.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    _refuse_foreign_tables(tables)
    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not behind:
        _refuse_foreign_rows()
    elif "auth_user" in tables and not _is_marked(tables) and get_user_model().objects.exists():
        raise ForeignDatabase("its users are not those of a demonstration")
    if behind:
        call_command("migrate", verbosity=0, interactive=False)
        _refuse_foreign_rows()
    Imported.objects.get_or_create(kind="programme", key="demonstration")
    return behind


def build(
    file: Path = PROGRAMME, password: str = "", progress: loading.Progress = lambda steps: steps
) -> list[Account]:
    """Found the site, load the programme, open the accounts, register some people; what is done is skipped."""
    foundation.lay()
    mark = Imported.objects.get(kind="programme", key="demonstration")
    digest = _digest(file)
    if mark.values.get("digest") != digest:
        loading.load(lambda: read(file), progress)
        mark.values["digest"] = digest
        mark.save()
    opened = accounts.open_for_all(password)
    if not mark.values.get("registered"):
        dates.except_some()  # before anybody is registered: there is nobody to be told
        people.register_some()
        mark.values["registered"] = True
        mark.save()
    if not mark.values.get("asked"):
        questions.ask_some()
        questions.answer_some()
        mark.values["asked"] = True
        mark.save()
    return opened


def _is_marked(tables: set[str]) -> bool:
    return Imported._meta.db_table in tables and Imported.objects.filter(kind="programme", key="demonstration").exists()


def _refuse_foreign_tables(tables: set[str]) -> None:
    ours = ("django_", *(f"{app.label}_" for app in apps.get_app_configs()))
    foreign = sorted(table for table in tables if not table.startswith(ours))
    if foreign:
        raise ForeignDatabase(f"it has tables of something else ({', '.join(foreign[:3])})")


def _refuse_foreign_rows() -> None:
    """Nothing but what `found` makes may stand in a database without the mark of a demonstration."""
    if _is_marked({Imported._meta.db_table}):
        return
    pages = Page.objects.filter(depth__gt=1).exclude(
        translation_key__in=[landmarks.key("home"), *(landmarks.key(name) for name, _model, _words in trees.ROOMS)]
    )
    welcome = {"depth": 2, "slug": "home", "content_type__model": "page"}
    for rows, what in (
        (Event.objects.all(), "events"),
        (Registration.objects.all(), "registrations"),
        (Region.objects.all(), "regions"),
        (get_user_model().objects.all(), "users"),
        (pages.exclude(**welcome), "pages"),
    ):
        if rows.exists():
            raise ForeignDatabase(f"it holds {what} that no demonstration has made")


def _digest(file: Path) -> str:
    """Of the file and of the code that reads it."""
    digest = hashlib.sha256(file.read_bytes())
    for module in sorted(Path(__file__).parent.glob("programme/*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()
