"""What one's own page tells of questions: answers given, what is still asked of who has a place, files of one's own."""

import datetime as dt

import pytest
from django.utils import timezone

from events.models import Registration
from events.models.questions.answer import Given
from tests.factories import publish
from tests.forms import filled
from tests.registration.people import address, answers, enters, letters, meeting, page, state
from events.registration import links

from .asked import asks, box, pdf, said_in, sends, soup, stored, told_of

pytestmark = pytest.mark.django_db
PLACE = "place"


def at(registration, name="participant_questions", *more, language="en"):
    return address(name, links.token(Registration.objects.get(pk=registration.pk)), *more, language=language)


def test_ones_own_page_shows_what_was_answered(client):
    event = meeting()
    function, meals = asks(event), asks(event, "several")
    sends(client, event, {function: "Doyenne <b>", meals: ["a", "b"]})
    mine = page(Registration.objects.get())
    assert "Your answers" in mine
    assert "Doyenne &lt;b&gt;" in mine
    assert "Rice, Millet" in mine


def test_answers_are_changed_with_the_other_details(client):
    event = meeting()
    function, meal = asks(event), asks(event, "choice", required=True)
    sends(client, event, {function: "Doyenne", meal: "a"})
    mine = Registration.objects.get()
    form = client.get(at(mine, "participant_change"))
    sent = filled(form)
    assert (sent[f"q{function.pk}"], sent[f"q{meal.pk}"]) == ("Doyenne", ["a"])
    answer = client.post(at(mine, "participant_change"), sent | {f"q{function.pk}": "", f"q{meal.pk}": "b"})
    assert answer.status_code == 303
    assert told_of() == {"Repas": "Millet"}
    assert mine.changes.filter(verb="answer").count() == 1
