"""What is asked is what the books say: in every kind of currency, whatever a visitor sends along."""

import datetime as dt

import pytest

from tests.payments.till import Till

TAMPERED = {
    "price": "1",
    "fee": "1",
    "amount": "1",
    "unit_amount": "1",
    "currency": "XOF",
    "quantity": "0",
    "line_items[0][price_data][unit_amount]": "1",
}
"What somebody might write into the form who hopes that the site believes it."


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        (6000, "EUR", "€60.00"),
        (12_345_650, "INR", "₹123,456.50"),
        (15_000, "XOF", "FCFA15,000"),
        (7_001, "JPY", "¥7,001"),
        (5_010, "BHD", "BHD5.010"),
        (150_000, "ISK", "ISK1,500"),
    ],
)
def test_the_amount_reaches_stripe_and_comes_back_exactly(till: Till, price: int, currency: str, shown: str):
    payer = till.payer(till.meeting(price, currency)).come()
    session = till.stripe.session(payer.session)
    assert (session["amount_total"], session["currency"]) == (price, currency.lower())
    assert session["adaptive_pricing"] == {"enabled": False}
    assert shown in "".join(payer.open_pay().body.split())

    payer.pay()
    till.stripe.wait()
    assert payer.state == "confirmed"
    assert till.books(payer.meeting["uid"]) == {currency.lower(): price}
    assert till.stripe.books(metadata={"event": payer.meeting["uid"]}) == {currency.lower(): price}


def test_what_a_visitor_writes_into_the_forms_changes_no_amount(till: Till):
    payer = till.payer(till.meeting(6000, free=True))
    assert payer.register(**TAMPERED).status == 303
    assert payer.press_pay(**TAMPERED, ticket=payer.meeting["tickets"]["free"]).status == 303
    session = till.stripe.session(payer.session)
    assert (session["amount_total"], session["currency"]) == (6000, "eur")
    assert (payer.now["fee"], payer.payment["amount"]) == (6000, 6000)


def test_a_price_that_changes_later_changes_nothing_for_who_has_asked_for_a_place(till: Till):
    early = (dt.datetime.now() + dt.timedelta(days=2)).replace(microsecond=0)
    meeting = till.meeting(6000, early_price=4500, early_until_local=early.isoformat())
    payer, late = till.payer(meeting), till.payer(meeting)
    payer.register()
    till.change_ticket(meeting["tickets"]["paid"], early_price=None, early_until_local=None, price=9900)
    payer.press_pay()
    late.come()
    assert till.stripe.session(payer.session)["amount_total"] == 4500
    assert till.stripe.session(late.session)["amount_total"] == 9900
    payer.pay()
    till.stripe.wait()
    assert payer.state == "confirmed"


def test_a_free_ticket_of_the_same_meeting_never_touches_stripe(till: Till):
    before = len(till.stripe.requests)
    payer = till.payer(till.meeting(6000, free=True), "free")
    assert payer.register().status == 303
    assert (payer.state, payer.now["fee"], payer.now["payments"]) == ("confirmed", 0, [])
    till.work()
    assert not [one for one in till.stripe.requests[before:] if one.method == "POST"]


def test_one_session_asks_for_one_place_however_often_and_fast_the_button_is_pressed(till: Till):
    payer = till.payer(till.meeting()).come()
    first = payer.session
    for _ in range(3):
        assert payer.press_pay().status == 303
        assert payer.session == first
    assert len(payer.now["payments"]) == 1
