"""The pages on which a place is paid: each state has its words, no GET changes anything, and nobody else reads them."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from events.models import Payment, PaymentChange, RefundStep, Registration
from events.payments import views
from events.registration import links
from tests.factories import TicketFactory, publish
from tests.registration.people import address
from tests.registration.series import FIRST, SECOND, choose, series

from .people import costly, door, keeps, look, now, pays, press, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(settings):
    """Prices are asked; nobody answers at this address."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_nobody", "http://127.0.0.1:9"


def opens(registration: Registration) -> Payment:
    """A session is open that nobody has paid yet."""
    payment = Payment.begin(registration, "Meeting")
    ends = timezone.now() + dt.timedelta(minutes=40)
    payment.opened(f"cs_{payment.uid}", "https://checkout.stripe.com/c/pay/1", ends, False)
    return payment


def button(page: str) -> str:
    found = re.search(r'<button class="btn go" type="submit">([^<]*)</button>', page)
    return found[1] if found else ""


def test_the_page_says_what_is_paid_for_what_and_until_when():
    event, ticket = costly(contact_email="nairobi@example.org")
    with time_machine.travel("2031-01-10T06:00:00Z", tick=False):
        asha = keeps(event, ticket, home_zone="Asia/Kolkata")
        page = look(asha)
    assert "One step is left: the payment" in page
    assert button(page) == "Pay €60.00"
    assert "Nairobi meeting" in page
    assert "Standard" in page
    assert "Your seat is kept until Friday, 10 January 2031, 09:45, East Africa Time" in page
    assert "Where you are: Friday, 10 January 2031, 12:15, India Standard Time" in page
    assert "nairobi@example.org" in page


@pytest.mark.parametrize(
    ("language", "price", "currency", "told"),
    [
        ("fr", 6000, "EUR", "60,00\u00a0€"),
        ("en", 6000, "EUR", "€60.00"),
        ("es", 6000, "EUR", "60,00\u00a0€"),
        ("fr", 15_000, "XOF", "15\u202f000\u00a0F\u202fCFA"),
        ("es", 15_000, "XOF", "15.000\u00a0XOF"),
        ("en", 15_000, "XOF", "F\u202fCFA\u00a015,000"),
        ("en", 150_000, "INR", "₹1,500.00"),
        ("fr", 150_000, "INR", "1\u202f500,00\u00a0₹"),
        ("fr", 12_500, "TND", "12,500\u00a0TND"),
        ("es", 12_500, "TND", "12,500\u00a0TND"),
        ("fr", 150_000, "ISK", "1\u202f500\u00a0ISK"),
        ("en", 150_000, "ISK", "ISK\u00a01,500"),
    ],
)
def test_the_amount_is_told_as_the_reader_writes_it(language, price, currency, told):
    asha = keeps(*costly(price, currency))
    assert f"<b>{told}</b>" in look(asha, language=language)


def test_the_policy_is_told_on_the_clock_of_the_event_without_what_has_passed():
    event, ticket = costly()
    for month, percent in ((1, 100), (3, 80), (5, 50)):
        RefundStep.objects.create(event=event, until_local=dt.datetime(2031, month, 1, 9), percent=percent)
    with time_machine.travel("2031-02-01T06:00:00Z", tick=False):
        page = look(keeps(event, ticket))
    assert "all of the price" not in page
    assert "until Saturday, 1 March 2031, 09:00, East Africa Time (Nairobi, UTC+3): 80 % of the price" in page
    assert page.index("80 %") < page.index("50 %") < page.index("after that: nothing")


def test_without_a_policy_it_says_that_nothing_goes_back():
    assert "What was paid does not go back to who cancels." in look(keeps(*costly()))


def test_who_has_paid_reads_so_and_finds_no_button():
    asha = keeps(*costly())
    pays(asha)
    page = look(asha)
    assert "Paid: your place is confirmed" in page
    assert "<b>€60.00</b>" in page
    assert button(page) == ""
    assert links.token(asha) not in page, "this link opens the payment alone"


def test_what_is_on_its_way_or_looked_at_is_told_kindly():
    event, ticket = costly()
    asha, bina = keeps(event, ticket), keeps(event, ticket, "Bina")
    Payment.begin(asha, "Meeting").processing("cs_1", "pi_1")
    pays(bina, 5000)
    assert "Your payment is on its way" in look(asha)
    page = look(bina)
    assert "Your payment is being looked at" in page
    assert "your money is safe" in page
    assert "Please do not pay a second time." in page
    for one in (asha, bina):
        assert button(look(one)) == ""
        assert press(one).status_code == 409


def test_when_the_time_is_over_one_can_register_again_where_there_is_a_form():
    asha = keeps(*costly())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=46)):
        page = look(asha)
        assert "The time to pay has passed" in page
        assert address("registration", asha.event.uid, language="en") in page
        assert press(asha).status_code == 409
        asha.expire()
        assert "The time to pay has passed" in look(asha)
    with time_machine.travel("2031-06-01"):
        assert "Register again" not in look(asha)


def test_a_payment_that_failed_or_came_too_late_says_what_became_of_the_money():
    event, ticket = costly(quota=2)
    asha, bina = keeps(event, ticket), keeps(event, ticket, "Bina")
    payment = Payment.begin(asha, "Meeting")
    payment.processing("cs_1", "pi_1")
    payment.failed()
    assert "The payment did not succeed" in look(asha)
    late = Payment.begin(bina, "Meeting")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=46)):
        bina.expire()
        keeps(event, ticket, "Chitra")
        keeps(event, ticket, "Devi")
        late.paid("cs_2", "pi_2", 6000, "eur")
        page = look(bina)
    assert "Your payment came when no seat was left" in page
    assert "All of it, €60.00, goes back to you" in page


def test_who_has_cancelled_or_whose_meeting_is_called_off_pays_nothing():
    event, ticket = costly()
    asha, bina = keeps(event, ticket), keeps(event, ticket, "Bina")
    asha.cancel()
    assert "This registration has ended" in look(asha)
    publish(event, status="cancelled")
    assert "this meeting does not take place" in look(bina)
    assert press(bina).status_code == 409
    assert not Payment.objects.exists()


def test_a_request_or_an_unconfirmed_address_has_nothing_to_pay_yet():
    event, ticket = costly(verifies_address=True)
    asha = keeps(event, ticket)
    assert asha.state == "unverified"
    assert "Nothing is to be paid yet" in look(asha)


def test_no_get_changes_anything():
    event, ticket = costly()
    asha, bina = keeps(event, ticket), keeps(event, ticket, "Bina")
    opens(bina)
    before = list(Registration.objects.order_by("pk").values()), list(Payment.objects.values())
    lines = PaymentChange.objects.count()
    for one in (asha, bina):
        for name in ("pay", "pay_return"):
            look(one, name)
            look(one, name, data={"session": "cs_forged"})
    assert before == (list(Registration.objects.order_by("pk").values()), list(Payment.objects.values()))
    assert PaymentChange.objects.count() == lines


def test_who_comes_back_waits_for_the_word_of_the_bank_and_asks_without_a_script():
    asha = keeps(*costly())
    assert "One step is left: the payment" in look(asha, "pay_return"), "nobody can have paid"
    opens(asha)
    page = look(asha, "pay_return")
    assert "We are waiting for the word of the bank" in page
    assert button(page) == "Look again"
    assert '<form method="post"' in page
    assert 'http-equiv="refresh"' not in page
    assert f'hx-get="{door(asha, "pay_return").rsplit("/", 3)[0]}' in page


def test_the_waiting_page_is_told_only_what_is_new():
    asha = keeps(*costly())
    payment = opens(asha)
    waiting = {"HX-Request": "true"}
    assert Client().get(door(asha, "pay_return"), headers=waiting).status_code == 204
    payment.paid("cs_1", "pi_1", 6000, "eur")
    answer = Client().get(door(asha, "pay_return"), headers=waiting)
    assert answer.status_code == 200
    assert "Paid: your place is confirmed" in text(answer)
    assert "hx-trigger" not in text(answer)


@pytest.mark.parametrize("name", ["pay", "pay_return"])
def test_no_cache_no_search_engine_and_no_other_site_learns_of_the_page(name):
    answer = Client().get(door(keeps(*costly()), name))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "form-action 'self' https://checkout.stripe.com" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["pay", "pay_return"])
def test_a_forged_link_opens_nothing_and_neither_does_that_of_ones_own_page(name):
    asha = keeps(*costly())
    for token in ("nothing", links.pay_token(asha)[:-1] + "_", links.token(asha)):
        for answer in (Client().get(address(name, token)), Client().post(address(name, token))):
            assert answer.status_code == 404
            assert "Nairobi" not in text(answer)


def test_the_link_to_pay_opens_no_other_page():
    asha = keeps(*costly())
    for name in ("participant", "participant_cancel", "participant_change"):
        assert Client().get(address(name, links.pay_token(asha))).status_code == 404


def test_the_page_tells_nothing_of_the_person(settings):
    asha = keeps(*costly(), name="Asha Rao", organisation="ICRISAT", email="asha@example.org")
    for name in ("pay", "pay_return"):
        page = look(asha, name)
        assert not any(said in page for said in ("Asha", "ICRISAT", "asha@"))


def test_the_button_can_be_pressed_often_but_not_without_end(monkeypatch, double):
    monkeypatch.setattr(views, "PAID_FOR_ONE", 2)
    asha = keeps(*costly())
    assert [press(asha).status_code for _ in range(3)] == [303, 303, 429]
    answer = press(asha)
    assert answer["Retry-After"] == "3600"
    assert "That was often" in text(answer)
    assert len(double.sessions()) == 1


def test_each_date_of_one_form_is_paid_by_itself(client):
    event = series()
    ticket = TicketFactory(event=event, price=6000)
    answer = choose(client, event, FIRST, SECOND, ticket=str(ticket.uid), submission=str(uuid.uuid4()), language="en")
    first, second = Registration.objects.order_by("occurrence__starts_at")
    assert opened(answer.url) == first
    page = text(client.get(answer.url))
    assert "Each date is paid by itself" in page
    assert [opened(one) for one in re.findall(r'<a href="([^"]*)">Pay €60.00</a>', page)] == [second]
    pays(first)
    page = look(first)
    assert "Paid: your place is confirmed" in page
    assert "Pay €60.00</a>" in page
    assert (now(first).state, now(second).state) == ("confirmed", "held")


def opened(url: str) -> Registration | None:
    """Whose place is paid at an address."""
    return links.opened_to_pay(url.rstrip("/").rsplit("/", 1)[1])
