"""Compares the counters of seats with the registrations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.models import Event
from events.registration.seats import differences, seatless


class Command(BaseCommand):
    help = "Compares every counter of seats with the registrations; --fix believes the registrations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="set the counters to what the registrations hold")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for event in Event.objects.order_by("pk").iterator(chunk_size=200):
            for difference in differences(event, mend=options["fix"]):
                found.append(difference)
                self.stdout.write(str(difference))
        astray = seatless()
        if astray:
            self.stdout.write(f"{astray} registrations whose state and seats do not go together")
        if options["fix"] and found:
            self.stdout.write(self.style.SUCCESS(f"{len(found)} counters mended"))
        elif found or astray:
            raise CommandError(f"{len(found)} counters are wrong; check_seats --fix mends them.")
        else:
            self.stdout.write(self.style.SUCCESS("Every counter is right."))
