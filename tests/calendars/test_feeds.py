"""A calendar app sees the meetings as they are, in its language, and hears of every change."""

import datetime as dt
import pickle
import subprocess
import sys

import pytest
import recurrence
import time_machine
from django.conf import settings

from events.calendars.fragments import gathered
from events.models import Event, EventOrganiser, Occurrence
from pages.models import Edition
from tests.calendars.readers import READERS
from tests.calendars.subscribed import entry, events, feed
from tests.factories import (
    EventFactory,
    ObjectiveFactory,
    OrganisationFactory,
    RegionFactory,
    again,
    publish,
    told,
)

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LANGUAGES = ("fr", "en", "es")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


def at(*moment, hours=2, **facts):
    """When an event is: its start, and how long it lasts."""
    start = dt.datetime(*moment)
    return {"start_local": start, "end_local": start + dt.timedelta(hours=hours), **facts}


def series(text):
    return recurrence.deserialize(text, include_dtstart=False)


def test_independent_readers_see_every_date_at_its_instant():
    """Zones with odd rules, the first year of the Initiative and a far one, series across the change of clocks."""
    EventFactory.published(**at(2015, 12, 1, 10))
    EventFactory.published(**at(2015, 7, 1, 10, timezone="America/Sao_Paulo"))
    EventFactory.published(**at(2017, 1, 12, 9, timezone="America/Sao_Paulo"))
    EventFactory.published(**at(2023, 6, 7, 9, timezone="Europe/Helsinki"))
    EventFactory.published(**at(2024, 10, 31, 22, hours=4, timezone="Africa/Cairo"))
    EventFactory.published(**at(2030, 10, 31, 22, timezone="Africa/Cairo"))
    EventFactory.published(**at(2030, 7, 31, 22, timezone="Asia/Jerusalem"))
    EventFactory.published(**at(2025, 3, 12, 9, timezone="Africa/Casablanca"))
    EventFactory.published(**at(2027, 3, 29, 9, timezone="America/Nuuk"))
    EventFactory.published(**at(2027, 3, 29, 9, timezone="Asia/Kolkata"))
    EventFactory.published(**at(2027, 3, 29, 9, timezone="Africa/Abidjan"))
    EventFactory.published(**at(2027, 3, 29, 9, timezone="UTC"))
    fortnightly = series("RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261202T153000Z\nEXDATE:20260506T153000Z")
    EventFactory.published(**at(2026, 4, 8, 15, 30, timezone="Africa/Cairo", recurrence=fortnightly))
    thursdays = series("RRULE:FREQ=MONTHLY;BYDAY=-1TH;COUNT=6")
    EventFactory.published(**at(2027, 1, 28, 15, recurrence=thursdays))
    evenings = series("RRULE:FREQ=WEEKLY;UNTIL=20270202T210000Z")  # the last one begins on 3 February in UTC
    EventFactory.published(**at(2027, 1, 5, 21, timezone="America/Toronto", recurrence=evenings))
    at_one = series("RRULE:FREQ=DAILY;UNTIL=20271103T000000Z")
    EventFactory.published(**at(2027, 10, 28, 1, 30, hours=1, timezone="UTC", recurrence=at_one))

    expected = {}
    for date in Occurrence.objects.select_related("event"):
        expected.setdefault(date.event.uid, []).append((date.starts_at, date.ends_at))
    body = b"".join(feed(f"fr/event/{uid}.ics") for uid in expected)
    assert body
    for uid, dates in expected.items():
        for reader in READERS:
            assert reader(feed(f"en/event/{uid}.ics")) == {f"{uid}@{settings.CALENDAR_UID_DOMAIN}": dates}, reader


def test_one_calendar_of_many_zones_is_read_right():
    for number, zone in enumerate(["Africa/Cairo", "Europe/Paris", "America/Toronto", "UTC", "Asia/Kolkata"]):
        EventFactory.published(**at(2027, 1 + 2 * number, 14, 9, timezone=zone))
    expected = {
        f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}": [(event.starts_at, event.ends_at)]
        for event in Event.objects.all()
    }
    for reader in READERS:
        assert reader(feed("fr/all.ics")) == expected


def test_whole_days_end_on_the_day_after():
    event = EventFactory.published(
        all_day=True, start_local=dt.datetime(2026, 9, 7), end_local=dt.datetime(2026, 9, 11, 23, 59)
    )
    said = entry(event)
    assert said["DTSTART"].to_ical() == b"20260907"
    assert said["DTEND"].to_ical() == b"20260912"
    for reader in READERS:
        assert list(reader(feed("fr/all.ics")).values()) == [[(dt.date(2026, 9, 7), dt.date(2026, 9, 12))]]


def test_a_yearly_day_recurs_on_its_date():
    EventFactory.published(
        all_day=True,
        timezone="UTC",
        start_local=dt.datetime(2022, 12, 5),
        end_local=dt.datetime(2022, 12, 5, 23, 59),
        recurrence=series("RRULE:FREQ=YEARLY;UNTIL=20261205T000000Z\nEXDATE:20251205T000000Z"),
    )
    for reader in READERS:
        (dates,) = reader(feed("es/archive.ics")).values()
        assert [start for start, _end in dates] == [dt.date(year, 12, 5) for year in (2022, 2023, 2024, 2026)]


def test_the_hour_that_comes_twice_is_told_as_the_one_meant():
    """2:30 on 31 October 2027 in Paris: the second one is 1:30 UTC."""
    event = EventFactory.published(**at(2027, 10, 31, 2, 30, hours=1, start_fold=1))
    for reader in READERS:
        ((start, _end),) = reader(feed(f"fr/event/{event.uid}.ics"))[f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"]
        assert start == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_an_event_moved_once_has_moved_in_every_language_under_the_same_uid(today):
    event = EventFactory.published(**at(2027, 3, 10, 9))
    before = {language: entry(event, language) for language in LANGUAGES}
    today.shift(3600)
    publish(event, **at(2027, 3, 11, 9))
    for language in LANGUAGES:
        after = entry(event, language)
        assert after["UID"] == before[language]["UID"] == f"{event.uid}@{settings.CALENDAR_UID_DOMAIN}"
        assert after["SEQUENCE"] == before[language]["SEQUENCE"] + 1
        assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == TODAY + dt.timedelta(hours=1)
        assert after["DTSTART"].to_ical() == b"20270311T090000"
        assert after["DTSTART"].params["TZID"] == "Europe/Paris"


def test_a_corrected_title_changes_the_stamp_but_not_the_sequence(today):
    event = EventFactory.published(**at(2027, 3, 10, 9))
    today.shift(60)
    publish(event, title=told("Autre nom"))
    assert entry(event)["SEQUENCE"] == 0
    assert entry(event)["DTSTAMP"].dt == TODAY + dt.timedelta(minutes=1)


def test_two_changes_within_a_second_are_two_for_an_app(today):
    event = EventFactory.published(**at(2027, 3, 10, 9))
    publish(event, title=told("Autre nom"))
    publish(event, title=told("Encore un autre"))
    assert entry(event)["DTSTAMP"].dt == TODAY + dt.timedelta(seconds=2)
    again(event).unpublish()
    assert entry(event)["DTSTAMP"].dt == TODAY + dt.timedelta(seconds=3)


def test_each_text_says_the_language_it_is_really_in():
    event = EventFactory.published(
        **at(2027, 3, 10, 9, title=told("Sols", "Soils"), city=told("Le Caire"), country="EG")
    )
    english, spanish = entry(event, "en"), entry(event, "es")
    assert (english["SUMMARY"], english["SUMMARY"].params["LANGUAGE"]) == ("Soils", "en")
    assert (spanish["SUMMARY"], spanish["SUMMARY"].params["LANGUAGE"]) == ("Sols", "fr")
    assert english["LOCATION"] == "Le Caire, Egypt"
    page = event.pages.get(locale__language_code="en").specific
    assert page.get_url_parts()[2] == "/en/calendar/soils/"
    assert english["URL"] == f"{settings.SITE_URL}/en/calendar/soils/"
    assert str(english["URL"]) in str(english["DESCRIPTION"])


def test_an_unpublished_event_becomes_a_cancellation_that_tells_nothing_new(today):
    event = EventFactory.published(
        **at(2027, 3, 10, 9, title=told("Réunion ouverte"), theme=told("Un thème"), city=told("Rome"), country="IT")
    )
    feed("fr/all.ics")
    again(event).unpublish()
    event = again(event)
    # A later draft, even one that is already due to go live, is nobody's business yet.
    event.title, event.start_local = told("Secret"), dt.datetime(2027, 3, 10, 8)
    event.timezone = "Africa/Cairo"
    event.go_live_at = TODAY + dt.timedelta(days=200)
    event.save_revision().publish()
    assert str(again(event).title) == "Secret"
    for path in ("fr/all.ics", f"fr/event/{event.uid}.ics", "fr/kind/regional_meeting.ics"):
        said = events(path)[str(event.uid)]
        assert said["STATUS"] == "CANCELLED"
        assert str(said["SUMMARY"]).endswith(" – Réunion ouverte")
        assert said["SEQUENCE"] == 1
        assert said["DTSTART"].to_ical() == b"20270310T090000"
        body = feed(path)
        assert b"Secret" not in body
        assert b"Cairo" not in body
        assert b"TZID:Europe/Paris" in body
        assert not {"DESCRIPTION", "LOCATION", "URL", "GEO", "CATEGORIES"} & set(said)
    today.shift(dt.timedelta(days=89))
    assert str(event.uid) in events("fr/all.ics")
    today.shift(dt.timedelta(days=2))
    assert str(event.uid) not in events("fr/all.ics")


def test_a_draft_never_published_is_in_no_feed(client):
    draft = EventFactory(**at(2027, 3, 10, 9))
    draft.save_revision()
    assert events("fr/all.ics") == {}
    assert client.get(f"/ical/fr/event/{draft.uid}.ics").status_code == 404


def test_an_event_published_again_is_on_again():
    event = EventFactory.published(**at(2027, 3, 10, 9))
    again(event).unpublish()
    publish(event)
    said = entry(event)
    assert said["STATUS"] == "CONFIRMED"
    assert said["SEQUENCE"] == 2


@pytest.mark.parametrize(
    ("status", "language", "said", "mark"),
    [
        ("scheduled", "fr", "CONFIRMED", ""),
        ("tentative", "fr", "TENTATIVE", ""),
        ("cancelled", "fr", "CANCELLED", "ANNULÉ – "),
        ("cancelled", "en", "CANCELLED", "CANCELLED – "),
        ("cancelled", "es", "CANCELLED", "CANCELADO – "),
        ("postponed", "fr", "CANCELLED", "REPORTÉ – "),
    ],
)
def test_status_is_said_to_apps_and_to_people(status, language, said, mark):
    event = EventFactory.published(**at(2027, 3, 10, 9, status=status, title=told("Sols", "Sols", "Sols")))
    assert entry(event, language)["STATUS"] == said
    assert entry(event, language)["SUMMARY"] == f"{mark}Sols"


def test_a_postponed_event_and_its_replacement_point_to_each_other():
    new = EventFactory.published(**at(2027, 6, 10, 9, title=told("Nouvelle date", "New date")))
    old = EventFactory.published(**at(2027, 3, 10, 9, status="postponed", replacement=new))
    said = entry(old, "en")
    assert said["STATUS"] == "CANCELLED"
    assert said["RELATED-TO"] == f"{new.uid}@{settings.CALENDAR_UID_DOMAIN}"
    assert "New date" in said["DESCRIPTION"]
    assert f"{settings.SITE_URL}/en/calendar/new-date/" in said["DESCRIPTION"]
    back = entry(new, "en")
    assert back["STATUS"] == "CONFIRMED"
    assert back["RELATED-TO"] == f"{old.uid}@{settings.CALENDAR_UID_DOMAIN}"


def test_a_replacement_that_is_still_a_draft_is_not_named():
    new = EventFactory(**at(2027, 6, 10, 9, title=told("Pas encore")))
    old = EventFactory.published(**at(2027, 3, 10, 9, status="postponed", replacement=new))
    assert "RELATED-TO" not in entry(old)
    assert b"Pas encore" not in feed("fr/all.ics")


def test_an_event_names_the_one_it_takes_place_in():
    day = EventFactory.published(**at(2027, 3, 10, 9, hours=8, title=told("Journée")))
    forum = EventFactory.published(**at(2027, 3, 10, 10, parent=day))
    related = entry(forum)["RELATED-TO"]
    assert (related, related.params["RELTYPE"]) == (f"{day.uid}@{settings.CALENDAR_UID_DOMAIN}", "PARENT")
    assert "Journée" in entry(forum)["DESCRIPTION"]


def test_organisers_are_named_by_their_roles():
    event = EventFactory(**at(2027, 3, 10, 9))
    for name, role in (("FAO", "host"), ("CIRAD", "supporter"), ("INRAE", "supporter")):
        organisation = OrganisationFactory(short_name=name, name=told(name, f"{name} in English"))
        event.organisers.add(EventOrganiser(organisation=organisation, role=role))
    event.save_revision().publish()
    text = entry(event, "en")["DESCRIPTION"]
    assert "Host: FAO in English\nSupporter: CIRAD in English, INRAE in English" in text


def test_a_joining_link_is_in_no_public_feed():
    event = EventFactory.published(
        **at(2027, 3, 10, 9, format="online", online_platform="Zoom", joining_url="https://zoom.example/j/123")
    )
    for language in LANGUAGES:
        for path in ("all", f"event/{event.uid}"):
            assert b"zoom.example" not in feed(f"{language}/{path}.ics").replace(b"\r\n ", b"")
    assert entry(event, "en")["LOCATION"] == "Online (Zoom)"


def test_characters_that_break_readers_are_left_out():
    event = EventFactory.published(**at(2027, 3, 10, 9, title=told("So\x07ls\nvi\x85vants, ; \\ 🌱")))
    assert entry(event)["SUMMARY"] == "Sols vivants, ; \\ 🌱"
    body = feed("fr/all.ics")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.count(b"\n") == body.count(b"\r\n")


def test_every_event_says_who_publishes_it_and_the_calendar_what_it_is():
    EventFactory.published(**at(2027, 3, 10, 9))
    body = feed("en/all.ics").decode()
    for line in (
        "METHOD:PUBLISH",
        "NAME;LANGUAGE=en:4 per 1000 – agenda",
        "X-WR-CALNAME:4 per 1000 – agenda",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ):
        assert f"\r\n{line}\r\n" in body
    assert body.count("ORGANIZER") == body.count("BEGIN:VEVENT") == 1
    assert "ATTENDEE" not in body
    assert "\r\nUID:" not in body.split("BEGIN:VEVENT")[0]


def test_a_feed_without_events_is_still_a_calendar():
    body = feed("fr/all.ics")
    assert b"BEGIN:VTIMEZONE" in body
    assert b"BEGIN:VEVENT" not in body


def test_feeds_of_regions_kinds_and_objectives_hold_what_belongs_to_them():
    africa = RegionFactory(code="africa")
    north = RegionFactory(code="north-africa", parent=africa)
    soils = ObjectiveFactory(code="A1")
    here = EventFactory.published(regions=[north], **at(2027, 3, 10, 9, kind="webinar"))
    there = EventFactory.published(objectives=[soils], **at(2027, 3, 11, 9, kind="forum"))
    both = {str(here.uid), str(there.uid)}
    assert set(events("fr/all.ics")) == both
    assert set(events("fr/region/africa.ics")) == set(events("fr/region/north-africa.ics")) == {str(here.uid)}
    assert set(events("fr/kind/forum.ics")) == set(events("fr/objective/A1.ics")) == {str(there.uid)}


def test_what_is_older_than_the_window_is_in_the_archive(today):
    region = RegionFactory(code="africa")
    facts = {"regions": [region]}
    ancient = EventFactory.published(**facts, **at(2015, 12, 1, 10))
    recent = EventFactory.published(**facts, **at(2026, 10, 1, 10))
    far = EventFactory.published(**facts, **at(2029, 10, 1, 10))
    running = EventFactory.published(
        **facts, **at(2025, 1, 6, 10, recurrence=series("RRULE:FREQ=MONTHLY;UNTIL=20270101T000000Z"))
    )
    for scope in ("", "region/africa/"):
        current = "fr/region/africa.ics" if scope else "fr/all.ics"
        assert set(events(current)) == {str(recent.uid), str(running.uid)}
        assert set(events(f"fr/{scope}archive.ics")) == {str(ancient.uid), str(running.uid)}
    assert entry(far)["STATUS"] == "CONFIRMED"
    today.move_to(dt.datetime(2028, 11, 1, tzinfo=dt.UTC))
    assert set(events("fr/all.ics")) == {str(far.uid)}


def test_an_organisation_renamed_is_renamed_in_the_feed():
    organisation = OrganisationFactory(short_name="FAO", name=told("Ancien nom"))
    event = EventFactory(**at(2027, 3, 10, 9))
    event.organisers.add(EventOrganiser(organisation=organisation))
    event.save_revision().publish()
    assert b"Ancien nom" in feed("fr/all.ics")
    organisation.name = told("Nouveau nom")
    organisation.save()
    Edition.bump()
    assert b"Nouveau nom" in feed("fr/all.ics")


@pytest.mark.once
def test_the_bytes_are_the_same_whatever_the_process(tmp_path):
    """Sets and dicts have another order in each process: none may be heard of in a feed."""
    day = EventFactory.published(**at(2027, 3, 9, 9, hours=200, city=told("Rome"), languages=["es", "fr", "en"]))
    for zone in ("Africa/Cairo", "Europe/Paris", "America/Toronto", "Asia/Kolkata", "America/Nuuk"):
        EventFactory.published(**at(2027, 3, 12, 9, timezone=zone, parent=day, latitude="1.5", longitude="2.5"))
    (tmp_path / "events").write_bytes(pickle.dumps(list(gathered(Event.objects.all(), "es"))))
    program = (
        "import django, pickle, sys, hashlib, datetime; django.setup()\n"
        "from pathlib import Path\n"
        "from events.calendars.vevent import vevent, zone_told\n"
        "from events.calendars.vtimezone import vtimezones\n"
        "events = pickle.loads(Path(sys.argv[1]).read_bytes())\n"
        "body = b''.join(vevent(event, 'es') for event in events)\n"
        "body += vtimezones({zone_told(event) for event in events}, datetime.date(2015, 1, 1)).encode()\n"
        "print(hashlib.sha256(body).hexdigest())\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "events")],
            env={
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": ".:site",
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "DATABASE_URL": "sqlite://:memory:",
                "SITE_URL": settings.SITE_URL,
            },
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("0", "1", "42")
    }
    assert len(answers) == 1
