"""Money comes and goes back."""

from pathlib import Path

import pytest
import stripe as package
from stripe import StripeClient

from tests.payments.double.seller import SECRET, Site, client, open_session, paid
from tests.stripe import Double, Refusal

pytestmark = pytest.mark.once


def test_a_declined_card_leaves_the_session_open(stripe: Double, api: StripeClient) -> None:
    session = open_session(api)
    assert stripe.pay(session.id, "declined")["status"] == "open"
    assert stripe.pay(session.id)["payment_status"] == "paid"
    assert len(stripe.all("payment_intent")) == 1
    assert len(stripe.all("charge")) == 2
    assert stripe.books() == {"xof": 15_000}


@pytest.mark.parametrize(("ok", "status", "books"), [(True, "paid", {"xof": 15_000}), (False, "unpaid", {})])
def test_a_method_that_takes_days_is_settled_later(
    stripe: Double, api: StripeClient, ok: bool, status: str, books: dict[str, int]
) -> None:
    session = stripe.pay(open_session(api).id, "delayed")
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    assert stripe.settle(session["id"], ok)["payment_status"] == status
    assert stripe.event(f"checkout.session.async_payment_{'succeeded' if ok else 'failed'}")
    assert stripe.books() == books
    with pytest.raises(Refusal):
        stripe.settle(session["id"], True)


def test_refunds_take_what_is_left_and_no_more(stripe: Double, api: StripeClient) -> None:
    intent = paid(stripe, api)
    first = api.v1.refunds.create({"payment_intent": intent, "amount": 5_000, "metadata": {"refund": "1"}})
    assert stripe.event("charge.refunded")["data"]["object"]["amount_refunded"] == 5_000
    with pytest.raises(package.InvalidRequestError, match="greater than unrefunded"):
        api.v1.refunds.create({"payment_intent": intent, "amount": 10_001})
    rest = stripe.refund(intent)
    assert (rest["amount"], rest["metadata"]) == (10_000, {})
    with pytest.raises(package.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    listed = api.v1.refunds.list({"payment_intent": intent, "created": {"gte": stripe.clock.now() - 60}}).data
    assert [one.id for one in listed] == [rest["id"], first.id]
    assert stripe.books("xof") == {"xof": 0}
    assert stripe.book("xof").paid == 15_000


def test_a_refund_may_be_pending_fail_or_be_taken_back(stripe: Double, api: StripeClient) -> None:
    intent = paid(stripe, api)
    stripe.next_refund("pending", "requires_action", "failed")
    pending, asking, failed = (
        api.v1.refunds.create({"payment_intent": intent, "amount": amount}) for amount in (1_000, 2_000, 4_000)
    )
    assert (pending.status, asking.status) == ("pending", "requires_action")
    assert api.v1.refunds.retrieve(failed.id).status == "failed"
    assert stripe.event("refund.failed")["data"]["object"]["id"] == failed.id
    assert stripe.books() == {"xof": 12_000}
    assert stripe.settle_refund(pending.id)["status"] == "succeeded"
    with pytest.raises(package.InvalidRequestError):
        api.v1.refunds.cancel(pending.id)
    assert api.v1.refunds.cancel(asking.id).status == "canceled"
    stripe.fail_refund(pending.id)
    assert stripe.all("charge")[0]["amount_refunded"] == 0
    assert stripe.books() == {"xof": 15_000}


def test_a_disputed_charge_is_not_refunded_until_it_is_won(stripe: Double, api: StripeClient) -> None:
    won, lost = paid(stripe, api, payment_intent_data={"metadata": {"event": "1"}}), paid(stripe, api)
    disputes = [stripe.dispute(intent) for intent in (won, lost)]
    with pytest.raises(package.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": won})
    assert refused.value.code == "charge_disputed"
    stripe.close_dispute(disputes[0]["id"], True)
    stripe.close_dispute(disputes[1]["id"], False)
    assert api.v1.disputes.retrieve(disputes[0]["id"]).status == "won"
    assert [one.status for one in api.v1.disputes.list({"payment_intent": lost}).data] == ["lost"]
    api.v1.refunds.create({"payment_intent": won})
    assert (stripe.book("xof").net, stripe.book("xof").lost) == (15_000, 15_000)
    assert stripe.books("xof", {"event": "1"}) == {"xof": 0}
    kinds = [one["type"] for one in stripe.events() if one["type"].startswith("charge.dispute.")]
    assert kinds[:2] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert kinds.count("charge.dispute.closed") == 2
    assert kinds.count("charge.dispute.updated") == 2


def test_everything_is_kept_over_restarts(tmp_path: Path, site: Site) -> None:
    file = tmp_path / "stripe.json"
    with Double(state=file, hooks=[(site.url, SECRET)]) as stripe:
        session = open_session(client(stripe), key="payment-7-1")
        stripe.clock.move(minutes=5)
    with Double(state=file, hooks=[(site.url, SECRET)]) as stripe:
        assert open_session(client(stripe), key="payment-7-1").id == session.id
        stripe.pay(session.id)
        stripe.wait()
        assert len(stripe.deliveries.made) == 4
        assert stripe.clock.ahead == 300
