"""What is told of one payment: its history and its refunds, in the reader's words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.utils import get_user_display_name

from events.calendars import prices
from events.models import Payment, PaymentChange, PaymentState, Refund, RefundState

VERBS: dict[str, Any] = {
    "begin": pgettext_lazy("in a payment's history", "begun"),
    "open": pgettext_lazy("in a payment's history", "the page to pay was made at Stripe"),
    "refuse": pgettext_lazy("in a payment's history", "refused by Stripe"),
    "expire": pgettext_lazy("in a payment's history", "not paid in time"),
    "unwanted": pgettext_lazy("in a payment's history", "not waited for any more"),
    "process": pgettext_lazy("in a payment's history", "the money is on its way"),
    "pay": pgettext_lazy("in a payment's history", "paid"),
    "fail": pgettext_lazy("in a payment's history", "failed"),
    "review": pgettext_lazy("in a payment's history", "to be looked at"),
    "accept": pgettext_lazy("in a payment's history", "taken as it came"),
    "send_back": pgettext_lazy("in a payment's history", "sent back"),
    "refund": pgettext_lazy("in a payment's history", "refund asked for"),
    "refund_pending": pgettext_lazy("in a payment's history", "refund on its way"),
    "refund_succeeded": pgettext_lazy("in a payment's history", "refund done"),
    "refund_cancelled": pgettext_lazy("in a payment's history", "refund called off"),
    "refund_failed": pgettext_lazy("in a payment's history", "refund failed"),
    "dashboard_refund": pgettext_lazy("in a payment's history", "refunded from Stripe’s dashboard"),
    "dispute": pgettext_lazy("in a payment's history", "disputed"),
    "pass_on": pgettext_lazy("in a payment's history", "the place was passed on"),
    "beside": pgettext_lazy("in a payment's history", "paid by another page than the one waited for"),
    "settle": pgettext_lazy("in a payment's history", "looked at: nothing more to do"),
}
"What was done, by the verb."

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
        capfirst(str(VERBS.get(change.verb, change.verb))),
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
