"""Passing a place on: one person gives it to another, who accepts it from a letter."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from letters.models import Letter

from . import facts
from .payment import Payment
from .registration_states import NEW, AlreadyThere, NotAllowed, State, check

if TYPE_CHECKING:
    from .registration import Registration

ANSWER_WITHIN = dt.timedelta(days=3)
"How long the other person has to say yes; the place stays whose it is until then."
PASSED_ON = gettext_noop("passed on to another person")
TAKEN_OVER = gettext_noop("taken over from another person")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def open(self) -> "TransferQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Transfer(models.Model):
    """A place that is being passed on. The row is no promise: whoever accepts has it, if it is still there."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    registration = models.ForeignKey(
        "events.Registration", verbose_name=_("registration"), on_delete=models.CASCADE, related_name="transfers"
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    successor = models.OneToOneField(
        "events.Registration", null=True, blank=True, on_delete=models.CASCADE, related_name="taken_over_by"
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_transfer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, successor=None) | Q(accepted_at__isnull=False, successor__isnull=False),
                name="transfer_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} → {self.email}"

    @classmethod
    def begin(cls, registration: "Registration", name: str, email: str, language: str) -> "Transfer":
        """Offer one's place to somebody else, who has a letter about it; an offer made before is withdrawn.

        Nobody learns by it whether that person is registered: who is reads so behind the letter.

        Raises:
            NotAllowed: there is no place to pass on, the event does not allow it, or it begins.
        """
        with transaction.atomic():
            registration._hold()
            if not registration.may_be_passed_on:
                raise NotAllowed("hand_over", registration.state)
            now = timezone.now()
            registration.transfers.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
            made: Transfer = cls.objects.create(
                registration=registration,
                name=name,
                email=email,
                language=language,
                expires_at=min(filter(None, (now + ANSWER_WITHIN, registration.begins_at))),
            )
            told = facts.of_registration(registration)
            Letter.objects.create(
                key=f"transfer:{made.uid}",
                kind="transfer",
                recipient=email,
                recipient_name=name,
                language=language,
                facts=told | {"from": registration.name, "until": made.expires_at.isoformat()},
                link_view="transfer",
                link_subject=str(made.uid),
                about=registration.event.uid,
            )
        return made

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    def withdraw(self) -> None:
        """The place stays with whoever has it."""
        type(self).objects.filter(pk=self.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        self.refresh_from_db()

    def accept(self, **details: Any) -> "Registration":
        """The other person takes the place: no pool is touched, so that nobody comes between. Idempotent.

        ``details`` are fields of the new registration: name, organisation, country, language,
        home_zone, consented_at, consent_version.

        Raises:
            AlreadyThere: this person has a living registration there.
            NotAllowed: the place was given back or passed on to somebody else meanwhile, or it is too late.
        """
        from .registration import Registration

        with transaction.atomic():
            payments = Payment.objects.hold(self.registration_id)
            self.registration._hold()
            self.refresh_from_db()
            if self.successor is not None:
                return self.successor
            old = self.registration
            if not self.is_open or not old.may_be_passed_on:
                raise NotAllowed("hand_over", old.state)
            held, old.held = old.held, []
            old.state, old.cancelled_at = State.CANCELLED, timezone.now()
            old._became("hand_over", State.CONFIRMED, None, PASSED_ON)
            new = Registration(
                event=old.event,
                occurrence=old.occurrence,
                ticket=old.ticket,
                invitation=old.invitation,
                attendance=old.attendance,
                email=self.email,
                held=held,
                fee=old.fee,
                fee_currency=old.fee_currency,
                verified_at=timezone.now(),
                **({"name": self.name, "language": self.language} | details),
            )
            new._stand(State.CONFIRMED)
            kind = check("take_over", NEW, new.state).letter
            try:
                with transaction.atomic():
                    new.save(force_insert=True)
            except IntegrityError as error:
                raise AlreadyThere from error
            for one in payments:  # what was paid is paid for the place, whoever has it
                one.belongs_to(new)
            new._note("take_over", NEW, None, TAKEN_OVER)
            new._write_of(kind)
            self.accepted_at, self.successor = timezone.now(), new
            self.save(update_fields=["accepted_at", "successor"])
        return new
