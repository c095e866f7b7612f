"""Signed events on their way to a site. https://docs.stripe.com/webhooks"""

import copy
import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.stripe.account import Account
from tests.stripe.operations import thin
from tests.stripe.schema import Json

PATIENCE = 20  # seconds that a site may think


@dataclass(frozen=True)
class Delivery:
    """One attempt: ``status`` is what the site answered, 0 if it did not."""

    event: str
    kind: str
    url: str
    status: int
    said: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def signature(body: bytes, secrets: Sequence[str], instant: int) -> str:
    """The header by which a site knows that Stripe wrote this: one v1 for each secret, and a v0 that means nothing."""
    signed = b"%d." % instant + body
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={instant}", *marks, f"v0={'0' * 64}"])


def patched(event: Json, patch: Mapping[str, Any]) -> Json:
    """The event with other values at dotted paths; ``...`` takes a field away."""
    event = copy.deepcopy(event)
    for path, value in patch.items():
        *folders, last = path.split(".")
        place: Any = event
        for folder in folders:
            place = place[int(folder)] if isinstance(place, list) else place[folder]
        if value is ...:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = value
    return event


def send(url: str, body: bytes, headers: Mapping[str, str | None]) -> tuple[int, str]:
    """Post this and return the status and the answer; 0 and the reason if there was none."""
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.netloc, timeout=PATIENCE)
    given = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        path = address.path + ("?" + address.query if address.query else "")
        connection.request(
            "POST", path, body, {name: text for name, text in {**given, **headers}.items() if text is not None}
        )
        answer = connection.getresponse()
        return answer.status, answer.read(2_000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, repr(error)
    finally:
        connection.close()


class Deliveries:
    """Sends events to the endpoints of an account, from a thread of its own while ``automatic``.

    An event waits for an endpoint until the endpoint has answered 2xx to it
    as it is; what was patched, thin or sent elsewhere does not count.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.automatic = True
        self.made: list[Delivery] = []
        self.coming: queue.Queue[str | None] = queue.Queue()
        self.thread = threading.Thread(target=self._work, daemon=True, name="deliveries")
        account.told = self._told

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Let go of what has not left; the attempt under way comes to its end."""
        self.automatic = False
        self.coming.put(None)
        self.thread.join(PATIENCE + 5)

    def wait(self, seconds: float = 20) -> None:
        """Return when everything that was to leave has been tried once.

        Raises:
            AssertionError: it takes longer than this.
        """
        with self.coming.all_tasks_done:
            done = self.coming.all_tasks_done.wait_for(lambda: not self.coming.unfinished_tasks, seconds)
        assert done, f"{self.coming.unfinished_tasks} events are still to be delivered after {seconds} s"

    def undelivered(self) -> list[Json]:
        """The events for which an endpoint still waits, oldest first."""
        with self.account.lock:
            return [copy.deepcopy(one) for one in self.account.all("event") if one["pending_webhooks"]]

    def retry(self) -> list[Delivery]:
        """Try again every event for which an endpoint still waits, as Stripe does for three days."""
        return [delivery for event in self.undelivered() for delivery in self.to_waiting(event["id"])]

    def retry_due(self) -> None:
        """Try again what waits, at growing distances, and forget what was long ago."""
        now = time.time()
        for event in self.undelivered():
            beside = self.account.beside[event["id"]]
            if beside["answers"] and now >= beside["tried"] + min(5 * 2 ** len(beside["answers"]), 3_600):
                self.to_waiting(event["id"])
        del self.made[:-1_000]

    def to_waiting(self, event: str) -> list[Delivery]:
        """Send an event to the endpoints that have not acknowledged it."""
        with self.account.lock:
            waiting = list(self.account.beside[event]["waiting"]) if event in self.account.beside else []
        return [self._send(event, endpoint) for endpoint in waiting]

    def deliver(
        self,
        event: str | Json | None,
        *,
        to: str = "",
        secret: str | Sequence[str] = (),
        age: float = 0,
        patch: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        as_thin: bool = False,
    ) -> list[Delivery]:
        """Send an event to every endpoint that is enabled, or to one address, whether or not it had it before.

        ``secret`` signs instead of the endpoint's own, ``age`` seconds ago
        (negative: in the future), ``patch`` sets fields by dotted path,
        ``body`` replaces all of it, ``headers`` replace or (None) leave out.
        """
        identifier = event["id"] if isinstance(event, dict) else event or ""
        with self.account.lock:
            ends = [one for one in self.account.all("webhook_endpoint") if one["status"] == "enabled"]
            known = self.account.objects.get(identifier)
            own = known if isinstance(event, str) or event is None else event
            shown = patched(thin(own) if as_thin else own, patch or {}) if own is not None else {}
        if own is None and body is None:
            raise LookupError(f"There is no event {identifier!r}.")
        raw = text(shown) if body is None else body
        instant = int(time.time() - age)
        chosen = [secret] if isinstance(secret, str) else list(secret)
        as_it_is = not (to or patch or as_thin or body is not None) and own == known
        made = []
        for end in [one for one in ends if not to or one["url"] == to] or [{"id": "", "url": to}]:
            keys = chosen or self.account.beside.get(end["id"], {}).get("secrets") or [""]
            signed = {"Stripe-Signature": signature(raw, keys, instant)} | dict(headers or {})
            made.append(self._note(identifier, own or {}, end["url"], raw, signed))
            if made[-1].ok and as_it_is:
                self.account.acknowledge(identifier, end["id"])
        return made

    def together(self, events: Sequence[str | Json], **how: Any) -> list[list[Delivery]]:
        """Deliver all of these at one moment, each from a thread of its own; answers come in the order of events."""
        gate = threading.Barrier(len(events))
        made: list[list[Delivery]] = [[] for _ in events]

        def one(place: int) -> None:
            gate.wait()
            made[place] = self.deliver(events[place], **how)

        at_once([lambda place=place: one(place) for place in range(len(events))])  # type: ignore[misc]
        return made

    def _told(self, event: str) -> None:
        if self.automatic:
            self.coming.put(event)

    def _work(self) -> None:
        while (event := self.coming.get()) is not None:
            try:
                if self.automatic:
                    self.to_waiting(event)
            finally:
                self.coming.task_done()

    def _send(self, event: str, endpoint: str) -> Delivery:
        with self.account.lock:
            known, end = self.account.objects[event], self.account.objects[endpoint]
            raw, secrets = text(known), self.account.beside[endpoint]["secrets"]
        headers = {"Stripe-Signature": signature(raw, secrets, int(time.time()))}
        delivery = self._note(event, known, end["url"], raw, headers)
        if delivery.ok:
            self.account.acknowledge(event, endpoint)
        return delivery

    def _note(self, event: str, known: Json, url: str, raw: bytes, headers: Mapping[str, str | None]) -> Delivery:
        delivery = Delivery(event, known.get("type", ""), url, *send(url, raw, headers))
        self.made.append(delivery)
        with self.account.lock:
            if beside := self.account.beside.get(event):
                beside["answers"].append(delivery.status)
                beside["tried"] = time.time()
        return delivery


def text(event: Json) -> bytes:
    """An event as Stripe writes it."""
    return json.dumps(event, indent=2).encode()


def at_once(tasks: Sequence[Callable[[], None]]) -> None:
    """Run these in threads and wait for all."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
