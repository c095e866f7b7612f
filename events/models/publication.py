"""Publication: what happens, in one transaction, when facts become public or cease to be."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from pages.models import Edition

from . import family, waiting_list
from .calendar_entry import CalendarEntry, PublicationLock
from .exception import EventException, objections
from .first_date import objection
from .occurrence import Occurrence
from .seats import SeatPool

if TYPE_CHECKING:
    from .event import Event


class Publication(models.Model):
    """Publishes a revision behind one lock, and lets everything derived follow.

    Every path comes through here: the form, a workflow, a schedule, an import.
    The event's seats are held from before its row is written, in the one order of
    locks: who registers meanwhile waits and reads what has become of the event.
    Facts that no longer hold raise ``ValidationError`` and nothing is changed;
    numbers that live elsewhere (seats, UID, SEQUENCE, tickets) are never reset.
    """

    class Meta:
        abstract = True

    def publish(self: "Event", revision: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        from .announcement import Announcement
        from .change import Change
        from .event import Event

        with transaction.atomic():
            PublicationLock.hold()
            revision = self.revisions.get(pk=revision.pk)  # as it is now, behind the lock
            scheduled = bool(revision.approved_go_live_at is None and self._for_later(revision))
            by = None
            if not scheduled:
                facts = revision.as_object()
                facts.derive_instants()
                _refuse(facts)
                by = family.distance(facts) if facts.moves_children else None
            inside = family.below(self.pk) if by else []
            for pk in [self.pk, *inside]:
                SeatPool.objects.hold(pk)
            too_few = {} if scheduled else facts.capacity_errors()
            if too_few:  # nobody registers meanwhile
                raise ValidationError(too_few)
            now = Event.objects.get(pk=self.pk)
            known, replaced = Change.known(now), Event.objects.filter(replacement=now, live=True).first()
            known_of_replaced = Change.known(replaced) if replaced and not now.live else None
            self._clear_exceptions(revision, scheduled)
            super().publish(revision, **kwargs)  # type: ignore[misc]
            event = Event.objects.get(pk=self.pk)
            if event.live and event.live_revision_id == revision.pk:
                event.went_public()
                by_whom = kwargs.get("user") or revision.user
                Change.note(event, known, by_whom)
                if replaced is not None:
                    Change.note(Event.objects.get(pk=replaced.pk), known_of_replaced, by_whom)
                if by:
                    family.move_along(event, by)
                    Announcement.objects.gather(event, inside)
                # A wish for this publication, not a habit.
                Event.objects.filter(pk=event.pk, moves_children=True).update(moves_children=False)

    def _clear_exceptions(self: "Event", revision: Any, scheduled: bool) -> None:  # type: ignore[misc]
        """The revision writes its own: two that change places would meet on their way."""
        if not scheduled:
            EventException.objects.filter(event_id=self.pk).delete()

    @staticmethod
    def _for_later(revision: Any) -> bool:
        from django.utils import timezone
        from django.utils.dateparse import parse_datetime

        go_live = revision.content.get("go_live_at")
        when = parse_datetime(go_live) if go_live else None
        return bool(when and when > timezone.now())

    def unpublish(self: "Event", *args: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        from .change import Change
        from .pages import EventPage

        with transaction.atomic():
            PublicationLock.hold()
            SeatPool.objects.hold(self.pk)
            self.refresh_from_db()
            known = Change.known(self)
            super().unpublish(*args, **kwargs)  # type: ignore[misc]
            CalendarEntry.objects.withdraw(self)
            Change.note(self, known, by=kwargs.get("user") or (args[1] if len(args) > 1 else None))
            EventPage.objects.filter(event=self).update(live=False)
            Edition.bump()

    def went_public(self: "Event") -> None:  # type: ignore[misc]
        """Fit the pools, tell calendars, write dates and pages, and open a new edition."""
        from .pages import EventPage

        SeatPool.objects.fit(self)
        CalendarEntry.objects.announce(self)
        Occurrence.objects.rebuild(self)
        waiting_list.pass_on(self.pk)
        EventPage.tell(self)
        Edition.bump()


def refusal(revision: Any) -> ValidationError | None:
    """Why a revision can't be published as things stand; None if it can."""
    facts = revision.as_object()
    facts.derive_instants()
    try:
        _refuse(facts)
    except ValidationError as refused:
        return refused
    too_few = facts.capacity_errors()
    return ValidationError(too_few) if too_few else None


def _refuse(facts: "Event") -> None:
    """Check, behind the lock, what constraints can't say.

    Raises:
        ValidationError: clock, rule, family or replacement do not hold any more, a picture
            has no words, or there is no French title, as in a draft proposed in another language.
    """
    found = facts.clock_errors() | facts.predecessor_errors() | facts.replacement_errors() | facts.picture_errors()
    if not _french(facts.title):
        found["title"] = ValidationError(_("The French title is required."), code="french")
    found |= facts.takeover_errors()
    off_rule = objection(facts.recurrence, facts.start_local)
    if off_rule:
        found["recurrence"] = off_rule
    else:
        found |= objections(facts)
    if not found:
        found = family.errors(facts)
    if found:
        raise ValidationError(found)


def _french(title: Any) -> str:
    return (title.data.get("fr") or "") if isinstance(title.data, dict) else str(title)
