"""What the letters about accounts say; their links are made when they leave."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.kinds import kind
from letters.models import Letter

from . import links
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
        "expires_at": mine.expires_at,
    }


def _reader(letter: Letter) -> User | None:
    """Whom it is about, as long as the address is still theirs and the account open."""
    user = User.objects.filter(pk=letter.link_subject, is_active=True).first()
    return user if user and user.email.casefold() == letter.recipient.casefold() else None
