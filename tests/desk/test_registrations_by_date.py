"""Registrations for single dates of a series, as the staff see them."""

import csv

import pytest
from django.urls import reverse

from events.models import Registration
from tests.factories import TicketFactory
from tests.registration.series import FIRST, SECOND, choose, date_of, series

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle(client):
    event = series(capacity=5)
    choose(client, event, FIRST, SECOND)
    choose(client, event, SECOND, name="Ben Otieno", email="ben@example.org")
    return event


def listed(desk, event, **asked):
    return desk.get(reverse("registrations:index"), {"event": event.pk, **asked})


def test_the_list_tells_the_date_and_can_be_narrowed_to_one(desk, circle):
    page = listed(desk, circle).content.decode()
    assert "Monday, 12 May 2031, 09:00–11:00" in page
    found = listed(desk, circle, date=date_of(circle, SECOND).pk).context["object_list"]
    assert sorted(row.name for row in found) == ["Asha Rao", "Ben Otieno"]
    found = listed(desk, circle, date=date_of(circle, FIRST).pk).context["object_list"]
    assert [row.name for row in found] == ["Asha Rao"]


def test_the_file_and_the_page_of_one_person_tell_the_date(desk, circle):
    file = listed(desk, circle, date=date_of(circle, FIRST).pk, export="csv")
    content = b"".join(file.streaming_content) if file.streaming else file.content
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert "Monday, 12 May 2031" in str(row)
    person = Registration.objects.get(email="ben@example.org")
    assert "Monday, 19 May 2031" in desk.get(reverse("registrations:inspect", args=[person.pk])).content.decode()


def test_a_list_of_events_without_dates_has_no_such_column(desk):
    event = series(registered_for="series")
    assert "date" not in listed(desk, event).context["filters"].filters
    assert "Date of the series" not in listed(desk, event).content.decode()


def test_a_ticket_can_not_have_fewer_seats_than_are_taken_on_a_date(desk, client):
    event = series()
    ticket = TicketFactory(event=event, quota=5)
    for number in range(2):
        choose(client, event, SECOND, ticket=str(ticket.uid), email=f"{number}@example.org")
    sent = {"event": event.pk, "name_0": "Libre", "code": ticket.code, "price": 0, "currency": "EUR", "sort_order": 0}
    sent["audience"] = "public"
    page = desk.post(reverse("tickets:edit", args=[ticket.pk]), sent | {"quota": 1}).content.decode()
    assert "2 seats are already taken on 19 May 2031" in page
    ticket.refresh_from_db()
    assert ticket.quota == 5
    desk.post(reverse("tickets:edit", args=[ticket.pk]), sent | {"quota": 2})
    ticket.refresh_from_db()
    assert ticket.quota == 2


def test_how_one_registers_is_chosen_in_the_form_of_the_event(desk, circle):
    page = desk.get(reverse("wagtailsnippets_events_event:edit", args=[circle.pk])).content.decode()
    assert 'name="registered_for"' in page
