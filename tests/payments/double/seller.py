"""A small site that sells: its orders, its client of Stripe, and the door at which it is told."""

import http.server
import json
from typing import Any

import stripe as package
from stripe import StripeClient

from tests.stripe import Double

SECRET = "whsec_of_the_seller"


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


class Impatient(package.RequestsClient):
    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


def client(stripe: Double, *, key: str = "", retries: int = 0, patience: float = 5) -> StripeClient:
    calls = Impatient(timeout=patience)
    return StripeClient(
        key or stripe.key, base_addresses={"api": stripe.url}, max_network_retries=retries, http_client=calls
    )


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
