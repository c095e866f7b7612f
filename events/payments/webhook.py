"""The door at which Stripe knocks: who it is and what is told are checked here, before anything is believed.

What is answered: 200, it is known now, whether or not it concerns this site; 400, it is not signed by
a secret of ours, too old, or no event; 405, 413, another method, too long; 500, its effect failed, 503, the
database or Stripe is away: Stripe delivers it again, for three days. Of what was sent nothing is
ever logged.
"""

import datetime as dt
import json
import logging
import time
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import client, hearing

log = logging.getLogger(__name__)

LARGEST = 1 << 20
"Bytes of a body: events are a few thousand long."
TOLERANCE = 300
"Seconds by which a signature may be old, or ahead of this clock."
THIN = "v2.core.event"
"An event that says what has changed, and not into what (docs.stripe.com/event-destinations)."


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """One event of Stripe's."""
    raw = _body(request)
    if raw is None:
        return _answer(413, "too long")
    if not is_signed(raw, request.headers.get("Stripe-Signature", "")):
        return _answer(400, "not signed")
    try:
        event = read(raw)
        if event.get("object") == THIN:
            fetched = fetch(event)
            if fetched is None:
                return _answer(200, "not ours")
            event, raw = fetched, b""
        row = hearing.hear(event, raw.decode())
    except hearing.Malformed:
        return _answer(400, "no event")
    except hearing.Failed:
        return _answer(500, "failed")
    except (OperationalError, InterfaceError, client.Unreachable) as error:
        log.warning("An event of Stripe could not be taken now: %s", type(error).__name__)
        return _answer(503, "later")
    return _answer(200, row.state)


def _body(request: HttpRequest) -> bytes | None:
    """All of it, or None if it is too long: no more is read than may be."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST:
            return None
        raw = request.read(LARGEST + 1)
    except (ValueError, UnreadablePostError):
        return b""
    return None if len(raw) > LARGEST else raw


def is_signed(raw: bytes, header: str) -> bool:
    """Whether one of the secrets signed this, lately. Without a secret nothing ever is."""
    if not header.isascii():
        return False  # the package can't compare it
    stripe = client.package()
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        if not secret.strip():
            continue
        try:
            stripe.WebhookSignature.verify_header(raw, header, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):  # what is not UTF-8 is a ValueError
            continue
        return _signed_at(header) <= time.time() + TOLERANCE
    return False


def _signed_at(header: str) -> int:
    """The same moment that the package reads: the first."""
    return int(next(part.split("=", 2)[1] for part in header.split(",") if part.split("=", 2)[0] == "t"))


def read(raw: bytes) -> dict[str, Any]:
    """What was sent, as plain values.

    Raises:
        Malformed: it is not JSON, or no object.
    """
    try:
        told = json.loads(raw.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise hearing.Malformed("not JSON") from None
    if not isinstance(told, dict):
        raise hearing.Malformed("no object")
    return told


def _no_number(name: str) -> None:
    raise ValueError(name)


# -- thin events


def fetch(event: dict[str, Any]) -> dict[str, Any] | None:
    """The snapshot event that a thin one stands for, with its object as it is now; None if it is not ours.

    Raises:
        Malformed: it says neither what has changed nor when.
        Unreachable: Stripe can't be asked now.
    """
    kind, about, livemode = event.get("type"), event.get("related_object"), event.get("livemode")
    if not isinstance(kind, str) or not isinstance(livemode, bool):
        raise hearing.Malformed("type or livemode")
    kind = kind.removeprefix("v1.")
    if kind not in hearing.HANDLERS or event.get("context") or not isinstance(about, dict):
        return None
    if not settings.STRIPE_SECRET_KEY:
        raise client.Unreachable("no key")
    name, subject = about.get("id"), about.get("type")
    if not isinstance(name, str) or not name.replace("_", "").isalnum() or livemode != client.is_live():
        return None
    try:
        found = _retrieve(str(subject), name)
    except client.Refused:  # of another account
        return None
    if found is None:
        return None
    return {
        "id": event.get("id"),
        "type": kind,
        "created": _seconds(event.get("created")),
        "livemode": livemode,
        "data": {"object": found},
    }


def _retrieve(subject: str, name: str) -> dict[str, Any] | None:
    match subject:
        case "checkout.session":
            return client.ask(lambda stripe: stripe.v1.checkout.sessions.retrieve(name))
        case "refund":
            return client.ask(lambda stripe: stripe.v1.refunds.retrieve(name))
        case "charge":
            return client.ask(lambda stripe: stripe.v1.charges.retrieve(name))
        case "dispute":
            return client.ask(lambda stripe: stripe.v1.disputes.retrieve(name))
    return None


def _seconds(told: Any) -> int:
    """Thin events write the moment out, the others count seconds."""
    try:
        return int(dt.datetime.fromisoformat(told).timestamp())
    except (TypeError, ValueError, OverflowError):
        raise hearing.Malformed("created") from None


def _answer(status: int, said: str) -> HttpResponse:
    return HttpResponse(said + "\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
