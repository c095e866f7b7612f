"""What becomes of a registration without a change of its state: another way, other details, a new link, a note."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from pages.models import Edition

from . import facts, waiting_list
from .calendar_key import CalendarKey
from .questions.answer import Given
from .questions.answer import keep as keep_answers
from .questions.question import Question
from .registration_books import BY_PARTICIPANT
from .registration_states import LIVING, OtherPrice, SeatLost, State
from .seats import SeatPool
from .sharing import SharingConsent
from .window import Place

if TYPE_CHECKING:
    from .registration import Registration

CORRECTED = gettext_noop("details corrected")
ANSWERED = gettext_noop("other answers than before")
NEW_LINK = gettext_noop("a new link was asked for")
SHARING = gettext_noop("shared with other co-organisers than before")

PRICED = (State.HELD, State.CONFIRMED)
"What the place costs is settled in these: asked for, or paid."

LETTERS = {
    State.UNVERIFIED: "address",
    State.REQUESTED: "requested",
    State.WAITING: "waiting",
    State.OFFERED: "offered",
    State.HELD: "held",
    State.CONFIRMED: "confirmed",
    State.DECLINED: "declined",
    State.CANCELLED: "cancelled",
}
"The letter that tells how things stand, by the state."


class Conduct(models.Model):
    """The verbs of ``Registration`` that leave its state as it is."""

    class Meta:
        abstract = True

    def move_to(self: "Registration", place: Place, by: User | None = None, why: str = BY_PARTICIPANT) -> None:  # type: ignore[misc]
        """Take part in another way: the new seat is taken before the old one is given back, or nothing changes.

        Who has a place is told by letter; who waits keeps their place in the line.

        What is paid or waits to be paid keeps its price; before that the price is that of the new place, now.

        Raises:
            Full: there is no seat there.
            OtherPrice: it is paid, or waits to be, and the other place costs something else.
            SeatLost: the registration has ended.
        """
        with transaction.atomic():
            self._hold()
            if self.state not in LIVING:
                raise SeatLost(self.state)
            if (place.attendance, place.ticket) == (self.attendance, self.ticket):
                return
            if not self.may_move_to(place, by):
                raise OtherPrice
            place = place.on(self.occurrence_id)
            filled = freed = False
            if self.held:
                wanted, had = set(place.pools), set(self.held)
                filled = SeatPool.objects.take(self.event_id, wanted - had)
                freed = SeatPool.objects.release(self.event_id, had - wanted)
                self.held = place.pools
            if place.ticket != self.ticket and self.state not in PRICED:
                self.ticket = place.ticket
                self._price(True)
            self.attendance, self.ticket = place.attendance, place.ticket
            self._keep(self.state)
            self._note("move", self.state, by, why)
            if self.is_confirmed:
                self._write("changed", facts.of_registration(self) | self._more())
            waiting_list.pass_on(self.event_id)
            if filled or freed:
                Edition.bump()
        self.refresh_from_db()

    def may_move_to(self: "Registration", place: Place, by: User | None = None) -> bool:  # type: ignore[misc]
        """Whether the price allows it: whoever owes nothing may be moved anywhere by the staff."""
        if self.state not in PRICED or place.ticket == self.ticket or (by is not None and not self.fee):
            return True
        if place.ticket is None or not self.fee:
            return not self.fee and (place.ticket is None or not place.ticket.price_at())
        return (place.ticket.price_at(), place.ticket.currency) == (self.fee, self.fee_currency)

    def waive(self: "Registration", by: User, why: str) -> bool:  # type: ignore[misc]
        """Who has a place owes nothing any more; False if nothing was asked. The caller holds the payments."""
        with transaction.atomic():
            self._hold()
            if not self.is_confirmed or not self.fee:
                return False
            self.fee, self.fee_currency = 0, ""
            self.save(update_fields=["fee", "fee_currency"])
            self._note("waive", self.state, by, why)
        return True

    def correct(self: "Registration", by: User | None = None, **details: Any) -> None:  # type: ignore[misc]
        """Change names, organisation, country, language or own time zone; nothing else."""
        allowed = {"name", "latin_name", "organisation", "known_organisation", "country", "language", "home_zone"}
        with transaction.atomic():
            self._hold()
            changed = {name for name in allowed & details.keys() if getattr(self, name) != details[name]}
            for name in changed:
                setattr(self, name, details[name])
            if changed:
                self.save(update_fields=[*changed])
                self._note("correct", self.state, by, CORRECTED)

    def answer(self: "Registration", given: Mapping[Question, Given], by: User | None = None) -> bool:  # type: ignore[misc]
        """Let these be the answers to these questions; False if they were already. Which, stands in the history."""
        with transaction.atomic():
            self._hold()
            changed = keep_answers(self, given)
            if changed:
                self._note("answer", self.state, by, ANSWERED)
        return bool(changed)

    def annotate(self: "Registration", by: User, note: str) -> None:  # type: ignore[misc]
        """Put a note of the staff into the history; the participant never sees it."""
        with transaction.atomic():
            self._hold()
            self._note("note", self.state, by, note)

    def share_with(self: "Registration", organisations: Iterable[int], by: User | None = None) -> None:  # type: ignore[misc]
        """Let exactly these organisations see this registration; what changes stands in the history."""
        with transaction.atomic():
            self._hold()
            if SharingConsent.objects.settle(self, organisations):
                self._note("share", self.state, by, SHARING)

    def renew_link(self: "Registration", by: User | None = None) -> None:  # type: ignore[misc]
        """Send a new link; those sent before no longer open anything, nor do those of this person's other dates.

        Nor do those of what this person had here before: its page tells the letters of what they have now.
        The private calendar, whose address stood on the page, is closed with it.
        """
        told = facts.of_registration(self)
        with transaction.atomic():
            self._hold()
            mine = type(self).objects.of(self.email).filter(event_id=self.event_id)
            mine.exclude(pk=self.pk).update(link_version=F("link_version") + 1)
            self.link_version += 1
            self.save(update_fields=["link_version"])
            self._note("renew", self.state, by, NEW_LINK)
            CalendarKey.objects.revoke(self.email_key)
            self._write("link", told)

    def write_again(self: "Registration") -> None:  # type: ignore[misc]
        """Queue a letter with the facts as they are now and a link to the participant's page."""
        kind = "address" if self.address_waits else LETTERS.get(State(self.state), "link")
        self._write(kind, facts.of_registration(self) | self._more())

    @classmethod
    def write_once(cls, registrations: "Sequence[Registration]", again: bool = False) -> None:
        """One letter about all the dates of one form that stand alike; ``again`` if it tells no news."""
        alike: dict[str, list[Any]] = {}
        for row in registrations:
            kind = "address" if row.address_waits else LETTERS.get(State(row.state), "link")
            alike.setdefault(kind, []).append(row)
        for kind, rows in alike.items():
            first = rows[0]
            key = None if again else f"{kind}:{first.uid}"
            first._write(kind, facts.of_registrations(rows) | first._more(), key)
