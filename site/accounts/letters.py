"""What the letters about accounts say; their links are made when they leave."""

import datetime as dt
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from letters.kinds import kind
from letters.models import Letter

from . import languages, links
from .models import Invitation

RESET_LASTS = dt.timedelta(hours=3)


@kind("invitation", _("invitation to log in"))
def invitation(letter: Letter) -> dict[str, Any] | None:
    """Your account is ready: choose a password; not sent once another letter replaces it, or it is answered."""
    user = _reader(letter)
    mine = Invitation.objects.filter(user=user, number=letter.facts["number"]).first() if user else None
    if user is None or mine is None or not mine.is_open:
        return None
    return {
        "subject": gettext("Your account on the site of the “4 per 1000” meetings"),
        "by": letter.facts["by"],
        "username": user.get_username(),
        "link": links.address(user, mine.expires_at, mine.number),
        "until": _instant(mine.expires_at),
    }


@kind("password", _("link to a new password"))
def password(letter: Letter) -> dict[str, Any] | None:
    """Choose a new password; not sent once its time is over."""
    user, until = _reader(letter), letter.created_at + RESET_LASTS
    if user is None or timezone.now() >= until:
        return None
    return {
        "subject": gettext("A new password for the site of the “4 per 1000” meetings"),
        "username": user.get_username(),
        "link": links.address(user, until),
    }


@kind("account", _("change of an account"))
def account(letter: Letter) -> dict[str, Any] | None:
    """Something about the account changed: whoever did not do it learns of it."""
    if _reader(letter) is None or letter.facts["what"] not in CHANGES:
        return None
    return {
        "subject": gettext("Your account on the site of the “4 per 1000” meetings has changed"),
        "what": CHANGES[letter.facts["what"]],
        "at": _instant(letter.created_at),
        "again": settings.SITE_URL + reverse("account_reset_password"),
    }


CHANGES = {
    "password_changed": _("Your password was changed."),
    "totp_activated": _("A telephone was set up as your second factor."),
    "totp_deactivated": _("Your second factor was taken away."),
    "recovery_codes_generated": _("New recovery codes were made; the former ones are void."),
    "factor_reset": _("The staff took your second factor away. You set up another one when you next log in."),
}


def tell_change(user: User, what: str) -> None:
    """Queue the letter that says what changed, with the change."""
    _queue("account", user, {"what": what})


def send_reset(user: User) -> None:
    """Queue the letter with the link to a new password."""
    _queue("password", user, {}, link_view="account_choose_password")


def _queue(kind: str, user: User, facts: dict[str, Any], **more: str) -> None:
    if user.email:
        Letter.objects.create(
            kind=kind,
            recipient=user.email,
            recipient_name=user.get_full_name(),
            language=languages.of(user),
            facts=facts,
            link_subject=str(user.pk),
            **more,
        )


def _instant(at: dt.datetime) -> str:
    """An instant in words, in universal time."""
    at = at.astimezone(dt.UTC)
    return f"{format_date(at, 'long', locale=get_language() or 'fr')}, {at:%H:%M} UTC"


def _reader(letter: Letter) -> User | None:
    """Whom it is about, as long as the address is still theirs and the account open."""
    user = User.objects.filter(pk=letter.link_subject, is_active=True).first()
    return user if user and user.email.casefold() == letter.recipient.casefold() else None
