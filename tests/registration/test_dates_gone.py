"""A date of a series that has begun, is cancelled or went away takes nobody, even behind the lock."""

import datetime as dt

import pytest
import time_machine

from events.models import Registration, SeatPool
from tests.factories import again

from .people import address, taken, text
from .series import FIRST, FOURTH, SECOND, THIRD, choose, date_of, except_for, registered, series, ticks

pytestmark = pytest.mark.django_db


def test_each_date_closes_when_it_begins(client):
    event = series()
    with time_machine.travel("2031-05-12T06:00:00Z", tick=False):  # nine in Nairobi
        assert list(ticks(text(client.get(address("registration", event.uid))))) == [SECOND, THIRD, FOURTH]
        assert choose(client, event, FIRST).status_code == 422
        assert choose(client, event, SECOND).status_code == 303
    with time_machine.travel("2031-06-02T06:30:00Z", tick=False):
        assert again(event).registration_state == "closed"
        assert "no date is left" in text(client.get(address("registration", event.uid, language="en"))).lower()
        assert choose(client, event, FOURTH).status_code == 409
    assert registered(event) == [SECOND]


def test_a_date_cancelled_while_the_form_was_open_is_told_and_nothing_is_taken(client):
    event = series()
    except_for(event, SECOND, is_cancelled=True)
    answer = choose(client, event, FIRST, SECOND, language="en")
    assert answer.status_code == 422
    assert "One can no longer register for this date: Monday, 19 May 2031" in text(answer)
    assert registered(event) == []


@pytest.mark.parametrize(
    "change", [{"is_cancelled": True}, {"is_dropped": True}, {"starts_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}]
)
def test_a_date_that_goes_while_its_seat_is_taken_is_refused_behind_the_lock(client, monkeypatch, change):
    from events.models.seats import SeatPoolQuerySet

    event = series(capacity=5)
    hold = SeatPoolQuerySet.hold

    def gone_meanwhile(pools, *args):
        event.occurrences.filter(pk=date_of(event, FIRST).pk).update(**change)
        return hold(pools, *args)

    monkeypatch.setattr(SeatPoolQuerySet, "hold", gone_meanwhile)
    answer = choose(client, event, FIRST, SECOND)
    assert answer.status_code == 409
    assert 'href="#id_dates"' in text(answer)
    assert registered(event) == []
    assert taken(event) == 0


def test_another_events_date_is_none_of_this_one(client):
    event, other = series(), series()
    registration = Registration(
        event=event,
        occurrence=date_of(other, FIRST),
        name="A",
        email="a@example.org",
        attendance="onsite",
        language="fr",
    )
    from events.models import DateGone

    with pytest.raises(DateGone):
        registration.enter()
    assert not SeatPool.objects.of_dates().exists()
