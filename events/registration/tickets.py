"""Tickets: those of an event as a form lists them, each with what keeps it from being chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from events.calendars import prices
from events.models import Place, Ticket, Window
from pages.trilingual import shown

from .event_shown import moment


@dataclass(frozen=True)
class TicketOption:
    """One ticket as a form offers it. The moments are on the clock of the event; empty where they say nothing."""

    ticket: Ticket
    name: str
    sold_from: str
    "Since when it can be had, if that is still to come."
    is_gone: bool
    "Whether it can no longer be had."
    sold_until: str
    left: int | None
    "Seats left in the way that has most; None for no limit."
    is_ticked: bool
    is_shut: bool
    "Whether it is shown without being offered."
    by_request: bool
    "Whether the organisers decide who has it."
    price: str
    "What it costs now, in the reader's language; empty if it is free."
    early_until: str
    "Until when it costs that, if it costs more then."
    price_then: str

    @property
    def value(self) -> str:
        return str(self.ticket.uid)

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left <= 0


def offered(
    window: Window, places: Iterable[Place], ticked: str, waits: bool, opened: bool, by_code: bool
) -> list[TicketOption]:
    """The tickets of these places, in the editors' order.

    Args:
        ticked: the uid of the one chosen.
        waits: whether a full one can be waited for.
        opened: whether a code was given, with which none is on request.
        by_code: whether a full one may still be had with a code.
    """
    by_ticket: dict[Ticket, list[Place]] = {}
    for place in places:
        if place.ticket:
            by_ticket.setdefault(place.ticket, []).append(place)
    return [
        _option(window, ticket, on, str(ticket.uid) == ticked, waits or by_code, opened)
        for ticket, on in by_ticket.items()
    ]


def _option(
    window: Window, ticket: Ticket, on: list[Place], ticked: bool, though_full: bool, opened: bool
) -> TicketOption:
    opens, closes = window.sold_from(ticket), window.sold_until(ticket)
    ends = window.early_until(ticket)
    early = ends if ends and window.now < ends else None
    left = most(on)
    to_come = opens is not None and opens > window.now
    return TicketOption(
        ticket=ticket,
        name=shown(ticket.name).text,
        sold_from=moment(opens, window.event) if opens and to_come else "",
        is_gone=not to_come and not window.is_sold(ticket),
        sold_until=moment(closes, window.event) if closes and window.is_sold(ticket) else "",
        left=left,
        is_ticked=ticked,
        is_shut=not window.is_sold(ticket) or (left is not None and left <= 0 and not though_full and not ticked),
        by_request=on[0].on_request and not opened,
        price=prices.told(price, ticket.currency) if (price := window.price(ticket)) else "",
        early_until=moment(early, window.event) if early else "",
        price_then=prices.told(ticket.price, ticket.currency) if early else "",
    )


def most(places: Iterable[Place]) -> int | None:
    """The seats of that of these places which has most; None if one has no limit."""
    left = [place.left for place in places]
    return None if None in left else max((seats for seats in left if seats is not None), default=None)
