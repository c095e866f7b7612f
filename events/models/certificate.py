"""Certificates of attendance: numbered, verified by anybody who has the number, and revocable."""

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .registration import Registration
from .registration_states import State

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"No sign that is read as another: numbers are typed from paper."
PLACES = 12
"30 to the power of 12: nobody finds a number by trying."


class NotYet(Exception):
    """A certificate says that somebody was there: nothing has taken place yet, or this person had no place."""


def new_number() -> str:
    """Twelve signs in three groups."""
    drawn = "".join(secrets.choice(LETTERS) for _place in range(PLACES))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def number_of(typed: str) -> str:
    """The number as it is stored, of one that was typed: case, spaces and dashes do not matter."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return "-".join((plain[:4], plain[4:8], plain[8:]))


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def standing(self) -> "CertificateQuerySet":
        return self.filter(revoked_at=None)

    def issue(self, registrations: "Iterable[Registration]", by: User | None) -> "list[Certificate]":
        """One for each of these people who has none that stands, its facts frozen; those that were made.

        Raises:
            NotYet: one of them has no place, or what it is for has not ended.
        """
        made = []
        for registration in registrations:
            if registration.state != State.CONFIRMED or not registration.is_over or not registration.takes_place:
                raise NotYet
            with transaction.atomic():
                registration.__class__.objects.select_for_update().get(pk=registration.pk)
                if not self.standing().filter(registration=registration).exists():
                    made.append(self._made(registration, by))
        return made

    def _made(self, registration: Registration, by: User | None) -> "Certificate":
        from . import facts

        told = facts.of_registration(registration)
        person = {"name": registration.name, "latin_name": registration.latin_name}
        for _attempt in range(5):
            try:
                with transaction.atomic():
                    return self.create(
                        number=new_number(),
                        event=registration.event,
                        registration=registration,
                        facts=told | {"person": person | {"organisation": registration.organisation}},
                        language=registration.language,
                        issued_by=by,
                    )
            except IntegrityError:
                continue  # the number is somebody else's
        raise RuntimeError("no free number")  # pragma: no cover


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

    def revoke(self, by: Any, why: str) -> bool:
        """It no longer stands; False if it did not any more. The page behind its number says so at once."""
        row = type(self).objects.standing().filter(pk=self.pk)
        done = row.update(revoked_at=timezone.now(), revoked_by=by, why=why)
        self.refresh_from_db()
        return bool(done)

    @property
    def is_standing(self) -> bool:
        return self.revoked_at is None

    @property
    def is_nameless(self) -> bool:
        """Whether the person's data were deleted since: it is known that it was issued, no longer to whom."""
        return not self.facts.get("person", {}).get("name")
