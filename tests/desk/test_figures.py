"""Figures of an event: counted, drawn, told in a table, in the reader's language, and only to whom they are for."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import Registration, Series
from events.models.registration_states import TIMED
from tests.factories import EventFactory, OrganisationFactory, TicketFactory, told
from tests.wall.test_co_organisers import held_with, represented

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr", "es")


def url(event) -> str:
    return reverse("registrations:figures", args=[event.uid])


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


class Tables(HTMLParser):
    """The rows of every table and the words of every picture, by the heading before them."""

    def __init__(self) -> None:
        super().__init__()
        self.heading, self.inside, self.words = "", "", ""
        self.rows: dict[str, list[list[str]]] = {}
        self.pictures: list[dict[str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag in ("h2", "th", "td", "title", "desc"):
            self.inside, self.words = tag, ""
        if tag == "tr":
            self.rows.setdefault(self.heading, []).append([])
        if tag == "svg" and dict(attrs).get("role") == "img":
            self.pictures.append(dict(attrs))

    def handle_data(self, data):
        self.words += data

    def handle_endtag(self, tag):
        if tag != self.inside:
            return
        said = " ".join(self.words.split())
        if tag == "h2":
            self.heading = said
        elif tag in ("th", "td"):
            self.rows[self.heading][-1].append(said)
        elif self.pictures:
            self.pictures[-1][tag] = said
        self.inside = ""


def read(response) -> Tables:
    tables = Tables()
    tables.feed(text(response))
    return tables


def registered(event, count: int, state: str = "confirmed", days_before: int = 10, **facts) -> None:
    """People who registered so many days before the event, at noon there."""
    facts = {"attendance": "onsite", "language": "fr", "country": "KE"} | facts
    noon = (event.starts_at - dt.timedelta(days=days_before)).replace(hour=12)
    begun = Registration.objects.count()
    Registration.objects.bulk_create(
        Registration(
            event=event,
            name=f"Person {number}",
            email=f"p{number}@example.org",
            email_key=f"p{number}@example.org",
            state=state,
            expires_at=event.starts_at if state in TIMED else None,
            created_at=noon,
            **facts,
        )
        for number in range(begun, begun + count)
    )


@pytest.fixture
def event():
    return EventFactory.published(
        title=told("Réunion", "Meeting", "Reunión"), registration="here", timezone="Africa/Nairobi"
    )


def reads(desk, staff, language):
    staff.wagtail_userprofile.preferred_language = language
    staff.wagtail_userprofile.save()
    return desk


def test_each_figure_is_drawn_and_stands_in_a_table(desk, event):
    ticket = TicketFactory(event=event, name=told("Membre", "Member"))
    registered(event, 3, country="KE", language="fr")
    registered(event, 2, country="CI", language="en", attendance="online")
    registered(event, 1, country="", language="es", ticket=ticket)
    registered(event, 4, state="cancelled", country="IN")
    page = read(desk.get(url(event)))
    assert page.rows["By state"][1:] == [["Confirmed", "6", "60%"], ["Cancelled", "4", "40%"]]
    assert page.rows["By country"][1:] == [
        ["Kenya", "3", "50%"],
        ["Côte d’Ivoire", "2", "33%"],
        ["No country told", "1", "17%"],
    ]
    assert page.rows["By attendance"][1:] == [["On site", "4", "67%"], ["Online", "2", "33%"]]
    assert page.rows["By ticket"][1:] == [["Without a ticket", "5", "83%"], ["Member", "1", "17%"]]
    assert page.rows["By language of letters"][1:] == [
        ["Français", "3", "50%"],
        ["English", "2", "33%"],
        ["Español", "1", "17%"],
    ]
    assert len(page.pictures) == 7
    for picture in page.pictures:
        assert picture["title"]
        assert picture["desc"]
        assert picture["aria-labelledby"].split() == re.findall(r"chart-\w+-(?:title|desc)", picture["aria-labelledby"])
    assert "Kenya: 3; Côte d’Ivoire: 2" in next(one["desc"] for one in page.pictures if one["title"] == "By country")
    assert "India" not in str(page.rows)


def test_a_picture_is_as_good_without_script_or_style(desk, event):
    registered(event, 3)
    page = text(desk.get(url(event)))
    pictures = re.findall(r'<svg class="chart".*?</svg>', page)
    assert len(pictures) == 6
    for picture in pictures:
        assert "<script" not in picture
        assert "style=" not in picture
        assert re.search(r'(?:width|x|x1)="\d+,\d', picture) is None


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_numbers_plurals_states_and_countries_are_the_readers(desk, staff, event, language):
    registered(event, 1, country="CI", days_before=1)
    heading = {"en": "By country", "fr": "Par pays", "es": "Por país"}[language]
    one = {
        "en": "1 registration that counts",
        "fr": "1 inscription qui compte",
        "es": "1 inscripción que cuenta",
    }[language]
    many = {
        "en": "1,234 registrations that count",
        "fr": "1\u202f234 inscriptions qui comptent",
        "es": "1234 inscripciones que cuentan",
    }[language]
    state = {"en": "Confirmed", "fr": "Confirmée", "es": "Confirmada"}[language]
    day = {"en": "1 day before", "fr": "1 jour avant", "es": "1 día antes"}[language]
    reads(desk, staff, language)
    answer = desk.get(url(event))
    assert one in answer.content.decode().replace("\n", " ")
    page = read(answer)
    assert heading in page.rows
    assert any(row[0] == state for rows in page.rows.values() for row in rows)
    assert any(row[0] == day for rows in page.rows.values() for row in rows)
    registered(event, 1233)
    assert many in desk.get(url(event)).content.decode()


def test_registrations_are_told_beside_those_of_the_last_edition(desk):
    series = Series.objects.create(code="days", name=told("Journées"))
    first = EventFactory.published(
        title=told("Anciennes journées", "Old Days"),
        series=series,
        ordinal=3,
        start_local=dt.datetime(2024, 5, 6, 9),
        end_local=dt.datetime(2024, 5, 6, 17),
    )
    second = EventFactory.published(
        title=told("Journées", "Days"),
        series=series,
        ordinal=4,
        start_local=timezone.now().replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)
        + dt.timedelta(days=5),
        end_local=timezone.now().replace(tzinfo=None, hour=17, minute=0, second=0, microsecond=0)
        + dt.timedelta(days=5),
        timezone="Africa/Abidjan",
    )
    registered(first, 4, days_before=8)
    registered(first, 2, days_before=2)
    registered(second, 3, days_before=8)
    registered(second, 5, days_before=6)
    registered(second, 9, days_before=6, state="unverified")
    page = read(desk.get(url(second)))
    head, *rows = page.rows["By time before the beginning"]
    assert head[2:] == [
        f"Days ({second.start_local.year})",
        f"Days ({second.start_local.year}), in all",
        "Old Days (2024)",
        "Old Days (2024), in all",
    ]
    told_by = {row[0]: row[2:] for row in rows}
    assert told_by["8 days before"] == ["3", "3", "4", "4"]
    assert told_by["6 days before"] == ["5", "8", "0", "4"]
    assert told_by["2 days before"] == ["—", "—", "2", "6"]
    assert told_by["4 days before"] == ["—", "—", "0", "4"]
    assert told_by["5 days before"] == ["0", "8", "0", "4"]  # today


def test_a_long_course_is_told_in_weeks_and_loses_nobody(desk, event):
    for days in range(0, 400, 3):
        registered(event, 1, days_before=days)
    page = read(desk.get(url(event)))
    rows = page.rows["By time before the beginning"][1:]
    assert len(rows) <= 60
    assert rows[0][0] == "57 weeks before"
    assert rows[-1][3] in (str(len(range(0, 400, 3))), "—")
    assert sum(int(row[2]) for row in rows if row[2] != "—") <= 134


def test_dates_of_a_series_are_counted_one_by_one(desk):
    from recurrence import Recurrence, Rule
    from recurrence import base as rules

    event = EventFactory.published(
        title=told("Café", "Coffee"),
        registration="here",
        registered_for="date",
        recurrence=Recurrence(rrules=[Rule(rules.WEEKLY, count=4)], include_dtstart=False),
    )
    first, second = event.occurrences.order_by("starts_at")[:2]
    registered(event, 1, occurrence=second)
    registered(event, 2, occurrence=first)
    rows = read(desk.get(url(event))).rows["By date of the series"][1:]
    assert [(row[1], row[2]) for row in rows] == [("2", "67%"), ("1", "33%")]
    assert str(first.start_local.day) in rows[0][0]
    assert str(second.start_local.day) in rows[1][0]


def test_nobody_yet_is_said(desk, event):
    assert "Nobody has registered yet" in text(desk.get(url(event)))


def test_ten_thousand_are_counted_in_as_many_questions_as_ten(desk, event):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            text(desk.get(url(event)))
        return len(questions)

    registered(event, 10)
    asked()
    few = asked()
    registered(event, 9_990, country="FR", days_before=20)
    assert asked() == few
    assert "10,000 registrations" in text(desk.get(url(event)))


def test_a_co_organiser_counts_those_who_agreed_and_nothing_they_did_not_agree_to():
    event = held_with(EventFactory.published(title=told("Atelier", "Workshop"), registration="here"), "FAO", "IRD")
    registered(event, 3, country="KE")
    registered(event, 2, country="CI")
    Registration.objects.filter(country="CI").first().share_with([OrganisationFactory(short_name="FAO").pk])
    page = read(represented("FAO").get(url(event)))
    assert page.rows["By state"][1:] == [["Confirmed", "1", "100%"]]
    assert page.rows["By country"][1:] == [["Côte d’Ivoire", "1", "100%"]]
    assert "By language of letters" not in page.rows
    assert "By time before the beginning" not in page.rows
    assert "Those alone are counted" in text(represented("IRD").get(url(event)))
    assert "By state" not in read(represented("UNEP").get("/admin/")).rows


def test_figures_of_others_are_not_found(event, translator):
    registered(event, 3)
    held_with(EventFactory.published(), "FAO")
    assert represented("FAO").get(url(event)).status_code == 404
    assert translator.get(url(event)).status_code == 302


def test_the_list_of_an_event_leads_to_its_figures(desk, event):
    registered(event, 1)
    index = reverse("registrations:index")
    assert url(event) in text(desk.get(index, {"event": event.pk}))
    assert url(event) not in text(desk.get(index))


def test_it_is_told_how_many_of_those_that_count_have_a_seat(desk, event):
    registered(event, 3)
    assert "has a seat" not in text(desk.get(url(event)))
    registered(event, 2, state="waiting")
    registered(event, 1, state="requested")
    page = " ".join(text(desk.get(url(event))).split())
    assert "6 registrations that count" in page
    assert "3 of them have a seat; the others wait for one, or for a decision." in page
    by_state = read(desk.get(url(event))).rows["By state"]
    assert [row[:2] for row in by_state[1:]] == [
        ["Awaits approval", "1"],
        ["On the waiting list", "2"],
        ["Confirmed", "3"],
    ]
