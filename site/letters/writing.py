"""Writing: from a row of the outbox to an e-mail in its reader's language."""

import re
from email.headerregistry import Address
from email.utils import parseaddr
from functools import lru_cache

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from .kinds import kinds
from .models import Letter

A_DOT_WITHIN = re.compile(r"\.(?=\S)")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


def write(letter: Letter) -> EmailMultiAlternatives | None:
    """The e-mail, in HTML and as text; None if the letter is no longer true.

    Its links are made here and stored nowhere. What it puts into a calendar is kept in its
    facts under "calendar", and whatever the composer returns as "keeps" beside it: so the
    next attempt says the very same, and the staff read later what was sent.
    """
    with translation.override(letter.language):
        told = kinds[letter.kind].compose(letter)
        if told is None:
            return None
        context = {
            "letter": letter,
            "language": letter.language,
            "called": called(letter.recipient_name),
            "site_url": settings.SITE_URL,
            **told,
        }
        html = _inliner().inline(render_to_string(f"letters/{letter.kind}.html", context))
        text = _plain(f"letters/{letter.kind}.txt", context)
    message = EmailMultiAlternatives(
        subject=" ".join(str(told["subject"]).split()),
        body=text,
        to=[_to(letter)],
        reply_to=[told["reply_to"]] if told.get("reply_to") else None,
        headers={
            "Message-ID": f"<{letter.uid}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>",
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(html, "text/html")
    calendars = told.get("calendar") or []
    letter.facts = letter.facts | told.get("keeps", {}) | ({"calendar": calendars} if calendars else {})
    _invite(message, calendars)
    return message


def _invite(message: EmailMultiAlternatives, calendars: list[dict[str, str]]) -> None:
    """What calendar programs take from a letter: the first calendar is one more form of it, each is a file beside it.

    As Google's own invitations are built: Outlook and Gmail read the form that
    names its method (RFC 6047), others only look for a file.
    """
    for number, calendar in enumerate(calendars, start=1):
        if number == 1:
            message.attach_alternative(calendar["text"], f"text/calendar; method={calendar['method']}")
        name = "invite.ics" if number == 1 else f"invite-{number}.ics"
        message.attach(name, calendar["text"].encode(), "application/ics")


def called(name: str) -> str:
    """A name as a letter says it, so that no mail reader makes a link of it.

    Anybody may have typed it, for anybody's address: "evil.example" becomes
    "evil. example", and "A.K. Singh" no more than "A. K. Singh".
    """
    return A_DOT_WITHIN.sub(". ", " ".join(name.split()))


def _plain(template: str, context: dict[str, object]) -> str:
    text = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    return BLANK_LINES.sub("\n\n", text).strip() + "\n"


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Styles go on each element: some readers of mail drop the head. Nothing is fetched."""
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def _to(letter: Letter) -> str:
    """The recipient with their name, which no line break can turn into another header."""
    name = called(letter.recipient_name)
    local, _at, domain = letter.recipient.rpartition("@")
    try:
        return str(Address(display_name=name, username=local, domain=domain))
    except ValueError:
        return letter.recipient
