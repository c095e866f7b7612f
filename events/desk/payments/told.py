"""What is told of one payment: its history and its refunds, in the reader's words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from events.calendars import prices
from events.models import Payment, PaymentChange, PaymentState, Refund, RefundState
from events.models.deeds import OF_PAYMENT

DISPUTES: dict[str, Any] = {
    "warning_needs_response": gettext_lazy("the bank asks about it: answer in Stripe’s dashboard"),
    "warning_under_review": gettext_lazy("the bank has the answer"),
    "warning_closed": gettext_lazy("the question is closed, the money stays"),
    "needs_response": gettext_lazy("the payer wants the money back: answer in Stripe’s dashboard"),
    "under_review": gettext_lazy("the bank decides"),
    "won": gettext_lazy("won: the money is back"),
    "lost": gettext_lazy("lost: the money is gone"),
    "prevented": gettext_lazy("prevented by a refund"),
}
"What Stripe's words for a dispute mean."

DASHBOARD = "https://dashboard.stripe.com"


@dataclass
class Line:
    """One line of the history; ``by`` is empty where Stripe or the clock did it."""

    at: dt.datetime
    what: str
    amount: str
    by: str
    why: str
    is_bad: bool


@dataclass
class Return:
    """One refund."""

    row: Refund
    amount: str
    state: str
    reason: str
    why: str
    by: str
    error: str
    is_bad: bool
    is_done: bool


BAD = ("refuse", "fail", "review", "refund_failed", "refund_cancelled", "dispute")


def history(payment: Payment) -> list[Line]:
    changes = payment.changes.select_related("by__wagtail_userprofile").order_by("at", "pk")
    return [_line(payment, change) for change in changes]


def _line(payment: Payment, change: PaymentChange) -> Line:
    why = dispute(change.why) if change.verb == "dispute" else change.reason
    return Line(
        change.at,
        capfirst(str(OF_PAYMENT.get(change.verb, change.verb))),
        prices.told(change.amount, _currency(payment, change)) if change.amount is not None else "",
        get_user_display_name(change.by) if change.by else "",
        why,
        change.verb in BAD,
    )


def _currency(payment: Payment, change: PaymentChange) -> str:
    """Of what was asked until money came; then of what came."""
    return payment.currency if change.verb == "begin" else payment.money


def refunds(payment: Payment) -> list[Return]:
    rows = payment.refunds.select_related("by__wagtail_userprofile").order_by("created_at", "pk")
    return [
        Return(
            row,
            prices.told(row.amount, row.currency),
            capfirst(str(row.get_state_display())),
            capfirst(str(row.get_reason_display())),
            row.told_why,
            get_user_display_name(row.by) if row.by else "",
            row.error,
            row.state in (RefundState.FAILED, RefundState.CANCELLED),
            row.state == RefundState.SUCCEEDED,
        )
        for row in rows
    ]


def dispute(status: str) -> str:
    """What Stripe says of a dispute; its own word where we know none."""
    return str(DISPUTES.get(status, status))


def stripe_url(payment: Payment) -> str:
    """Where Stripe shows it, to whoever has an account there; empty as long as it has no number."""
    if not payment.payment_intent:
        return ""
    return f"{DASHBOARD}/{'' if payment.is_live else 'test/'}payments/{payment.payment_intent}"


def at_place(value: dt.datetime | None, zone: str) -> dt.datetime | None:
    """A moment on the clock of the event, for a cell of a spreadsheet."""
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0) if value else None


def state(payment: Payment) -> str:
    """Where it stands, with what follows for who reads it."""
    said = {
        PaymentState.CREATED: gettext_lazy("Somebody has begun to pay; Stripe has not answered yet."),
        PaymentState.OPEN: gettext_lazy("Somebody was sent to Stripe’s page and has not paid yet."),
        PaymentState.PROCESSING: gettext_lazy(
            "It was paid by a method that takes days. The seat is kept until the money is here."
        ),
        PaymentState.PAID: gettext_lazy("The money is here."),
        PaymentState.FAILED: gettext_lazy("No money came of it."),
        PaymentState.EXPIRED: gettext_lazy("Nobody paid while Stripe’s page was open."),
        PaymentState.REVIEW: gettext_lazy(
            "What came is not what was asked: nothing is confirmed and nothing goes back until you decide."
        ),
    }
    return str(said[PaymentState(payment.state)])
