"""Exceptions: one date of a series is moved, cancelled or told something of, and the rest stays."""

import datetime as dt

import pytest
import recurrence
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.models import Event, EventException, Occurrence, Registration
from tests.factories import EventFactory, again, publish, told

pytestmark = pytest.mark.django_db

START = dt.datetime(2031, 5, 12, 15)


def series(**facts) -> Event:
    rule = recurrence.deserialize("RRULE:FREQ=WEEKLY;COUNT=5", include_dtstart=False)
    start = facts.pop("start_local", START)
    return EventFactory.published(
        start_local=start, end_local=start + dt.timedelta(hours=2), recurrence=rule, timezone="Europe/Paris", **facts
    )


def with_exception(event: Event, **facts) -> Event:
    event = again(event)
    event.exceptions.add(EventException(**facts))
    event.save_revision().publish()
    return again(event)


def dates(event: Event) -> list[str]:
    return [f"{date.start_local:%m-%d %H}{' off' if date.is_cancelled else ''}" for date in event.occurrences.all()]


def test_a_cancelled_date_stays_known_and_does_not_take_place():
    event = with_exception(series(), day=dt.date(2031, 5, 26), is_cancelled=True, note=told("Jour férié"))
    assert dates(event) == ["05-12 15", "05-19 15", "05-26 15 off", "06-02 15", "06-09 15"]
    assert [date.start_local.day for date in event.occurrences.taking_place()] == [12, 19, 2, 9]
    assert event.occurrences.get(is_cancelled=True).note.localize("fr") == "Jour férié"


def test_a_moved_date_keeps_its_row_and_the_date_it_was():
    event = series()
    row = event.occurrences.get(original=dt.datetime(2031, 5, 19, 15)).pk
    moved = dt.datetime(2031, 5, 20, 9)
    event = with_exception(
        event, day=dt.date(2031, 5, 19), start_local=moved, end_local=moved + dt.timedelta(hours=3), city=told("Lyon")
    )
    date = event.occurrences.get(pk=row)
    assert (date.original, date.start_local, date.is_moved) == (dt.datetime(2031, 5, 19, 15), moved, True)
    assert date.starts_at == dt.datetime(2031, 5, 20, 7, tzinfo=dt.UTC)
    assert date.ends_at - date.starts_at == dt.timedelta(hours=3)
    assert str(date.city) == "Lyon"


def test_an_exception_raises_sequence_and_a_note_alone_does_not():
    event = series()
    first = event.calendar_entry.sequence
    event = with_exception(event, day=dt.date(2031, 5, 19), note=told("Avec un invité"))
    assert event.calendar_entry.sequence == first
    again(event).exceptions.all().delete()
    event = with_exception(event, day=dt.date(2031, 5, 19), is_cancelled=True)
    assert event.calendar_entry.sequence == first + 1


def test_two_exceptions_may_change_places():
    event = with_exception(series(), day=dt.date(2031, 5, 19), is_cancelled=True)
    event = with_exception(event, day=dt.date(2031, 5, 26), note=told("Avec un invité"))
    off, noted = event.exceptions.all()
    off.day, noted.day = noted.day, off.day
    event.exceptions = [off, noted]
    event.save_revision().publish()
    assert dates(again(event))[2] == "05-26 15 off"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"day": dt.date(2031, 5, 20), "is_cancelled": True}, "2031-05-20"),
        ({"day": dt.date(2031, 6, 16), "is_cancelled": True}, "2031-06-16"),
        (
            {
                "day": dt.date(2031, 5, 19),
                "start_local": dt.datetime(2031, 5, 19, 16),
                "end_local": dt.datetime(2031, 5, 19, 16),
            },
            "2031-05-19",
        ),
        (
            {
                "day": dt.date(2031, 5, 19),
                "start_local": dt.datetime(2032, 3, 28, 2, 30),
                "end_local": dt.datetime(2032, 3, 28, 5),
            },
            "2031-05-19",
        ),
    ],
)
def test_an_exception_names_a_date_of_its_series_and_times_that_can_be(facts, said):
    event = series()
    with pytest.raises(ValidationError, match=said):
        with_exception(event, **facts)
    assert len(dates(again(event))) == 5
    assert not again(event).exceptions.exists()


def test_a_single_event_has_no_exceptions():
    with pytest.raises(ValidationError):
        with_exception(EventFactory.published(), day=dt.date(2031, 5, 12), is_cancelled=True)


def test_the_database_refuses_two_exceptions_of_one_day_and_half_a_time():
    event = with_exception(series(), day=dt.date(2031, 5, 19), is_cancelled=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventException.objects.create(event=event, day=dt.date(2031, 5, 19))
    with pytest.raises(IntegrityError), transaction.atomic():
        EventException.objects.create(event=event, day=dt.date(2031, 5, 26), start_local=START)


def test_exceptions_follow_a_series_that_moves():
    event = series()
    moved = dt.datetime(2031, 5, 20, 9)
    event = with_exception(event, day=dt.date(2031, 5, 19), start_local=moved, end_local=moved + dt.timedelta(hours=2))
    event.shift(dt.timedelta(days=7, hours=1))
    event.save_revision().publish()
    assert dates(again(event)) == ["05-19 16", "05-27 10", "06-02 16", "06-09 16", "06-16 16"]


def test_a_series_that_takes_another_hour_keeps_the_rows_of_its_days():
    event = series()
    rows = {row.original.date(): row.pk for row in event.occurrences.all()}
    event = publish(event, start_local=START.replace(hour=10), end_local=START.replace(hour=12))
    assert {row.original.date(): row.pk for row in event.occurrences.all()} == rows
    assert {row.start_local.hour for row in event.occurrences.all()} == {10}


def test_a_date_for_which_somebody_registered_is_never_deleted():
    event = series(registered_for="date")
    date = event.occurrences.get(original=dt.datetime(2031, 6, 9, 15))
    Registration.objects.create(
        event=event, occurrence=date, name="Awa", email="awa@example.org", attendance="onsite", language="fr"
    )
    rule = recurrence.deserialize("RRULE:FREQ=WEEKLY;COUNT=3", include_dtstart=False)
    event = publish(event, recurrence=rule)
    assert len(event.occurrences.given()) == 3
    assert Occurrence.objects.get(pk=date.pk).is_dropped
    rule = recurrence.deserialize("RRULE:FREQ=WEEKLY;COUNT=5", include_dtstart=False)
    publish(event, recurrence=rule)
    assert not Occurrence.objects.get(pk=date.pk).is_dropped


def test_a_series_never_continues_itself():
    first, second = series(), series(start_local=START + dt.timedelta(weeks=5))
    second = publish(second, continues=first)
    with pytest.raises(ValidationError):
        publish(first, continues=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=first.pk).update(continues=first)
