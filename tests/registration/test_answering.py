"""What a person answers from their own page: the address is mine, yes to a seat, something else, leave the line."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client

from events.models import Registration, SeatPool, waiting_list
from events.registration import links
from letters.models import Letter
from tests.factories import TicketFactory, again, publish, told

from .people import address, enters, kinds, meeting, page, press, state, taken
from .series import FIRST, SECOND, date_of, series

pytestmark = pytest.mark.django_db


def rightly_counted():
    call_command("check_seats")


def in_a_line(**facts):
    """One has the only seat; the next ones wait."""
    event = meeting(**{"capacity": 1, "has_waiting_list": True} | facts)
    return event, enters(event, "First"), enters(event, "Asha"), enters(event, "Next")


# -- the address


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [
        ("en", "Please confirm your address", "Confirm my address"),
        ("fr", "Confirmez votre adresse, s’il vous plaît", "Confirmer mon adresse"),
        ("es", "Confirme su dirección, por favor", "Confirmar mi dirección"),
    ],
)
def test_an_address_is_confirmed_by_a_button_and_never_by_opening_the_page(language, title, button):
    event = meeting(verifies_address=True)
    asha = enters(event)
    shown = page(asha, language)
    assert title in shown
    assert button in shown
    Client().get(address("participant_verify", links.token(asha)))
    assert state(asha) == "unverified"
    answer = press(asha, "participant_verify", language)
    assert answer.status_code == 303
    assert state(asha) == "confirmed"
    again_pressed = press(asha, "participant_verify", language)
    assert again_pressed.status_code == 303
    assert kinds() == ["address", "confirmed"]
    assert button not in page(asha, language)


def test_the_page_says_until_when_the_seat_is_kept_at_the_place_and_where_one_is():
    with time_machine.travel("2031-05-01T06:00:00Z", tick=False):
        asha = enters(meeting(verifies_address=True), home_zone="Asia/Kolkata")
        shown = page(asha)
    assert "kept for you until Thursday, 1 May 2031, 10:00, East Africa Time" in shown
    assert "Where you are: Thursday, 1 May 2031, 12:30, India Standard Time" in shown


def test_all_the_dates_of_one_form_are_confirmed_together_with_one_letter():
    event = series(verifies_address=True)
    rows = [enters(event, occurrence=date_of(event, day)) for day in (FIRST, SECOND)]
    Letter.objects.all().delete()
    assert "once for all your dates" in page(rows[0])
    press(rows[0], "participant_verify")
    assert [state(row) for row in rows] == ["confirmed", "confirmed"]
    assert kinds() == ["confirmed"]
    assert len(Letter.objects.get().facts["registrations"]) == 2


def test_other_dates_are_registered_for_without_confirming_the_address_once_more():
    event = series(verifies_address=True)
    asha = enters(event, occurrence=date_of(event, FIRST))
    press(asha, "participant_verify")
    press(asha, "participant_dates", dates=[SECOND])
    assert set(Registration.objects.values_list("state", flat=True)) == {"confirmed"}
    assert kinds() == ["address", "confirmed", "confirmed"]


def late(event, name="Asha"):
    """The time to confirm passes."""
    with time_machine.travel("2031-05-01T06:00:00Z", tick=False):
        registration = enters(event, name)
    with time_machine.travel("2031-05-01T08:00:00Z", tick=False):
        registration.expire()
    assert state(registration) == "expired"
    return registration


@time_machine.travel("2031-05-01T09:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("facts", "left", "becomes"),
    [
        ({"capacity": 1}, 1, "confirmed"),
        ({"capacity": 1, "has_waiting_list": True}, 0, "waiting"),
        ({"capacity": 1}, 0, "expired"),
    ],
)
def test_who_confirms_too_late_has_what_there_still_is(facts, left, becomes):
    event = meeting(verifies_address=True, **facts)
    asha = late(event)
    if not left:
        staff_seat = Registration(
            event=again(event), name="B", email="b@example.org", language="fr", attendance="onsite"
        )
        staff_seat.verified_at = dt.datetime(2031, 5, 1, tzinfo=dt.UTC)
        staff_seat.enter()
    assert "Confirm it all the same" in page(asha)
    answer = press(asha, "participant_verify")
    assert state(asha) == becomes
    if becomes == "expired":
        assert answer.status_code == 409
        assert "no other is left" in answer.content.decode()
    else:
        assert answer.status_code == 303
    rightly_counted()


@time_machine.travel("2031-05-01T09:00:00Z", tick=False)
def test_who_registered_anew_before_confirming_late_keeps_the_new_one():
    event = meeting(verifies_address=True)
    old = late(event)
    new = enters(event)
    answer = press(old, "participant_verify")
    assert answer.status_code == 409
    assert "registered anew" in answer.content.decode()
    assert links.token(new) not in answer.content.decode()
    assert (state(old), state(new)) == ("expired", "confirmed")  # the address is theirs


# -- the line and the offer


def test_who_waits_reads_how_many_are_ahead_and_can_leave_the_line():
    _event, _first, asha, third = in_a_line()
    assert "You are the first in the line." in page(asha)
    assert "1 person is ahead of you" in page(third)
    assert (
        "Leave the waiting list?"
        in Client().get(address("participant_cancel", links.token(asha), language="en")).content.decode()
    )
    press(asha, "participant_cancel")
    assert state(asha) == "cancelled"
    assert "You are the first in the line." in page(third)


def test_only_those_count_as_ahead_who_wait_for_the_same_seats():
    event = meeting(format="hybrid", capacity_onsite=1, capacity_online=1, has_waiting_list=True)
    for name in ("A", "B", "C"):
        enters(event, name, attendance="online")
    enters(event, "D")
    asha = enters(event)
    assert state(asha) == "waiting"
    assert "You are the first in the line." in page(asha)
    assert "1 person is ahead of you" in page(enters(event, "E"))


@pytest.mark.parametrize(
    ("language", "button"), [("en", "Take the seat"), ("fr", "Prendre la place"), ("es", "Aceptar la plaza")]
)
def test_a_seat_that_is_offered_is_taken_by_a_button_once(language, button):
    event, first, asha, third = in_a_line()
    press(first, "participant_cancel")
    assert state(asha) == "offered"
    assert button in page(asha, language)
    Client().get(address("participant_accept", links.token(asha)))
    assert state(asha) == "offered"
    for _twice in range(2):
        assert press(asha, "participant_accept", language).status_code == 303
    assert (state(asha), state(third)) == ("confirmed", "waiting")
    assert kinds() == ["waiting", "offered", "confirmed"]
    assert taken(event) == 1
    rightly_counted()


def test_who_cannot_come_passes_the_offer_to_the_next_in_one_step():
    event, first, asha, third = in_a_line()
    press(first, "participant_cancel")
    assert "offer it to the next" in page(asha)
    press(asha, "participant_cancel")
    assert (state(asha), state(third)) == ("cancelled", "offered")
    assert taken(event) == 1


def test_an_offer_that_has_run_out_says_so_and_how_to_wait_again():
    event, first, asha, third = in_a_line()
    press(first, "participant_cancel")
    offered = Registration.objects.get(pk=asha.pk)
    with time_machine.travel(offered.expires_at + dt.timedelta(minutes=1), tick=False):
        offered.expire()
        shown = page(asha)
        answer = press(asha, "participant_accept")
        assert answer.status_code == 409
        assert "no longer offered to you" in answer.content.decode()
    assert "went to the next person" in shown
    assert f'href="{address("registration", event.uid, language="en")}"' in shown
    assert (state(asha), state(third)) == ("expired", "offered")


def test_who_waits_can_wish_for_something_else_keeps_the_place_and_may_have_a_seat_at_once():
    event = meeting(format="hybrid", capacity_onsite=1, has_waiting_list=True)
    enters(event, "First")
    asha, third = enters(event), enters(event, "Next")
    line = Registration.objects.get(pk=third.pk).line
    change = address("participant_change", links.token(asha), language="en")
    said = {"name": "Asha", "organisation": "", "country": "IN", "language": "en", "attendance": "online"}
    assert Client().post(change, said).status_code == 303
    assert state(asha) == "offered"
    assert Registration.objects.get(pk=asha.pk).attendance == "online"
    assert Registration.objects.get(pk=third.pk).line == line
    rightly_counted()


# -- a request


def test_a_request_can_be_withdrawn_and_one_that_is_declined_is_told_kindly():
    event = meeting(needs_approval=True)
    asha, ben = enters(event), enters(event, "Ben")
    assert "answer you by letter" in page(asha)
    assert "Withdraw my request" in page(asha)
    press(asha, "participant_cancel")
    assert state(asha) == "cancelled"
    ben.decline()
    assert "could not give you a place" in page(ben)
    assert "Declined" in page(ben)


# -- changes


@pytest.mark.parametrize("audience", ["members", "press", "code"])
def test_another_ticket_is_no_way_round_an_approval_or_a_code(audience):
    event = meeting()
    free, closed = TicketFactory(event=event), TicketFactory(event=event, audience=audience)
    asha = enters(event, ticket=free)
    where = address("participant_change", links.token(asha))
    assert str(closed.uid) not in Client().get(where).content.decode()
    said = {"name": "A", "country": "IN", "language": "en", "attendance": "onsite", "ticket": str(closed.uid)}
    assert Client().post(where, said).status_code == 422
    assert Registration.objects.get().ticket == free


def test_after_the_end_of_changes_answers_stay_as_they_are_and_one_can_still_cancel():
    event = meeting(changes_close_local=dt.datetime(2031, 5, 5, 12), contact_email="who@example.org")
    asha = enters(event, home_zone="")
    said = {"name": "Other", "organisation": "", "country": "IN", "language": "en"}
    change = address("participant_change", links.token(asha), language="en")
    with time_machine.travel("2031-05-05T08:59:00Z", tick=False):  # noon in Nairobi is nine
        assert "can be changed until Monday, 5 May 2031, 12:00" in page(asha)
        assert Client().get(change).status_code == 200
    with time_machine.travel("2031-05-05T09:00:00Z", tick=False):
        assert "could be changed until Monday, 5 May 2031, 12:00" in page(asha)
        assert "mailto:who@example.org" in page(asha)
        Client().post(change, said)
        assert Registration.objects.get().name == "Asha"
        press(asha, "participant_cancel")
    assert state(asha) == "cancelled"


# -- trouble


def test_a_lock_that_is_not_had_leaves_the_page_and_its_button(monkeypatch):
    event = meeting(verifies_address=True)
    asha = enters(event)

    def busy(*args):
        raise OperationalError("database is locked")

    with monkeypatch.context() as locked:
        locked.setattr(SeatPool.objects.__class__, "hold", busy)
        answer = press(asha, "participant_verify")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Confirm my address" in answer.content.decode()
    assert "try again" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert state(asha) == "unverified"


def test_every_button_needs_the_secret_of_the_page_and_no_cookie():
    event = meeting(verifies_address=True)
    asha = enters(event)
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    for name in ("participant_verify", "participant_accept", "participant_pass_on", "participant_pass_on_withdraw"):
        answer = browser.post(address(name, "forged"))
        assert answer.status_code == 404
        assert answer["Referrer-Policy"] == "no-referrer"
    assert browser.post(address("participant_verify", links.token(asha))).status_code == 303
    assert state(asha) == "confirmed"


# -- the letters


def test_the_letters_received_can_be_read_again_and_nobody_elses():
    event = meeting(capacity=5)
    other = meeting(title=told("Autre", "Other one"))
    asha, ben = enters(event), enters(event, "Ben")
    enters(other)
    call_command("work", "--once")
    Letter.objects.create(  # one of the staff uses this address too
        kind="confirmed",
        recipient="asha@example.org",
        language="en",
        about=event.uid,
        link_view="desk",
        sent_at=asha.created_at,
    )
    answer = Client().get(address("participant_letters", links.token(asha), language="en"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count("<article") == 1
    assert "Nairobi meeting" in shown
    assert "Other one" not in shown
    assert "ben@example.org" not in shown
    assert links.token(ben) not in shown
    assert "no-store" in answer["Cache-Control"]


def test_a_moved_line_is_told_as_it_is(django_user_model):
    _event, _first, asha, third = in_a_line()
    staff = django_user_model.objects.create_user("staff")
    waiting_list.move(third, asha, staff, "speaker")
    assert "You are the first in the line." in page(third)
    assert "1 person is ahead of you" in page(asha)


def test_a_meeting_that_is_called_off_offers_no_button():
    event, first, asha, _third = in_a_line()
    press(first, "participant_cancel")
    publish(event, status="cancelled")
    assert "Take the seat" not in page(asha)
