"""Over every change of the clocks, programs that nobody here wrote read the dates of a series as we hold them."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
import time_machine

from events.models import EventException
from tests.calendars.readers import READERS, by_event, disagreement
from tests.calendars.subscribed import feed, held, series
from tests.factories import EventFactory, RegionFactory

# From here the rows of a series that began in 2024 reach to its end in 2030: in both years
# 31 October is a Thursday, and Egypt's summer ends with that day.
TODAY = dt.datetime(2028, 12, 1, 12, tzinfo=dt.UTC)
ZONES = {
    "Africa/Cairo": 2,
    "Asia/Kolkata": 1,
    "Africa/Abidjan": 1,
    "Europe/Helsinki": 2,
    "Africa/Casablanca": 2,  # one hour back for Ramadan, by the moon
    "America/Sao_Paulo": 1,
    "America/Toronto": 2,
    "Asia/Dubai": 1,
    "Australia/Lord_Howe": 2,  # half an hour
}
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
END = "20301230T235900Z"  # a Monday, the last date of one series
SERIES = {
    "daily": ("FREQ=DAILY;INTERVAL=3", "UNTIL", (2024, 1, 1, 9, 30), ["20240104", "20281030"]),
    "weekly": ("FREQ=WEEKLY;BYDAY=MO,TH,SU", "UNTIL", (2024, 1, 4, 7), ["20241031", "20301027", "20300314"]),
    "fortnightly": ("FREQ=WEEKLY;INTERVAL=2", "COUNT=180", (2024, 2, 8, 14, 45), ["20240222", "20241031"]),
    "monthly by date": ("FREQ=MONTHLY;BYMONTHDAY=31", "COUNT=45", (2024, 1, 31, 22), ["20250331"]),
    "monthly by weekday": ("FREQ=MONTHLY;BYDAY=-1TH", "UNTIL", (2024, 1, 25, 19, 15), ["20300425"]),
    "from the second week": ("FREQ=MONTHLY;INTERVAL=2;BYDAY=2WE", "COUNT=40", (2024, 1, 10, 12), []),
    "yearly by date": ("FREQ=YEARLY", "COUNT=7", (2024, 10, 31, 20, 30), ["20271031"]),
    "yearly by weekday": ("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "UNTIL", (2024, 3, 31, 5), ["20291028"]),
}

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def published(zone, rule, end, start, skipped, region=None, hours=2, **facts):
    first = dt.datetime(*start)
    text = f"RRULE:{rule};{f'UNTIL={END}' if end == 'UNTIL' else end}"
    for day in skipped:
        text += f"\nEXDATE:{day}T{first:%H%M%S}Z"
    return EventFactory.published(
        start_local=first,
        end_local=first + dt.timedelta(hours=hours),
        timezone=zone,
        recurrence=series(text),
        regions=[region] if region else [],
        **facts,
    )


def changes(zone):
    """The days on which the clocks change there."""
    noons = [dt.datetime(2024, 1, 1, 12) + n * DAY for n in range(7 * 365)]
    return [
        tomorrow.date()
        for today, tomorrow in itertools.pairwise(noons)
        if today.replace(tzinfo=ZoneInfo(zone)).utcoffset() != tomorrow.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_expands_every_series_to_our_instants(zone):
    region = RegionFactory(code="here", default_timezone=zone)
    events = [published(zone, *how, region=region) for how in SERIES.values()]
    ours = held(events)
    assert len(ours) == len(SERIES)
    starts = [start.astimezone(ZoneInfo(zone)) for dates in ours.values() for start, _end in dates]
    assert {start.year for start in starts} == set(range(2024, 2031))
    assert len({start.utcoffset() for start in starts}) == ZONES[zone]
    for language, reader in zip(("fr", "en", "es", "fr"), READERS, strict=True):
        assert not disagreement(reader(feed(f"{language}/region/here.ics")), ours), reader


def test_days_are_days_whatever_the_clock_does():
    for zone in ZONES:
        published(zone, "FREQ=MONTHLY;BYDAY=-1TH", "UNTIL", (2024, 1, 25), ["20241031"], hours=47, all_day=True)
    ours = held(EventFactory._meta.model.objects.all())
    for reader in READERS:
        assert not disagreement(reader(feed("fr/all.ics")), ours), reader


@pytest.mark.parametrize("zone", ZONES)
def test_dates_moved_over_a_change_of_clocks_and_cancelled_beside_it_are_read_by_all(zone):
    """Every Thursday: the one before a change is moved behind it, the next is off; one a year leaps its neighbour."""
    region = RegionFactory(code="here", default_timezone=zone)
    events = [published(zone, "FREQ=WEEKLY", "UNTIL", (2024, 1, 4, 19), ["20240111"], region) for _twin in range(2)]
    event, twin = events
    days = [date.original for date in event.occurrences.order_by("original")]
    exceptions = {}
    for change in changes(zone) or [dt.date(year, month, 25) for year in range(2024, 2031) for month in (3, 10)]:
        after = next(day for day in days if day.date() > change)
        before = days[days.index(after) - 1]
        exceptions[before] = {"start_local": before + 4 * DAY - 9 * HOUR, "end_local": before + 4 * DAY - 8 * HOUR}
        exceptions[after] = {"is_cancelled": True}
    for year in range(2024, 2031):
        june = next(day for day in days if (day.year, day.month) == (year, 6))
        exceptions[june] = {"start_local": june + 8 * DAY, "end_local": june + 8 * DAY + HOUR}
    event.exceptions = [EventException(day=start.date(), **facts) for start, facts in exceptions.items()]
    event.save_revision().publish()

    ours = by_event(held(events))
    off = sum("is_cancelled" in facts for facts in exceptions.values())
    assert off >= 7
    assert len(ours[str(event.uid)]) == len(ours[str(twin.uid)]) - off == len(days) - off
    for reader in READERS:
        assert not disagreement(by_event(reader(feed("fr/region/here.ics"))), ours), reader


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Lisbon", "Europe/Dublin", "Africa/Casablanca"])
def test_a_zone_at_utc_for_a_season_is_not_taken_for_utc(zone):
    """A feed that begins after 2020: vobject asks only the years before whether a zone is anything else."""
    event = published(zone, "FREQ=WEEKLY", "UNTIL", (2026, 1, 7, 9), [])
    for reader in READERS:
        assert not disagreement(reader(feed(f"fr/event/{event.uid}.ics")), held([event])), reader
