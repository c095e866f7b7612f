"""Money in the facts of a letter: what was asked, what goes back, and in which currency."""

from typing import Any, NamedTuple


class Sum(NamedTuple):
    """An amount of minor units, and its currency."""

    amount: int
    currency: str


def asked(told: dict[str, Any]) -> Sum | None:
    """What the place costs; None where the letter knows nothing of money."""
    fee = told.get("fee")
    return Sum(fee["amount"], fee["currency"]) if fee else None


def back(told: dict[str, Any]) -> Sum | None:
    """What goes back, which may be nothing; None where nothing had been paid."""
    known = told.get("payment") or told.get("fee")
    return Sum(told["refund"], known["currency"]) if known and told.get("refund") is not None else None


def about(told: dict[str, Any]) -> Sum | None:
    """The amount that the whole letter is about: what goes back, else what came, else what is asked."""
    payment = told.get("payment")
    return back(told) or (Sum(payment["amount"], payment["currency"]) if payment else None) or asked(told)
