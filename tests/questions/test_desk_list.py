"""Answers in the list of registrations and in its files: for who may read them, safe to open, and at a flat cost."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from events.models import Answer, Choice, Chosen, Given, Question, Registration, Wording
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, mandate, told
from tests.wall.test_co_organisers import held_with, represented

from .desk_forms import answers, asks, registered

pytestmark = pytest.mark.django_db
INDEX = reverse("registrations:index")


@pytest.fixture
def event():
    return EventFactory.published(title=told("Réunion", "Meeting"), registration="here", format="onsite")


def reader(person: User, language: str = "en") -> Client:
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": language})
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def page(client: Client, event, **asked) -> str:
    response = client.get(INDEX, {"event": event.pk} | asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def names(client: Client, event, **asked) -> set[str]:
    response = client.get(INDEX, {"event": event.pk} | asked)
    return {row.name for row in response.context["object_list"]}


def table(client: Client, separator: str = ",", **asked) -> list[dict[str, str]]:
    response = client.get(INDEX, {"export": "csv"} | asked)
    assert response.status_code == 200
    said = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(said), delimiter=separator))


@pytest.fixture
def meals(event):
    """One who eats no meat, one who eats anything, one who has not answered."""
    question = asks(event, "several", "Repas", "Meals", choices={"v": "Végétarien", "h": "Halal", "n": "Sans noix"})
    answers(registered(event, "Awa Diallo"), question, "v", "h")
    answers(registered(event, "Bintou Ba"), question, "n")
    registered(event, "Chidi Eze")
    return question


def test_the_list_of_one_event_is_narrowed_by_answers_and_by_their_absence(desk, event, meals):
    field = f"q{meals.pk}"
    assert names(desk, event, **{field: "v"}) == {"Awa Diallo"}
    assert names(desk, event, **{field: ["h", "n"]}) == {"Awa Diallo", "Bintou Ba"}
    assert names(desk, event, **{field: "-"}) == {"Chidi Eze"}
    assert names(desk, event, **{field: ["-", "n"]}) == {"Chidi Eze", "Bintou Ba"}
    assert "Végétarien (en)" in page(desk, event)


def test_the_filter_still_finds_a_choice_that_is_no_longer_offered(desk, event, meals):
    Choice.objects.get(question=meals, key="v").delete()
    Question.objects.get(pk=meals.pk).save()
    assert "Végétarien (en)" in page(desk, event)
    assert names(desk, event, **{f"q{meals.pk}": "v"}) == {"Awa Diallo"}


def test_what_was_taken_back_or_corrected_is_not_found_by_what_it_was(desk, event):
    photo = asks(event, "consent", "Photos", "Photographs")
    row = registered(event)
    answers(row, photo, "yes")
    row.answer({photo: Given()})
    assert names(desk, event, **{f"q{photo.pk}": "yes"}) == set()
    assert names(desk, event, **{f"q{photo.pk}": "-"}) == {"Awa Diallo"}


def test_answers_have_a_column_where_it_was_asked_for(desk, event, meals):
    day = asks(event, "date", "Arrivée", "Arrival")
    answers(Registration.objects.get(name="Chidi Eze"), day, text="2031-05-11")
    assert "Végétarien (en), Halal (en)" not in page(desk, event)
    said = page(desk, event, show=[meals.pk, day.pk])
    assert "Végétarien (en), Halal (en)" in said
    assert "May 11, 2031" in said or "11 May 2031" in said


def test_a_list_of_many_events_has_neither_filters_nor_columns_of_answers(desk, event, meals):
    said = " ".join(desk.get(INDEX, {"show": meals.pk, f"q{meals.pk}": "v"}).content.decode().split())
    assert "Halal" not in said
    assert "Chidi Eze" in said
    assert "Meals" not in table(desk)[0]
    assert "Name in Latin letters" not in table(desk)[0]


def test_questions_of_another_event_are_no_parameter_here(desk, event, meals):
    theirs = asks(EventFactory.published(), "choice", "Secret ailleurs", choices={"a": "A", "b": "B"})
    said = page(desk, event, **{"show": [theirs.pk, "x", "²", "9" * 40], f"q{theirs.pk}": "a"})
    assert "Secret ailleurs" not in said
    assert "Chidi Eze" in said


def test_what_is_no_answer_or_no_question_here_never_widens_the_list(desk, event, meals):
    registered(EventFactory.published(registration="here", format="onsite"), "Elsewhere Else")
    assert names(desk, event, show="999999") == {"Awa Diallo", "Bintou Ba", "Chidi Eze"}
    assert names(desk, event, **{f"q{meals.pk}": "gone"}) == set()
    assert {row["Name"] for row in table(desk, event=event.pk, show="x")} == {"Awa Diallo", "Bintou Ba", "Chidi Eze"}


def test_the_file_of_one_event_has_a_column_a_question_in_the_readers_language(desk, staff, event, meals):
    body = OrganisationFactory(short_name="FAO", name=told("L’organisation", "The organisation"))
    photo = asks(event, "consent", "Photos", "Photographs")
    speaks = asks(event, "languages", "Langues", "Languages")
    day = asks(event, "date", "Arrivée", "Arrival")
    asks(event, fr="Jamais posée", retired_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    row = registered(event, "王芳", email="wang@example.org", latin_name="Wang Fang", known_organisation=body)
    answers(row, meals, "v", "n")
    answers(row, photo, "yes")
    answers(row, speaks, "zh", "fr")
    answers(row, day, text="2031-05-11")
    meals.retire()
    mine = next(one for one in table(desk, event=event.pk) if one["Name"] == "王芳")
    assert mine["Name in Latin letters"] == "Wang Fang"
    assert mine["Organisation of the directory"] == "The organisation"
    assert mine["Meals"] == "Végétarien (en), Sans noix (en)", "retired, and answered"
    assert mine["Photographs"] == "yes (wording 1)"
    assert mine["Languages"] == "Chinese, French"
    assert mine["Arrival"] == "2031-05-11"
    assert "Jamais posée" not in mine
    french = table(reader(staff, "fr"), ";", event=event.pk)
    assert next(one for one in french if one["Nom"] == "王芳")["Repas"] == "Végétarien, Sans noix"


def test_the_heading_is_the_latest_wording_and_the_answer_keeps_its_own(desk, event, meals):
    meals.label = told("Que mangez-vous", "What do you eat")
    meals.save()
    Choice.objects.filter(question=meals, key="v").update(text=told("Sans viande", "Meatless"))
    Question.objects.get(pk=meals.pk).save()
    row = next(one for one in table(desk, event=event.pk) if one["Name"] == "Awa Diallo")
    assert row["What do you eat"].startswith("Végétarien (en)")


def test_no_answer_is_run_as_a_formula_by_a_spreadsheet(desk, event):
    question = asks(event, fr="=cmd()", en="=1+1")
    answers(registered(event), question, text='=HYPERLINK("http://evil.example","x")')
    [row] = table(desk, event=event.pk)
    assert row["'=1+1"].startswith("'=HYPERLINK")
    response = desk.get(INDEX, {"event": event.pk, "export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if str(cell.value or "").startswith("=")}
    assert kinds == {"s"}


def test_a_correspondent_reads_in_list_and_file_what_is_not_confidential(event):
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
    client = reader(person)
    assert "Végétarien (en)" in page(client, event, show=[plain.pk]).split("listing")[-1]
    said = page(client, event) + page(client, event, show=[secret.pk])
    assert "Disability" not in said
    assert "Rampe" not in said
    assert names(client, event, **{f"q{secret.pk}": "-"}) == {"Awa Diallo"}, "no filter to guess by"
    [line] = table(client, event=event.pk)
    assert line["Meals"] == "Végétarien (en)"
    assert "Disability" not in line


def test_a_co_organiser_reads_no_answer_of_who_agreed_to_be_shared(event):
    event = held_with(event, "CIRAD")
    client, body = represented("CIRAD"), OrganisationFactory(short_name="CIRAD")
    plain = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    row = registered(event)
    row.share_with([body.pk])
    answers(row, plain, "v")
    said = page(client, event, show=[plain.pk], **{f"q{plain.pk}": "m"})
    assert "Awa Diallo" in said
    assert "Végétarien" not in said
    assert "Meals" not in said
    [line] = table(client, event=event.pk)
    assert "Meals" not in line
    assert "Végétarien" not in str(line)


def crowd(event, questions: list[Question], count: int) -> None:
    """People who answered everything, written at once."""
    begun = Registration.objects.count()
    rows = Registration.objects.bulk_create(
        Registration(
            event=event,
            name=f"P{number}",
            email=f"p{number}@example.org",
            email_key=f"p{number}@example.org",
            attendance="onsite",
            language="fr",
        )
        for number in range(begun, begun + count)
    )
    wordings = Wording.objects.now(questions)
    made = Answer.objects.bulk_create(
        Answer(registration=row, question=one, wording=wordings[one.pk]) for row in rows for one in questions
    )
    Chosen.objects.bulk_create(Chosen(answer=one, key="v") for one in made)


def test_list_and_file_cost_as_much_for_many_people_and_questions(desk, event):
    questions = [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2)]
    crowd(event, questions, 3)
    asked = {"show": [one.pk for one in questions], f"q{questions[0].pk}": "v"}

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as shown:
            page(desk, event, **asked)
        with CaptureQueriesContext(connection) as taken:
            table(desk, event=event.pk)
        return len(shown), len(taken)

    page(desk, event, **asked)
    few = cost()
    questions += [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2, 12)]
    crowd(event, questions, 40)
    asked["show"] = [one.pk for one in questions]
    assert cost() == few
    crowd(event, questions, 960)  # a second chunk of the file: three questions more to the database, not a thousand
    shown, taken = cost()
    assert shown == few[0]
    assert taken - few[1] <= 6
