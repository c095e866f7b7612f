from typing import Any

from django.core.management.base import BaseCommand

from events.founding import foundation


class Command(BaseCommand):
    """Lay the foundation of a site."""

    help = "Makes what is missing of the page trees, groups and workflows. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        made = foundation.lay()
        if options["verbosity"]:
            self.stdout.write(f"Founded: {', '.join(made)}." if made else "Nothing was missing.")
