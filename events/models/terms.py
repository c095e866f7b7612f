"""Terms: who may register for an event, when, how many, and what becomes of a request, an offer or a change."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import WallClockField
from .window import RegistrationState, Window

if TYPE_CHECKING:
    from .event import Event


class Terms(models.Model):
    """What an event says of its registration; facts like any others, with drafts and history."""

    class Access(models.TextChoices):
        PUBLIC = "public", _("open to all")
        MEMBERS = "members", _("members of the Consortium")
        BUREAU = "bureau", _("members of the Bureau")
        TASK_FORCE = "task_force", _("members of the task force")

    class RegistrationMode(models.TextChoices):
        NONE = "none", _("no registration")
        HERE = "here", _("on this site")
        ELSEWHERE = "elsewhere", _("on another site")

    class RegisteredFor(models.TextChoices):
        SERIES = "series", _("the whole series")
        DATE = "date", _("one date at a time")

    access = models.CharField(
        _("access"),
        max_length=12,
        choices=Access.choices,
        default=Access.PUBLIC,
        help_text=_("Every event is listed for all; who may register and join depends on this."),
    )
    registration = models.CharField(
        _("registration"), max_length=10, choices=RegistrationMode.choices, default=RegistrationMode.NONE
    )
    registered_for = models.CharField(
        _("one registers for"),
        max_length=10,
        choices=RegisteredFor.choices,
        default=RegisteredFor.SERIES,
        help_text=_("Of a series: all its dates at once, or each date on its own, with seats of its own."),
    )
    registration_url = models.URLField(_("address of the registration"), max_length=500, blank=True)
    registration_opens_local = WallClockField(_("registration opens"), null=True, blank=True)
    registration_closes_local = WallClockField(
        _("registration closes"), null=True, blank=True, help_text=_("Left empty: when the event begins.")
    )
    capacity = models.PositiveIntegerField(
        _("seats in all"), null=True, blank=True, help_text=_("Left empty: no limit.")
    )
    capacity_onsite = models.PositiveIntegerField(_("seats on site"), null=True, blank=True)
    capacity_online = models.PositiveIntegerField(_("seats online"), null=True, blank=True)
    verifies_address = models.BooleanField(
        _("confirm the address first"),
        default=False,
        help_text=_("The seat is kept for an hour; whoever confirms from the letter by then has it."),
    )
    needs_approval = models.BooleanField(
        _("you approve each registration"),
        default=False,
        help_text=_("People ask for a place, and you say yes or no."),
    )
    requests_hold_seats = models.BooleanField(
        _("a request keeps a seat"), default=False, help_text=_("Until you have said yes or no.")
    )
    has_waiting_list = models.BooleanField(
        _("waiting list"),
        default=False,
        help_text=_("When no seat is left people can wait; each seat given back is offered to the next of them."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("an offer holds for"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 30)],
        help_text=_("Hours in which somebody on the waiting list can take the seat; then the next one is asked."),
    )
    allows_transfer = models.BooleanField(
        _("a place can be passed on"),
        default=False,
        help_text=_("Participants may give their place to somebody else, who confirms it from a letter."),
    )
    changes_close_local = WallClockField(
        _("changes until"),
        null=True,
        blank=True,
        help_text=_("Until then participants can change their answers themselves. Left empty: until it begins."),
    )
    joining_hours = models.PositiveSmallIntegerField(
        _("link to join shown from"),
        default=24,
        validators=[MaxValueValidator(24 * 60)],
        help_text=_("Hours before the beginning from which participants see the link to join online."),
    )

    class Meta:
        abstract = True

    @property
    def by_date(self: "Event") -> bool:  # type: ignore[misc]
        """Whether one registers for its dates one by one, each with seats of its own."""
        return self.registered_for == self.RegisteredFor.DATE and self.recurs

    @property
    def window(self: "Event") -> Window:  # type: ignore[misc]
        """When and for what one may register, as things stand now."""
        return Window(self)

    @property
    def registration_state(self: "Event") -> RegistrationState:  # type: ignore[misc]
        """What a visitor is told of the registration: open, full, not_yet, closed, by_invitation…"""
        return self.window.state
