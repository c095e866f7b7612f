"""The copy: everything that is known of one person, to read, for programs, and their files; of nobody else anything."""

import io
import json
import re
import zipfile

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from events.models import CalendarKey, DataAccess, Given, Invitation, Registration, Transfer
from events.models.personal.person import Person
from events.registration import links
from events.registration.personal import copying, labels
from letters.models import Letter
from tests.factories import TicketFactory, told
from tests.payments.people import pays
from tests.registration.people import address, meeting, work

from .people import AFTER, BEFORE, MARK, certified, full_meeting, person, question, upload

pytestmark = pytest.mark.django_db

EMAIL = "asha@example.org"
KNOWN = "zebrafish"
"In everything that Asha told, or that was written of her."


@pytest.fixture
def asha(staff):
    """Somebody with all that one can have, among others who have it too."""
    with time_machine.travel(BEFORE, tick=False):
        others = full_meeting(staff)
        event = meeting(allows_transfer=True)
        paid = TicketFactory(event=event, code="paid", price=6000, name=told("Plein", "Full"))
        motto, passport = question(event, "text", "Motto"), question(event, "file", "Passport")
        photo = question(event, "consent", "Photo")
        facts = {"name": f"Asha {KNOWN} 1", "latin_name": f"{KNOWN} 2", "organisation": f"{KNOWN} 3", "email": EMAIL}
        row = person(event, "asha", paid, **facts, country="IN", home_zone="Asia/Kolkata")
        pays(row)
        row = Registration.objects.get(pk=row.pk)
        sent = upload(passport, "asha")
        type(sent).objects.filter(pk=sent.pk).update(name="../../My Passport 4.pdf")
        row.answer({motto: Given(f"{KNOWN} 5"), passport: Given(upload=sent), photo: Given(keys=("yes",))})
        row.answer({photo: Given()})
        row.annotate(staff, f"{KNOWN} 6")
        DataAccess.objects.note(staff, DataAccess.What.PERSON, registration=row)
        person(others, "asha", email="ASHA@Example.org", name=f"{KNOWN} 7")
        Invitation.objects.create(
            event=others, code="A", email="Asha@example.org", name=f"{KNOWN} 8", note=f"{KNOWN} 9", language="en"
        )
        giver = person(event, "giver")
        Transfer.begin(giver, f"{KNOWN} of an offer", "asha@EXAMPLE.org", "en")
        CalendarKey.objects.give(EMAIL)
        work()
    with time_machine.travel(AFTER, tick=False):
        certified(event, staff)
    with time_machine.travel(BEFORE, tick=False):
        yield row


def opened(archive) -> zipfile.ZipFile:
    with archive:
        return zipfile.ZipFile(io.BytesIO(archive.read()))


def downloaded(answer) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # read to its end it is closed


def test_the_archive_has_everything_that_is_known(asha):
    archive = opened(copying.archive(Person("Asha@EXAMPLE.org"), "en"))
    data = json.loads(archive.read("data.json"))
    assert data["format"] == "humus-personal-data-1"
    assert data["address"] == EMAIL
    text = json.dumps(data, ensure_ascii=False)
    for number in range(1, 10):
        assert f"{KNOWN} {number}" in text or number == 4, number
    first = data["registrations"][0]
    assert (first["country"], first["home_zone"], first["state"]) == ("IN", "Asia/Kolkata", "confirmed")
    assert first["ticket"] == {"fr": "Plein", "en": "Full"}
    assert first["event"]["title"]["en"] == "Nairobi meeting"
    assert len(data["registrations"]) == 2
    assert {one["question"]["fr"]: one["answer"] for one in first["answers"]} == {
        "Motto": f"{KNOWN} 5", "Passport": "../../My Passport 4.pdf", "Photo": "yes"
    }  # fmt: skip
    assert [bool(one["ended_at"]) for one in first["answers"]] == [False, False, True]
    assert f"{KNOWN} 6" in [one["why"] for one in first["history"] if one["by_staff"]]
    assert first["certificates"][0]["person"]["name"] == f"Asha {KNOWN} 1"
    assert first["looked_at"][0]["what"] == "person"
    (payment,) = data["payments"]
    assert (payment["received"], payment["currency"], payment["name"]) == (6000, "EUR", f"Asha {KNOWN} 1")
    assert data["calendar"]["made_at"].startswith("2031-05-01")
    assert len(data["places_offered"]) == 1
    letters = {one["kind"]: one for one in data["letters"]}
    assert {"confirmed", "transfer"} <= set(letters)
    assert "Nairobi" in letters["confirmed"]["text"]
    assert len(data["letters"]) == Person(EMAIL).letters.count() > 3


def test_every_column_of_a_registration_is_in_it_or_tells_nothing_of_anybody(asha):
    """Whoever adds a column has to say whether a copy has it."""
    inner = {"id", "held", "submission", "link_version", "line", "email_key", "erased_at", "erasure_asked_at"}
    named = {
        "fee_currency": "fee", "known_organisation": "organisation_of_the_directory", "notice": "privacy_notice",
        "verified_at": "address_confirmed_at", "created_at": "registered_at", "invitation": "invitation_code",
        "occurrence": "begins_at", "expires_at": "", "consent_version": "",
    }  # fmt: skip
    told = set(copying.everything(Person(EMAIL), "en")["registrations"][0])
    columns = {field.name for field in Registration._meta.concrete_fields} - inner
    missing = {name for name in columns if named.get(name, name) not in told and named.get(name) != ""}
    assert missing == set()


def test_the_files_lie_beside_it_under_harmless_names(asha):
    archive = opened(copying.archive(Person(EMAIL), "en"))
    (name,) = [one for one in archive.namelist() if one.startswith("files/")]
    assert re.fullmatch(r"files/\d+-my-passport-4\.pdf", name)
    assert archive.read(name) == f"{MARK} passport of asha".encode()
    data = json.loads(archive.read("data.json"))
    assert name in [one["file"] for one in data["registrations"][0]["answers"]]


def test_a_file_that_the_disk_has_lost_keeps_back_nothing_else(asha):
    sent = asha.answers.exclude(upload=None).get().upload
    sent.file.storage.delete(sent.file.name)
    archive = opened(copying.archive(Person(EMAIL), "en"))
    assert archive.namelist() == ["data.json", "index.html"]
    assert sent.name in archive.read("data.json").decode()


def test_the_page_says_the_same_in_the_language_of_the_reader(asha):
    for language, word in (("en", "My data"), ("fr", 'lang="fr"'), ("es", 'lang="es"')):
        page = opened(copying.archive(Person(EMAIL), language)).read("index.html").decode()
        assert word in page
        for number in (1, 2, 3, 5, 6, 7, 8, 9):
            assert f"{KNOWN} {number}" in page, (language, number)
        assert "<script" not in page
        assert "http" not in re.sub(r"http://127\.0\.0\.1\S*|https?://\S*example\S*", "", page.split("<h2>")[0])


def test_the_page_tells_what_was_done_and_when_in_words(asha):
    told = opened(copying.archive(Person(EMAIL), "fr")).read("index.html").decode()
    for word in ("réponses modifiées", "attestation délivrée", "payé"):
        assert word in told.lower(), word
    for key in ("enter", "answer", "certificate", "begin", "pay", "paid", "open"):
        assert f"<dd>{key}</dd>" not in re.sub(r"\s*(</?dd>)\s*", r"\1", told), key
    assert not re.search(r"\d{4}-\d\d-\d\dT", told)
    with override("es"):
        assert copying.file_name().startswith("mis-datos-")


def test_each_key_has_its_word(asha):
    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in ("texts", "fr", "en", "es"):
                    yield key
                    yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    told = set(keys(copying.everything(Person(EMAIL), "en"))) - set(labels.UNSAID)
    assert told <= set(labels.LABELS)


def test_it_has_nothing_of_anybody_else_and_no_link(asha):
    archive = opened(copying.archive(Person(EMAIL), "en"))
    text = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist() if "files" not in name)
    assert f"{MARK}.whole" not in text
    assert f"{MARK} whole" not in text
    assert "staff@example.org" not in text
    assert links.token(asha) not in text
    assert not re.search(r"[\w-]{8,}:[\w-]{4,}:[\w-]{20,}", text)


def test_it_is_downloaded_from_the_page_and_kept_by_no_cache(asha):
    Client().post(address("my_data", language="en"), {"email": EMAIL})
    letter = Letter.objects.get(kind="my_data")
    answer = Client().get(address("my_data_copy", links.data_token(letter), language="en"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-2031-05-01.zip"')
    assert "no-store" in answer["Cache-Control"]
    archive = downloaded(answer)
    assert archive.testzip() is None
    assert {"data.json", "index.html"} < set(archive.namelist())
    assert Client().get(address("my_data_copy", "forged:abc:def", language="en")).status_code == 404


def test_copies_are_not_made_without_end(asha, monkeypatch):
    from events.registration.personal import my_data

    monkeypatch.setattr(my_data, "COPIES", 1)
    Client().post(address("my_data", language="en"), {"email": EMAIL})
    path = address("my_data_copy", links.data_token(Letter.objects.get(kind="my_data")), language="en")
    first = Client().get(path)
    assert downloaded(first).testzip() is None
    assert (first.status_code, Client().get(path).status_code) == (200, 429)


def test_the_staff_make_one_with_a_reason_that_is_noted(asha, desk, staff):
    path = f"/admin/registrations/data/{asha.pk}/"
    assert desk.post(path, {"do": "copy"}).status_code == 422
    answer = desk.post(path, {"do": "copy", "reason": "asked"})
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert downloaded(answer).testzip() is None
    noted = DataAccess.objects.get(what="copy")
    assert (noted.by, noted.registration, noted.details["reason"]) == (staff, asha.uid, "asked")
    assert asha.__class__.objects.get(pk=asha.pk).erased_at is None
