"""Prices of tickets as the staff write and read them."""

import datetime as dt

import pytest
from django.urls import reverse

from events.desk.payments.amounts import read
from events.models import Ticket
from events.models.money import AmountRefused
from tests.factories import EventFactory, TicketFactory

pytestmark = pytest.mark.django_db


def sent(event, **changes):
    return {
        "event": str(event.pk),
        "name_0": "Entrée",
        "code": "entree",
        "price": "0",
        "currency": "EUR",
        "sort_order": "0",
        "audience": "public",
    } | changes


def add(desk, event, language="en", **changes):
    return desk.post(reverse("tickets:add"), sent(event, **changes), headers={"accept-language": language})


@pytest.mark.parametrize(
    ("language", "typed", "currency", "stored"),
    [
        ("en", "60", "EUR", 6000),
        ("en", "60.50", "EUR", 6050),
        ("fr", "60,50", "EUR", 6050),
        ("es", "60,5", "EUR", 6050),
        ("fr", "15 000", "XOF", 15000),
        ("fr", "15\N{NARROW NO-BREAK SPACE}000", "XOF", 15000),
        ("es", "1.500,00", "INR", 150000),
        ("en", "1,50,000.00", "INR", 15000000),
        ("fr", "12,500", "TND", 12500),
        ("en", "", "EUR", 0),
    ],
)
def test_a_price_is_written_in_whole_units_as_people_write_it(desk, language, typed, currency, stored):
    assert add(desk, EventFactory.published(), language, price=typed, currency=currency).status_code == 302
    assert (Ticket.objects.get().price, Ticket.objects.get().currency) == (stored, currency)


@pytest.mark.parametrize(
    ("language", "typed", "currency", "says"),
    [
        ("en", "15000.50", "XOF", "XOF has no such small change"),
        ("en", "60.505", "TND", "TND has no such small change"),
        ("en", "sixty", "EUR", "This is not an amount."),
        ("en", "-5", "EUR", "This is not an amount."),
        ("en", "1,500", "EUR", "without a sign between the thousands"),
        ("en", "0.20", "EUR", "be paid by card"),
        ("en", "99999999", "EUR", "more than can be paid at once"),
    ],
)
def test_what_can_not_be_asked_is_refused_at_the_field_and_comes_back_as_it_was_typed(
    desk, language, typed, currency, says
):
    refused = add(desk, EventFactory.published(), language, price=typed, currency=currency)
    form = refused.context["form"]
    assert says in form.errors["price"][0]
    assert form["price"].value() == typed
    assert not Ticket.objects.exists()


def test_a_point_of_one_language_never_is_a_thousand_of_another():
    for typed in ("1,500", "1.500"):
        with pytest.raises(AmountRefused):
            read(typed, "EUR")


def test_the_currency_is_one_in_which_a_price_can_be_asked_and_one_for_all_prices_of_an_event(desk):
    event = EventFactory.published()
    assert "currency" in add(desk, event, price="60", currency="UGX").context["form"].errors
    TicketFactory(event=event, price=6000)
    refused = add(desk, event, price="60", currency="USD")
    assert "The other prices of this event are in EUR." in refused.context["form"].errors["currency"][0]
    form = desk.get(reverse("tickets:add"), headers={"accept-language": "es"}).context["form"]
    assert ("XOF", "XOF · franco CFA de África Occidental") in [
        (code, str(name)) for code, name in form.fields["currency"].choices
    ]


def test_a_price_that_is_right_is_not_blamed_for_one_that_is_wrong(desk):
    refused = add(desk, EventFactory.published(), price="60.50", early_price="x", early_until_local="2031-03-01 18:00")
    assert list(refused.context["form"].errors) == ["early_price"]


def test_a_new_ticket_begins_with_the_currency_of_the_others(desk):
    event = TicketFactory(price=15000, currency="XOF").event
    form = desk.get(reverse("tickets:add"), {"event": event.pk}).context["form"]
    assert form["currency"].value() == "XOF"


def test_an_early_price_has_an_end_and_is_less(desk):
    event = EventFactory.published()
    without = add(desk, event, price="60", early_price="40")
    assert "early_until_local" in without.context["form"].errors
    missing = add(desk, event, price="60", early_until_local="2031-03-01 18:00")
    assert "early_price" in missing.context["form"].errors
    more = add(desk, event, price="60", early_price="60", early_until_local="2031-03-01 18:00")
    assert "less than the price" in more.context["form"].errors["early_price"][0]
    assert add(desk, event, price="60", early_price="40,5", early_until_local="2031-03-01 18:00").status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.early_price, ticket.early_until_local) == (4050, dt.datetime(2031, 3, 1, 18))
    form = desk.get(reverse("tickets:edit", args=[ticket.pk]), headers={"accept-language": "fr"}).context["form"]
    assert (form["price"].value(), form["early_price"].value()) == ("60", "40,50")


def test_the_list_tells_the_price_and_the_early_one_in_the_readers_language(desk):
    TicketFactory(
        event=EventFactory.published(),
        price=15000,
        currency="XOF",
        early_price=10000,
        early_until_local=dt.datetime(2031, 3, 1, 18),
    )
    page = desk.get(reverse("tickets:index"), headers={"accept-language": "fr"}).content.decode()
    assert "15\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}F\N{NARROW NO-BREAK SPACE}CFA" in page
    assert "10\N{NARROW NO-BREAK SPACE}000" in page
    assert "XOF" in page
    assert "01/03/2031" in page


def test_the_form_says_that_payments_are_to_be_set_up_first(desk, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert "Payments are not set up on this site yet" in desk.get(reverse("tickets:add")).content.decode()
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    page = desk.get(reverse("tickets:add")).content.decode()
    assert "Payments are not set up on this site yet" not in page
    assert "whoever was asked for a price keeps it" in page


def test_tickets_taken_over_keep_the_distance_of_their_early_price(desk):
    there = EventFactory.published(start_local=dt.datetime(2031, 5, 12, 9), end_local=dt.datetime(2031, 5, 12, 17))
    here = EventFactory.published(start_local=dt.datetime(2032, 5, 10, 9), end_local=dt.datetime(2032, 5, 10, 17))
    ticket = TicketFactory(
        event=there, price=6000, early_price=4000, early_until_local=dt.datetime(2031, 5, 2, 9), code="a"
    )
    address = reverse("wagtailsnippets_events_event:ticket_takeover", args=[here.pk])
    page = desk.get(f"{address}?source={there.pk}", headers={"accept-language": "fr"}).content.decode()
    assert "30/04/2032" in page
    assert desk.post(f"{address}?source={there.pk}", {"ticket": [ticket.pk]}).status_code == 303
    copied = here.tickets.get()
    assert (copied.price, copied.early_price, copied.early_until_local) == (6000, 4000, dt.datetime(2032, 4, 30, 9))


def test_a_ticket_in_another_currency_than_the_events_is_not_taken_over_and_the_reason_told(desk):
    ticket = TicketFactory(event=EventFactory.published(), price=15000, currency="XOF")
    here = TicketFactory(event=EventFactory.published(), price=6000).event
    address = reverse("wagtailsnippets_events_event:ticket_takeover", args=[here.pk])
    refused = desk.post(f"{address}?source={ticket.event_id}", {"ticket": [ticket.pk]})
    assert refused.status_code == 422
    assert "The other prices of this event are in EUR." in refused.content.decode()
    assert here.tickets.count() == 1
