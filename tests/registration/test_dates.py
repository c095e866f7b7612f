"""Registering for the dates of a series one by one: each has its own seats, one form may name several."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Invitation, Registration
from events.registration import links
from tests.factories import publish

from .people import address, letters, taken, text
from .series import FIRST, FOURTH, SECOND, THIRD, choose, except_for, registered, series, taken_on, ticks

pytestmark = pytest.mark.django_db


def test_one_form_takes_a_seat_on_each_date_that_was_ticked(client):
    event = series(capacity=10)
    answer = choose(client, event, FIRST, THIRD)
    assert answer.status_code == 303
    assert client.get(answer.url).status_code == 200
    assert registered(event) == [FIRST, THIRD]
    assert (taken_on(event, FIRST), taken_on(event, SECOND), taken_on(event, THIRD)) == (1, 0, 1)
    assert taken_on(event, FIRST, "mode:onsite") == 1
    assert taken(event) == 2
    call_command("check_seats")


def test_a_full_date_is_named_and_nothing_of_the_form_is_taken_or_lost(client):
    event = series(capacity=1)
    choose(client, event, SECOND)
    answer = choose(client, event, FIRST, SECOND, email="late@example.org", language="en")
    page = text(answer)
    assert answer.status_code == 409
    assert "No seat is left on this date: Monday, 19 May 2031" in page
    assert 'href="#id_dates"' in page
    assert 'value="late@example.org"' in page
    assert "checked" in ticks(page)[FIRST]
    assert registered(event, "late@example.org") == []
    assert taken_on(event, FIRST) == 0
    assert choose(client, event, FIRST, email="late@example.org").status_code == 303


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["lundi 12 mai 2031", "plus de place", "n’a pas lieu", "Choisissez au moins une date."]),
        ("en", ["Monday, 12 May 2031", "no seat left", "does not take place", "Choose at least one date."]),
        ("es", ["lunes, 12 de mayo de 2031", "sin plazas", "no se celebra", "Elija al menos una fecha."]),
    ],
)
def test_the_form_tells_every_date_in_each_language(client, language, words):
    event = series(capacity=1)
    choose(client, event, SECOND)
    except_for(event, THIRD, is_cancelled=True)
    answer = choose(client, event, language=language)
    assert answer.status_code == 422
    page = text(answer)
    for word in words:
        assert word in page, word
    boxes = ticks(page)
    assert list(boxes) == [FIRST, SECOND, THIRD, FOURTH]
    assert ["disabled" in boxes[day] for day in boxes] == [False, True, True, False]


def test_a_link_to_a_date_opens_the_form_with_it_ticked(client):
    event = series()
    page = text(client.get(address("registration", event.uid), {"date": THIRD}))
    assert [day for day, more in ticks(page).items() if "checked" in more] == [THIRD]
    assert 'name="email"' in text(client.get(address("registration", event.uid), {"date": "nonsense"}))
    publish(event, capacity=1)
    choose(client, event, THIRD)
    page = text(client.get(address("registration", event.uid), {"date": THIRD}))
    assert "checked" not in ticks(page)[THIRD]
    assert "disabled" in ticks(page)[THIRD]


def test_twelve_dates_are_shown_at_once_and_the_others_unfold(client):
    event = series(recurrence="RRULE:FREQ=WEEKLY;COUNT=20")
    page = text(client.get(address("registration", event.uid, language="en")))
    shown_first, unfolding = page.split("<details>", 1)
    assert (len(ticks(shown_first)), len(ticks(unfolding))) == (12, 8)
    assert "8 more dates" in unfolding


def test_a_daily_series_has_pages_of_dates_and_the_form_of_a_later_one_is_taken(client):
    event = series(recurrence="RRULE:FREQ=DAILY;COUNT=90")
    where = address("registration", event.uid, language="en")
    page = text(client.get(where))
    assert len(ticks(page)) == 60
    (since,) = re.findall(r"\?from=([\d-]+)#id_dates", page)
    later = list(ticks(text(client.get(where, {"from": since}))))
    assert len(later) == 30
    assert choose(client, event, FIRST, later[-1]).status_code == 303
    assert registered(event) == [FIRST, later[-1]]


def test_the_form_asks_as_much_for_many_dates_as_for_few(client):
    def asked(event):
        client.get(address("registration", event.uid))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("registration", event.uid))
        return len(queries)

    few = series()
    many = series(recurrence="RRULE:FREQ=DAILY;COUNT=200", capacity=5)
    choose(client, many, FIRST, "2031-05-13", "2031-05-14")
    assert asked(many) == asked(few)


def test_the_same_form_twice_and_the_same_date_twice_are_one_registration(client):
    event = series(capacity=5)
    page = text(client.get(address("registration", event.uid)))
    mark = re.search(r'name="submission" value="([^"]+)"', page)[1]
    first = choose(client, event, FIRST, SECOND, submission=mark)
    second = choose(client, event, FIRST, SECOND, submission=mark)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert registered(event) == [FIRST, SECOND]
    assert len(letters()) == 1


def test_a_second_form_adds_only_the_dates_that_are_new(client):
    event = series(capacity=5)
    choose(client, event, FIRST)
    assert choose(client, event, FIRST, SECOND).status_code == 303
    assert registered(event) == [FIRST, SECOND]
    assert taken_on(event, FIRST) == 1


def test_one_letter_names_all_dates_each_with_its_page(client):
    event = series()
    choose(client, event, SECOND, FIRST, FOURTH, language="en")
    (letter,) = letters()
    for day in ("Monday, 12 May 2031", "Monday, 19 May 2031", "Monday, 2 June 2031"):
        assert day in letter.body
    assert "26 May" not in letter.body
    pages = set(re.findall(r"https?://[^/\s]+(/en/my-[^\s]+)", letter.body))
    assert len(pages) == 3
    assert all(client.get(page).status_code == 200 for page in pages)


def test_a_code_for_one_person_opens_all_dates_of_a_series_once(client):
    event = series(access="members")
    code = Invitation.objects.create(event=event, code="ONE", max_uses=1)
    assert choose(client, event, FIRST, SECOND, code="ONE").status_code == 303
    assert choose(client, event, FIRST, code="ONE", email="b@example.org").status_code == 422
    first, second = Registration.objects.order_by("occurrence__starts_at")
    first.cancel()
    code.refresh_from_db()
    assert code.used == 1
    second.cancel()
    code.refresh_from_db()
    assert code.used == 0


def test_the_own_time_zone_is_kept_or_that_of_the_country_if_it_has_one(client):
    event = series()
    choose(client, event, FIRST, home_zone="America/Toronto")
    choose(client, event, FIRST, email="b@example.org", country="IN")
    choose(client, event, FIRST, email="c@example.org", country="CA", home_zone="Mars/Olympus")
    zones = dict(Registration.objects.values_list("email", "home_zone"))
    assert zones == {"asha@example.org": "America/Toronto", "b@example.org": "Asia/Kolkata", "c@example.org": ""}
    registration = Registration.objects.get(email="asha@example.org")
    page = text(client.get(address("participant", links.token(registration), language="en")))
    assert "02:00–04:00" in page
    form = text(client.get(address("participant_change", links.token(registration))))
    assert re.search(r'<option value="America/Toronto" selected', form)


def test_whoever_chose_several_dates_reads_all_of_them_in_the_thanks(client):
    event = series()
    page = text(client.get(choose(client, event, FIRST, THIRD, language="en").url))
    assert "12 May 2031" in page
    assert "26 May 2031" in page
    assert "19 May 2031" not in page
