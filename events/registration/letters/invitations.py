"""The letter of an invitation to one person, and of its reminders."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event, Invitation, Registration, facts
from events.models.feed import last_public
from letters.kinds import kind
from letters.models import Letter

from .. import links
from .body import body, deadline, is_rehearsal

KIND = "personal_invitation"


def frozen(event: Event, invitation: Invitation, words: dict[str, str] | None = None) -> dict[str, Any]:
    """What an invitation tells: the event as it is public, the ticket, until when, and the staff's own words."""
    way = (invitation.ticket.attendance if invitation.ticket else "") or event.format
    return {
        "event": facts.of_event(last_public(event)),
        "attendance": "online" if way == Event.Format.ONLINE else "onsite",
        "ticket": facts.told(invitation.ticket.name) if invitation.ticket else {},
        "until": invitation.expires_at.isoformat() if invitation.expires_at else None,
        "keeps_seat": invitation.reserves_seats,
        "words": words or {},
    }


def letter_to(invitation: Invitation, told: dict[str, Any], again: str = "") -> Letter:
    """The letter to one person; not saved. ``again`` names a reminder: the same one is never written twice."""
    return Letter(
        key=":".join(filter(None, [KIND, str(invitation.pk), again])),
        kind=KIND,
        recipient=invitation.email,
        recipient_name=invitation.name,
        language=invitation.language,
        to_many=True,
        facts=told | {"again": bool(again)},
        link_view="invitation",
        link_subject=str(invitation.pk),
        about=invitation.event.uid,
    )


@kind(KIND, _("personal invitation"))
def personal_invitation(letter: Letter) -> dict[str, Any] | None:
    """You are invited; not sent once it is answered, taken back or over."""
    pk = letter.link_subject
    invitation = Invitation.objects.select_related("event").filter(pk=pk).first() if pk.isdecimal() else None
    rehearsed = is_rehearsal(letter)
    if not rehearsed and (invitation is None or not (letter.sent_at or is_open(invitation))):
        return None
    event = invitation.event if invitation else Event.objects.filter(uid=letter.facts["event"]["uid"]).first()
    reader = Registration(event=event)  # of whom nothing is known but the address
    after = gettext("After that your seat is free for somebody else.") if letter.facts.get("keeps_seat") else ""
    told = body(letter, [reader]) | {
        "button": gettext("Answer the invitation"),
        "joins": False,
        "deadline": deadline(letter, reader, gettext("Please answer until"), after),
    }
    if letter.facts.get("again"):
        told["subject"] = gettext("Reminder: %(subject)s") % {"subject": told["subject"]}
    if invitation is not None and not rehearsed:
        told["link"] = links.invitation_address(invitation, get_language() or settings.LANGUAGE_CODE)
    return told


def is_open(invitation: Invitation) -> bool:
    """Whether it can still be answered: neither used, declined, taken back nor over, and the event is to take place."""
    event = invitation.event
    return (
        invitation.state in (Invitation.State.OPEN, Invitation.State.DRAFT)
        and event.live
        and event.status not in event.CALLED_OFF
        and not event.is_over
    )
