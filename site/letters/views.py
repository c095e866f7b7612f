"""Letters on a page: on one's own machine, what left is read here instead of in a mailbox."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Letter

BETWEEN = b"-" * 79 + b"\n"
ADDRESS = re.compile(r"https?://\S+")
SHOWN = 50


def letters(request: HttpRequest) -> HttpResponse:
    """The last letters that left, newest first, with the links that stand in them."""
    here = request.META.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1")
    if not (here and getattr(settings, "LETTERS_ON_A_PAGE", False)):
        raise Http404
    shown = [_shown(message) for message in sent()[:SHOWN]]
    response = render(request, "letters/page.html", {"letters": shown, "waiting": Letter.objects.waiting().count()})
    response["Cache-Control"] = "no-store"
    return response


def sent() -> list[EmailMessage]:
    """Every letter that the file backend wrote, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH or "")
    if not settings.EMAIL_FILE_PATH or not folder.is_dir():
        return []
    found: list[EmailMessage] = []
    for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
        parts = [part for part in path.read_bytes().split(BETWEEN) if part.strip()]
        found += [email.message_from_bytes(part, policy=email.policy.default) for part in reversed(parts)]
    return found


def _shown(message: EmailMessage) -> dict[str, Any]:
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    words = text.get_content() if text else ""
    # In the frame a link opens the whole window.
    page = html.get_content().replace("<head>", '<head><base target="_top">', 1) if html else ""
    return {
        "subject": message["subject"],
        "to": message["to"],
        "date": message["date"],
        "language": message["content-language"] or "",
        "html": page,
        "text": words,
        "links": list(dict.fromkeys(ADDRESS.findall(words))),
    }
