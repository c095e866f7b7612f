"""Writing questions on the desk: whatever becomes of one, what somebody answered says what it said."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from events.models import Answer, Question
from events.models.questions import shipped
from pages.models import Edition
from tests.factories import EventFactory, TicketFactory, told

from .desk_forms import NAMES, answers, asks, of, registered, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory.published(
        title=told("Réunion", "Meeting"), registration="here", format="onsite", needs_approval=False
    )


def labels(event) -> list[str]:
    return [one.label.data["fr"] for one in Question.objects.filter(event=event).asked()]


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_form_of_an_event_tells_its_questions_and_leads_to_where_they_are_written(desk, event):
    asks(event, fr="Repas", en="Meals")
    page = text(desk.get(reverse(f"{NAMES}:edit", args=[event.pk])))
    assert "Meals" in page
    assert of(event) in page
    assert desk.get(of(event)).status_code == 200


def test_a_question_is_written_with_its_choices_in_three_languages(desk, event):
    sent = typed(kind="choice", choices=[("", "Oui", ""), ("", "Non", ""), ("", "", "")])
    sent |= {"choices-0-text_1": "Yes", "label_2": "Comidas"}
    edition = Edition.now()
    assert desk.post(of(event, "question_add"), sent).status_code == 303
    made = Question.objects.get(event=event)
    assert made.label.data == {"fr": "Repas", "en": "Meals", "es": "Comidas"}
    assert [one.text.data["fr"] for one in made.choices.order_by("sort_order")] == ["Oui", "Non"]
    said = made.wordings.get().said
    assert [one["text"]["fr"] for one in said["choices"]] == ["Oui", "Non"], "its wording knows its choices"
    assert Edition.now() > edition


def test_what_is_missing_is_said_where_it_is_missing_and_nothing_is_kept(desk, event):
    page = desk.post(of(event, "question_add"), typed(kind="choice", label_0="", choices=[("", "Oui", "")]))
    assert page.status_code == 422
    assert "The French text is required" in text(page)
    assert "Write two choices at least." in text(page)
    assert not Question.objects.exists()


@pytest.mark.parametrize("kind", ["text", "choice"])
def test_a_refused_form_comes_back_with_its_empty_rows(desk, event, kind):
    rows = [("", "Oui", ""), ("", "", ""), ("", "", "")] if kind == "choice" else [("", "", ""), ("", "", "")]
    page = desk.post(of(event, "question_add"), typed(kind=kind, label_0="", choices=rows))
    assert page.status_code == 422
    assert "The French text is required" in text(page)
    assert ('value="Oui"' in text(page)) is (kind == "choice")


def test_a_condition_is_ticked_among_the_answers_of_one_earlier_question(desk, event):
    visa = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    meals = asks(event, "choice", "Repas", choices={"a": "A", "b": "B"})
    page = text(desk.get(of(event, "question_add")))
    assert f'value="{visa.pk}:yes"' in page
    assert "Oui (en)" in page, "in the reader's language"
    desk.post(of(event, "question_add"), typed(label_0="Passeport", after=[f"{visa.pk}:yes"]))
    made = Question.objects.get(event=event, depends_on=visa)
    assert made.depends_values == ["yes"]
    assert "only after the answer “Oui (en)” to “Visa”" in text(desk.get(of(event)))
    both = desk.post(of(event, "question_add"), typed(after=[f"{visa.pk}:yes", f"{meals.pk}:a"]))
    assert both.status_code == 422
    assert "Tick answers to one question alone." in text(both)


def test_a_condition_can_be_any_answer_and_can_be_taken_away(desk, event):
    visa = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    other = asks(event, fr="Autre")
    desk.post(of(event, "question", other.pk), typed(other, after=[f"{visa.pk}:", f"{visa.pk}:yes"]))
    other.refresh_from_db()
    assert (other.depends_on, other.depends_values) == (visa, [])
    desk.post(of(event, "question", other.pk), typed(other, after=None))
    other.refresh_from_db()
    assert other.depends_on is None


def test_a_form_asks_nothing_after_what_is_asked_later_or_elsewhere(desk, event):
    elsewhere = asks(EventFactory.published(), "choice", "Là-bas", choices={"x": "X", "y": "Y"})
    later = asks(event, "choice", "Plus tard", stage="place", choices={"x": "X", "y": "Y"})
    for one in (elsewhere, later):
        page = desk.post(of(event, "question_add"), typed(after=[f"{one.pk}:x"]))
        assert page.status_code == 422, one
    assert "That question is asked later than this one." in text(page)
    assert not Question.objects.filter(event=event, depends_on__isnull=False).exists()


def test_only_tickets_of_this_event_can_be_named(desk, event):
    mine = TicketFactory(event=event, name=told("Membre", "Member"))
    theirs = TicketFactory(event=EventFactory.published(), name=told("Autre", "Other"))
    assert desk.post(of(event, "question_add"), typed(tickets=[str(theirs.pk)])).status_code == 422
    assert desk.post(of(event, "question_add"), typed(tickets=[str(mine.pk)])).status_code == 303
    assert list(Question.objects.get(event=event).tickets.all()) == [mine]


# -- a changed question never corrupts old answers


def test_new_words_leave_the_words_that_were_answered(desk, event):
    question = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    row = registered(event)
    answer = answers(row, question, "v")
    rows = [(one.pk, one.text.data["fr"], "") for one in question.choices.order_by("sort_order")]
    rows[0] = (rows[0][0], "Sans viande", "")
    desk.post(of(event, "question", question.pk), typed(question, rows, label_0="Que mangez-vous"))
    answer = Answer.objects.whole().get(pk=answer.pk)
    assert answer.told("fr") == "Végétarien"
    assert answer.wording.said["label"]["fr"] == "Repas"
    assert (
        answers(registered(event, "Bintou Ba"), Question.objects.get(pk=question.pk), "v").told("fr") == "Sans viande"
    )


def test_a_choice_taken_away_stays_in_the_answers_of_who_chose_it(desk, event):
    question = asks(event, "several", "Repas", choices={"v": "Végétarien", "m": "Viande", "f": "Poisson"})
    answer = answers(registered(event), question, "v", "f")
    rows = [(one.pk, one.text.data["fr"], "") for one in question.choices.order_by("sort_order")]
    rows[0] = (*rows[0][:2], "delete")
    assert desk.post(of(event, "question", question.pk), typed(question, rows)).status_code == 303
    assert [one.key for one in question.choices.order_by("sort_order")] == ["m", "f"]
    assert Answer.objects.whole().get(pk=answer.pk).told("fr") == "Végétarien, Poisson"


def test_a_choice_after_which_something_is_asked_stays(desk, event):
    question = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non", "maybe": "Peut-être"})
    asks(event, fr="Passeport", depends_on=question, depends_values=["yes"])
    rows = [(one.pk, one.text.data["fr"], "") for one in question.choices.order_by("sort_order")]
    rows[0] = (*rows[0][:2], "delete")
    page = desk.post(of(event, "question", question.pk), typed(question, rows))
    assert page.status_code == 422
    assert "“Passeport” would never be asked then" in text(page)
    assert question.choices.count() == 3


def test_the_kind_of_what_is_answered_can_not_be_changed(desk, event):
    question = asks(event, fr="Repas")
    answers(registered(event), question, text="Tout")
    page = desk.post(of(event, "question", question.pk), typed(question, kind="date"))
    assert page.status_code == 422
    assert "Retire this question and write a new one" in text(page)
    question.refresh_from_db()
    assert question.kind == "text"


def test_the_kind_of_a_built_in_question_can_not_be_changed(desk, event):
    [made], _there = shipped.add(event, ["speaks"])
    assert desk.post(of(event, "question", made.pk), typed(made, kind="text")).status_code == 422
    assert Question.objects.get(pk=made.pk).kind == "languages"


def test_what_nobody_answered_is_deleted_and_what_somebody_did_is_kept(desk, event):
    empty, full = asks(event, fr="Vide"), asks(event, fr="Pleine")
    answers(registered(event), full, text="Tout")
    said = text(desk.post(of(event), {"do": "retire", "question": empty.pk}, follow=True))
    assert "“Vide” is deleted: nobody had answered." in said
    said = text(desk.post(of(event), {"do": "retire", "question": full.pk}, follow=True))
    assert "“Pleine” is no longer asked; its answers are kept." in said
    assert not Question.objects.filter(pk=empty.pk).exists()
    assert Answer.objects.get(question=full).text == "Tout"
    assert labels(event) == []
    desk.post(of(event), {"do": "again", "question": full.pk})
    assert labels(event) == ["Pleine"]


def test_nothing_is_retired_on_which_another_question_hangs(desk, event):
    visa = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    asks(event, fr="Passeport", depends_on=visa, depends_values=["yes"])
    page = desk.post(of(event), {"do": "retire", "question": visa.pk})
    assert page.status_code == 422
    assert "“Passeport” would never be asked" in text(page)
    assert len(labels(event)) == 2


def test_a_built_in_question_is_asked_once_even_if_it_is_asked_again(desk, event):
    [first], _there = shipped.add(event, ["position"])
    answers(registered(event), first, text="Directrice")
    first.retire()
    shipped.add(event, ["position"])
    page = desk.post(of(event), {"do": "again", "question": first.pk})
    assert page.status_code == 422
    assert "This event asks that already." in text(page)


# -- order, sets, another event


def test_questions_are_moved_one_place_and_never_before_what_they_hang_on(desk, event):
    visa = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    meals = asks(event, fr="Repas")
    after = asks(event, fr="Passeport", depends_on=visa, depends_values=["yes"])
    place = asks(event, fr="Vol", stage="place")
    response = desk.post(of(event), {"do": "up", "question": after.pk})
    assert response["Location"].endswith(f"#question-{after.pk}")
    assert labels(event) == ["Visa", "Passeport", "Repas", "Vol"]
    page = desk.post(of(event), {"do": "up", "question": after.pk})
    assert page.status_code == 422
    assert "which has to stand before it" in text(page)
    desk.post(of(event), {"do": "down", "question": meals.pk})
    desk.post(of(event), {"do": "up", "question": place.pk})
    assert labels(event) == ["Visa", "Passeport", "Repas", "Vol"], "each among those asked at the same time"


def test_a_set_and_single_built_in_questions_are_added_once(desk, event):
    desk.post(of(event), {"do": "add", "key": ["position", "no such", "list"]})
    said = text(desk.post(of(event), {"do": "template", "template": "meeting"}, follow=True))
    assert "7 questions are added." in said
    assert "Asked already, and left as it is: Function" in said
    assert len(labels(event)) == 9
    assert desk.post(of(event), {"do": "add"}).status_code == 422
    assert desk.post(of(event), {"do": "template", "template": "forged"}).status_code == 422


def test_questions_of_another_event_come_with_what_hangs_together(desk, event):
    other = EventFactory.published(title=told("Autre", "Other one"))
    member = TicketFactory(event=other, code="member", name=told("Membre"))
    TicketFactory(event=event, code="member", name=told("Membre ici"))
    visa = asks(other, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    passport = asks(other, fr="Passeport", depends_on=visa, depends_values=["yes"])
    passport.tickets.set([member])
    alone = asks(other, fr="Seule", depends_on=asks(other, "country", "Pays"), depends_values=["FR"])
    page = text(desk.get(of(event, "question_takeover") + f"?source={other.pk}"))
    assert "Passeport" in page
    ticked = [visa.pk, passport.pk, alone.pk, asks(EventFactory.published(), fr="Étrangère").pk]
    said = text(desk.post(of(event, "question_takeover") + f"?source={other.pk}", {"question": ticked}, follow=True))
    assert "3 questions are taken over." in said
    assert "Not asked until you say of whom" in said
    assert labels(event) == ["Visa", "Passeport"]
    copied = Question.objects.get(event=event, depends_on__isnull=False)
    assert copied.depends_on.event == event
    assert [one.code for one in copied.tickets.all()] == ["member"]
    again = text(
        desk.post(of(event, "question_takeover") + f"?source={other.pk}", {"question": [visa.pk]}, follow=True)
    )
    assert "Asked already, and left as it is: Visa" in again


# -- who, what is noted, what it costs


def test_the_history_of_the_event_tells_what_became_of_its_questions(desk, event):
    desk.post(of(event, "question_add"), typed(label_0="Repas"))
    question = Question.objects.get(event=event)
    desk.post(of(event, "question", question.pk), typed(question, label_1="Food"))
    desk.post(of(event), {"do": "retire", "question": question.pk})
    done = ModelLogEntry.objects.filter(action__startswith="events.question").values_list("action", flat=True)
    assert {f"events.question_{verb}" for verb in ("added", "changed", "retired")} == set(done)
    page = text(desk.get(reverse(f"{NAMES}:history", args=[event.pk])))
    assert "Question no longer asked: Repas" in page


def test_nobody_but_the_staff_writes_questions(translator, client, event):
    question = asks(event)
    for address in (
        of(event),
        of(event, "question_add"),
        of(event, "question_takeover"),
        of(event, "question", question.pk),
    ):
        assert translator.get(address).status_code in (302, 403, 404)
        assert client.get(address).status_code == 302
    assert translator.post(of(event), {"do": "retire", "question": question.pk}).status_code in (302, 403, 404)
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_question_of_another_event_can_not_be_reached_through_this_one(desk, event):
    theirs = asks(EventFactory.published(), fr="Ailleurs")
    assert desk.get(of(event, "question", theirs.pk)).status_code == 404
    for verb in ("up", "retire", "again"):
        assert desk.post(of(event), {"do": verb, "question": theirs.pk}).status_code == 404
    for odd in ("", "x", "9" * 30, "²"):
        assert desk.post(of(event), {"do": "retire", "question": odd}).status_code == 404
    assert desk.post(of(event), {"do": "forged"}).status_code == 422


def test_the_screen_costs_as_much_for_twenty_questions_as_for_two(desk, event, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visa = asks(event, "choice", "Visa", choices={"yes": "Oui", "no": "Non"})
    asks(event, fr="Repas", depends_on=visa, depends_values=["yes"])
    desk.get(of(event))
    with CaptureQueriesContext(connection) as few:
        desk.get(of(event))
    for number in range(18):
        asks(event, "choice", f"Q{number}", choices={"a": "A", "b": "B"}, depends_on=visa, depends_values=["yes"])
    with django_assert_num_queries(len(few)):
        assert desk.get(of(event)).status_code == 200
