"""Reminders: which letters go to the participants of an event by themselves, when, and how far they have come."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .fields import WallClockField
from .joining import shown_from
from .registration_states import State
from .seats import Attendance
from .wallclock import instant

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence
    from .registration import RegistrationQuerySet

MORNING = dt.time(9)
"The hour at the place at which a letter of days leaves, where only the dates of an event are known."
LATE = dt.timedelta(hours=24)
"A letter whose moment is longer ago is no longer written: a rule may be younger than its moment."


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def propose(self, event: "Event") -> "list[Reminder]":
        """Give an event that has none the usual ones."""
        if self.filter(event=event).exists():
            return []
        made = self.usual(event)
        self.bulk_create(made)  # type: ignore[arg-type]
        return made

    def usual(self, event: "Event") -> "list[Reminder]":
        """What an event usually has, not saved; what would have had to leave already is left out."""
        usual = [Reminder(event=event, kind=Reminder.Kind.REMINDER, amount=7, unit=Reminder.Unit.DAYS)]
        if event.format != event.Format.ONSITE:
            joining, online = Reminder.Kind.JOINING, Attendance.ONLINE
            usual.append(Reminder(event=event, kind=joining, attendance=online, amount=24, unit=Reminder.Unit.HOURS))
        usual.append(Reminder(event=event, kind=Reminder.Kind.THANKS, amount=1, unit=Reminder.Unit.DAYS))
        last = event.occurrences.taking_place().order_by("-starts_at").first()
        return [one for one in usual if last is None or one.moment(last) > timezone.now()]


class Reminder(models.Model):
    """One rule: a letter to all who have a place, so long before the beginning, or after the end, at the place.

    Days are days on the clock of the event's zone, so that a letter due "two days before" an
    hour keeps that hour when clocks change between; hours are hours.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        JOINING = "joining", _("how to join")
        THANKS = "thanks", _("thanks")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        HOURS = "hours", _("hours")

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(_("letter"), max_length=10, choices=Kind.choices, default=Kind.REMINDER)
    attendance = models.CharField(
        _("to whom"),
        max_length=10,
        choices=Attendance.choices,
        blank=True,
        help_text=_("Left empty: to those on site and those online."),
    )
    amount = models.PositiveSmallIntegerField(
        _("how long"), default=2, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.DAYS)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["event", "kind", "unit", "-amount", "pk"]
        verbose_name = _("letter sent by itself")
        verbose_name_plural = _("letters sent by themselves")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "attendance", "amount", "unit"],
                name="reminder_once",
                violation_error_message=_("This event already has this letter at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.when}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A rule that was changed is gone through anew: whoever has had its letter does not get it again."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.mailings.update(reached=0, finished_at=None)

    @property
    def place(self) -> tuple[bool, int]:
        """Its place among the rules of an event: the earliest letter first, as far as it can be told without a date."""
        hours = self.amount * (24 if self.unit == self.Unit.DAYS else 1)
        return self.follows, hours if self.follows else -hours

    @property
    def when(self) -> str:
        """How long before or after, in words."""
        days = self.unit == self.Unit.DAYS
        if self.follows and days:
            text = ngettext("%(count)d day after the end", "%(count)d days after the end", self.amount)
        elif self.follows:
            text = ngettext("%(count)d hour after the end", "%(count)d hours after the end", self.amount)
        elif days:
            text = ngettext("%(count)d day before the beginning", "%(count)d days before the beginning", self.amount)
        else:
            text = ngettext("%(count)d hour before the beginning", "%(count)d hours before the beginning", self.amount)
        return text % {"count": self.amount}

    @property
    def follows(self) -> bool:
        """Whether it leaves after the end; else before the beginning."""
        return self.kind == self.Kind.THANKS

    def moment(self, date: "Occurrence") -> dt.datetime:
        """The instant at which its letters about a date leave; those about joining never before the link is shown."""
        if self.unit == self.Unit.HOURS:
            by = dt.timedelta(hours=self.amount)
            when = date.ends_at + by if self.follows else date.starts_at - by
        else:
            by = dt.timedelta(days=self.amount)
            local = date.end_local + by if self.follows else date.start_local - by
            when = instant(dt.datetime.combine(local, MORNING) if self.event.all_day else local, self.event.timezone)
        if self.kind == self.Kind.JOINING:
            return max(when, shown_from(self.event, date) or when)
        return when

    def is_due(self, date: "Occurrence", now: dt.datetime) -> bool:
        """Whether its letters about a date are to be written now: none after the beginning, and no old ones.

        How to join is told to whoever comes later too, until it begins.
        """
        moment = self.moment(date)
        if moment > now or (not self.follows and date.starts_at <= now):
            return False
        return self.kind == self.Kind.JOINING or now < moment + LATE

    def people(self, date: "Occurrence") -> "RegistrationQuerySet":
        """Who has a place on a date and is written to.

        Thanks for a whole series come after its last date, not after each.
        """
        people = self.event.registrations.filter(state=State.CONFIRMED, erased_at=None)
        if self.attendance:
            people = people.filter(attendance=self.attendance)
        later = self.event.occurrences.taking_place().filter(starts_at__gt=date.starts_at)
        if self.follows and self.event.recurs and later.exists():
            return people.filter(occurrence=date.pk)
        return people.filter(Q(occurrence=None) | Q(occurrence=date.pk))

    def in_time(self, date: "Occurrence") -> "RegistrationQuerySet":
        """Those among the people who had their place when the moment came: who comes later has just been told all."""
        early = Q(confirmed_at=None) | Q(confirmed_at__lte=self.moment(date))
        return self.people(date) if self.kind == self.Kind.JOINING else self.people(date).filter(early)

    def late_comers(self, date: "Occurrence", since: dt.datetime) -> "RegistrationQuerySet":
        """Those among the people who have had their place, or taken it in another way, since an instant."""
        from .history import RegistrationChange

        moved = RegistrationChange.objects.filter(registration=OuterRef("pk"), verb="move", at__gte=since)
        return self.people(date).filter(Q(confirmed_at__gte=since) | Exists(moved))


class Mailing(models.Model):
    """One rule carried out for one date: when it began, and how far its letters have come.

    ``date`` is the original start of a date of a series, empty for an event that has one
    date; an event that moves has another mailing for the new beginning.
    """

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="mailings")
    date = models.CharField(max_length=19, blank=True)
    start_local = WallClockField()
    reached = models.BigIntegerField(default=0, help_text="The key of the last registration that was come to.")
    letters = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["reminder", "date", "start_local"], name="mailing_once")]

    def __str__(self) -> str:
        return f"{self.reminder}: {self.letters}"
