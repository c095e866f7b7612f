"""Dates that readers are prone to get wrong, and a fault of one that is proven: once gone, it is excused no longer."""

import datetime as dt

import pytest
import time_machine

from events.models import EventException
from events.models.wallclock import clock_problem
from tests.calendars.readers import READERS, disagreement, ical
from tests.calendars.subscribed import feed, held, series
from tests.factories import EventFactory

HOUR = dt.timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


def daily(zone, hour, *exceptions):
    """From the day before a day of 2027 to the day after it."""
    event = EventFactory(
        start_local=hour - 24 * HOUR,
        end_local=hour - 24 * HOUR + 2 * HOUR,
        timezone=zone,
        recurrence=series("RRULE:FREQ=DAILY;COUNT=3"),
    )
    for exception in exceptions:
        event.exceptions.add(exception)
    event.save_revision().publish()
    return event


@pytest.mark.parametrize(
    ("problem", "zone", "hour"),
    [
        ("gap", "America/Toronto", dt.datetime(2027, 3, 14, 2, 30)),
        ("gap", "Africa/Cairo", dt.datetime(2027, 4, 30, 0, 30)),
        ("gap", "Australia/Lord_Howe", dt.datetime(2027, 10, 3, 2, 15)),
        ("twice", "America/Toronto", dt.datetime(2027, 11, 7, 1, 30)),
        ("twice", "Africa/Cairo", dt.datetime(2027, 10, 28, 23, 30)),
        ("twice", "Australia/Lord_Howe", dt.datetime(2027, 4, 4, 1, 45)),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice(problem, zone, hour):
    """Left to the rule, all four are an hour early in a gap, and ical.js takes the second of two equal hours."""
    assert clock_problem(hour, zone) == problem
    event = daily(zone, hour)
    told, ours = feed(f"fr/event/{event.uid}.ics"), held([event])
    for reader in READERS:
        assert not disagreement(reader(told), ours), reader


def test_ical_finds_no_override_of_a_series_in_utc():
    """It leaves the Z out of the dates it expands and compares them with RECURRENCE-ID as text."""
    hour = dt.datetime(2027, 3, 10, 9)
    for zone, errs in (("UTC", True), ("Europe/Paris", False)):
        event = daily(zone, hour, EventException(day=hour.date(), is_cancelled=True))
        told, ours = feed(f"fr/event/{event.uid}.ics"), held([event])
        for reader in READERS:
            assert bool(disagreement(reader(told), ours)) == (errs and reader is ical.dates), reader
