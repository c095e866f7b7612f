"""What was paid and what went back, as the double knows it."""

from collections import defaultdict
from dataclasses import dataclass

from tests.stripe.account import Account


@dataclass
class Book:
    """Sums in minor units of one currency.

    ``paid`` is what succeeded, ``refunded`` what was sent back or is on its
    way (a failed refund no longer counts), ``disputed`` what banks hold back
    while they decide and ``lost`` what they kept; the last two are in none
    of the others.
    """

    paid: int = 0
    refunded: int = 0
    disputed: int = 0
    lost: int = 0

    @property
    def net(self) -> int:
        """Paid minus refunded: what the site's own books must say."""
        return self.paid - self.refunded


def books(account: Account, metadata: dict[str, str]) -> dict[str, Book]:
    """The books of every currency, of the payments that carry all of this metadata."""
    found: defaultdict[str, Book] = defaultdict(Book)
    for charge in account.all("charge"):
        if charge["status"] == "succeeded" and metadata.items() <= charge["metadata"].items():
            book = found[charge["currency"]]
            book.paid += charge["amount"]
            book.refunded += charge["amount_refunded"]
            for dispute in account.all("dispute"):
                if dispute["charge"] == charge["id"] and dispute["status"] != "won":
                    book.lost += dispute["amount"] if dispute["status"] == "lost" else 0
                    book.disputed += dispute["amount"] if dispute["status"] != "lost" else 0
    return dict(found)
