"""What one's own page tells of questions: answers given, what is still asked of who has a place, what is missing."""

import datetime as dt

import pytest

from events.models import Registration
from events.models.questions.answer import Given
from events.models.questions.question import Question
from events.registration import links
from tests.factories import TicketFactory, publish, told
from tests.forms import filled
from tests.registration.people import address, enters, letters, link_in, meeting, page

from .asked import asks, box, pdf, said_in, sends, soup, told_of

pytestmark = pytest.mark.django_db
PLACE = "place"


def at(registration, name="participant_questions", *more, language="en"):
    return address(name, links.token(Registration.objects.get(pk=registration.pk)), *more, language=language)


def answers_to(client, registration, said, name="participant_questions"):
    """Open a page of one's own, fill in these questions, leave the rest, and send it."""
    form = client.get(at(registration, name))
    assert form.status_code == 200
    return client.post(at(registration, name), filled(form) | {f"q{one.pk}": value for one, value in said.items()})


def test_ones_own_page_shows_what_was_answered_in_the_words_of_then(client):
    event = meeting()
    function, meals = asks(event), asks(event, "several")
    sends(client, event, {function: "Doyenne", meals: ["a", "b"]})
    function.label = told("Métier", "Trade", "Oficio")
    function.save()
    mine = page(Registration.objects.get())
    assert "Your answers" in mine
    assert "Function" in mine
    assert "Trade" not in mine
    assert "Rice, Millet" in mine


def test_answers_are_changed_with_the_other_details(client):
    event = meeting()
    function, meal = asks(event), asks(event, "choice", required=True)
    sends(client, event, {function: "Doyenne", meal: "a"})
    mine = Registration.objects.get()
    sent = filled(client.get(at(mine, "participant_change")))
    assert (sent[f"q{function.pk}"], sent[f"q{meal.pk}"]) == ("Doyenne", ["a"])
    assert answers_to(client, mine, {function: "", meal: "b"}, "participant_change").status_code == 303
    assert told_of() == {"Repas": "Millet"}
    assert mine.changes.filter(verb="answer").count() == 1
    assert answers_to(client, mine, {}, "participant_change").status_code == 303
    assert mine.changes.filter(verb="answer").count() == 1


def test_an_answer_takes_with_it_what_it_led_to(client):
    event = meeting()
    meal = asks(event, "choice")
    why = asks(event, depends_on=meal, depends_values=["a"])
    later = asks(event, "long_text", stage=PLACE, depends_on=meal, depends_values=["a"])
    sends(client, event, {meal: "a", why: "because"})
    mine = Registration.objects.get()
    answers_to(client, mine, {later: "more"})
    assert len(told_of()) == 3
    answers_to(client, mine, {meal: "b"}, "participant_change")
    assert told_of() == {"Repas": "Millet"}


def test_another_way_to_take_part_takes_its_answers_with_it(client):
    event = meeting(format="hybrid")
    bed = asks(event, attendance="onsite", required=True)
    sends(client, event, {bed: "yes"}, attendance="onsite")
    mine = Registration.objects.get()
    sent = filled(client.get(at(mine, "participant_change")))
    assert client.post(at(mine, "participant_change"), sent | {"attendance": "online"}).status_code == 303
    assert told_of() == {}
    back = sent | {"attendance": "onsite", f"q{bed.pk}": ""}
    assert client.post(at(mine, "participant_change"), back).status_code == 422


def test_the_name_in_latin_letters_and_a_known_organisation_can_be_corrected(client):
    from tests.factories import OrganisationFactory

    known = OrganisationFactory(short_name="ICRAF")
    sends(client, meeting())
    mine = Registration.objects.get()
    sent = filled(client.get(at(mine, "participant_change"))) | {"latin_name": "Asha R.", "organisation": "icraf"}
    assert client.post(at(mine, "participant_change"), sent).status_code == 303
    mine.refresh_from_db()
    assert (mine.latin_name, mine.known_organisation) == ("Asha R.", known)


def test_agreements_can_be_taken_back_to_the_end_and_what_was_agreed_stays_to_be_shown(client):
    event = meeting(changes_close_local=dt.datetime(2031, 5, 1))
    photo, must = asks(event, "consent"), asks(event, "consent", required=True, label=told("Charte", "Charter"))
    name = asks(event)
    sends(client, event, {photo: "yes", must: "yes", name: "x"})
    publish(event, changes_close_local=dt.datetime(2021, 5, 1))
    mine = Registration.objects.get()
    assert "Change what I agreed to" in page(mine)
    form = soup(client.get(at(mine, "participant_change")))
    assert [int(one["data-question"]) for one in form.select(".question")] == [photo.pk]
    assert client.post(at(mine, "participant_change"), {f"q{name.pk}": "other"}).status_code == 303
    assert told_of() == {"Charte": "yes", "Fonction": "x"}
    ended = mine.answers.get(question=photo)
    assert ended.ended_at
    assert ended.wording.said["label"]["en"] == "I agree to photographs"


def test_who_has_a_place_is_asked_the_rest_on_a_page_of_its_own(client):
    event = meeting(needs_approval=True)
    visa, passport = asks(event, "choice", stage=PLACE, required=True), asks(event, "date", stage=PLACE)
    assert sends(client, event).status_code == 303
    mine = Registration.objects.get()
    assert mine.state == "requested"
    assert "Questions to you" not in page(mine)
    assert client.get(at(mine)).status_code == 303
    mine.approve()
    assert "1 question still has to be answered." in page(mine)
    missing = answers_to(client, mine, {passport: "2031-05-11"})
    assert missing.status_code == 422
    assert box(soup(missing), visa).select_one(".err").text == "An answer is needed."
    assert box(soup(missing), passport).select_one("input")["value"] == "2031-05-11"
    assert answers_to(client, mine, {visa: "a", passport: "2031-05-11"}).url.endswith("?done=answered")
    assert told_of() == {"Repas": "Rice", "Arrivée": "2031-05-11"}
    assert "All that has to be answered is answered" in page(mine)


def test_a_chain_on_that_page_is_judged_by_the_server(client):
    event = meeting()
    visa = asks(event, "choice", stage=PLACE, required=True)
    asks(event, "date", stage=PLACE, depends_on=visa, depends_values=["a"], required=True)
    sends(client, event)
    mine = Registration.objects.get()
    assert "1 question still" in page(mine)
    assert answers_to(client, mine, {visa: "a"}).status_code == 422
    assert answers_to(client, mine, {visa: "b"}).status_code == 303


def test_what_had_to_be_answered_and_never_was_is_asked_there_too(client):
    event = meeting()
    sends(client, event)
    mine = Registration.objects.get()
    assert "Questions to you" not in page(mine)
    optional, added = asks(event, "long_text"), asks(event, required=True)
    assert "1 question still has to be answered." in page(mine)
    form = soup(client.get(at(mine)))
    assert [int(one["data-question"]) for one in form.select(".question")] == [added.pk]
    assert answers_to(client, mine, {added: "x", optional: "never asked here"}).status_code == 303
    assert told_of() == {"Fonction": "x"}


def test_after_changes_close_only_what_was_never_answered_can_be(client):
    event = meeting()
    one, other = asks(event, stage=PLACE), asks(event, "long_text", stage=PLACE)
    sends(client, event)
    mine = Registration.objects.get()
    answers_to(client, mine, {one: "first"})
    publish(event, changes_close_local=dt.datetime(2021, 5, 1))
    form = soup(client.get(at(mine)))
    assert [int(it["data-question"]) for it in form.select(".question")] == [other.pk]
    assert client.post(at(mine), {f"q{one.pk}": "second", f"q{other.pk}": "late"}).status_code == 303
    assert told_of() == {"Fonction": "first", "Vos attentes": "late"}
    assert client.get(at(mine)).status_code == 303


def test_a_file_of_ones_own_is_shown_kept_and_replaced(client):
    event = meeting()
    passport = asks(event, "file", stage=PLACE, required=True)
    sends(client, event)
    mine = Registration.objects.get()
    assert answers_to(client, mine, {passport: pdf("one.pdf")}).status_code == 303
    uid = mine.answers.get().upload.uid
    assert at(mine, "participant_file", uid) in page(mine)
    assert answers_to(client, mine, {}).status_code == 303
    assert mine.answers.get().upload.uid == uid
    form = filled(client.get(at(mine)))
    assert client.post(at(mine), form | {f"q{passport.pk}-away": "1"}).status_code == 422
    assert client.post(at(mine), form | {f"q{passport.pk}": pdf("two.pdf")}).status_code == 303
    assert told_of() == {"Passeport": "two.pdf"}
    assert client.get(at(mine, "participant_file", uid)).status_code == 404


def test_the_letter_of_a_place_says_what_is_still_to_be_answered(client):
    event = meeting()
    asks(event, "choice", stage=PLACE, required=True)
    asks(event, stage=PLACE)
    sends(client, event, language="en")
    letter = letters()[0]
    assert "Some answers are still needed" in letter.body
    assert "1 question still has to be answered, now that you have a place." in letter.body
    mine = Registration.objects.get()
    assert at(mine) in letter.body
    assert at(mine) in letter.alternatives[0][0]


def test_the_letter_says_nothing_once_all_is_answered_before_it_leaves(client):
    event = meeting(needs_approval=True)
    visa = asks(event, "choice", stage=PLACE, required=True)
    sends(client, event, language="en")
    mine = Registration.objects.get()
    mine.approve()
    mine.answer({visa: Given(keys=("a",))})
    for letter in letters():
        assert "still needed" not in letter.body


def test_who_takes_a_place_over_answers_for_themselves(client):
    event = meeting(allows_transfer=True)
    function, visa = asks(event, required=True), asks(event, "choice", stage=PLACE, required=True)
    sends(client, event, {function: "Doyenne"}, language="en")
    mine = Registration.objects.get()
    answers_to(client, mine, {visa: "a"})
    client.post(at(mine, "participant_pass_on"), {"name": "Kofi", "email": "kofi@example.org", "language": "en"})
    where = link_in(next(one for one in letters() if "kofi@example.org" in one.to[0]))
    form = client.get(where)
    assert "Doyenne" not in form.content.decode()
    sent = filled(form) | {"country": "GH", "consent": "on", "latin_name": "Kofi A."}
    refused = client.post(where, sent)
    assert refused.status_code == 422
    assert box(soup(refused), function).select(".err")
    assert client.post(where, sent | {f"q{function.pk}": "Recteur"}).status_code == 303
    theirs = Registration.objects.get(email="kofi@example.org")
    assert (told_of(theirs), theirs.latin_name) == ({"Fonction": "Recteur"}, "Kofi A.")
    assert told_of(Registration.objects.get(pk=mine.pk)) == {"Fonction": "Doyenne", "Repas": "Rice"}
    assert "1 question still has to be answered." in page(theirs)


def test_the_link_of_one_person_answers_for_nobody_else(client):
    event = meeting()
    visa = asks(event, "choice", stage=PLACE)
    mine, other = enters(event, "Asha"), enters(event, "Kofi")
    answers_to(client, mine, {visa: "a"})
    assert told_of(other) == {}
    assert client.get(address("participant_questions", "forged")).status_code == 404


def test_ones_own_page_costs_as_many_queries_with_many_answers(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(many):
        event = meeting()
        ticket = TicketFactory(event=event)
        asked = [asks(event, ("text", "several")[n % 2], tickets=[ticket] if n % 3 else ()) for n in range(many)]
        mine = enters(event, f"P{many}", ticket=ticket)
        mine.answer({one: Given("x") if one.kind == "text" else Given(keys=("a", "b")) for one in asked})
        counted = []
        for name in ("participant", "participant_change"):
            where = at(mine, name)
            client.get(where)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(where).status_code == 200
            counted.append(len(seen))
        return counted

    assert queries(4) == queries(24)


def test_the_page_speaks_three_languages(client):
    event = meeting()
    asks(event, "date", stage=PLACE, required=True)
    mine = enters(event)
    for language, sentence in (
        ("fr", "Vous avez une place"),
        ("en", "You have a place"),
        ("es", "Tiene una plaza"),
    ):
        assert sentence in said_in(soup(client.get(at(mine, language=language))))


def test_what_is_no_longer_asked_still_stands_among_the_answers(client):
    event = meeting()
    function = asks(event)
    sends(client, event, {function: "Doyenne"})
    Question.objects.get(pk=function.pk).retire()
    mine = Registration.objects.get()
    assert "Doyenne" in page(mine)
    assert answers_to(client, mine, {}, "participant_change").status_code == 303
    assert told_of() == {"Fonction": "Doyenne"}
