"""Tickets and invitation codes in the admin."""

import pytest
from django.urls import reverse

from events.models import Invitation, SeatPool, Ticket
from tests.factories import EventFactory, TicketFactory

pytestmark = pytest.mark.django_db


def sent(ticket, **changes):
    return {
        "event": str(ticket.event_id),
        "name_0": "Entrée",
        "code": ticket.code,
        "attendance": "",
        "price": "0",
        "currency": "EUR",
        "quota": "",
        "sort_order": "0",
    } | changes


def test_a_quota_below_what_is_taken_is_refused_with_the_number(desk):
    ticket = TicketFactory(event=EventFactory.published(), quota=20)
    SeatPool.objects.filter(key=ticket.pool_key).update(taken=12)
    address = reverse("tickets:edit", args=[ticket.pk])
    refused = desk.post(address, sent(ticket, quota="11"))
    assert "12" in refused.context["form"].errors["quota"][0]
    assert desk.post(address, sent(ticket, quota="12")).status_code == 302
    assert SeatPool.objects.get(key=ticket.pool_key).capacity == 12


def test_a_code_given_twice_is_refused_in_words_of_the_desk(desk):
    first = TicketFactory(event=EventFactory.published(), code="farmer")
    second = TicketFactory(event=first.event, code="other")
    refused = desk.post(reverse("tickets:edit", args=[second.pk]), sent(second, code="farmer"))
    assert "This event already has a ticket with this code." in refused.content.decode()


def test_a_ticket_stays_with_its_event(desk):
    ticket = TicketFactory(event=EventFactory.published())
    elsewhere = EventFactory.published()
    refused = desk.post(reverse("tickets:edit", args=[ticket.pk]), sent(ticket, event=str(elsewhere.pk)))
    assert "event" in refused.context["form"].errors


def test_a_ticket_nobody_holds_is_deleted_with_its_seats(desk):
    ticket = TicketFactory(event=EventFactory.create())
    desk.post(reverse("tickets:delete", args=[ticket.pk]))
    assert not Ticket.objects.exists()
    assert not SeatPool.objects.filter(key=ticket.pool_key).exists()


def test_the_lists_are_narrowed_by_event_and_add_for_it(desk):
    mine, other = TicketFactory(event=EventFactory.published()), TicketFactory(event=EventFactory.published())
    page = desk.get(reverse("tickets:index"), {"event": mine.event_id})
    assert [ticket.pk for ticket in page.context["object_list"]] == [mine.pk]
    assert other.pk != mine.pk
    assert f"{reverse('tickets:add')}?event={mine.event_id}" in page.content.decode()
    form = desk.get(reverse("tickets:add"), {"event": mine.event_id}).context["form"]
    assert form["event"].value() == mine.event_id


def test_a_code_left_empty_is_drawn(desk):
    event = EventFactory.published()
    for _time in range(2):
        desk.post(reverse("invitations:add"), {"event": event.pk, "code": "", "max_uses": "5"})
    first, second = Invitation.objects.all()
    assert first.code != second.code
    assert len(first.code) == 11
    assert desk.get(reverse("invitations:index")).status_code == 200


def test_uses_allowed_never_fall_below_those_made(desk):
    code = Invitation.objects.create(event=EventFactory.published(), code="ABC", max_uses=5, used=3)
    refused = desk.post(
        reverse("invitations:edit", args=[code.pk]), {"event": code.event_id, "code": "abc", "max_uses": "2"}
    )
    assert "3" in refused.context["form"].errors["max_uses"][0]


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "60,50\N{NO-BREAK SPACE}EUR"), ("en", "60.50\N{NO-BREAK SPACE}EUR")]
)
def test_a_price_is_written_as_the_language_writes_numbers(desk, language, told):
    TicketFactory(event=EventFactory.published(), price=6050)
    assert told in desk.get(reverse("tickets:index"), headers={"accept-language": language}).content.decode()
