"""Whoever publishes and whoever registers wait for each other in one order."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import EventFactory, again

pytestmark = pytest.mark.django_db

SEATS = re.compile(r'SELECT .* FROM "events_seatpool" WHERE .*"event_id" = (\d+) AND .*"key" = \'?event')
FACTS = re.compile(r'UPDATE "events_event" SET .*"events_event"."id" = (\d+)')


def order(queries, pattern) -> dict[int, int]:
    """Event → the first of the queries that is of this kind and about it."""
    found: dict[int, int] = {}
    for number, query in enumerate(queries):
        if match := pattern.search(query["sql"]):
            found.setdefault(int(match.group(1)), number)
    return found


def test_seats_are_held_before_facts_are_written():
    event = EventFactory.published()
    revision = again(event).save_revision()
    with CaptureQueriesContext(connection) as captured:
        revision.publish()
    assert order(captured, SEATS)[event.pk] < order(captured, FACTS)[event.pk]
    with CaptureQueriesContext(connection) as captured:
        again(event).unpublish()
    assert order(captured, SEATS)[event.pk] < order(captured, FACTS)[event.pk]


def test_the_seats_of_all_that_moves_along_are_held_before_any_of_it_is_written():
    day = EventFactory.published()
    forum = EventFactory.published(parent=day)
    talk = EventFactory.published(parent=forum)
    moved = again(day)
    moved.shift(dt.timedelta(days=1))
    moved.moves_children = True
    revision = moved.save_revision()
    with CaptureQueriesContext(connection) as captured:
        revision.publish()
    seats, facts = order(captured, SEATS), order(captured, FACTS)
    assert {day.pk, forum.pk, talk.pk} <= facts.keys()
    assert max(seats[event.pk] for event in (day, forum, talk)) < min(facts.values())
