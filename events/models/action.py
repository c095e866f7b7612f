"""Actions: an event is moved, postponed, cancelled or reinstated, and why and when people are told is kept with it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from . import facts, family
from .announcement import Announcement
from .calendar_entry import PublicationLock
from .change import Change

if TYPE_CHECKING:
    from .event import Event


class ChangedMeanwhile(Exception):
    """Somebody else has changed the event since the form was opened; nothing was written."""


@dataclass(frozen=True)
class Action:
    """One thing done to a published event, once.

    ``changes`` are the fields that get another value; ``inside`` says whether
    the events inside follow: they move by as much, or take the same status.
    ``version`` is the live revision that its author saw, ``submission`` the form
    they sent: the same form twice is one action, another's form is refused.
    """

    event: "Event"
    changes: Mapping[str, Any]
    version: int | None
    submission: uuid.UUID = field(default_factory=uuid.uuid4)
    inside: bool = False
    by: Any = None

    def change(self, event: "Event") -> None:
        """Set on an event, or on a draft of it, what becomes of it."""
        _set(event, self.changes)

    def carry_out(self, reason: Any, due_at: dt.datetime | None) -> Announcement:
        """Publish it, and keep why and when people are to be told; all in one transaction.

        A draft with other changes stays a draft, and takes these changes too.

        Raises:
            ChangedMeanwhile: the event is not what the author saw.
            ValidationError: what it would become does not hold.
        """
        from .event import Event

        with transaction.atomic():
            PublicationLock.hold()
            done = Change.submitted(self.submission)
            if done is not None:
                return done.announcement
            event = Event.objects.get(pk=self.event.pk)
            if not event.live or event.live_revision_id != self.version:
                raise ChangedMeanwhile
            before, was = facts.of_change(event), event.status
            inside = family.below(event.pk) if self.inside else []
            moved = self._publish(event, moves_children=self.inside)
            if moved.status != was:
                self._follow(inside, was, moved.status)
            announcement = self._announcement(moved, before)
            Announcement.objects.gather(moved, inside)
            announcement.reason, announcement.due_at, announcement.by = reason, due_at, self.by
            announcement.what = announcement.turn()
            announcement.save(update_fields=["reason", "due_at", "by", "what"])
            return announcement

    def _publish(self, event: "Event", **more: Any) -> "Event":
        draft = event.get_latest_revision_as_object() if event.has_unpublished_changes else None
        self.change(event)
        _set(event, more)
        revision = event.save_revision(user=self.by, log_action=True)
        event.publish(revision, user=self.by, skip_permission_checks=True)
        if draft is not None:
            self.change(draft)
            draft.save_revision(user=self.by)
        return type(event).objects.get(pk=event.pk)

    def _follow(self, inside: list[int], was: str, status: str) -> None:
        """Those inside that stood as the event did now stand as it does."""
        from .event import Event

        others = Event.CALLED_OFF if was in Event.CALLED_OFF else ()
        for child in Event.objects.filter(pk__in=inside).order_by("pk"):
            stood = child.status == was if others else child.status not in Event.CALLED_OFF
            if stood or (child.status in others and status in Event.CALLED_OFF):
                draft = child.get_latest_revision_as_object() if child.has_unpublished_changes else None
                _set(child, {"status": status})
                child.publish(child.save_revision(user=self.by), user=self.by, skip_permission_checks=True)
                if draft is not None:
                    _set(draft, {"status": status})
                    draft.save_revision(user=self.by)

    def _announcement(self, event: "Event", before: dict[str, Any]) -> Announcement:
        """The open one, with the step that this action made; a step is kept where nobody is registered too."""
        announcement = Announcement.objects.opened(event, facts.what(before, facts.of_change(event)))
        step = announcement.changes.filter(event=event).order_by("-at", "-pk").first()
        if step is None or step.before != before or step.submission:
            step = Change(announcement=announcement, event=event, before=before)
        step.by, step.submission = self.by, self.submission
        step.save()
        return announcement


def _set(event: "Event", changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(event, name, value)
