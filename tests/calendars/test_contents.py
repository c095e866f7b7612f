"""What an entry in a calendar shows beside its title and hours, and that it follows whatever it names."""

import datetime as dt
from itertools import pairwise

import icalendar
import pytest
import time_machine
from django.conf import settings
from django.urls import resolve

from events.calendars import feeds
from events.models import EventException
from pages.models import Edition
from tests.calendars.subscribed import entry, events, feed, series
from tests.factories import EventFactory, ObjectiveFactory, RegionFactory, again, publish, told

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


def made(*moment, hours=1, **facts):
    start = dt.datetime(*moment)
    return EventFactory.published(**{"start_local": start, "end_local": start + hours * HOUR} | facts)


def text(event, language="en"):
    return str(entry(event, language)["DESCRIPTION"])


def test_the_ground_of_an_event_is_its_picture_and_gives_its_colour():
    event = made(2027, 3, 10, 9, regions=[RegionFactory(code="MED")])
    said = entry(event)
    assert (said["COLOR"], said["IMAGE"].params["FMTTYPE"]) == ("indianred", "image/png")
    assert said["IMAGE"].startswith(f"{settings.SITE_URL}/social/")
    assert resolve(said["IMAGE"].removeprefix(settings.SITE_URL)).url_name == "social"
    assert entry(made(2027, 3, 11, 9))["COLOR"] == "olivedrab"


def test_objectives_are_categories_and_follow_their_names():
    objective = ObjectiveFactory(code="A1", title=told("Sols, eau", "Soils, water"))
    event = made(2027, 3, 10, 9, kind="webinar", objectives=[objective])
    assert [str(one) for one in entry(event, "en")["CATEGORIES"].cats] == ["Webinar", "A1 Soils, water"]
    objective.title = told("Sols", "Soils alone")
    objective.save()
    assert "A1 Soils alone" in [str(one) for one in entry(event, "en")["CATEGORIES"].cats]


def test_the_programme_of_an_event_is_what_takes_place_in_it():
    day = made(2027, 3, 10, 9, hours=8)
    late = made(2027, 3, 10, 14, parent=day, title=told("Débat", "Debate"))
    made(2027, 3, 10, 10, parent=day, title=told("Accueil", "Welcome"))
    made(2027, 3, 10, 16, parent=day, title=told("Annulée"), status="cancelled")
    EventFactory(parent=day, title=told("Brouillon"), start_local=day.start_local, end_local=day.end_local)
    assert "Programme:\n– 10:00–11:00: Welcome\n– 14:00–15:00: Debate\n\n" in text(day)
    publish(late, title=told("Débat", "Great debate"))
    assert "Great debate" in text(day)
    again(late).unpublish()
    assert "debate" not in text(day)


def test_a_long_programme_is_cut_and_the_page_has_the_rest():
    day = made(2027, 3, 10, 9, hours=8)
    for minute in range(42):
        at = dt.datetime(2027, 3, 10, 10, minute)
        EventFactory(start_local=at, end_local=at + HOUR, parent=day, live=True, title=told(f"n{minute}"))
    publish(day)
    told_of = text(day)
    assert "10:39–11:39: n39\nand more on the page of the event" in told_of
    assert "n40" not in told_of


def test_the_hour_is_told_on_the_clocks_of_the_regions():
    west = RegionFactory(code="west", name=told("Ouest", "West"), default_timezone="Africa/Abidjan")
    paris = RegionFactory(code="here", default_timezone="Europe/Paris")
    world = RegionFactory(code="GLOBAL", default_timezone="UTC")
    winter = made(2027, 3, 10, 9, regions=[west, paris, world])
    assert "Hour in Abidjan (West): 08:00–09:00" in text(winter)
    assert "Paris (" not in text(winter)
    assert "UTC" not in text(winter)
    weekly = series("RRULE:FREQ=WEEKLY;COUNT=6")
    changing = made(2027, 3, 3, 9, regions=[west], recurrence=weekly)
    assert "Hour in Abidjan (West): 08:00 / 07:00" in text(changing)  # four dates in winter, two in summer
    night = made(2027, 3, 10, 23, regions=[RegionFactory(code="far", name=told("Loin"), default_timezone="Asia/Dubai")])
    assert "Hour in Dubai (Loin): 02:00–03:00 the next day" in text(night)
    west.default_timezone = "Asia/Kolkata"
    west.save()
    assert "13:30–14:30" in text(winter)


def test_one_date_of_a_series_tells_its_own_hour_elsewhere():
    west = RegionFactory(code="west", default_timezone="Africa/Abidjan")
    event = made(2027, 3, 3, 9, regions=[west], recurrence=series("RRULE:FREQ=WEEKLY;COUNT=6"))
    event.exceptions.add(EventException(day=dt.date(2027, 3, 31), note=told("Bus")))
    event.save_revision().publish()
    calendar = icalendar.Calendar.from_ical(feed(f"en/event/{event.uid}.ics"))
    _master, date = calendar.walk("VEVENT")
    assert "Abidjan (Region west): 07:00–08:00" in date["DESCRIPTION"]


def test_a_series_and_the_one_that_goes_on_from_it_name_each_other():
    first = made(2027, 3, 3, 9, title=told("Avant", "Before"), recurrence=series("RRULE:FREQ=WEEKLY;COUNT=6"))
    then = made(2027, 5, 5, 9, title=told("Après", "After"), continues=first)
    assert entry(first)["RELATED-TO"] == f"{then.uid}@{settings.CALENDAR_UID_DOMAIN}"
    assert entry(then)["RELATED-TO"] == f"{first.uid}@{settings.CALENDAR_UID_DOMAIN}"
    assert "After" in text(first)
    publish(then, title=told("Après", "Afterwards"))
    assert "Afterwards" in text(first)


# -- how much a feed holds


def fill(monkeypatch, largest=20_000):
    """One meeting a week, a year back and a year on, each with a long text, and little room."""
    monkeypatch.setattr(feeds, "LARGEST", largest)
    monkeypatch.setattr(feeds, "MARGIN", 2_000)
    for week in range(-52, 52, 2):
        at = TODAY.replace(tzinfo=None) + dt.timedelta(weeks=week)
        EventFactory.published(start_local=at, end_local=at + HOUR, theme=told("Sol. " * 60))
    start = dt.datetime(2025, 1, 9, 15)
    return EventFactory.published(
        start_local=start, end_local=start + HOUR, recurrence=series("RRULE:FREQ=WEEKLY"), timezone="UTC"
    )


def test_a_feed_too_large_ends_earlier_and_says_until_when(monkeypatch):
    weekly = fill(monkeypatch)
    body = feed("en/all.ics")
    assert len(body) < 20_000
    held = events("en/all.ics")
    assert str(weekly.uid) in held
    assert held[str(weekly.uid)]["RRULE"].to_ical() == b"FREQ=WEEKLY"
    starts = sorted(one["DTSTART"].dt for uid, one in held.items() if uid != str(weekly.uid))
    assert starts[0].date() == TODAY.date() - dt.timedelta(weeks=12)  # nothing is missing at the near end
    assert {later - sooner for sooner, later in pairwise(starts)} == {dt.timedelta(weeks=2)}
    calendar = icalendar.Calendar.from_ical(body)
    said = str(calendar["DESCRIPTION"])
    assert said == str(calendar["X-WR-CALDESC"])
    last = starts[-1].date() + dt.timedelta(days=13)
    assert f"{last.day} {last:%B %Y}" in said
    assert f"{settings.SITE_URL}/ical/en/archive.ics" in said


def test_the_archive_is_whole_however_large(monkeypatch):
    fill(monkeypatch)
    assert len(events("en/archive.ics")) == 20 + 1
    assert len(feed("en/archive.ics")) > 20_000


def test_the_next_thirty_days_are_told_however_many_meetings_there_are(monkeypatch):
    fill(monkeypatch, largest=3_000)
    starts = {one["DTSTART"].dt.date() for one in events("en/all.ics").values()}
    assert TODAY.date() + dt.timedelta(weeks=4) in starts
    assert TODAY.date() + dt.timedelta(weeks=6) not in starts


def test_a_feed_that_fits_says_its_window():
    made(2027, 3, 10, 9)
    said = str(icalendar.Calendar.from_ical(feed("en/all.ics"))["DESCRIPTION"])
    assert said.startswith("From 90 days ago to 18 months ahead.")
    assert "DESCRIPTION" not in icalendar.Calendar.from_ical(feed("en/archive.ics"))


def test_a_new_day_with_nothing_new_keeps_tag_and_date(client, today):
    made(2027, 3, 10, 9)
    first = client.get("/ical/fr/all.ics")
    today.shift(dt.timedelta(days=1))
    Edition.bump()
    second = client.get("/ical/fr/all.ics")
    assert (second["ETag"], second["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
