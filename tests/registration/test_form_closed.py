"""When there is a form and when there is none: the window of registration, and meetings called off."""

import datetime as dt

import pytest
import time_machine

from events.models import Event, Registration
from events.models.seats import SeatPoolQuerySet
from tests.factories import TicketFactory

from .people import address, meeting, send, taken, text

pytestmark = pytest.mark.django_db


def test_an_event_whose_tickets_all_cost_money_takes_nobody_yet(client):
    event = meeting()
    TicketFactory(event=event, price=6000)
    assert event.registration_state == "not_sold"
    assert 'name="email"' not in text(client.get(address("registration", event.uid)))
    assert send(client, event).status_code == 409


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"registration_opens_local": dt.datetime(2031, 1, 1, 9)}, "not_yet"),
        ({"registration_closes_local": dt.datetime(2020, 1, 1, 9)}, "closed"),
        ({"start_local": dt.datetime(2020, 1, 1, 9), "end_local": dt.datetime(2020, 1, 1, 17)}, "over"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "postponed"}, "postponed"),
        ({"registration": "elsewhere", "registration_url": "https://register.example.org/"}, "elsewhere"),
        ({"capacity": 0}, "full"),
    ],
)
def test_where_there_is_no_form_the_page_says_why(client, facts, state):
    event = meeting(**facts)
    assert event.registration_state == state
    page = client.get(address("registration", event.uid))
    assert page.status_code == 200
    assert 'name="email"' not in text(page)
    assert send(client, event).status_code == 409
    assert not Registration.objects.exists()


def test_a_registration_not_open_yet_says_when_on_the_clock_of_the_place(client):
    event = meeting(registration_opens_local=dt.datetime(2031, 1, 2, 9), timezone="Africa/Nairobi")
    page = text(client.get(address("registration", event.uid, language="en")))
    assert "2 January 2031, 09:00" in page
    assert "UTC+3" in page


def test_registration_opens_and_closes_by_the_clock(client):
    event = meeting(
        registration_opens_local=dt.datetime(2031, 3, 1, 9), registration_closes_local=dt.datetime(2031, 4, 1, 9)
    )
    with time_machine.travel("2031-03-01T05:59:00Z", tick=False):
        assert event.registration_state == "not_yet"
    with time_machine.travel("2031-03-01T06:00:00Z", tick=False):
        assert event.registration_state == "open"
    with time_machine.travel("2031-04-01T06:00:00Z", tick=False):
        assert event.registration_state == "closed"


def test_an_event_without_registration_or_not_public_has_no_form(client):
    assert client.get(address("registration", meeting(registration="none").uid)).status_code == 404
    hidden = meeting()
    hidden.unpublish()
    assert client.get(address("registration", hidden.uid)).status_code == 404
    assert send(client, hidden).status_code == 404


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"status": "postponed"}, {"live": False}])
def test_nobody_gets_in_while_it_is_called_off(client, monkeypatch, change):
    event = meeting(capacity=10)
    hold = SeatPoolQuerySet.hold

    def called_off_meanwhile(pools, *args):
        Event.objects.filter(pk=event.pk).update(**change)
        return hold(pools, *args)

    monkeypatch.setattr(SeatPoolQuerySet, "hold", called_off_meanwhile)
    assert send(client, event).status_code == 409
    assert not Registration.objects.exists()
    assert taken(event) == 0
