"""Adding somebody by hand: at once where there is a seat, never past a limit."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from events.models import Registration, SeatPool
from letters.models import Letter
from tests.desk.people import asks, moderated, now, text
from tests.factories import TicketFactory, publish, told
from tests.registration.series import SECOND, date_of, series

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return moderated(capacity=1, verifies_address=True, access="members")


def add(desk, event, **answers):
    said = {"place": "onsite:", "name": "Awa Ba", "email": "awa@example.org", "language": "fr", "letter": "on"}
    return desk.post(reverse("registrations:add_to", args=[event.uid]), said | answers)


def test_the_events_that_take_people_are_offered(desk, event):
    moderated(
        title=told("Passée", "Long ago"), start_local=dt.datetime(2021, 5, 1, 9), end_local=dt.datetime(2021, 5, 1, 17)
    )
    page = text(desk.get(reverse("registrations:add")))
    assert "Dakar meeting" in page
    assert "Long ago" not in page


def test_whom_the_staff_add_is_confirmed_without_code_approval_or_confirmation(desk, staff, event):
    answer = add(desk, event, country="SN", reason="rang us up")
    made = Registration.objects.get()
    assert answer.status_code == 303
    assert (made.state, made.country, made.language) == ("confirmed", "SN", "fr")
    line = made.changes.get()
    assert (line.by, line.why) == (staff, "rang us up")
    assert Letter.objects.get().kind == "confirmed"


def test_no_letter_leaves_if_none_is_wished(desk, event):
    add(desk, event, letter="")
    assert Registration.objects.get().is_confirmed
    assert not Letter.objects.exists()


def test_where_it_is_full_the_pool_is_named_and_the_waiting_list_offered(desk, event):
    add(desk, event, name="Ben Otieno", email="ben@example.org")
    answer = add(desk, event)
    assert answer.status_code == 409
    assert "No seat is left: all seats." in text(answer)
    assert 'value="Awa Ba"' in text(answer)
    assert 'value="waiting"' in text(answer)
    assert Registration.objects.count() == 1
    assert add(desk, event, **{"as": "waiting"}).status_code == 303
    waits = Registration.objects.get(email="awa@example.org")
    assert (waits.state, waits.address_waits, waits.expires_at) == ("waiting", False, None)
    assert SeatPool.objects.get(event=event, key="event").taken == 1
    Registration.objects.get(email="ben@example.org").cancel()
    assert now(waits).state == "offered"


def test_nothing_the_form_can_send_goes_past_a_limit(desk, event):
    add(desk, event, name="Ben Otieno", email="ben@example.org")
    publish(event, has_waiting_list=False)
    for more in ({"as": "waiting"}, {"force": "1"}, {"as": "confirmed"}):
        answer = add(desk, event, **more)
        assert answer.status_code == 409
        assert 'value="waiting"' not in text(answer)
    assert Registration.objects.count() == 1


def test_one_address_is_added_once_and_the_second_time_led_to_the_first(desk, event):
    publish(event, capacity=5)
    mark = str(uuid.uuid4())
    first = add(desk, event, submission=mark)
    assert add(desk, event, submission=mark)["Location"] == first["Location"]
    answer = add(desk, event, email="AWA@example.org", submission=str(uuid.uuid4()))
    assert answer.status_code == 409
    assert "registered already" in text(answer)
    assert first["Location"] in text(answer)
    assert Registration.objects.count() == 1
    assert Letter.objects.count() == 1
    assert add(desk, event, **{"as": "waiting"}).status_code == 409


def test_a_ticket_of_any_audience_can_be_given_but_none_with_a_price(desk, event):
    press = TicketFactory(event=event, audience="press", name=told("Presse", "Press"))
    priced = TicketFactory(event=event, price=6000, name=told("Payant", "With a price"))
    page = text(desk.get(reverse("registrations:add_to", args=[event.uid])))
    assert "Press, on site (seats left: 1)" in page
    assert "With a price" not in page
    assert add(desk, event, place=f"onsite:{priced.pk}").status_code == 422
    assert add(desk, event, place=f"onsite:{press.pk}").status_code == 303
    assert Registration.objects.get().ticket == press


def test_for_one_date_of_a_series_it_is_that_date(desk):
    event = series(capacity=1, has_waiting_list=True)
    date = date_of(event, SECOND)
    assert add(desk, event).status_code == 422
    assert add(desk, event, date=date.pk).status_code == 303
    assert Registration.objects.get().occurrence == date
    answer = add(desk, event, date=date.pk, email="ben@example.org")
    assert answer.status_code == 409
    assert "(no seat left)" in text(answer)


def test_an_event_that_is_called_off_takes_nobody(desk, event):
    publish(event, status="cancelled")
    assert add(desk, event).status_code == 422
    assert not Registration.objects.exists()


def test_only_the_staff_add(translator, event):
    assert add(translator, event).status_code in (302, 403)
    assert not Registration.objects.exists()
    asks(event, "Ben Otieno")
    assert "Ben" not in text(translator.get(reverse("registrations:add_to", args=[event.uid])))
