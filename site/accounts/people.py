"""What the staff do to somebody's account: each with its line in the history and, where it concerns them, a letter."""

from django.contrib.auth.models import Group, User
from django.db import transaction
from wagtail.log_actions import log

from . import factor, invitations, letters, sessions
from .models import Person


def invite(email: str, name: str, language: str, role: str, by: User) -> User:
    """Invite somebody to a group; somebody who has an account joins it.

    Raises:
        ValidationError: the address is none, or its account is closed.
    """
    with transaction.atomic():
        user = invitations.invite(email, name, language, by)
        user.groups.add(Group.objects.get(name=role))
        log(_person(user), "accounts.invite", user=by, data={"role": role})
    return user


def resend(user: User, by: User) -> bool:
    """Write the invitation anew; False if there is nothing to answer any more."""
    with transaction.atomic():
        sent = invitations.resend(user, by)
        if sent:
            log(_person(user), "accounts.resend", user=by)
    return sent


def end_sessions(user: User, by: User | None) -> int:
    """Log somebody out everywhere; says from how many sessions."""
    with transaction.atomic():
        ended = sessions.end_all(user)
        log(_person(user), "accounts.sessions", user=by, data={"ended": ended})
    return ended


def reset_factor(user: User, by: User | None) -> tuple[bool, int]:
    """Take a lost second factor away, end every session, tell its owner; whether there was one, and how many."""
    with transaction.atomic():
        had = factor.take_away(user)
        ended = sessions.end_all(user)
        log(_person(user), "accounts.factor", user=by, data={"had": had, "ended": ended})
        if had:
            letters.tell_change(user, "factor_reset")
    return had, ended


def _person(user: User) -> Person:
    return Person.objects.get(pk=user.pk)
