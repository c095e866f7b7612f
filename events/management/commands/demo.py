import contextlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, reverse
from tqdm import tqdm

from events.founding import demonstration
from events.founding.programme.plan import Step
from events.founding.programme.reading import ProgrammeRefused


class Command(BaseCommand):
    """Make a demonstration."""

    help = (
        "Makes a demonstration of the site in an empty database: the real programme, accounts and some "
        "registrations. Repeatable; a database that holds anything else is not touched."
    )
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        password = getattr(settings, "DEMO_PASSWORD", "")
        if not password:
            raise CommandError("There is no demonstration here: these settings have no DEMO_PASSWORD.")
        try:
            demonstration.prepare()
            accounts = demonstration.build(
                password=password, progress=self._progress if options["verbosity"] else lambda steps: steps
            )
        except demonstration.ForeignDatabase as refused:
            raise CommandError(
                f"This database is not a demonstration: {refused}. Nothing was changed. "
                "Name an empty one in DATABASE_URL."
            ) from refused
        except ProgrammeRefused as refused:
            raise CommandError(f"The programme was not loaded:\n{refused}") from refused
        if options["verbosity"]:
            self._tell(password, accounts)

    def _progress(self, steps: list[Step]) -> Iterable[Step]:
        return tqdm(steps, desc="programme", unit="record", disable=None, leave=False)

    def _tell(self, password: str, accounts: list[demonstration.Account]) -> None:
        addresses = [f"/{code}/" for code, _name in settings.LANGUAGES] + ["/admin/"]
        with contextlib.suppress(NoReverseMatch):  # only where letters are shown on a page
            addresses.append(reverse("letters"))
        for address in addresses:
            self.stdout.write(f"  {settings.SITE_URL}{address}")
        self.stdout.write(f"Accounts of /admin/, all with the password {password}")
        for account in accounts:
            self.stdout.write(f"  {account.username:22} {account.role}")
