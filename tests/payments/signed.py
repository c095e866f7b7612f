"""What Stripe writes about our payments, signed as it signs: for tests that need no Stripe beside the site."""

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from django.test import Client

from events.models import Payment

SECRET = "whsec_of_these_tests"
PATH = "/stripe/webhook/"


def session(payment: Payment, status: str = "complete", paid: str = "paid", **more: Any) -> dict[str, Any]:
    """The Checkout Session of a payment, with the fields by which it is read."""
    return {
        "id": payment.session or f"cs_test_{payment.uid.hex}",
        "object": "checkout.session",
        "client_reference_id": str(payment.uid),
        "metadata": {"payment": str(payment.uid)},
        "livemode": False,
        "status": status,
        "payment_status": paid,
        "payment_intent": f"pi_{payment.uid.hex}" if status == "complete" else None,
        "amount_total": payment.amount,
        "currency": payment.currency.lower(),
        "expires_at": int(time.time()) + 2400,
        "url": "https://checkout.stripe.com/c/pay/cs_test_1" if status == "open" else None,
    } | more


def refund(payment: Payment, amount: int, status: str = "succeeded", **more: Any) -> dict[str, Any]:
    """A refund of it, from the dashboard unless metadata say otherwise."""
    return {
        "id": f"re_{uuid.uuid4().hex}",
        "object": "refund",
        "amount": amount,
        "currency": payment.currency.lower(),
        "payment_intent": f"pi_{payment.uid.hex}",
        "status": status,
        "metadata": {},
    } | more


def charge(payment: Payment, refunded: int) -> dict[str, Any]:
    intent = f"pi_{payment.uid.hex}"
    return {"id": "ch_1", "object": "charge", "payment_intent": intent, "amount_refunded": refunded}


def dispute(payment: Payment, status: str, **more: Any) -> dict[str, Any]:
    told = {"id": "du_1", "object": "dispute", "amount": payment.amount, "payment_intent": f"pi_{payment.uid.hex}"}
    return told | {"status": status} | more


def event(kind: str, subject: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A snapshot event with a name of its own."""
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "type": kind,
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": subject},
    } | more


def signature(body: bytes, *secrets: str, ago: float = 0) -> str:
    moment = int(time.time() - ago)
    signed = b"%d." % moment + body
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets or (SECRET,)]
    return ",".join([f"t={moment}", *marks])


def post(told: Any, header: str | None = None) -> Any:
    """Deliver an event, or the bytes of what is none; the site's answer."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signed = signature(body) if header is None else header
    client = Client(raise_request_exception=True, enforce_csrf_checks=True)
    return client.post(PATH, body, content_type="application/json", headers={"Stripe-Signature": signed})
