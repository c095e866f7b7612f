"""Files: what they are is judged by their content; one that came need not be sent again; strangers have none."""

import io
import struct
import uuid
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from events.models import Registration
from events.models.questions.upload import STAGED, Upload
from events.registration import links
from events.registration.questions import received, staged, upkeep
from tests.registration.people import address, meeting

from .asked import asks, box, form, pdf, picture, sends, soup, stored

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def mark() -> str:
    return str(uuid.uuid4())


def held(answer, question) -> str:
    """The mark of the file that the form holds."""
    found = box(soup(answer), question).select_one(f"[name=q{question.pk}-held]")
    return found["value"] if found else ""


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as one:
        one.writestr("a.txt", "x")
    return made.getvalue()


def bomb() -> bytes:
    """The head of a picture of a hundred thousand pixels each way."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + check + struct.pack(">I", 0) + b"IDAT"


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        (pdf(), "application/pdf", "passport.pdf"),
        (picture(), "image/png", "me.png"),
        (picture("scan.PNG", "JPEG"), "image/jpeg", "scan.jpg"),
        (pdf("../../etc/pass‮wd.php"), "application/pdf", "passwd.pdf"),
        (pdf("C:\\Scans\\mon passeport (2).pdf"), "application/pdf", "mon passeport (2).pdf"),
        (pdf("जयशंकर.pdf"), "application/pdf", "जयशंकर.pdf"),
        (pdf("x" * 400 + ".pdf"), "application/pdf", "x" * 146 + ".pdf"),
        (pdf(".pdf"), "application/pdf", "document.pdf"),
    ],
)
def test_a_file_is_kept_by_what_it_is_and_called_by_a_clean_name(client, file, kind, name):
    event = meeting()
    passport = asks(event, "file", required=True)
    file.seek(0)
    assert sends(client, event, {passport: file}).status_code == 303
    upload = Registration.objects.get().answers.get().upload
    assert (upload.type, upload.name) == (kind, name)
    file.seek(0)
    with upload.file.open("rb") as stored_file:
        assert stored_file.read() == file.read()
    assert len(upload.digest) == 64
    assert "passport" not in upload.file.name


@pytest.mark.parametrize(
    "body",
    [
        SVG,
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 30,
        b"MZ" + b"\0" * 300,
        archive(),
        b"%PDF-1.7\nno end",
        b"\n<script>%PDF-1.7 startxref %%EOF",
        pdf().read() + archive(),
        picture().read() + archive(),
        b"\x89PNG\r\n\x1a\n" + SVG,
        bomb(),
        b"\xff\xd8\xff\xe0" + b"%PDF-1.4 startxref 1 %%EOF",
    ],
)
def test_what_is_no_such_file_is_refused_whatever_it_is_called(client, body):
    event = meeting()
    passport = asks(event, "file")
    answer = sends(client, event, {passport: SimpleUploadedFile("me.png", body, "image/png")})
    assert answer.status_code == 422
    assert "PDF, JPEG, PNG" in box(soup(answer), passport).select_one(".err").text
    assert not Upload.objects.exists()


def test_what_a_pdf_holds_is_never_unpacked(client):
    event = meeting()
    passport = asks(event, "file")
    packed = zlib.compress(b"\0" * 50_000_000, 9)
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    assert sends(client, event, {passport: pdf(more=stream)}).status_code == 303
    assert Upload.objects.get().size < 100_000


def test_only_the_kinds_that_the_question_takes_are_taken(client):
    event = meeting()
    passport = asks(event, "file", file_types=["pdf"])
    assert box(form(client, event), passport).select_one("[type=file]")["accept"] == ".pdf"
    answer = sends(client, event, {passport: picture()})
    assert "(PDF)" in box(soup(answer), passport).select_one(".err").text


def test_a_file_is_no_larger_than_the_question_says(client):
    event = meeting()
    passport = asks(event, "file", file_megabytes=1)
    answer = sends(client, event, {passport: pdf(more=b"0" * (1 << 20))})
    assert answer.status_code == 422
    assert "too large: 1 MB" in box(soup(answer), passport).select_one(".err").text
    assert sends(client, event, {passport: pdf(more=b"0" * (1 << 19))}).status_code == 303


def test_a_file_is_not_sent_twice_because_of_another_error(client):
    event = meeting()
    passport, wish = asks(event, "file", required=True), mark()
    first = sends(client, event, {passport: pdf("mine.pdf")}, name="", submission=wish)
    assert first.status_code == 422
    assert not box(soup(first), passport).select(".err")
    assert "mine.pdf" in box(soup(first), passport).text
    second = sends(client, event, {f"q{passport.pk}-held": held(first, passport)}, submission=wish)
    assert second.status_code == 303
    assert Registration.objects.get().answers.get().upload == Upload.objects.get()


def test_a_file_that_is_held_can_be_taken_away_or_replaced(client):
    event = meeting()
    passport, wish = asks(event, "file"), mark()
    first = held(sends(client, event, {passport: pdf("first.pdf")}, name="", submission=wish), passport)
    name = f"q{passport.pk}"
    away = sends(client, event, {f"{name}-held": first, f"{name}-away": "1"}, name="", submission=wish)
    assert not held(away, passport)
    other = sends(client, event, {f"{name}-held": first, name: pdf("other.pdf")}, submission=wish)
    assert other.status_code == 303
    assert Registration.objects.get().answers.get().upload.name == "other.pdf"
    bad = SimpleUploadedFile("x.pdf", SVG)
    worse = sends(client, event, {f"{name}-held": first, name: bad}, submission=wish, email="second@example.org")
    assert held(worse, passport)
    assert "first.pdf" in box(soup(worse), passport).text


def test_the_mark_of_a_file_serves_nobody_else_nor_another_question(client):
    event = meeting()
    passport, ticket, wish = asks(event, "file"), asks(event, "file"), mark()
    mine = held(sends(client, event, {passport: pdf()}, name="", submission=wish), passport)
    stranger = sends(client, event, {f"q{passport.pk}-held": mine}, submission=mark())
    other = sends(client, event, {f"q{ticket.pk}-held": mine}, submission=wish)
    forged = sends(client, event, {f"q{passport.pk}-held": mine[:-3] + "abc"}, submission=wish)
    for answer, question in ((stranger, passport), (other, ticket), (forged, passport)):
        assert answer.status_code == 422
        assert box(soup(answer), question).select(".err")
    assert not Registration.objects.exists()


def test_a_mark_ends_before_its_file_is_deleted(client, monkeypatch):
    event = meeting()
    passport, wish = asks(event, "file"), mark()
    mine = held(sends(client, event, {passport: pdf()}, name="", submission=wish), passport)
    assert staged.WAITS < STAGED
    monkeypatch.setattr(staged, "WAITS", -1)
    answer = sends(client, event, {f"q{passport.pk}-held": mine}, submission=wish)
    assert "choose it again" in box(soup(answer), passport).select_one(".err").text


def test_a_file_for_what_is_not_asked_is_not_kept(client):
    event = meeting()
    meal = asks(event, "choice")
    passport = asks(event, "file", depends_on=meal, depends_values=["a"], required=True)
    assert sends(client, event, {meal: "b", passport: pdf()}).status_code == 303
    assert not Upload.objects.exists()


def test_more_than_a_form_can_take_is_refused_unread(client):
    event = meeting()
    asks(event, "file")
    where = address("registration", event.uid, language="en")
    answer = client.generic("POST", where, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 << 20))
    assert answer.status_code == 413
    assert "60 MB together" in answer.content.decode()


def test_of_a_file_too_large_only_so_much_reaches_the_disk(client, monkeypatch):
    event = meeting()
    passport = asks(event, "file")
    kept = []
    monkeypatch.setattr(received, "MOST_OF_A_FILE", 100_000)
    end = received.Receiving.file_complete

    def seen(self, size):
        kept.append((size, self.file.file.seek(0, 2)))
        return end(self, size)

    monkeypatch.setattr(received.Receiving, "file_complete", seen)
    sends(client, event, {passport: pdf(more=b"0" * 6_000_000), "other": pdf("never.pdf")})
    assert [size > 6_000_000 for size, _kept in kept] == [True]
    assert kept[0][1] <= 100_000


def test_a_form_is_still_guarded_against_forgery():
    event = meeting()
    asks(event, "file")
    browser = Client(enforce_csrf_checks=True)
    assert sends(browser, event).status_code == 403
    assert not Registration.objects.exists()


def test_files_from_one_machine_are_counted(client, monkeypatch):
    monkeypatch.setattr(staged, "FROM_ONE_MACHINE", 2)
    event = meeting()
    passport = asks(event, "file")
    codes = [sends(client, event, {passport: pdf()}, name="").status_code for _ in range(3)]
    assert codes == [422, 422, 429]
    assert Upload.objects.count() == 2


def test_files_that_wait_never_fill_the_disk(client, monkeypatch):
    monkeypatch.setattr(staged, "MOST_WAITING", 50)
    event = meeting()
    passport = asks(event, "file")
    assert sends(client, event, {passport: pdf()}).status_code == 303
    assert sends(client, event, {passport: pdf()}, name="").status_code == 422
    assert sends(client, event, {passport: pdf()}, email="late@example.org").status_code == 429
    assert sends(client, event, email="late@example.org").status_code == 303
    assert Upload.objects.count() == 2


def test_ones_own_file_can_be_had_back_and_by_nobody_else(client):
    event = meeting()
    passport = asks(event, "file")
    sends(client, event, {passport: picture()})
    sends(client, event, {}, email="other@example.org")
    mine, other = (Registration.objects.get(email=f"{who}@example.org") for who in ("asha", "other"))
    uid = mine.answers.get().upload.uid
    answer = client.get(address("participant_file", links.token(mine), uid))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Content-Disposition"] == 'attachment; filename="me.png"'
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert client.get(address("participant_file", links.token(other), uid)).status_code == 404
    assert client.get(address("participant_file", "forged", uid)).status_code == 404


def test_no_address_of_the_site_leads_to_a_file(client, settings):
    event = meeting()
    sends(client, event, {asks(event, "file"): pdf()})
    upload = Upload.objects.get()
    assert not str(upload.file.path).startswith(str(settings.MEDIA_ROOT) + "/")
    for where in (f"/media/{upload.file.name}", f"/media-private/{upload.file.name}", f"/static/{upload.file.name}"):
        assert client.get(where).status_code == 404


def test_files_that_no_answer_has_are_deleted_by_the_worker(client):
    event = meeting()
    passport = asks(event, "file")
    sends(client, event, {passport: pdf("kept.pdf")})
    sends(client, event, {passport: pdf("left.pdf")}, name="")
    Upload.objects.update(created_at=timezone.now() - STAGED * 2)
    sends(client, event, {passport: pdf("new.pdf")}, name="")
    left = Upload.objects.get(name="left.pdf")
    storage, name = left.file.storage, left.file.name
    assert storage.exists(name)
    upkeep.forget_orphans()
    assert stored() == ["kept.pdf", "new.pdf"]
