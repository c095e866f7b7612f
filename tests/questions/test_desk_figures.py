"""Answers in figures: one chart and table a question that is counted, for who may read the answers."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.test_figures import read, text, url
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, mandate, told
from tests.wall.test_co_organisers import held_with, represented

from .desk_forms import answers, asks, registered
from .test_desk_list import crowd, reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory.published(title=told("Réunion", "Meeting"), registration="here", format="onsite")


def test_each_counted_question_has_a_chart_and_a_table_and_who_did_not_answer_is_counted(desk, event):
    meals = asks(event, "several", "Repas", "Meals", choices={"v": "Végétarien", "h": "Halal"})
    asks(event, fr="Texte", en="Free text")
    country = asks(event, "country", "Nationalité", "Nationality")
    first, second = registered(event, "Awa Diallo"), registered(event, "Bintou Ba")
    registered(event, "Chidi Eze")
    answers(first, meals, "v", "h")
    answers(second, meals, "v")
    answers(first, country, "CI")
    gone = registered(event, "Dara Eko")
    answers(gone, meals, "h")
    gone.cancel()
    page = read(desk.get(url(event)))
    assert page.rows["Meals"][1:] == [
        ["Végétarien (en)", "2", "67%"],
        ["Halal (en)", "1", "33%"],
        ["No answer", "1", "33%"],
    ]
    assert page.rows["Nationality"][1:] == [["Côte d’Ivoire", "1", "33%"], ["No answer", "2", "67%"]]
    assert "Free text" not in page.rows
    assert "Several answers are possible" in text(desk.get(url(event)))


def test_a_choice_that_is_gone_is_still_counted_by_its_name(desk, event):
    meals = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "h": "Halal"})
    answers(registered(event), meals, "v")
    meals.choices.get(key="v").delete()
    type(meals).objects.get(pk=meals.pk).save()
    assert read(desk.get(url(event))).rows["Meals"][1:] == [["Végétarien (en)", "1", "100%"]]


def test_the_figures_say_how_many_answered_other_words_than_todays(desk, event):
    sign = asks(event, "choice", "Affiche", "Poster", choices={"y": "Oui", "n": "Non"})
    first, second = registered(event, "Awa Diallo"), registered(event, "Bintou Ba")
    answers(first, sign, "y")
    assert "before the words were changed" not in text(desk.get(url(event)))
    choice = sign.choices.get(key="y")
    choice.text = told("Oui, une affiche", "Yes, a poster")
    choice.save()
    type(sign).objects.get(pk=sign.pk).save()
    answers(second, type(sign).objects.get(pk=sign.pk), "y")
    page = desk.get(url(event))
    assert read(page).rows["Poster"][1:] == [["Yes, a poster", "2", "100%"]]
    assert "1 person answered before the words were changed" in text(page)


def test_confidential_answers_are_counted_for_the_staff_alone(desk, event):
    region = RegionFactory(code="WEST")
    event.regions.set([region])
    event.save()
    plain = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    secret = asks(event, "choice", "Handicap", "Disability", choices={"r": "Rampe", "n": "Non"}, is_confidential=True)
    row = registered(event)
    answers(row, plain, "v")
    answers(row, secret, "r")
    person = User.objects.create_user("correspondent", "c@example.org", "a long enough password")
    mandate(person, region, registrations=True)
    theirs = text(reader(person).get(url(event)))
    assert "Meals" in theirs
    assert "Disability" not in theirs
    assert "Rampe" not in theirs
    assert "Disability" in text(desk.get(url(event)))


def test_a_co_organiser_sees_no_figure_of_answers(event):
    event = held_with(event, "CIRAD")
    client, body = represented("CIRAD"), OrganisationFactory(short_name="CIRAD")
    meals = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    row = registered(event)
    row.share_with([body.pk])
    answers(row, meals, "v")
    said = text(client.get(url(event)))
    assert "By state" in said
    assert "Meals" not in said


def test_figures_cost_as_much_for_many_questions_and_people(desk, event):
    questions = [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2)]
    crowd(event, questions, 3)
    desk.get(url(event))
    with CaptureQueriesContext(connection) as few:
        desk.get(url(event))
    questions += [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2, 10)]
    crowd(event, questions, 50)
    with CaptureQueriesContext(connection) as many:
        assert "Q9" in text(desk.get(url(event)))
    assert len(many) == len(few)
