"""Tickets: the categories in which one registers, each with a price and a quota."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.models import Edition
from pages.trilingual import TrilingualField

from . import money
from .fields import WallClockField
from .seats import Attendance, SeatPool
from .wallclock import instant

if TYPE_CHECKING:
    from .event import Event


class Ticket(models.Model):
    """A category of registration. Outside the event's revisions: its seats are live numbers."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("everybody")
        MEMBERS = "members", _("members of the Consortium")
        PRESS = "press", _("the press")
        CODE = "code", _("who has a code")

    ON_REQUEST = (Audience.MEMBERS, Audience.PRESS)
    "Who has no code asks for these, and awaits approval."

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey("events.Event", verbose_name=_("event"), on_delete=models.PROTECT, related_name="tickets")
    code = models.SlugField(_("code"), max_length=40)
    name = TrilingualField(_("name"))
    attendance = models.CharField(
        _("attendance"),
        max_length=10,
        choices=Attendance.choices,
        blank=True,
        help_text=_("Left empty: valid on site and online."),
    )
    price = models.PositiveIntegerField(
        _("price"), default=0, help_text=_("In the smallest unit of the currency: 6000 for 60 euros. 0 is free.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    early_price = models.PositiveIntegerField(
        _("early price"), null=True, blank=True, help_text=_("What it costs until the moment below. 0 is free.")
    )
    early_until_local = WallClockField(
        _("early price until"), null=True, blank=True, help_text=_("On the clock of the event.")
    )
    audience = models.CharField(
        _("for whom"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.PUBLIC,
        help_text=_(
            "Members and the press: whoever has no invitation code asks, and waits for your approval. By code: only "
            "who gives a code sees it."
        ),
    )
    sale_opens_local = WallClockField(
        _("can be had from"),
        null=True,
        blank=True,
        help_text=_("On the clock of the event. Left empty: as soon as registration opens."),
    )
    sale_closes_local = WallClockField(
        _("can be had until"),
        null=True,
        blank=True,
        help_text=_("On the clock of the event. Left empty: until registration closes."),
    )
    quota = models.PositiveIntegerField(
        _("quota"), null=True, blank=True, help_text=_("Left empty: no limit of its own.")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["event", "sort_order", "pk"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="ticket_code_once"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="ticket_currency"),
            models.CheckConstraint(
                condition=Q(sale_opens_local=None)
                | Q(sale_closes_local=None)
                | Q(sale_opens_local__lt=F("sale_closes_local")),
                name="ticket_sale_in_order",
                violation_error_message=_("It must cease to be had after it can be had."),
            ),
            models.CheckConstraint(
                condition=Q(early_price=None, early_until_local=None)
                | Q(early_price__isnull=False, early_until_local__isnull=False, early_price__lt=F("price")),
                name="ticket_early_is_less",
                violation_error_message=_("An early price has an end, and is less than the price."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fit the pools of its seats and open a new edition, in one transaction, while nobody takes a seat.

        Raises:
            ValidationError: it would have fewer seats than are taken, or its price can't be asked.
        """
        from . import waiting_list

        with transaction.atomic():
            SeatPool.objects.hold(self.event_id)
            if (refused := self.quota_refusal()) is not None:
                raise ValidationError({"quota": refused})
            self.check_prices()
            super().save(*args, **kwargs)
            SeatPool.objects.fit_ticket(self)
            waiting_list.pass_on(self.event_id)
            Edition.bump()

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """The same code twice, told as an editor would."""
        if tuple(unique_check) == ("event", "code"):
            return ValidationError(_("This event already has a ticket with this code."), code="unique")
        return super().unique_error_message(model_class, unique_check)

    def copied_to(self, event: "Event") -> "Ticket":
        """The same for another event, not saved: its sale keeps its distance from the beginning on the clock."""
        facts = {
            one.attname: getattr(self, one.attname)
            for one in self._meta.concrete_fields
            if one.name not in ("id", "uid", "event")
        }
        for clock in self._meta.concrete_fields:
            if isinstance(clock, WallClockField) and facts[clock.attname]:
                facts[clock.attname] += event.start_local - self.event.start_local
        return Ticket(event=event, **facts)

    def quota_refusal(self) -> ValidationError | None:
        """The sentence that names how many seats are taken, if the quota was made smaller than that."""
        from .by_date import too_few

        if self.pk is None or self.quota is None:
            return None
        if self.event.by_date:
            return too_few(self.event, Q(key__endswith=f":{self.pool_key}"), self.quota)
        pool = SeatPool.objects.filter(event_id=self.event_id, key=self.pool_key).first()
        return pool.refusal if pool is not None and pool.taken > self.quota != pool.wanted else None

    def check_prices(self) -> None:
        """What is asked can be paid, and all that an event asks is in one currency.

        Raises:
            ValidationError: names the field.
        """
        if self.is_free:
            return
        for name in ("price", "early_price"):
            try:
                money.charged(getattr(self, name) or 0, self.currency)
            except money.AmountRefused as refused:
                raise ValidationError({"currency" if refused.code == "currency" else name: refused}) from refused
        others = Ticket.objects.filter(event=self.event_id, price__gt=0).exclude(pk=self.pk)
        if (other := others.exclude(currency=self.currency).first()) is not None:
            raise ValidationError(
                {
                    "currency": ValidationError(
                        _("The other prices of this event are in %(currency)s."),
                        code="other_currency",
                        params={"currency": other.currency},
                    )
                }
            )

    @property
    def is_free(self) -> bool:
        """Whether it never costs anything."""
        return self.price == 0

    @property
    def early_until(self) -> dt.datetime | None:
        """The instant from which it costs its full price; None if it always does."""
        return instant(self.early_until_local, self.event.timezone) if self.early_until_local else None

    def price_at(self, now: dt.datetime | None = None) -> int:
        """What it costs at a moment, in minor units of its currency."""
        until = self.early_until
        if self.early_price is not None and until is not None and (now or timezone.now()) < until:
            return self.early_price
        return self.price

    @property
    def pool_key(self) -> str:
        return f"ticket:{self.pk}"
