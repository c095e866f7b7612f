"""The two files of payments: one row a payment, and one row a movement of money, for the accountant."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.utils import get_user_display_name

from events.models import Payment, PaymentChange, Refund, money
from events.models.payment_states import RETURNED
from pages.trilingual import shown

from . import told, where

Columns = dict[str, tuple[Any, Callable[[Any], Any]]]


def whole(amount: int, currency: str) -> Decimal:
    """A number that a spreadsheet can add up, with the decimals of its currency."""
    return money.major(amount, currency)


def _ticket(payment: Payment) -> str:
    ticket = payment.registration.ticket
    return shown(ticket.name).text if ticket else ""


def _zone(payment: Payment) -> str:
    return str(payment.event.timezone)


PAYMENTS: Columns = {
    "paid_local": (
        gettext_lazy("Paid on (at the place)"),
        lambda row: told.at_place(row.came_at, row.event.timezone),
    ),
    "paid_utc": (gettext_lazy("Paid on (UTC)"), lambda row: row.came_at),
    "event": (gettext_lazy("Event"), lambda row: shown(row.event.title).text),
    "begins": (gettext_lazy("Begins, at the place"), lambda row: row.event.start_local),
    "name": (gettext_lazy("Participant"), lambda row: row.registration.name),
    "email": (gettext_lazy("E-mail"), lambda row: row.registration.email),
    "payer": (gettext_lazy("Payer"), lambda row: row.payer_name),
    "payer_email": (gettext_lazy("E-mail of the payer"), lambda row: row.payer_email),
    "ticket": (gettext_lazy("Ticket"), _ticket),
    "state": (gettext_lazy("State"), lambda row: capfirst(where.told(row))),
    "currency": (gettext_lazy("Currency"), lambda row: row.money),
    "asked": (gettext_lazy("Asked"), lambda row: whole(row.amount, row.currency)),
    "asked_currency": (gettext_lazy("Currency asked"), lambda row: row.currency),
    "received": (gettext_lazy("Received"), lambda row: whole(row.received, row.money)),
    "refunded": (gettext_lazy("Refunded"), lambda row: whole(row.refunded, row.money)),
    "net": (gettext_lazy("Net"), lambda row: whole(row.kept, row.money)),
    "under_way": (gettext_lazy("Refunds under way"), lambda row: whole(row.claimed - row.refunded, row.money)),
    "disputed": (pgettext_lazy("an amount", "Disputed"), lambda row: whole(row.disputed, row.money)),
    "dispute": (gettext_lazy("Dispute"), lambda row: told.dispute(row.dispute) if row.dispute else ""),
    "mode": (
        gettext_lazy("Real money"),
        lambda row: "" if row.is_live is None else _("yes") if row.is_live else _("no, a test"),
    ),
    "intent": ("payment_intent", lambda row: row.payment_intent or ""),
    "session": ("checkout_session", lambda row: row.session or ""),
    "uid": (gettext_lazy("Our number"), lambda row: str(row.uid)),
    "begun": (gettext_lazy("Begun (UTC)"), lambda row: row.created_at),
}
"Name → heading and value, both in the reader's language."


@dataclass
class Movement:
    """Money that came or went: what went is less than nothing."""

    payment: Payment
    kind: Any
    at: dt.datetime | None
    amount: Decimal
    number: str
    reason: str = ""
    why: str = ""
    by: str = ""
    state: str = ""


MOVEMENTS: Columns = {
    "at_local": (gettext_lazy("Date (at the place)"), lambda one: told.at_place(one.at, _zone(one.payment))),
    "at_utc": (gettext_lazy("Date (UTC)"), lambda one: one.at),
    "kind": (gettext_lazy("Movement"), lambda one: capfirst(str(one.kind))),
    "amount": (gettext_lazy("Amount"), lambda one: one.amount),
    "currency": (gettext_lazy("Currency"), lambda one: one.payment.money),
    "event": (gettext_lazy("Event"), lambda one: shown(one.payment.event.title).text),
    "name": (gettext_lazy("Participant"), lambda one: one.payment.registration.name),
    "payer": (gettext_lazy("Payer"), lambda one: one.payment.payer_name),
    "payer_email": (gettext_lazy("E-mail of the payer"), lambda one: one.payment.payer_email),
    "ticket": (gettext_lazy("Ticket"), lambda one: _ticket(one.payment)),
    "state": (gettext_lazy("State"), lambda one: capfirst(one.state)),
    "reason": (gettext_lazy("Reason"), lambda one: capfirst(one.reason)),
    "why": (gettext_lazy("Why"), lambda one: one.why),
    "by": (gettext_lazy("Who"), lambda one: one.by),
    "number": (gettext_lazy("Stripe’s number"), lambda one: one.number),
    "intent": ("payment_intent", lambda one: one.payment.payment_intent or ""),
    "uid": (gettext_lazy("Our number of the payment"), lambda one: str(one.payment.uid)),
}


def with_moments(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    """With the moment when money came, also of what is still looked at, and when a dispute was last heard of."""
    changes = PaymentChange.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    came = changes.filter(verb__in=("pay", "review")).annotate(last=Max("at", filter=Q(amount__gt=0))).values("last")
    disputed = changes.filter(verb="dispute").annotate(last=Max("at")).values("last")
    return rows.annotate(came_at=Subquery(came), disputed_at=Subquery(disputed))


class Movements:
    """The movements of some payments, for a file: as long as a list of them, and never all in memory."""

    def __init__(self, payments: QuerySet[Payment]) -> None:
        self.payments = with_moments(payments).filter(received__gt=0).order_by("pk")

    def iterator(self, chunk_size: int) -> Iterator[Movement]:
        rows = self.payments.prefetch_related("refunds__by__wagtail_userprofile")
        for payment in rows.iterator(chunk_size=chunk_size):
            yield from movements(payment)


def movements(payment: Any) -> Iterator[Movement]:
    """What came by one payment, what went back, and what a dispute has taken."""
    yield Movement(
        payment,
        pgettext_lazy("a movement of money", "payment"),
        payment.came_at,
        whole(payment.received, payment.money),
        payment.payment_intent or "",
        state=str(payment.get_state_display()),
    )
    for refund in sorted(payment.refunds.all(), key=lambda one: one.pk):
        if refund.state in RETURNED:
            yield _of_refund(payment, refund)
    if payment.disputed:
        yield Movement(
            payment,
            pgettext_lazy("a movement of money", "dispute"),
            payment.disputed_at,
            -whole(payment.disputed, payment.money),
            payment.dispute_id,
            state=told.dispute(payment.dispute),
        )


def _of_refund(payment: Payment, refund: Refund) -> Movement:
    return Movement(
        payment,
        pgettext_lazy("a movement of money", "refund"),
        refund.done_at or refund.first_sent_at or refund.created_at,
        -whole(refund.amount, refund.currency),
        refund.stripe_id or "",
        str(refund.get_reason_display()),
        refund.told_why,
        get_user_display_name(refund.by) if refund.by else "",
        str(refund.get_state_display()),
    )
