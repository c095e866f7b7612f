"""Certificates of attendance: numbered, verified by anybody who has the number, and revocable."""

import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from . import facts
from .history import RegistrationChange
from .issuer import Issuer
from .occurrence import Occurrence
from .personal.terms import DataTerms
from .registration import Registration, RegistrationQuerySet
from .registration_states import State
from .seats import SeatPool

if TYPE_CHECKING:
    from .event import Event

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"No sign that is read as another: numbers are typed from paper."
PLACES = 12
"30 to the power of 12: nobody finds a number by trying."
CHUNK = 250
"Certificates made in one transaction, which holds the seats of the event meanwhile."
ATTEMPTS = 3
Kept = tuple[dict[str, Any], list[Occurrence]]
OF_EVENT = ("event", "dated", "dates", "issuer")
"What is told of the event; the rest is of the person."


class NotYet(Exception):
    """A certificate says that somebody was there: nothing has taken place yet, or this person had no place."""


class Same(Exception):
    """The certificate says already what it would say."""


def new_number() -> str:
    """Twelve signs in three groups."""
    return _grouped("".join(secrets.choice(LETTERS) for _place in range(PLACES)))


def number_of(typed: str) -> str:
    """The number as it is stored, of one that was typed: case, spaces and dashes do not matter."""
    told = unicodedata.normalize("NFKC", typed[:100]).upper()
    return _grouped("".join(sign for sign in told if sign.isascii() and sign.isalnum()))


def is_number(told: str) -> bool:
    """Whether it could be one, as it is stored."""
    plain = told.replace("-", "")
    return len(plain) == PLACES and set(plain) <= set(LETTERS)


def _grouped(plain: str) -> str:
    return "-".join((plain[:4], plain[4:8], plain[8:]))


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def standing(self) -> "CertificateQuerySet":
        return self.filter(revoked_at=None)

    def missing(self, event: "Event") -> RegistrationQuerySet:
        """Who was there and has no certificate that stands: had a place at what was held and is over."""
        return attended(event).exclude(Exists(self.standing().filter(registration=OuterRef("pk"))))

    def issue(self, registrations: Iterable[Registration], by: User | None) -> "list[Certificate]":
        """One for each of these people who has none that stands, its facts frozen, with a letter; those that were made.

        At most ``CHUNK`` at a time change together, behind the seats of their event: who passes a place on or
        gives it back is before that or after it, and of two that issue for the same person one makes none.

        Raises:
            NotYet: one of them has no place, or what it is for has not ended; those of other chunks may be made.
        """
        made: list[Certificate] = []
        asked: dict[int, list[int]] = {}
        for registration in registrations:
            asked.setdefault(registration.event_id, []).append(registration.pk)
        for event_id in sorted(asked):
            for some in _chunks(sorted(asked[event_id])):
                made += self._issue(event_id, some, by)
        return made

    def _issue(self, event_id: int, registrations: Sequence[int], by: User | None) -> "list[Certificate]":
        for attempt in range(ATTEMPTS):
            try:
                with transaction.atomic():
                    return self._made(event_id, registrations, by)
            except IntegrityError:  # a number is somebody else's
                if attempt + 1 == ATTEMPTS:
                    raise
        return []

    def _made(self, event_id: int, registrations: Sequence[int], by: User | None) -> "list[Certificate]":
        SeatPool.objects.hold(event_id)
        rows = Registration.objects.select_for_update(of=("self",)).filter(pk__in=registrations, event=event_id)
        found = list(rows.select_related("event", "occurrence", "ticket").order_by("pk"))
        if not found:
            return []
        event = found[0].event
        over = {row.pk for row in attended(event).filter(pk__in=registrations).only("pk")}
        if len(over) < len(found):
            raise NotYet
        have = set(self.standing().filter(registration__in=found).values_list("registration", flat=True))
        kept: dict[int | None, Kept] = {}
        made = []
        for row in found:
            if row.pk in have:
                continue
            if row.occurrence_id not in kept:
                kept[row.occurrence_id] = public_now(row)
            made.append(self._of(row, frozen(row, kept[row.occurrence_id]), by))
        self.bulk_create(made)  # type: ignore[arg-type]
        _tell([(one, one.registration) for one in made], by)
        return made

    def _of(self, registration: Registration, told: dict[str, Any], by: User | None) -> "Certificate":
        own = {"attendance": registration.attendance, "person": person(registration)}
        return self.model(
            number=new_number(),
            event=registration.event,
            registration=registration,
            facts=told | own,
            language=registration.language,
            issued_by=by,
        )

    def forget(self) -> int:
        """Take out of these whatever tells who it is: their numbers still say that they were issued, when and for what.

        Inside the caller's transaction.
        """
        rows = list(self.only("facts", "why"))
        for row in rows:
            row.facts = {name: row.facts[name] for name in OF_EVENT if name in row.facts}
            row.why = ""
        self.model.objects.bulk_update(rows, ["facts", "why"], batch_size=CHUNK)  # type: ignore[arg-type]
        return len(rows)


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    return (keys[at : at + CHUNK] for at in range(0, len(keys), CHUNK))


def attended(event: "Event") -> RegistrationQuerySet:
    """Who had a place at what was held and is over: the date of a series, else the whole."""
    rows = Registration.objects.known().filter(event=event, state=State.CONFIRMED)
    if event.status in event.CALLED_OFF:
        return rows.none()
    held = Q(occurrence__ends_at__lte=timezone.now(), occurrence__is_cancelled=False, occurrence__is_dropped=False)
    return rows.filter(held | Q(occurrence=None) if event.is_over else held)


def frozen(registration: Registration, kept: "Kept | None" = None) -> dict[str, Any]:
    """What was attended, as it is public now: an event, one date of a series, or those since the person registered."""
    told, dates = kept or public_now(registration)
    mine = [date for date in dates if date.ends_at > registration.created_at] or dates
    if not mine:
        return told
    first, last = mine[0], mine[-1]
    span = {"start_local": first.start_local.isoformat(), "starts_at": first.starts_at.isoformat()}
    span |= {"end_local": last.end_local.isoformat(), "ends_at": last.ends_at.isoformat()}
    return told | {"event": told["event"] | span, "dates": len(mine)}


def public_now(registration: Registration) -> "Kept":
    """What is the same for all who have the same date; and the dates that were held, for who has a whole series."""
    event, dates = registration.event, list[Occurrence]()
    if registration.occurrence_id is None and event.recurs:
        dates = list(event.occurrences.taking_place().order_by("starts_at"))
    told = {
        "event": facts.of_registration(registration)["event"],
        "dated": registration.occurrence_id is not None,
        "dates": 1,
        "issuer": Issuer.current().name or DataTerms.of(event).controller,
    }
    return told, dates


def person(registration: Registration) -> dict[str, str]:
    return {"name": registration.name, "latin_name": registration.latin_name}


def _tell(made: "list[tuple[Certificate, Registration]]", by: User | None) -> None:
    """The line of each person's history, and the letter."""
    RegistrationChange.objects.bulk_create(
        RegistrationChange(registration=row, verb="certificate", by=by, was=row.state, became=row.state, why=one.number)
        for one, row in made
    )
    told: dict[int | None, dict[str, Any]] = {}
    letters = []
    for one, row in made:
        if row.occurrence_id not in told:
            told[row.occurrence_id] = facts.of_registration(row)
        ticket = facts.told(row.ticket.name) if row.ticket else {}
        line = told[row.occurrence_id]["registrations"][0] | {"uid": str(row.uid)}
        own = {"attendance": row.attendance, "ticket": ticket, "registrations": [line], "certificate": one.number}
        letters.append(
            Letter(
                key=f"certificate:{one.number}",
                kind="certificate",
                recipient=row.email,
                recipient_name=row.name,
                language=row.language,
                facts=told[row.occurrence_id] | own,
                link_view="participant",
                link_subject=str(row.uid),
                about=row.event.uid,
                to_many=len(made) > 1,
            )
        )
    Letter.objects.bulk_create(letters)


class Certificate(models.Model):
    """One certificate. What it says is frozen; who has the number reads on a public page whether it stands."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="certificates"
    )
    registration = models.ForeignKey(
        Registration, verbose_name=_("registration"), on_delete=models.PROTECT, related_name="certificates"
    )
    facts = models.JSONField(default=dict, help_text="The event and its dates as in letters; person: name, latin_name.")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    issued_at = models.DateTimeField(_("issued on"), default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField(_("why it was revoked"), max_length=500, blank=True, help_text=_("For the staff only."))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(revoked_at=None), name="one_standing_certificate"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def revoke(self, by: User | None, why: str) -> bool:
        """It no longer stands; False if it did not any more. The page behind its number says so at once.

        Its letter, if it has not left, is withdrawn.
        """
        with transaction.atomic():
            self._hold()
            if not self.is_standing:
                return False
            self.revoked_at, self.revoked_by, self.why = timezone.now(), by, why
            self.save(update_fields=["revoked_at", "revoked_by", "why"])
            self.registration._note("revoke", self.registration.state, by, why)
        return True

    def correct(self, by: User | None, why: str, **names: str) -> "Certificate | None":
        """Correct the person's ``name`` and ``latin_name``, revoke this one and issue another that says them.

        What was attended stays as this one tells it, whatever became of the event. None if it does not stand.

        Raises:
            NotYet: the person has no place there any more, or is no longer known.
            Same: it says these names already.
        """
        with transaction.atomic():
            self._hold()
            registration = self.registration
            if not self.is_standing:
                return None
            if registration.erased_at is not None or registration.state != State.CONFIRMED:
                raise NotYet
            registration.correct(by=by, **names)
            if self.facts.get("person") == person(registration):
                raise Same
            self.revoke(by, why)
            told = {name: self.facts[name] for name in OF_EVENT if name in self.facts}
            made = Certificate.objects.all()._of(registration, told, by)
            made.save(force_insert=True)
            _tell([(made, registration)], by)
        return made

    def _hold(self) -> None:
        """Wait for the seats of the event, for the registration, then for this row, and read them as they are now."""
        self.registration._hold()
        self.refresh_from_db(
            fields=["facts", "revoked_at", "revoked_by", "why"],
            from_queryset=Certificate.objects.select_for_update(),
        )

    @property
    def is_standing(self) -> bool:
        return self.revoked_at is None

    @property
    def is_nameless(self) -> bool:
        """Whether the person's data were deleted since: it is known that it was issued, no longer to whom."""
        return not self.facts.get("person", {}).get("name")
