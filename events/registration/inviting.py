"""Inviting people by letter: a list of addresses is read line by line, and each gets an invitation of their own."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event, Full, Invitation, Registration, SeatPool, Ticket
from events.models.invitation import new_code
from events.models.registration import address_key
from letters.models import Letter
from pages.models import Edition

from .letters.invitations import KIND, frozen, is_open, letter_to
from .person_form import validate_name

CHUNK = 50
"Invitations written in one transaction: nobody who registers waits long for it."
WITH_NAME = re.compile(r"""^["'“«\s]*(?P<name>[^<>]*?)["'”»\s]*<(?P<email>[^<>]*)>$""")


@dataclass(frozen=True)
class Guest:
    """One line of the list: whom it names, or what is wrong with it."""

    number: int
    typed: str
    name: str = ""
    email: str = ""
    trouble: str = ""

    @property
    def key(self) -> str:
        return address_key(self.email)


def read(text: str) -> list[Guest]:
    """The lines that are not empty: "Name <a@b.c>" or "a@b.c", each with its number; who comes twice is told."""
    found: list[Guest] = []
    first: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        typed = " ".join(line.split())
        if not typed:
            continue
        guest = _guest(number, typed)
        if not guest.trouble and guest.key in first:
            guest = replace(guest, trouble=_("is in line %(line)d already") % {"line": first[guest.key]})
        elif not guest.trouble:
            first[guest.key] = number
        found.append(guest)
    return found


def _guest(number: int, typed: str) -> Guest:
    bare = typed.strip(" ,;")
    match = WITH_NAME.match(bare)
    name, email = (match["name"].strip(), match["email"].strip()) if match else ("", bare)
    if not _is_whole(email):
        return Guest(number, typed, trouble=_("is not a whole e-mail address"))
    try:
        validate_name(name)
    except ValidationError:
        return Guest(number, typed, trouble=_("has a web address in the name"))
    return Guest(number, typed, name[:200], email)


def _is_whole(email: str) -> bool:
    """As the form of registration judges an address."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return email.rpartition("@")[0].isascii() and '"' not in email and len(address_key(email)) <= 254


class Outcome(NamedTuple):
    """How many were invited, which lines were left, and the pool that has too few seats, if one has."""

    invited: int
    left: list[Guest]
    full: Full | None = None


@dataclass
class Inviting:
    """What is sent to many: each gets an invitation of their own with one use, and one letter."""

    event: Event
    ticket: Ticket | None = None
    language: str = "fr"
    expires_at: dt.datetime | None = None
    keeps_seats: bool = False
    words: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def known(self, guests: Iterable[Guest]) -> list[Guest]:
        """The same lines; who is registered or invited already is told."""
        keys = {guest.key for guest in guests if not guest.trouble}
        living = Registration.objects.living().filter(event=self.event, email_key__in=keys)
        registered = set(living.values_list("email_key", flat=True))
        invited = {address_key(one.email) for one in self._unanswered(keys) if is_open(one)}
        said = {key: _("is invited already") for key in invited} | {key: _("is registered") for key in registered}
        return [
            guest if guest.trouble or guest.key not in said else replace(guest, trouble=said[guest.key])
            for guest in guests
        ]

    def _unanswered(self, keys: set[str]) -> list[Invitation]:
        """The invitations of these people that were neither declined nor taken back."""
        mine = Invitation.objects.personal().filter(event=self.event, revoked_at=None, declined_at=None)
        return [one for one in mine.select_related("event") if address_key(one.email) in keys]

    def invite(self, guests: Sequence[Guest]) -> Outcome:
        """Write the invitations and their letters, some at a time; what could not be done is left, nothing is lost."""
        invited = 0
        left: list[Guest] = []
        for start in range(0, len(guests), CHUNK):
            try:
                made, rest = self._chunk(list(guests[start : start + CHUNK]))
            except Full as full:
                return Outcome(invited, [*left, *guests[start:]], full)
            invited += made
            left += rest
        return Outcome(invited, left)

    def _chunk(self, guests: list[Guest]) -> tuple[int, list[Guest]]:
        with transaction.atomic():
            SeatPool.objects.hold(self.event.pk)  # nobody registers or is invited meanwhile
            guests = self.known(guests)
            right = [guest for guest in guests if not guest.trouble]
            self._end_old_ones({guest.key for guest in right})
            made = [self._invitation(guest) for guest in right]
            filled = False
            if self.keeps_seats and made:
                filled = SeatPool.objects.take(self.event.pk, made[0].held, len(made))
            Invitation.objects.bulk_create(made)
            if made:
                told = frozen(self.event, made[0], self.words)
                Letter.objects.bulk_create([letter_to(one, told) for one in made], ignore_conflicts=True)
            if filled:
                Edition.bump()
        return len(made), [guest for guest in guests if guest.trouble]

    def _end_old_ones(self, keys: set[str]) -> None:
        """Who had an invitation that ran out, or gave back the place it brought, is invited anew."""
        for old in self._unanswered(keys):
            Invitation.objects.filter(pk=old.pk).update(revoked_at=timezone.now())
            old.settle()

    def _invitation(self, guest: Guest) -> Invitation:
        made = Invitation(
            event=self.event,
            code=new_code(),
            ticket=self.ticket,
            max_uses=1,
            expires_at=self.expires_at,
            reserves_seats=self.keeps_seats,
            email=guest.email,
            name=guest.name,
            language=self.language,
            note=self.note,
            sent_at=timezone.now(),
        )
        if self.keeps_seats:
            made.reserved, made.held = 1, made.pools()
        return made


def remind(invitations: Iterable[Invitation]) -> int:
    """One more letter, with the words of the first, to each who has not answered; at most one a day."""
    written = 0
    open_ones = [one for one in invitations if one.email and is_open(one)]
    for start in range(0, len(open_ones), CHUNK):
        chunk = open_ones[start : start + CHUNK]
        with transaction.atomic():
            words = _first_words(chunk)
            letters = [
                letter_to(one, frozen(one.event, one, words.get(one.pk)), f"{timezone.now():%Y-%m-%d}") for one in chunk
            ]
            there = set(Letter.objects.filter(key__in=[letter.key for letter in letters]).values_list("key", flat=True))
            new = [letter for letter in letters if letter.key not in there]
            Letter.objects.bulk_create(new, ignore_conflicts=True)
            written += len(new)
    return written


def _first_words(invitations: list[Invitation]) -> dict[int, Any]:
    first = Letter.objects.filter(key__in=[f"{KIND}:{one.pk}" for one in invitations])
    return {int(letter.link_subject): letter.facts.get("words") for letter in first}
