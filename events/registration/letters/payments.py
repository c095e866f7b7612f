"""The letters about a payment: what is to be paid, what was not, and what goes back."""

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.calendars import prices
from events.models import Payment, Registration
from events.models.registration_states import HOLDING
from letters.kinds import kind
from letters.models import Letter

from .. import links, paid
from . import money
from .body import Line, body, deadline, hours_told, is_rehearsal, link_of, still, told_of

Told = dict[str, Any] | None
State = Registration.State
ON_ITS_WAY = (Payment.State.PROCESSING, Payment.State.REVIEW)
"With such a payment nothing more is to be paid."


@kind("held", _("seat kept for a payment"))
def held(letter: Letter) -> Told:
    """A seat is kept until it is paid; not sent once it is, or on its way, or the seat no longer kept."""
    rows = still(letter, _awaits_payment)
    if not rows:
        return None
    first, told = rows[0], body(letter, rows)
    asked = money.asked(letter.facts)
    if asked is not None and len(rows) == 1:
        told |= {
            "button": _pay(asked),
            "link": link_of(letter, first, links.pay_address),
            "money": [Line(gettext("To be paid"), prices.told(*asked))],
        }
    elif asked is not None:
        told |= {"money": [_of_date(letter, row) for row in rows if row.fee]}
    label, then = gettext("The seat is kept for you until"), gettext("After that it is free for somebody else.")
    more = {"joins": False, "deadline": deadline(letter, first, label, then), "own_link": link_of(letter, first)}
    return told | more


@kind("unpaid", _("seat not paid in time"))
def unpaid(letter: Letter) -> Told:
    """The seat went back, as nothing was paid in time; not sent to who has a place after all."""
    return _without_place(letter)


@kind("payment_failed", _("payment failed"))
def payment_failed(letter: Letter) -> Told:
    """A payment that was on its way has failed, and the seat went back."""
    return _without_place(letter)


@kind("paid_late", _("late payment refunded"))
def paid_late(letter: Letter) -> Told:
    """Money came without a seat for it: all of it goes back."""
    return _to_payer(letter)


@kind("paid_twice", _("second payment refunded"))
def paid_twice(letter: Letter) -> Told:
    """Money came for what was paid: all of it goes back."""
    return _to_payer(letter)


@kind("refund", _("refund"))
def refund(letter: Letter) -> Told:
    """Money has left for the payer."""
    return _to_payer(letter)


# -- what other letters say of money


def received(letter: Letter, rows: list[Registration]) -> list[Line]:
    """What was paid for these places by this person, with the way to the receipt."""
    if is_rehearsal(letter):
        asked = money.asked(letter.facts)
        return [_received(letter, rows[0], asked)] if asked else []
    had = [(row, paid.for_the_place(row)) for row in rows if row.ticket_id]
    return [_received(letter, row, money.Sum(one.received, one.money)) for row, one in had if one is not None]


def goes_back(letter: Letter, by_policy: bool) -> list[Line]:
    """What goes back of what was paid, and when; nothing where nothing was paid."""
    back = money.back(letter.facts)
    if back is None:
        return []
    if not back.amount:
        why = gettext("So says the refund policy of the event.") if by_policy else ""
        return [Line(gettext("What you paid"), gettext("Nothing of it goes back."), why)]
    return [_coming(back)]


def _coming(back: money.Sum) -> Line:
    way = gettext("To the card or the account from which it was paid; banks need 5 to 10 working days for it.")
    return Line(gettext("Goes back"), prices.told(*back), way)


def _received(letter: Letter, row: Registration, had: money.Sum) -> Line:
    link = link_of(letter, row, links.receipt_address)
    return Line(gettext("Paid"), prices.told(*had), link=link, go=gettext("Your receipt"))


# -- together


def _awaits_payment(row: Registration) -> bool:
    return row.is_to_be_paid and not row.payments.filter(Q(state__in=ON_ITS_WAY)).exists()


def _pay(asked: money.Sum) -> str:
    return gettext("Pay %(amount)s") % {"amount": prices.told(*asked)}


def _of_date(letter: Letter, row: Registration) -> Line:
    """One of several dates of a series: each is paid by itself."""
    asked = money.Sum(row.fee, row.fee_currency)
    date = next(line["date"] for line in letter.facts["registrations"] if line["uid"] == str(row.uid))
    there = hours_told(letter.facts["event"] | (date or {}), get_language() or "fr")
    return Line(there.date_text, prices.told(*asked), link=link_of(letter, row, links.pay_address), go=_pay(asked))


def _without_place(letter: Letter) -> Told:
    rows = still(letter, lambda row: row.state not in HOLDING)
    return body(letter, rows) | {"joins": False} if rows else None


def _to_payer(letter: Letter) -> Told:
    """To who paid, whose own page is not that of whoever has the place since."""
    uid = letter.facts.get("payment", {}).get("uid")
    payment = Payment.objects.filter(uid=uid).select_related("registration").first() if uid else None
    rows = [paid.payer_of(payment)] if payment is not None and not is_rehearsal(letter) else told_of(letter)
    back = money.back(letter.facts)
    if not rows or back is None:
        return None
    return body(letter, rows) | {"joins": False, "money": [_coming(back)]}
