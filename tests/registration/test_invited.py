"""The page behind a personal invitation: one comes, or one says that one can't; the seat kept is whose it is."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail

from events.models import Invitation, Registration
from events.registration import links
from events.registration.inviting import Inviting, read
from tests.factories import TicketFactory, publish
from tests.registration.people import address, answers, link_in, meeting, send, taken, work

pytestmark = pytest.mark.django_db


def invited(event, people="Awa Diallo <awa@example.org>", **terms):
    """The path in the letter, for one person."""
    outcome = Inviting(event, **{"language": "en", "keeps_seats": True} | terms).invite(read(people))
    assert not outcome.left
    return path(Invitation.objects.latest("pk"))


def path(invitation):
    return address("invitation", links.invitation_token(invitation), language="en")


def test_the_letter_leads_to_a_page_on_which_name_and_address_stand_already(client):
    event = meeting(access="members")
    invited(event)
    work()
    (letter,) = mail.outbox
    page = client.get(link_in(letter))
    said = page.content.decode()
    assert "Awa Diallo, you are invited" in said
    assert 'value="awa@example.org"' in said
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert taken(event) == 1
    assert not Registration.objects.exists()


def test_who_comes_is_confirmed_at_once_without_approval_or_another_letter_about_the_address(client):
    event = meeting(capacity=1, needs_approval=True, verifies_address=True)
    link = invited(event)
    sent = answers(name="Awa", email="awa@example.org", language="en", submission=str(uuid.uuid4()))
    assert client.post(link, sent).status_code == 303
    mine = Registration.objects.get()
    assert mine.state == "confirmed"
    assert (taken(event), Invitation.objects.get().state) == (1, "accepted")
    assert "You have registered with this invitation" in client.get(link).content.decode()
    # The same form again, by a double click, is harmless; another person finds it used.
    assert client.post(link, sent).status_code == 303
    assert client.post(link, answers(name="Bela", email="bela@example.org", language="en")).status_code == 422
    assert Registration.objects.count() == 1
    assert taken(event) == 1


def test_another_address_than_the_invited_one_is_to_be_confirmed(client):
    event = meeting(verifies_address=True)
    client.post(invited(event), answers(name="Awa", email="other@example.org", language="en"))
    assert Registration.objects.get().state == "unverified"


def test_who_can_not_come_frees_the_seat_at_once_and_twice_is_once(client):
    event = meeting(capacity=1)
    link = invited(event)
    assert taken(event) == 1
    for _time in range(2):
        assert client.post(link, {"decline": "1"}).status_code == 303
    said = client.get(link).content.decode()
    assert "You have said that you can’t come" in said
    assert '<form class="form"' not in said
    assert taken(event) == 0
    assert client.post(link, answers(email="awa@example.org", language="en")).status_code == 409
    assert not Registration.objects.exists()


def test_the_seat_kept_for_somebody_is_not_the_last_visitor_s_until_the_invitation_ends(client):
    event = meeting(capacity=2)
    with time_machine.travel(dt.datetime(2031, 4, 1, tzinfo=dt.UTC), tick=False):
        link = invited(event, expires_at=dt.datetime(2031, 4, 3, tzinfo=dt.UTC))
        assert send(client, event, email="first@example.org").status_code == 303
        assert send(client, event, email="last@example.org").status_code == 409
        assert "A seat is kept for you until" in client.get(link).content.decode()
    with time_machine.travel(dt.datetime(2031, 4, 3, 1, tzinfo=dt.UTC), tick=False):
        work()
        assert taken(event) == 1
        assert send(client, event, email="last@example.org").status_code == 303
        assert "This invitation has ended" in client.get(link).content.decode()
        assert client.post(link, answers(email="awa@example.org", language="en")).status_code == 409
    assert taken(event) == 2


def test_who_has_come_in_another_way_meanwhile_holds_one_seat_not_two(client):
    event = meeting(capacity=5)
    link = invited(event)
    send(client, event, email="awa@example.org", language="en")
    assert taken(event) == 2
    assert client.post(link, answers(name="Awa", email="awa@example.org", language="en")).status_code == 303
    assert Registration.objects.count() == 1
    assert taken(event) == 1


def test_a_ticket_by_code_is_the_one_that_is_chosen(client):
    event = meeting()
    guest = TicketFactory(event=event, code="guest", audience="code", quota=1)
    TicketFactory(event=event, code="free")
    link = invited(event, ticket=guest)
    client.post(link, answers(name="Awa", email="awa@example.org", language="en", ticket=str(guest.uid)))
    assert Registration.objects.get().ticket == guest
    assert taken(event, guest.pool_key) == 1


def test_no_letter_leaves_and_no_form_is_shown_once_the_event_does_not_take_place(client):
    event = meeting()
    link = invited(event)
    publish(event, status="cancelled")
    work()
    assert not mail.outbox
    said = client.get(link).content.decode()
    assert '<form class="form"' not in said


def test_a_forged_link_opens_nothing(client):
    invited(meeting())
    token = links.invitation_token(Invitation.objects.get())
    assert client.get(address("invitation", token + "x", language="en")).status_code == 404
    assert client.get(address("participant", token, language="en")).status_code == 404
