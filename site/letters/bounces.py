"""Bounces: letters that a mail server refuses for good, at once or in a report that comes back later."""

import re
import uuid
from collections.abc import Iterator
from email.message import Message
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.utils import timezone

from .models import Letter

FOR_GOOD = frozenset({501, 521, *range(550, 560)})
"Replies about an address or a letter (RFC 5321, 4.2.3; RFC 7504); others of 5xx are about our way of speaking."
POLICY = re.compile(r"^\s*5\.7\.\d+")
"Who we are is what such a server minds (RFC 3463, 3.8), not whom we write to: it may be mended within two days."
OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


def refusal(error: Exception) -> str:
    """What the server said, if it refused this letter for good; else nothing."""
    if isinstance(error, SMTPRecipientsRefused):
        replies: list[tuple[int, bytes | str]] = list(error.recipients.values())
    elif isinstance(error, SMTPDataError):
        replies = [(error.smtp_code, error.smtp_error)]
    else:
        return ""
    said = [(code, _text(words)) for code, words in replies]
    if not said or any(code not in FOR_GOOD or POLICY.match(words) for code, words in said):
        return ""
    return "; ".join(f"{code} {words}" for code, words in said)[:2000]


def undeliverable(letters: uuid.UUID, recipient: str, reason: str) -> bool:
    """Write down that a letter came back, whoever tells it: the letter of this UID to this address. False if none is.

    The door for the webhooks of a mail service: its ``metadata`` or Message-ID holds the UID.
    """
    known = Letter.objects.filter(uid=letters, recipient__iexact=_text(recipient))
    return bool(
        known.update(ending=Letter.Ending.UNDELIVERABLE, abandoned_at=timezone.now(), last_error=_text(reason)[:2000])
    )


def reported(message: Message) -> Iterator[tuple[uuid.UUID, str, str]]:
    """The letters that a report says failed for good (RFC 3464): UID, recipient and what was said.

    A report names the letter by its Message-ID, which nobody can guess.
    """
    if message.get_content_type() != "multipart/report":
        return
    letter = _returned(message)
    if letter is None:
        return
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for about in part.get_payload():
            if not isinstance(about, Message) or str(about.get("Action", "")).strip().lower() != "failed":
                continue
            status = str(about.get("Status", "")).strip()
            recipient = str(about.get("Original-Recipient") or about.get("Final-Recipient") or "")
            if status.startswith("5"):
                words = str(about.get("Diagnostic-Code", "")).partition(";")[2].strip()
                yield letter, recipient.rpartition(";")[2].strip().strip("<>"), words or status


def _returned(message: Message) -> uuid.UUID | None:
    """The UID of the letter that a report brings back, whole or its headers."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            found = OURS.search(str(part.get_payload()))
        else:
            found = OURS.search(str(part.get("Message-ID", ""))) if part is not message else None
        if found:
            return uuid.UUID(found[1])
    return None


def _text(words: bytes | str) -> str:
    """One line without NUL, which PostgreSQL holds in no text."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(said.replace("\0", " ").split())
