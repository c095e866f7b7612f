"""The meetings for what reads news: RSS by a stranger's reader, JSON Feed by its own rules."""

import datetime as dt
import json
import xml.etree.ElementTree as ET

import feedparser
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import EventException
from tests.factories import EventFactory, RegionFactory, again, publish, told

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
SECRET = "https://meet.example/secret-room"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def made(name="Abidjan", day=15, **facts):
    facts = {"start_local": dt.datetime(2026, 9, day, 9), "end_local": dt.datetime(2026, 9, day, 17)} | facts
    return EventFactory.published(title=told(f"Rencontre {name}", f"Meeting {name}"), **facts)


def series(*exceptions):
    event = EventFactory.create(
        title=told("Sols vivants", "Living soils"), start_local=dt.datetime(2026, 6, 17, 15), format="online",
        end_local=dt.datetime(2026, 6, 17, 16), recurrence="RRULE:FREQ=WEEKLY;COUNT=4", joining_url=SECRET,
    )  # fmt: skip
    event.exceptions.set([EventException(**exception) for exception in exceptions])
    event.save_revision().publish()
    return again(event)


def get(path, **headers):
    return Client().get(path, headers=headers)


def rss(path="/feeds/en/events.rss"):
    answer = get(path)
    assert answer.status_code == 200
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def parsed(path="/feeds/en/events.json"):
    """A JSON Feed, held to what its version 1.1 asks for."""
    feed = json.loads(get(path).content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for name in ("home_page_url", "feed_url"):
        assert feed[name].startswith("http://testserver/")
    assert get(feed["feed_url"].removeprefix("http://testserver")).status_code == 200
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_html"], str)
        assert item["url"].startswith("http://testserver/en/") or item["url"].startswith("http://testserver/fr/")
        for name in ("date_published", "date_modified"):
            assert dt.datetime.fromisoformat(item[name]).tzinfo
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert not any(value in (None, "") for value in item.values())
        known = {"id", "url", "title", "content_html", "summary", "image", "date_published", "date_modified",
                 "tags", "language", "_event"}  # fmt: skip
        assert set(item) <= known
    return feed


def test_an_event_is_one_item_with_its_date_in_its_title():
    event = made(city=told("Abidjan"), country="CI", theme=told("Le sol", "The soil"))
    (item,) = rss().entries
    assert item.title == "Meeting Abidjan, Tuesday, 15 September 2026"
    assert item.id == f"urn:uuid:{event.uid}"
    assert item.link == "http://testserver/en/calendar/meeting-abidjan/"
    assert "09:00–17:00" in item.summary
    assert "The soil" in item.summary
    assert item.enclosures[0].href.endswith(".png")
    (told_as_json,) = parsed()["items"]
    assert told_as_json["title"] == item.title
    assert told_as_json["_event"] == {
        "starts_at": "2026-09-15T09:00+02:00",
        "ends_at": "2026-09-15T17:00+02:00",
        "timezone": "Europe/Paris",
        "all_day": False,
        "status": "scheduled",
        "format": "onsite",
        "calendar": f"http://testserver/ical/fr/event/{event.uid}.ics",
        "dates": [],
    }


def test_a_change_of_date_or_state_changes_the_item_and_brings_it_to_the_top(now):
    first, second = made("A"), made("B", day=20)
    before = {item["id"]: item["date_published"] for item in parsed()["items"]}
    now.shift(3600)
    publish(first, status="cancelled")
    items = parsed()["items"]
    assert [item["id"] for item in items] == [f"urn:uuid:{event.uid}" for event in (first, second)]
    assert items[0]["title"].startswith("Cancelled: Meeting A")
    assert items[0]["date_modified"] > items[0]["date_published"]
    assert {item["id"]: item["date_published"] for item in items} == before
    assert items[0]["_event"]["status"] == "cancelled"
    assert rss().entries[0].updated > rss().entries[0].published or rss().entries[0].title.startswith("Cancelled")


def test_a_series_tells_its_next_date_that_is_held_and_what_became_of_the_others():
    series(
        {"day": dt.date(2026, 6, 17), "is_cancelled": True},
        {"day": dt.date(2026, 7, 1), "start_local": dt.datetime(2026, 7, 2, 9),
         "end_local": dt.datetime(2026, 7, 2, 10), "note": told("Avec un invité", "With a guest")},
    )  # fmt: skip
    (item,) = parsed()["items"]
    assert item["title"] == "Living soils, Wednesday, 24 June 2026"
    assert [(date["starts_at"][:10], date["status"], date["is_moved"]) for date in item["_event"]["dates"]] == [
        ("2026-06-17", "cancelled", False),
        ("2026-06-24", "scheduled", False),
        ("2026-07-02", "scheduled", True),
        ("2026-07-08", "scheduled", False),
    ]
    assert "This date is cancelled" in item["content_html"]
    assert "Moved from Wednesday, 1 July 2026 – With a guest" in item["content_html"]
    assert "Every Wednesday at 15:00, Paris time" in item["content_html"]


def test_the_joining_link_drafts_and_what_is_over_are_never_told(now):
    series()
    again(made("withdrawn")).unpublish()
    EventFactory.create(title=told("Brouillon", "Draft"))
    for form in ("rss", "json"):
        body = get(f"/feeds/en/events.{form}").content.decode()
        assert "Living soils" in body
        for word in (SECRET, "withdrawn", "Draft"):
            assert word not in body
    now.move_to(dt.datetime(2026, 7, 10, tzinfo=dt.UTC))
    assert not parsed()["items"]


def test_a_region_has_its_own_and_that_of_its_sub_regions():
    africa = RegionFactory(code="F-AFR", name=told("Afrique", "Africa"))
    west = RegionFactory(code="F-AFR-W", parent=africa)
    made("west", regions=[west])
    made("elsewhere", day=16, regions=[RegionFactory(code="F-ASIA")])
    found = rss("/feeds/en/region/F-AFR/events.rss")
    assert [item.title.split(",")[0] for item in found.entries] == ["Meeting west"]
    assert "Africa" in found.feed.title
    assert parsed("/feeds/en/region/F-AFR/events.json")["language"] == "en"


def test_control_characters_and_markup_break_nothing():
    made("\x0b\x1f<b>&amp; ]]>", theme=told("Un\x08thème <script>", "A\x08theme <script>"))
    tree = ET.fromstring(get("/feeds/en/events.rss").content)
    assert tree.find("channel/item/title").text.startswith("Meeting <b>&amp; ]]>")
    (item,) = parsed()["items"]
    assert "<script>" not in item["content_html"]
    assert "\x08" not in item["content_html"]


def test_each_language_has_its_words_and_marks_what_falls_back():
    made()
    assert rss("/feeds/fr/events.rss").entries[0].title == "Rencontre Abidjan, mardi 15 septembre 2026"
    (item,) = rss("/feeds/es/events.rss").entries
    assert item.title_detail.language == "fr"


@pytest.mark.parametrize("form", ["rss", "json"])
def test_a_reader_that_has_it_is_told_so_until_something_changes(now, form):
    path = f"/feeds/en/events.{form}"
    event = made()
    first = get(path)
    assert (
        first["Content-Type"]
        == {"rss": "application/rss+xml", "json": "application/feed+json"}[form] + "; charset=utf-8"
    )
    assert first["Cache-Control"] == "public, max-age=900"
    assert first["Vary"] == "Accept-Encoding"
    assert not first.cookies
    assert get(path, **{"if-none-match": first["ETag"]}).status_code == 304
    assert get(path, **{"if-modified-since": first["Last-Modified"]}).status_code == 304
    head = Client().head(path)
    assert head.content == b""
    assert head["Content-Length"] == str(len(first.content))
    now.shift(5)
    publish(event, status="cancelled")
    assert get(path, **{"if-none-match": first["ETag"]}).status_code == 200
    assert get(path, **{"if-modified-since": first["Last-Modified"]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["de/events.rss", "en/region/NOWHERE/events.json", "en/region/%00/events.rss", "en/events.xml", "en/events"]
)
def test_an_unknown_feed_is_not_found(path):
    assert get(f"/feeds/{path}").status_code == 404


def test_pages_tell_programs_of_the_feeds(client):
    page = client.get("/en/").content.decode()
    assert 'type="application/feed+json" href="http://testserver/feeds/en/events.json"' in page
    assert 'type="application/rss+xml" href="http://testserver/feeds/en/events.rss"' in page


def test_the_same_number_of_questions_whatever_the_number_of_events():
    def cost():
        with CaptureQueriesContext(connection) as asked:
            get("/feeds/en/events.json")
        return len(asked)

    series()
    made(regions=[RegionFactory(code="COST")])
    cost()
    publish(again(series()))
    before = cost()
    for number in range(10):
        series()
        made(str(number), regions=[RegionFactory(code="COST")])
    assert cost() <= before
    assert cost() <= 3  # kept until something changes
