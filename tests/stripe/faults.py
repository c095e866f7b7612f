"""What goes wrong between a site and Stripe, on purpose."""

import fnmatch
import threading
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["hang", "slow", "drop", "lost", "error"]


@dataclass
class Fault:
    """One thing that will go wrong ``times`` times.

    ``reached`` is set when a request meets it (when the wait begins, if there
    is one), and ``release()`` ends a wait early.
    """

    kind: Kind
    match: str
    times: int
    seconds: float = 30
    status: int = 500
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let go whoever waits."""
        self.released.set()

    def wait(self) -> None:
        self.reached.set()
        self.released.wait(self.seconds)


class Faults:
    """Faults to come. A ``match`` is "METHOD /path" with * for anything, such as "POST /v1/checkout/sessions"."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.coming: list[Fault] = []
        self.is_down = False

    def hang(self, match: str = "*", *, seconds: float = 30, times: int = 1) -> Fault:
        """Nothing is done and nothing answered for so long; then the connection closes."""
        return self._add(Fault("hang", match, times, seconds))

    def slow(self, match: str = "*", *, seconds: float = 30, times: int = 1) -> Fault:
        """All is done at once, the answer comes so much later; until then the idempotency key is in flight."""
        return self._add(Fault("slow", match, times, seconds))

    def drop(self, match: str = "*", *, times: int = 1) -> Fault:
        """The connection breaks before anything is done."""
        return self._add(Fault("drop", match, times))

    def lose(self, match: str = "*", *, times: int = 1) -> Fault:
        """All is done, then the connection breaks: the answer is lost."""
        return self._add(Fault("lost", match, times))

    def error(self, status: int = 500, match: str = "*", *, times: int = 1) -> Fault:
        """Stripe answers 500, 503, 429, 409 or another status; nothing is done."""
        return self._add(Fault("error", match, times, status=status))

    def down(self) -> None:
        """Every connection is reset, until ``up()``."""
        self.is_down = True

    def up(self) -> None:
        self.is_down = False

    def clear(self) -> None:
        """Nothing goes wrong any more, and whoever waits is let go."""
        with self.lock:
            for fault in self.coming:
                fault.release()
            self.coming.clear()
            self.is_down = False

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, which then has one time less to come."""
        with self.lock:
            for fault in self.coming:
                if fault.times > 0 and fnmatch.fnmatchcase(f"{method} {path}", fault.match):
                    fault.times -= 1
                    if fault.kind not in ("hang", "slow"):
                        fault.reached.set()
                    return fault
        return None

    def _add(self, fault: Fault) -> Fault:
        with self.lock:
            self.coming.append(fault)
        return fault
