"""The next dates of a series, told while it is chosen: in words, at the place and in each region."""

import datetime as dt
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from regions.models import Region
from tests.factories import EventFactory, RegionFactory, told

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DATES = "/admin/events/dates/"


@pytest.fixture(autouse=True)
def regions(db):
    Region.objects.all().delete()
    RegionFactory(code="NAM", name=told("Amérique du Nord", "North America"), default_timezone="America/Toronto")
    RegionFactory(code="ASPAC", name=told("Asie", "Asia"), default_timezone="Asia/Kolkata")


def chosen(**parts):
    hours = {"timezone": "Europe/Paris", "start_local": "2031-03-06 15:00", "end_local": "2031-03-06 16:30"}
    return hours | {name if name in hours else f"recurrence_{name}": value for name, value in parts.items()}


def answer(client, **parts):
    response = client.post(DATES, chosen(**parts))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def table(page):
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in page.select("tr")]


def test_a_series_is_told_in_words_with_its_next_dates_and_the_hour_of_each_region(desk):
    page = answer(desk, frequency="weekly", interval="2")
    assert "Every second Thursday at 15:00, Paris time." in page.get_text()
    head, *rows = table(page)
    assert head == ["Date", "Paris", "Toronto North America", "Kolkata Asia"]
    assert len(rows) == 8
    assert rows[0] == ["Thursday, 6 March 2031", "15:00", "09:00", "19:30"]
    # North America is on summer time since 9 March, Paris only from the 30th on.
    assert rows[1] == ["Thursday, 20 March 2031", "15:00", "10:00 shifted", "19:30"]
    assert rows[2] == ["Thursday, 3 April 2031", "15:00", "09:00 shifted", "18:30 shifted"]
    assert rows[3] == ["Thursday, 17 April 2031", "15:00", "09:00", "18:30"]


def test_nights_and_the_day_before_or_after_are_marked(desk):
    rows = table(answer(desk, frequency="daily", start_local="2031-03-06 20:00", end_local="2031-03-06 21:00"))
    assert rows[1] == ["Thursday, 6 March 2031", "20:00", "14:00", "00:30 Friday night"]


def test_a_series_that_ends_says_how_many_dates_it_has_and_a_skipped_one_is_left_out(desk):
    page = answer(desk, frequency="weekly", ends="count", count="4", skipped=["2031-03-13"])
    assert "3 dates, the last one on 27 March 2031." in page.get_text()
    assert [row[0] for row in table(page)[1:]] == [
        "Thursday, 6 March 2031",
        "Thursday, 20 March 2031",
        "Thursday, 27 March 2031",
    ]


def test_of_a_series_that_runs_the_dates_to_come_are_shown_and_compared_with_the_one_before(desk, monkeypatch):
    clock = SimpleNamespace(now=lambda: dt.datetime(2031, 3, 19, tzinfo=dt.UTC))
    monkeypatch.setattr("events.desk.dates.coming.timezone", clock)
    rows = table(answer(desk, frequency="weekly", interval="2"))
    assert rows[1] == ["Thursday, 20 March 2031", "15:00", "10:00 shifted", "19:30"]


def test_of_a_series_that_is_over_the_first_dates_are_shown(desk):
    past = {"start_local": "2021-03-04 15:00", "end_local": "2021-03-04 16:30"}
    page = answer(desk, frequency="weekly", ends="count", count="2", **past)
    assert "All dates have passed" in page.get_text()
    assert len(table(page)) == 3


def test_whole_days_have_one_column(desk):
    sent = chosen(frequency="yearly") | {"all_day": "on"}
    page = BeautifulSoup(desk.post(DATES, sent).content, "html.parser")
    assert "Every year on 6 March." in page.get_text()
    assert table(page)[0] == ["Date", "Paris"]


def test_what_is_wrong_is_said_and_what_is_missing_is_waited_for(desk):
    assert "from 1 to 366" in answer(desk, frequency="weekly", interval="0").get_text()
    assert "this rule does not give" in answer(desk, frequency="weekly", weekdays=["MO"]).get_text()
    assert "before the first date" in answer(desk, frequency="weekly", ends="until", until="2031-01-01").get_text()
    for waiting in ({"start_local": ""}, {"timezone": "Nowhere/Land"}, {}):
        assert "A single date" in answer(desk, **({"frequency": "weekly"} if waiting else {}), **waiting).get_text()


def test_the_form_shows_the_same_without_a_script(desk):
    event = EventFactory.create(
        recurrence="RRULE:FREQ=WEEKLY;INTERVAL=2",
        start_local=dt.datetime(2031, 3, 6, 15),
        end_local=dt.datetime(2031, 3, 6, 16, 30),
    )
    page = BeautifulSoup(desk.get(f"/admin/events/edit/{event.pk}/").content, "html.parser")
    shown = page.select_one("[data-hours][data-fields] [data-lines]")
    assert table(shown) == table(answer(desk, frequency="weekly", interval="2"))


def test_nobody_outside_the_admin_is_answered_and_too_much_is_not_read(desk, monkeypatch):
    assert Client().post(DATES, chosen(frequency="weekly")).status_code == 302
    assert "A single date" in answer(desk, frequency="weekly", skipped=["2031-03-13"] * 6000).get_text()
    assert Client(enforce_csrf_checks=True).post(DATES, chosen()).status_code in (302, 403)


def test_it_reads_no_event(desk, django_assert_max_num_queries):
    desk.post(DATES, chosen())
    with django_assert_max_num_queries(20) as seen:
        desk.post(DATES, chosen(frequency="weekly"))
    assert not [query for query in seen.captured_queries if "events_" in query["sql"]]
    assert len([query for query in seen.captured_queries if 'FROM "regions_region"' in query["sql"]]) == 1
