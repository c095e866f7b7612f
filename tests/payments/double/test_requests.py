"""What a request must be, and what an answer is."""

import base64
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe as package
from stripe import StripeClient

from tests.payments.double.seller import client, line, open_session
from tests.stripe import Double

pytestmark = pytest.mark.once

PRICE = {"unit_amount": 5}  # and no currency


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"colour": "green"}, "parameter_unknown", "colour"),
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"payment_intent_data": {"colour": "green"}}, "parameter_unknown", "payment_intent_data[colour]"),
        ({"ui_mode": "hosted"}, "parameter_invalid", "ui_mode"),
        ({"locale": "wo"}, "parameter_invalid", "locale"),
        ({"expires_at": "tomorrow"}, "parameter_invalid_integer", "expires_at"),
        ({"allow_promotion_codes": "yes"}, "parameter_invalid", "allow_promotion_codes"),
        ({"line_items": [{"price_data": {"tax": 1}}]}, "parameter_unknown", "line_items[0][price_data][tax]"),
        ({"line_items": [{"price_data": PRICE}]}, "parameter_missing", "line_items[0][price_data][currency]"),
        ({"line_items": {"one": line()}}, "parameter_invalid", "line_items"),
        ({"metadata": "none"}, "parameter_invalid", "metadata"),
        ({"discounts": [{"coupon": "half"}]}, "double_unspoken", "discounts"),
        ({"expand": ["payment_intent"]}, "double_unspoken", "expand"),
    ],
)  # fmt: skip
def test_what_the_installed_types_do_not_know_is_refused(
    api: StripeClient, wrong: dict[str, Any], code: str, param: str
) -> None:
    with pytest.raises(package.InvalidRequestError) as refused:
        open_session(api, **wrong)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


def test_an_answer_outside_the_installed_types_fails_the_test_that_asked() -> None:
    with pytest.raises(AssertionError, match="no_such_field"), Double() as stripe:  # noqa: PT012
        session = open_session(client(stripe))
        stripe.account.objects[session.id]["no_such_field"] = 1
        with pytest.raises(package.APIError):
            client(stripe).v1.checkout.sessions.retrieve(session.id)


def test_only_known_keys_are_let_in_and_live_keys_make_live_objects(stripe: Double, api: StripeClient) -> None:
    with pytest.raises(package.AuthenticationError):
        open_session(client(stripe, key="sk_test_of_somebody_else"))
    stripe.keys.add("sk_live_humus")
    assert open_session(client(stripe, key="sk_live_humus")).livemode
    assert not open_session(api).livemode
    assert api.v1.accounts.retrieve_current().id.startswith("acct_")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Basic " + base64.b64encode(b"sk_test_double:").decode()}, 200),
        ({"Authorization": "Bearer sk_test_double"}, 200),
        ({"Authorization": "Bearer sk_test_double", "Stripe-Version": "2020-08-27"}, 400),
        ({"Authorization": "Bearer sk_test_double", "Stripe-Account": "acct_of_somebody_else"}, 403),
    ],
)
def test_the_door_reads_the_headers(stripe: Double, headers: dict[str, str], status: int) -> None:
    connection = HTTPConnection(urlsplit(stripe.url).netloc)
    connection.request("GET", "/v1/account", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"line_items": [line(49, "eur")]}, "amount_too_small"),
        ({"line_items": [line(100_000_000, "eur")]}, "amount_too_large"),
        ({"line_items": [line(1_005, "kwd")]}, "invalid_amount"),
        ({"line_items": [line(-1)]}, "parameter_invalid_integer"),
        ({"line_items": [line(currency="XOF")]}, "parameter_invalid"),
        ({"line_items": [line(currency="ugx")]}, "parameter_invalid"),
        ({"line_items": [line(currency="zzz")]}, "parameter_invalid"),
        ({"line_items": [line(), line(currency="eur")]}, None),
        ({"line_items": [line(name=" ")]}, "parameter_invalid_empty"),
        ({"line_items": [line(quantity=0)]}, "parameter_invalid_integer"),
        ({"line_items": [{"price": "price_1"}]}, "double_unspoken"),
        ({"client_reference_id": "x" * 201}, "parameter_invalid_string"),
        ({"metadata": {"x" * 41: "long name"}}, "parameter_invalid_string"),
        ({"metadata": {"long value": "x" * 501}}, "parameter_invalid_string"),
        ({"metadata": {str(number): "" for number in range(51)}}, None),
        ({"success_url": ""}, "parameter_missing"),
        ({"success_url": "/paid/"}, "url_invalid"),
        ({"customer_email": "nobody"}, "email_invalid"),
    ],
)
def test_the_rules_of_checkout_hold(api: StripeClient, wrong: dict[str, Any], code: str | None) -> None:
    with pytest.raises(package.InvalidRequestError) as refused:
        open_session(api, **wrong)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("amount", "currency"), [(15_000, "xof"), (1, "xof"), (50, "eur"), (1_010, "kwd"), (12_345_650, "inr")]
)
def test_amounts_are_minor_units_of_their_currency(api: StripeClient, amount: int, currency: str) -> None:
    session = open_session(api, line_items=[line(amount, currency, quantity=2)])
    assert (session.amount_total, session.currency) == (2 * amount, currency)
    (item,) = api.v1.checkout.sessions.line_items.list(session.id).data
    assert (item.amount_total, item.quantity, item.description) == (2 * amount, 2, "Regional meeting")


def test_a_session_may_live_from_half_an_hour_to_a_day(stripe: Double, api: StripeClient) -> None:
    now = stripe.clock.now()
    for seconds in (1_790, 86_420):
        with pytest.raises(package.InvalidRequestError, match="expires_at"):
            open_session(api, expires_at=now + seconds)
    assert open_session(api, expires_at=now + 1_860).expires_at == now + 1_860
    assert open_session(api).expires_at - now in (86_400, 86_401)


def test_only_an_open_session_has_an_address(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, adaptive_pricing={"enabled": False}, locale="fr")
    assert session.url.startswith(stripe.url)
    assert (session.adaptive_pricing.enabled, session.locale) == (False, "fr")
    stripe.pay(session.id)
    known = api.v1.checkout.sessions.retrieve(session.id)
    assert (known.url, known.status, known.payment_status) == (None, "complete", "paid")
    intent = api.v1.payment_intents.retrieve(known.payment_intent)
    charge = api.v1.charges.retrieve(intent.latest_charge)
    assert intent.metadata.to_dict() == charge.metadata.to_dict() == {"payment": "7"}
    assert (intent.amount_received, charge.amount_captured) == (15_000, 15_000)


def test_lists_are_read_page_by_page_newest_first(api: StripeClient) -> None:
    made = [open_session(api).id for _ in range(5)]
    first = api.v1.checkout.sessions.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (made[:-3:-1], True)
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]
    back = api.v1.checkout.sessions.list({"limit": 2, "ending_before": made[0]})
    assert ([one.id for one in back.data], back.has_more) == ([made[2], made[1]], True)
    with pytest.raises(package.InvalidRequestError):
        api.v1.checkout.sessions.list({"starting_after": "cs_test_none"})
    with pytest.raises(package.InvalidRequestError):
        api.v1.checkout.sessions.list({"limit": 101})
