"""What all verbs of a registration do: hold it, save it, note it, and write the letter that tells of it."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from letters.models import Letter

from . import facts
from .history import RegistrationChange
from .invitation import Invitation
from .registration_states import NotAllowed, State, check
from .seats import SeatPool

if TYPE_CHECKING:
    from .registration import Registration

VERIFY_WITHIN = dt.timedelta(hours=1)
"How long a seat is kept for an address that is to be confirmed; whoever comes later gets one if there is one."
PROVE_WITHIN = dt.timedelta(days=2)
"How long a request, or a place in the line, waits for its address to be confirmed: it keeps no seat from anybody."
PAY_WITHIN = dt.timedelta(minutes=45)
"How long a seat is kept for a payment by who is there to pay: longer than the session at Stripe lasts."

BY_PARTICIPANT = gettext_noop("by the participant")
RAN_OUT = gettext_noop("not answered in time")
SEAT_FREE = gettext_noop("a seat has become free")

Words = dict[str, str]
"What the staff wrote into one letter: its subject and its text, in the reader's language."

MOVED = (
    *("state", "held", "verified_at", "expires_at", "line", "confirmed_at", "cancelled_at"),
    *("attendance", "ticket", "invitation", "fee", "fee_currency"),
)
"What a verb may write beside the state."


class Books(models.Model):
    """The books of ``Registration``: one row, its history, its seats and its letters change together or not at all."""

    class Meta:
        abstract = True

    def _let_go(self: "Registration") -> bool:  # type: ignore[misc]
        """Give back the seats and the use of the code; whether a pool was full and has a seat again."""
        freed = SeatPool.objects.release(self.event_id, self.held) if self.held else False
        if self.invitation_id and not self._beside().filter(invitation=self.invitation_id).exists():
            others = type(self).objects.living().filter(invitation=self.invitation_id).exclude(email_key=self.email_key)
            people = others.order_by().values("email_key").distinct().count()  # a place passed on brought one more
            Invitation.objects.filter(pk=self.invitation_id, used__gt=people).update(used=F("used") - 1)
        self.held = list[str]()
        return freed

    def _beside(self: "Registration") -> Any:  # type: ignore[misc]
        return type(self).objects.beside(self)

    def _hold(self: "Registration") -> None:  # type: ignore[misc]
        """Wait for the event's pools, then for this row, and read both as they are now."""
        SeatPool.objects.hold(self.event_id)
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        self.event = type(self.event).objects.get(pk=self.event_id)

    def _became(  # type: ignore[misc]
        self: "Registration",
        verb: str,
        was: str,
        by: User | None,
        why: str,
        words: Words | None = None,
        letter: bool = True,
    ) -> None:
        """Save what a verb has changed, with its line of history and its letter."""
        kind = check(verb, was, self.state).letter
        self._keep(was)
        self._note(verb, was, by, why)
        if letter:
            self._write_of(kind, words=words)

    def _keep(self: "Registration", was: str) -> None:  # type: ignore[misc]
        """Write the row, if it still is in the state from which the verb leads."""
        with transaction.atomic():
            row = type(self).objects.filter(pk=self.pk, state=was)
            if not row.update(**{name: getattr(self, name) for name in MOVED}):
                raise NotAllowed("keep", was)

    def _note(self: "Registration", verb: str, was: str, by: User | None, why: str) -> None:  # type: ignore[misc]
        RegistrationChange.objects.create(registration=self, verb=verb, by=by, was=was, became=self.state, why=why)

    def _write_of(  # type: ignore[misc]
        self: "Registration", kind: str, told: dict[str, Any] | None = None, words: Words | None = None
    ) -> None:
        """The letter that tells of a transition, if one does; an address to be confirmed is asked for first."""
        kind = "address" if kind and self.address_waits else kind
        if kind:
            self._write(kind, (told or facts.of_registration(self)) | self._more(words), key=f"{kind}:{self.uid}")

    @property
    def address_waits(self: "Registration") -> bool:  # type: ignore[misc]
        """Whether the person still has to say that the address is theirs."""
        return self.expires_at is not None and self.state in (State.UNVERIFIED, State.REQUESTED, State.WAITING)

    def _more(self: "Registration", words: Words | None = None) -> dict[str, Any]:  # type: ignore[misc]
        """What a letter tells beside the event: until when something is kept, and what the staff wrote into it."""
        until = {"until": self.expires_at.isoformat()} if self.expires_at else {}
        fee = {"fee": {"amount": self.fee, "currency": self.fee_currency}} if self.fee else {}
        back = {"refund": self.goes_back} if self.goes_back is not None else {}
        return {"state": self.state} | until | fee | back | ({"words": words} if words else {})

    def _write(  # type: ignore[misc]
        self: "Registration", kind: str, told: dict[str, Any], key: str | None = None, to_many: bool = False
    ) -> None:
        if self.is_erased:
            return
        Letter.objects.create(
            key=key,
            kind=kind,
            recipient=self.email,
            recipient_name=self.name,
            language=self.language,
            facts=told,
            link_view="participant",
            link_subject=str(self.uid),
            about=self.event.uid,
            to_many=to_many,
        )

    def _stand(self: "Registration", state: str, until: dt.datetime | None = None) -> None:  # type: ignore[misc]
        """Be in a state from now on, until when it holds; ``until`` says how long a payment is waited for."""
        now, unproven = timezone.now(), self.event.verifies_address and self.verified_at is None
        self.state = state
        self.expires_at = {
            State.UNVERIFIED: now + VERIFY_WITHIN,
            State.HELD: until or now + PAY_WITHIN,
            State.REQUESTED: now + PROVE_WITHIN if unproven else None,
            State.WAITING: now + PROVE_WITHIN if unproven else None,
        }.get(State(state))
        if state == State.CONFIRMED:
            self.confirmed_at = now
