"""Deletes the personal data whose time is over, as the worker does every day; or only tells of it."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.models import Event, KeptFigures, Registration
from events.models.personal import keeping
from events.registration.personal import purging
from letters.jobs import JobFailed
from pages.trilingual import shown


class Command(BaseCommand):
    help = "Deletes the personal data whose time is over; --dry-run and --report only look."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, and change nothing")
        parser.add_argument("--event", metavar="UID", help="only of this event, if its time is over")
        parser.add_argument("--report", action="store_true", help="say how long each event's data are kept")

    def handle(self, *args: Any, **options: Any) -> None:
        only = self.event(options["event"]) if options["event"] else None
        if options["report"]:
            self.report(only)
        elif options["dry_run"]:
            self.tell(only)
        else:
            try:
                self.stdout.write(purging.purge(only=only).replace("; ", "\n"))
            except JobFailed as error:
                raise CommandError(str(error)) from error

    def event(self, uid: str) -> Event:
        try:
            return Event.objects.get(uid=UUID(uid))
        except (ValueError, Event.DoesNotExist) as error:
            raise CommandError(f"There is no event {uid}.") from error

    def tell(self, only: Event | None) -> None:
        lines = [str(one) for one in purging.due(only)]
        lines += [
            f"{shown(question.event.title).text}, {shown(question.label).text}: {count} answers"
            for question, count in purging.answers_due(only)
        ]
        self.stdout.write("\n".join(["Nothing was changed. Would be deleted:", *(lines or ["nothing"])]))

    def report(self, only: Event | None) -> None:
        """Each event of whose people something is known, or was: until when, or since when no more."""
        events = Event.objects.filter(pk=only.pk) if only else Event.objects.order_by("starts_at", "pk")
        figures = dict(KeptFigures.objects.values_list("event", "at"))
        for event in events:
            people = Registration.objects.known().filter(event=event).count()
            until = keeping.ends_of_keeping(event)
            if people and until:
                self.stdout.write(f"{until:%Y-%m-%d}  {shown(event.title).text} ({event.uid}): {people} people")
            elif event.pk in figures:
                since = figures[event.pk]
                self.stdout.write(f"{since:%Y-%m-%d}  {shown(event.title).text} ({event.uid}): forgotten")
