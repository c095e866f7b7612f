"""Registrations: one person's place at one event."""

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from letters.models import Letter
from pages.models import Edition
from regions.models.fields import CountryField, ZoneField

from . import facts
from .calendar_key import CalendarKey
from .history import RegistrationChange
from .invitation import Invitation
from .occurrence import Occurrence
from .seats import Attendance, Full, SeatPool
from .sharing import SharingConsent
from .ticket import Ticket
from .window import Place

BY_PARTICIPANT = gettext_noop("by the participant")
CORRECTED = gettext_noop("details corrected")
NEW_LINK = gettext_noop("a new link was asked for")
SHARING = gettext_noop("shared with other co-organisers than before")


class SeatLost(Exception):
    """The registration has ended, or its hold ran out and somebody else has the seat."""


class CalledOff(Exception):
    """The event was cancelled, postponed or taken back since its form was opened; nothing was written."""


class DateGone(Exception):
    """The date is none of those that one may register for: begun, cancelled, dropped, or not asked for at all."""


def address_key(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def living(self) -> "RegistrationQuerySet":
        """Those that still count: neither declined, cancelled nor expired."""
        return self.filter(state__in=Registration.LIVING)

    def holding_a_seat(self) -> "RegistrationQuerySet":
        return self.filter(state__in=Registration.HOLDING)

    def of(self, email: str) -> "RegistrationQuerySet":
        return self.filter(email_key=address_key(email))

    def beside(self, registration: "Registration") -> "RegistrationQuerySet":
        """The other living ones of the same person for the same event: for other dates of a series."""
        mine = self.living().of(registration.email).filter(event_id=registration.event_id)
        return mine.exclude(pk=registration.pk)


class Registration(models.Model):
    """One person's place at one event.

    The row is the reservation: a seat counts as taken in the states of
    ``HOLDING``. ``SeatPool.taken`` mirrors that count in every pool named by
    ``held``, and a CHECK keeps it within the capacity, so that two people racing
    for the last seat end with one winner in any database. One casefolded address
    has one living registration per event, or per date where one registers date by
    date (``occurrence``): a constraint too.
    """

    class State(models.TextChoices):
        UNVERIFIED = "unverified", _("address to be confirmed")
        REQUESTED = "requested", _("awaits approval")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("offered a seat")
        HELD = "held", _("seat kept for a payment")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", pgettext_lazy("of a registration", "cancelled")
        EXPIRED = "expired", _("expired")

    LIVING = [
        State.UNVERIFIED,
        State.REQUESTED,
        State.WAITING,
        State.OFFERED,
        State.HELD,
        State.CONFIRMED,
    ]
    HOLDING = [State.UNVERIFIED, State.OFFERED, State.HELD, State.CONFIRMED]

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="registrations"
    )
    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    occurrence = models.ForeignKey(
        Occurrence,
        verbose_name=_("date"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
        help_text="Of a series for whose dates one registers one by one: that date; else none.",
    )
    invitation = models.ForeignKey(
        Invitation,
        verbose_name=_("invitation code"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CONFIRMED)
    held = models.JSONField(default=list, editable=False, help_text="Keys of the pools in which a seat is held.")

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, editable=False)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    country = CountryField(_("country"), blank=True)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance.choices)
    home_zone = ZoneField(_("own time zone"), blank=True, default="", help_text="Where the person is, if known.")
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES)
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    submission = models.UUIDField(
        null=True,
        editable=False,
        help_text="The form it came from: the same one sent twice is one wish.",
    )

    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("registered"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email_key"],
                condition=Q(
                    state__in=["unverified", "requested", "waiting", "offered", "held", "confirmed"], occurrence=None
                ),
                name="one_living_registration",
            ),
            models.UniqueConstraint(
                fields=["event", "occurrence", "email_key"],
                condition=Q(
                    state__in=["unverified", "requested", "waiting", "offered", "held", "confirmed"],
                    occurrence__isnull=False,
                ),
                name="one_living_registration_a_date",
            ),
        ]
        indexes = [models.Index(fields=["event", "state"]), models.Index(fields=["email_key"])]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = address_key(self.email)
        super().save(*args, **kwargs)

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def is_living(self) -> bool:
        return self.state in self.LIVING

    @property
    def place(self) -> Place:
        """What this person registered for."""
        return Place(self.attendance, self.ticket, None, self.occurrence_id)

    @property
    def is_over(self) -> bool:
        """Whether what this person registered for has passed: their date, else the whole event."""
        if self.occurrence is None:
            return self.event.is_over
        return self.occurrence.ends_at <= timezone.now()

    @property
    def takes_place(self) -> bool:
        """Whether what this person registered for is held: neither the event nor their date is called off."""
        held = self.occurrence is None or self.occurrence.takes_place
        return held and self.event.status not in self.event.CALLED_OFF

    # -- verbs: each is one transaction, and moves the seats with the state

    def enter(self, code: str = "", by: User | None = None, why: str = "", letter: bool = True) -> None:
        """Use the code if one is given, take the seats, and save a new registration as confirmed.

        Raises:
            CalledOff: the event no longer takes place or is no longer public, and nobody of the staff registers.
            CodeRefused: the code is unknown, used up or too old.
            DateGone: the date can't be registered for, or none was named where one has to be.
            Full: a pool has no seat left.
            IntegrityError: this address has a living registration for the event, or for this date of it.
        """
        with transaction.atomic():
            self.held = self.place.pools
            filled = SeatPool.objects.take(self.event_id, self.held)
            # Behind the pools, which a publication fits: what is read here holds until the end.
            self.event = type(self.event).objects.get(pk=self.event_id)
            if by is None and (not self.event.live or self.event.status in self.event.CALLED_OFF):
                raise CalledOff
            self._find_date(by)
            # Who waited for a publication knows what it made public: announcements judge by this moment.
            self.created_at = timezone.now()
            told = facts.of_registration(self) if letter else {}
            if code:
                self.invitation = self._use(code)
            self.state, self.confirmed_at = self.State.CONFIRMED, timezone.now()
            self.save(force_insert=True)
            self._note("", by, why)
            if letter:
                self._write("confirmed", told, key=f"confirmed:{self.uid}")
            if filled:
                Edition.bump()

    def _find_date(self, by: User | None) -> None:
        """Read the date anew, behind the pools: staff register people until it is over, others until it begins.

        Raises:
            DateGone: it is not a date of this event that can be registered for.
        """
        if not self.event.by_date:
            if self.occurrence_id is not None:
                raise DateGone
            return
        coming = self.event.occurrences.not_begun() if by is None else self.event.occurrences.coming()
        self.occurrence = coming.filter(pk=self.occurrence_id).first() if self.occurrence_id else None
        if self.occurrence is None:
            raise DateGone

    def _use(self, code: str) -> Invitation:
        """A code is one person's for all the dates of a series: it counts one use."""
        shared = Registration.objects.beside(self).filter(invitation__code=code.strip().upper()).first()
        if shared is not None and shared.invitation is not None:
            return shared.invitation
        return Invitation.objects.use(self.event_id, code)

    def confirm(self, by: User | None = None, why: str = "") -> None:
        """Make the seat this person's own, taking one if none is held, and write the letter.

        Idempotent: confirming twice changes nothing and sends nothing.

        Raises:
            SeatLost: it was declined or cancelled, or no seat is left.
        """
        told = facts.of_registration(self)
        with transaction.atomic():
            self._hold()
            if self.is_confirmed:
                return
            if self.state in (self.State.DECLINED, self.State.CANCELLED):
                raise SeatLost(self.state)
            try:
                filled = not self.held and SeatPool.objects.take(self.event_id, self.place.pools)
            except Full as full:
                raise SeatLost(full.key) from full
            self.held = self.place.pools
            self.confirmed_at = timezone.now()
            self._become(self.State.CONFIRMED, by, why)
            self._write("confirmed", told, key=f"confirmed:{self.uid}")
            if filled:
                Edition.bump()

    def cancel(self, by: User | None = None, why: str = BY_PARTICIPANT) -> None:
        """End the registration: seat and code are free at once, and a letter says so.

        Idempotent: what has ended stays as it is.
        """
        told = facts.of_registration(self)
        with transaction.atomic():
            self._hold()
            if not self.is_living:
                return
            freed = SeatPool.objects.release(self.event_id, self.held)
            if (
                self.invitation_id
                and not Registration.objects.beside(self).filter(invitation=self.invitation_id).exists()
            ):
                Invitation.objects.filter(pk=self.invitation_id, used__gt=0).update(used=F("used") - 1)
            self.held, self.cancelled_at = [], timezone.now()
            self._become(self.State.CANCELLED, by, why)
            self._write("cancelled", told, key=f"cancelled:{self.uid}")
            if freed:
                Edition.bump()

    def move_to(self, place: Place, by: User | None = None, why: str = BY_PARTICIPANT) -> None:
        """Take part in another way: the new seat is taken before the old one is given back, or nothing changes.

        Raises:
            Full: there is no seat there.
            SeatLost: the registration has ended.
        """
        with transaction.atomic():
            self._hold()
            if not self.is_living:
                raise SeatLost(self.state)
            if (place.attendance, place.ticket) == (self.attendance, self.ticket):
                return
            place = place.on(self.occurrence_id)
            moved = False
            if self.held:
                wanted, had = set(place.pools), set(self.held)
                filled = SeatPool.objects.take(self.event_id, wanted - had)
                freed = SeatPool.objects.release(self.event_id, had - wanted)
                self.held, moved = place.pools, filled or freed
            self.attendance, self.ticket = place.attendance, place.ticket
            self._become(self.state, by, why)
            if moved:
                Edition.bump()

    def correct(self, by: User | None = None, **details: str) -> None:
        """Change name, organisation, country, language or own time zone; nothing else."""
        allowed = {"name", "organisation", "country", "language", "home_zone"}
        with transaction.atomic():
            self._hold()
            changed = {name for name in allowed & details.keys() if getattr(self, name) != details[name]}
            for name in changed:
                setattr(self, name, details[name])
            if changed:
                self._become(self.state, by, CORRECTED)

    def share_with(self, organisations: Iterable[int], by: User | None = None) -> None:
        """Let exactly these organisations see this registration; what changes stands in the history."""
        with transaction.atomic():
            self._hold()
            if SharingConsent.objects.settle(self, organisations):
                self._note(self.state, by, SHARING)

    def renew_link(self, by: User | None = None) -> None:
        """Send a new link; those sent before no longer open anything, nor do those of this person's other dates.

        The private calendar, whose address stood on the page, is closed with it.
        """
        told = facts.of_registration(self)
        with transaction.atomic():
            self._hold()
            Registration.objects.beside(self).update(link_version=F("link_version") + 1)
            self.link_version += 1
            self._become(self.state, by, NEW_LINK)
            CalendarKey.objects.revoke(self.email_key)
            self._write("link", told)

    def write_again(self) -> None:
        """Queue a letter with the facts as they are now and a link to the participant's page."""
        kinds = {self.State.CONFIRMED.value: "confirmed", self.State.CANCELLED.value: "cancelled"}
        self._write(kinds.get(self.state, "link"), facts.of_registration(self))

    @classmethod
    def write_once(cls, registrations: "Sequence[Registration]", again: bool = False) -> None:
        """One letter about all the dates of one form; ``again`` if it tells no news."""
        first = registrations[0]
        key = None if again else f"confirmed:{first.uid}"
        first._write("confirmed", facts.of_registrations(registrations), key)

    def _hold(self) -> None:
        """Wait for the event's pools, then for this row, and read it as it is now."""
        SeatPool.objects.hold(self.event_id)
        self.refresh_from_db(from_queryset=Registration.objects.select_for_update())

    def _become(self, state: str, by: User | None, why: str) -> None:
        was, self.state = self.state, state
        self.save()
        self._note(was, by, why)

    def _note(self, was: str, by: User | None, why: str) -> None:
        RegistrationChange.objects.create(registration=self, by=by, was=was, became=self.state, why=why)

    def _write(self, kind: str, told: dict[str, Any], key: str | None = None) -> None:
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
        )
