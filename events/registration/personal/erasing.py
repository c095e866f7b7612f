"""Erasing: everything that is known of one person in all events is deleted, when they or the staff ask for it."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils import timezone

from events.models import Event, Registration
from events.models.personal import forgetting
from events.models.personal.person import Person
from letters.models import Letter

from ..going_back import Back, back


@dataclass
class Erased:
    """What was done: how many registrations were forgotten, and where money is on its way, so that they wait."""

    cancelled: int = 0
    forgotten: int = 0
    waiting: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Consequence:
    """What erasing does to one registration: whether a place is lost, and what of the money goes back."""

    registration: Registration
    is_cancelled: bool
    back: Back | None = None


def consequences(person: Person) -> list[Consequence]:
    """For each registration, as things stand now."""
    found = []
    for one in person.registrations:
        ends = is_to_come(one)
        found.append(Consequence(one, ends, back(one) if ends and one.ticket_id else None))
    return found


def is_to_come(registration: Registration) -> bool:
    """Whether there is a place, or the wish for one, at what is not over yet."""
    return registration.is_living and not registration.is_over


def erase(email: str, language: str, by: User | None = None) -> Erased:
    """Cancel what is to come, by the verb that everybody uses, then forget all of it; twice is once.

    Seats go to whoever waits, money goes back as the event's policy says. What waits for money is
    forgotten by the worker once that has arrived. A last letter, with nothing in it but that it was done,
    goes to ``email``, which is kept for it a week.
    """
    person, done = Person(email), Erased()
    for registration in person.registrations:
        if is_to_come(registration):
            registration.cancel()
            done.cancelled += 1
    waiting: list[int] = []
    for event, keys in list(forgetting.by_event(Registration.objects.known().filter(email_key=person.key))):
        gone = forgetting.forget(event, keys, by)
        done.forgotten += gone.people
        waiting += gone.waiting
    rest = Registration.objects.filter(pk__in=waiting)
    rest.filter(erasure_asked_at=None).update(erasure_asked_at=timezone.now())
    done.waiting = list(Event.objects.filter(registrations__in=waiting).distinct().order_by("starts_at", "pk"))
    person.forget_rest()
    Letter.objects.create(
        kind="erased",
        recipient=email,
        language=language,
        facts={"waiting": [str(event.uid) for event in done.waiting]},
        link_view="my_data",
    )
    return done
