"""A series is fair when everybody sees whose night it takes, and when a change of clocks moves it for them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from events.calendars import fair
from regions.models import Region
from tests.factories import EventFactory, RegionFactory, told

pytestmark = pytest.mark.once

NARROW, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def meeting(zone="Europe/Paris", **facts):
    return EventFactory.build(timezone=zone, **facts)


def at(*when, zone="Europe/Paris", length=90):
    """One date, told on the clock of a zone."""
    start = dt.datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return start, start + dt.timedelta(minutes=length)


def only(dates, zone, place="Europe/Paris", language="en", **more):
    """The cells of one other clock."""
    made = fair.table(meeting(place), dates, language, regions=[("There", zone)], **more)
    return [row.cells[0] for row in made.rows]


def test_each_region_reads_the_hour_of_its_own_clock_in_its_own_language():
    dates = [at(2027, 1, 28, 15)]
    regions = [("Asie-Pacifique", "Asia/Kolkata"), ("Amérique du Nord", "America/Toronto")]
    table = fair.table(meeting(), dates, "fr", regions=regions)
    assert [clock.name for clock in table.clocks] == ["Amérique du Nord", "Asie-Pacifique"]  # from west to east
    (row,) = table.rows
    assert row.date_text == "jeudi 28 janvier 2027"
    assert row.place.span_text == f"15{NARROW}h{HARD}– 16{NARROW}h{NARROW}30"
    assert [cell.time_text for cell in row.cells] == [f"9{NARROW}h", f"19{NARROW}h{NARROW}30"]
    assert [cell.iso for cell in row.cells] == ["2027-01-28T09:00-05:00", "2027-01-28T19:30+05:30"]


def test_the_two_weeks_between_two_changes_of_the_clocks_are_marked_at_both_ends():
    # Toronto goes to summer time on 14 March 2027, Paris on the 28th.
    dates = [at(2027, 3, day, 15) for day in (4, 11, 18, 25)] + [at(2027, 4, 1, 15)]
    cells = only(dates, "America/Toronto")
    assert [cell.time_text for cell in cells] == ["09:00", "09:00", "10:00", "10:00", "09:00"]
    assert [cell.is_shifted for cell in cells] == [False, False, True, False, True]


def test_who_has_no_summer_time_is_shifted_when_the_place_has():
    cells = only([at(2027, 3, 25, 15), at(2027, 4, 1, 15), at(2027, 10, 28, 15), at(2027, 11, 4, 15)], "Asia/Kolkata")
    assert [cell.time_text for cell in cells] == ["19:30", "18:30", "18:30", "19:30"]
    assert [cell.is_shifted for cell in cells] == [False, True, False, True]


def test_who_changes_the_clock_on_the_same_day_as_the_place_is_not_shifted():
    assert not any(cell.is_shifted for cell in only([at(2027, 3, 25, 15), at(2027, 4, 1, 15)], "Europe/Helsinki"))


def test_half_an_hour_is_a_shift_too():
    dates = [at(2027, 4, 1, 10, zone="UTC"), at(2027, 4, 8, 10, zone="UTC")]
    cells = only(dates, "Australia/Lord_Howe", place="UTC")
    assert [cell.time_text for cell in cells] == ["21:00", "20:30"]
    assert cells[1].is_shifted


def test_a_date_moved_by_hand_is_not_shifted_by_that():
    assert not only([at(2027, 2, 4, 15), at(2027, 2, 11, 17)], "America/Toronto")[1].is_shifted


def test_the_date_before_the_first_one_shown_counts_where_it_is_known():
    before, date = at(2027, 3, 25, 15)[0], at(2027, 4, 1, 15)
    assert not only([date], "Asia/Kolkata")[0].is_shifted
    assert only([date], "Asia/Kolkata", before=before)[0].is_shifted
    assert not only([date], "Europe/Helsinki", before=before)[0].is_shifted


@pytest.mark.parametrize(
    ("hour", "minute", "length", "night"),
    [
        (7, 0, 60, False),
        (6, 59, 60, True),
        (20, 30, 90, False),  # ends at 22:00 sharp
        (20, 30, 91, True),
        (22, 0, 30, True),
        (23, 30, 60, True),  # over midnight
        (3, 0, 30, True),
        (12, 0, 60, False),
        (9, 0, 24 * 60, False),  # a whole day is nobody's night
    ],
)
def test_a_night_is_any_part_of_a_meeting_between_ten_and_seven(hour, minute, length, night):
    date = at(2027, 1, 28, hour, minute, zone="America/Lima", length=length)
    assert only([date], "America/Lima")[0].is_night is night


def test_the_day_there_may_be_another_one():
    cell = only([at(2027, 1, 28, 2)], "America/Toronto")[0]
    assert (cell.time_text, cell.day_shift, cell.weekday) == ("20:00", -1, "Wednesday")
    cell = only([at(2027, 1, 28, 22)], "Asia/Kolkata", language="es")[0]
    assert (cell.time_text, cell.day_shift, cell.weekday) == ("2:30", 1, "viernes")
    assert only([at(2027, 1, 28, 15)], "Asia/Kolkata")[0].day_shift == 0


def test_regions_whose_clocks_agree_on_every_date_stand_together_and_those_of_the_place_with_it():
    regions = [
        ("Berlin", "Europe/Berlin"),
        ("Rome", "Europe/Rome"),
        ("West", "Africa/Abidjan"),
        ("Tunis", "Africa/Tunis"),
    ]
    winter = fair.table(meeting(), [at(2027, 1, 28, 15)], "en", regions=regions)
    assert winter.place.regions == ("Berlin", "Rome", "Tunis")
    assert [clock.name for clock in winter.clocks] == ["West"]
    year = fair.table(meeting(), [at(2027, 1, 28, 15), at(2027, 7, 1, 15)], "en", regions=regions)
    assert year.place.regions == ("Berlin", "Rome")
    assert {clock.name for clock in year.clocks} == {"West", "Tunis"}


def test_a_clock_that_no_region_goes_by_has_the_name_of_its_city():
    table = fair.table(meeting("Africa/Cairo"), [at(2027, 1, 28, 15)], "fr", regions=[("Europe", "Europe/Paris")])
    assert (table.place.name, table.clocks[0].name, table.clocks[0].city) == ("Le Caire", "Europe", "Paris")


def test_whole_days_are_converted_nowhere():
    start = dt.datetime(2027, 1, 27, 23, tzinfo=dt.UTC)  # midnight in Paris
    table = fair.table(
        meeting(all_day=True), [(start, start + dt.timedelta(days=1))], "en", regions=[("A", "Asia/Kolkata")]
    )
    assert table.clocks == ()
    assert table.rows[0].date_text == "Thursday, 28 January 2027"
    assert table.rows[0].place.time_text == "all day"
    assert not table.has_night


@pytest.mark.django_db
def test_the_clocks_are_those_of_all_regions_but_the_whole_world_in_one_query(django_assert_num_queries):
    Region.objects.all().delete()
    RegionFactory(code="GLOBAL", name=told("Monde"), default_timezone="Europe/Paris")
    RegionFactory(code="ASPAC", name=told("Asie", "Asia"), default_timezone="Asia/Kolkata")
    RegionFactory(code="NAM", name=told("Amérique du Nord"), default_timezone="America/Toronto")
    with django_assert_num_queries(1):
        table = fair.table(meeting(), [at(2027, 1, 28, 15), at(2027, 2, 4, 15)], "en")
    assert [clock.name for clock in table.clocks] == ["Amérique du Nord", "Asia"]
    assert table.place.regions == ()
    assert not table.has_shift
