"""Places: what one can register for, and the pools in which it takes a seat."""

from dataclasses import dataclass, replace

from .seats import FIRST, key_on
from .ticket import Ticket


@dataclass(frozen=True)
class Place:
    """One thing to register for: a way to attend and, where there are any, a free ticket; on one date or on all."""

    attendance: str
    ticket: Ticket | None
    left: int | None
    "Seats left; None for no limit."
    occurrence: int | None = None
    "The key of the date, where one registers date by date."

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left <= 0

    @property
    def by_code(self) -> bool:
        """Whether it is only for who has a code."""
        return self.ticket is not None and self.ticket.audience == Ticket.Audience.CODE

    @property
    def on_request(self) -> bool:
        """Whether who has no code asks for it and awaits approval."""
        return self.ticket is not None and self.ticket.audience in Ticket.ON_REQUEST

    def is_same(self, other: "Place") -> bool:
        """Whether it is the same thing, whatever is left of it, on whatever date."""
        return (self.attendance, self.ticket) == (other.attendance, other.ticket)

    @property
    def keys(self) -> list[str]:
        """What its pools are called for the whole event."""
        keys = [FIRST, f"mode:{self.attendance}"]
        return keys if self.ticket is None else [*keys, self.ticket.pool_key]

    @property
    def pools(self) -> list[str]:
        """The keys of the pools in which a seat is taken; a seat on a date counts in the whole event too."""
        if self.occurrence is None:
            return self.keys
        return [FIRST, *(key_on(self.occurrence, key) for key in self.keys)]

    def on(self, occurrence: int | None, left: int | None = None) -> "Place":
        """The same place on a date."""
        return replace(self, occurrence=occurrence, left=left)
