"""A reader sees when a meeting is, at the place and at home, as their language writes it."""

import datetime as dt

import pytest

from events.calendars import hours, zone_names
from events.models import Occurrence
from tests.factories import EventFactory, told

pytestmark = pytest.mark.once

NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def event(*start, end, zone="Africa/Nairobi", **facts):
    made = EventFactory.build(
        title=told("Réunion"),
        start_local=dt.datetime(*start),
        end_local=dt.datetime(*end),
        timezone=zone,
        **facts,
    )
    made.derive_instants()
    return made


MORNING = {"end": (2027, 9, 14, 10)}


@pytest.mark.parametrize(
    ("language", "date", "time", "zone"),
    [
        (
            "fr",
            "mardi 14 septembre 2027",
            f"8{NARROW}h{NARROW}30{HARD}– 10{NARROW}h",
            "heure normale d’Afrique de l’Est (Nairobi, UTC+3)",
        ),
        ("en", "Tuesday, 14 September 2027", "08:30–10:00", "East Africa Time (Nairobi, UTC+3)"),
        ("es", "martes, 14 de septiembre de 2027", "8:30–10:00", "hora de África oriental (Nairobi, UTC+3)"),
    ],
)
def test_one_meeting_on_one_day(language, date, time, zone):
    there = hours.at_place(event(2027, 9, 14, 8, 30, **MORNING), language)
    assert (there.date_text, there.time_text, there.zone_name) == (date, time, zone)
    assert (there.start_iso, there.end_iso) == ("2027-09-14T08:30+03:00", "2027-09-14T10:00+03:00")
    assert str(there) == f"{date}, {time}, {zone}"


def test_the_visitors_clock_may_show_another_day():
    meeting = event(2027, 9, 14, 8, 30, **MORNING)
    here = hours.in_zone(meeting, "America/Toronto", "en")
    assert here.date_text == "Tuesday, 14 September 2027"
    assert here.time_text == "01:30–03:00"
    assert here.zone_name == "Eastern Time (Toronto, UTC−4)"
    here = hours.in_zone(meeting, "America/Los_Angeles", "en")
    assert here.date_text == "Monday, 13 September 2027"
    assert here.time_text == "22:30–00:00 the next day"


def test_utc_is_called_by_its_name():
    assert (
        hours.in_zone(event(2027, 9, 14, 8, 30, **MORNING), "UTC", "en").zone_name == "Coordinated Universal Time (UTC)"
    )


def test_two_clocks_that_agree_are_known_to():
    meeting = event(2027, 9, 14, 8, 30, **MORNING)
    there = hours.at_place(meeting, "fr")
    assert there.says_as(hours.in_zone(meeting, "Europe/Moscow", "fr"))
    assert not there.says_as(hours.in_zone(meeting, "Europe/Paris", "fr"))


@pytest.mark.parametrize(
    ("end", "french", "english", "spanish"),
    [
        ((2027, 9, 16, 16), "14–16 septembre 2027", "14–16 September 2027", "14–16 de septiembre de 2027"),
        (
            (2027, 10, 1, 16),
            "14 septembre – 1er octobre 2027",
            "14 September – 1 October 2027",
            "14 de septiembre – 1 de octubre de 2027",
        ),
        (
            (2028, 1, 2, 16),
            "14 septembre 2027 – 2 janvier 2028",
            "14 September 2027 – 2 January 2028",
            "14 de septiembre de 2027 – 2 de enero de 2028",
        ),
    ],
)
def test_several_days_say_no_month_twice(end, french, english, spanish):
    meeting = event(2027, 9, 14, 13, end=end)
    texts = [hours.at_place(meeting, language).date_text for language in ("fr", "en", "es")]
    assert [text.replace("\N{THIN SPACE}", " ") for text in texts] == [french, english, spanish]


def test_several_days_say_on_which_day_each_hour_is():
    meeting = event(2027, 8, 31, 13, end=(2027, 9, 1, 16))
    assert hours.at_place(meeting, "fr").time_text == f"31 août, 13{NARROW}h{HARD}– 1er sept., 16{NARROW}h"
    assert hours.at_place(meeting, "en").time_text == f"31 Aug, 13:00{HARD}– 1 Sept, 16:00"


def test_the_first_of_a_month_is_an_ordinal_in_french_only():
    meeting = event(2027, 9, 1, 9, end=(2027, 9, 1, 11))
    assert hours.at_place(meeting, "fr").date_text == "mercredi 1er septembre 2027"
    assert hours.at_place(meeting, "es").date_text == "miércoles, 1 de septiembre de 2027"


def test_an_evening_that_ends_after_midnight_is_one_day():
    meeting = event(2027, 9, 14, 22, end=(2027, 9, 15, 1))
    there = hours.at_place(meeting, "en")
    assert there.date_text == "Tuesday, 14 September 2027"
    assert there.time_text == "22:00–01:00 the next day"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_whole_days_are_the_same_days_everywhere(zone):
    meeting = event(2027, 9, 7, end=(2027, 9, 11, 23, 59), all_day=True, zone="Europe/Rome")
    there, elsewhere = hours.at_place(meeting, "en"), hours.in_zone(meeting, zone, "en")
    assert elsewhere.date_text == there.date_text == "7–11 September 2027"
    assert elsewhere.time_text == "all day"
    assert elsewhere.zone_name == ""
    assert (elsewhere.start_iso, elsewhere.end_iso) == ("2027-09-07", "2027-09-11")


def test_a_night_in_which_the_clocks_change_has_two_offsets():
    meeting = event(2027, 10, 30, 22, end=(2027, 10, 31, 4), zone="Europe/Paris")
    assert hours.at_place(meeting, "en").zone_name == "Central European Time (Paris, UTC+2 → UTC+1)"


@pytest.mark.parametrize(
    ("zone", "month", "name"),
    [
        ("Europe/London", 1, "Greenwich Mean Time (London, UTC+0)"),
        ("Europe/London", 7, "British Summer Time (London, UTC+1)"),
        ("Asia/Kolkata", 7, "India Standard Time (Kolkata, UTC+5:30)"),
        ("Africa/Casablanca", 7, "Casablanca (UTC+0)"),
        ("Africa/Abidjan", 7, "Greenwich Mean Time (Abidjan, UTC+0)"),
    ],
)
def test_zones_are_called_by_a_name_that_is_right_that_day(zone, month, name):
    meeting = event(2027, month, 1, 9, end=(2027, month, 1, 10), zone=zone)
    assert hours.at_place(meeting, "en").zone_name == name


def test_one_date_of_a_series_has_hours_of_its_own():
    meeting = event(2027, 3, 25, 9, end=(2027, 3, 25, 10), zone="Europe/Paris")
    date = Occurrence(
        start_local=dt.datetime(2027, 4, 1, 9),
        end_local=dt.datetime(2027, 4, 1, 10),
        starts_at=dt.datetime(2027, 4, 1, 7, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 4, 1, 8, tzinfo=dt.UTC),
    )
    assert hours.at_place(meeting, "fr", date).date_text == "jeudi 1er avril 2027"
    assert hours.in_zone(meeting, "UTC", "en", date).time_text == "07:00–08:00"


def test_a_draft_that_was_never_saved_has_hours_too():
    draft = EventFactory.build(start_local=dt.datetime(2027, 9, 14, 9), end_local=dt.datetime(2027, 9, 14, 10))
    assert draft.starts_at is None
    assert hours.in_zone(draft, "UTC", "en").time_text == "07:00–08:00"


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("Asia/Kolkata", "es", "Calcuta"),
        ("Asia/Kolkata", "fr", "Calcutta"),
        ("Asia/Kolkata", "en", "Kolkata"),
        ("Asia/Kathmandu", "es", "Katmandú"),
        ("America/Argentina/Buenos_Aires", "fr", "Buenos Aires"),
        ("Africa/Cairo", "fr", "Le Caire"),
    ],
)
def test_a_city_goes_by_its_name_in_the_readers_language_even_where_its_zone_was_renamed(zone, language, city):
    assert zone_names.city(zone, language) == city
