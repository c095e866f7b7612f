"""The agenda as a month: every date stands on its day, at the clock of its place."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import EventFactory, RegionFactory, told
from tests.reading import Pages, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(dt.datetime(2031, 4, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def pages(client):
    return Pages(client)


def on(day, month=5, *, until=None, name="Rencontre", **facts):
    start = dt.datetime(2031, month, day, 9)
    return EventFactory.published(
        title=told(name, name), start_local=start, end_local=until or start.replace(hour=17), **facts
    )


def names(page):
    return [link.get_text(strip=True) for link in page.select(".bars li:not(.cont) a")]


def test_a_meeting_stands_on_the_day_of_its_own_place(pages):
    EventFactory.published(
        title=told("Nuit", "Night"),
        timezone="Pacific/Auckland",  # still the last day of April in Paris
        start_local=dt.datetime(2031, 5, 1, 1),
        end_local=dt.datetime(2031, 5, 1, 3),
    )
    page = pages.open("/en/calendar/month/2031-05/")
    bar = page.select_one(".bars li")
    assert bar.time["datetime"] == "2031-05-01"
    assert "c4" in bar["class"]  # a Thursday
    assert text(bar, "span") == "01:00 Night"


def test_a_meeting_of_several_days_is_one_bar_that_goes_on_in_the_next_week(pages):
    on(10, until=dt.datetime(2031, 5, 13, 17))  # Saturday to Tuesday
    page = pages.open("/fr/agenda/mois/2031-05/")
    first, second = page.select(".bars li")
    assert {"c6", "n2", "till"} <= set(first["class"])
    assert {"c1", "n2", "cont"} <= set(second["class"])
    assert names(page) == ["Rencontre"]  # named once; the rest of the bar is hidden from readers
    assert second["aria-hidden"] == "true"
    assert first.time.get_text() == "10–13 mai 2031"


def test_what_began_in_the_month_before_is_named_on_this_leaf_too(pages):
    on(14, month=3, until=dt.datetime(2031, 6, 2, 17))
    assert names(pages.open("/en/calendar/month/2031-05/")) == ["Rencontre"]


def test_every_date_of_a_series_is_there_and_no_draft(pages):
    on(7, name="Toutes les semaines", recurrence="RRULE:FREQ=WEEKLY;COUNT=3")
    EventFactory.create(
        title=told("Brouillon"), start_local=dt.datetime(2031, 5, 8, 9), end_local=dt.datetime(2031, 5, 8, 10)
    )
    page = pages.open("/fr/agenda/mois/2031-05/")
    assert [bar.time["datetime"] for bar in page.select(".bars li")] == ["2031-05-07", "2031-05-14", "2031-05-21"]
    assert "Brouillon" not in text(page)


def test_what_is_called_off_says_so_in_words(pages):
    on(7, status="cancelled")
    bar = pages.open("/en/calendar/month/2031-05/").select_one(".bars li")
    assert bar.s
    assert "cancelled" in text(bar, "span")


def test_the_leaves_turn_by_links_and_keep_what_is_chosen(pages):
    RegionFactory(code="AFR-W")
    page = pages.open("/en/calendar/month/2031-12/region/AFR-W/")
    assert page.select_one("a[rel=prev]")["href"] == "/en/calendar/month/2031-11/region/AFR-W/"
    assert page.select_one("a[rel=next]")["href"] == "/en/calendar/month/2032-01/region/AFR-W/"
    assert {link["href"] for link in page.select(".langs a")} == {
        "/fr/agenda/mois/2031-12/region/AFR-W/",
        "/es/calendario/mes/2031-12/region/AFR-W/",
    }


def test_the_filter_leads_to_the_path_of_its_month(pages):
    RegionFactory(code="AFR-W")
    status, path = pages.led("/en/calendar/?region=AFR-W&month=2031-05")
    assert (status, path) == (302, "/en/calendar/month/2031-05/region/AFR-W/")


def test_a_region_leaves_only_its_own(pages):
    on(7, name="Ici", regions=[RegionFactory(code="AFR-W")])
    on(8, name="Ailleurs")
    assert names(pages.open("/fr/agenda/mois/2031-05/region/AFR-W/")) == ["Ici"]


def test_an_empty_month_says_so_and_shows_the_way(pages):
    page = pages.open("/en/calendar/month/2031-08/")
    assert "No meeting this month." in text(page)
    assert page.select_one("meta[name=robots]")["content"].startswith("noindex")
    assert page.select_one(".empty a")["href"] == "/en/calendar/"


def test_this_month_is_one_step_away(pages):
    page = pages.open("/en/calendar/")
    assert page.select_one(".views a[href='/en/calendar/month/2031-04/']")
    today = pages.open("/en/calendar/month/2031-04/").select_one(".days .today")
    assert today.get_text() == "20"


@pytest.mark.parametrize("wrong", ["2031-13", "2031-5", "1800-01", "mai", "2031-05-01", "٢٠٣١-05"])
def test_what_is_no_month_is_no_page(pages, wrong):
    pages.open(f"/en/calendar/month/{wrong}/", status=404)


def test_no_month_of_the_past_only_or_of_a_second_page(pages):
    pages.open("/en/calendar/past/month/2031-05/", status=404)
    pages.open("/en/calendar/month/2031-05/page/2/", status=404)


def test_a_month_costs_the_same_however_full_it_is(client):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/en/calendar/month/2031-05/").status_code == 200
        return len(asked)

    on(5)
    cost()
    one = cost()
    for day in range(6, 26):
        on(day, regions=[RegionFactory()])
    assert cost() == one
