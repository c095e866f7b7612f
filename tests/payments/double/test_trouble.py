"""Time passes and things go wrong when a test says so."""

import pytest
import stripe as package
from stripe import StripeClient

from tests.payments.double.seller import client, open_session
from tests.stripe import Double, Refusal

pytestmark = pytest.mark.once


def test_sessions_expire_when_the_clock_is_moved(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, expires_at=stripe.clock.now() + 2_400)
    stripe.clock.move(minutes=39)
    assert stripe.session(session.id)["status"] == "open"
    stripe.clock.move(minutes=2)
    assert (stripe.session(session.id)["status"], stripe.session(session.id)["url"]) == ("expired", None)
    assert stripe.event("checkout.session.expired")["data"]["object"]["id"] == session.id
    with pytest.raises(Refusal, match="expired"):
        stripe.pay(session.id)
    with pytest.raises(package.InvalidRequestError, match="expired"):
        api.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize("status", [429, 500, 503, 409])
def test_trouble_comes_as_often_as_it_was_ordered(stripe: Double, api: StripeClient, status: int) -> None:
    stripe.faults.error(status, "POST /v1/checkout/*", times=2)
    for _ in range(2):
        with pytest.raises(package.StripeError) as trouble:
            open_session(api)
        assert trouble.value.http_status == status
    assert open_session(api)
    assert len(stripe.sessions()) == 1


def test_a_connection_may_break_before_or_after_the_work(stripe: Double, api: StripeClient) -> None:
    stripe.faults.drop("POST /v1/checkout/sessions")
    with pytest.raises(package.APIConnectionError):
        open_session(api, key="payment-7-1")
    assert stripe.sessions() == []
    stripe.faults.lose("POST /v1/checkout/sessions")
    with pytest.raises(package.APIConnectionError):
        open_session(api, key="payment-7-1")
    (done,) = stripe.sessions()
    assert [call.status for call in stripe.requests] == [0, 0]
    assert open_session(api, key="payment-7-1").id == done["id"]


def test_the_package_tries_again_by_itself_and_is_done_once(stripe: Double) -> None:
    stripe.faults.lose("POST /v1/checkout/sessions")
    open_session(client(stripe, retries=1))
    assert (len(stripe.sessions()), len(stripe.requests)) == (1, 2)


def test_a_hanging_stripe_has_done_nothing_and_a_slow_one_has(stripe: Double) -> None:
    hasty = client(stripe, patience=0.2)
    stripe.faults.hang("POST /v1/checkout/sessions")
    with pytest.raises(package.APIConnectionError):
        open_session(hasty)
    assert stripe.sessions() == []
    stripe.faults.slow("POST /v1/checkout/sessions")
    with pytest.raises(package.APIConnectionError):
        open_session(hasty)
    assert len(stripe.sessions()) == 1


def test_stripe_goes_down_and_comes_up_again(stripe: Double, api: StripeClient) -> None:
    stripe.faults.down()
    for _ in range(2):
        with pytest.raises(package.APIConnectionError):
            open_session(api)
    stripe.faults.up()
    assert open_session(api)
