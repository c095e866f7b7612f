"""An app that polls a feed for years gets every change, and nothing when there is none."""

import datetime as dt
import gzip
import re

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import parse_http_date

from events.models import EventOrganiser, FeedSnapshot
from pages.models import Edition
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, again, publish, told

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
FEED = "/ical/fr/all.ics"
MARCH = {"start_local": dt.datetime(2027, 3, 10, 9), "end_local": dt.datetime(2027, 3, 10, 11)}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event():
    return EventFactory.published(**MARCH)


def test_a_feed_is_a_public_calendar_shown_in_place(client, event):
    response = client.get(FEED)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="agenda-fr.ics"'
    assert response["Cache-Control"] == "public, max-age=900"
    assert response["Vary"] == "Accept-Encoding"
    assert re.fullmatch(r'"[0-9a-f]{32}"', response["ETag"])
    assert int(response["Content-Length"]) == len(response.content)
    assert not response.cookies


def test_a_feed_is_the_same_for_everybody(client, event, admin_user):
    stranger = client.get(FEED).content
    client.force_login(admin_user)
    response = client.get(FEED, headers={"Accept-Language": "es", "Accept": "text/html"})
    assert response.content == stranger
    assert not response.cookies


@pytest.mark.parametrize(
    ("path", "filename"),
    [
        ("en/archive.ics", "agenda-archive-en.ics"),
        ("es/region/africa.ics", "agenda-africa-es.ics"),
        ("es/region/africa/archive.ics", "agenda-africa-archive-es.ics"),
        ("fr/kind/webinar.ics", "agenda-webinar-fr.ics"),
        ("fr/kind/webinar/archive.ics", "agenda-webinar-archive-fr.ics"),
    ],
)
def test_every_feed_has_a_name_of_its_own(client, path, filename):
    RegionFactory(code="africa")
    response = client.get(f"/ical/{path}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'inline; filename="{filename}"'
    assert FeedSnapshot.objects.get().path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "de/all.ics",
        "fr/all",
        "fr/region/atlantis.ics",
        "fr/region/atlantis/archive.ics",
        "fr/kind/party.ics",
        "fr/objective/Z9.ics",
        "fr/event/00000000-0000-0000-0000-000000000000.ics",
        "fr/event/nonsense.ics",
    ],
)
def test_what_does_not_exist_says_so_in_plain_text(client, path):
    response = client.get(f"/ical/{path}", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert not FeedSnapshot.objects.exists()


def test_a_feed_only_reads(client, event):
    assert client.post(FEED).status_code == 405


def test_an_app_that_has_the_feed_is_told_so(client, event):
    first = client.get(FEED)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", W/{first["ETag"]}'},
        {"If-Modified-Since": first["Last-Modified"]},
        {"If-None-Match": first["ETag"], "If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"},
    ):
        response = client.get(FEED, headers=headers)
        assert response.status_code == 304, headers
        assert response.content == b""
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
            assert response[name] == first[name]


def test_the_tag_decides_before_the_date(client, event):
    first = client.get(FEED)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": first["Last-Modified"]}
    assert client.get(FEED, headers=headers).status_code == 200


def test_a_change_is_heard_of_at_once_by_tag_and_by_date(client, event):
    """Even when both versions are made within one second."""
    first = client.get(FEED)
    publish(event, title=told("Autre nom"))
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        response = client.get(FEED, headers=headers)
        assert response.status_code == 200
        assert "Autre nom" in response.content.decode()
    assert response["ETag"] != first["ETag"]
    assert parse_http_date(response["Last-Modified"]) > parse_http_date(first["Last-Modified"])


def test_an_unrelated_change_changes_neither_tag_nor_date(client, event, today):
    first = client.get(FEED)
    today.shift(3600)
    Edition.bump()
    second = client.get(FEED)
    assert (second["ETag"], second["Last-Modified"]) == (first["ETag"], first["Last-Modified"])


def test_the_date_never_goes_backwards(client, event, today):
    first = client.get(FEED)
    today.shift(-7200)  # a clock that was set right
    publish(event, title=told("Autre nom"))
    second = client.get(FEED)
    assert parse_http_date(second["Last-Modified"]) > parse_http_date(first["Last-Modified"])


def test_a_new_day_moves_the_window_without_any_change(client, today):
    far = EventFactory.published(start_local=dt.datetime(2028, 5, 30, 9), end_local=dt.datetime(2028, 5, 30, 10))
    assert str(far.uid) not in client.get(FEED).content.decode()
    today.shift(dt.timedelta(days=10))
    assert str(far.uid) in client.get(FEED).content.decode()


def test_compressed_and_plain_are_two_versions_of_one_feed(client, event):
    plain = client.get(FEED)
    packed = client.get(FEED, headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.content[4:8] == b"\0\0\0\0"  # no time of packing
    assert packed["ETag"] != plain["ETag"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": plain["ETag"]}
    assert client.get(FEED, headers=headers).status_code == 200
    headers["If-None-Match"] = packed["ETag"]
    assert client.get(FEED, headers=headers).status_code == 304
    for refused in ("gzip;q=0", "identity", "gzip; q=0.0"):
        assert "Content-Encoding" not in client.get(FEED, headers={"Accept-Encoding": refused})


def test_head_tells_what_get_would(client, event):
    got, head = client.get(FEED), client.head(FEED)
    assert head.content == b""
    assert dict(head.items()) == dict(got.items())


def test_a_feed_is_served_even_when_it_cannot_be_kept(client, event, monkeypatch):
    def busy(self):
        raise OperationalError("database is locked")

    monkeypatch.setattr(FeedSnapshot, "keep", busy)
    response = client.get(FEED)
    assert response.status_code == 200
    assert str(event.uid) in response.content.decode()


def test_with_the_database_away_an_app_is_told_to_come_back(client, event, monkeypatch):
    def away():
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(Edition, "now", away)
    answer = client.get(FEED)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")


def test_a_slow_process_does_not_put_an_old_feed_in_place_of_a_new_one(client, event):
    old = FeedSnapshot.renewed("fr/all.ics", b"old", b"old", edition=Edition.now(), day=TODAY.date())
    publish(event, title=told("Autre nom"))
    new = client.get(FEED)
    old.keep()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(FEED).content == new.content
    assert len(captured) == 1


def queries(client, path=FEED, **headers):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path, headers=headers)
    return len(captured)


def fill(number):
    organisation, region = OrganisationFactory(short_name="FAO"), RegionFactory(code="africa")
    day = EventFactory.published(**MARCH, regions=[region])
    for _number in range(number):
        new = EventFactory.published(**MARCH, regions=[region])
        event = EventFactory(**MARCH, status="postponed", replacement=new, parent=day, country="EG")
        event.organisers.add(EventOrganiser(organisation=organisation))
        event.save_revision().publish()
        again(EventFactory.published(**MARCH)).unpublish()


def test_a_feed_costs_the_same_few_queries_however_many_events_it_holds(client):
    RegionFactory(code="africa")
    client.get("/ical/es/region/africa.ics")
    client.get(FEED)
    counts = []
    for number in (1, 6):
        fill(number)
        made = queries(client, "/ical/es/region/africa.ics"), queries(client)
        kept = queries(client)
        etag = client.get(FEED)["ETag"]
        counts.append((*made, kept, queries(client, FEED, **{"If-None-Match": etag})))
    assert counts[0] == counts[1]
    assert counts[0][2:] == (1, 1)
    assert max(counts[0]) <= 26
