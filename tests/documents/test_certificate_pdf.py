"""The certificate on the own page and as a sheet: names whole in any script, frozen facts, a code that leads home."""

import datetime as dt
import io
import re

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from events.models import Certificate, DataTerms, Issuer
from events.models.certificate import frozen
from events.registration import links
from events.registration.documents import certificate as sheets
from events.registration.documents import qr
from pages import pdf
from tests.documents.held import BEFORE, certified, heading, held, lines, was_there
from tests.documents.papers import NAMES, complaints, is_whole, read, together, with_pango, words
from tests.factories import publish, told
from tests.registration import series
from tests.registration.lives import entered, now, staff
from tests.registration.people import address, page, text

pytestmark = pytest.mark.django_db
BAY = {"start_local": dt.datetime(2026, 2, 10, 15), "end_local": dt.datetime(2026, 2, 10, 16, 30)}


def sheet(registration, language="en", name="participant_certificate_pdf"):
    return Client().get(address(name, links.token(now(registration)), language=language))


def said(answer):
    return words(read(answer).pages[0])


@with_pango
@pytest.mark.parametrize(
    ("language", "title", "took", "day", "issued"),
    [
        ("fr", "Réunion d’Hyderabad", None, "10–12février2026", None),
        ("en", "Hyderabad meeting", "took part in", "10–12February2026", "Issued on Thursday, 5 March 2026"),
        ("es", "Reunión de Hyderabad", None, "10–12febrerode2026", None),
    ],
)
def test_it_says_who_was_where_and_when_and_who_says_so(language, title, took, day, issued):
    asha = was_there(held(), "Asha Rao")
    with time_machine.travel(dt.datetime(2026, 3, 4, 20, tzinfo=dt.UTC), tick=False):
        one = certified(asha)
    document = read(sheet(asha, language))
    paper = words(document.pages[0])
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/Lang"] == language
    assert "Asha Rao" in paper
    assert together(title) in together(paper)
    assert together(day) in together(paper)
    assert "Kanha Shanti Vanam, Hyderabad" in paper
    assert one.number in paper
    assert f"testserver/{language}/" in together(paper)
    assert took is None or took in paper
    assert issued is None or issued in paper
    width, height = (float(side) for side in document.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (842, 595), "A4, landscape"


@with_pango
def test_the_sheet_is_of_the_facts_of_its_day_not_of_todays_event():
    event = held()
    asha = was_there(event)
    one = certified(asha)
    before = said(sheet(asha))
    with time_machine.travel(BEFORE, tick=False):
        publish(event, title=told("Autre", "Another name"), venue=told("Elsewhere"), theme=told("Autre thème"))
    Issuer.objects.create(name="Somebody else")
    asha.correct(name="Other Name")
    assert said(sheet(asha)) == before
    assert one.number in before


@with_pango
def test_who_issues_it_is_named_once_for_all_or_for_the_event():
    event, other, third = held(), held(), held()
    assert "Executive Secretariat" in said(sheet(certified(was_there(event)).registration))
    DataTerms.objects.create(event=other, controller="Alliance of Soils")
    assert "Alliance of Soils" in said(sheet(certified(was_there(other)).registration))
    Issuer.objects.create(name="Initiative Association")
    assert "Initiative Association" in said(sheet(certified(was_there(third)).registration))


@with_pango
def test_a_date_of_a_series_tells_how_long_it_was():
    with time_machine.travel(BEFORE, tick=False):
        event = series.series(**BAY)
        asha = entered(event, occurrence=series.date_of(event, "2026-02-10"))
    with time_machine.travel(dt.datetime(2026, 2, 20, tzinfo=dt.UTC), tick=False):
        certified(asha)
    paper = said(sheet(asha))
    assert "1 hour, 30 minutes" in paper
    assert together("10 February 2026") in together(paper)


@with_pango
def test_the_address_in_the_code_and_in_print_is_the_page_that_verifies_it(settings):
    settings.SITE_URL = "https://agenda.example.org"
    one = certified(was_there(held()))
    document = read(sheet(one.registration))
    leads = [note.get_object()["/A"]["/URI"] for note in document.pages[0]["/Annots"]]
    where = "https://agenda.example.org" + address("certificate_verified", one.number, language="en")
    assert leads == [where]
    assert where.removeprefix("https://") in together(words(document.pages[0]))
    assert Client().get(where.removeprefix("https://agenda.example.org")).status_code == 200


def test_the_code_is_drawn_of_that_very_address(settings, monkeypatch):
    drawn = []
    monkeypatch.setattr(qr, "drawn", lambda what, says="": drawn.append((what, says)) or "")
    one = certified(was_there(held()))
    assert sheets.Said(one).code == ""
    [(what, says)] = drawn
    assert what.endswith(f"/{one.number}/")
    assert what.startswith(settings.SITE_URL)
    assert says, "who does not see it is told what it is"


# -- names


@pytest.fixture(scope="module")
def drawn(pango, django_db_setup, django_db_blocker):
    """A sheet for each name, and what drawing them complained of."""
    with django_db_blocker.unblock(), transaction.atomic():
        event = held(theme=told("L’ŋ et le đ : Ọ̀kànlélógún", "Ọ̀kànlélógún"))
        made = [
            Certificate(number="2345-6789-ABCD", event=event, language="fr", facts=certified_facts(event, name))
            for name in NAMES.values()
        ]
        with complaints() as complained:
            pages = [sheets.drawn(one, "fr") for one in made]
        transaction.set_rollback(True)
    return dict(zip(NAMES, pages, strict=True)), complained


def certified_facts(event, name):
    row = was_there(event, name, f"{abs(hash(name))}@example.org")
    return frozen(row) | {"attendance": "onsite", "person": {"name": name, "latin_name": "Somebody"}}


@pytest.mark.once
@pytest.mark.parametrize("script", list(NAMES))
def test_every_name_is_written_whole_in_its_script(drawn, script):
    pages, complained = drawn
    is_whole(complained, NAMES[script])
    reader = PdfReader(io.BytesIO(pages[script]))
    assert len(reader.pages) == 1
    assert together(NAMES[script]) in together(words(reader.pages[0]))
    assert "Somebody" in words(reader.pages[0])


@with_pango
@pytest.mark.parametrize("name", ["Maria " * 33, "W" * 60 + " " + "W" * 60, "नामवरसिंह " * 19])
def test_the_longest_name_and_title_leave_room_for_the_number(name):
    event = held(title=told("Une réunion au titre bien long " * 9), theme=told("Un thème qui ne finit pas " * 20))
    one = certified(was_there(event, name.strip(), "long@example.org"))
    document = read(sheet(one.registration, "fr"))
    assert len(document.pages) == 1
    assert one.number in words(document.pages[0])
    assert together(name) in together(words(document.pages[0])), "nothing of the name is lost"


@with_pango
def test_it_is_tagged_for_who_does_not_see_it():
    one = certified(was_there(held()))
    with complaints() as complained:
        document = read(sheet(one.registration))
    assert complained == []
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert one.number in document.metadata.title


def test_each_family_of_its_style_is_one_file():
    style, _kind = pdf.static_file("static:css/certificate.css")
    families = re.findall(r'@font-face\{font-family:("[^"]+"|\w+)', style.decode())
    assert len(families) == len(set(families)) == 3


# -- the own page


def test_the_own_page_tells_of_it_once_it_is_issued():
    asha = was_there(held())
    assert "Certificate of attendance" not in page(asha)
    assert sheet(asha, name="participant_certificate").status_code == 404
    one = certified(asha)
    assert "Certificate of attendance" in page(asha)
    assert one.number in page(asha)
    answer = sheet(asha, name="participant_certificate")
    assert heading(answer) == "Certificate of attendance"
    assert lines(answer)["Issued to"] == "Asha Rao"
    assert address("certificate_verified", one.number, language="en") in text(answer)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_own_page_tells_that_it_was_revoked_and_offers_no_sheet():
    asha = was_there(held())
    one = certified(asha)
    one.revoke(staff(), "a secret reason")
    assert "was revoked on" in page(asha)
    answer = sheet(asha, name="participant_certificate")
    assert answer.status_code == 404
    assert "This certificate was revoked on" in text(answer)
    assert "secret reason" not in text(answer) + page(asha)
    assert sheet(asha).status_code == 302, "no sheet is drawn of it"
    again = certified(asha)
    assert again.number in page(asha)
    assert "was revoked on" not in page(asha)


@pytest.mark.parametrize("name", ["participant_certificate", "participant_certificate_pdf"])
def test_nobody_else_opens_it(name):
    asha = was_there(held())
    certified(asha)
    token = links.token(asha)
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    for other in (forged, links.pay_token(asha), "x"):
        answer = Client().get(address(name, other, language="en"))
        assert answer.status_code == 404
        assert "Asha" not in text(answer)
    asha.renew_link()
    assert Client().get(address(name, token, language="en")).status_code == 404


@with_pango
def test_nobody_has_more_sheets_drawn_than_anybody_needs(monkeypatch):
    monkeypatch.setattr("events.registration.documents.certificate.DRAWN", 2)
    asha = was_there(held())
    certified(asha)
    assert [sheet(asha).status_code for _time in range(3)] == [200, 200, 429]
    assert "Print this page" in text(sheet(asha))


def test_without_the_library_the_page_prints_itself(monkeypatch):
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    asha = was_there(held())
    certified(asha)
    answer = sheet(asha, name="participant_certificate")
    assert answer.status_code == 200
    assert "Print this page" in text(answer)
    assert "as a PDF" not in text(answer)
    assert sheet(asha)["Location"] == address("participant_certificate", links.token(asha), language="en")
