"""Audience: who knows something of an event that is no longer true."""

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from . import date_facts, facts
from .occurrence import Occurrence
from .registration import Registration, RegistrationQuerySet

if TYPE_CHECKING:
    from .announcement import Announcement
    from .event import Event

Step = tuple[dt.datetime | None, dict[str, Any]]
"Until when (None: until now), and what was true."


class Concern(NamedTuple):
    """One registration, what its person knows and what is true."""

    registration: Registration
    before: dict[str, Any]
    after: dict[str, Any]


class Audience:
    """Those who registered while something was true that no longer is.

    Who registers after a change knows it, and is not told what they never knew;
    whoever has given their place back is not told either. Whoever is registered for
    a series is concerned by all its dates, whoever is for one date by that one alone.
    """

    def __init__(self, steps: "dict[Event, list[Step]]", after: dict[str, dict[str, Any]]) -> None:
        self.steps = steps
        self.after = after

    @classmethod
    def of(cls, announcement: "Announcement", more: "dict[Event, dict[str, Any]] | None" = None) -> "Audience":
        """Of an announcement as it is frozen or, while it is open, as things stand now.

        ``more`` is what events would be after a change that nobody has made yet.
        """
        steps: dict[Event, list[Step]] = {
            event: [(change.at, change.before) for change in changes] for event, changes in announcement.steps().items()
        }
        after = announcement.after or {str(event.uid): facts.of_change(event) for event in steps if event.live}
        return cls.would_be(more, steps, after) if more else cls(steps, after)

    @classmethod
    def would_be(
        cls,
        more: "dict[Event, dict[str, Any]]",
        steps: "dict[Event, list[Step]] | None" = None,
        after: dict[str, dict[str, Any]] | None = None,
    ) -> "Audience":
        """After a change that nobody has made yet; events are as they are now."""
        known = {event.pk: event for event in steps or {}}
        every = dict(steps or {})
        for event in more:
            kept = known.get(event.pk, event)
            every[kept] = [*every.get(kept, []), (None, facts.of_change(event))]
        return cls(every, (after or {}) | {str(event.uid): told for event, told in more.items()})

    def registrations(self) -> RegistrationQuerySet:
        """Everybody concerned."""
        concerned, anybody = Q(), False
        for event, steps in self.steps.items():
            since: dt.datetime | None = None
            dates = self._dates_registered_for(event)
            for until, before in steps:
                after = self.after.get(str(event.uid), before)
                for_one = [date.pk for date in dates if _differs_on(before, after, date)]
                for_all = facts.differ(before, after)
                if for_all or for_one:
                    who = Q(occurrence__in=for_one)
                    window = Q(event_id=event.pk) & (who | Q(occurrence=None) if for_all else who)
                    window &= Q(created_at__gte=since) if since else Q()
                    window &= Q(created_at__lt=until) if until else Q()
                    concerned |= window
                    anybody = True
                since = until
        return Registration.objects.living().known().filter(concerned) if anybody else Registration.objects.none()

    def concern(self, registration: Registration) -> Concern:
        """What this person knows and what is true."""
        event, steps = next(item for item in self.steps.items() if item[0].pk == registration.event_id)
        before = next(before for until, before in steps if until is None or registration.created_at < until)
        after = self.after[str(event.uid)]
        if registration.occurrence is not None:
            day = registration.occurrence.original.date()
            before, after = date_facts.alone(before, day), date_facts.alone(after, day)
        return Concern(registration, before, after)

    @staticmethod
    def _dates_registered_for(event: "Event") -> list[Occurrence]:
        """The dates for which somebody is registered alone."""
        living = Registration.objects.living().filter(event_id=event.pk, occurrence__isnull=False)
        return list(Occurrence.objects.filter(pk__in=living.order_by().values("occurrence")).order_by("original"))

    def people(self) -> int:
        """How many persons: who is registered for several of the events is one."""
        return self.registrations().order_by().values("email_key").distinct().count()

    def figures(self) -> list[dict[str, Any]]:
        """How many registrations of each event, in each state and language."""
        order = [event.pk for event in self.steps]
        uids = {event.pk: str(event.uid) for event in self.steps}
        rows = self.registrations().order_by().values("event_id", "state", "language").annotate(count=Count("pk"))
        return [
            {"event": uids[row["event_id"]], "state": row["state"], "language": row["language"], "count": row["count"]}
            for row in sorted(rows, key=lambda row: (order.index(row["event_id"]), row["state"], row["language"]))
        ]


def _differs_on(before: dict[str, Any], after: dict[str, Any], date: Occurrence) -> bool:
    """Whether whoever is registered for this one date has to be told: not once it is over."""
    day = date.original.date()
    known, true = date_facts.alone(before, day), date_facts.alone(after, day)
    over = max(known["ends_at"], true["ends_at"]) <= timezone.now().isoformat()
    return not over and facts.differ(known, true)
