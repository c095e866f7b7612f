"""The double as a process of its own: ``python -m tests.stripe --help``."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.stripe.double import KEY, Double


def main() -> int:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.stripe", description="A stand-in for Stripe; no money moves."
    )
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--hook", action="append", default=[], help="address to which events are posted")
    parser.add_argument("--secret", action="append", default=[], help="what signs the events of the hook before it")
    parser.add_argument("--state", type=Path, help="file in which everything is kept")
    parser.add_argument("--key", default=KEY, help=f"the secret key that the site uses ({KEY})")
    given = parser.parse_args()
    if len(given.hook) != len(given.secret) or not all(given.secret):
        parser.error("every --hook needs a --secret of its own")
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    hooks = list(zip(given.hook, given.secret, strict=True))
    try:
        double = Double(given.key, hooks, port=given.port, state=given.state)
    except OSError as error:
        sys.stderr.write(f"Port {given.port} cannot be used: {error.strerror}.\n")
        return 1
    with double:
        sys.stdout.write(f"The test stand-in for Stripe is at {double.url}/ (no money moves)\n")
        sys.stdout.flush()
        while not over.wait(1):
            double.tick()
    return 0


if __name__ == "__main__":
    sys.exit(main())
