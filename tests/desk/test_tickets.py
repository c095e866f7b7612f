"""Tickets and invitation codes in the admin."""

import pytest
from django.db import transaction
from django.urls import reverse

from events.desk.sale.invitations import InvitationViewSet
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
        "audience": "public",
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


@pytest.mark.parametrize("event", ["x", "²", "\x00", "9" * 40])
def test_an_event_that_is_none_is_chosen_nowhere(desk, event):
    assert desk.get("/admin/tickets/", {"event": event}).status_code == 200
    assert desk.get("/admin/invitations/new/", {"event": event}).status_code == 200
    assert desk.post("/admin/invitations/new/", {"event": event, "max_uses": "1"}).status_code == 200
    assert not Invitation.objects.exists()


def test_a_code_left_empty_is_drawn(desk):
    event = EventFactory.published()
    for _time in range(2):
        desk.post(reverse("invitations:add"), {"event": event.pk, "code": "", "max_uses": "5"})
    first, second = Invitation.objects.all()
    assert first.code != second.code
    assert len(first.code) == 11
    assert desk.get(reverse("invitations:index")).status_code == 200


@pytest.mark.parametrize("until", ["0001-01-01 00:00", "9999-12-31 23:59"])
def test_a_year_that_no_meeting_has_ends_no_code(desk, until):
    sent = {"event": EventFactory.published(timezone="America/Lima").pk, "code": "X", "expires_at": until}
    assert "expires_at" in desk.post(reverse("invitations:add"), sent).context["form"].errors
    assert not Invitation.objects.exists()


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


def code_of(event, **changes):
    """What the form of a code sends."""
    return {"event": event.pk, "code": "PRESS", "max_uses": "3", "reserves_seats": "on"} | changes


def kept(event):
    return SeatPool.objects.get(event=event, key="event").taken


def test_a_code_keeps_seats_as_long_as_it_holds_and_gives_them_back(desk):
    event = EventFactory.published(capacity=5, registration="here")
    assert desk.post(reverse("invitations:add"), code_of(event)).status_code == 302
    code = Invitation.objects.get()
    assert (kept(event), code.reserved) == (3, 3)
    edit = reverse("invitations:edit", args=[code.pk])
    assert desk.post(edit, code_of(event, max_uses="2")).status_code == 302
    assert kept(event) == 2
    assert "2" in desk.get(reverse("invitations:index")).content.decode()
    assert desk.post(reverse("invitations:delete", args=[code.pk])).status_code == 302
    assert kept(event) == 0


def test_more_seats_than_are_free_are_not_kept_and_the_form_says_how_many_are(desk):
    event = EventFactory.published(capacity=5, capacity_onsite=2, registration="here")
    refused = desk.post(reverse("invitations:add"), code_of(event, code="A"))
    assert refused.status_code == 200
    assert "Only 2 seats are free on site." in refused.content.decode()
    assert not Invitation.objects.exists()
    assert kept(event) == 0
    without = desk.post(reverse("invitations:add"), code_of(event, max_uses=""))
    assert "Say how many, if seats are kept." in without.content.decode()


def test_what_was_used_while_its_form_was_open_stays_counted(desk):
    event = EventFactory.published(capacity=5, registration="here")
    desk.post(reverse("invitations:add"), code_of(event))
    code = Invitation.objects.get()
    form = form_of(code, code_of(event, note="For the press"))
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)
        Invitation.objects.use(event.pk, "press")  # somebody registers meanwhile, and takes the seat that is next
    assert form.is_valid(), form.errors
    form.save()
    code.refresh_from_db()
    assert (code.used, code.reserved, code.note) == (1, 2, "For the press")
    assert kept(event) == 2


def form_of(code, data):
    handler = InvitationViewSet().edit_handler.bind_to_model(Invitation)
    return handler.get_form_class()(data, instance=code)


def test_a_sale_ends_after_it_begins_and_the_list_tells_for_whom_and_when(desk):
    ticket = TicketFactory(event=EventFactory.published())
    address = reverse("tickets:edit", args=[ticket.pk])
    times = {"audience": "press", "sale_opens_local": "2031-05-02 09:00", "sale_closes_local": "2031-05-01 09:00"}
    refused = desk.post(address, sent(ticket, **times))
    assert "sale_closes_local" in refused.context["form"].errors
    assert desk.post(address, sent(ticket, **times | {"sale_closes_local": "2031-05-03 18:30"})).status_code == 302
    listed = desk.get(reverse("tickets:index")).content.decode()
    assert "the press" in listed
    assert "05/02/2031" in listed or "2 May 2031" in listed
