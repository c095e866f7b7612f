"""Registrations: one person's place at one event."""

import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models.fields import CountryField

from .invitation import Invitation
from .seats import Attendance
from .ticket import Ticket


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


class Registration(models.Model):
    """One person's place at one event.

    The row is the reservation: a seat counts as taken in the states of
    ``HOLDING``. ``SeatPool.taken`` mirrors that count in every pool named by
    ``held``, and a CHECK keeps it within the capacity, so that two people racing
    for the last seat end with one winner in any database. One casefolded address
    has one living registration per event: a constraint too.
    """

    class State(models.TextChoices):
        UNVERIFIED = "unverified", _("address to be confirmed")
        REQUESTED = "requested", _("awaits approval")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("offered a seat")
        HELD = "held", _("seat kept for a payment")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")
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
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES)
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)

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
                condition=Q(state__in=["unverified", "requested", "waiting", "offered", "held", "confirmed"]),
                name="one_living_registration",
            )
        ]
        indexes = [models.Index(fields=["event", "state"]), models.Index(fields=["email_key"])]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = address_key(self.email)
        super().save(*args, **kwargs)


class RegistrationChange(models.Model):
    """One line of a registration's history: who changed what, when and why."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    was = models.CharField(_("from"), max_length=12, blank=True)
    became = models.CharField(_("to"), max_length=12)
    why = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"
