"""Makes the books of payments agree with Stripe, and tells how they stand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.payments import reconciling, refunding, report
from letters.jobs import JobFailed


class Command(BaseCommand):
    help = "Asks Stripe for what it has not told and prints a report of payments; --report only looks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", action="store_true", help="ask Stripe nothing and change nothing")
        parser.add_argument("--sweep", action="store_true", help="do what the worker does once a day, too")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        if not options["report"]:
            if not settings.STRIPE_SECRET_KEY:
                self.stdout.write("STRIPE_SECRET_KEY is not set: Stripe is asked nothing.")
            for do in (refunding.carry_out, reconciling.reconcile, *([reconciling.sweep] if options["sweep"] else [])):
                try:
                    self.stdout.write(f"{do.__name__}: {do()}")
                except JobFailed as error:
                    self.stdout.write(f"{do.__name__}: {error}")
                    failed = True
        for line in report.lines():
            self.stdout.write(line)
        if failed:
            raise CommandError("Not all of it could be done; the worker tries again.")
