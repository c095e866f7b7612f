"""A calendar app that believes our VTIMEZONE is never an hour off."""

import bisect
import datetime as dt
import importlib.resources
import itertools
import os
import subprocess
import sys
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from events.calendars.vtimezone import is_utc, vtimezone, vtimezones
from tests.calendars.readers import ZONE_READERS, onsets

pytestmark = pytest.mark.once

UTC = dt.UTC
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
SINCE = dt.date(2015, 9, 1)
PROGRAMME = [
    "Africa/Abidjan", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Nairobi",
    "America/Sao_Paulo", "America/Toronto", "Asia/Dubai", "Asia/Kolkata", "Europe/Berlin",
    "Europe/Helsinki", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Warsaw",
]  # fmt: skip
AWKWARD = [
    "America/Nuuk", "America/Santiago", "Asia/Gaza", "Asia/Jerusalem", "Asia/Pyongyang",
    "Australia/Lord_Howe", "Europe/Dublin", "Europe/Istanbul", "Pacific/Apia",
]  # fmt: skip


@cache
def zone(tzid):
    """The zone as the pinned tzdata has it, whatever the machine holds."""
    source = importlib.resources.files("tzdata.zoneinfo").joinpath(*tzid.split("/"))
    with source.open("rb") as file:
        return ZoneInfo.from_file(file, key=tzid)


def offset_at(tzid, instant):
    return instant.replace(tzinfo=UTC).astimezone(zone(tzid)).utcoffset()


def every_zone():
    names = importlib.resources.files("tzdata").joinpath("zones").read_text().split()
    return [name for name in names if not is_utc(name)]


def telling_hours(tzid, story):
    """Wall-clock hours around every change, and a wandering hour each week between."""
    hours = set()
    for instant, _before, after in story:
        onset = instant + after
        hours |= {onset.replace(minute=0, second=0) + n * HOUR for n in range(-27, 28)}
    hours |= {dt.datetime(2015, 9, 1) + n * dt.timedelta(days=7, hours=1) for n in range(1150)}
    for hour in sorted(hours):
        early, late = (hour.replace(tzinfo=zone(tzid), fold=fold).utcoffset() for fold in (0, 1))
        if early == late and hour >= dt.datetime(2015, 9, 1):
            yield hour, early


@pytest.mark.parametrize("reader", ZONE_READERS)
@pytest.mark.parametrize("tzid", PROGRAMME + AWKWARD)
def test_independent_readers_see_the_hours_of_the_zone(tzid, reader):
    text = vtimezone(tzid, SINCE)
    hours = dict(telling_hours(tzid, onsets(text)))
    seen = reader(text, list(hours))
    wrong = [hour for (hour, offset), told in zip(hours.items(), seen, strict=True) if told != offset]
    assert not wrong


def test_every_zone_of_the_world_changes_when_tzdata_says():
    """Around each onset of ours nothing is off, and between two of ours nothing changes."""
    wrong = []
    for tzid in every_zone():
        story = onsets(vtimezone(tzid, SINCE))
        instants = [instant for instant, _before, _after in story]
        moments = [dt.datetime(2015, 1, 1) + n * dt.timedelta(days=19, hours=7) for n in range(430)]
        moments += [i + step for i in instants for step in (-MINUTE, MINUTE)]
        for moment in moments:
            if moment < dt.datetime(2015, 1, 1):
                continue
            position = bisect.bisect_right(instants, moment) - 1
            told = story[position][2] if position >= 0 else story[0][1]
            if told != offset_at(tzid, moment):
                wrong.append((tzid, moment))
                break
    assert not wrong


def test_each_onset_takes_over_from_the_one_before():
    """TZOFFSETFROM is the offset really in force, else an onset lies an hour off."""
    for tzid in every_zone():
        story = onsets(vtimezone(tzid, SINCE))
        assert all(a[2] == b[1] for a, b in itertools.pairwise(story)), tzid


@pytest.mark.parametrize(
    "tzid", ["Europe/Paris", "Europe/Helsinki", "America/Toronto", "Africa/Cairo", "Europe/Dublin"]
)
def test_the_present_rule_is_one_standard_and_one_daylight(tzid):
    """Outlook reads one yearly pair, by BYMONTH and BYDAY, and no RDATE."""
    text = vtimezone(tzid, dt.date(2026, 1, 1))
    assert text.count("BEGIN:STANDARD") == text.count("BEGIN:DAYLIGHT") == 1
    assert text.count("RRULE:FREQ=YEARLY;BYMONTH=") == 2
    assert "BYMONTHDAY" not in text
    assert "RDATE" not in text


@pytest.mark.parametrize("year", [2024, 2030])
def test_egypt_falls_back_at_the_end_of_its_last_thursday(year):
    """31 October is a Thursday in these years: the next day is not the last Friday of October."""
    story = onsets(vtimezone("Africa/Cairo", SINCE))
    autumn = [instant for instant, _before, _after in story if instant.year == year][-1]
    assert abs(autumn - dt.datetime(year, 10, 31, 21)) <= dt.timedelta(seconds=1)


def test_a_zone_that_never_changes_is_one_line_of_history():
    text = vtimezone("Asia/Kolkata", SINCE)
    assert text == vtimezone("Asia/Kolkata", dt.date(2026, 1, 1))
    assert text.count("BEGIN:") == 2
    assert "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nDTSTART:19700101T000000\r\n" in text


def test_utc_has_no_vtimezone_but_abidjan_has():
    assert vtimezones(["UTC", "Etc/UTC"], SINCE) == ""
    assert vtimezones(["Africa/Abidjan"], SINCE).count("BEGIN:VTIMEZONE") == 1


def test_zones_are_told_once_and_in_order():
    text = vtimezones(["Europe/Paris", "Africa/Cairo", "Europe/Paris"], SINCE)
    assert [line for line in text.splitlines() if line.startswith("TZID:")] == [
        "TZID:Africa/Cairo",
        "TZID:Europe/Paris",
    ]


def test_an_unknown_zone_is_named():
    with pytest.raises(LookupError, match="Europe/Nowhere"):
        vtimezone("Europe/Nowhere", SINCE)


def test_the_bytes_are_the_same_in_every_process():
    program = (
        "import datetime, hashlib; from events.calendars.vtimezone import vtimezones;"
        "text = vtimezones({'Africa/Cairo', 'Europe/Paris', 'America/Nuuk'}, datetime.date(2015, 1, 1));"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
