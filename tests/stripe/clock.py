"""The double's own time, which tests move."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta


class Clock:
    """Real time plus what tests have moved it by. ``moved`` is called after each move."""

    def __init__(self, moved: Callable[[], None]) -> None:
        self.ahead = 0
        self.moved = moved
        self.lock = threading.Lock()

    def now(self) -> int:
        """Seconds since 1970, as in every time that Stripe tells."""
        return int(time.time()) + self.ahead

    def move(self, **by: float) -> None:
        """Let time pass: ``move(minutes=41)``. Sessions whose time has come expire, and their events leave."""
        with self.lock:
            self.ahead += int(timedelta(**by).total_seconds())
        self.moved()
