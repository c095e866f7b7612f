"""From this date on: a series ends before one of its dates, and another one goes on from there."""

import copy
import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from recurrence import Recurrence

from pages.models import Edition

from . import date_facts, facts
from .action import Action, ChangedMeanwhile
from .action_on_date import FACTS
from .announcement import Announcement
from .calendar_entry import PublicationLock
from .change import Change
from .event import Event
from .exception import EventException
from .expansion import expand, given_days, skipped_starts
from .history import RegistrationChange
from .next_edition import KEPT, NextEdition
from .occurrence import HORIZON, Occurrence
from .registration import Registration, RegistrationQuerySet
from .seats import Full, SeatPool
from .sharing import SharingConsent

ALSO_KEPT = [
    "status",
    "registration_url",
    "joining_url",
    "photo",
    "photo_alt",
    "photo_credit",
    "staff_note",
    "registration_opens_local",
]
"What a next edition leaves behind and a series that goes on has still."
GOES_ON = gettext_noop("goes on in the series that continues this one")
TAKEN_ALONG = gettext_noop("taken along from the series that this one continues")
ONE_DAY = dt.timedelta(days=1)


class FewerSeats(ValidationError):
    """The series that continues has fewer seats than people who would go on; nothing was written."""


# -- the rule, cut in two


def last_before(event: Event, day: dt.date) -> dt.date | None:
    """The last date of a series before a day; None if it has none."""
    return max(given_days(event.recurrence, event.start_local, day - ONE_DAY), default=None) if event.recurs else None


def ended(event: Event, day: dt.date) -> Recurrence | None:
    """The rule of a series that ends before a day; None if nothing of it lies before, or nothing from then on."""
    last = last_before(event, day)
    if last is None or not expand(event.recurrence, event.start_local, *_from(event, day), limit=1):
        return None
    cut = copy.deepcopy(event.recurrence)
    (rule,) = cut.rrules
    rule.count, rule.until = None, dt.datetime.combine(last, dt.time.min, dt.UTC)
    cut.exdates = [moment for moment in cut.exdates if moment.date() <= last]
    return cut


def remaining(event: Event, day: dt.date) -> Recurrence:
    """The rule from a date on, as it would go on unchanged: a number of dates is what is left of it."""
    rest = copy.deepcopy(event.recurrence)
    (rule,) = rest.rrules
    if rule.count is not None:
        before = given_days(event.recurrence, event.start_local, day - ONE_DAY)
        skipped = [start for start in skipped_starts(event.recurrence, event.start_local) if start.date() < day]
        rule.count -= len(before) + len(skipped)
    rest.exdates = [moment for moment in rest.exdates if moment.date() > day]
    return rest


def _from(event: Event, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.combine(day, dt.time.min)
    return start, max(timezone.now().replace(tzinfo=None), start) + HORIZON


@dataclass(frozen=True, kw_only=True)
class Ending(Action):
    """A series ends before a day; what was said of later dates goes with them."""

    day: dt.date

    def change(self, event: Event) -> None:
        super().change(event)
        rule = ended(event, self.day)
        if rule is not None:
            event.recurrence = rule
            event.exceptions = [one for one in event.exceptions.all() if one.day < self.day]  # type: ignore[misc]


@dataclass
class Successor(NextEdition):
    """The series that goes on: all of the first one but what is typed, with a UID of its own and a link to it."""

    logged: ClassVar[str] = "events.from_this_date"

    day: dt.date = dt.date.max
    typed: Mapping[str, Any] = field(default_factory=dict)

    def proposed(self) -> Event:
        """As it would be, not saved."""
        made = Event(uid=self.uid, live=False)
        self._fill(made, self.event)
        return made

    def _fill(self, made: Event, event: Event) -> None:
        for name in (*KEPT, *ALSO_KEPT):
            setattr(made, name, copy.deepcopy(getattr(event, name)))
        made.parent_id, made.continues = event.parent_id, event
        made.start_local = self.start
        made.end_local = self.start + (event.end_local - event.start_local)
        for name in ("registration_closes_local", "changes_close_local"):
            moment = getattr(event, name)
            setattr(made, name, moment + self.by_how_much if moment else None)
        made.recurrence = remaining(event, self.day) if event.recurs else None  # type: ignore[assignment]
        for name, value in self.typed.items():
            setattr(made, name, value)
        made.exceptions = goes_over(event, self.day, made)  # type: ignore[misc]


def goes_over(event: Event, day: dt.date, successor: Event) -> list[EventException]:
    """What is said of dates from a day on, as copies for those that the successor has too."""
    later = [one for one in event.exceptions.all() if one.day >= day]
    if not later or not successor.recurs:
        return []
    days = given_days(successor.recurrence, successor.start_local, max(one.day for one in later))
    return [
        EventException(day=one.day, **{name: getattr(one, name) for name in FACTS}) for one in later if one.day in days
    ]


@dataclass
class Continuation:
    """One series ended and another begun, once: the same ``submission`` twice is one.

    ``day`` is the first date that the series no longer has. ``typed`` are the
    facts of the successor that differ; a draft that stands ready already is taken
    as it is. ``along`` says whether those registered for the whole series go on.
    """

    event: Event
    day: dt.date
    typed: Mapping[str, Any]
    version: int | None
    submission: uuid.UUID
    by: Any = None
    along: bool = True

    def prepare(self) -> Event:
        """The successor as a draft; the series itself is left as it is until the draft takes over."""
        with transaction.atomic():
            PublicationLock.hold()
            made = Event.objects.filter(uid=self.submission).first()
            if made is not None:
                return made
            self._seen()
            return self._successor()

    def carry_out(self, reason: Any, due_at: dt.datetime | None) -> Announcement:
        """End the series, publish its successor and take people along, all in one transaction.

        Raises:
            ChangedMeanwhile: the series is not what the author saw.
            FewerSeats: the successor has not enough seats for those who go on.
            ValidationError: what the series or its successor would become does not hold.
        """
        with transaction.atomic():
            PublicationLock.hold()
            done = Change.submitted(self.submission)
            if done is not None:
                return done.announcement
            event = self._seen()
            SeatPool.objects.hold(event.pk)  # whoever registers meanwhile waits
            known = date_facts.since(facts.of_change(event), self.day)
            successor = ready(event) or self._successor()
            ending = Ending(event, {}, version=self.version, submission=self.submission, by=self.by, day=self.day)
            announcement = ending.carry_out(reason, due_at)
            successor.publish(
                successor.latest_revision or successor.save_revision(user=self.by),
                user=self.by,
                skip_permission_checks=True,
            )
            successor = Event.objects.get(pk=successor.pk)
            gone = GoingOn(event, successor, self.day, self.by).take(self.along)
            Occurrence.objects.rebuild(Event.objects.get(pk=event.pk))
            if gone:
                Change.objects.create(announcement=announcement, event=successor, by=self.by, before=known)
            Edition.bump()
            return announcement

    def _seen(self) -> Event:
        event = Event.objects.get(pk=self.event.pk)
        if not event.live or event.live_revision_id != self.version:
            raise ChangedMeanwhile
        if ended(event, self.day) is None:
            raise ChangedMeanwhile
        return event

    def _successor(self) -> Event:
        made = Successor(
            self.event, self.typed["start_local"], uid=self.submission, by=self.by, day=self.day, typed=self.typed
        )
        return made.make()


def ready(event: Event) -> Event | None:
    """The draft that stands ready to continue a series."""
    return Event.objects.filter(continues=event, live=False).first()


@dataclass(frozen=True)
class GoingOn:
    """The people of a series who go on in its successor; the caller holds the series' first pool."""

    event: Event
    successor: Event
    day: dt.date
    by: Any = None

    def take(self, along: bool) -> int:
        """How many went on: those of the whole series if they are to, and those of a date that both have."""
        try:
            return (self._take_whole() if along else 0) + self._take_dates()
        except Full as full:
            raise self._fewer(full) from full

    def _fewer(self, full: Full) -> FewerSeats:
        pool = SeatPool.objects.filter(event=self.successor, key=full.key).first()
        return FewerSeats(
            _(
                "The series that goes on has fewer seats (%(seats)d) than people who would go on in it (%(people)d). "
                "Give it more seats, or do not take them along. Nothing was changed."
            )
            % {"seats": (pool.capacity if pool else 0) or 0, "people": self.whole().holding_a_seat().count()},
            code="seats",
        )

    def whole(self) -> RegistrationQuerySet:
        """Those registered for all dates."""
        return Registration.objects.living().known().filter(event=self.event, occurrence=None).order_by("pk")

    def of_dates(self) -> RegistrationQuerySet:
        """Those registered for one of the dates that the series loses."""
        first = dt.datetime.combine(self.day, dt.time.min)
        rows = Registration.objects.living().known().filter(event=self.event, occurrence__original__gte=first)
        return rows.select_related("occurrence", "ticket").order_by("occurrence__original", "pk")

    def _take_whole(self) -> int:
        """A registration of their own in the successor, in the same state; the one they had keeps what has been."""
        tickets = self._tickets
        count = 0
        for row in self.whole().select_for_update(of=("self",)).select_related("ticket"):
            new = Registration(event=self.successor, state=row.state, created_at=row.created_at)
            for name in PERSON:
                setattr(new, name, getattr(row, name))
            new.ticket = tickets.get(row.ticket.code) if row.ticket else None
            new.confirmed_at = row.confirmed_at
            if row.held:
                new.held = new.place.pools
                SeatPool.objects.take(self.successor.pk, new.held)
            new.save(force_insert=True)
            shared = row.sharings.living().values_list("organisation_id", flat=True)  # type: ignore[attr-defined]
            SharingConsent.objects.settle(new, list(shared))
            self._note(new, "", TAKEN_ALONG)
            self._note(row, row.state, GOES_ON)
            count += 1
        return count

    def _take_dates(self) -> int:
        """Whoever is registered for a date that both have is registered for it in the successor."""
        tickets = self._tickets
        dates = {date.original.date(): date for date in self.successor.occurrences.given()}
        count = 0
        for row in self.of_dates().select_for_update(of=("self",)):
            date = dates.get(row.occurrence.original.date())  # type: ignore[union-attr]
            if date is None:
                continue
            SeatPool.objects.release(self.event.pk, row.held)
            row.event, row.occurrence = self.successor, date if self.successor.by_date else None
            row.ticket = tickets.get(row.ticket.code) if row.ticket else None
            if row.held:
                row.held = row.place.pools
                SeatPool.objects.take(self.successor.pk, row.held)
            row.save()
            self._note(row, row.state, TAKEN_ALONG)
            count += 1
        return count

    @property
    def _tickets(self) -> dict[str, Any]:
        return {ticket.code: ticket for ticket in self.successor.tickets.all()}

    def _note(self, row: Registration, was: str, why: str) -> None:
        RegistrationChange.objects.create(registration=row, by=self.by, was=was, became=row.state, why=why)


PERSON = [
    "name",
    "email",
    "organisation",
    "country",
    "attendance",
    "home_zone",
    "language",
    "consented_at",
    "consent_version",
]
