"""The history of one registration, and the letters to this person about this event, in the reader's words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.utils import get_user_display_name

from events.models import Registration, RegistrationChange
from events.models.deeds import OF_REGISTRATION
from letters import kinds
from letters.desk import ABANDONED, RETRYING, STATES, UNDELIVERABLE, may_see_letters
from letters.models import Letter

BY_ITSELF = ("lapse", "expire", "offer", "fail", "erase")
"What nobody does: it happens by the clock, or because a seat is free."
SHOWN = 30
"Letters listed; the others are behind the list of letters."


@dataclass
class Line:
    """One change; one of details leaves the state as it was."""

    at: Any
    what: str
    was: str
    became: str
    by: str
    "Empty for the participant."
    by_itself: bool
    why: str
    is_note: bool


def lines(registration: Registration) -> list[Line]:
    return [_line(change) for change in registration.changes.select_related("by__wagtail_userprofile")]


def _line(change: RegistrationChange) -> Line:
    names = dict(Registration.State.choices)
    return Line(
        at=change.at,
        what=capfirst(str(OF_REGISTRATION.get(change.verb, "") or names.get(change.became, change.became))),
        was=str(names.get(change.was, change.was)),
        became=str(names.get(change.became, change.became)),
        by=get_user_display_name(change.by) if change.by else "",
        by_itself=change.by is None and change.verb in BY_ITSELF,
        why=change.reason,
        is_note=change.verb == "note",
    )


def letters(registration: Registration, user: Any) -> list[dict[str, Any]]:
    """Those about this event to this person, the latest first, each with the ways that this reader has."""
    mine = Letter.objects.filter(
        Q(recipient__iexact=registration.email) | Q(link_subject=str(registration.uid)), about=registration.event.uid
    )
    seen, may_resend = may_see_letters(user), user.has_perm("letters.change_letter")
    return [
        {
            "letter": letter,
            "kind": capfirst(kinds.label(letter.kind)),
            "state": STATES[letter.state],
            "failed": letter.state in (ABANDONED, UNDELIVERABLE),
            "error": letter.last_error if letter.state in (ABANDONED, UNDELIVERABLE, RETRYING) else "",
            "at": letter.sent_at or letter.abandoned_at or letter.created_at,
            "url": reverse("letters:inspect", args=[letter.pk]) if seen else "",
            "resend_url": reverse("letters:resend", args=[letter.pk])
            if may_resend and not (letter.is_waiting or letter.resent_as_id)
            else "",
        }
        for letter in mine.select_related("resent_as").order_by("-created_at", "-pk")[:SHOWN]
    ]
