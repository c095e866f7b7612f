"""A request is done once, however often it is sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe as package
from stripe import StripeClient

from tests.payments.double.seller import open_session, paid
from tests.stripe import Double

pytestmark = pytest.mark.once


def test_the_same_request_is_done_once(stripe: Double, api: StripeClient) -> None:
    first, again = (open_session(api, key="payment-7-1") for _ in range(2))
    assert (again.id, len(stripe.sessions())) == (first.id, 1)
    assert first.last_response.headers.get("Idempotent-Replayed") is None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [(call.idempotency_key, call.replayed) for call in stripe.requests] == [
        ("payment-7-1", False),
        ("payment-7-1", True),
    ]


def test_another_request_under_the_same_key_is_refused(api: StripeClient) -> None:
    open_session(api, key="payment-7-1")
    with pytest.raises(package.IdempotencyError):
        open_session(api, key="payment-7-1", locale="fr")


def test_a_key_whose_request_is_in_flight_answers_409(stripe: Double, api: StripeClient) -> None:
    fault = stripe.faults.slow("POST /v1/checkout/sessions")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(open_session, api, key="payment-7-1")
        assert fault.reached.wait(5)
        with pytest.raises(package.APIError) as busy:
            open_session(api, key="payment-7-1")
        assert (busy.value.http_status, busy.value.error.code) == (409, "idempotency_key_in_use")
        fault.release()
        done = first.result(5)
    assert open_session(api, key="payment-7-1").id == done.id


def test_keys_are_forgotten_after_a_day(stripe: Double, api: StripeClient) -> None:
    first = open_session(api, key="payment-7-1")
    stripe.clock.move(hours=23)
    assert open_session(api, key="payment-7-1").id == first.id
    stripe.clock.move(hours=1)
    assert open_session(api, key="payment-7-1").id != first.id


def test_a_request_refused_before_it_began_may_be_mended_under_its_key(stripe: Double, api: StripeClient) -> None:
    with pytest.raises(package.InvalidRequestError):
        open_session(api, key="payment-7-1", locale="wo")
    stripe.faults.error(500)
    with pytest.raises(package.APIError):
        open_session(api, key="payment-7-1", locale="fr")
    assert open_session(api, key="payment-7-1", locale="en").locale == "en"


def test_a_refusal_by_the_operation_is_repeated_under_its_key(stripe: Double, api: StripeClient) -> None:
    intent = paid(stripe, api)
    stripe.next_refund("balance_insufficient")
    for _ in range(2):
        with pytest.raises(package.InvalidRequestError) as refused:
            api.v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "refund-7-1"})
        assert refused.value.code == "balance_insufficient"
    assert api.v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "refund-7-2"}).status == "succeeded"
