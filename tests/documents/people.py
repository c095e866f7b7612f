"""People at an event who have answered what badges and lists ask."""

from collections.abc import Iterable
from typing import Any

from events.models import Event, Question, Registration
from events.models.questions import shipped
from events.models.questions.answer import Given
from events.models.questions.kinds import YES, Subject
from tests.registration.lives import entered, now
from tests.registration.people import meeting

SUBJECTS = ("position", "speaks", "photo", "list")


def asking(**facts: Any) -> Event:
    """A meeting that asks for the function, the languages, and the consents to photographs and to the list."""
    event = meeting(**facts)
    shipped.add(event, SUBJECTS)
    return event


def question(event: Event, subject: str) -> Question:
    found: Question = Question.objects.get(event=event, subject=subject)
    return found


def answers(
    registration: Registration,
    position: str = "",
    speaks: Iterable[str] = (),
    agrees: Iterable[str] = (),
) -> Registration:
    """What somebody says; ``agrees`` are the subjects of the consents given."""
    given = {question(registration.event, subject): Given(keys=(YES,)) for subject in agrees}
    if position:
        given[question(registration.event, Subject.POSITION)] = Given(text=position)
    if tuple(speaks):
        given[question(registration.event, Subject.SPEAKS)] = Given(keys=tuple(speaks))
    registration.answer(given)
    return now(registration)


def comes(event: Event, name: str, number: int = 0, **facts: Any) -> Registration:
    """Somebody with a place; the address is made of a number, for names that make none."""
    number = number or Registration.objects.count() + 1
    person = {"email": f"person-{number}@example.org", "name": name, "language": "en", "country": "IN"}
    return entered(event, **person | facts)
