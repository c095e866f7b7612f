"""What nobody means: forged keys, thousands of answers, marks that turn words round."""

import pytest

from events.models import Invitation, Registration
from events.models.questions.answer import Chosen
from events.registration import links
from tests.factories import told
from tests.registration.people import address, letters, meeting, page

from .asked import asks, box, sends, soup, told_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["choice", "several", "country", "languages"])
@pytest.mark.parametrize("value", ["zz", "<script>", "a b", "\u202ea", "None", "-1"])
def test_a_key_that_is_not_offered_is_refused(client, kind, value):
    event = meeting()
    question = asks(event, kind)
    answer = sends(client, event, {question: value})
    assert answer.status_code == 422
    assert box(soup(answer), question).select(".err")
    assert not Registration.objects.exists()


def test_a_consent_is_given_by_its_own_key_alone(client):
    event = meeting()
    photo = asks(event, "consent")
    sends(client, event, {photo: "no"})
    assert told_of() == {}


def test_the_question_of_another_event_or_stage_is_not_answered(client):
    event = meeting()
    mine, other, later, gone = asks(event), asks(meeting()), asks(event, stage="place"), asks(event)
    gone.retire()
    sends(client, event, dict.fromkeys((mine, other, later), "x") | {f"q{gone.pk}": "x", "q0": "x", "q99999999": "x"})
    assert list(Registration.objects.get().answers.values_list("question", flat=True)) == [mine.pk]


def test_the_choice_of_another_event_is_refused(client):
    event = meeting()
    mine = asks(event, "choice", choices=[("only", told("À moi", "Mine"))])
    asks(meeting(), "choice")
    assert sends(client, event, {mine: "a"}).status_code == 422


def test_ten_thousand_answers_are_one(client):
    event = meeting()
    meals, tongues = asks(event, "several"), asks(event, "languages")
    assert sends(client, event, {meals: ["a"] * 9_000}).status_code == 303
    assert Chosen.objects.count() == 1
    many = sends(client, event, {meals: [f"k{n}" for n in range(9_000)]}, email="second@example.org")
    assert many.status_code == 422
    assert sends(client, event, {meals: ["a"] * 10_001}, email="second@example.org").status_code == 400
    all_of_them = [one["value"] for one in box(soup(many), tongues).select("[value]") if one["value"]]
    answer = sends(client, event, {tongues: all_of_them}, email="second@example.org")
    assert answer.status_code == 422
    assert "more than can be chosen" in box(soup(answer), tongues).select_one(".err").text


def test_a_text_is_no_longer_than_it_may_be(client):
    event = meeting()
    line, lines = asks(event), asks(event, "long_text")
    answer = soup(sends(client, event, {line: "x" * 301, lines: "y" * 4001}))
    assert "300" in box(answer, line).select_one(".err").text
    assert "4000" in box(answer, lines).select_one(".err").text.replace(",", "")


def test_marks_that_turn_words_round_or_hide_them_are_left_out(client):
    event = meeting()
    line, lines = asks(event), asks(event, "long_text")
    sends(client, event, {line: "a\u202e\u2066b\u200b\x07 \t c", lines: "one\u202e\r\n\r\n\r\n\r\ntwo\ufeff\x1b[2J"})
    assert told_of() == {"Fonction": "ab c", "Vos attentes": "one\n\ntwo[2J"}


def test_joiners_and_marks_of_a_script_stay(client):
    event = meeting()
    line = asks(event)
    text = "क्‍ष می‌خواهم Ọ̀ṣun"
    sends(client, event, {line: text})
    assert told_of() == {"Fonction": text}


def test_html_in_an_answer_is_text_wherever_it_is_shown(client):
    event = meeting()
    line = asks(event)
    evil = '<img src=x onerror="alert(1)">'
    answer = sends(client, event, {line: evil}, name="")
    assert evil not in answer.content.decode()
    assert sends(client, event, {line: evil}).status_code == 303
    mine = Registration.objects.get()
    assert evil not in page(mine)
    assert "&lt;img" in page(mine)
    change = client.get(address("participant_change", links.token(mine))).content.decode()
    assert evil not in change


def test_a_nul_is_refused_in_words(client):
    event = meeting()
    line = asks(event)
    assert sends(client, event, {line: "a\x00b"}).status_code == 422


def test_a_nul_in_a_code_opens_nothing_and_breaks_nothing(client):
    event = meeting()
    Invitation.objects.create(event=event, code="PRESS")
    for code in ("PRE\x00SS", "\x00"):
        assert client.get(address("registration", event.uid), {"code": code}).status_code == 200
        assert sends(client, event, {"code": code}).status_code == 422
    assert not Registration.objects.exists()


def test_a_stranger_changes_nothing_of_who_is_registered(client):
    event = meeting()
    line = asks(event)
    sends(client, event, {line: "mine"})
    assert sends(client, event, {line: "theirs"}).status_code == 303
    assert told_of() == {"Fonction": "mine"}
    assert not Registration.objects.get().changes.filter(verb="answer").exists()
    assert len(letters()) == 2
