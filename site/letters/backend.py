"""Mail that somebody else's code sends, Wagtail's above all: a row of the outbox, never a talk with the mail server."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy

from .kinds import kind
from .models import Letter


class OutboxBackend(BaseEmailBackend):
    """Writes one letter for each recipient, in the language active now and in the caller's transaction.

    The worker that carries letters opens LETTERS_BACKEND by name, never the
    default: what is queued here can't come back here.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them all, or none.

        Raises:
            ValueError: a message carries files, which letters don't.
        """
        if any(message.attachments for message in email_messages):
            raise ValueError("A letter carries no files: write a kind of its own for it.")
        with transaction.atomic():
            for message in email_messages:
                for recipient in message.recipients():
                    self._queue(message, *parseaddr(recipient))
        return len(email_messages)

    def _queue(self, message: EmailMessage, name: str, address: str) -> None:
        language = get_language() or settings.LANGUAGE_CODE
        Letter.objects.create(
            kind="notice",
            recipient=address,
            recipient_name=name,
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            facts={"subject": str(message.subject), "text": str(message.body)},
        )


@kind("notice", gettext_lazy("notice of the site"))
def notice(letter: Letter) -> dict[str, Any]:
    """What somebody else's code wrote, as it wrote it."""
    return {"subject": letter.facts["subject"], "words": letter.facts["text"]}
