"""What is asked hangs on the ticket, the way to take part and other answers; the server is the judge."""

import uuid

import pytest

from events.models import Registration
from events.models.questions.question import Question
from tests.factories import TicketFactory, publish, told
from tests.registration.people import meeting

from .asked import asks, box, form, sends, soup, told_of

pytestmark = pytest.mark.django_db


def test_the_page_says_on_what_a_question_hangs(client):
    event = meeting(format="hybrid")
    meal = asks(event, "choice")
    why = asks(event, label=told("Pourquoi", "Why"), depends_on=meal, depends_values=["a", "b"], required=True)
    bed = asks(event, label=told("Lit", "Bed"), attendance="onsite")
    page = form(client, event)
    assert (box(page, why)["data-after"], box(page, why)["data-after-values"]) == (str(meal.pk), "a b")
    assert box(page, why).select_one("[data-when]").text == "Only if you answered “Rice or Millet” to “Meal”."
    assert not box(page, why).select("[required]")
    assert box(page, bed)["data-attendance"] == "onsite"
    assert box(page, bed).select_one("[data-when]").text == "Only if you take part on site."
    assert not box(page, meal).select("[data-when]")


def test_a_condition_that_always_holds_is_not_told_and_one_that_never_does_is_not_asked(client):
    event = meeting(format="onsite")
    always, never = asks(event, attendance="onsite"), asks(event, attendance="online", required=True)
    page = form(client, event)
    assert not box(page, always).has_attr("data-attendance")
    assert box(page, never) is None
    assert sends(client, event, {always: "x", never: "y"}).status_code == 303
    assert list(Registration.objects.get().answers.values_list("text", flat=True)) == ["x"]


def test_what_is_not_asked_is_neither_required_nor_kept(client):
    event = meeting()
    meal = asks(event, "choice")
    why = asks(event, "date", depends_on=meal, depends_values=["a"], required=True)
    assert sends(client, event, {meal: "b", why: "nonsense"}).status_code == 303
    assert told_of() == {"Repas": "Millet"}
    answer = sends(client, event, {meal: "a"}, email="second@example.org")
    assert box(soup(answer), why).select_one(".err").text == "An answer is needed."


def test_a_chain_ends_where_an_answer_is_missing_whatever_is_sent(client):
    event = meeting()
    meal = asks(event, "choice")
    sort = asks(event, "several", depends_on=meal, depends_values=["a"])
    why = asks(event, depends_on=sort, depends_values=["b"], required=True)
    sends(client, event, {meal: "b", sort: ["b"], why: "because"})
    assert told_of() == {"Repas": "Millet"}
    sends(client, event, {meal: "a", sort: ["b"], why: "because"}, email="second@example.org")
    assert len(told_of(Registration.objects.get(email="second@example.org"))) == 3


def test_a_chain_may_stand_in_any_order(client):
    event = meeting()
    last, middle, first = asks(event), asks(event, "consent"), asks(event, "country")
    Question.objects.filter(pk=last.pk).update(depends_on=middle)
    Question.objects.filter(pk=middle.pk).update(depends_on=first, depends_values=["KE"])
    assert sends(client, event, {last: "x", middle: "yes", first: "KE"}).status_code == 303
    assert Registration.objects.get().answers.count() == 3
    sends(client, event, {last: "x", middle: "yes", first: "FR"}, email="second@example.org")
    assert Registration.objects.get(email="second@example.org").answers.count() == 1


def test_conditions_that_go_round_in_a_circle_ask_nothing(client):
    event = meeting()
    one, other = asks(event, "consent", required=True), asks(event, "consent", required=True)
    Question.objects.filter(pk=one.pk).update(depends_on=other)
    Question.objects.filter(pk=other.pk).update(depends_on=one)
    assert box(form(client, event), one) is None
    assert sends(client, event, {one: "yes", other: "yes"}).status_code == 303
    assert not Registration.objects.get().answers.exists()


def test_a_ticket_decides_what_is_asked(client):
    event = meeting()
    student, other = (TicketFactory(event=event, code=code, name=told(code)) for code in ("student", "other"))
    event = publish(event)
    school = asks(event, tickets=[student], required=True)
    page = form(client, event)
    assert box(page, school)["data-tickets"] == str(student.uid)
    assert box(page, school).select_one("[data-when]").text == "Only with this ticket: student."
    assert sends(client, event, {school: "x"}, ticket=str(other.uid)).status_code == 303
    assert not Registration.objects.get().answers.exists()
    second = {"email": "second@example.org", "ticket": str(student.uid)}
    assert sends(client, event, **second).status_code == 422
    assert sends(client, event, {school: "Dakar"}, **second).status_code == 303
    assert told_of(Registration.objects.get(email="second@example.org")) == {"Fonction": "Dakar"}


def test_a_ticket_for_one_way_tells_what_hangs_on_the_way(client):
    event = meeting(format="hybrid")
    here, away = (TicketFactory(event=event, code=way, attendance=way, name=told(way)) for way in ("onsite", "online"))
    event = publish(event)
    meal = asks(event, attendance="onsite", required=True)
    page = form(client, event)
    assert not page.select("[name=attendance]")
    assert box(page, meal)["data-tickets"] == str(here.uid)
    assert not box(page, meal).has_attr("data-attendance")
    assert sends(client, event, ticket=str(away.uid)).status_code == 303
    assert sends(client, event, ticket=str(here.uid), email="second@example.org").status_code == 422


def test_while_no_place_is_chosen_nothing_is_missed_that_hangs_on_it(client):
    event = meeting(format="hybrid")
    bed, name = asks(event, attendance="onsite", required=True), asks(event, required=True)
    page = soup(sends(client, event))
    assert page.select("#id_attendance_error")
    assert box(page, name).select(".err")
    assert not box(page, bed).select(".err")


def test_a_question_that_was_deleted_meanwhile_loses_only_its_answer(client):
    event = meeting()
    gone, stays = asks(event), asks(event, "long_text")
    mark = str(uuid.uuid4())
    gone.retire()
    assert sends(client, event, {f"q{gone.pk}": "x", stays: "y"}, submission=mark).status_code == 303
    assert told_of() == {"Vos attentes": "y"}
