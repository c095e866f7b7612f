"""The letters before there is a place: the address, a request and its answer, the waiting list, an offer."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Registration
from letters.kinds import kind
from letters.models import Letter

from .body import body, deadline, still

State = Registration.State
Told = dict[str, Any] | None


@kind("address", _("address to be confirmed"))
def address(letter: Letter) -> Told:
    """Say that this address is yours; not sent once it is said, or the time is over."""
    rows = still(letter, lambda row: row.address_waits)
    if not rows:
        return None
    if letter.facts.get("state", State.UNVERIFIED) == State.UNVERIFIED:
        label = gettext("A seat is kept for you until")
        then = gettext("You can still confirm later: you then have a seat if one is free.")
    else:
        label = gettext("Please confirm by")
        then = gettext("After that your request ends by itself.")
    return _before(letter, rows) | {
        "button": gettext("Confirm my address"),
        "deadline": deadline(letter, rows[0], label, then),
    }


@kind("requested", _("request received"))
def requested(letter: Letter) -> Told:
    """Your request awaits an answer; not sent once there is one."""
    return _if_still(letter, State.REQUESTED)


@kind("declined", _("request declined"))
def declined(letter: Letter) -> Told:
    """There is no place for you."""
    return _if_still(letter, State.DECLINED)


@kind("waiting", _("on the waiting list"))
def waiting(letter: Letter) -> Told:
    """You wait for a seat; not sent once one is offered."""
    return _if_still(letter, State.WAITING)


@kind("offered", _("seat offered"))
def offered(letter: Letter) -> Told:
    """A seat is kept for you; not sent once you have it, or it is no longer kept."""
    rows = still(letter, lambda row: row.state == State.OFFERED and _is_this_offer(letter, row))
    if not rows:
        return None
    return _before(letter, rows) | {
        "button": gettext("Answer on my page"),
        "deadline": deadline(
            letter,
            rows[0],
            gettext("The seat is kept for you until"),
            gettext("After that it is offered to the next person who waits."),
        ),
    }


@kind("offer_reminder", _("reminder of an offered seat"))
def offer_reminder(letter: Letter) -> Told:
    """The seat is still kept, not for long; not sent once there is nothing to answer."""
    return offered(letter)


@kind("offer_expired", _("offered seat not taken"))
def offer_expired(letter: Letter) -> Told:
    """The seat went to somebody else; not sent to who has a place after all."""
    return _if_still(letter, State.EXPIRED)


def _is_this_offer(letter: Letter, registration: Registration) -> bool:
    until = registration.expires_at.isoformat() if registration.expires_at else None
    return letter.facts.get("until", until) == until


def _if_still(letter: Letter, state: str) -> Told:
    rows = still(letter, lambda row: row.state == state)
    return _before(letter, rows) if rows else None


def _before(letter: Letter, rows: list[Registration]) -> dict[str, Any]:
    """What stands in a letter to somebody who has no place yet."""
    return body(letter, rows) | {"joins": False}
