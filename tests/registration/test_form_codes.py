"""The code of an invitation in the form: what it opens, how often, and what it tells nobody."""

import datetime as dt

import pytest

from events.models import Event, Invitation, Registration

from .people import address, confirmed, letters, meeting, send, text, without_marks

pytestmark = pytest.mark.django_db


def test_a_members_meeting_needs_its_code(client):
    event = meeting(access=Event.Access.MEMBERS)
    assert event.registration_state == "by_invitation"
    Invitation.objects.create(event=event, code="sol-2031")
    assert 'name="code"' in text(client.get(address("registration", event.uid)))
    assert send(client, event).status_code == 422
    assert send(client, event, code="WRONG").status_code == 422
    assert send(client, event, code=" SOL-2031 ").status_code == 303
    assert Registration.objects.get().invitation.used == 1


def test_a_code_for_one_opens_once_and_again_after_its_seat_was_given_back(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="ONE", max_uses=1)
    assert send(client, event, code="ONE").status_code == 303
    assert send(client, event, code="ONE", email="second@example.org").status_code == 422
    assert confirmed(event) == 1
    Registration.objects.get().cancel()
    assert send(client, event, code="ONE", email="second@example.org").status_code == 303


def test_a_wrong_code_tells_nothing_about_who_is_registered(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="MANY", max_uses=None)
    send(client, event, code="MANY")
    known = send(client, event, code="WRONG")
    stranger = send(client, event, code="WRONG", email="aaaa@example.org")
    assert without_marks(known).replace("asha@", "aaaa@") == without_marks(stranger)


def test_a_code_that_is_used_up_tells_nobody_who_came_in_with_it(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="ONE", max_uses=1)
    send(client, event, code="ONE")
    known = send(client, event, code="ONE")
    stranger = send(client, event, code="ONE", email="aaaa@example.org")
    assert known.status_code == stranger.status_code == 422
    assert without_marks(known).replace("asha@", "aaaa@") == without_marks(stranger)
    assert [letter.recipients() for letter in letters()] == [["Asha Rao <asha@example.org>"]] * 2  # she is told


def test_an_expired_code_opens_nothing(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="OLD", expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert send(client, event, code="OLD").status_code == 422
