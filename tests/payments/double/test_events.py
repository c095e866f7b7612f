"""What the site is told, and how it knows by whom."""

import json
from typing import Any

import pytest
import stripe as package
from stripe import StripeClient, WebhookSignature

from tests.payments.double.seller import SECRET, Site, open_session, paid
from tests.stripe import Double

pytestmark = pytest.mark.once


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
    waiting = [event["type"] for event in stripe.undelivered()]
    assert "checkout.session.completed" not in waiting
    assert "charge.succeeded" in waiting
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


def test_only_an_event_as_it_is_counts_as_delivered(stripe: Double, api: StripeClient) -> None:
    stripe.automatic = False
    stripe.pay(open_session(api).id)
    event = stripe.event("checkout.session.completed")
    stripe.deliver(event, patch={"data.object.amount_total": 1})
    stripe.deliver(event, as_thin=True)
    stripe.deliver(event, to=f"{stripe.url}/elsewhere", secret="whsec_elsewhere")
    assert event in stripe.undelivered()
    stripe.deliver(event)
    assert event["id"] not in [one["id"] for one in stripe.undelivered()]


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
