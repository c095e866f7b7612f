"""Machines on which somebody has logged in before: their owner is not locked out by what others try."""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "humus_machine"
SALT = "accounts.machine"
LASTS = 180 * 24 * 3600


def known(request: HttpRequest, user: User | None) -> str:
    """What this machine is called if this person logged in here; "" if not."""
    try:
        pk, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return str(name) if user is not None and pk == user.pk else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the machine show later that this person was here: nothing else is opened by it."""
    name = known(request, user) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        signing.dumps([user.pk, name], salt=SALT),
        max_age=LASTS,
        path="/account/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
