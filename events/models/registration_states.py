"""The states of a registration, and which verb leads from which to which: the one table of it.

docs/registration.md shows the same table to readers, and a test walks all of it.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a registration stands."""

    UNVERIFIED = "unverified", _("address to be confirmed")
    REQUESTED = "requested", _("awaits approval")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("offered a seat")
    HELD = "held", _("seat kept for a payment")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", pgettext_lazy("of a registration", "declined")
    CANCELLED = "cancelled", pgettext_lazy("of a registration", "cancelled")
    EXPIRED = "expired", _("expired")


NEW = ""
"What the history calls the state of a registration that is not there yet."
LIVING = [State.UNVERIFIED, State.REQUESTED, State.WAITING, State.OFFERED, State.HELD, State.CONFIRMED]
"Those that still count."
HOLDING = [State.UNVERIFIED, State.OFFERED, State.HELD, State.CONFIRMED]
"Those that always hold a seat; a request holds one where the event says so."
TIMED = [State.UNVERIFIED, State.OFFERED, State.HELD]
"Those that end by themselves: ``expires_at`` says when."


@dataclass(frozen=True)
class Transition:
    """One verb leads from one state to another; ``letter`` is the kind of letter that tells the person, if any."""

    verb: str
    source: str
    target: str
    letter: str


_REACHED = {
    State.UNVERIFIED: "address",
    State.REQUESTED: "requested",
    State.WAITING: "waiting",
    State.HELD: "held",
    State.CONFIRMED: "confirmed",
}
_SEATED = {State.HELD: "held", State.CONFIRMED: "confirmed"}
_AWAITED = {State.REQUESTED: "requested"} | _SEATED
_ALL: dict[str, dict[str, dict[State, str]]] = {
    "enter": {NEW: _REACHED},
    "verify": {
        State.UNVERIFIED: _AWAITED,
        State.REQUESTED: {State.REQUESTED: "requested"},
        State.WAITING: {State.WAITING: "waiting"},
        State.EXPIRED: _AWAITED | {State.WAITING: "waiting"},
    },
    "approve": {State.REQUESTED: {State.HELD: "held", State.CONFIRMED: "approved"}},
    "decline": {source: {State.DECLINED: "declined"} for source in (State.REQUESTED, State.WAITING)},
    "queue": {State.REQUESTED: {State.WAITING: "waiting"}},
    "offer": {State.WAITING: {State.OFFERED: "offered"}},
    "accept": {State.OFFERED: _SEATED},
    "confirm": {
        source: {State.CONFIRMED: "confirmed"}
        for source in (*(state for state in LIVING if state != State.CONFIRMED), State.EXPIRED)
    },
    "lapse": {
        **{source: {State.EXPIRED: ""} for source in (State.UNVERIFIED, State.REQUESTED, State.WAITING)},
        str(State.HELD): {State.EXPIRED: "unpaid"},
    },
    "fail": {State.HELD: {State.EXPIRED: "payment_failed"}},
    "expire": {State.OFFERED: {State.EXPIRED: "offer_expired"}},
    "cancel": {source: {State.CANCELLED: "cancelled"} for source in LIVING},
    "hand_over": {State.CONFIRMED: {State.CANCELLED: "handed_over"}},
    "take_over": {NEW: {State.CONFIRMED: "confirmed"}},
}
TRANSITIONS = {
    (verb, str(source), str(target)): Transition(verb, str(source), str(target), letter)
    for verb, sources in _ALL.items()
    for source, targets in sources.items()
    for target, letter in targets.items()
}
"""What leads where. Who confirms an address in time, and from the line or a request, stays there;
``lapse`` ends without a letter what was never confirmed to be anybody's, and with one what was not paid in time."""
VERBS = list(_ALL)


class SeatLost(Exception):
    """The registration has ended, or its hold ran out and somebody else has the seat."""


class NotAllowed(SeatLost):
    """This verb does not lead on from the state in which the registration is."""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(f"{verb}: {state}")
        self.verb = verb
        self.state = state


class CalledOff(Exception):
    """The event was cancelled, postponed or taken back since its form was opened; nothing was written."""


class DateGone(Exception):
    """The date is none of those that one may register for: begun, cancelled, dropped, or not asked for at all."""


class OtherPrice(Exception):
    """It is paid, or waits to be, and the other place costs something else: nothing was changed."""


class AlreadyThere(Exception):
    """This address has a living registration of its own for the same event or date; nothing was changed."""


def check(verb: str, was: str, becomes: str) -> Transition:
    """The transition, if the table has it.

    Raises:
        NotAllowed: it has not.
    """
    try:
        return TRANSITIONS[verb, str(was), str(becomes)]
    except KeyError:
        raise NotAllowed(verb, was) from None
