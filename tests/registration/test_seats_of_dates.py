"""The seats of a series registered for date by date: each date has its own, counted and limited apart."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events.models import Event, Registration, SeatPool
from tests.factories import TicketFactory, again, publish

from .people import address, text
from .series import FIRST, FOURTH, SECOND, THIRD, choose, series, taken_on

pytestmark = pytest.mark.django_db


def test_each_date_has_the_capacity_of_the_series_and_of_its_tickets(client):
    event = series(capacity=2)
    ticket = TicketFactory(event=event, quota=1)
    assert choose(client, event, FIRST, ticket=str(ticket.uid)).status_code == 303
    assert choose(client, event, FIRST, ticket=str(ticket.uid), email="b@example.org").status_code == 409
    assert choose(client, event, SECOND, ticket=str(ticket.uid), email="b@example.org").status_code == 303
    limits = {pool.key.split(":", 2)[2]: pool.capacity for pool in SeatPool.objects.of_dates().filter(event=event)}
    assert limits == {"event": 2, "mode:onsite": None, f"ticket:{ticket.pk}": 1}


def test_a_series_is_full_when_all_its_dates_are(client):
    event = series(capacity=1)
    choose(client, event, FIRST, SECOND, THIRD)
    assert again(event).registration_state == "open"
    choose(client, event, FOURTH, email="b@example.org")
    assert again(event).registration_state == "full"
    assert 'name="email"' not in text(client.get(address("registration", event.uid)))
    Registration.objects.get(email="b@example.org").cancel()
    assert again(event).registration_state == "open"


def test_seats_on_site_of_one_date_leave_those_online(client):
    event = series(format="hybrid", capacity_onsite=1)
    choose(client, event, FIRST, attendance="onsite")
    assert choose(client, event, FIRST, attendance="onsite", email="b@example.org").status_code == 409
    assert choose(client, event, FIRST, attendance="online", email="b@example.org").status_code == 303
    assert choose(client, event, SECOND, attendance="onsite", email="c@example.org").status_code == 303


@pytest.mark.parametrize("scheduled", [False, True])
def test_fewer_seats_than_are_taken_on_a_date_are_refused_with_number_and_day(client, scheduled):
    event = series(capacity=5)
    draft = again(event)
    draft.capacity = 2
    if scheduled:
        draft.go_live_at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    revision = draft.save_revision()
    if scheduled:
        revision.publish()
    for number in range(3):
        choose(client, event, SECOND, email=f"{number}@example.org")
    with translation.override("en"), pytest.raises(ValidationError, match=r"3 seats .* on 19 May 2031"):
        draft.clean()  # what the editors' form says
    with time_machine.travel("2030-01-02T00:00:00Z", tick=False), translation.override("en"):
        revision.refresh_from_db()
        with pytest.raises(ValidationError, match=r"3 seats .* on 19 May 2031"):
            revision.publish()
    assert again(event).capacity == 5
    publish(event, capacity=3)
    assert choose(client, event, SECOND, email="late@example.org").status_code == 409


def test_seats_of_a_date_that_is_over_do_not_stand_in_the_way(client):
    event = series(capacity=5)
    choose(client, event, FIRST)
    choose(client, event, FIRST, email="b@example.org")
    with time_machine.travel("2031-05-13T00:00:00Z", tick=False):
        publish(event, capacity=1)
    assert taken_on(event, FIRST) == 2


def test_more_seats_reach_every_date(client):
    event = series(capacity=1)
    choose(client, event, FIRST)
    publish(event, capacity=2)
    assert choose(client, event, FIRST, email="b@example.org").status_code == 303
    assert choose(client, event, FIRST, email="c@example.org").status_code == 409


def test_the_quota_of_a_ticket_is_that_of_each_date_and_is_refused_below_what_is_taken(client):
    event = series()
    ticket = TicketFactory(event=event, quota=3)
    for number in range(2):
        choose(client, event, FIRST, ticket=str(ticket.uid), email=f"{number}@example.org")
    ticket.quota = 2
    ticket.save()
    assert choose(client, event, FIRST, ticket=str(ticket.uid)).status_code == 409
    assert choose(client, event, SECOND, ticket=str(ticket.uid)).status_code == 303


def test_check_seats_mends_the_pool_of_a_date(client, capsys):
    event = series(capacity=2)
    choose(client, event, FIRST)
    SeatPool.objects.of_dates().filter(event=event).update(taken=0)
    with pytest.raises(Exception, match="counters are wrong"):
        call_command("check_seats")
    call_command("check_seats", "--fix")
    assert taken_on(event, FIRST) == 1
    call_command("check_seats")


def test_an_agenda_asks_as_much_for_many_series_as_for_few(client):
    from events.calendars.rows import rows

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert {row.registration for row in rows(Event.objects.upcoming(), "fr")} == {"open"}
        return len(queries)

    for _ in range(2):
        choose(client, series(capacity=1), FIRST)
    few = asked()
    for number in range(4):
        choose(client, series(capacity=1), FIRST, SECOND, email=f"{number}@example.org")
    assert asked() == few


def test_an_agenda_tells_which_dates_are_full(client):
    from events.calendars.rows import rows_of_dates

    event = series(capacity=1)
    choose(client, event, SECOND)
    told = {row.date.day.isoformat(): row.registration for row in rows_of_dates(event.occurrences.coming(), "fr")}
    assert told == {FIRST: "open", SECOND: "full", THIRD: "open", FOURTH: "open"}
