"""An event made from another one asks the same, and nobody is asked what was meant for others."""

import datetime as dt
import uuid

import pytest

from events.models import Event, Given, Question, Registration
from events.models.next_edition import NextEdition
from events.models.questions import copying, shipped
from tests.factories import TicketFactory, told
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db


def asked(event: Event) -> list[Question]:
    return list(Question.objects.filter(event=event).asked().whole())


def by_label(event: Event) -> dict[str, Question]:
    return {one.label.data["en"]: one for one in Question.objects.filter(event=event).whole()}


def test_the_next_edition_asks_what_the_last_one_asked_with_its_conditions_and_forgets_the_answers() -> None:
    event = meeting()
    shipped.add(event, shipped.TEMPLATES[0].questions)
    shipped.add(event, shipped.TEMPLATES[2].questions)
    dietary = next(one for one in asked(event) if one.subject == "dietary")
    person = Registration(event=event, name="Asha", email="asha@example.org", attendance="onsite", language="fr")
    person.enter()
    person.answer({dietary: Given(keys=("vegan",))})

    made = NextEdition(event, event.start_local + dt.timedelta(days=364), uuid.uuid4()).make()

    assert [one.label.data for one in asked(made)] == [one.label.data for one in asked(event)]
    other = by_label(made)["What else you do not eat"]
    assert other.depends_on is not None
    assert other.depends_on.event_id == made.pk
    assert other.depends_on.subject == "dietary"
    assert other.depends_values == ["other"]
    assert [one.key for one in other.depends_on.choices.all()] == [one.key for one in dietary.choices.all()]
    assert not Question.objects.filter(event=made, answers__isnull=False).exists()


def test_a_question_for_one_ticket_goes_with_the_ticket_of_the_same_code() -> None:
    event, other = meeting(), meeting()
    press, theirs = TicketFactory(event=event, code="press"), TicketFactory(event=other, code="press")
    question = Question(event=event, label=told("Carte de presse", "Press card"), kind="text")
    question.save()
    question.tickets.set([press])

    [made], there = copying.copy_to(other, asked(event))

    assert [one.pk for one in made.tickets.all()] == [theirs.pk]
    assert not there


def test_a_question_that_loses_its_ticket_or_its_condition_is_not_asked_of_everybody() -> None:
    event, other = meeting(), meeting()
    press = TicketFactory(event=event, code="press")
    card = Question(event=event, label=told("Carte de presse", "Press card"), kind="text")
    card.save()
    card.tickets.set([press])
    shipped.add(event, ["visa", "passport_name"])
    passport = by_label(event)["Name as in your passport"]

    copying.copy_to(other, [card, passport])

    assert not asked(other)
    assert {one.label.data["en"] for one in Question.objects.filter(event=other)} == {
        "Press card",
        "Name as in your passport",
    }


def test_taken_over_twice_is_once() -> None:
    event, other = meeting(), meeting()
    shipped.add(event, shipped.TEMPLATES[1].questions)

    made, _there = copying.copy_to(other, asked(event))
    again, there = copying.copy_to(other, asked(event))

    assert len(made) == len(there) == 6
    assert not again
    assert len(asked(other)) == 6
