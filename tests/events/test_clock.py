"""An event is at the hour the clock on the wall shows, whatever the zone does."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Event
from tests.factories import EventFactory, again, publish

pytestmark = pytest.mark.django_db


def wrong(event):
    """The messages of an event's form, per field."""
    with pytest.raises(ValidationError) as refused:
        event.full_clean()
    return {name: [error.code for error in errors] for name, errors in refused.value.error_dict.items()}


@pytest.mark.parametrize("editor_zone", ["America/New_York", "Asia/Kolkata", "UTC"])
def test_the_editor_s_zone_changes_no_hour(editor_zone):
    with timezone.override(editor_zone):
        event = EventFactory.published(
            start_local=dt.datetime(2026, 11, 16, 15, 30),
            end_local=dt.datetime(2026, 11, 16, 18),
            timezone="Africa/Cairo",
        )
        assert again(event).start_local == dt.datetime(2026, 11, 16, 15, 30)
    assert again(event).starts_at == dt.datetime(2026, 11, 16, 13, 30, tzinfo=dt.UTC)


def test_a_time_that_the_clock_skips_is_refused_and_another_proposed():
    event = EventFactory.build(
        start_local=dt.datetime(2027, 3, 28, 2, 30), end_local=dt.datetime(2027, 3, 28, 12), timezone="Europe/Paris"
    )
    with pytest.raises(ValidationError) as refused:
        event.full_clean()
    assert "02:30" in str(refused.value)
    assert "03:30" in str(refused.value)


def test_an_hour_that_comes_twice_asks_which():
    facts = {
        "start_local": dt.datetime(2027, 10, 31, 2, 30),
        "end_local": dt.datetime(2027, 10, 31, 12),
        "timezone": "Europe/Paris",
    }
    assert wrong(EventFactory.build(**facts)) == {"start_fold": ["twice"]}
    first = EventFactory.published(**facts, start_fold=0)
    second = EventFactory.published(**facts, start_fold=1)
    assert first.starts_at == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert second.starts_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    assert second.occurrences.get().starts_at == second.starts_at


def test_the_end_comes_after_the_beginning_in_utc():
    # 02:45 the first time is before 02:15 the second time.
    event = EventFactory.build(
        start_local=dt.datetime(2027, 10, 31, 2, 45),
        start_fold=0,
        end_local=dt.datetime(2027, 10, 31, 2, 15),
        end_fold=1,
        timezone="Europe/Paris",
    )
    event.full_clean()
    backwards = EventFactory.build(
        start_local=dt.datetime(2027, 10, 31, 2, 15),
        start_fold=1,
        end_local=dt.datetime(2027, 10, 31, 2, 45),
        end_fold=0,
        timezone="Europe/Paris",
    )
    assert wrong(backwards)["end_local"] == ["order"]
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory.create(start_local=dt.datetime(2027, 1, 2, 9), end_local=dt.datetime(2027, 1, 2, 8))


def test_whole_days_last_from_midnight_to_midnight_at_the_place():
    event = EventFactory.published(
        start_local=dt.datetime(2027, 9, 7, 9),
        end_local=dt.datetime(2027, 9, 11, 17),
        timezone="Asia/Kolkata",
        all_day=True,
    )
    assert event.starts_at == dt.datetime(2027, 9, 6, 18, 30, tzinfo=dt.UTC)
    assert event.ends_at == dt.datetime(2027, 9, 11, 18, 30, tzinfo=dt.UTC)


def test_a_series_keeps_its_hour_across_the_clock_changes():
    from recurrence import deserialize

    event = EventFactory.published(
        start_local=dt.datetime(2026, 4, 8, 15, 30),
        end_local=dt.datetime(2026, 4, 8, 16, 30),
        timezone="Africa/Cairo",
        recurrence=deserialize("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=16", include_dtstart=False),
    )
    dates = list(event.occurrences.all())
    assert len(dates) == 16
    assert {date.start_local.time() for date in dates} == {dt.time(15, 30)}
    assert {date.starts_at.time() for date in dates} == {dt.time(13, 30), dt.time(12, 30)}


def test_a_date_of_a_series_whose_beginning_the_clock_skips_lasts_as_long_as_the_others():
    from recurrence import deserialize

    event = EventFactory.published(
        start_local=dt.datetime(2027, 3, 21, 2, 45),
        end_local=dt.datetime(2027, 3, 21, 3, 15),
        recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=3", include_dtstart=False),
    )
    skipped = event.occurrences.get(original=dt.datetime(2027, 3, 28, 2, 45))
    assert skipped.starts_at == dt.datetime(2027, 3, 28, 1, 45, tzinfo=dt.UTC)
    assert {date.ends_at - date.starts_at for date in event.occurrences.all()} == {dt.timedelta(minutes=30)}


def test_a_date_of_a_series_that_stays_keeps_its_row():
    from recurrence import deserialize

    event = EventFactory.published(
        start_local=dt.datetime(2027, 1, 28, 15),
        end_local=dt.datetime(2027, 1, 28, 16),
        recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=3", include_dtstart=False),
    )
    before = {row.original: row.pk for row in event.occurrences.all()}
    event = publish(event, recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=5", include_dtstart=False))
    after = {row.original: row.pk for row in event.occurrences.all()}
    assert len(after) == 5
    assert before.items() <= after.items()


def test_a_coming_event_is_one_whose_next_date_is_not_over():
    from recurrence import deserialize

    now = dt.datetime(2027, 2, 20, tzinfo=dt.UTC)
    series = EventFactory.published(
        start_local=dt.datetime(2027, 1, 28, 15),
        end_local=dt.datetime(2027, 1, 28, 16),
        recurrence=deserialize("RRULE:FREQ=MONTHLY;BYDAY=-1TH;COUNT=6", include_dtstart=False),
    )
    over = EventFactory.published(start_local=dt.datetime(2027, 1, 5, 9), end_local=dt.datetime(2027, 1, 5, 10))
    running = EventFactory.published(start_local=dt.datetime(2027, 2, 19, 9), end_local=dt.datetime(2027, 2, 21, 10))
    coming = list(Event.objects.upcoming(now))
    assert coming == [running, series]
    assert coming[1].next_at == dt.datetime(2027, 2, 25, 14, tzinfo=dt.UTC)
    assert set(Event.objects.past(now)) == {series, over}


def test_an_unknown_zone_is_an_error_at_its_field():
    event = EventFactory.build(timezone="Mars/Olympus")
    assert wrong(event)["timezone"] == ["zone"]
