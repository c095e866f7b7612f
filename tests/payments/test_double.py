"""What the other tests of payments rely on: that the double of Stripe is strict where Stripe is."""

import http.server
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import stripe as package
from stripe import StripeClient, WebhookSignature

from tests.stripe import Double, Refusal

pytestmark = pytest.mark.once

SECRET = "whsec_of_the_site"


class Site:
    """A site that keeps what it is sent and answers ``status``."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.status = 200
        site = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.got.append((body, self.headers.get("Stripe-Signature", "")))
                self.send_response(site.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}/stripe/webhook/"

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.got]


@pytest.fixture(scope="module")
def door() -> Iterator[Site]:
    site = Site()
    threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True).start()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def site(door: Site) -> Site:
    door.got.clear()
    door.status = 200
    return door


@pytest.fixture(scope="module")
def running(door: Site) -> Iterator[Double]:
    with Double(hooks=[(door.url, SECRET)]) as double:
        yield double


@pytest.fixture
def stripe(running: Double, site: Site) -> Iterator[Double]:
    yield running
    running.reset()
    running.keys = {running.key}


class Impatient(package.RequestsClient):
    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


def client(stripe: Double, *, key: str = "", retries: int = 0, patience: float = 5) -> StripeClient:
    calls = Impatient(timeout=patience)
    return StripeClient(
        key or stripe.key, base_addresses={"api": stripe.url}, max_network_retries=retries, http_client=calls
    )


@pytest.fixture
def api(stripe: Double) -> StripeClient:
    return client(stripe)


def line(amount: int = 15_000, currency: str = "xof", name: str = "Regional meeting", **more: Any) -> dict[str, Any]:
    return {"price_data": {"currency": currency, "unit_amount": amount, "product_data": {"name": name}}, **more}


def order(**more: Any) -> Any:
    """The parameters of an ordinary session."""
    return {
        "mode": "payment",
        "success_url": "https://humus.example/paid/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://humus.example/back/",
        "client_reference_id": "registration-7",
        "metadata": {"payment": "7"},
        "payment_intent_data": {"metadata": {"payment": "7"}},
        "line_items": [line()],
    } | more


def open_session(api: StripeClient, *, key: str = "", **more: Any) -> Any:
    return api.v1.checkout.sessions.create(order(**more), {"idempotency_key": key} if key else None)


def paid(stripe: Double, api: StripeClient, **more: Any) -> str:
    """The payment intent of a session paid by card."""
    return str(stripe.pay(open_session(api, **more).id)["payment_intent"])


# Requests and answers.


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
        ({"line_items": [{"price_data": {}}]}, "parameter_missing", "line_items[0][price_data][currency]"),
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


# Idempotency.


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
        assert open_session(api, key="payment-7-1").id == first.result(5).id


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


# Time and trouble.


def test_sessions_expire_when_the_clock_is_moved(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, expires_at=stripe.clock.now() + 2_400)
    stripe.clock.move(minutes=39)
    assert stripe.session(session.id)["status"] == "open"
    stripe.clock.move(minutes=2)
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


# Events.


def test_events_are_signed_so_that_the_package_believes_them(stripe: Double, api: StripeClient, site: Site) -> None:
    stripe.pay(open_session(api).id)
    stripe.wait()
    assert site.types == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    for body, header in site.got:
        assert WebhookSignature.verify_header(body, header, SECRET, 300)
        with pytest.raises(package.SignatureVerificationError):
            WebhookSignature.verify_header(body + b" ", header, SECRET, 300)
    event = json.loads(site.got[-1][0])
    assert event["api_version"] == package.api_version
    assert event["data"]["object"]["customer_details"]["email"] == "payer@example.org"
    assert stripe.undelivered() == []


@pytest.mark.parametrize(
    ("how", "believed"),
    [
        ({}, True),
        ({"secret": "whsec_of_somebody_else"}, False),
        ({"secret": ["whsec_of_somebody_else", SECRET]}, True),
        ({"age": 299}, True),
        ({"age": 302}, False),
        ({"age": -600}, True),  # the package does not look at the future: the site must
        ({"headers": {"Stripe-Signature": None}}, False),
        ({"headers": {"Stripe-Signature": "t=now,v1=nothing"}}, False),
    ],
)
def test_signatures_may_be_wrong_in_every_way(
    stripe: Double, api: StripeClient, site: Site, how: dict[str, Any], believed: bool
) -> None:
    stripe.automatic = False
    stripe.pay(open_session(api).id)
    stripe.deliver(stripe.event("checkout.session.completed"), **how)
    ((body, header),) = site.got
    if believed:
        assert WebhookSignature.verify_header(body, header, SECRET, 300)
    else:
        with pytest.raises(package.SignatureVerificationError):
            WebhookSignature.verify_header(body, header, SECRET, 300)


def test_an_event_waits_until_the_site_has_taken_it(stripe: Double, api: StripeClient, site: Site) -> None:
    site.status = 500
    open_session(api, expires_at=stripe.clock.now() + 1_900)
    stripe.clock.move(hours=1)
    stripe.wait()
    (waiting,) = stripe.undelivered()
    assert [one.id for one in api.v1.events.list({"delivery_success": False}).data] == [waiting["id"]]
    assert [delivery.status for delivery in stripe.retry()] == [500]
    site.status = 200
    assert [delivery.ok for delivery in stripe.retry()] == [True]
    assert stripe.undelivered() == api.v1.events.list({"delivery_success": False}).data == []
    assert api.v1.events.retrieve(waiting["id"]).pending_webhooks == 0


def test_events_are_delivered_by_hand_doubled_changed_and_in_any_order(
    stripe: Double, api: StripeClient, site: Site
) -> None:
    stripe.automatic = False
    stripe.pay(open_session(api).id)
    assert site.got == []
    created, *_, completed = stripe.events()
    stripe.deliver(completed)
    stripe.deliver(created["id"])
    stripe.deliver(
        completed, patch={"data.object.amount_total": 1, "data.object.metadata.payment": ..., "livemode": True}
    )
    assert site.types == ["checkout.session.completed", "payment_intent.created", "checkout.session.completed"]
    changed = json.loads(site.got[-1][0])
    assert (changed["data"]["object"]["amount_total"], changed["livemode"]) == (1, True)
    assert changed["data"]["object"]["metadata"] == {}
    site.got.clear()
    answers = stripe.deliver_together(*[completed] * 8)
    assert [delivery.status for (delivery,) in answers] == [200] * 8
    assert len({body for body, _ in site.got}) == 1
    assert len(site.got) == 8
    stripe.deliver(None, body=b"{nonsense")
    assert WebhookSignature.verify_header(*site.got[-1], SECRET, 300)
    assert site.got[-1][0] == b"{nonsense"


def test_a_thin_event_names_what_changed_and_no_more(stripe: Double, api: StripeClient, site: Site) -> None:
    stripe.automatic = False
    session = stripe.pay(open_session(api).id)
    stripe.deliver(stripe.event("checkout.session.completed"), as_thin=True)
    body, header = site.got[0]
    notice: Any = api.parse_event_notification(body, header, SECRET)
    assert notice.type == "v1.checkout.session.completed"
    assert notice.fetch_related_object().id == session["id"]
    assert notice.fetch_event().snapshot_event == stripe.event("checkout.session.completed")["id"]


def test_events_are_found_by_type_and_time(stripe: Double, api: StripeClient) -> None:
    paid(stripe, api)
    kinds = {one.type for one in api.v1.events.list({"type": "payment_intent.*"}).data}
    assert kinds == {"payment_intent.created", "payment_intent.succeeded"}
    some = api.v1.events.list({"types": ["charge.succeeded", "charge.refunded"]}).data
    assert [one.type for one in some] == ["charge.succeeded"]
    assert api.v1.events.list({"created": {"gt": stripe.clock.now() + 5}}).data == []
    stripe.clock.move(days=31)
    assert api.v1.events.list().data == []


def test_an_endpoint_gets_the_events_it_asked_for(stripe: Double, api: StripeClient, site: Site) -> None:
    made = api.v1.webhook_endpoints.create({"url": f"{site.url}second/", "enabled_events": ["refund.created"]})
    assert made.secret
    assert made.secret.startswith("whsec_")
    stripe.refund(paid(stripe, api))
    stripe.wait()
    assert site.types.count("refund.created") == 2
    assert site.types.count("charge.refunded") == 1
    api.v1.webhook_endpoints.update(made.id, {"disabled": True})
    assert api.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


# Payments.


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
