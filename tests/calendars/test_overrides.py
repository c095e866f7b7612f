"""A calendar app sees the dates of a series that are not as its rule says, and nobody else's links."""

import datetime as dt

import icalendar
import pytest
import time_machine
from django.conf import settings

from events.calendars.fragments import gathered
from events.calendars.vevent import components, single
from events.models import Event, EventException, EventPage, Occurrence
from tests.calendars.readers import READERS, ical
from tests.calendars.subscribed import feed, series
from tests.factories import EventFactory, ObjectiveFactory, RegionFactory, again, publish, told

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
START = dt.datetime(2027, 3, 4, 15)  # a Thursday; the clocks of Paris change on 28 March
HOUR = dt.timedelta(hours=1)
SECRET = "https://meet.example/secret"
LANGUAGES = ("fr", "en", "es")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


def weekly(*exceptions, rule="RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE:20270318T000000Z", **facts):
    given = {"start_local": START, "end_local": START + HOUR, "recurrence": series(rule)} | facts
    event = EventFactory(**given)
    for facts_of_date in exceptions:
        event.exceptions.add(EventException(**facts_of_date))
    event.save_revision().publish()
    return again(event)


def march(day, **facts):
    return {"day": dt.date(2027, 3, day), **facts}


def to(*moment, hours=1):
    start = dt.datetime(*moment)
    return {"start_local": start, "end_local": start + dt.timedelta(hours=hours)}


def vevents(event, language="fr"):
    return icalendar.Calendar.from_ical(feed(f"{language}/event/{event.uid}.ics")).walk("VEVENT")


def overrides(event, language="fr"):
    """The overrides by the day they stand for."""
    return {
        one["RECURRENCE-ID"].to_ical().decode()[:8]: one for one in vevents(event, language) if "RECURRENCE-ID" in one
    }


def read_by_all(event):
    """What every reader makes of the event's feed, once all agree: the dates that take place.

    `ical` 14 leaves the Z out of the dates it expands, and so finds no RECURRENCE-ID in UTC.
    """
    answers = []
    for reader in READERS:
        if event.timezone == "UTC" and reader is ical.dates:
            continue
        dates = reader(feed(f"fr/event/{event.uid}.ics"))
        assert all(uid.startswith(str(event.uid)) for uid in dates)
        answers.append(sorted(span for spans in dates.values() for span in spans))
    assert answers[1:] == answers[:-1]
    return answers[0]


def held(event):
    return list(event.occurrences.taking_place().order_by("starts_at").values_list("starts_at", "ends_at"))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Africa/Cairo", "America/Toronto", "UTC", "Australia/Lord_Howe"])
def test_readers_see_moved_and_cancelled_dates_as_they_are(zone):
    event = weekly(
        march(11, **to(2027, 3, 10, 9, hours=3)),
        march(25, is_cancelled=True),
        {"day": dt.date(2027, 4, 1), "venue": told("Salle B"), "note": told("Avec un invité")},
        timezone=zone,
    )
    assert len(held(event)) == 4
    assert read_by_all(event) == held(event)


def test_an_override_names_its_date_in_the_form_of_the_series_and_has_its_version():
    for facts, form in (
        ({}, "RECURRENCE-ID;TZID=Europe/Paris:20270311T150000"),
        ({"timezone": "UTC"}, "RECURRENCE-ID:20270311T150000Z"),
        ({"all_day": True}, "RECURRENCE-ID;VALUE=DATE:20270311"),
    ):
        event = weekly(march(11, **to(2027, 3, 12, 9)), **facts)
        assert f"\r\n{form}\r\n" in feed(f"fr/event/{event.uid}.ics").decode()
        master, moved = vevents(event)
        for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "ORGANIZER"):
            assert moved[name] == master[name]
        assert "RRULE" not in moved
        assert "EXDATE" not in moved


def test_a_cancelled_date_is_an_override_and_a_skipped_one_an_exdate():
    event = weekly(march(25, is_cancelled=True, note=told("Jour férié", "A holiday")))
    master, off = vevents(event, "en")
    assert off["STATUS"] == "CANCELLED"
    assert str(off["SUMMARY"]).startswith("CANCELLED – ")
    assert off["TRANSP"] == "TRANSPARENT"
    assert "A holiday" in off["DESCRIPTION"]
    assert off["DTSTART"].dt == off["RECURRENCE-ID"].dt
    assert master["STATUS"] == "CONFIRMED"
    assert master["EXDATE"].to_ical() == b"20270318T150000"


def test_a_moved_date_says_where_it_is_and_when_it_was_to_be():
    facts = to(2027, 3, 12, 9) | {"venue": told("Salle B", "Room B"), "note": told("Bus 3")}
    event = weekly(march(11, **facts), venue=told("Salle A"), city=told("Lyon"), latitude="45.7", longitude="4.8")
    moved = overrides(event, "en")["20270311"]
    assert moved["LOCATION"] == "Room B, Lyon"
    assert "GEO" not in moved
    assert "GEO" in vevents(event, "en")[0]
    assert "Bus 3" in moved["DESCRIPTION"]
    assert "Thursday, 11 March 2027" in moved["DESCRIPTION"]


def test_a_series_called_off_is_called_off_on_all_its_dates():
    event = publish(weekly(march(11, **to(2027, 3, 12, 9))), status="cancelled")
    assert {one["STATUS"] for one in vevents(event)} == {"CANCELLED"}
    assert read_by_all(event) == []


def test_a_series_taken_back_is_one_cancellation():
    event = weekly(march(11, **to(2027, 3, 12, 9), note=told("Bus 3")))
    event.unpublish()
    (said,) = vevents(event)
    assert said["STATUS"] == "CANCELLED"
    assert b"Bus 3" not in feed("fr/all.ics")


@pytest.mark.parametrize("moved", [(2027, 3, 25, 9), (2027, 3, 26, 9), (2027, 3, 4, 18), (2027, 3, 2, 9)])
def test_a_date_moved_to_or_past_its_neighbour_is_an_event_of_its_own(moved):
    """The 18th is skipped, so that the neighbours of the 11th are the 4th and the 25th."""
    event = weekly(march(11, **to(*moved)))
    _master, left, alone = vevents(event, "en")
    assert (left["STATUS"], left["DTSTART"].dt) == ("CANCELLED", left["RECURRENCE-ID"].dt)
    assert str(left["SUMMARY"]).startswith("MOVED – ")
    assert alone["UID"] == f"{event.uid}-20270311@{settings.CALENDAR_UID_DOMAIN}"
    assert "RECURRENCE-ID" not in alone
    assert alone["RELATED-TO"] == f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"
    assert alone["STATUS"] == "CONFIRMED"
    assert read_by_all(event) == held(event)


def test_two_dates_that_both_move_on_stay_in_the_series_if_their_order_does():
    event = weekly(march(4, **to(2027, 3, 5, 9)), march(11, **to(2027, 3, 6, 9)), march(25, **to(2027, 3, 6, 18)))
    assert set(overrides(event)) == {"20270304", "20270311", "20270325"}
    assert overrides(event)["20270325"]["STATUS"] == "CANCELLED"
    assert overrides(event)["20270311"]["STATUS"] == "CONFIRMED"
    assert read_by_all(event) == held(event)


def test_a_date_moved_before_the_first_year_of_its_series_has_its_zone_declared():
    event = weekly(
        {"day": dt.date(2017, 1, 5), **to(2016, 12, 29, 15)},
        start_local=dt.datetime(2017, 1, 5, 15),
        end_local=dt.datetime(2017, 1, 5, 16),
        timezone="America/Sao_Paulo",
        rule="RRULE:FREQ=WEEKLY;COUNT=3",
    )
    assert read_by_all(event) == held(event)


def test_a_series_that_begins_in_the_second_of_two_equal_hours_does_so_for_readers():
    """2:30 on 31 October 2027 comes twice in Paris."""
    event = weekly(
        start_local=dt.datetime(2027, 10, 31, 2, 30),
        end_local=dt.datetime(2027, 10, 31, 4),
        start_fold=1,
        rule="RRULE:FREQ=WEEKLY;COUNT=3",
    )
    assert held(event)[0][0] == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    assert read_by_all(event) == held(event)


@pytest.mark.parametrize(
    ("zone", "start", "rule"),
    [
        ("Europe/Paris", (2027, 3, 21, 2, 30), "RRULE:FREQ=WEEKLY;COUNT=3"),  # skipped on the 28th
        ("Europe/Paris", (2027, 10, 24, 2, 30), "RRULE:FREQ=WEEKLY;COUNT=3"),  # twice on the 31st
        ("Africa/Cairo", (2027, 4, 28, 23, 30), "RRULE:FREQ=DAILY;COUNT=3"),  # ends in an hour that is skipped
        ("Africa/Cairo", (2027, 10, 27, 23, 15), "RRULE:FREQ=DAILY;COUNT=3"),
        ("Australia/Lord_Howe", (2027, 4, 3, 1, 45), "RRULE:FREQ=DAILY;COUNT=2"),  # by half an hour
    ],
)
def test_a_date_in_the_change_of_the_clocks_itself_is_at_one_instant_for_all(zone, start, rule):
    start = dt.datetime(*start)
    event = weekly(start_local=start, end_local=start + HOUR, timezone=zone, rule=rule)
    assert overrides(event)
    assert read_by_all(event) == held(event)


def test_an_exception_made_and_taken_back_is_heard_of():
    event = weekly()
    before = read_by_all(event)
    event = again(event)
    event.exceptions.add(EventException(**march(11, is_cancelled=True)))
    event.save_revision().publish()
    assert len(read_by_all(event)) == len(before) - 1
    event = again(event)
    event.exceptions.set([])
    event.save_revision().publish()
    assert read_by_all(event) == before


# -- links to join


def with_links():
    """A link in the event, in an exception, and another one in a draft."""
    region, objective = RegionFactory(code="africa"), ObjectiveFactory(code="A1")
    event = weekly(
        march(11, joining_url=f"{SECRET}-date"),
        march(25, **to(2027, 3, 4, 18), joining_url=f"{SECRET}-moved"),
        format="online",
        online_platform="Zoom",
        joining_url=f"{SECRET}-series",
        kind="webinar",
    )
    event.regions.set([region])
    event.objectives.set([objective])
    event.save_revision().publish()
    event = again(event)
    event.joining_url, event.title = f"{SECRET}-draft", told("Brouillon")
    event.save_revision()
    return again(event)


def test_a_joining_link_is_in_no_public_feed():
    event = with_links()
    paths = ["all", "kind/webinar", "region/africa", "objective/A1", f"event/{event.uid}"]
    for language in LANGUAGES:
        for path in paths:
            body = feed(f"{language}/{path}.ics").replace(b"\r\n ", b"")
            assert str(event.uid).encode() in body
            assert b"meet.example" not in body
            assert b"CONFERENCE" not in body
        for path in ("archive", "kind/webinar/archive", "region/africa/archive", "objective/A1/archive"):
            assert b"meet.example" not in feed(f"{language}/{path}.ics").replace(b"\r\n ", b"")


def told_to_a_participant(event, language="en"):
    return components(gathered(Event.objects.filter(pk=event.pk), language).get(), language, joining=True)


def test_one_who_takes_part_has_the_link_of_each_date():
    master, own, _left, alone = told_to_a_participant(with_links())
    for said, link in ((master, "series"), (own, "date"), (alone, "moved")):
        assert said["CONFERENCE"] == said["LOCATION"] == f"{SECRET}-{link}"
        assert f"{SECRET}-{link}" in said["DESCRIPTION"]
        line = said.to_ical().replace(b"\r\n ", b"").decode()
        assert f"CONFERENCE;FEATURE=AUDIO,VIDEO;LABEL=Join (Zoom);LANGUAGE=en;VALUE=URI:{SECRET}-{link}\r\n" in line


def test_of_a_hybrid_event_the_place_stays_the_place():
    event = weekly(format="hybrid", joining_url=SECRET, city=told("Lyon"))
    (master,) = told_to_a_participant(event)
    assert (master["CONFERENCE"], master["LOCATION"]) == (SECRET, "Lyon / Online")
    (master,) = told_to_a_participant(publish(event, format="onsite", status="cancelled"))
    assert "CONFERENCE" not in master


def test_one_date_alone_is_an_event_that_names_its_series():
    event = with_links()
    date = Occurrence.objects.get(event=event, original=dt.datetime(2027, 3, 11, 15))
    event = gathered(Event.objects.filter(pk=event.pk), "en").get()
    said = single(event, date, "en", joining=True)
    assert said["UID"] == f"{event.uid}-20270311@{settings.CALENDAR_UID_DOMAIN}"
    assert said["RELATED-TO"] == f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"
    assert said["CONFERENCE"] == f"{SECRET}-date"
    assert not {"RECURRENCE-ID", "RRULE", "EXDATE"} & set(said)
    assert said["DTSTART"].to_ical() == b"20270311T150000"
    assert b"meet.example" not in single(event, date, "en").to_ical()


def test_a_date_that_its_series_dropped_is_cancelled_for_those_who_hold_it():
    event = weekly()
    date = event.occurrences.get(original=dt.datetime(2027, 3, 11, 15))
    date.is_dropped = True
    said = single(gathered(Event.objects.filter(pk=event.pk), "en").get(), date, "en", joining=True)
    assert said["STATUS"] == "CANCELLED"
    event.unpublish()
    said = single(gathered(Event.objects.filter(pk=event.pk), "en").get(), date, "en", joining=True)
    assert said["STATUS"] == "CANCELLED"
    assert set(said) & {"DESCRIPTION", "LOCATION", "CONFERENCE"} == set()


def test_a_page_that_is_a_draft_is_not_linked_to():
    event = weekly()
    EventPage.objects.filter(event=event).update(live=False)
    for said in told_to_a_participant(event):
        assert "URL" not in said
