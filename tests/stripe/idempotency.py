"""Keys by which a request is done once, however often it is sent. https://docs.stripe.com/api/idempotent_requests"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.stripe.refusal import Refusal

DAY = 86_400


@dataclass
class Kept:
    """What was asked under a key, and the answer; none yet while it is in flight."""

    asked: str
    began: int
    status: int = 0
    answer: str = ""


class Keys:
    """Remembers answers for a day of the double's clock.

    An answer is kept once an operation has run, whether it said yes or no;
    a request refused before that (its parameters, a server in trouble) may
    be sent again with the same key.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self.kept: dict[str, Kept] = {}
        self.lock = threading.Lock()

    def begin(self, key: str, asked: bytes) -> Kept | None:
        """The answer given before, or none: then the caller must ``end`` what begins now.

        Raises:
            Refusal: the key belongs to another request, or its request is still in flight.
        """
        if len(key) > 255:
            raise Refusal("Idempotency keys are at most 255 characters", "parameter_invalid", kind="idempotency_error")
        print_ = hashlib.sha256(asked).hexdigest()
        with self.lock:
            self._prune()
            known = self.kept.get(key)
            if known is None:
                self.kept[key] = Kept(print_, self.now())
                return None
            if known.asked != print_:
                raise Refusal(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with.",
                    kind="idempotency_error",
                )
            if not known.status:
                raise Refusal(
                    "There is currently another in-progress request using this Idempotent Key.",
                    "idempotency_key_in_use",
                    status=409,
                    kind="idempotency_error",
                )
            return known

    def end(self, key: str, status: int, answer: str) -> None:
        """Keep this answer."""
        with self.lock:
            if known := self.kept.get(key):
                known.status, known.answer = status, answer

    def forget(self, key: str) -> None:
        """Let the key be used again: nothing was done."""
        with self.lock:
            self.kept.pop(key, None)

    def dump(self) -> dict[str, Any]:
        with self.lock:
            return {key: vars(kept).copy() for key, kept in self.kept.items() if kept.status}

    def load(self, dumped: dict[str, Any]) -> None:
        with self.lock:
            self.kept = {key: Kept(**kept) for key, kept in dumped.items()}

    def _prune(self) -> None:
        now = self.now()
        for key in [key for key, kept in self.kept.items() if kept.status and kept.began + DAY <= now]:
            del self.kept[key]
