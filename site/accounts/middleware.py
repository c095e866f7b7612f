"""Before the administration: the second factor, and when a session was last seen; the language of one's account."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from . import factor, languages
from .reader import reader

OWN, ADMIN = "/account/", "/admin/"
DOORS = ("/admin/login/", "/admin/logout/")
SEEN = "accounts_seen"
NOTED_EVERY = 600
"Seconds between two notes of when a session was last seen: not every click is a write."


class AccountsMiddleware:
    """Nobody is in the administration with a password alone, where MFA_REQUIRED says so.

    A session in which the factor was only just set up does not count: it has to
    be begun anew, with the factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OWN):
            return self._in_the_readers_language(request)
        if request.path_info.startswith(ADMIN) and not request.path_info.startswith(DOORS):
            if request.user.is_authenticated and (elsewhere := self._missing(request)):
                return HttpResponseRedirect(elsewhere)
            _note(request)
        return self.get_response(request)

    def _missing(self, request: HttpRequest) -> str:
        """Where somebody goes first who has not shown a second factor; nowhere if none is missing."""
        if not settings.MFA_REQUIRED:
            return ""
        if not factor.has(request.user):
            return reverse("mfa_activate_totp")
        return "" if factor.was_shown(request) else reverse("account_again")

    def _in_the_readers_language(self, request: HttpRequest) -> HttpResponse:
        """What the address asks for, and is remembered; else the account's; else what the browser asks for."""
        asked = request.GET.get("lang", "")
        known = asked in dict(settings.LANGUAGES)
        if known or (request.user.is_authenticated and not languages.chosen(request)):
            translation.activate(asked if known else languages.of(reader(request)))
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                path=OWN,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _note(request: HttpRequest) -> None:
    seen = request.session.get(SEEN)
    if seen and time.time() - seen > NOTED_EVERY:
        request.session[SEEN] = int(time.time())
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
