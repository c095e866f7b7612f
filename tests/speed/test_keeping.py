"""What visitors who are not signed in get from memory, and who never does."""

import datetime as dt
import gzip

import brotli
import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from pages.keeper import Answer, KeeperMiddleware, Shelf, only_tracks
from pages.keeping import keep
from pages.models import Edition
from tests.factories import EventFactory, told

pytestmark = pytest.mark.django_db
HOME = "/en/"


def asked(browser, path, **headers):
    """The answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path, headers=headers)
    return answer, len(captured)


def test_every_kind_of_public_page_is_kept_and_costs_one_query_from_then_on(visitor, kinds):
    """A session, a user or a form's token touched by a template would silently end that."""
    for kind, path in kinds.items():
        first, _ = asked(visitor, path)
        again, queries = asked(visitor, path)
        assert first.status_code == 200, kind
        assert first.headers.get("ETag"), f"{kind}: {path} is not kept"
        assert first["Cache-Control"] == "no-cache", kind
        assert first["Vary"] == "Accept-Encoding", kind
        assert not first.cookies, kind
        assert not visitor.cookies, kind
        assert queries == 1, kind
        assert again.content == first.content, kind
        assert dict(again.items()) == dict(first.items()), kind
        assert "Content-Security-Policy" in again, kind


@pytest.mark.parametrize("name", ["registration", "participant", "admin", "health", "robots", "feed", "nobody's"])
def test_what_is_somebodys_own_or_no_page_is_never_kept(visitor, event, name):
    with override("en"):
        path = {
            "registration": reverse("registration", args=[event.uid]),
            "participant": "/en/registration/mine/nonsense/",
            "admin": reverse("account_login"),
            "health": "/healthz",
            "robots": "/robots.txt",
            "feed": "/ical/en/all.ics",
            "nobody's": "/en/nobody/",
        }[name]
    visitor.get(path)
    answer, queries = asked(visitor, path)
    if name != "feed":  # which has a tag of its own
        assert "ETag" not in answer
    if name in ("registration", "admin"):
        assert "no-store" in answer["Cache-Control"]
    if name in ("health", "robots"):
        assert queries == 0


def test_who_is_signed_in_is_answered_in_person(visitor):
    staff = Client()
    staff.force_login(User.objects.create_superuser("staff"))
    kept = visitor.get(HOME)
    own = staff.get(HOME)
    assert "ETag" in kept
    assert "ETag" not in own
    assert own.content == kept.content
    assert "ETag" not in staff.get(HOME, headers={"If-None-Match": kept["ETag"]})


def test_what_was_made_for_somebody_signed_in_is_shown_to_nobody_else(settings):
    made = iter(["first", "second", "third"])
    keeper = KeeperMiddleware(lambda request: keep(HttpResponse(next(made))))
    ask = RequestFactory()
    signed_in = ask.get(HOME)
    signed_in.COOKIES[settings.SESSION_COOKIE_NAME] = "a"
    signed_in.META["HTTP_COOKIE"] = "a"
    assert keeper(signed_in).content == b"first"
    assert keeper(ask.get(HOME)).content == b"second"
    assert keeper(ask.get(HOME)).content == b"second"


@pytest.mark.parametrize("cookie", ["sessionid", "messages", "django_language"])
def test_a_cookie_of_ours_asks_for_a_page_of_ones_own(visitor, cookie):
    visitor.get(HOME)
    visitor.cookies[cookie] = "something"
    assert "ETag" not in visitor.get(HOME)


def test_a_stranger_cookie_does_not(visitor):
    visitor.cookies["_ga"] = "something"
    assert "ETag" in visitor.get(HOME)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0, br;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("*", "br"),
        ("*;q=0.3, br;q=0", "gzip"),
        ("deflate", ""),
        ("br;q=nonsense", ""),
        ("BR", "br"),
    ],
)
def test_an_answer_is_packed_as_the_client_likes_it(visitor, accepted, coding):
    plain = visitor.get(HOME).content
    answer = visitor.get(HOME, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == coding
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]
    assert unpack(answer.content) == plain
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_head_has_the_headers_of_a_get_and_no_body(visitor):
    for coding in ("", "gzip", "br"):
        for first, second in ((visitor.head, visitor.get), (visitor.get, visitor.head)):
            answers = [ask("/es/", headers={"Accept-Encoding": coding}) for ask in (first, second)]
            assert dict(answers[0].items()) == dict(answers[1].items())
    assert visitor.head("/es/").content == b""


def test_who_has_the_page_is_told_so_and_only_for_the_packing_it_has(visitor):
    tags = {coding: visitor.get(HOME, headers={"Accept-Encoding": coding})["ETag"] for coding in ("", "gzip", "br")}
    assert len(set(tags.values())) == 3
    for coding in tags:
        for had, tag in tags.items():
            answer = visitor.get(HOME, headers={"Accept-Encoding": coding, "If-None-Match": tag})
            assert answer.status_code == (304 if had == coding else 200)
            if had == coding:
                assert answer.content == b""
                assert (answer["ETag"], answer["Vary"], answer["Cache-Control"]) == (tag, "Accept-Encoding", "no-cache")


def test_the_same_page_of_a_new_edition_keeps_its_tag(visitor):
    tag = visitor.get(HOME)["ETag"]
    Edition.bump()
    assert visitor.get(HOME, headers={"If-None-Match": tag}).status_code == 304


def test_the_front_door_is_kept_for_each_language(visitor):
    def led(language):
        answer, queries = asked(visitor, "/", **{"Accept-Language": language})
        assert "Accept-Language" in answer["Vary"]
        assert "Cookie" not in answer["Vary"]
        return answer["Location"], queries

    assert [led(one)[0] for one in ("es", "en-GB", "fr", "de")] == ["/es/", "/en/", "/fr/", "/fr/"]
    assert led("es, en;q=0.5") == ("/es/", 1)


def test_where_somebody_comes_from_changes_nothing(visitor):
    page = visitor.get(HOME)
    answer, queries = asked(visitor, f"{HOME}?utm_source=letter&utm_medium=mail&fbclid=x")
    assert (answer.content, answer["ETag"], queries) == (page.content, page["ETag"], 1)
    assert visitor.get("/fr/?utm_source=letter").content == visitor.get("/fr/").content


def test_a_query_that_asks_for_something_is_answered_in_person(visitor):
    visitor.get("/en/calendar/")
    assert "ETag" not in visitor.get("/en/calendar/?q=soil")
    assert "ETag" not in visitor.get("/en/calendar/?q=soil&utm_source=x")
    assert not only_tracks("")
    assert not only_tracks("utm_source=x&q=soil")


def test_another_host_has_its_own(visitor, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    assert visitor.get(HOME, headers={"Host": "one.example"}).status_code == 200
    _, queries = asked(visitor, HOME, Host="two.example")
    assert queries > 1
    assert visitor.get(HOME, headers={"Host": "evil.example"}).status_code == 400


def test_a_database_that_is_away_does_not_speak_from_memory(visitor, monkeypatch):
    def away():
        raise DatabaseError

    visitor.get(HOME)
    monkeypatch.setattr(Edition, "now", away)
    assert "ETag" not in visitor.get(HOME)


# -- the clock


def test_what_ends_leaves_the_page_at_that_instant(visitor):
    with time_machine.travel(dt.datetime(2031, 5, 12, 14, 59, 30, tzinfo=dt.UTC), tick=False) as clock:
        EventFactory.published(title=told("Réunion de Paris", "Paris meeting"))  # until 17:00 there
        for path in (HOME, "/en/calendar/"):
            assert b"Paris meeting" in visitor.get(path).content
        clock.shift(29)
        assert asked(visitor, HOME)[1] == 1
        clock.shift(1)
        for path in (HOME, "/en/calendar/"):
            assert b"Paris meeting" not in visitor.get(path).content


def test_registration_opens_on_kept_pages_at_its_instant(visitor):
    with time_machine.travel(dt.datetime(2031, 5, 1, 6, 59, 40, tzinfo=dt.UTC), tick=False) as clock:
        event = EventFactory.published(registration="here", registration_opens_local=dt.datetime(2031, 5, 1, 9))
        path = event.pages.get(locale__language_code="en").get_url()
        assert b"Opens on" in visitor.get(path).content
        assert b"Registration open" not in visitor.get(HOME).content
        clock.shift(20)
        assert b"Opens on" not in visitor.get(path).content
        assert b"Registration open" in visitor.get(HOME).content


def test_a_number_of_seats_is_never_older_than_ten_seconds(visitor, event):
    path = event.pages.get(locale__language_code="en").get_url()
    with time_machine.travel(dt.datetime(2031, 5, 1, tzinfo=dt.UTC), tick=False) as clock:
        assert b"20 seats left" in visitor.get(path).content
        event.pools.filter(key="event").update(taken=1)
        clock.shift(11)
        assert b"19 seats left" in visitor.get(path).content


def test_nothing_is_kept_for_longer_than_a_minute(visitor):
    with time_machine.travel(dt.datetime(2031, 5, 1, tzinfo=dt.UTC), tick=False) as clock:
        visitor.get(HOME)
        clock.shift(59)
        assert asked(visitor, HOME)[1] == 1
        clock.shift(1)
        assert asked(visitor, HOME)[1] > 1


# -- the shelf


def answer(size):
    return Answer(200, {}, "tag", {"identity": b"x" * size}, float("inf"))


def test_what_is_kept_never_takes_more_room_than_it_is_given():
    shelf = Shelf(100_000)
    shelf.find(1, ("", "", "", ""))
    for number in range(100):
        shelf.put(1, ("", "", str(number), ""), answer(10_000))
        assert shelf.find(1, ("", "", "0", ""))  # asked for all the time: it stays
        assert shelf.weight <= 100_000
    assert shelf.weight == sum(one.weight for one in shelf.answers.values())
    assert shelf.find(1, ("", "", "99", ""))
    assert not shelf.find(1, ("", "", "50", ""))
    shelf.put(1, ("", "", "huge", ""), answer(200_000))
    assert not shelf.find(1, ("", "", "huge", ""))


def test_a_new_edition_empties_the_shelf_and_what_was_made_of_the_old_one_is_not_put_there():
    shelf, key = Shelf(100_000), ("", "", "/en/", "en")
    shelf.find(1, key)
    shelf.put(1, key, answer(10))
    assert shelf.find(1, key)
    assert not shelf.find(2, key)
    assert shelf.weight == 0
    shelf.put(1, key, answer(10))
    assert not shelf.find(2, key)


def test_a_site_may_keep_nothing(settings, db):
    settings.KEPT_PAGES_MB = 0
    assert "ETag" not in Client().get(HOME)
