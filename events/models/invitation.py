"""Invitations: codes, and letters to one person, that open what is not open to all and may keep seats free."""

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.models import Edition

from .personal.nobody import DOMAIN
from .seats import FIRST, SeatPool
from .ticket import Ticket

if TYPE_CHECKING:
    from .event import Event


COUNTED = ("used", "reserved", "held", "sent_at", "declined_at", "revoked_at")
"What changes by itself while somebody has its form open."


# Neither 0 and O nor 1 and I: codes are read aloud.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """A code that can be read aloud and not be guessed: two groups of five."""
    drawn = "".join(secrets.choice(LETTERS) for _place in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


class CodeRefused(Exception):
    """This code does not open the registration of this event."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self) -> "InvitationQuerySet":
        """Those with which somebody can register now."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            Q(max_uses=None) | Q(used__lt=F("max_uses")),
            revoked_at=None,
            declined_at=None,
        )

    def valid(self, event_id: int, code: str) -> "InvitationQuerySet":
        """Codes of an event that can be used now; case and surrounding spaces do not matter."""
        return self.usable().filter(event_id=event_id, code=code.strip().upper())

    def personal(self) -> "InvitationQuerySet":
        """Those to one person, as long as it is known to whom."""
        return self.exclude(Q(email="") | Q(email__endswith=f"@{DOMAIN}"))

    def keeping_seats_too_long(self) -> "InvitationQuerySet":
        """Those that keep seats although nobody can use them any more."""
        ended = Q(expires_at__lte=timezone.now()) | Q(revoked_at__isnull=False) | Q(declined_at__isnull=False)
        return self.filter(ended, reserved__gt=0)

    def use(self, event_id: int, code: str, ticket: Ticket | None = None) -> "Invitation":
        """Count one use and give back the seat kept for it, inside the caller's transaction.

        The caller holds the event's first pool if the code keeps seats, and takes the seat next.

        Raises:
            CodeRefused: the code is unknown, used up, too old, taken back, or not for this ticket.
        """
        for_it = self.valid(event_id, code).filter(Q(ticket=None) | Q(ticket=ticket))
        if not for_it.update(used=F("used") + 1):
            raise CodeRefused(code)
        invitation = self.get(event_id=event_id, code=code.strip().upper())
        if invitation.reserved:
            SeatPool.objects.release(event_id, invitation.held)
            invitation.reserved -= 1
            invitation.save(update_fields=["reserved"])
        return invitation


class Invitation(models.Model):
    """A code that opens the registration of one event, or one of its tickets; with an address, to one person.

    It may keep seats: ``reserved`` of them in each pool named by ``held``, which count as taken
    until somebody registers with the code, it expires, is declined or taken back.
    """

    class State(models.TextChoices):
        """Derived, never stored."""

        DRAFT = "draft", _("not sent yet")
        OPEN = "open", pgettext_lazy("of an invitation", "open")
        ACCEPTED = "accepted", pgettext_lazy("of an invitation", "accepted")
        DECLINED = "declined", pgettext_lazy("of an invitation", "declined")
        EXPIRED = "expired", pgettext_lazy("of an invitation", "expired")
        REVOKED = "revoked", pgettext_lazy("of an invitation", "taken back")

    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="invitations"
    )
    code = models.CharField(_("code"), max_length=40)
    ticket = models.ForeignKey(
        Ticket,
        verbose_name=_("ticket"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
        help_text=_("Left empty: any ticket."),
    )
    max_uses = models.PositiveIntegerField(
        _("uses allowed"), null=True, blank=True, default=1, help_text=_("Left empty: no limit.")
    )
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    reserves_seats = models.BooleanField(
        _("keeps seats free"),
        default=False,
        help_text=_("As many as uses are allowed, until they are used or the code is no longer valid."),
    )
    reserved = models.PositiveIntegerField(default=0, editable=False, help_text="Seats kept now.")
    held = models.JSONField(default=list, editable=False, help_text="Keys of the pools in which they are kept.")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language of letters"), max_length=5, choices=settings.LANGUAGES, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For the staff only."))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["event", "code"]
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="invitation_code_once"),
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(used__lte=F("max_uses")), name="invitation_never_overused"
            ),
            models.CheckConstraint(
                condition=Q(reserves_seats=False) | Q(max_uses__isnull=False),
                name="reservation_has_a_number",
                violation_error_message=_("A code that keeps seats free needs a number of uses."),
            ),
            models.UniqueConstraint(
                "event",
                Lower("email"),
                condition=~Q(email="") & Q(revoked_at=None, declined_at=None),
                name="one_open_invitation_a_person",
                violation_error_message=_("This person already has an invitation to this event."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = self.code.strip().upper()
        super().save(*args, **kwargs)

    def keep(self) -> None:
        """Save what the staff wrote and keep its seats, in one transaction; what counts meanwhile stays as it is.

        Raises:
            Full: fewer seats are free than it would keep; nothing is saved.
            IntegrityError: it has been used more often than it now says, or the code or the person is there already.
        """
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            counted = Invitation.objects.filter(pk=self.pk).values(*COUNTED).first() if self.pk else None
            for name, value in (counted or {}).items():
                setattr(self, name, value)
            self.save()
            self.settle()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """The seats that it keeps are free at once."""
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            Invitation.objects.filter(pk=self.pk).update(revoked_at=timezone.now())
            self.settle()
            return super().delete(*args, **kwargs)

    @property
    def state(self) -> str:
        """One of ``State``; a code that several may use is open until it is used up."""
        if self.revoked_at:
            return self.State.REVOKED
        if self.declined_at:
            return self.State.DECLINED
        if self.max_uses is not None and self.used >= self.max_uses:
            return self.State.ACCEPTED
        if self.expires_at and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.DRAFT if self.email and not self.sent_at else self.State.OPEN

    # -- the seats that it keeps

    def settle(self) -> None:
        """Keep as many seats as it says, from what is free; what is no longer to be kept is offered on.

        Raises:
            Full: fewer seats are free; nothing is changed. ``key`` names the pool.
        """
        from . import waiting_list

        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            now = Invitation.objects.select_for_update().get(pk=self.pk)
            wanted, keys = now.wanted_seats(), now.pools()
            filled = freed = False
            if now.reserved and (keys != now.held or wanted < now.reserved):
                freed = SeatPool.objects.release(self.event_id, now.held, now.reserved)
                now.reserved = 0
            if wanted > now.reserved:
                filled = SeatPool.objects.take(self.event_id, keys, wanted - now.reserved)
            self.reserved, self.held = wanted, keys if wanted else []
            Invitation.objects.filter(pk=self.pk).update(reserved=self.reserved, held=self.held)
            if freed:
                waiting_list.pass_on(self.event_id)
            if filled or freed:
                Edition.bump()

    def wanted_seats(self) -> int:
        """How many seats are to be kept now: a seat given back by who used the code is everybody's."""
        if not self.reserves_seats or self.state in (self.State.REVOKED, self.State.DECLINED, self.State.EXPIRED):
            return 0
        return (self.max_uses or 0) - self.used

    def pools(self) -> list[str]:
        """The pools in which it keeps seats: the event's, and those that its ticket or the event leave no choice of."""
        event: Event = self.event
        way = (self.ticket.attendance if self.ticket else "") or ("" if event.format == "hybrid" else event.format)
        keys = [FIRST, *([f"mode:{way}"] if way else [])]
        return keys if self.ticket is None else [*keys, self.ticket.pool_key]

    def decline(self) -> None:
        """The person will not come: the seat is free at once. Twice is once; who has registered cancels instead."""
        self._end(declined_at=timezone.now())

    def spend(self) -> None:
        """The person has come in another way: it has done its work, and what it keeps is free."""
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            mine = Invitation.objects.usable().filter(pk=self.pk).exclude(max_uses=None)
            if mine.update(used=F("max_uses")):
                self.settle()
        self.refresh_from_db()

    def revoke(self) -> None:
        """The staff take it back; who has registered with it keeps the place."""
        self._end(revoked_at=timezone.now())

    def _end(self, **when: Any) -> None:
        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            if Invitation.objects.usable().filter(pk=self.pk).update(**when):
                self.settle()
        self.refresh_from_db()

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """The same code twice, told as an editor would."""
        if tuple(unique_check) == ("event", "code"):
            return ValidationError(_("This event already has this code."), code="unique")
        return super().unique_error_message(model_class, unique_check)
