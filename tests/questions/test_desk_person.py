"""What one person answered, on their page: for whom it is, in the words of then, corrected, and its files."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Answer, Choice, DataAccess, Given, Question, Registration, Upload
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, mandate, told
from tests.wall.test_co_organisers import held_with, represented

from .desk_forms import answers, asks, registered
from .test_desk_list import reader

pytestmark = pytest.mark.django_db

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


@pytest.fixture
def region():
    return RegionFactory(code="WEST")


@pytest.fixture
def event(region):
    return EventFactory.published(
        regions=[region], title=told("Réunion", "Meeting"), registration="here", format="onsite"
    )


@pytest.fixture
def correspondent(region):
    person = User.objects.create_user("correspondent", "c@example.org", "a long enough password")
    mandate(person, region, registrations=True)
    return reader(person)


def of(row: Registration, name: str = "inspect") -> str:
    return reverse(f"registrations:{name}", args=[row.pk])


def text(response) -> str:
    assert response.status_code in (200, 422), response.status_code
    return " ".join(response.content.decode().split())


def file(question: Question, name: str = "passeport.pdf") -> Upload:
    upload = Upload(question=question, name=name, type="application/pdf", size=len(PDF))
    upload.digest = hashlib.sha256(PDF).hexdigest()
    upload.file.save("x", ContentFile(PDF), save=False)
    upload.save()
    return upload


def _closed(response) -> None:
    """Let the file go, as a server does once it has sent it."""
    for close in response._resource_closers:
        close()


def test_the_page_of_a_person_tells_answers_in_the_words_they_answered(desk, event):
    meals = asks(event, "choice", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    row = registered(event)
    answers(row, meals, "v")
    meals.label = told("Que mangez-vous", "What do you eat")
    meals.save()
    Choice.objects.filter(question=meals, key="v").update(text=told("Sans viande", "Meatless"))
    Question.objects.get(pk=meals.pk).save()
    said = text(desk.get(of(row)))
    assert "Végétarien (en)" in said
    assert "Asked differently now:" in said
    assert said.index("Meals") < said.index("What do you eat")
    meals = Question.objects.get(pk=meals.pk)
    meals.retire()
    assert "(no longer asked)" in text(desk.get(of(row)))


def test_the_page_says_what_is_missing_and_leaves_out_what_is_not_asked_of_this_person(desk, event):
    asks(event, fr="Passeport", en="Passport", required=True, stage="place")
    asks(event, fr="Lien", en="Link", attendance="online", required=True)
    said = text(desk.get(of(registered(event))))
    assert "1 answer that is needed is missing." in said
    assert "Passport" in said
    assert "Link</span>" not in said


def test_every_consent_stays_with_its_words_and_when_it_was_taken_back(desk, event):
    photo = asks(event, "consent", "Photos d’accord", "Photographs agreed")
    row = registered(event)
    answers(row, photo, "yes")
    row.answer({photo: Given()})
    photo.label = told("Photos et films", "Photographs and films")
    photo.save()
    answers(row, photo, "yes")
    said = text(desk.get(of(row)))
    assert '<q lang="en">Photographs agreed</q>' in said
    assert ", taken back on " in said
    assert "wording 1" in said
    assert "(UTC), wording 2" in said


def test_staff_fill_in_and_correct_answers_and_the_history_names_them(desk, staff, event):
    meals = asks(event, "several", "Repas", "Meals", choices={"v": "Végétarien", "m": "Viande"})
    needed = asks(event, fr="Passeport", en="Passport", required=True)
    row = registered(event)
    answers(row, meals, "v")
    said = text(desk.get(of(row, "answers")))
    assert "Meals" in said
    response = desk.post(of(row, "answers"), {f"q{meals.pk}": ["m"], f"q{needed.pk}": ""})
    assert response.status_code == 303, "nothing is needed of the staff"
    assert {one.question: one.keys for one in row.answers.living().whole()} == {meals: ("m",)}
    assert row.changes.last().by == staff
    assert "Answers changed" in text(desk.get(of(row)))
    refused = desk.post(of(row, "answers"), {f"q{meals.pk}": ["forged"]})
    assert refused.status_code == 422
    assert row.answers.living().get(question=meals).keys == ("m",)
    assert Question.objects.get(pk=needed.pk).required, "the form changed nothing of the question"


def test_staff_send_a_file_in_somebodys_place(desk, event):
    passport = asks(event, "file", "Passeport", "Passport")
    row = registered(event)
    sent = {f"q{passport.pk}": SimpleUploadedFile("p.pdf", PDF, "application/pdf")}
    assert desk.post(of(row, "answers"), sent).status_code == 303
    assert row.answers.get().upload.type == "application/pdf"
    evil = {f"q{passport.pk}": SimpleUploadedFile("p.pdf", b"<html><script>", "application/pdf")}
    assert desk.post(of(row, "answers"), evil).status_code == 422
    assert Upload.objects.count() == 1


def test_a_correspondent_reads_what_is_not_confidential_and_corrects_nothing(correspondent, event):
    plain = asks(event, fr="Fonction", en="Function")
    secret = asks(event, fr="Handicap", en="Disability", is_confidential=True, required=True, stage="place")
    row = registered(event)
    answers(row, plain, text="Directrice")
    said = text(correspondent.get(of(row)))
    assert "Directrice" in said
    assert "Disability" not in said
    assert "missing" not in said
    answers(row, secret, text="Fauteuil roulant")
    said = text(correspondent.get(of(row)))
    assert "Fauteuil" not in said
    assert "Correct or fill in answers" not in said
    assert correspondent.get(of(row, "answers")).status_code in (302, 403, 404)
    assert correspondent.post(of(row, "answers"), {f"q{plain.pk}": "X"}).status_code in (302, 403, 404)
    assert Answer.objects.get(question=plain).text == "Directrice"


def test_co_organisers_read_no_answer_on_the_page_of_who_agreed(event):
    event = held_with(event, "CIRAD")
    client, body = represented("CIRAD"), OrganisationFactory(short_name="CIRAD")
    row = registered(event, latin_name="Awa D.")
    row.share_with([body.pk])
    answers(row, asks(event, fr="Fonction", en="Function"), text="Directrice")
    said = text(client.get(of(row)))
    assert "Awa Diallo" in said
    assert "Directrice" not in said
    assert "Function" not in said


def test_a_file_leaves_as_an_attachment_that_no_browser_runs_and_its_opening_is_noted(desk, staff, event):
    passport = asks(event, "file", "Passeport", "Passport", is_confidential=True)
    row = registered(event)
    upload = file(passport, "mon passeport é.pdf")
    answers(row, passport, upload=upload)
    address = reverse("registrations:file", args=[upload.uid])
    assert address in text(desk.get(of(row)))
    response = desk.get(address)
    assert b"".join(response.streaming_content) == PDF
    _closed(response)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    noted = DataAccess.objects.get(what="upload")
    assert (noted.by, noted.registration) == (staff, row.uid)
    assert desk.post(address).status_code == 405


def test_files_are_for_who_may_read_that_answer(correspondent, client, translator, event):
    secret, plain = asks(event, "file", "Passeport", is_confidential=True), asks(event, "file", "Photo")
    elsewhere = EventFactory.published(title=told("Ailleurs"), registration="here", format="onsite")
    theirs = asks(elsewhere, "file", "Autre")
    row = registered(event)
    uploads = {one.pk: file(one) for one in (secret, plain, theirs)}
    answers(row, secret, upload=uploads[secret.pk])
    answers(row, plain, upload=uploads[plain.pk])
    answers(registered(elsewhere, "Bintou Ba"), theirs, upload=uploads[theirs.pk])
    staged = file(plain)

    def status(browser, upload: Upload) -> int:
        response = browser.get(reverse("registrations:file", args=[upload.uid]))
        _closed(response)
        return response.status_code

    assert status(correspondent, uploads[plain.pk]) == 200
    assert status(correspondent, uploads[secret.pk]) == 404
    assert status(correspondent, uploads[theirs.pk]) == 404, "of a meeting that is not in care"
    assert status(correspondent, staged) == 404, "no answer has it yet"
    assert status(translator, uploads[plain.pk]) in (302, 403, 404)
    assert status(client, uploads[plain.pk]) == 302
    row.answer({plain: Given()})
    assert status(correspondent, uploads[plain.pk]) == 404, "taken back"
    assert DataAccess.objects.filter(what="upload").count() == 1


def test_the_page_costs_as_much_for_many_questions_as_for_two(desk, event):
    row = registered(event)
    questions = [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2)]
    row.answer({one: Given(keys=("v",)) for one in questions})
    desk.get(of(row))
    with CaptureQueriesContext(connection) as few:
        text(desk.get(of(row)))
    questions = [asks(event, "choice", f"Q{number}", choices={"v": "V", "m": "M"}) for number in range(2, 12)]
    row.answer({one: Given(keys=("v",)) for one in questions})
    with CaptureQueriesContext(connection) as many:
        assert "Q11" in text(desk.get(of(row)))
    assert len(many) <= len(few) + 1  # the changes of the history read their people, not the answers
