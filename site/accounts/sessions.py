"""Sessions: which ones a person has, and how they end at once."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_all(user: User, keep: str | None = None) -> int:
    """End every session of a person wherever it is, but for the one whose key is to be kept; says how many.

    All living sessions are looked through, not only those that were noted at a
    login: only people who log in have one, so they are few.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.session_key != keep and session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    return ended
