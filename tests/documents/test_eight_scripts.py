"""One person in eight scripts, from the form to every place where they are read, and back: no character is lost."""

import csv
import datetime as dt
import io
import unicodedata
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import NamedTuple

import icalendar
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from events.models import Certificate, Event, Question, Registration
from events.models.questions import shipped
from events.registration import links
from tests.documents.papers import complaints, copied, read, together, with_pango
from tests.factories import publish, told
from tests.registration.people import address, letters, meeting, send

pytestmark = [pytest.mark.django_db, pytest.mark.once]


THEN = dt.datetime(2026, 2, 10, 9)


class Person(NamedTuple):
    """Somebody who writes in one script."""

    script: str
    name: str
    latin: str
    organisation: str
    function: str


PEOPLE = [
    Person("Devanagari", "आशा क्षत्रिय", "Asha Kshatriya", "भारतीय कृषि अनुसंधान परिषद", "वरिष्ठ वैज्ञानिक"),
    Person("Tamil", "கோவிந்தசாமி ஶ்ரீதர்", "Govindasamy Sridhar", "தமிழ்நாடு வேளாண்மைப் பல்கலைக்கழகம்", "பேராசிரியர்"),
    Person("Arabic", "محمّد عبد اللطيف", "Mohammed Abdellatif", "معهد الحسن الثاني للزراعة", "مهندس زراعي"),
    Person("Greek", "Ελένη Παπαδοπούλου", "Eleni Papadopoulou", "Γεωπονικό Πανεπιστήμιο Αθηνών", "Καθηγήτρια"),
    Person("Cyrillic", "Владимир Ґалаґан", "Volodymyr Galagan", "Інститут ґрунтознавства", "Почвовед"),
    Person("Han", "李小龙", "Li Xiaolong", "中国农业科学院", "研究员"),
    Person("Yoruba", "Ọlábísí Adébáyọ̀ Ṣẹ̀gun", "", "Ilé-ẹ̀kọ́ gíga Ìbàdàn", "Olùkọ́ àgbà"),
    Person("Vietnamese", "Nguyễn Thị Ngọc Ánh", "", "Học viện Nông nghiệp Việt Nam", "Nghiên cứu viên"),
]


@pytest.fixture(params=PEOPLE, ids=[one.script for one in PEOPLE])
def person(request) -> Person:
    return Person(*(unicodedata.normalize("NFC", said) for said in request.param))


@pytest.fixture
def event() -> Event:
    made = meeting(contact_email="nairobi@example.org", format="hybrid")
    shipped.add(made, ["position", "list", "photo"])
    return made


def question(event: Event, subject: str) -> str:
    return f"q{Question.objects.get(event=event, subject=subject).pk}"


def answered(event: Event, person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "latin_name": person.latin,
        "organisation": person.organisation,
        "email": "one@example.org",
        "attendance": "onsite",
        "language": "en",
        question(event, "position"): person.function,
        question(event, "list"): "yes",
    }


def registered(event: Event, person: Person) -> Registration:
    answer = send(Client(), event, **answered(event, person))
    assert answer.status_code == 303, BeautifulSoup(answer.content, "html.parser").select("#errors")
    return Registration.objects.get(event=event)


def own(registration: Registration, name: str = "participant") -> str:
    answer = Client().get(address(name, links.token(registration), language="en"))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").get_text(" ")


def test_the_form_keeps_every_character_and_gives_it_back(event, person) -> None:
    refused = send(Client(), event, **answered(event, person) | {"country": ""})
    assert refused.status_code == 422
    page = BeautifulSoup(refused.content, "html.parser")
    assert page.find("input", {"name": "name"})["value"] == person.name
    assert page.find("input", {"name": "organisation"})["value"] == person.organisation
    assert page.find("input", {"name": question(event, "position")})["value"] == person.function

    row = registered(event, person)
    assert (row.name, row.latin_name, row.organisation) == (person.name, person.latin, person.organisation)
    assert row.answers.get(question__subject="position").text == person.function


def test_page_letter_and_its_calendar_say_the_name_whole(event, person) -> None:
    row = registered(event, person)
    said = own(row)
    for text in (person.name, person.latin, person.organisation, person.function):
        assert text in said
    letter = next(one for one in letters() if one.to == [f"{person.name} <one@example.org>"] or "one@" in one.to[0])
    assert person.name in letter.body
    assert person.name in BeautifulSoup(letter.alternatives[0].content, "html.parser").get_text()
    raw = letter.message().as_bytes()
    assert person.name in recipient(raw)
    [calendar] = [part for part in letter.message().walk() if part.get_content_type() == "text/calendar"][:1]
    [meeting_in_it] = icalendar.Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")[:1]
    assert meeting_in_it["ATTENDEE"].params["CN"] == person.name


def recipient(raw: bytes) -> str:
    """What a mail program shows: encoded words that follow each other are one text (RFC 2047, 6.2)."""
    return str(make_header(decode_header(message_from_bytes(raw)["To"])))


def test_csv_and_workbook_say_it_whole(event, person, desk) -> None:
    registered(event, person)
    listed = f"/admin/registrations/?event={event.pk}"
    taken = desk.get(f"{listed}&export=csv", headers={"accept-language": "en"})
    text = b"".join(taken.streaming_content).decode("utf-8-sig")
    dialect = csv.Sniffer().sniff(text.splitlines()[0], ",;")
    cells = {cell for row in csv.reader(io.StringIO(text), dialect) for cell in row}
    book = load_workbook(io.BytesIO(b"".join(desk.get(f"{listed}&export=xlsx").streaming_content)))
    sheet = {str(cell) for row in book.active.iter_rows(values_only=True) for cell in row}
    for said in filter(None, (person.name, person.latin, person.organisation, person.function)):
        assert said in cells
        assert said in sheet


@with_pango
def test_ticket_badge_list_and_certificate_print_it_without_a_missing_glyph(event, person, desk) -> None:
    row = registered(event, person)
    token = links.token(row)
    with complaints() as said:
        papers = {
            "ticket": Client().get(address("ticket_pdf", token, language="en")),
            "badge": desk.get(reverse("papers:badge", args=[row.pk])),
            "list": desk.get(reverse("papers:participants", args=[event.uid])),
        }
        over = publish(event, start_local=THEN, end_local=THEN + dt.timedelta(hours=8))
        [_one] = Certificate.objects.issue(Registration.objects.filter(event=over), by=None)
        papers["certificate"] = Client().get(address("participant_certificate_pdf", token, language="en"))
    shown = {paper: together(unicodedata.normalize("NFC", copied(read(answer)))) for paper, answer in papers.items()}
    for paper, text in shown.items():
        assert together(person.name) in text, paper
        assert together(person.latin) in text, paper
    for paper in ("badge", "list"):
        assert together(person.organisation) in shown[paper]
        assert together(person.function) in shown[paper]
    signs = set("".join(person))
    assert not [one for one in said if ".notdef" in one and any(f'"{sign}"' in one for sign in signs)]


def test_the_feed_says_it_whole_where_an_event_names_somebody(person) -> None:
    event = meeting(
        theme=told(f"Conférence de {person.name}", f"Lecture by {person.name}", f"Conferencia de {person.name}")
    )
    feed = Client().get(f"/ical/en/event/{event.uid}.ics")
    content = b"".join(feed.streaming_content) if feed.streaming else feed.content
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "folded by octets"
    [entry] = icalendar.Calendar.from_ical(content).walk("VEVENT")[:1]
    assert person.name in str(entry["DESCRIPTION"]) + str(entry["SUMMARY"])


def test_what_comes_back_from_the_page_is_what_was_sent(event, person) -> None:
    row = registered(event, person)
    change = address("participant_change", links.token(row), language="en")
    page = BeautifulSoup(Client().get(change).content, "html.parser").find("form", id="form")
    sent = {
        field["name"]: field.get("value", "on" if field.get("type") == "checkbox" else "")
        for field in page.find_all("input")
        if field.get("name") and (field.get("type") not in ("radio", "checkbox") or field.has_attr("checked"))
    }
    sent |= {
        select["name"]: select.find("option", selected=True)["value"]
        for select in page.find_all("select")
        if select.get("name") and select.find("option", selected=True)
    }
    answer = Client().post(change, sent)
    assert answer.status_code in (302, 303), BeautifulSoup(answer.content, "html.parser").select("#errors")
    again = Registration.objects.get(pk=row.pk)
    assert (again.name, again.latin_name, again.organisation) == (person.name, person.latin, person.organisation)
    assert again.answers.living().get(question__subject="position").text == person.function
    assert not again.changes.filter(verb__in=["correct", "answer"]).exists(), "nothing has changed"
