"""How Stripe says no."""

from typing import Any


class Refusal(Exception):
    """An answer other than 200, in the shape of Stripe's errors.

    ``kept`` refusals came from the operation itself, so the idempotency
    store repeats them; the others were met before it began.
    https://docs.stripe.com/api/errors
    """

    def __init__(
        self,
        message: str,
        code: str | None = None,
        param: str | None = None,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        kept: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        error = {"type": kind, "message": message, "code": code, "param": param}
        self.body: dict[str, Any] = {"error": {name: value for name, value in error.items() if value is not None}}


def missing(kind: str, identifier: str, param: str = "id") -> Refusal:
    """No object of this kind has this id."""
    status = 400 if param == "starting_after" else 404
    return Refusal(f"No such {kind.replace('.', ' ')}: '{identifier}'", "resource_missing", param, status=status)


def unspoken(what: str, param: str | None = None) -> Refusal:
    """Stripe can do this, the double cannot: better a clear no than a false yes."""
    return Refusal(f"The test double of Stripe does not speak this: {what}", "double_unspoken", param)
