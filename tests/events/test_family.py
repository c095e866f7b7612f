"""Events inside events, and the numbers they carry."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from events.models import Event, Series
from tests.factories import EventFactory, again, publish, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return EventFactory.published(
        title=told("Journée", "Day"), start_local=dt.datetime(2031, 11, 24, 9), end_local=dt.datetime(2031, 11, 24, 18)
    )


@pytest.fixture
def forum(day):
    return EventFactory.published(
        title=told("Forum"),
        parent=day,
        start_local=dt.datetime(2031, 11, 24, 9, 30),
        end_local=dt.datetime(2031, 11, 24, 12),
    )


def codes(refused):
    return {name: [e.code for e in errors] for name, errors in refused.value.error_dict.items()}


def test_a_child_outside_its_parent_is_refused(day):
    child = EventFactory.build(
        parent=day, start_local=dt.datetime(2031, 11, 24, 17), end_local=dt.datetime(2031, 11, 24, 19)
    )
    with pytest.raises(ValidationError) as refused:
        child.full_clean()
    assert codes(refused) == {"parent": ["outside"]}


def test_containment_is_judged_in_utc(day):
    inside = EventFactory.build(
        parent=day,
        timezone="Asia/Kolkata",
        start_local=dt.datetime(2031, 11, 24, 13, 30),
        end_local=dt.datetime(2031, 11, 24, 22, 30),
    )
    inside.full_clean()


def test_moving_a_parent_away_offers_to_move_its_children_along(day, forum):
    draft = again(day)
    draft.start_local += dt.timedelta(days=7)
    draft.end_local += dt.timedelta(days=7)
    with pytest.raises(ValidationError) as refused:
        draft.full_clean()
    assert codes(refused) == {"moves_children": ["children"]}
    with pytest.raises(ValidationError):
        draft.save_revision().publish()
    assert again(day).start_local == day.start_local

    draft.moves_children = True
    draft.full_clean()
    draft.save_revision().publish()
    assert again(forum).start_local == forum.start_local + dt.timedelta(days=7)
    assert again(forum).calendar_entry.sequence == 1
    assert forum.occurrences.get().start_local == forum.start_local + dt.timedelta(days=7)


def test_a_child_s_own_draft_moves_along_and_stays_a_draft(day, forum):
    draft = again(forum)
    draft.theme = told("Encore secret")
    draft.save_revision()
    publish(
        day,
        start_local=day.start_local + dt.timedelta(days=1),
        end_local=day.end_local + dt.timedelta(days=1),
        moves_children=True,
    )
    now = again(forum)
    assert now.start_local == forum.start_local + dt.timedelta(days=1)
    assert not now.theme
    later = now.get_latest_revision_as_object()
    assert str(later.theme) == "Encore secret"
    assert later.start_local == now.start_local


def test_nothing_is_its_own_ancestor(day, forum):
    draft = again(day)
    draft.parent = forum
    with pytest.raises(ValidationError) as refused:
        draft.full_clean()
    assert codes(refused) == {"parent": ["loop"]}
    with pytest.raises(ValidationError):
        draft.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=day.pk).update(parent=day.pk)


def test_three_series_number_their_events_independently():
    days, fora = (Series.objects.create(code=code, name=told(code)) for code in ("days-x", "fora-x"))
    EventFactory.published(series=days, ordinal=7)
    EventFactory.published(series=fora, ordinal=7)
    twin = EventFactory.build(series=days, ordinal=7)
    with pytest.raises(ValidationError):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        EventFactory.create(series=days, ordinal=7)


def test_a_capacity_below_what_is_taken_names_the_number():
    from events.models import SeatPool

    event = EventFactory.published(capacity=10)
    for _seat in range(4):
        SeatPool.objects.take(event.pk, ["event"])
    event.capacity = 3
    with pytest.raises(ValidationError, match="4"):
        event.full_clean()


def test_two_events_do_not_take_each_others_place(day, forum):
    publish(day, status="postponed", replacement=forum)
    back = again(forum)
    back.parent, back.status, back.replacement = None, "postponed", again(day)
    with pytest.raises(ValidationError) as refused:
        back.full_clean()
    assert codes(refused) == {"replacement": ["loop"]}
    with pytest.raises(ValidationError):
        publish(forum, parent=None, status="postponed", replacement=again(day))
    assert again(forum).replacement is None


def test_an_event_takes_the_place_of_one_other_and_the_refusal_says_so(day, forum):
    publish(day, status="postponed", replacement=forum)
    other = EventFactory.build(status="postponed", replacement=forum)
    with pytest.raises(ValidationError) as refused:
        other.full_clean()
    with translation.override("en"):
        assert refused.value.message_dict["replacement"] == ["That event already takes the place of another one."]


def weekly(until_moved=""):
    from recurrence import deserialize

    return deserialize(f"RRULE:FREQ=WEEKLY;COUNT=3{until_moved}\nEXDATE:20311208T000000Z", include_dtstart=False)


def test_a_series_inside_moves_along_with_the_dates_it_skips(day):
    series = EventFactory.published(
        parent=day,
        recurrence=weekly(),
        start_local=dt.datetime(2031, 11, 24, 10),
        end_local=dt.datetime(2031, 11, 24, 11),
    )
    later = dt.timedelta(days=1)
    publish(day, start_local=day.start_local + later, end_local=day.end_local + later, moves_children=True)
    starts = [row.start_local.date().isoformat() for row in again(series).occurrences.all()]
    assert starts == ["2031-11-25", "2031-12-02"]


def test_a_series_whose_rule_names_its_weekday_does_not_move_to_another_silently(day):
    series = EventFactory.published(
        parent=day,
        recurrence=weekly(";BYDAY=MO"),
        start_local=dt.datetime(2031, 11, 24, 10),
        end_local=dt.datetime(2031, 11, 24, 11),
    )
    later = dt.timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        publish(day, start_local=day.start_local + later, end_local=day.end_local + later, moves_children=True)
    assert codes(refused) == {"recurrence": ["off_rule"]}
    assert again(day).start_local == day.start_local
    assert again(series).start_local == series.start_local
