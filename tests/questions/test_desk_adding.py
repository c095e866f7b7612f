"""Adding somebody by hand: with the name in Latin letters, and the answers that are known."""

import pytest
from django.urls import reverse

from events.models import Registration
from tests.factories import EventFactory, OrganisationFactory, told

from .desk_forms import asks

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory.published(
        title=told("Réunion", "Meeting"), registration="here", format="onsite", has_waiting_list=True, capacity=1
    )


def send(desk, event, **sent):
    facts = {"place": "onsite:", "name": "王芳", "email": "wang@example.org", "language": "fr"} | sent
    return desk.post(reverse("registrations:add_to", args=[event.uid]), facts)


def test_whoever_is_added_has_a_latin_name_and_the_answers_that_are_known(desk, event):
    meals = asks(event, "several", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"}, required=True)
    asks(event, fr="Passeport", required=True, stage="place")
    OrganisationFactory(short_name="CIRAD")
    assert "Meals" in desk.get(reverse("registrations:add_to", args=[event.uid])).content.decode()
    response = send(desk, event, latin_name="Wang Fang", organisation="CIRAD", **{f"q{meals.pk}": ["v"]})
    assert response.status_code == 303
    row = Registration.objects.get()
    assert (row.latin_name, row.known_organisation.short_name) == ("Wang Fang", "CIRAD")
    assert [(one.question, one.keys) for one in row.answers.living().whole()] == [(meals, ("v",))]


def test_answers_come_along_to_the_waiting_list(desk, event):
    meals = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    assert send(desk, event, email="first@example.org").status_code == 303
    sent = {"as": "waiting", f"q{meals.pk}": "m"}
    assert send(desk, event, **sent).status_code == 303
    assert Registration.objects.get(state="waiting").answers.living().whole().get().keys == ("m",)


def test_an_answer_that_is_none_is_refused_with_everything_that_was_written(desk, event):
    meals = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    response = send(desk, event, latin_name="Ван", **{f"q{meals.pk}": "forged"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Latin letters (a to z" in page
    assert "What was chosen is not offered any more" in page
    assert not Registration.objects.exists()
