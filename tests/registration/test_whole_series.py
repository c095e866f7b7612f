"""Registering for all the dates of a series at once, and going over from one way to the other."""

import pytest
from django.core.exceptions import ValidationError

from events.models import Registration, SeatPool
from tests.factories import publish

from .people import address, letters, meeting, send, text
from .series import FIRST, FOURTH, SECOND, THIRD, choose, series, ticks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"registered_for": "series"}, {"recurrence": None}])
def test_how_one_registers_stays_while_somebody_is_registered(client, change):
    event = series()
    choose(client, event, FIRST)
    with pytest.raises(ValidationError, match="1 "):
        publish(event, **change)
    Registration.objects.get().cancel()
    event = publish(event, **change)
    assert send(client, event, email="b@example.org").status_code == 303
    assert not SeatPool.objects.of_dates().exists()


def test_a_whole_series_with_people_is_not_split_into_dates(client):
    event = series(registered_for="series", capacity=4)
    assert send(client, event).status_code == 303
    with pytest.raises(ValidationError, match="1 "):
        publish(event, registered_for="date")
    Registration.objects.get().cancel()
    publish(event, registered_for="date")
    assert choose(client, event, FIRST).status_code == 303
    assert SeatPool.objects.get(event=event, key="event").capacity is None


def test_a_form_opened_before_dates_were_asked_for_comes_back_with_them(client):
    event = series(registered_for="series")
    publish(event, registered_for="date")
    answer = send(client, event)
    assert answer.status_code == 422
    assert list(ticks(text(answer))) == [FIRST, SECOND, THIRD, FOURTH]


def test_a_series_that_is_registered_for_as_a_whole_says_so_before_and_in_the_letter(client):
    event = series(registered_for="series")
    promise = "One registration is for all the dates of the series."
    form = text(client.get(address("registration", event.uid, language="en")))
    assert promise in form
    assert "19 May 2031" in form
    assert "2 June 2031" in form
    assert promise in text(client.get("/en/calendar/soil-circle/"))
    choose(client, event, language="en")
    assert promise in letters()[0].body


def test_single_dates_and_single_meetings_do_not_speak_of_a_whole_series(client):
    for event in (series(), meeting()):
        assert "for all the dates" not in text(client.get(address("registration", event.uid, language="en")))


def test_the_letter_tells_the_hour_on_the_clock_that_the_participant_gave(client):
    choose(client, series(registered_for="series"), language="en", home_zone="America/Bogota")
    letter = letters()[0]
    said = "Where you are: 01:00–03:00, Colombia Time (Bogota, UTC−5)"
    assert said in letter.body
    assert said in letter.alternatives[0][0]


def test_the_letter_does_not_say_the_hour_of_the_place_twice(client):
    choose(client, series(registered_for="series"), language="en", home_zone="Africa/Nairobi")
    assert "Where you are" not in letters()[0].body
