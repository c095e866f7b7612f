"""Terms: who answers for the personal data of an event, how long they are kept, and what stands for all events."""

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from pages.trilingual import TrilingualField

if TYPE_CHECKING:
    from ..event import Event

KEEP_DAYS = 365
"How long after the end of an event its participants' data are kept, unless staff say otherwise."
PAYMENT_YEARS = 10
"How long what accounts are made of is kept (French commercial code, article L123-22)."
LONGEST = 3650
YEAR = 365


@register_setting(icon="lock")
class DataDefaults(BaseGenericSetting):
    """What holds for every event that says nothing else; one row, none as long as nobody has written anything."""

    controller = models.CharField(
        _("controller"),
        max_length=200,
        blank=True,
        help_text=_("Who answers for personal data. Left empty: the Executive Secretariat of the Initiative."),
    )
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    email = models.EmailField(
        _("e-mail for questions about data"), max_length=254, blank=True, help_text=_("Shown in the privacy notice.")
    )
    officer = models.CharField(
        _("data protection officer"), max_length=200, blank=True, help_text=_("Name or address; left empty if none.")
    )
    host = models.CharField(
        _("where the site is kept"),
        max_length=200,
        blank=True,
        help_text=_("Who runs the server, and in which country. Shown in the privacy notice."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days kept after a meeting"),
        default=KEEP_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=_("Then names, addresses and answers are deleted; figures stay."),
    )
    payment_years = models.PositiveSmallIntegerField(
        _("years payments are kept"),
        default=PAYMENT_YEARS,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("What accounts are made of: the payer’s name and what was paid and refunded."),
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("controller"), FieldPanel("address"), FieldPanel("email"), FieldPanel("officer")],
            heading=_("Who answers for personal data"),
        ),
        MultiFieldPanel(
            [FieldPanel("host"), FieldPanel("keep_days"), FieldPanel("payment_years")], heading=_("Where and how long")
        ),
    ]

    class Meta:
        verbose_name = _("personal data")

    def __str__(self) -> str:
        return gettext("Personal data")

    @classmethod
    def current(cls) -> "DataDefaults":
        """As the staff wrote it; reading it writes nothing."""
        return cls.objects.order_by("pk").first() or cls()


class DataTerms(models.Model):
    """What one event says for itself; what is left empty is that of all events. Outside the event's revisions."""

    event = models.OneToOneField(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="data_terms"
    )
    controller = models.CharField(
        _("controller"), max_length=200, blank=True, help_text=_("Left empty: as for all meetings.")
    )
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail for questions about data"), max_length=254, blank=True)
    officer = models.CharField(_("data protection officer"), max_length=200, blank=True)
    keep_days = models.PositiveSmallIntegerField(
        _("days kept after the meeting"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=_("Left empty: as for all meetings."),
    )
    more = TrilingualField(
        _("what else people should know"), long=True, blank=True, help_text=_("Added to the privacy notice.")
    )
    hands_out_list = models.BooleanField(
        _("participants receive the list of participants"),
        default=False,
        help_text=_("Those who have a place find it on their own page: only who agreed stands in it."),
    )

    class Meta:
        verbose_name = _("personal data of an event")

    def __str__(self) -> str:
        return f"{self.event_id}"

    @classmethod
    def of(cls, event: "Event") -> "DataTerms":
        """Those of an event, every gap filled with what holds for all; never to be saved as they are."""
        own = cls.objects.filter(event=event).first() or cls(event=event)
        common = DataDefaults.current()
        # A controller of its own has its own address: that of another would mislead.
        if not own.controller:
            own.controller = common.controller
            own.address = own.address or common.address
            own.officer = own.officer or common.officer
            own.email = own.email or common.email
        own.email = own.email or event.contact_email
        own.keep_days = own.keep_days or common.keep_days
        return own

    @classmethod
    def copied(cls, event: "Event", to: "Event") -> None:
        """What one event says for itself, its next edition says too."""
        own = cls.objects.filter(event=event).first()
        if own is not None:
            made = copy.copy(own)
            made.pk, made.event, made._state = None, to, copy.copy(own._state)
            made.save(force_insert=True)

    @property
    def called(self) -> str:
        """The controller by name, in the active language."""
        return self.controller or gettext("The Executive Secretariat of the international “4 per 1000” Initiative")


def last_day(event: "Event") -> dt.date | None:
    """The last day of an event at its place, that of its last date if it is a series; None of one without end."""
    if not event.recurs:
        return event.end_local.date()
    rules = event.recurrence.rrules  # type: ignore[union-attr]
    if any(rule.until is None and rule.count is None for rule in rules):
        return None
    last = event.occurrences.order_by("-ends_at").first()  # cancelled ones too, as whoever deletes counts
    return max(one.end_local.date() for one in (event, last) if one is not None)


def told_days(days: int) -> str:
    """So many days in words, in the active language; whole years as such."""
    if days % YEAR == 0:
        return ngettext("%(count)d year", "%(count)d years", days // YEAR) % {"count": days // YEAR}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
