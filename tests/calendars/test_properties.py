"""Whatever series an editor makes: its hour, its end, what it skips, and what calendar programs read of it."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.db import transaction
from hypothesis import Phase, assume, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from events.models import Event, EventException
from events.models.expansion import expand
from tests.calendars.readers import READERS, by_event, disagreement, ical
from tests.calendars.rules import DAY, LATEST, drawn
from tests.calendars.subscribed import feed, held
from tests.factories import EventFactory, again

pytestmark = pytest.mark.once

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
# The same examples every time: a run of CI says something of the change it is for.
steady = bounds(derandomize=True, deadline=None, database=None, max_examples=120)
# Each example publishes eight events: one that fails is told as it is, not made smaller.
batched = bounds(steady, max_examples=8, phases=[Phase.generate])


@steady
@given(drawn())
def test_the_hour_on_the_wall_is_that_of_the_first_date(drawn):
    dates = drawn.dates()
    assert dates[0] == drawn.start
    assert {date.time() for date in dates} == {drawn.start.time()}
    assert all(a.date() < b.date() for a, b in itertools.pairwise(dates))


@steady
@given(drawn())
def test_a_series_ends_where_it_says_and_skips_what_it_says(drawn):
    dates, by_rule = (
        drawn.dates(),
        expand(drawn.without_skipping, drawn.start, drawn.start, drawn.start + 2 * LATEST),
    )
    assert [date for date in by_rule if date.date() not in drawn.skipped] == dates
    assert len(dates) == len(by_rule) - len(drawn.skipped)
    name, value = drawn.end.split("=")
    if name == "COUNT":
        assert len(by_rule) == int(value)
    else:
        assert f"{by_rule[-1]:%Y%m%d}" == value[:8]


@steady
@given(drawn(), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 20))
def test_a_window_shows_a_part_of_the_same_dates(drawn, since, during, limit):
    after, before = drawn.start + since * DAY, drawn.start + (since + during) * DAY
    seen = expand(drawn.recurrence, drawn.start, after, before, limit=limit)
    assert seen == [date for date in drawn.dates() if after <= date <= before][:limit]


@steady
@given(drawn(), st.integers(-60, 60), st.integers(-23, 23))
def test_a_series_that_moves_keeps_the_number_of_its_dates(drawn, days, hours):
    """By days where the rule names no weekday, by weeks where it does; the hour is free."""
    assume(drawn.rule.startswith(("FREQ=DAILY", "FREQ=WEEKLY")) and not drawn.all_day)
    by = days * (7 * DAY if "BYDAY" in drawn.rule else DAY) + dt.timedelta(hours=hours)
    assume(not ("BYDAY" in drawn.rule and (drawn.start + by).weekday() != drawn.start.weekday()))
    event = Event(**drawn.facts)
    event.shift(by)
    dates = expand(event.recurrence, event.start_local, event.start_local, event.start_local + 2 * LATEST)
    assert dates == [date + by for date in drawn.dates()]


@pytest.mark.django_db
@batched
@given(st.lists(drawn(changed=True), min_size=8, max_size=8))
def test_what_every_reader_reads_is_what_we_hold(several):
    """Series with whatever they skip, moved and cancelled dates included, together in one feed."""
    with time_machine.travel(TODAY, tick=False), transaction.atomic():
        events = [published(one) for one in several]
        for one, event in zip(several, events, strict=True):
            assert event.occurrences.taking_place().count() == len(one.dates()) - sum(
                change.is_cancelled for change in one.changes
            )
        body, ours = feed("fr/all.ics"), by_event(held(events))
        for reader in READERS:
            told = by_event(reader(body))
            if reader is ical.dates:  # test_reader_faults: it finds no override of a series in UTC
                mended = {str(event.uid) for event in events if event.timezone == "UTC"}
                told |= {uid: dates for uid, dates in ours.items() if uid in mended}
            assert not disagreement(told, ours), reader
        transaction.set_rollback(True)


def published(drawn):
    event = EventFactory(**drawn.facts)
    for change in drawn.changes:
        event.exceptions.add(
            EventException(
                day=change.day, is_cancelled=change.is_cancelled, start_local=change.start, end_local=change.end
            )
        )
    event.save_revision().publish()
    return again(event)
