"""What Stripe knows about one account: its objects in order, its endpoints, and the events it tells."""

import copy
import json
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import stripe

from tests.stripe import schema
from tests.stripe.clock import Clock
from tests.stripe.idempotency import Keys
from tests.stripe.refusal import missing
from tests.stripe.schema import Json

NAME = "acct_1Double4Humus0000"
LENGTH = {"cs_test": 29, "cs_live": 29}  # bytes of an id in hexadecimal digits; others have 12


class Account:
    """Everything under one lock; every public function of the rooms beside this one expects to hold it.

    ``beside`` holds what belongs to an object without being shown in it.
    """

    def __init__(self, moved: Callable[[], None] = lambda: None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(moved)
        self.keys = Keys(self.clock.now)
        self.objects: dict[str, Json] = {}
        self.beside: dict[str, Json] = {}
        self.outcomes: deque[str] = deque()
        self.request: Json = {"id": None, "idempotency_key": None}
        self.told: Callable[[str], None] = lambda event: None

    def reset(self) -> None:
        """Forget everything but the endpoints."""
        with self.lock:
            self.objects = {name: one for name, one in self.objects.items() if one["object"] == "webhook_endpoint"}
            self.beside = {name: one for name, one in self.beside.items() if name in self.objects}
            self.outcomes.clear()
            self.clock.ahead = 0
            self.keys.load({})

    def make(self, kind: str, prefix: str, **facts: Any) -> Json:
        """An object with all its fields, which nobody can ask for."""
        made = schema.blank(kind) | {"id": f"{prefix}_{secrets.token_hex(LENGTH.get(prefix, 12))}"}
        if "created" in made:
            made["created"] = self.clock.now()
        if unknown := facts.keys() - made.keys():
            raise schema.Drift(f"{kind} has no {', '.join(sorted(unknown))}")
        return made | facts

    def new(self, kind: str, prefix: str, **facts: Any) -> Json:
        """Make an object and keep it."""
        made = self.make(kind, prefix, **facts)
        self.objects[made["id"]] = made
        return made

    def get(self, kind: str, identifier: str, param: str = "id") -> Json:
        """One object.

        Raises:
            Refusal: there is none of this kind.
        """
        found = self.objects.get(identifier)
        if found is None or found["object"] != kind:
            raise missing(kind, identifier, param)
        return found

    def all(self, kind: str) -> Iterator[Json]:
        """The objects of a kind, oldest first."""
        return (one for one in list(self.objects.values()) if one["object"] == kind)

    def tell(self, kind: str, subject: Json, before: Json | None = None) -> Json:
        """Write down that something happened, with the subject as it is now."""
        schema.check(subject)
        data: Json = {"object": copy.deepcopy(subject), "previous_attributes": before}
        if before is None:
            del data["previous_attributes"]
        waiting = [one["id"] for one in self.all("webhook_endpoint") if listens(one, kind)]
        event = self.new(
            "event",
            "evt",
            api_version=stripe.api_version,
            data=data,
            livemode=subject.get("livemode", self.beside.get(subject["id"], {}).get("livemode", False)),
            pending_webhooks=len(waiting),
            request=dict(self.request),
            type=kind,
        )
        for absent in ("account", "context"):
            event.pop(absent, None)  # only in events of connected accounts
        self.beside[event["id"]] = {"waiting": waiting, "answers": [], "tried": 0.0}
        schema.check(event)
        self.told(event["id"])
        return event

    def acknowledge(self, event: str, endpoint: str) -> None:
        """This endpoint has answered 2xx for this event."""
        with self.lock:
            if (beside := self.beside.get(event)) and endpoint in beside["waiting"]:
                beside["waiting"].remove(endpoint)
                self.objects[event]["pending_webhooks"] = len(beside["waiting"])

    def save(self, file: Path) -> None:
        """Write everything down, so that nothing is half written if the power fails."""
        with self.lock:
            # fmt: off
            text = json.dumps({
                "objects": self.objects, "beside": self.beside, "keys": self.keys.dump(), "ahead": self.clock.ahead,
                "version": stripe.api_version,
            })
            # fmt: on
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_name(file.name + ".new")
            draft.write_text(text)
            draft.replace(file)

    def load(self, file: Path) -> None:
        """Go on where ``save`` left off, if it ever did and Stripe's types are still the same."""
        try:
            known = json.loads(file.read_text())
        except (FileNotFoundError, ValueError):
            return
        if known.get("version") == stripe.api_version:
            self.objects, self.beside = known["objects"], known["beside"]
            self.clock.ahead = known["ahead"]
            self.keys.load(known["keys"])


def listens(endpoint: Json, kind: str) -> bool:
    """Whether this endpoint wants events of this kind."""
    return endpoint["status"] == "enabled" and bool({kind, "*"} & set(endpoint["enabled_events"]))
