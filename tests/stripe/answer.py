"""What goes back over the wire."""

import json
from dataclasses import dataclass, field

from tests.stripe.refusal import Refusal

JSON = "application/json"


@dataclass
class Answer:
    """A status, a body of some kind, and headers beside those of every answer."""

    status: int
    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Broken(Exception):
    """The connection ends here without an answer."""


def refused(refusal: Refusal) -> Answer:
    """A refusal as Stripe words it."""
    return Answer(refusal.status, json.dumps(refusal.body, indent=2).encode())
