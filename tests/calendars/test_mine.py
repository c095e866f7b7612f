"""A person's own calendar: what they are registered for, behind an address that only they know."""

import datetime as dt
import logging

import icalendar
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import CalendarKey, Event, Registration
from events.registration import links
from pages.discretion import WithoutTokens
from tests.calendars.readers import READERS, disagreement
from tests.calendars.subscribed import held, series
from tests.changes.conftest import register
from tests.factories import again, publish, told
from tests.registration.people import address, meeting

pytestmark = pytest.mark.django_db

WEEKLY = {
    "title": told("Séminaire", "Seminar", "Seminario"),
    "start_local": dt.datetime(2031, 5, 14, 15, 30),
    "end_local": dt.datetime(2031, 5, 14, 17),
    "timezone": "Africa/Cairo",
    "recurrence": series("RRULE:FREQ=WEEKLY;COUNT=6"),
    "format": "online",
    "joining_url": "https://meet.example/secret",
}


def settle(registration, wish="make", language="fr"):
    """Press a button of one's own page; the private address that stands there afterwards, as a path."""
    where = address("participant_calendar", links.token(registration), language=language)
    answer = Client().post(where, {"wish": wish}, follow=True)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser")
    field = page.find(id="my-calendar-address")
    return field["value"].removeprefix("http://testserver") if field else ""


def mine(path, **headers):
    return Client(headers=headers).get(path)


def entries(path):
    answer = mine(path)
    assert answer.status_code == 200
    return {str(one["UID"]).split("@")[0]: one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


def exception(event, day, **facts):
    """Change one date of a series and publish it."""
    event = again(event)
    event.exceptions.add(event.exceptions.model(day=day, **facts))
    event.save_revision().publish()
    return again(event)


def test_it_holds_what_a_person_is_registered_for_and_nothing_else():
    one, other, strange = meeting(), meeting(title=told("Bureau")), meeting(title=told("Autre"))
    first = register(one, "Awa")
    register(other, "Awa", "en")
    register(strange, "Ben")
    path = settle(first)
    assert path.startswith("/ical/fr/mine/")
    assert set(entries(path)) == {str(one.uid), str(other.uid)}


def test_the_link_to_join_is_told_to_the_confirmed_alone():
    event = meeting(format="online", joining_url="https://meet.example/secret")
    first, second = register(event, "Awa", attendance="online"), register(event, "Ben", attendance="online")
    Registration.objects.filter(pk=second.pk).update(state="waiting")
    hers, his = settle(first), settle(second)
    with time_machine.travel("2031-05-11T05:59:59Z", tick=False):  # it begins at six the next day: not yet
        assert b"meet.example" not in mine(hers).content.replace(b"\r\n ", b"")
    with time_machine.travel("2031-05-11T06:00:00Z", tick=False):
        assert b"meet.example/secret" in mine(hers).content.replace(b"\r\n ", b"")
        told_him = mine(his).content.replace(b"\r\n ", b"")
    assert b"meet.example" not in told_him
    assert b"STATUS:TENTATIVE" in told_him
    assert "liste d’attente".encode() in told_him


def test_four_programs_read_in_it_the_dates_we_hold():
    whole = meeting(**WEEKLY)
    one_day = meeting(country="MA", timezone="Africa/Casablanca", title=told("Rabat"))
    exception(
        whole,
        dt.date(2031, 5, 21),
        start_local=dt.datetime(2031, 5, 22, 10),
        end_local=dt.datetime(2031, 5, 22, 11, 30),
    )
    exception(whole, dt.date(2031, 6, 4), is_cancelled=True)
    path = settle(register(whole, "Awa", attendance="online"))
    register(one_day, "Awa")
    body = mine(path).content
    ours = held(Event.objects.filter(pk__in=[whole.pk, one_day.pk]))
    assert len(ours[f"{whole.uid}@meetings.4p1000.org"]) == 5
    for reader in READERS:
        assert not disagreement(reader(body), ours), reader.__module__


def test_who_is_registered_for_one_date_sees_that_one():
    event = meeting(**WEEKLY, registered_for="date")
    date = event.occurrences.order_by("original")[2]
    registration = register(event, "Awa", attendance="online", occurrence=date)
    path = settle(registration)
    (entry,) = entries(path).values()
    assert str(entry["UID"]) == f"{event.uid}-20310528@meetings.4p1000.org"
    assert "RRULE" not in entry
    before = int(entry["SEQUENCE"])
    exception(event, dt.date(2031, 5, 28), is_cancelled=True)
    (entry,) = entries(path).values()
    assert str(entry["STATUS"]) == "CANCELLED"
    assert entry["SEQUENCE"] > before


def test_a_place_given_back_is_a_tombstone_for_ninety_days_and_comes_back_when_registered_again():
    event = meeting(format="hybrid", joining_url="https://meet.example/secret")
    registration = register(event, "Awa")
    path = settle(registration)
    (first,) = entries(path).values()
    registration.cancel()
    (gone,) = entries(path).values()
    assert str(gone["STATUS"]) == "CANCELLED"
    assert "meet.example" not in gone.to_ical().decode().replace("\r\n ", "")
    assert gone["SEQUENCE"] > first["SEQUENCE"]
    with time_machine.travel(timezone.now() + dt.timedelta(days=89), tick=False):
        assert len(entries(path)) == 1
    with time_machine.travel(timezone.now() + dt.timedelta(days=91), tick=False):
        assert entries(path) == {}
    register(event, "Awa")
    (back,) = entries(path).values()
    assert str(back["STATUS"]) == "CONFIRMED"
    assert back["SEQUENCE"] > gone["SEQUENCE"]


def test_an_event_that_is_taken_back_says_nothing_but_that_it_is():
    event = meeting()
    path = settle(register(event, "Awa"))
    again(event).unpublish()
    draft = again(event)
    draft.city = told("Ville secrète")
    draft.save_revision()
    (entry,) = entries(path).values()
    assert str(entry["STATUS"]) == "CANCELLED"
    assert "secrète" not in entry.to_ical().decode()


def test_nobody_keeps_it_and_an_app_may_ask_whether_it_is_still_true():
    event = meeting()
    path = settle(register(event, "Awa"))
    answer = mine(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    same = mine(path, if_none_match=answer["ETag"])
    assert same.status_code == 304
    assert same["Cache-Control"] == "private, no-store"
    assert mine(path).content == answer.content
    head = Client().head(path)
    assert head.content == b""
    assert head["Content-Length"] == str(len(answer.content))
    publish(event, start_local=dt.datetime(2031, 5, 13, 9), end_local=dt.datetime(2031, 5, 13, 17))
    assert mine(path, if_none_match=answer["ETag"]).status_code == 200


def test_replaced_and_closed_addresses_open_no_more_than_any_unknown_feed():
    registration = register(meeting(), "Awa")
    first = settle(registration)
    assert settle(registration) == first  # pressed twice it stays the same
    second = settle(registration, "replace")
    assert second != first
    assert mine(second).status_code == 200
    unknown = mine("/ical/fr/nowhere.ics")
    for path in (first, "/ical/fr/mine/nothing.ics", second.replace("/fr/", "/de/")):
        answer = mine(path)
        assert (answer.status_code, answer.content) == (404, unknown.content), path
        assert answer["Cache-Control"] == "private, no-store"
    assert settle(registration, "close") == ""
    assert mine(second).status_code == 404


def test_only_a_post_from_ones_own_page_makes_one():
    registration = register(meeting(), "Awa")
    where = address("participant_calendar", links.token(registration))
    assert Client().get(where).status_code == 405
    Client().get(address("participant", links.token(registration)))
    assert not CalendarKey.objects.exists()
    assert Client().post(address("participant_calendar", "forged"), {"wish": "make"}).status_code == 404
    assert not CalendarKey.objects.exists()


def test_the_database_alone_does_not_give_the_address_away(settings):
    path = settle(register(meeting(), "Awa"))
    token = path.split("/")[-1].removesuffix(".ics")
    assert len(token) >= 43  # 256 bits
    row = CalendarKey.objects.values().get()
    assert token not in str(row)
    settings.SECRET_KEY = "another one, much longer than fifty characters, as it should be"
    assert mine(path).status_code == 200  # who has subscribed stays subscribed
    assert CalendarKey.objects.get().token == ""


def test_the_address_stays_out_of_the_logs():
    path = settle(register(meeting(), "Awa"))
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"GET %s HTTP/1.1" 200', (path,), None)
    assert WithoutTokens().filter(record)
    assert path.split("/")[-1].removesuffix(".ics") not in record.getMessage()
    assert "/ical/fr/mine/" in record.getMessage()


def test_each_language_has_its_own_words():
    registration = register(meeting(), "Awa")
    path = settle(registration)
    for language, title in (("fr", "Réunion de Nairobi"), ("en", "Nairobi meeting"), ("es", "Reunión de Nairobi")):
        (entry,) = entries(path.replace("/fr/", f"/{language}/")).values()
        assert str(entry["SUMMARY"]) == title


def test_twenty_meetings_cost_as_many_questions_as_two():
    first = register(meeting(), "Awa")
    register(meeting(**WEEKLY), "Awa", attendance="online")
    path = settle(first)

    with CaptureQueriesContext(connection) as few:
        mine(path)
    for _number in range(9):
        register(meeting(), "Awa")
        register(meeting(**WEEKLY), "Awa", attendance="online")
    with CaptureQueriesContext(connection) as many:
        mine(path)
    assert len(many) <= len(few)


def test_a_new_link_closes_it_for_whoever_had_the_old_one():
    registration = register(meeting(), "Awa")
    path = settle(registration)
    assert mine(path).status_code == 200
    Client().post(address("participant_new_link", links.token(registration)))
    assert mine(path).status_code == 404
    registration.refresh_from_db()
    assert mine(settle(registration)).status_code == 200
