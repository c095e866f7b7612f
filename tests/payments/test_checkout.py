"""Checkout Sessions: what Stripe is asked, and on which session people end whatever goes wrong on the way."""

import datetime as dt
import logging

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from events.models import Payment, Registration
from events.payments import checkout, client
from letters.models import Letter
from tests.factories import TicketFactory, told
from tests.registration.people import send

from .people import costly, door, keeps, look, now, payments, press, text

pytestmark = pytest.mark.django_db
CREATE = "POST /v1/checkout/sessions"


def asked(double) -> list:
    """The requests that reached Stripe's double and made or looked for a session."""
    return [one for one in double.requests if one.method == "POST"]


def test_the_button_leads_to_a_session_that_says_what_is_paid_and_for_what(double):
    event, ticket = costly()
    asha = keeps(event, ticket, language="es")
    answer = press(asha, language="es")
    assert answer.status_code == 303
    session = double.sessions()[0]
    assert answer.url == session["url"]
    payment = asha.payments.get()
    known = {"payment": str(payment.uid), "registration": str(asha.uid), "event": str(event.uid)}
    assert (session["amount_total"], session["currency"], session["mode"]) == (6000, "eur", "payment")
    assert (session["client_reference_id"], session["metadata"]) == (str(payment.uid), known)
    assert (session["locale"], session["submit_type"], session["customer_email"]) == ("es", "book", "asha@example.org")
    assert session["adaptive_pricing"] == {"enabled": False}
    assert session["success_url"].endswith("?session={CHECKOUT_SESSION_ID}")
    assert "/es/" in session["cancel_url"]
    assert payment.subject == "Reunión de Nairobi – Tarifa normal"
    assert (payment.state, payment.session, payment.is_live) == ("open", session["id"], False)
    double.pay(session["id"])
    assert double.all("payment_intent")[0]["metadata"] == known


def test_the_seat_is_kept_for_longer_than_the_session_lasts(double):
    asha = keeps(*costly())
    press(asha)
    ends = dt.datetime.fromtimestamp(double.sessions()[0]["expires_at"], dt.UTC)
    assert dt.timedelta(minutes=39) < ends - timezone.now() <= dt.timedelta(minutes=40)
    assert now(asha).expires_at >= ends + dt.timedelta(minutes=4)


def test_who_got_no_further_than_the_wish_to_pay_and_comes_back_late_keeps_the_seat_for_as_long(double):
    registration = keeps(*costly())
    Payment.begin(registration, "Meeting")  # and then nothing was sent: the process died, or the database was busy
    soon = timezone.now() + dt.timedelta(minutes=5)
    Registration.objects.filter(pk=registration.pk).update(expires_at=soon)
    assert press(registration).status_code == 303
    assert Payment.objects.get().session_ends_at < now(registration).expires_at


def test_a_session_that_was_made_free_at_stripe_gives_no_place_and_nothing_to_look_at(double):
    registration = keeps(*costly())
    press(registration)
    payment = Payment.objects.get()
    payment.paid(payment.session, None, 0, "EUR")
    assert (Payment.objects.get().state, now(registration).state) == ("expired", "held")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_page_to_pay_on_is_read_and_sent_and_nothing_else(client, double, method):
    assert getattr(client, method)(door(keeps(*costly()))).status_code == 405


@pytest.mark.parametrize(
    ("price", "currency"), [(6000, "EUR"), (150_000, "INR"), (15_000, "XOF"), (12_500, "TND"), (150_000, "ISK")]
)
def test_stripe_is_asked_for_minor_units_as_they_are_kept(double, price, currency):
    asha = keeps(*costly(price, currency))
    assert press(asha).status_code == 303
    assert (double.sessions()[0]["amount_total"], double.sessions()[0]["currency"]) == (price, currency.lower())


def test_a_second_press_shows_the_same_session_without_asking_anybody(double):
    asha = keeps(*costly())
    first, second = press(asha), press(asha)
    assert first.url == second.url
    assert (len(double.sessions()), len(asked(double)), payments(asha)) == (1, 1, [("open", 1)])


def test_what_a_visitor_sends_changes_no_amount(double):
    asha = keeps(*costly())
    press(asha, amount="1", price="1", currency="XOF", fee="1", unit_amount="1")
    assert (double.sessions()[0]["amount_total"], double.sessions()[0]["currency"]) == (6000, "eur")


def test_a_form_with_prices_in_it_is_charged_what_the_ticket_costs(client, double):
    event, ticket = costly()
    forged = {"price": "1", "fee": "0", "amount": "1", "currency": "XOF", "early_price": "0"}
    assert send(client, event, ticket=str(ticket.uid), **forged).status_code == 303
    asha = Registration.objects.get()
    assert (asha.state, asha.fee, asha.fee_currency) == ("held", 6000, "EUR")


def test_when_stripe_is_down_the_seat_stays_and_the_button_is_there_again(double):
    asha = keeps(*costly())
    double.faults.down()
    answer = press(asha)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    page = text(answer)
    assert "Nothing was charged and nothing is lost. Your seat is kept until" in page
    assert "Pay €60.00" in page
    assert (now(asha).state, payments(asha)) == ("held", [("created", 1)])
    double.faults.up()
    answer = press(asha)
    assert (answer.status_code, answer.url) == (303, double.sessions()[0]["url"])
    assert (len(double.sessions()), payments(asha)) == (1, [("open", 1)])


def test_an_answer_that_was_lost_is_had_again_and_no_second_session_is_made(double):
    asha = keeps(*costly())
    double.faults.lose(CREATE, times=1 + client.RETRIES)
    assert press(asha).status_code == 503
    assert len(double.sessions()) == 1
    assert press(asha).url == double.sessions()[0]["url"]
    assert len(double.sessions()) == 1
    assert len({(one.idempotency_key, one.form) for one in asked(double)}) == 1, "the same key carries the same text"


def test_while_another_press_is_on_its_way_one_is_told_to_wait(double):
    asha = keeps(*costly())
    double.faults.error(409, CREATE, times=1 + client.RETRIES)
    assert press(asha).status_code == 503
    assert press(asha).url == double.sessions()[0]["url"]


def test_a_request_that_has_become_too_old_is_given_up_for_another(double):
    asha = keeps(*costly())
    double.faults.down()
    press(asha)
    double.faults.up()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=20)):
        answer = press(asha)
        assert answer.url == double.sessions()[0]["url"]
        ends = dt.datetime.fromtimestamp(double.sessions()[0]["expires_at"], dt.UTC)
        assert now(asha).expires_at >= ends + dt.timedelta(minutes=4), "the seat is kept for longer again"
    assert (len(double.sessions()), payments(asha)) == (1, [("open", 2)])


def test_a_seat_is_not_kept_for_ever_by_pressing_while_stripe_is_away(double):
    asha = keeps(*costly())
    double.faults.down()
    press(asha)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=46)):
        double.faults.up()
        answer = press(asha)
        assert answer.status_code == 409
        assert "The time to pay has passed" in text(answer)
    assert double.sessions() == []


def test_after_a_session_has_ended_another_is_made_while_the_seat_is_kept(double):
    asha = keeps(*costly())
    Registration.objects.update(expires_at=timezone.now() + dt.timedelta(days=2))
    first = press(asha).url
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=41)):
        second = press(asha).url
    assert first != second
    assert payments(asha) == [("expired", 1), ("open", 1)]


def test_who_has_paid_without_our_hearing_of_it_is_not_sent_to_pay_again(double):
    asha = keeps(*costly())
    Registration.objects.update(expires_at=timezone.now() + dt.timedelta(days=2))
    press(asha)
    double.pay(double.sessions()[0]["id"])
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=41)):
        answer = press(asha)
        assert answer.status_code == 409
        assert "Paid: your place is confirmed" in text(answer)
    assert (now(asha).state, len(double.sessions())) == ("confirmed", 1)


def test_what_stripe_never_takes_is_told_to_the_staff_and_the_seat_stays(double, settings, admin_user):
    settings.STRIPE_MINIMUMS = {}
    asha = keeps(*costly(10))
    answer = press(asha)
    assert answer.status_code == 502
    assert "Your payment could not be begun" in text(answer)
    assert "Your seat is kept until" in text(answer)
    assert (now(asha).state, payments(asha)) == ("held", [("failed", 1)])
    assert "at least 50 eur" in asha.payments.get().note
    assert Letter.objects.filter(kind="payment_alert", recipient=admin_user.email).count() == 1
    assert press(asha).status_code == 502
    assert payments(asha) == [("failed", 1), ("failed", 1)]


def test_a_key_that_stripe_does_not_take_keeps_the_seat_and_is_an_error_in_the_log(double, settings, caplog):
    settings.STRIPE_SECRET_KEY = "sk_test_of_somebody_else"
    asha = keeps(*costly())
    assert press(asha).status_code == 503
    assert (now(asha).state, payments(asha)) == ("held", [("created", 1)])
    assert [one.levelname for one in caplog.records if one.name == "events.payments.client"] == ["ERROR"]


def test_no_key_no_address_and_no_amount_stand_in_a_log(double, caplog):
    caplog.set_level(logging.DEBUG)
    asha = keeps(*costly())
    press(asha)
    double.faults.error(500, times=9)
    press(keeps(asha.event, asha.ticket, "Bina"))
    logged = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("django.db"))
    assert "Stripe could not be reached" in logged
    for secret in (double.key, "asha@example.org", "bina@example.org", "unit_amount", "line_items"):
        assert secret not in logged


def test_a_payment_for_which_nobody_waits_is_closed_at_stripe(double):
    asha = keeps(*costly())
    press(asha)
    now(asha).cancel()
    assert list(Payment.objects.to_end()) == [asha.payments.get()]
    checkout.close(asha.payments.get())
    assert double.sessions()[0]["status"] == "expired"
    assert payments(asha) == [("expired", 1)]


def test_closing_what_was_paid_in_the_same_moment_hears_of_the_money(double):
    asha = keeps(*costly())
    press(asha)
    now(asha).cancel()
    double.pay(double.sessions()[0]["id"])
    checkout.close(asha.payments.get())
    payment = asha.payments.get()
    assert (payment.state, payment.refunds.get().amount) == ("paid", 6000)


def test_closing_a_payment_whose_answer_was_lost_finds_its_session_first(double):
    asha = keeps(*costly())
    double.faults.lose(CREATE, times=1 + client.RETRIES)
    press(asha)
    now(asha).cancel()
    checkout.close(asha.payments.get())
    assert [one["status"] for one in double.sessions()] == ["expired"]
    assert payments(asha) == [("expired", 1)]


def test_closing_a_payment_that_was_never_asked_for_asks_nobody(double):
    asha = keeps(*costly())
    Payment.begin(asha, "Meeting")
    now(asha).cancel()
    checkout.close(asha.payments.get())
    assert (payments(asha), asked(double)) == ([("expired", 1)], [])


def test_stripe_is_never_asked_within_a_transaction(double):
    with transaction.atomic(), pytest.raises(RuntimeError):
        client.ask(lambda stripe: stripe.v1.checkout.sessions.retrieve("cs_1"))
    assert double.requests == []


def test_a_free_place_makes_no_payment_and_asks_nobody(client, double):
    event, _ = costly()
    free = TicketFactory(event=event, code="free", name=told("Libre", "Free", "Libre"))
    assert "/registration/" in send(client, event, ticket=str(free.uid), language="en").url
    asha = Registration.objects.get()
    assert (asha.state, asha.fee, Payment.objects.count()) == ("confirmed", 0, 0)
    answer = press(asha)
    assert (answer.status_code, Payment.objects.count(), double.requests) == (409, 0, [])
    assert "Nothing is to be paid" in text(answer)


def test_looking_again_asks_stripe_and_says_what_it_says(double):
    asha = keeps(*costly())
    press(asha)
    assert "We are waiting for the word of the bank" in look(asha, "pay_return")
    assert press(asha, "pay_return").status_code == 303
    assert "We are waiting for the word of the bank" in look(asha, "pay_return")
    double.pay(double.sessions()[0]["id"])
    assert "We are waiting for the word of the bank" in look(asha, "pay_return"), "a GET asks nobody"
    answer = press(asha, "pay_return")
    assert (answer.status_code, answer.url.rsplit("/", 4)[-2]) == (303, door(asha, "pay_return").rsplit("/", 2)[-2])
    assert "Paid: your place is confirmed" in look(asha, "pay_return")
    assert now(asha).is_confirmed


def test_looking_again_while_stripe_is_away_says_that_nothing_is_lost(double):
    asha = keeps(*costly())
    press(asha)
    double.faults.down()
    answer = press(asha, "pay_return")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "The bank can’t be asked at the moment" in text(answer)


def test_a_method_that_takes_days_keeps_the_seat(double):
    asha = keeps(*costly())
    press(asha)
    double.pay(double.sessions()[0]["id"], "delayed")
    press(asha, "pay_return")
    assert "Your payment is on its way" in look(asha, "pay_return")
    assert now(asha).expires_at > timezone.now() + dt.timedelta(days=10)
    assert press(asha).status_code == 409
    double.settle(double.sessions()[0]["id"], ok=True)
    press(asha, "pay_return")
    assert "Paid: your place is confirmed" in look(asha)
