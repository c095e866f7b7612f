"""The tickets of the form: when each can be had, for whom it is, and what a code opens."""

import datetime as dt
import html
import re

import pytest
import time_machine

from events.models import Event, EventPage, Invitation, Registration
from tests.factories import TicketFactory, again, told

from .people import address, answers, meeting, send, taken

pytestmark = pytest.mark.django_db

NINE = dt.datetime(2031, 2, 1, 9)  # in Nairobi: six in UTC


def text(response) -> str:
    return html.unescape(response.content.decode())


def form_of(client, event: Event, code: str = "", language: str = "en") -> str:
    return text(client.get(address("registration", event.uid, language=language), {"code": code} if code else {}))


def radios(page: str) -> dict[str, bool]:
    """The tickets listed, by their keys, and whether each can be chosen."""
    found = re.findall(r'<input type="radio" name="ticket" value="([^"]+)"([^>]*)>', page)
    return {uid: "disabled" not in more for uid, more in found}


def states(event: Event) -> list[str]:
    return list(Registration.objects.filter(event=event).order_by("pk").values_list("state", flat=True))


def test_a_ticket_can_be_had_in_its_window_on_the_clock_of_the_event(client):
    event = meeting()
    early = TicketFactory(event=event, sale_closes_local=NINE)
    late = TicketFactory(event=event, sale_opens_local=NINE)

    def sold(ticket, name):
        return send(client, event, ticket=str(ticket.uid), email=f"{name}@example.org", language="en").status_code

    with time_machine.travel("2031-02-01T05:59:00Z", tick=False):
        page = form_of(client, event)
        assert radios(page) == {str(early.uid): True, str(late.uid): False}
        assert "can be had from Saturday, 1 February 2031, 09:00, East Africa Time" in page
        assert (sold(early, "a"), sold(late, "b")) == (303, 422)
    with time_machine.travel("2031-02-01T06:00:00Z", tick=False):
        page = form_of(client, event)
        assert radios(page) == {str(early.uid): False, str(late.uid): True}
        assert "no longer available" in page
        assert (sold(early, "c"), sold(late, "d")) == (422, 303)
    assert states(event) == ["confirmed", "confirmed"]


def test_between_two_sales_nobody_registers_and_the_page_says_when_one_can(client):
    event = meeting()
    TicketFactory(event=event, sale_closes_local=dt.datetime(2031, 1, 1))
    TicketFactory(event=event, sale_opens_local=NINE)
    page = EventPage.objects.get(event=event, locale__language_code="en").get_url()
    with time_machine.travel("2031-01-15T12:00:00Z", tick=False):
        assert again(event).registration_state == "not_yet"
        assert "It opens on Saturday, 1 February 2031, 09:00" in form_of(client, event)
        shown = text(client.get(page))
        assert "Opens on 1 February 2031, 09:00" in shown
        assert 'rel="register"' not in shown
    with time_machine.travel("2031-02-01T06:00:01Z", tick=False):  # kept until then, and no longer
        assert 'rel="register"' in text(client.get(page))


def test_when_the_last_sale_is_over_registration_is_closed(client):
    event = meeting()
    TicketFactory(event=event, sale_closes_local=NINE)
    with time_machine.travel("2031-02-02T00:00:00Z", tick=False):
        assert "It closed on Saturday, 1 February 2031, 09:00" in form_of(client, event)


def test_members_and_the_press_ask_and_whoever_has_a_code_need_not(client):
    event = meeting()
    press = TicketFactory(event=event, audience="press")
    members = TicketFactory(event=event, audience="members")
    Invitation.objects.create(event=event, code="KNOWN", max_uses=1)
    page = form_of(client, event)
    assert radios(page) == {str(press.uid): True, str(members.uid): True}
    assert page.count("on request: the organisers decide") == 2
    assert "for the press" in page
    assert "Ask for a place</button>" in page
    asked = send(client, event, ticket=str(press.uid), language="en")
    assert asked.status_code == 303
    assert "The organisers read your request and decide" in text(client.get(asked.url))
    send(client, event, ticket=str(members.uid), code="known", email="b@example.org")
    assert states(event) == ["requested", "confirmed"]


def test_a_ticket_by_code_is_neither_seen_nor_had_without_one(client):
    event = meeting(capacity=9)
    free = TicketFactory(event=event)
    secret = TicketFactory(event=event, audience="code", name=told("Oratrices", "Speakers", "Ponentes"))
    Invitation.objects.create(event=event, code="SPEAK", max_uses=1)
    assert radios(form_of(client, event)) == {str(free.uid): True}
    assert send(client, event, ticket=str(secret.uid)).status_code == 422
    wrong = send(client, event, ticket=str(secret.uid), code="GUESS", language="en")
    assert wrong.status_code == 422
    assert "Speakers" not in text(wrong)
    page = EventPage.objects.get(event=event, locale__language_code="en").get_url()
    assert "Speakers" not in text(client.get(page))
    assert taken(event) == 0
    assert radios(form_of(client, event, "speak")) == {str(free.uid): True, str(secret.uid): True}
    assert send(client, event, ticket=str(secret.uid), code="speak").status_code == 303
    assert Registration.objects.get().ticket == secret
    again_ = send(client, event, ticket=str(secret.uid), code="speak", email="b@example.org", language="en")
    assert again_.status_code == 422  # used up
    assert "Speakers" not in text(again_)
    assert 'value="b@example.org"' in text(again_)


def test_a_button_shows_what_a_code_opens_and_records_nothing(client):
    event = meeting()
    TicketFactory(event=event)
    secret = TicketFactory(event=event, audience="code")
    Invitation.objects.create(event=event, code="SPEAK", ticket=secret)
    where = address("registration", event.uid, language="en")
    assert 'name="look"' in form_of(client, event)
    shown = client.post(where, {"look": "1", "code": "speak", "name": "Asha Rao", "dates": "x"})
    assert shown.status_code == 200
    assert radios(text(shown)) == {str(secret.uid): True}
    assert 'value="Asha Rao"' in text(shown)
    assert 'role="alert"' not in text(shown)
    refused = client.post(where, {"look": "1", "code": "nothing", "name": "Asha Rao"})
    assert refused.status_code == 422
    assert "This code does not open this registration" in text(refused)
    assert states(event) == []


def test_a_code_for_one_ticket_chooses_it_and_no_other(client):
    event = meeting()
    free = TicketFactory(event=event)
    bound = TicketFactory(event=event, audience="code")
    Invitation.objects.create(event=event, code="ONE", ticket=bound, max_uses=2)
    other = send(client, event, ticket=str(free.uid), code="ONE", language="en")
    assert other.status_code == 422
    assert "Your code is for the ticket" in text(other)
    assert radios(text(other)) == {str(bound.uid): True}
    assert states(event) == []
    assert send(client, event, code="one").status_code == 303  # nothing else to choose
    assert Registration.objects.get().ticket == bound


def test_whoever_has_a_code_with_a_seat_kept_gets_in_though_it_is_full(client):
    event = meeting(capacity=2)
    kept = Invitation.objects.create(event=event, code="KEPT", max_uses=1, reserves_seats=True)
    kept.settle()
    assert send(client, event, email="first@example.org").status_code == 303
    assert again(event).registration_state == "full"
    page = EventPage.objects.get(event=event, locale__language_code="en").get_url()
    assert "Register with an invitation" in text(client.get(page))
    assert send(client, event, email="late@example.org").status_code == 409
    assert send(client, event, email="guest@example.org", code="kept").status_code == 303
    assert states(event) == ["confirmed", "confirmed"]
    assert taken(event) == 2
    shut = text(client.get(page))
    assert "Register with an invitation" not in shut
    assert 'name="email"' not in form_of(client, event)


def test_a_form_sent_twice_with_a_code_for_one_person_is_one_wish(client):
    event = meeting()
    secret = TicketFactory(event=event, audience="code")
    Invitation.objects.create(event=event, code="ONE", ticket=secret, max_uses=1)
    token = "3f1b6c1e-6d43-4a43-9f2e-2b1f5f0d7a11"
    answers = [send(client, event, code="ONE", submission=token) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url
    assert states(event) == ["confirmed"]


def test_a_ticket_that_ceases_to_be_had_on_the_way_gives_the_form_back(client, monkeypatch):
    from events.registration import registering, views

    event = meeting()
    TicketFactory(event=event)
    ticket = TicketFactory(event=event)

    def meanwhile(event, **facts):
        ticket.sale_closes_local = dt.datetime(2020, 1, 1)
        ticket.save()
        return registering.register(again(event), **facts)

    monkeypatch.setattr(views, "register", meanwhile)
    answer = send(client, event, ticket=str(ticket.uid), language="en")
    assert answer.status_code == 409
    assert "can’t be had any more; nothing was recorded" in text(answer)
    assert 'value="asha@example.org"' in text(answer)
    assert states(event) == []


def test_codes_can_not_be_guessed_at_leisure(client, monkeypatch):
    from events.registration import views

    monkeypatch.setattr(views, "CODES_TRIED", 2)
    event = meeting()
    TicketFactory(event=event, audience="code")
    where = address("registration", event.uid, language="en")
    assert client.get(where, {"code": "a"}).status_code == 200
    assert client.post(where, {"look": "1", "code": "b"}).status_code == 422
    assert client.get(where, {"code": "c"}).status_code == 429
    assert client.post(where, {"look": "1", "code": "d"}).status_code == 429


def test_a_code_sent_where_none_is_asked_for_shows_the_form_and_registers_nobody(client):
    event = meeting()
    sent = client.post(address("registration", event.uid), answers(look="1", code="nothing"))
    assert sent.status_code == 422
    assert not event.registrations.exists()
