"""Writes the letters that leave by themselves before and after a date, and whose moment has come."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.registration import reminding
from letters.jobs import JobFailed


class Command(BaseCommand):
    help = "Writes the reminders, the letters on how to join and the thanks that are due, as the worker does."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(self.style.SUCCESS(reminding.remind_what_is_due()))
        except JobFailed as failed:
            raise CommandError(str(failed)) from failed
