"""Answers where one registers date by date, by invitation, twice, or is registered already."""

import json
import uuid

import pytest

from events.models import Invitation, Registration
from events.models.questions.answer import Answer
from events.models.questions.upload import Upload
from events.registration import links
from tests.forms import filled
from tests.registration.crowd import send_together
from tests.registration.people import address, meeting, page
from tests.registration.series import FIRST, FOURTH, SECOND, THIRD, choose, series
from tests.registration.test_race import person, said

from .asked import asks, box, pdf, sends, soup, told_of

pytestmark = pytest.mark.django_db


def rows():
    return Registration.objects.order_by("occurrence__starts_at").select_related("occurrence")


def test_each_date_of_one_form_has_the_answers(client):
    event = series()
    meal, passport = asks(event, "several"), asks(event, "file")
    sent = {f"q{meal.pk}": ["a", "b"], f"q{passport.pk}": pdf("one.pdf")}
    assert choose(client, event, FIRST, SECOND, **sent).status_code == 303
    assert [told_of(one) for one in rows()] == [{"Ateliers": "Rice, Millet", "Passeport": "one.pdf"}] * 2
    assert Upload.objects.count() == 1


def test_a_date_one_has_already_keeps_its_answers(client):
    event = series()
    name = asks(event)
    choose(client, event, FIRST, **{f"q{name.pk}": "first"})
    choose(client, event, FIRST, SECOND, **{f"q{name.pk}": "second"})
    assert [told_of(one)["Fonction"] for one in rows()] == ["first", "second"]


def test_dates_added_on_ones_own_page_have_the_answers_too(client):
    event = series()
    name = asks(event)
    choose(client, event, FIRST, **{f"q{name.pk}": "Doyenne"}, latin_name="Asha")
    mine = rows().get()
    client.post(address("participant_dates", links.token(mine)), {"dates": [THIRD, FOURTH]})
    assert [(told_of(one)["Fonction"], one.latin_name) for one in rows()] == [("Doyenne", "Asha")] * 3


def test_what_is_asked_of_who_has_a_place_is_answered_once_for_all_dates(client):
    event = series()
    visa = asks(event, "choice", stage="place", required=True)
    why = asks(event, stage="place", depends_on=visa, depends_values=["a"], required=True)
    choose(client, event, FIRST, SECOND)
    where = address("participant_questions", links.token(rows()[0]), language="en")
    form = client.get(where)
    assert "for all your dates" in form.content.decode()
    sent = filled(form) | {f"q{visa.pk}": "a", f"q{why.pk}": "because"}
    assert client.post(where, sent).status_code == 303
    assert [told_of(one) for one in rows()] == [{"Repas": "Rice", "Fonction": "because"}] * 2
    assert "All that has to be answered" in page(rows()[1])


def test_who_comes_by_an_invitation_is_asked_the_same(client):
    event = meeting(access="members")
    name, passport = asks(event, required=True), asks(event, "file")
    invitation = Invitation.objects.create(event=event, code="AWA", email="awa@example.org", name="Awa", language="en")
    where = address("invitation", links.invitation_token(invitation), language="en")
    form = client.get(where)
    sent = filled(form, "form#form") | {"country": "SN", "consent": "on"}
    refused = client.post(where, sent | {f"q{passport.pk}": pdf("mine.pdf")})
    assert refused.status_code == 422
    assert box(soup(refused), name).select(".err")
    again = filled(refused, "form#form") | {"consent": "on", f"q{name.pk}": "Doyenne"}
    assert client.post(where, again).status_code == 303
    assert told_of() == {"Fonction": "Doyenne", "Passeport": "mine.pdf"}


def test_the_same_form_sent_twice_has_its_answers_once(client):
    event = meeting()
    name, passport, mark = asks(event), asks(event, "file"), str(uuid.uuid4())
    for _ in range(2):
        assert sends(client, event, {name: "x", passport: pdf()}, submission=mark).status_code == 303
    assert Registration.objects.count() == 1
    assert Answer.objects.count() == 2
    assert Upload.objects.orphaned().count() == 0  # the second one waits a day


def test_a_full_event_keeps_the_answers_in_the_form(client):
    event = meeting(capacity=1)
    name, passport = asks(event), asks(event, "file", required=True)
    sends(client, event, {name: "x", passport: pdf("first.pdf")})
    answer = sends(client, event, {name: "y", passport: pdf("mine.pdf")}, email="late@example.org")
    assert answer.status_code == 409
    page = soup(answer)
    if box(page, name):
        assert box(page, name).select_one("input")["value"] == "y"
        assert "mine.pdf" in box(page, passport).text
    assert not Registration.objects.filter(email="late@example.org").exists()


FOUND = """
from tests.registration.people import meeting
from tests.questions.asked import asks
event = meeting(capacity=50)
one, other = asks(event), asks(event, "several")
print(event.uid, one.pk, other.pk)
"""
TOLD = """
import json
from events.models import Registration
from events.models.questions.answer import Answer, Chosen
print(json.dumps([
    Registration.objects.filter(event__uid="{uid}").count(),
    Answer.objects.filter(registration__event__uid="{uid}").count(),
    Chosen.objects.filter(answer__registration__event__uid="{uid}").count(),
    [one.text for one in Answer.objects.filter(question={one})],
]))
"""


def test_one_form_sent_from_ten_windows_at_once_has_its_answers_once(served):
    site = served()
    uid, one, other = said(site, FOUND).split()
    mark = str(uuid.uuid4())
    forms = [person(1, submission=mark) | {f"q{one}": "same", f"q{other}": ["a", "b"]} for _ in range(10)]
    got = send_together(site.url, address("registration", uid), forms)
    assert {answer.status for answer in got} == {303}
    assert json.loads(said(site, TOLD.format(uid=uid, one=one))) == [1, 2, 2, ["same"]]
    assert "Traceback" not in site.log()


def test_many_people_who_answer_at_once_each_have_their_own_answers(served):
    site = served()
    uid, one, other = said(site, FOUND).split()
    forms = [person(n) | {f"q{one}": f"said by {n}", f"q{other}": ["a"]} for n in range(30)]
    got = send_together(site.url, address("registration", uid), forms)
    assert {answer.status for answer in got} == {303}
    many, answers, chosen, texts = json.loads(said(site, TOLD.format(uid=uid, one=one)))
    assert (many, answers, chosen) == (30, 60, 30)
    assert sorted(texts) == sorted(f"said by {n}" for n in range(30))
