"""Sessions: which ones a person has, where they were begun, and how they end at once."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .reader import reader

KNOWN_AS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
RUNS_ON = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def end_all(user: User, keep: str | None = None) -> int:
    """End every session of a person wherever it is, but for the one whose key is to be kept; says how many.

    All living sessions are looked through, not only those noted at a login:
    only people who log in have one, so they are few.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.session_key != keep and session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    UserSession.objects.filter(user_id=user.pk).exclude(session_key=keep or "").delete()
    return ended


def end_when_closed(instance: User, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """A closed account is refused at once; its sessions end too, so that none is alive when it is opened again."""
    if not (instance.is_active or created or raw):
        end_all(instance)


def forget_ended() -> str:
    """Delete the sessions that are over, and what was noted of them."""
    ended = Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return f"{ended} sessions forgotten"


def told(request: HttpRequest) -> list[dict[str, Any]]:
    """The reader's own sessions, this one first, then the last seen."""
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: (row.session_key != request.session.session_key, -row.last_seen_at.timestamp()))
    return [
        {
            "pk": row.pk,
            "browser": _first(KNOWN_AS, row.user_agent),
            "system": _first(RUNS_ON, row.user_agent),
            "address": row.ip,
            "began": row.created_at,
            "seen": row.last_seen_at,
            "here": row.session_key == request.session.session_key,
        }
        for row in rows
    ]


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in known if mark in agent), "")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Where the reader is logged in; each session, or all the others, can be ended."""
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": told(request)})
    chosen = request.POST.get("session", "")
    if chosen == "others":
        end_all(reader(request), keep=request.session.session_key)
        messages.success(request, _("Every other session is ended."))
    elif chosen.isdecimal():
        for row in UserSession.objects.filter(user=request.user, pk=chosen).exclude(
            session_key=request.session.session_key
        ):
            row.end()
            messages.success(request, _("The session is ended."))
    return HttpResponseRedirect(reverse("account_sessions"))
