"""Reports of letters that came back, as a mail server hands them over: one message on standard input."""

import email
import email.policy
import sys
from typing import Any

from django.core.management.base import BaseCommand

from letters import bounces


class Command(BaseCommand):
    help = "Reads a delivery report (RFC 3464) from standard input and marks the letter that could not be delivered."
    stealth_options = ("source",)

    def handle(self, *args: Any, **options: Any) -> None:
        """Never fails for a message it does not understand: the mail server would bounce it in turn."""
        source = options.get("source") or sys.stdin.buffer
        # Anybody may send one: the modern policy reads each header by its grammar, and stumbles over some.
        try:
            reports = list(bounces.reported(email.message_from_binary_file(source, policy=email.policy.compat32)))
        except RecursionError:  # letters in letters in letters
            reports = []
        marked = sum(bounces.undeliverable(*report) for report in reports)
        self.stdout.write(f"{marked} undeliverable")
