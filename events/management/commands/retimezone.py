"""Derives instants anew from the clocks on the wall, after an update of tzdata."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from events.registration.retimezone import Moved, moved, retimezone


class Command(BaseCommand):
    help = (
        "After an update of tzdata: derives the instants of events and dates anew from their clocks on the wall, "
        "and tells calendar apps of those that changed. What is over stays as it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--all", action="store_true", help="what is over, too")

    def handle(self, *args: Any, **options: Any) -> None:
        dry, with_past = options["dry_run"], options["all"]
        found = list(moved(with_past)) if dry else retimezone(with_past)
        for one in found:
            self.stdout.write(_line(one))
        if found:
            verb = "would have" if dry else "have"
            people = sum(one.registrations for one in found)
            self.stdout.write(self.style.SUCCESS(f"{len(found)} events {verb} new instants; {people} registrations."))
        else:
            self.stdout.write(self.style.SUCCESS("Every instant agrees with its clock."))


def _line(one: Moved) -> str:
    dates = f", {len(one.dates)} dates" if one.event.recurs else ""
    return (
        f"{one.event} ({one.event.timezone}): {one.was:%Y-%m-%d %H:%M} → {one.now:%Y-%m-%d %H:%M} UTC"
        f"{dates}, {one.registrations} registrations"
    )
