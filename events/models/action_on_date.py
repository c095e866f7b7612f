"""What is done to one date of a published series: it is cancelled, moved, held elsewhere, or as the rule says again."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .action import Action
from .exception import EventException
from .expansion import given_days

if TYPE_CHECKING:
    from .event import Event

TEXTS = ("venue", "city", "joining_url", "note")
FACTS = ("is_cancelled", "start_local", "end_local", *TEXTS)


@dataclass(frozen=True, kw_only=True)
class ActionOnDate(Action):
    """One thing done to one date, once; ``exception`` is what the date becomes, None for as the rule says.

    The other dates stay as they are, in the draft too: one whose rule no longer
    gives this day is left alone.
    """

    day: dt.date
    exception: EventException | None = None

    def change(self, event: "Event") -> None:
        super().change(event)
        with_exception(event, self.day, self.exception)


def exception_of(event: "Event", day: dt.date) -> EventException:
    """What is said of a date, as a copy to change; of a date as the rule says, one that says nothing yet."""
    found = next((one for one in event.exceptions.all() if one.day == day), None)
    made = EventException(day=day)
    if found is not None:
        made.pk, made.key = found.pk, found.key
        for name in FACTS:
            setattr(made, name, getattr(found, name))
    return made


def with_exception(event: "Event", day: dt.date, exception: EventException | None) -> None:
    """Let an event have this exception on a day, and no other there; nothing is saved.

    One that says nothing is none.
    """
    if not event.recurs or day not in given_days(event.recurrence, event.start_local, day):
        return
    there = exception_of(event, day)
    others = [one for one in event.exceptions.all() if one.day != day]
    if exception is None or not says_something(exception):
        event.exceptions = others  # type: ignore[misc]
        return
    mine = EventException(event=event, day=day, key=there.key, **{name: getattr(exception, name) for name in FACTS})
    mine.pk = there.pk
    event.exceptions = sorted([*others, mine], key=lambda one: one.day)  # type: ignore[misc]


def says_something(exception: EventException) -> bool:
    """Whether a date differs in anything from what the rule says."""
    from .facts import told

    texts = (told(exception.venue), told(exception.city), exception.joining_url, told(exception.note))
    return exception.is_cancelled or exception.is_moved or any(texts)
