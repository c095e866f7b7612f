"""The receipt: what a person has paid for a place and what went back, to read, print and keep.

It belongs to who paid, behind the link to their own page; whoever has the place since
sees nothing of it. It is no invoice.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from events.calendars import prices
from events.models import Issuer, Payment, Refund, Registration, last_public
from events.models.payment_states import CLAIMING, RETURNED
from events.registration import paid
from events.registration.event_shown import event_shown, moment
from events.registration.own.opened import own_page
from pages import limits, pdf

DRAWN, WITHIN = 30, dt.timedelta(hours=1)
"So many PDFs one person may have drawn; who wants more prints the page."


@dataclass(frozen=True)
class Back:
    """One refund: how much, when, and whether it has left."""

    amount: str
    when: str
    is_sent: bool


@dataclass(frozen=True)
class Receipt:
    """One payment as its payer reads it."""

    number: str
    payer: str
    amount: str
    paid_on: str
    reference: str
    refunds: list[Back]
    rest: str
    is_test: bool

    @property
    def other_script(self) -> bool:
        """Whether the name has letters that the site's own fonts have not."""
        return not pdf.is_ours(self.payer)

    @property
    def other_sign(self) -> bool:
        """The same of the sign of the currency."""
        return not pdf.is_ours(self.amount)


def receipts(registration: Registration) -> list[Receipt]:
    """Those of this person, the earliest payment first."""
    return [receipt(payment) for payment in paid.payments(registration)]


def receipt(payment: Payment) -> Receipt:
    """In the active language, its hours on the clock of the event."""
    assert payment.paid_at is not None
    event, currency = last_public(payment.event), payment.money
    back = payment.refunds.filter(state__in=CLAIMING).order_by("created_at", "pk")
    return Receipt(
        number=number(payment),
        payer=payment.payer_name,
        amount=prices.told(payment.received, currency),
        paid_on=moment(payment.paid_at, event),
        reference=payment.payment_intent or payment.session or "",
        refunds=[_back(one, event) for one in back],
        rest=prices.told(payment.rest, currency),
        is_test=payment.is_live is False,
    )


def number(payment: Payment) -> str:
    """Always the same for a payment: the year in which it was paid, and the beginning of what names it here."""
    assert payment.paid_at is not None
    year = payment.paid_at.astimezone(ZoneInfo(payment.event.timezone)).year
    return f"{year}-{payment.uid.hex[:8].upper()}"


def _back(refund: Refund, event: Any) -> Back:
    when = moment(refund.done_at or refund.created_at, event)
    return Back(prices.told(refund.amount, refund.currency), when, refund.state in RETURNED)


@own_page
@require_safe
def page(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """What was paid, to read and to print."""
    return _page(request, token, registration)


def _page(request: HttpRequest, token: str, registration: Registration, **more: Any) -> HttpResponse:
    mine = receipts(registration)
    context = _told(request, registration, mine) | {"token": token, "has_pdf": bool(mine) and pdf.is_available()} | more
    status = 429 if more else 200 if mine else 404
    return render(request, "events/payments/receipt.html", context, status=status)


@own_page
@require_safe
def document(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The same as a PDF; where none can be drawn the page, which prints itself."""
    mine = receipts(registration)
    if not mine or not pdf.is_available():
        return redirect("receipt", token)
    if not limits.allowed("receipts drawn", str(registration.uid), DRAWN, WITHIN):
        return _page(request, token, registration, too_many=True)
    html = render_to_string("events/payments/receipt_pdf.html", _told(request, registration, mine))
    try:
        content = pdf.drawn(html)
    except pdf.Unavailable:
        return redirect("receipt", token)
    response = HttpResponse(content, content_type="application/pdf")
    name = pgettext("name of a file", "receipt")
    response["Content-Disposition"] = f'attachment; filename="{name}-{mine[0].number}.pdf"'
    return response


def _told(request: HttpRequest, registration: Registration, mine: list[Receipt]) -> dict[str, Any]:
    issuer = Issuer.current()
    return event_shown(request, registration.event, registration.occurrence) | {
        "registration": registration,
        "receipts": mine,
        "issuer": issuer,
        "contact": issuer.email or registration.event.contact_email,
    }
