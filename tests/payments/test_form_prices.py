"""Prices before one registers: on the form, on the page of the meeting and in what machines read of it."""

import datetime as dt
import json
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from events.models import EventPage, Payment, RefundStep, Registration, Ticket
from events.registration import links
from letters.models import Letter
from tests.factories import TicketFactory, again, publish, told
from tests.registration.people import address, answers, meeting, send
from tests.registration.series import FIRST, SECOND, choose, series

from .people import costly, keeps, now, pays, text

pytestmark = pytest.mark.django_db

EARLY = dt.datetime(2031, 2, 1, 9)  # in Nairobi: six in UTC
BEFORE, AT = "2031-02-01T05:59:59Z", "2031-02-01T06:00:00Z"


@pytest.fixture(autouse=True)
def key(settings):
    """Prices are asked; nobody answers at this address."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_nobody", "http://127.0.0.1:9"


def form_of(client, event, language="en") -> str:
    return text(client.get(address("registration", event.uid, language=language)))


def button(page: str) -> str:
    return re.findall(r'<button class="btn go" type="submit">([^<]*)</button>', page)[-1]


def page_of(client, event, language="en") -> str:
    page = EventPage.objects.get(event=event, locale__language_code=language)
    with translation.override(language):
        return text(client.get(page.get_url()))


def offers(page: str) -> list[dict]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (event,) = [one for one in map(json.loads, blocks) if "offers" in one]
    return event["offers"]


def is_to_pay(answer) -> Registration | None:
    """Whose payment the answer leads to, if it does."""
    return links.opened_to_pay(answer.url.rstrip("/").rsplit("/", 1)[1]) if answer.status_code == 303 else None


# -- the form


@pytest.mark.parametrize(
    ("language", "price", "currency", "shown"),
    [
        ("fr", 6000, "EUR", "60,00\u00a0€"),
        ("en", 6000, "EUR", "€60.00"),
        ("es", 15_000, "XOF", "15.000\u00a0XOF"),
        ("fr", 15_000, "XOF", "15\u202f000\u00a0F\u202fCFA"),
        ("en", 150_000, "INR", "₹1,500.00"),
        ("fr", 12_500, "TND", "12,500\u00a0TND"),
        ("en", 150_000, "ISK", "ISK\u00a01,500"),
    ],
)
def test_the_form_tells_the_price_in_the_language_of_its_reader(client, language, price, currency, shown):
    event, _ = costly(price, currency)
    page = form_of(client, event, language)
    assert f'<span class="price">{shown}</span>' in page
    assert shown in button(page)


def test_a_free_ticket_beside_one_that_costs_says_so_and_the_button_names_no_amount(client):
    event, _ = costly()
    TicketFactory(event=event, code="free")
    page = form_of(client, event)
    assert '<span class="price">Free</span>' in page
    assert '<span class="price">€60.00</span>' in page
    assert button(page) == "Continue to payment"


def test_a_meeting_that_costs_nothing_speaks_of_no_payment(client):
    event = meeting()
    TicketFactory(event=event)
    page = form_of(client, event)
    assert button(page) == "Register"
    assert "pay" not in re.sub(r"<script.*?</script>|<a [^>]*>|<input[^>]*>", "", page).lower()


def test_the_button_promises_no_payment_where_something_comes_before_it(client):
    assert button(form_of(client, costly(verifies_address=True)[0])) == "Register"
    assert button(form_of(client, costly(needs_approval=True)[0])) == "Ask for a place"


def test_the_early_price_ends_at_the_very_minute_on_the_clock_of_the_event(client):
    event, ticket = costly(8000, early_price=6000, early_until_local=EARLY)
    with time_machine.travel(BEFORE, tick=False):
        page = form_of(client, event)
        assert (
            "early price until Saturday, 1 February 2031, 09:00, East Africa Time (Nairobi, UTC+3), then €80.00" in page
        )
        assert button(page) == "Register and pay €60.00"
        asha = is_to_pay(send(client, event, ticket=str(ticket.uid), language="en"))
    with time_machine.travel(AT, tick=False):
        page = form_of(client, event)
        assert "early price" not in page
        assert button(page) == "Register and pay €80.00"
        bina = is_to_pay(send(client, event, ticket=str(ticket.uid), email="bina@example.org", language="en"))
        assert "€60.00" in text(client.get(address("pay", links.pay_token(asha), language="en"))), "it was promised"
    assert (asha.fee, bina.fee) == (6000, 8000)


def test_an_early_price_of_nothing_is_free_until_then(client):
    event, ticket = costly(8000, early_price=0, early_until_local=EARLY)
    with time_machine.travel(BEFORE, tick=False):
        page = form_of(client, event)
        assert '<span class="price">Free</span>' in page
        assert "free until Saturday, 1 February 2031, 09:00" in page
        assert button(page) == "Register"
        assert is_to_pay(send(client, event, ticket=str(ticket.uid))) is None
    assert (Registration.objects.get().state, Payment.objects.count()) == ("confirmed", 0)


def test_what_goes_back_to_who_cancels_is_told_beforehand(client):
    event, _ = costly()
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, 4, 1), percent=100)
    assert "until Tuesday, 1 April 2031, 00:00, East Africa Time (Nairobi, UTC+3): all of the price" in form_of(
        client, event
    )


# -- after it


def test_a_place_that_is_kept_leads_to_its_payment_and_the_same_form_twice_to_the_same(client):
    event, ticket = costly()
    said = {"ticket": str(ticket.uid), "submission": str(uuid.uuid4()), "language": "en"}
    first, second = send(client, event, **said), send(client, event, **said)
    asha = Registration.objects.get()
    assert is_to_pay(first) == is_to_pay(second) == asha
    assert Letter.objects.count() == 1


def test_another_form_for_an_address_that_is_registered_leads_to_no_payment_of_theirs(client):
    event, ticket = costly()
    send(client, event, ticket=str(ticket.uid), submission=str(uuid.uuid4()))
    for changes in ({"submission": str(uuid.uuid4())}, {"submission": ""}, {}):
        answer = send(client, event, ticket=str(ticket.uid), **changes)
        assert answer.status_code == 303
        assert is_to_pay(answer) is None
    assert Registration.objects.count() == 1


def test_who_has_paid_and_sends_the_form_again_reads_the_ordinary_thanks(client):
    event, ticket = costly()
    said = {"ticket": str(ticket.uid), "submission": str(uuid.uuid4())}
    send(client, event, **said)
    pays(Registration.objects.get())
    assert is_to_pay(send(client, event, **said)) is None


@pytest.mark.parametrize("facts", [{"verifies_address": True}, {"needs_approval": True}, {"has_waiting_list": True}])
def test_where_something_comes_before_the_payment_the_thanks_say_that_it_is_asked_for_later(client, facts):
    event, ticket = costly(quota=1, **facts)
    if "has_waiting_list" in facts:
        keeps(event, ticket, "Bina")
    answer = send(client, event, ticket=str(ticket.uid), wait="on", language="en")
    assert is_to_pay(answer) is None
    assert "it is paid later: as soon as a seat is kept for you" in text(client.get(answer.url))


def test_of_several_dates_the_first_is_paid_first(client):
    event = series()
    ticket = TicketFactory(event=event, price=6000)
    page = form_of(client, event)
    assert button(page) == "Continue to payment", "how many dates is not known yet"
    answer = choose(client, event, SECOND, FIRST, ticket=str(ticket.uid), submission=str(uuid.uuid4()))
    found = is_to_pay(answer)
    assert found is not None
    assert found.occurrence.day.isoformat() == FIRST
    assert Registration.objects.filter(state="held", fee=6000).count() == 2


def test_a_place_that_is_offered_and_taken_waits_for_its_payment(client):
    event, ticket = costly(quota=1, has_waiting_list=True)
    bina = keeps(event, ticket, "Bina")
    send(client, event, ticket=str(ticket.uid), wait="on")
    now(bina).cancel()
    asha = Registration.objects.get(email="asha@example.org")
    assert asha.state == "offered"
    answer = client.post(address("participant_accept", links.token(asha), language="en"))
    page = text(client.get(answer.url))
    assert "The seat is kept for you." in page
    assert re.search(r'<a class="btn go" href="/en/[^"]*">Pay €60.00</a>', page)


def test_without_a_key_nothing_that_costs_can_be_had(client, settings):
    event, ticket = costly()
    settings.STRIPE_SECRET_KEY = ""
    assert again(event).registration_state == "not_sold"
    page = form_of(client, event)
    assert "are not sold here yet" in page
    answer = client.post(address("registration", event.uid), answers(ticket=str(ticket.uid)))
    assert (answer.status_code, Registration.objects.count()) == (409, 0)


# -- the page of the meeting


def test_the_page_tells_each_price_and_until_when_it_holds(client):
    event, _ = costly(8000, early_price=6000, early_until_local=EARLY)
    TicketFactory(event=event, code="free", name=told("Étudiants", "Students"), sort_order=1)
    TicketFactory(event=event, code="hidden", name=told("Cachée", "Hidden"), price=100, audience="code", sort_order=2)
    with time_machine.travel(BEFORE, tick=False):
        page = page_of(client, event)
    assert "Standard: €60.00<small>until 1 February 2031, 09:00, then €80.00</small>" in page
    assert "Students: Free" in page
    assert "Hidden" not in page


def test_the_page_that_is_kept_turns_when_the_early_price_ends(settings):
    settings.KEPT_PAGES_MB = 4
    event, ticket = costly(8000, early_price=6000, early_until_local=EARLY)
    visitor = Client()
    with time_machine.travel("2031-02-01T05:59:40Z", tick=False) as clock:
        assert "<b>€60.00</b>" in page_of(visitor, event)
        Ticket.objects.filter(pk=ticket.pk).update(early_price=5000)  # past every door: the page does not hear of it
        clock.shift(19)
        assert "<b>€60.00</b>" in page_of(visitor, event), "it is kept"
        clock.shift(1)
        assert "<b>€80.00</b>" in page_of(visitor, event)


def test_the_page_of_a_meeting_that_costs_nothing_tells_no_price(client):
    event = meeting()
    TicketFactory(event=event)
    assert 'class="seats"' not in page_of(client, event)


@pytest.mark.parametrize(
    ("price", "currency", "major"),
    [(6000, "EUR", "60.00"), (15_000, "XOF", "15000"), (12_500, "TND", "12.500"), (150_000, "ISK", "1500.00")],
)
def test_machines_read_the_price_in_whole_units(client, price, currency, major):
    event, _ = costly(price, currency)
    (offer,) = offers(page_of(client, event))
    assert (offer["price"], offer["priceCurrency"]) == (major, currency)


def test_machines_read_the_early_price_while_it_holds(client):
    event, _ = costly(8000, early_price=6000, early_until_local=EARLY)
    with time_machine.travel(BEFORE, tick=False):
        (offer,) = offers(page_of(client, event))
        assert offer["price"] == "60.00"
        assert dt.datetime.fromisoformat(offer["priceValidUntil"]) == dt.datetime(2031, 2, 1, 6, tzinfo=dt.UTC)
    with time_machine.travel(AT, tick=False):
        publish(event, contact_email="a@example.org")
        (offer,) = offers(page_of(client, event))
        assert offer["price"] == "80.00"
        assert "priceValidUntil" not in offer
