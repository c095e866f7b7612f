"""Registrations: one person's place at one event."""

import datetime as dt
import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regions.models import Organisation
from regions.models.fields import CountryField, ZoneField

from . import registration_states as states
from .conduct import Conduct
from .invitation import Invitation
from .life import Life
from .occurrence import Occurrence
from .personal.notice import PrivacyNotice
from .registration_books import Books
from .registration_entry import Entry
from .registration_states import HOLDING, LIVING
from .seats import Attendance
from .ticket import Ticket
from .window import Place


def address_key(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def living(self) -> "RegistrationQuerySet":
        """Those that still count: neither declined, cancelled nor expired."""
        return self.filter(state__in=Registration.LIVING)

    def holding_a_seat(self) -> "RegistrationQuerySet":
        """Those whose seats are counted: in the states that always hold one, and requests that do."""
        return self.filter(Q(state__in=HOLDING) | Q(state=states.State.REQUESTED) & ~Q(held=[]))

    def in_line(self) -> "RegistrationQuerySet":
        """The waiting list: who can be offered a seat, the first first."""
        return self.known().filter(state=states.State.WAITING, expires_at=None).order_by("line", "pk")

    def to_decide(self) -> "RegistrationQuerySet":
        """The requests that await the staff, the oldest first: not those whose address is still to be confirmed."""
        return self.known().filter(state=states.State.REQUESTED, expires_at=None).order_by("created_at", "pk")

    def known(self) -> "RegistrationQuerySet":
        """Those of people whose data are still here."""
        return self.filter(erased_at=None)

    def run_out(self) -> "RegistrationQuerySet":
        """Those whose time is over."""
        return self.living().filter(expires_at__lte=timezone.now())

    def of(self, email: str) -> "RegistrationQuerySet":
        return self.filter(email_key=address_key(email))

    def beside(self, registration: "Registration") -> "RegistrationQuerySet":
        """The other living ones of the same person for the same event: for other dates of a series."""
        mine = self.living().of(registration.email).filter(event_id=registration.event_id)
        return mine.exclude(pk=registration.pk)


class Registration(Books, Entry, Life, Conduct):
    """One person's place at one event.

    The row is the reservation: a seat counts as taken in the states of ``HOLDING``,
    and in a request if the event says so. ``SeatPool.taken`` mirrors that count in every pool named by
    ``held``, and a CHECK keeps it within the capacity, so that two people racing
    for the last seat end with one winner in any database. One casefolded address
    has one living registration per event, or per date where one registers date by
    date (``occurrence``): a constraint too.
    """

    State = states.State
    LIVING = LIVING
    HOLDING = HOLDING

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

    fee = models.PositiveIntegerField(
        _("fee"), default=0, editable=False, help_text="What the place costs, in minor units, as it was when asked for."
    )
    fee_currency = models.CharField(max_length=3, blank=True, default="", editable=False)

    name = models.CharField(_("name"), max_length=200)
    latin_name = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True, default="", help_text="Where the name is in others."
    )
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, editable=False)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    known_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation of the directory"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="If what was written is the name of one.",
    )
    country = CountryField(_("country"), blank=True)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance.choices)
    home_zone = ZoneField(_("own time zone"), blank=True, default="", help_text="Where the person is, if known.")
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES)
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    notice = models.ForeignKey(
        PrivacyNotice, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="registrations"
    )
    submission = models.UUIDField(
        null=True,
        editable=False,
        help_text="The form it came from: the same one sent twice is one wish.",
    )

    verified_at = models.DateTimeField(_("address confirmed"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(
        _("kept until"),
        null=True,
        blank=True,
        editable=False,
        help_text="Until when an offer, a payment or the address is waited for; a request or a place in the line whose "
        "address is still to be confirmed has it too.",
    )
    line = models.BigIntegerField(
        null=True, editable=False, help_text="The place in the line of who waits: the smallest is the first."
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("registered"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When everything that tells who it is was deleted."
    )
    erasure_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When that was asked for, while it waits for money on its way."
    )

    goes_back: int | None = None
    "What goes back by the verb that is being done, in minor units, for its letter; never kept."

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
            models.CheckConstraint(
                condition=~Q(state__in=["unverified", "offered", "held"]) | Q(expires_at__isnull=False),
                name="kept_seat_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state"]),
            models.Index(fields=["email_key"]),
            models.Index(fields=["event", "erased_at"], name="registrations_erased"),
            models.Index(fields=["event", "line"], condition=Q(state="waiting"), name="registrations_in_line"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="registrations_run_out"),
        ]

    def __str__(self) -> str:
        return gettext("somebody whose data were erased") if self.is_erased else f"{self.name} <{self.email}>"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = address_key(self.email)
        super().save(*args, **kwargs)

    @property
    def is_erased(self) -> bool:
        """Whether nothing tells any more who this is."""
        return self.erased_at is not None

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def is_living(self) -> bool:
        return self.state in self.LIVING

    @property
    def is_to_be_paid(self) -> bool:
        """Whether a seat is kept for a payment, and there is still time for it."""
        ends = self.expires_at
        return self.state == self.State.HELD and bool(self.fee) and ends is not None and ends > timezone.now()

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
    def has_begun(self) -> bool:
        """Whether it is too late to come into what this person registered for; a series is until its end."""
        begins = self.begins_at
        return self.event.is_over if begins is None else begins <= timezone.now()

    @property
    def begins_at(self) -> dt.datetime | None:
        """When what this person registered for begins; None for a series."""
        if self.occurrence is not None:
            return self.occurrence.starts_at
        return None if self.event.recurs else self.event.starts_at

    @property
    def may_be_passed_on(self) -> bool:
        """Whether this person can give their place to somebody else now."""
        allowed = self.is_confirmed and self.event.allows_transfer and self.event.live
        return allowed and self.takes_place and not self.has_begun

    @property
    def takes_place(self) -> bool:
        """Whether what this person registered for is held: neither the event nor their date is called off."""
        held = self.occurrence is None or self.occurrence.takes_place
        return held and self.event.status not in self.event.CALLED_OFF
