"""Money on one's own page: what is to be paid, what was paid, and what goes back to who cancels."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from events.models import Payment, Refund, RefundStep, Registration, Transfer
from events.models.refund_policy import refundable
from events.registration import links
from tests.factories import TicketFactory, publish
from tests.registration.people import address, state
from tests.registration.people import page as own_page
from tests.registration.people import press as press_own

from .people import costly, keeps, now, pays, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(settings):
    """Prices are asked; nobody answers at this address."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_nobody", "http://127.0.0.1:9"


def sub_page(registration, name, language="en") -> str:
    answer = Client().get(address(name, links.token(registration), language=language))
    assert answer.status_code == 200
    return text(answer)


def paid(**facts):
    event, ticket = costly(**facts)
    asha = keeps(event, ticket)
    pays(asha)
    return now(asha)


def step(event, month: int, percent: int) -> None:
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, month, 1, 9), percent=percent)


def changes(registration, ticket, name="Asha"):
    """Send the form for changing one's answers."""
    said = {"name": name, "country": "IN", "language": "en", "ticket": str(ticket.uid)}
    return Client().post(address("participant_change", links.token(registration), language="en"), said)


def returns(page: str) -> str:
    """What the button of the page for cancelling carries."""
    found = re.search(r'<input type="hidden" name="returns" value="(\d+)">', page)
    return found[1] if found else ""


def test_while_a_seat_is_kept_the_page_leads_to_the_payment():
    event, ticket = costly()
    with time_machine.travel("2031-01-10T06:00:00Z", tick=False):
        asha = keeps(event, ticket)
        page = own_page(asha)
    assert "A seat is kept for you" in page
    assert "Pay by Friday, 10 January 2031, 09:45, East Africa Time" in page
    link = re.search(r'<a class="btn go" href="([^"]+)">Pay €60.00</a>', page)
    assert link
    assert links.opened_to_pay(link[1].rstrip("/").rsplit("/", 1)[1]) == asha


def test_who_has_paid_reads_what_and_when_and_finds_the_receipt():
    asha = paid()
    page = own_page(asha)
    assert re.search(r"<dt>Paid</dt><dd>€60\.00<small>[^<]+</small>", page)
    receipt = re.search(r'<a href="([^"]+)">Receipt</a>', page)
    assert receipt
    assert Client().get(receipt[1]).status_code == 200
    assert "Pay €60.00" not in page


def test_who_owes_nothing_reads_nothing_of_money():
    event, _ = costly()
    free = TicketFactory(event=event, code="free")
    page = own_page(keeps(event, free))
    assert "<dt>Paid" not in page
    assert "€" not in page


def test_what_is_on_its_way_or_looked_at_is_told_kindly_without_a_button():
    event, ticket = costly()
    asha, bina = keeps(event, ticket), keeps(event, ticket, "Bina")
    Payment.begin(asha, "Meeting").processing("cs_1", "pi_1")
    pays(bina, 5000)
    assert "The way you chose to pay takes some days." in own_page(asha)
    assert "your money is safe" in own_page(bina)
    for one in (asha, bina):
        assert "Pay €60.00" not in own_page(one)


def test_who_did_not_pay_in_time_reads_why_it_has_ended():
    event, ticket = costly()
    asha = keeps(event, ticket)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=46)):
        asha.expire()
        assert "It was not paid in time" in own_page(asha)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (None, "asked for"),
        ("pending", "on its way"),
        ("succeeded", "done"),
        ("failed", "did not succeed: the organisers look after it"),
    ],
)
def test_each_refund_is_shown_with_where_it_stands(heard, told):
    asha = paid()
    payment = asha.payments.get()
    refund = payment.ask_refund(2500, Refund.Reason.STAFF)
    if heard:
        payment.heard_of_refund("re_1", str(refund.uid), 2500, heard)
    page = own_page(asha)
    assert re.search(rf"<dt>Goes back to you</dt>\s*<dd>€25\.00<small>{told}", page)


# -- cancelling


def test_who_cancels_reads_before_what_goes_back_and_gets_it():
    asha = paid()
    step(asha.event, 3, 100)
    step(asha.event, 5, 50)
    with time_machine.travel("2031-02-01T00:00:00Z", tick=False):
        page = sub_page(asha, "participant_cancel")
        assert "All you have paid goes back to you: €60.00." in page
        assert "This holds until Saturday, 1 March 2031, 09:00" in page
    with time_machine.travel("2031-04-01T00:00:00Z", tick=False):
        page = sub_page(asha, "participant_cancel")
        assert "€30.00 of €60.00 goes back to you." in page
        assert press_own(asha, "participant_cancel", returns=returns(page)).status_code == 303
    assert (state(asha), Refund.objects.get().amount) == ("cancelled", 3000)
    assert "asked for" in own_page(now(asha))


def test_if_less_goes_back_by_now_the_page_comes_again_and_nothing_is_cancelled():
    asha = paid()
    step(asha.event, 3, 100)
    with time_machine.travel("2031-03-01T05:59:59Z", tick=False):
        shown = returns(sub_page(asha, "participant_cancel"))
    with time_machine.travel("2031-03-01T06:00:00Z", tick=False):
        answer = press_own(asha, "participant_cancel", returns=shown)
        page = text(answer)
        assert answer.status_code == 409
        assert "What goes back to you has changed" in page
        assert "Nothing of €60.00 goes back to you." in page
        assert (state(asha), Refund.objects.count()) == ("confirmed", 0)
        assert press_own(asha, "participant_cancel", returns=returns(page)).status_code == 303
    assert (state(asha), Refund.objects.count()) == ("cancelled", 0)


def test_if_more_goes_back_by_now_it_does():
    asha = paid()
    shown = returns(sub_page(asha, "participant_cancel"))
    assert shown == "0"
    publish(asha.event, status="cancelled")
    press_own(asha, "participant_cancel", returns=shown)
    assert Refund.objects.get().amount == 6000


@pytest.mark.parametrize("sent", [{}, {"returns": ""}, {"returns": "-1"}, {"returns": "9" * 30}, {"returns": "²"}])
def test_nothing_is_cancelled_by_a_button_that_did_not_say_what_goes_back(sent):
    asha = paid()
    assert press_own(asha, "participant_cancel", **sent).status_code == 409
    assert state(asha) == "confirmed"


def test_what_the_staff_have_sent_back_already_does_not_go_back_twice():
    asha = paid()
    step(asha.event, 5, 100)
    asha.payments.get().ask_refund(4000, Refund.Reason.STAFF)
    page = sub_page(asha, "participant_cancel")
    assert "All you have paid goes back to you: €20.00." in page
    press_own(asha, "participant_cancel", returns=returns(page))
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [2000, 4000]


def test_who_cancels_twice_has_one_refund():
    asha = paid()
    step(asha.event, 5, 100)
    for _ in range(2):
        press_own(asha, "participant_cancel", returns="6000")
    assert [one.amount for one in Refund.objects.all()] == [6000]


def test_who_has_not_paid_yet_reads_that_nothing_was_charged():
    event, ticket = costly()
    asha = keeps(event, ticket)
    page = sub_page(asha, "participant_cancel")
    assert "Nothing was charged." in page
    assert press_own(asha, "participant_cancel").status_code == 303
    assert state(asha) == "cancelled"


# -- another place, another person


def test_only_places_of_the_same_price_can_be_changed_to():
    event, ticket = costly()
    same = TicketFactory(event=event, code="same", price=6000)
    TicketFactory(event=event, code="dear", price=9000)
    TicketFactory(event=event, code="free")
    asha = keeps(event, ticket)
    pays(asha)
    page = sub_page(asha, "participant_change")
    assert set(re.findall(r'name="ticket" value="([^"]+)"', page)) == {str(ticket.uid), str(same.uid)}
    assert changes(asha, event.tickets.get(code="dear")).status_code == 422
    assert changes(asha, same).status_code == 303
    assert (now(asha).ticket, now(asha).fee) == (same, 6000)


def test_if_the_price_changes_while_the_form_is_filled_in_nothing_is_changed(monkeypatch):
    event, ticket = costly()
    same = TicketFactory(event=event, code="same", price=6000)
    asha = keeps(event, ticket)
    pays(asha)
    before = Registration.move_to

    def dearer(self, place, *args, **kwargs):
        same.price = 7000
        same.save()
        place.ticket.refresh_from_db()
        before(self, place, *args, **kwargs)

    monkeypatch.setattr(Registration, "move_to", dearer)
    answer = changes(asha, same, "Asha Rao")
    assert answer.status_code == 409
    assert "This choice now costs something else than your place" in text(answer)
    assert (now(asha).ticket, now(asha).name) == (ticket, "Asha")


def test_a_place_that_is_passed_on_takes_its_payment_with_it():
    asha = paid(allows_transfer=True)
    assert "Your payment goes with the place" in sub_page(asha, "participant_pass_on")
    transfer = Transfer.begin(asha, name="Bina", email="bina@example.org", language="en")
    page = text(Client().get(address("transfer", links.transfer_token(transfer), language="en")))
    assert "It is paid: you have nothing to pay." in page


def test_a_free_place_that_is_passed_on_speaks_of_no_payment():
    event, _ = costly(allows_transfer=True)
    asha = keeps(event, TicketFactory(event=event, code="free"))
    assert "payment" not in sub_page(asha, "participant_pass_on")


@pytest.mark.parametrize(
    ("zone", "ends_utc"), [("Pacific/Kiritimati", "2031-04-30T10:00"), ("America/New_York", "2031-05-01T04:00")]
)
def test_a_step_of_the_policy_ends_with_the_minute_on_the_clock_of_the_event(zone, ends_utc):
    event, _ticket = costly(6000, timezone=zone)
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, 5, 1), percent=50)
    ends = dt.datetime.fromisoformat(ends_utc).replace(tzinfo=dt.UTC)
    minute = dt.timedelta(minutes=1)
    assert refundable(event, now=ends - minute) == (50, ends)
    assert refundable(event, now=ends) == (0, None)
