"""Who gets which letter and when, in words for the staff; and whether an event sends it at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.models import Event, Reminder, Ticket


@dataclass(frozen=True)
class Use:
    """One kind of letter."""

    who: Any
    is_used: Callable[[Event], bool] = lambda event: True
    unused: Any = ""
    "Why this event does not send it."


def _approves(event: Event) -> bool:
    return event.needs_approval or event.tickets.filter(audience__in=Ticket.ON_REQUEST).exists()


def _waits(event: Event) -> bool:
    return event.has_waiting_list


def _rule(kind: str) -> Callable[[Event], bool]:
    return lambda event: Reminder.objects.filter(event=event, kind=kind).exists()


def _sells(event: Event) -> bool:
    return event.tickets.filter(price__gt=0).exists()


_NO_PRICE = _("No ticket has a price.")
_NO_LINE = _("The event has no waiting list.")
_NO_APPROVAL = _("Nobody has to be approved.")
_NO_RULE = _("No rule of the event sends it.")

USES: dict[str, Use] = {
    "personal_invitation": Use(_("Whom you invite by e-mail, when you send the invitation.")),
    "address": Use(
        _("Who registers, at once: a place, a request or the waiting list counts once the address is confirmed."),
        lambda event: event.verifies_address,
        _("The event does not ask people to confirm their address."),
    ),
    "requested": Use(_("Who asks for a place, at once."), _approves, _NO_APPROVAL),
    "approved": Use(_("Who asked for a place, when you say yes."), _approves, _NO_APPROVAL),
    "declined": Use(
        _("Who asked for a place or waited for one, when you say no."),
        lambda event: _approves(event) or _waits(event),
        _NO_APPROVAL,
    ),
    "waiting": Use(_("Who comes onto the waiting list, at once."), _waits, _NO_LINE),
    "offered": Use(_("Who waits, when a seat becomes free and is kept for them."), _waits, _NO_LINE),
    "offer_reminder": Use(_("Who was offered a seat and has not answered, before the time is over."), _waits, _NO_LINE),
    "offer_expired": Use(_("Who has not answered in time."), _waits, _NO_LINE),
    "held": Use(_("Whose seat is kept for a payment."), _sells, _NO_PRICE),
    "unpaid": Use(_("Who has not paid in time: the seat is free again."), _sells, _NO_PRICE),
    "payment_failed": Use(_("Whose payment was on its way and has failed: the seat is free again."), _sells, _NO_PRICE),
    "confirmed": Use(_("Who has a place, at once; again whenever somebody asks for the letter.")),
    "changed": Use(_("Who has a place, when the ticket or the way to take part changes.")),
    "paid_late": Use(_("Who paid when no seat was left: all of it goes back by itself."), _sells, _NO_PRICE),
    "paid_twice": Use(_("Who paid what was paid already: all of it goes back by itself."), _sells, _NO_PRICE),
    "refund": Use(_("To whom you send money back, once it has left."), _sells, _NO_PRICE),
    "cancelled": Use(_("Who gives the place back, or whose registration you cancel.")),
    "transfer": Use(
        _("To whom a participant passes a place on; it is theirs when they accept it."),
        lambda event: event.allows_transfer,
        _("The event does not allow it."),
    ),
    "handed_over": Use(
        _("Who has passed a place on, when it is accepted."),
        lambda event: event.allows_transfer,
        _("The event does not allow it."),
    ),
    "reminder": Use(_("Who has a place, before the date, as the rules of the event say."), _rule("reminder"), _NO_RULE),
    "joining": Use(_("Who has a place, before the date, as the rules of the event say."), _rule("joining"), _NO_RULE),
    "thanks": Use(_("Who had a place, after the date, as the rules of the event say."), _rule("thanks"), _NO_RULE),
    "certificate": Use(_("Who had a place, after the date, when you issue the certificate.")),
}
"In the order of a registration’s life."
