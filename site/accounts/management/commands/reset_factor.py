"""Take away somebody's second factor: for an administrator whom nobody else can let in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import entrance, people


class Command(BaseCommand):
    help = "Takes away a person's second factor and ends their sessions; they set up another at the next login."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name or address the person logs in with")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = entrance.named(name)
        if user is None:
            raise CommandError(f"Nobody logs in as {name}.")
        had, ended = people.reset_factor(user, by=None)
        if options["verbosity"]:
            self.stdout.write(f"{'Taken away' if had else 'There was none'}; {ended} sessions ended.")
