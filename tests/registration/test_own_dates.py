"""The participant's page of somebody registered for single dates of a series, or for all of it."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.management import call_command

from events.models import Invitation, Registration
from events.registration import links
from tests.factories import publish, told

from .people import address, letters, link_in, send, text
from .series import FIRST, FOURTH, SECOND, THIRD, choose, date_of, except_for, registered, series, taken_on

pytestmark = pytest.mark.django_db


def page(client, token, language="en") -> str:
    return text(client.get(address("participant", token, language=language)))


@pytest.fixture
def asha(client):
    """A registration for the first of four Mondays, and the key to its page."""

    def enrolled(*days, **facts):
        event = series(**facts)
        code = {"code": "ONE"} if facts.get("access") else {}
        if code:
            Invitation.objects.create(event=event, code="ONE", max_uses=1)
        assert choose(client, event, *(days or (FIRST,)), **code).status_code == 303
        registration = Registration.objects.filter(event=event).order_by("occurrence__starts_at").first()
        return event, registration, links.token(registration)

    return enrolled


def take(client, token, *days, language="en"):
    return client.post(address("participant_dates", token, language=language), {"dates": list(days)})


def test_the_page_tells_the_date_and_offers_the_others(client, asha):
    _event, _registration, token = asha(FIRST, SECOND)
    shown = page(client, token)
    assert "12" in shown
    assert "Your other dates" in shown
    assert re.findall(r'name="dates" value="([^"]+)"', shown) == [THIRD, FOURTH]


def test_more_dates_are_taken_at_once_and_one_letter_tells_of_them(client, asha):
    event, registration, token = asha(access="members")
    letters()
    answer = take(client, token, SECOND, THIRD)
    assert answer.status_code == 303
    assert "You are registered for these dates too" in text(client.get(answer.url))
    assert registered(event) == [FIRST, SECOND, THIRD]
    new = Registration.objects.exclude(pk=registration.pk).first()
    assert (new.name, new.country, new.attendance) == (registration.name, registration.country, registration.attendance)
    assert Invitation.objects.get().used == 1
    assert len(letters()) == 2
    assert take(client, token, SECOND, THIRD).status_code == 303  # sent twice, done once
    assert len(registered(event)) == 3
    assert len(letters()) == 2
    call_command("check_seats")


def test_a_date_that_is_full_by_now_is_named_and_the_ticks_stay(client, asha):
    event, _registration, token = asha(capacity=1)
    choose(client, event, SECOND, email="b@example.org")
    answer = take(client, token, SECOND, THIRD)
    assert answer.status_code == 409
    assert "No seat is left on this date: Monday, 19 May 2031" in text(answer)
    assert re.search(rf'value="{THIRD}" checked', text(answer))
    assert registered(event) == [FIRST]


@pytest.mark.parametrize("days", [(), ("2031-05-13",), ("nonsense",)])
def test_what_is_no_date_changes_nothing(client, asha, days):
    event, _registration, token = asha()
    assert take(client, token, *days).status_code in (409, 422)
    assert registered(event) == [FIRST]


def test_one_date_given_back_leaves_the_others(client, asha):
    event, _registration, token = asha(FIRST, SECOND, capacity=5)
    client.post(address("participant_cancel", token))
    assert registered(event) == [SECOND]
    assert (taken_on(event, FIRST), taken_on(event, SECOND)) == (0, 1)
    assert "12 May 2031" in letters()[-1].body.replace("12 mai 2031", "12 May 2031")


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Cette date est annulée."), ("en", "This date is cancelled."), ("es", "Esta fecha está cancelada.")],
)
def test_a_cancelled_date_is_told_and_can_no_longer_be_joined(client, asha, language, words):
    event, _registration, token = asha(format="online", joining_url="https://zoom.example.org/series")
    with time_machine.travel("2031-05-12T05:00:00Z", tick=False):
        assert "zoom.example.org/series" in page(client, token, language)
        except_for(event, FIRST, is_cancelled=True)
        shown = page(client, token, language)
    assert words in shown
    assert "zoom.example.org" not in shown


def test_a_moved_date_is_told_with_what_was_known(client, asha):
    event, _registration, token = asha()
    except_for(
        event,
        FIRST,
        start_local=dt.datetime(2031, 5, 13, 14),
        end_local=dt.datetime(2031, 5, 13, 16),
        city=told("Mombasa"),
        note=told("Autre salle", "Another room"),
    )
    shown = page(client, token)
    assert re.search(r"<s>[^<]*12 May 2031", shown)
    assert "13 May 2031" in shown
    assert "Mombasa" in shown
    assert "Another room" in shown
    assert taken_on(event, FIRST) == 1


def test_a_date_that_the_rule_no_longer_gives_is_told_and_stays_with_the_person(client, asha):
    event, registration, token = asha(SECOND)
    publish(event, recurrence="RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2")
    registration.refresh_from_db()
    assert registration.occurrence.is_dropped
    assert "no longer one of the series" in page(client, token)
    assert "19 May 2031" not in text(client.get(address("registration", event.uid, language="en")))
    call_command("check_seats")


def test_the_link_to_join_is_that_of_the_date_if_it_has_one(client, asha):
    event, _registration, token = asha(FIRST, SECOND, format="online", joining_url="https://zoom.example.org/series")
    except_for(event, FIRST, joining_url="https://zoom.example.org/first")
    other = Registration.objects.get(event=event, occurrence=date_of(event, SECOND))
    with time_machine.travel("2031-05-12T05:00:00Z", tick=False):
        assert "zoom.example.org/first" in page(client, token)
        assert "zoom.example.org" not in page(client, links.token(other))  # a week later
    with time_machine.travel("2031-05-19T05:00:00Z", tick=False):
        assert "zoom.example.org/series" in page(client, links.token(other))


def test_each_registration_is_over_with_its_date(client, asha):
    event, _registration, token = asha(FIRST, SECOND)
    with time_machine.travel("2031-05-13T00:00:00Z", tick=False):
        assert "This meeting is over" in page(client, token)
        client.post(address("participant_cancel", token))
        other = Registration.objects.get(event=event, occurrence=date_of(event, SECOND))
        assert "Change or cancel" in page(client, links.token(other))
    assert registered(event) == [FIRST, SECOND]


def test_a_new_link_closes_the_pages_of_all_ones_dates(client, asha):
    event, _registration, token = asha(FIRST, SECOND)
    other = links.token(Registration.objects.get(event=event, occurrence=date_of(event, SECOND)))
    client.post(address("participant_new_link", token))
    for old in (token, other):
        assert client.get(address("participant", old)).status_code == 404
    assert client.get(link_in(letters()[-1])).status_code == 200


def test_links_asked_for_again_name_each_date(client, asha):
    asha(FIRST, THIRD)
    client.post(address("participant_lost", language="fr"), {"email": "asha@example.org"})
    body = letters()[-1].body
    assert "12 mai 2031" in body
    assert "26 mai 2031" in body
    assert "19 mai 2031" not in body


def test_the_whole_series_tells_its_next_dates_with_what_is_other_on_them(client):
    event = series(registered_for="series")
    send(client, event)
    token = links.token(Registration.objects.get())
    event = except_for(event, SECOND, is_cancelled=True)
    except_for(event, THIRD, start_local=dt.datetime(2031, 5, 27, 9), end_local=dt.datetime(2031, 5, 27, 11))
    shown = page(client, token)
    assert re.search(r"<s>.*19 May 2031.*</s> <b>does not take place", shown)
    assert "27 May 2031" in shown
    assert "instead of Monday, 26 May 2031" in shown
    assert 'name="dates"' not in shown
    assert client.post(address("participant_dates", token), {"dates": [SECOND]}).status_code == 303
    assert Registration.objects.count() == 1


def test_the_way_to_take_part_is_changed_on_one_date_alone(client, asha):
    event = series(format="hybrid", capacity_online=1)
    choose(client, event, FIRST, SECOND, attendance="onsite")
    choose(client, event, SECOND, attendance="online", email="b@example.org")
    first, second = Registration.objects.filter(email="asha@example.org").order_by("occurrence__starts_at")
    said = {"name": "Asha", "organisation": "", "country": "IN", "language": "fr", "attendance": "online"}
    assert client.post(address("participant_change", links.token(first)), said).status_code == 303
    assert client.post(address("participant_change", links.token(second)), said).status_code == 409
    assert (taken_on(event, FIRST, "mode:online"), taken_on(event, FIRST, "mode:onsite")) == (1, 0)
    assert taken_on(event, SECOND, "mode:onsite") == 1
    call_command("check_seats")


def test_a_full_date_is_waited_for_where_there_is_a_line_and_only_told_full_elsewhere(client, asha):
    event, _registration, token = asha(FIRST, capacity=1, has_waiting_list=True)
    choose(client, event, SECOND, name="Ben", email="ben@example.org")
    assert "waiting list" in page(client, token)
    assert take(client, token, SECOND, THIRD).status_code == 303
    rows = Registration.objects.of("asha@example.org").order_by("occurrence__starts_at")
    assert [row.state for row in rows] == ["confirmed", "waiting", "confirmed"]
    assert taken_on(event, SECOND) == 1
    Registration.objects.get(email="ben@example.org").cancel()
    assert rows.get(occurrence=date_of(event, SECOND)).state == "offered"
