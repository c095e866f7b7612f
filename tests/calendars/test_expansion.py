"""A series keeps its hour on the wall, ends when it says, and never runs away."""

import datetime as dt
import sys
from zoneinfo import ZoneInfo

import pytest
import recurrence
from django.utils import timezone

from events.models.expansion import RuleRefused, anchor, expand, skipped_starts

pytestmark = pytest.mark.once

START = dt.datetime(2026, 4, 8, 15, 30)
FAR = dt.datetime(2040, 1, 1)


def series(text):
    return recurrence.deserialize(text, include_dtstart=False)


def starts(text, start=START, after=dt.datetime.min, before=FAR, **more):
    return expand(series(text), start, after, before, **more)


def test_an_event_without_a_rule_has_one_date():
    assert expand(None, START, START, START) == [START]
    assert expand(series(""), START, START, FAR) == [START]
    assert expand(None, START, START + dt.timedelta(minutes=1), FAR) == []


@pytest.mark.parametrize("active", ["UTC", "Africa/Cairo", "Asia/Kolkata", "America/Toronto"])
def test_a_series_stays_at_its_hour_in_whatever_zone_the_reader_lives(active):
    """Cairo puts its clocks forward on 24 April and back on 30 October 2026."""
    with timezone.override(ZoneInfo(active)):
        dates = starts("RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261111T153000Z\nEXDATE:20260506T153000Z")
    assert {date.time() for date in dates} == {dt.time(15, 30)}
    assert len(dates) == 15
    assert dates[:3] == [dt.datetime(2026, 4, day, 15, 30) for day in (8, 22)] + [dt.datetime(2026, 5, 20, 15, 30)]
    assert dates[-1] == dt.datetime(2026, 11, 4, 15, 30)


@pytest.mark.parametrize("until", ["20260415T153000Z", "20260415T000000Z", "20260415T235959Z", "20260415"])
def test_the_last_day_named_is_included(until):
    assert starts(f"RRULE:FREQ=WEEKLY;UNTIL={until}") == [START, START + dt.timedelta(days=7)]


def test_an_until_before_the_hour_of_its_day_ends_the_day_before():
    assert starts("RRULE:FREQ=DAILY;UNTIL=20260410T090000Z") == [START, START + dt.timedelta(days=1)]


@pytest.mark.parametrize("moment", ["20260409T153000Z", "20260409T000000Z", "20260409T210000Z"])
def test_a_skipped_date_is_skipped_whatever_hour_was_stored_with_it(moment):
    text = f"RRULE:FREQ=DAILY;COUNT=3\nEXDATE:{moment}"
    assert [date.day for date in starts(text)] == [8, 10]
    assert skipped_starts(series(text), START) == [dt.datetime(2026, 4, 9, 15, 30)]


def test_a_skipped_date_that_the_rule_never_gave_is_not_told():
    assert skipped_starts(series("RRULE:FREQ=WEEKLY\nEXDATE:20260409T153000Z"), START) == []


def test_count_counts_only_dates_of_the_rule():
    """The start is a Wednesday, the rule gives Thursdays."""
    text = "RRULE:FREQ=MONTHLY;BYDAY=1TH;COUNT=3"
    assert [date.date().isoformat() for date in starts(text)] == ["2026-05-07", "2026-06-04", "2026-07-02"]
    assert anchor(series(text), START) == dt.datetime(2026, 5, 7, 15, 30)


def test_an_endless_series_is_bounded_by_its_window_and_by_a_limit():
    window = (dt.datetime(2026, 5, 1), dt.datetime(2026, 5, 3, 15, 30))
    assert starts("RRULE:FREQ=DAILY", after=window[0], before=window[1]) == [
        dt.datetime(2026, 5, day, 15, 30) for day in (1, 2, 3)
    ]
    assert len(starts("RRULE:FREQ=DAILY", limit=50)) == 50
    assert len(starts("RRULE:FREQ=DAILY", start=dt.datetime(2015, 1, 1), before=dt.datetime(9999, 1, 1))) == 2000


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=9,10",
        "FREQ=DAILY;COUNT=-5",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=-53MO",
        "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=100",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=" + ",".join(str(place) for place in range(60, 100)),
    ],
)
def test_a_rule_that_could_explode_or_never_ends_searching_is_refused(rule):
    with pytest.raises(RuleRefused):
        starts(f"RRULE:{rule}")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TH",
        "FREQ=YEARLY;BYMONTH=1;BYDAY=MO;BYSETPOS=" + ",".join(str(place) for place in range(60, 91)),
    ],
)
def test_a_rule_that_never_gives_a_date_is_given_up_soon(rule):
    """Python's own count of calls tells what no clock does on a machine that others use."""
    calls = 0

    def count(frame, event, _argument):
        nonlocal calls
        calls += 1
        assert calls < 400_000, "Nobody waits for the year 9999."

    sys.setprofile(count)
    try:
        assert starts(f"RRULE:{rule}") == []
    finally:
        sys.setprofile(None)


def test_wherever_the_calendar_is_walked_the_dates_are_those_of_the_rule():
    """Leap days, weeks and ends of months, over a century's end."""
    start = dt.datetime(2096, 2, 29, 10)
    far = dt.datetime(2110, 1, 1)
    assert [day.year for day in starts("RRULE:FREQ=YEARLY", start=start, before=far)] == [2096, 2104, 2108]
    wednesdays = starts("RRULE:FREQ=WEEKLY;INTERVAL=2", start=start, before=far)
    assert wednesdays == [start + dt.timedelta(weeks=2 * number) for number in range(len(wednesdays))]
    assert starts("RRULE:FREQ=DAILY;COUNT=2", start=dt.datetime(9899, 12, 31), before=dt.datetime(9950, 1, 1)) == [
        dt.datetime(9899, 12, 31),
        dt.datetime(9900, 1, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "RRULE:FREQ=WEEKLY\nRRULE:FREQ=MONTHLY",
        "RRULE:FREQ=WEEKLY\nRDATE:20260501T153000Z",
        "RRULE:FREQ=WEEKLY\nEXRULE:FREQ=MONTHLY",
    ],
)
def test_what_apps_read_only_in_part_is_refused(text):
    with pytest.raises(RuleRefused):
        starts(text)


def test_the_thirty_first_skips_the_short_months():
    dates = starts("RRULE:FREQ=MONTHLY;COUNT=4", start=dt.datetime(2027, 1, 31, 9))
    assert [date.month for date in dates] == [1, 3, 5, 7]
