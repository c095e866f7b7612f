"""The double as tests hold it."""

import copy
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.stripe import checkout, operations, payment, refunds
from tests.stripe.account import Account
from tests.stripe.api import Request
from tests.stripe.books import Book, books
from tests.stripe.clock import Clock
from tests.stripe.deliveries import Deliveries, Delivery
from tests.stripe.faults import Faults
from tests.stripe.payment import How
from tests.stripe.schema import Json
from tests.stripe.server import Server

KEY = "sk_test_double"


class Double:
    """Stripe, on a port of its own, while the ``with`` block lasts.

    Everything may be called from any thread, and what it returns is a copy.
    Events leave by themselves, one after the other, unless ``automatic`` is
    False; ``wait()`` returns when they have. Verbs raise ``Refusal`` where
    Stripe would not do what is asked.

    ``key`` is the secret key (``keys`` may hold more), ``hooks`` are the
    addresses and secrets of endpoints, ``state`` a file in which everything
    is kept over restarts.
    """

    def __init__(
        self,
        key: str = KEY,
        hooks: Sequence[tuple[str, str | Sequence[str]]] = (),
        *,
        port: int = 0,
        state: Path | None = None,
    ) -> None:
        self.key = key
        self.keys = {key}
        self.state = state
        self.account = Account(self._moved)
        self.faults = Faults()
        self.requests: list[Request] = []
        self.mishaps: list[str] = []
        self.deliveries = Deliveries(self.account)
        if state:
            self.account.load(state)
        for url, secret in hooks:
            self.hook(url, secret)
        self.server = Server(port, self)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        for session in self.account.all("checkout.session"):
            if session["url"]:  # kept from another port
                session["url"] = checkout.address(self.url, session["id"])
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True, name="stripe")

    def __enter__(self) -> Self:
        self.thread.start()
        self.deliveries.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.clear()
        self.deliveries.stop()
        self.server.end()
        self.save()
        if error is None and self.mishaps:
            raise AssertionError("The double itself went wrong:\n" + "\n".join(self.mishaps))

    # What people do.

    def pay(
        self, session: str, how: How = "card", *, email: str = "payer@example.org", name: str = "Awa Payer"
    ) -> Json:
        """Pay on the hosted page: "card", "delayed" (complete, but unpaid until settled) or "declined" (still open)."""
        with self.account.lock:
            return self._done(payment.pay(self.account, session, how, email, name))

    def settle(self, session: str, ok: bool) -> Json:
        """Let a delayed payment succeed or fail; returns the session."""
        with self.account.lock:
            return self._done(payment.settle(self.account, session, ok))

    def refund(self, payment_intent: str, amount: int | None = None) -> Json:
        """Refund from Stripe's dashboard: no metadata of ours, no idempotency key. All that is left without amount."""
        params: Json = {"payment_intent": payment_intent} | ({} if amount is None else {"amount": amount})
        with self.account.lock:
            return self._done(refunds.create(self.account, params))

    def next_refund(self, *outcomes: str) -> None:
        """What becomes of the refunds to come, one by one, before they succeed at once again.

        "succeeded", "pending", "requires_action", "failed" (created, then
        failed) or "balance_insufficient" (refused).
        """
        with self.account.lock:
            self.account.outcomes.extend(outcomes)

    def settle_refund(self, refund: str, ok: bool = True) -> Json:
        """Let a pending refund succeed or fail."""
        with self.account.lock:
            return self._done(refunds.settle(self.account, refund, ok))

    def fail_refund(self, refund: str) -> Json:
        """Let a refund fail, even one that had succeeded: the charge counts as less refunded again."""
        with self.account.lock:
            return self._done(refunds.fail(self.account, refund))

    def dispute(self, payment_intent: str) -> Json:
        """Let the payer's bank take the payment back until it has decided."""
        with self.account.lock:
            return self._done(refunds.dispute(self.account, payment_intent))

    def close_dispute(self, dispute: str, won: bool) -> Json:
        """Let the bank decide for the seller (won) or the payer."""
        with self.account.lock:
            return self._done(refunds.close(self.account, dispute, won))

    def expire(self, session: str) -> Json:
        """Let an open session expire before its time."""
        with self.account.lock:
            return self._done(checkout.expire(self.account, session))

    # What Stripe knows.

    @property
    def clock(self) -> Clock:
        """The double's time: ``clock.move(minutes=41)``."""
        return self.account.clock

    def sessions(self) -> list[Json]:
        """Checkout sessions, oldest first."""
        return self.all("checkout.session")

    def session(self, identifier: str) -> Json:
        """One checkout session."""
        with self.account.lock:
            checkout.sweep(self.account)
            return copy.deepcopy(self.account.get("checkout.session", identifier))

    def lines(self, session: str) -> list[Json]:
        """What a session sells."""
        with self.account.lock:
            return copy.deepcopy(list(self.account.beside[session]["lines"]))

    def way_back(self, session: str) -> str:
        """Where the hosted page sends the payer when it is paid."""
        return str(self.session(session)["success_url"]).replace("{CHECKOUT_SESSION_ID}", session)

    def refunds(self, payment_intent: str | None = None) -> list[Json]:
        """Refunds, oldest first, of one payment if it is named."""
        return self.all("refund", **({"payment_intent": payment_intent} if payment_intent else {}))

    def events(self, kind: str | None = None) -> list[Json]:
        """Events, oldest first, of one type if it is named."""
        return self.all("event", **({"type": kind} if kind else {}))

    def event(self, kind: str) -> Json:
        """The latest event of this type.

        Raises:
            LookupError: there is none.
        """
        if found := self.events(kind):
            return found[-1]
        raise LookupError(f"No {kind} among {sorted({one['type'] for one in self.events()})}")

    def all(self, kind: str, **facts: Any) -> list[Json]:
        """The objects of a kind ("charge", "payment_intent", "dispute") of which these facts hold, oldest first."""
        with self.account.lock:
            checkout.sweep(self.account)
            found = [one for one in self.account.all(kind) if facts.items() <= one.items()]
            return copy.deepcopy(found)

    def books(self, currency: str | None = None, metadata: Mapping[str, str] | None = None) -> dict[str, int]:
        """Paid minus refunded in minor units, by currency, lost disputes apart.

        Of one currency if it is named, and of the payments whose metadata
        holds all of ``metadata`` if that is given.
        """
        with self.account.lock:
            known = books(self.account, dict(metadata or {}))
        return {name: known.get(name, Book()).net for name in ([currency] if currency else sorted(known))}

    def book(self, currency: str, metadata: Mapping[str, str] | None = None) -> Book:
        """One currency in full: paid, refunded, disputed and lost."""
        with self.account.lock:
            return books(self.account, dict(metadata or {})).get(currency, Book())

    # What the site is told.

    @property
    def automatic(self) -> bool:
        """Whether events leave by themselves. Those told meanwhile leave by ``deliver`` or ``retry``."""
        return self.deliveries.automatic

    @automatic.setter
    def automatic(self, so: bool) -> None:
        self.deliveries.automatic = so

    def hook(self, url: str, secret: str | Sequence[str], *events: str) -> str:
        """Add an endpoint, signed with one or several secrets, for all events or the named types; returns its id."""
        hidden = [secret] if isinstance(secret, str) else list(secret)
        with self.account.lock:
            for known in self.account.all("webhook_endpoint"):
                if known["url"] == url:
                    self.account.beside[known["id"]]["secrets"] = hidden
                    return str(known["id"])
            return str(operations.endpoint(self.account, url, hidden, list(events) or ["*"])["id"])

    def deliver(self, event: str | Json | None, **how: Any) -> list[Delivery]:
        """Deliver any event now, however often; see ``Deliveries.deliver``."""
        return self.deliveries.deliver(event, **how)

    def deliver_together(self, *events: str | Json, **how: Any) -> list[list[Delivery]]:
        """Deliver these at one moment from threads; the same event may be given several times."""
        return self.deliveries.together(events, **how)

    def undelivered(self) -> list[Json]:
        """Events that an endpoint has not yet acknowledged, oldest first."""
        return self.deliveries.undelivered()

    def tries(self, event: str) -> list[int]:
        """What the site answered to the latest deliveries of an event."""
        with self.account.lock:
            return list(self.account.beside[event]["answers"][-5:])

    def retry(self) -> list[Delivery]:
        """Deliver again what is undelivered."""
        return self.deliveries.retry()

    def wait(self, seconds: float = 20) -> None:
        """Return when what leaves by itself has been tried once."""
        self.deliveries.wait(seconds)

    def reset(self) -> None:
        """Forget everything but keys and endpoints; nothing goes wrong any more."""
        self.faults.clear()
        self.automatic = False
        self.wait()
        self.account.reset()
        self.requests.clear()
        self.deliveries.made.clear()
        self.automatic = True

    def save(self) -> None:
        if self.state:
            self.account.save(self.state)

    def tick(self) -> None:
        """What goes by itself when nobody looks: sessions expire, and undelivered events are tried now and then."""
        with self.account.lock:
            expired = checkout.sweep(self.account)
        if expired:
            self.save()
        self.deliveries.retry_due()

    def _moved(self) -> None:
        with self.account.lock:
            checkout.sweep(self.account)
        self.save()

    def _done(self, one: Json) -> Json:
        self.save()
        return copy.deepcopy(one)
