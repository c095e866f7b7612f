"""What Stripe tells comes before, after or without the return, often, at once, in any order, and forged."""

import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.payments.till import OLD_SECRET, SECRET, Payer, Staff, Till
from tests.stripe.deliveries import signature, text

COMPLETED, EXPIRED = "checkout.session.completed", "checkout.session.expired"
ONE_OF_EACH = {"held": 1, "confirmed": 1}


def paid_once(payer: Payer, amount: int = 6000) -> None:
    """The place is confirmed, the money stands in the books once, and one letter of each kind was written."""
    now = payer.now
    assert (now["state"], now["holds"]) == ("confirmed", True)
    assert [one["state"] for one in now["payments"]] == ["paid"]
    assert payer.till.books(payer.meeting["uid"]) == {"eur": amount}
    assert payer.till.letters_to(payer.email) == ONE_OF_EACH
    assert payer.till.seats(payer.meeting["uid"])["event"] == 1


# before, after, without the return


def test_the_webhook_comes_before_the_return(till: Till):
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    paid_once(payer)
    page = payer.come_back()
    assert page.status == 200
    assert "€60.00" in page.body.replace("\xa0", "")
    paid_once(payer)


def test_the_return_comes_before_the_webhook_and_confirms_nothing_by_itself(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        assert payer.come_back().status == 200
        assert payer.state == "held"
        assert payer.deliver(COMPLETED) == [200]
    assert payer.come_back().status == 200
    paid_once(payer)


def test_who_opens_the_return_without_having_paid_gets_nothing(till: Till):
    payer = till.payer(till.meeting()).come()
    assert payer.come_back().status == 200
    assert payer.state == "held"
    assert till.books(payer.meeting["uid"]) == {}


def test_without_return_the_webhook_alone_confirms(till: Till):
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    paid_once(payer)


def test_without_webhook_the_button_of_the_return_asks_stripe(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        url = till.stripe.session(payer.session)["success_url"].partition("?")[0].removeprefix(till.site.url)
        assert payer.browser.ask("POST", url, payer.browser.fill_in(url, {})).status == 303
        paid_once(payer)
        assert payer.deliver(COMPLETED) == [200]
    paid_once(payer)


def test_without_webhook_and_without_return_the_worker_finds_the_money(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        till.work()
    paid_once(payer)


# many deliveries, two events, any order


def test_many_deliveries_of_one_event_at_once_have_one_effect(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        event = payer.said(COMPLETED)
        made = till.stripe.deliver_together(*[event] * 12)
        answers = [one.status for some in made for one in some]
        assert set(answers) <= {200, 503}
        assert 200 in answers
        assert payer.deliver(COMPLETED) == [200]
    paid_once(payer)
    row = till.told(event["id"])
    assert row["state"] == "handled"
    assert row["deliveries"] == answers.count(200) + 1


def test_two_different_events_of_one_payment_at_once_have_one_effect(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        completed = payer.said(COMPLETED)
        succeeded = completed | {"id": f"{completed['id']}b", "type": "checkout.session.async_payment_succeeded"}
        made = till.stripe.deliver_together(completed, succeeded, completed, succeeded)
        assert {one.status for some in made for one in some} <= {200, 503}
        for event in (completed, succeeded):
            assert [one.status for one in till.stripe.deliver(event)] == [200]
    paid_once(payer)


def test_the_webhook_the_button_and_the_worker_at_once_have_one_effect(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        url = till.stripe.session(payer.session)["success_url"].partition("?")[0].removeprefix(till.site.url)
        form = payer.browser.fill_in(url, {})
        with ThreadPoolExecutor(3) as all_at_once:
            told = all_at_once.submit(payer.deliver, COMPLETED)
            asked = all_at_once.submit(payer.browser.ask, "POST", url, form)
            worked = all_at_once.submit(till.work)
            assert told.result()[0] in (200, 503)
            assert asked.result().status in (303, 503)
            worked.result()
        assert payer.deliver(COMPLETED) == [200]
    paid_once(payer)


def test_a_refund_that_is_told_before_the_payment_waits_for_it(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        till.stripe.refund(payer.intent, 1500)
        assert payer.deliver("refund.created") == [200]
        assert payer.deliver("charge.refunded") == [200]
        assert payer.state == "held"
        assert payer.deliver(COMPLETED) == [200]
    assert payer.state == "confirmed"
    assert (payer.payment["state"], payer.payment["refunded"]) == ("paid", 1500)
    till.work()
    assert till.told(payer.said("charge.refunded")["id"])["state"] == "handled"
    assert till.books(payer.meeting["uid"]) == {"eur": 4500}


def test_a_stale_expiry_after_completion_changes_nothing(till: Till):
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    stale = {
        "id": f"{payer.said(COMPLETED)['id']}_stale",
        "type": EXPIRED,
        "data.object.status": "expired",
        "data.object.payment_status": "unpaid",
        "data.object.payment_intent": None,
    }
    assert payer.deliver(COMPLETED, patch=stale) == [200]
    paid_once(payer)


def test_an_expiry_that_is_told_before_the_completion_keeps_nothing_from_being_paid(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        early = {"id": f"{payer.said(COMPLETED)['id']}_early", "type": EXPIRED, "data.object.payment_status": "unpaid"}
        early |= {"data.object.status": "expired", "data.object.payment_intent": None}
        assert payer.deliver(COMPLETED, patch=early) == [200]
        assert payer.payment["state"] == "expired"
        assert payer.deliver(COMPLETED) == [200]
    paid_once(payer)


def test_a_thin_event_is_a_trigger_to_fetch_what_it_names(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        assert payer.deliver(COMPLETED, as_thin=True) == [200]
    paid_once(payer)


# signatures


@pytest.mark.parametrize(
    ("how", "accepted"),
    [
        ({"secret": "whsec_of_somebody_else"}, False),
        ({"secret": ""}, False),
        ({"headers": {"Stripe-Signature": None}}, False),
        ({"headers": {"Stripe-Signature": ""}}, False),
        ({"headers": {"Stripe-Signature": "t=1,v1="}}, False),
        ({"age": 600}, False),
        ({"secret": OLD_SECRET}, True),
        ({"secret": ["whsec_of_somebody_else", OLD_SECRET]}, True),
    ],
    ids=["wrong", "empty", "missing", "blank", "hollow", "old", "the other of ours", "rotated at Stripe"],
)
def test_only_what_is_signed_with_a_secret_of_ours_and_fresh_is_heard(till: Till, how: Any, accepted: bool):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        rows = till.rows()
        assert payer.deliver(COMPLETED, **how) == [200 if accepted else 400]
        assert payer.state == ("confirmed" if accepted else "held")
        assert till.rows() - rows == accepted


def test_a_body_that_was_changed_on_the_way_is_not_heard(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        event = payer.said(COMPLETED)
        mark = {"Stripe-Signature": signature(text(event), [SECRET], int(time.time()))}
        assert [one.status for one in till.stripe.deliver(event, body=text(event) + b" ", headers=mark)] == [400]
        assert payer.state == "held"
        assert [one.status for one in till.stripe.deliver(event, headers=mark)] == [200]
    assert payer.state == "confirmed"


# wrong amount, currency, mode, account


@pytest.mark.parametrize("patch", [{"data.object.amount_total": 5999}, {"data.object.currency": "usd"}])
def test_another_amount_or_currency_is_for_the_staff_and_nothing_is_confirmed_or_sent_back(till: Till, patch: Any):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        assert payer.deliver(COMPLETED, patch=patch) == [200]
        now = payer.now
        assert (now["state"], now["holds"]) == ("held", True)
        assert now["payments"][0]["state"] == "review"
        assert payer.open_pay().status == 200
        till.release()
        till.work()
    assert payer.state == "held"
    assert till.stripe.refunds(payer.intent) == []
    assert "confirmed" not in till.letters_to(payer.email)
    assert till.alerts_about(payer.payment["uid"]) == 1


def test_the_staff_accept_what_came_or_send_it_back(till: Till, staff: Staff):
    meeting = till.meeting()
    payers = [till.payer(meeting).come() for _ in range(2)]
    with till.told_later():
        for payer in payers:
            payer.pay()
            payer.deliver(COMPLETED, patch={"data.object.amount_total": 5999})
    kept, back = payers
    assert staff.decide(kept.payment, "accept").status == 303
    assert staff.decide(back.payment, "send_back").status == 303
    assert staff.decide(back.payment, "accept").status == 303  # too late: nothing has changed
    till.settle()
    assert (kept.state, kept.payment["state"]) == ("confirmed", "paid")
    assert (back.state, back.payment["refunded"]) == ("cancelled", 5999)
    assert [one["amount"] for one in till.stripe.refunds(back.intent)] == [5999]


@pytest.mark.parametrize(
    "patch",
    [{"livemode": True}, {"account": "acct_somebody_else"}, {"type": "customer.subscription.created"}],
    ids=["the other mode", "another account", "an unknown type"],
)
def test_what_is_not_ours_is_acknowledged_without_effect(till: Till, patch: Any):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        assert payer.deliver(COMPLETED, patch=patch | {"id": f"{payer.said(COMPLETED)['id']}_foreign"}) == [200]
        assert payer.state == "held"
        assert payer.deliver(COMPLETED) == [200]
    paid_once(payer)


# malformed bodies


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"evt"', b"\xff\xfe", b'{"id": "evt_1"}', b"{}" * 1000, b"[" * 100_000],
    ids=["empty", "cut", "list", "null", "text", "not UTF-8", "half", "two", "deep"],
)
def test_a_malformed_body_is_refused_and_leaves_no_row(till: Till, body: bytes):
    rows = till.rows()
    assert [one.status for one in till.stripe.deliver(None, body=body)] == [400]
    assert till.rows() == rows


def test_ten_megabytes_are_refused_before_they_are_read(till: Till):
    assert [one.status for one in till.stripe.deliver(None, body=b" " * 10_000_000)] in ([413], [0])
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    paid_once(payer)


def test_nobody_opens_the_address_of_the_webhook_with_a_browser(till: Till):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(till.hook, timeout=20)
    with refused.value:
        assert refused.value.code == 405
