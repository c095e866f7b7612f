"""Lists of Stripe's, however long: page after page, each in a call of its own."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from . import client

if TYPE_CHECKING:
    from stripe import StripeClient


def pages(ask: "Callable[[StripeClient, dict[str, str]], Any]") -> Iterator[dict[str, Any]]:
    """Every object of a list, the newest first. ``ask`` is given the client and what names the next page.

    Raises:
        Unreachable, Refused: as ``client.ask``, at whichever page.
    """
    more: dict[str, str] = {}
    while True:
        page = client.ask(lambda stripe, more=more: ask(stripe, more))  # type: ignore[misc]
        yield from page["data"]
        if not page["has_more"] or not page["data"]:
            return
        more = {"starting_after": page["data"][-1]["id"]}
