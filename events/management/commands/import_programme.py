from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from events.founding.programme import loading, report
from events.founding.programme.plan import Step
from events.founding.programme.reading import ProgrammeRefused, read


class Command(BaseCommand):
    """Load a programme."""

    help = (
        "Loads regions, organisations, events and news from a JSON file: all or nothing, again and again. "
        "What somebody has edited since the last time is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            if dry_run:
                plan = loading.plan(read(file))
            else:
                plan = loading.load(lambda: read(file), self._progress if options["verbosity"] else list)
        except ProgrammeRefused as refused:
            raise CommandError(f"Nothing was changed. {len(refused.problems)} problem(s):\n{refused}") from refused
        if options["verbosity"]:
            for line in report.lines(plan, dry_run=dry_run):
                self.stdout.write(line)

    def _progress(self, steps: list[Step]) -> Iterable[Step]:
        return tqdm(steps, unit="record", disable=None, leave=False)
