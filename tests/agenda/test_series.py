"""A series: each of its dates stands on its own day, and says what is different about it."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, EventException, EventPage
from tests.factories import EventFactory, RegionFactory, again, publish, told
from tests.reading import Pages, rows, text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def pages(client):
    return Pages(client)


def series(*exceptions, rule="FREQ=WEEKLY;COUNT=6", **facts):
    """Wednesdays from 3 June 2026 on, at 15:00 in Paris: two are over."""
    facts = {
        "title": told("Sols vivants", "Living soils", "Suelos vivos"),
        "start_local": dt.datetime(2026, 6, 3, 15),
        "end_local": dt.datetime(2026, 6, 3, 16, 30),
        "format": "online",
        "recurrence": f"RRULE:{rule}",
    } | facts
    regions = facts.pop("regions", [])
    event = EventFactory.create(**facts)
    event.regions.set(regions)
    event.exceptions.set([EventException(**exception) for exception in exceptions])
    event.save_revision().publish()
    return again(event)


def on(day, month=6):
    return dt.date(2026, month, day)


CANCELLED = {"day": on(24), "is_cancelled": True, "note": told("Jour férié", "Public holiday", "Feriado")}
MOVED = {
    "day": on(1, 7),
    "start_local": dt.datetime(2026, 7, 2, 10),
    "end_local": dt.datetime(2026, 7, 2, 11),
    "city": told("Dakar"),
    "venue": told("Salle B", "Room B"),
}


def said(tag):
    """The words of one part of a page."""
    return " ".join(tag.get_text(" ").split())


def days(page, selector=".rows time"):
    return [time["datetime"][:10] for time in page.select(selector)]


def address(event, language="en"):
    return EventPage.objects.get(event=event, locale__language_code=language).get_url()


def row(page, day):
    return next(one for one in page.select(".rows > li") if one.time["datetime"] == day)


def test_each_date_stands_in_the_agenda_on_its_own_day(pages):
    series()
    EventFactory.published(
        title=told("Entre deux", "In between"),
        start_local=dt.datetime(2026, 6, 20, 9),
        end_local=dt.datetime(2026, 6, 20, 10),
    )
    page = pages.open("/en/calendar/")
    assert days(page) == ["2026-06-17", "2026-06-20", "2026-06-24", "2026-07-01", "2026-07-08"]
    assert rows(page) == ["Living soils", "In between", "Living soils", "Living soils", "Living soils"]
    assert all("Held regularly" in said(one) for one in page.select(".rows > li") if "Living" in said(one))
    assert days(pages.open("/en/calendar/past/")) == ["2026-06-10", "2026-06-03"]
    assert days(pages.open("/en/calendar/past/2025/")) == []


def test_in_a_month_one_date_tells_of_the_series_and_the_others_are_short(pages):
    series(theme=told("Un thème", "A theme"))
    page = pages.open("/en/calendar/")
    assert [one.time["datetime"] for one in page.select(".rows > li.further")] == ["2026-06-24", "2026-07-08"]
    assert "A theme" in said(row(page, "2026-07-01"))
    assert "A theme" not in said(row(page, "2026-07-08"))


def test_a_cancelled_date_is_crossed_out_and_a_moved_one_says_from_when(pages):
    series(CANCELLED, MOVED, format="hybrid", city=told("Paris"))
    page = pages.open("/en/calendar/")
    off, moved = row(page, "2026-06-24"), row(page, "2026-07-02")
    assert off.s.get_text() == "Living soils"
    assert "This date is cancelled" in said(off)
    assert "Public holiday" in said(off)
    assert "Moved from Wednesday, 1 July 2026" in said(moved)
    assert "Room B" in said(moved)
    assert "Dakar" in text(moved, ".side")
    assert not [one for one in page.select(".rows > li") if one.time["datetime"] == "2026-07-01"]
    assert "Paris" in text(row(page, "2026-06-17"), ".side")


def test_a_date_moved_within_its_day_says_from_which_hour(pages):
    series({"day": on(17), "start_local": dt.datetime(2026, 6, 17, 18), "end_local": dt.datetime(2026, 6, 17, 19)})
    assert "Moved from 15:00" in said(row(pages.open("/en/calendar/"), "2026-06-17"))
    assert "à 15" in said(row(pages.open("/fr/agenda/"), "2026-06-17"))


def test_a_date_that_the_rule_dropped_is_nowhere(pages):
    event = series()
    event.occurrences.filter(original=dt.datetime(2026, 6, 24, 15)).update(is_dropped=True)
    for path in ("/en/calendar/", address(event), "/en/calendar/month/2026-06/"):
        assert "2026-06-24" not in str(pages.open(path))


def test_home_and_search_name_the_next_date_that_is_held(pages):
    series({"day": on(17), "is_cancelled": True}, regions=[RegionFactory(code="S-R")])
    assert days(pages.open("/en/"), "#coming ~ .list time") == ["2026-06-24"]
    assert "24 June 2026" in text(pages.open("/en/search/?q=living"), ".found")
    assert "17 June 2026" not in text(pages.open("/en/search/?q=living"), ".found")


def test_a_series_whose_dates_ahead_are_all_cancelled_is_over_and_stays_in_the_agenda_until_then(pages):
    event = series(*({"day": day, "is_cancelled": True} for day in (on(17), on(24), on(1, 7), on(8, 7))))
    assert event.is_over
    assert not Event.objects.upcoming().exists()
    assert Event.objects.past().get() == event
    assert len(pages.open("/en/calendar/").select(".rows > li.gone")) == 4
    page = pages.open(address(event))
    assert text(page, ".day span") == "June 2026"
    assert text(page, ".day b") == "10"


def test_a_series_is_over_when_its_last_held_date_is(now):
    event = series({"day": on(8, 7), "is_cancelled": True})
    assert not event.is_over
    now.move_to(dt.datetime(2026, 7, 1, 14, 31, tzinfo=dt.UTC))
    assert again(event).is_over


def test_a_series_without_end_fills_the_agenda_for_eighteen_months_and_not_for_ever(pages):
    series(rule="FREQ=WEEKLY")
    far = EventFactory.published(
        title=told("Loin", "Far"), start_local=dt.datetime(2029, 1, 8, 9), end_local=dt.datetime(2029, 1, 8, 10)
    )
    last = pages.open("/en/calendar/page/4/")
    listed = days(last)
    assert listed[-1] == "2029-01-08"
    assert rows(last)[-1] == str(far.title.localize("en"))
    assert listed[-2] < "2027-12-20"
    pages.open("/en/calendar/page/5/", 404)


def test_every_page_of_the_agenda_is_bounded_however_many_dates_there_are(client):
    for _number in range(6):
        series(CANCELLED, MOVED, rule="FREQ=DAILY;COUNT=90")
    pages = Pages(client)
    for path in ("/en/calendar/", "/en/calendar/page/3/"):
        assert len(pages.open(path).select(".rows > li")) == 25
        assert len(client.get(path).content) < 60_000


def test_the_agenda_asks_as_often_for_twenty_series_as_for_one(client):
    def cost(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    paths = ("/en/calendar/", "/en/calendar/month/2026-06/", "/en/", "/en/search/?q=living")
    region = RegionFactory()
    series(CANCELLED, MOVED, registration="here", regions=[region])
    for path in paths:
        cost(path)
    before = [cost(path) for path in paths]
    for _number in range(19):
        series(CANCELLED, MOVED, registration="here", regions=[region])
    assert [cost(path) for path in paths] == before
    assert max(before[:2]) <= 15


# -- the month


def test_the_month_tells_what_became_of_each_date(pages):
    series(CANCELLED, MOVED)
    june = pages.open("/en/calendar/month/2026-06/").select(".bars li")
    assert [bar.time["datetime"] for bar in june] == [
        "2026-06-03", "2026-06-10", "2026-06-17", "2026-06-24", "2026-07-02",
    ]  # fmt: skip
    assert june[3].s
    assert "cancelled" in text(june[3], "span")
    assert "moved from Wednesday, 1 July 2026" in text(june[4], "span")


# -- its page


def test_the_page_says_the_rule_and_lists_the_dates_with_what_is_different(pages):
    event = series(CANCELLED, MOVED)
    page = pages.open(address(event))
    assert "Every Wednesday at 15:00, Paris time, six times in all." in text(page, ".facts")
    ahead, gone = page.select("ol.dates")
    assert days(ahead, "time") == ["2026-06-17", "2026-06-24", "2026-07-02", "2026-07-08"]
    assert days(gone, "time") == ["2026-06-10", "2026-06-03"]
    assert "This date is cancelled" in text(ahead, "li.gone")
    assert "Public holiday" in text(ahead, "li.gone")
    moved = ahead.select("li")[2]
    assert "Moved from Wednesday, 1 July 2026" in said(moved)
    assert "Room B" in said(moved)
    assert "Every Wednesday" not in text(pages.open(address(event, "fr")))


def test_the_page_begins_with_the_next_date_as_it_is_held(pages):
    event = series({"day": on(17), "is_cancelled": True}, {**MOVED, "day": on(24)}, format="onsite", city=told("Paris"))
    page = pages.open(address(event))
    assert page.select_one(".pair time")["datetime"] == "2026-07-01"  # the 24th moved beyond the 1st
    event = series({**MOVED, "day": on(17), "start_local": dt.datetime(2026, 6, 18, 10),
                    "end_local": dt.datetime(2026, 6, 18, 11)}, format="onsite", city=told("Paris"))  # fmt: skip
    page = pages.open(address(event))
    assert page.select_one(".pair time")["datetime"] == "2026-06-18"
    assert "Moved from Wednesday, 17 June 2026" in text(page, ".head-words")
    assert "Dakar" in text(page, ".head-words")
    assert "Room B" in text(page, ".facts")


def test_a_long_series_folds_away_what_is_far_and_what_is_skipped_is_told(pages):
    event = series(rule="FREQ=WEEKLY;COUNT=20", recurrence="RRULE:FREQ=WEEKLY;COUNT=20\nEXDATE:20260624T000000Z")
    page = pages.open(address(event))
    assert len(page.select("ol.dates")[0].select("li")) == 8
    assert text(page, "details.zones:has(ol) summary") == "9 more dates"
    assert "No meeting on this day: 24 June 2026." in text(page, "article")


def test_a_series_and_the_one_that_goes_on_after_it_lead_to_each_other(pages):
    first = series(rule="FREQ=WEEKLY;COUNT=4")
    second = series(title=told("La suite", "What follows"), start_local=dt.datetime(2026, 7, 9, 10),
                    end_local=dt.datetime(2026, 7, 9, 11), continues=first)  # fmt: skip
    page = pages.open(address(first))
    assert "goes on as: What follows, Thursday, 9 July 2026" in text(page, ".head-words")
    assert page.select_one(f".notice a[href='{address(second)}']")
    back = pages.open(address(second))
    assert "continues an earlier one: Living soils" in text(back, ".head-words")
    assert back.select_one(f".notice a[href='{address(first)}']")
    again(second).unpublish()
    assert "What follows" not in text(pages.open(address(first)))


def test_one_registers_for_one_date_where_the_series_says_so(pages):
    event = series(CANCELLED, MOVED, registration="here", registered_for="date")
    page = pages.open(address(event))
    assert [link["href"] for link in page.select(".dates [rel=register]")] == [
        f"/en/registration/{event.uid}/?date={day}" for day in ("2026-06-17", "2026-07-01", "2026-07-08")
    ]
    for link in page.select(".dates [rel=register]")[:2]:
        pages.open(link["href"])
    whole = series(registration="here")
    assert not pages.open(address(whole)).select(".dates [rel=register]")


def test_the_file_of_its_own_feed_is_offered(pages):
    event = series()
    assert pages.open(address(event)).select_one(f".acts a[href$='/ical/en/event/{event.uid}.ics']")


# -- the hour elsewhere


@pytest.fixture
def clocks():
    RegionFactory(code="NAM", name=told("Amérique du Nord", "North America"), default_timezone="America/Toronto")
    RegionFactory(code="ASPAC", name=told("Asie-Pacifique", "Asia-Pacific"), default_timezone="Asia/Kolkata")


@pytest.mark.usefixtures("clocks")
def test_a_series_online_tells_the_hour_of_each_region_and_whose_night_it_is(pages):
    event = series(CANCELLED)
    table = pages.open(address(event)).select_one("table")
    assert table.caption.get_text() == "The hour in each region"
    assert [head["scope"] for head in table.select("th")] == ["col"] * 4 + ["row"] * len(table.select("tbody tr"))
    assert days(table, "thead time") == ["2026-06-17", "2026-07-01", "2026-07-08"]
    america = next(one for one in table.select("tbody tr") if "North America" in said(one))
    assert [time.get_text() for time in america.select("time")] == ["09:00"] * 3
    late = series(start_local=dt.datetime(2026, 6, 3, 19), end_local=dt.datetime(2026, 6, 3, 20))
    asia = next(one for one in pages.open(address(late)).select("tbody tr") if "Asia-Pacific" in said(one))
    assert "22:30" in said(asia)
    assert "at night" in text(asia, "td")


@pytest.mark.usefixtures("clocks")
def test_a_date_on_which_somebodys_clock_has_changed_is_marked_and_explained(pages):
    event = series(rule="FREQ=WEEKLY;COUNT=5", start_local=dt.datetime(2026, 10, 14, 15),
                   end_local=dt.datetime(2026, 10, 14, 16))  # fmt: skip
    page = pages.open(address(event))
    asia = next(one for one in page.select("tbody tr") if "Asia-Pacific" in said(one))
    assert [time.get_text() for time in asia.select("time")] == ["18:30", "18:30", "19:30", "19:30", "19:30"]
    assert [bool(cell.select(".shift")) for cell in asia.select("td")] == [False, False, True, False, False]
    assert "Wednesday, 28 October 2026" in text(page, "section[aria-labelledby=elsewhere]")


@pytest.mark.usefixtures("clocks")
def test_what_takes_place_in_one_room_or_all_day_has_no_hour_elsewhere(pages):
    for facts in ({"format": "onsite"}, {"all_day": True}, {"status": "cancelled"}):
        assert not pages.open(address(series(**facts))).select("table")
    once = EventFactory.published(
        format="hybrid", start_local=dt.datetime(2026, 9, 1, 9), end_local=dt.datetime(2026, 9, 1, 10)
    )
    assert days(pages.open(address(once)), "thead time") == ["2026-09-01"]


# -- for programs


def structured(page):
    found = [json.loads(block.string) for block in page.select("script[type='application/ld+json']")]
    return next(one for one in found if one["@type"] == "Event")


def test_programs_read_each_date_with_what_became_of_it(pages):
    data = structured(pages.open(address(series(CANCELLED, MOVED, format="onsite", city=told("Paris")))))
    assert data["startDate"] == "2026-06-17T15:00+02:00"
    schema = "https://schema.org/"
    assert [(one["startDate"], one["eventStatus"].removeprefix(schema)) for one in data["subEvent"]] == [
        ("2026-06-17T15:00+02:00", "EventScheduled"),
        ("2026-06-24T15:00+02:00", "EventCancelled"),
        ("2026-07-02T10:00+02:00", "EventRescheduled"),
        ("2026-07-08T15:00+02:00", "EventScheduled"),
    ]
    moved = data["subEvent"][2]
    assert moved["previousStartDate"] == "2026-07-01T15:00+02:00"
    assert moved["location"]["name"] == "Room B"
    assert moved["location"]["address"]["addressLocality"] == "Dakar"


def test_a_series_that_is_cancelled_is_so_on_each_date(pages):
    event = publish(series(), status="cancelled")
    data = structured(pages.open(address(event)))
    assert {one["eventStatus"] for one in [data, *data["subEvent"]]} == {"https://schema.org/EventCancelled"}


def test_the_sitemap_knows_when_a_date_changed(client, now):
    event = series()
    now.shift(dt.timedelta(hours=1))
    event.exceptions.set([EventException(**CANCELLED)])
    event.save_revision().publish()
    assert timezone.now().strftime("%Y-%m-%dT13:00:00") in client.get("/sitemap-en.xml").content.decode()
