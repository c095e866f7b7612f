"""Reading: what stands in what Stripe writes, and what can become of it."""

import uuid
from typing import Any

from events.models import Payment, StripeEvent

Json = dict[str, Any]
State = StripeEvent.State
Effect = tuple[StripeEvent.State, Payment | None, str]
"What became of an event, the payment it tells of, and the payment intent for which it waits."

IGNORED: Effect = (State.IGNORED, None, "")


class Malformed(ValueError):
    """An event or an object in it is not what Stripe writes; nothing was done."""


def text_of(told: Json, name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Malformed(name)
    return value


def number_of(told: Json, name: str) -> int:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Malformed(name)
    return value


def name_of(value: Any) -> str:
    """The name of an object that is told by its name, or in full."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def uid_of(value: Any) -> str:
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""
