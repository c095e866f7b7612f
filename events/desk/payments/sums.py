"""The sums of an event: what came, went back, is waited for and disputed, by currency and ticket.

Counted by the database in as many questions for ten thousand payments as for ten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _

from events.calendars import prices
from events.models import Event, Payment, PaymentState, Registration
from pages.trilingual import shown

from ..registrations import charts
from . import where

State = Registration.State
PAID = Q(state=PaymentState.PAID)
NAMES = ("paid", "refunded", "kept", "due", "processing", "review", "disputed", "waived")
"The columns, in their order."
TO_ALL = ("paid", "due", "waived")
"What whoever keeps the registrations of a region reads."


@dataclass
class Lot:
    """How many, and how much; in minor units."""

    count: int = 0
    amount: int = 0

    def __add__(self, other: "Lot") -> "Lot":
        return Lot(self.count + other.count, self.amount + other.amount)


@dataclass
class Cell:
    """One of them as the reader has it."""

    count: str
    amount: str
    url: str = ""
    is_empty: bool = False


@dataclass
class Table:
    """One currency: a row for each ticket, and their sum."""

    currency: str
    name: str
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    total: list[Cell] = field(default_factory=list)


def columns(*, whole: bool = True) -> list[str]:
    named = {
        "paid": _("Paid"),
        "refunded": _("Refunded"),
        "kept": _("Kept"),
        "due": _("To be paid"),
        "processing": _("On its way"),
        "review": _("To be looked at"),
        "disputed": _("Disputed"),
        "waived": _("Owe nothing"),
    }
    return [named[name] for name in (NAMES if whole else TO_ALL)]


def tables(event: Event, *, linked: bool) -> list[Table]:
    """One for each currency in which something was asked or came; with the ways to the lists, or fewer columns."""
    shown_ones = NAMES if linked else TO_ALL
    found: dict[str, dict[int | None, dict[str, Lot]]] = {}
    for currency, ticket, name, one in _counted(event):
        row = found.setdefault(currency, {}).setdefault(ticket, {})
        row[name] = row.get(name, Lot()) + one
    names: dict[int | None, str] = {ticket.pk: shown(ticket.name).text for ticket in event.tickets.all()}
    order = list(names)
    made = []
    for currency in sorted(found):
        rows = sorted(found[currency].items(), key=lambda item: order.index(item[0]) if item[0] in order else -1)
        total: dict[str, Lot] = {}
        for _ticket, row in rows:
            for name, one in row.items():
                total[name] = total.get(name, Lot()) + one
        urls = _urls(event, currency) if linked else {}
        made.append(
            Table(
                currency,
                prices.name(currency),
                [
                    (
                        names.get(ticket, _("without a ticket")),
                        _cells(row, currency, shown_ones),
                    )
                    for ticket, row in rows
                ],
                _cells(total, currency, shown_ones, urls),
            )
        )
    return made


def _counted(event: Event) -> Iterator[tuple[str, int | None, str, Lot]]:
    payments = Payment.objects.filter(event=event).order_by()
    money = Coalesce(NullIf("received_currency", Value("")), "currency")
    disputed = ~Q(dispute="") & Q(disputed__gt=0)
    counted = payments.values(money=money, of=F("registration__ticket")).annotate(
        count_paid=Count("pk", filter=PAID),
        sum_paid=Sum("received", filter=PAID),
        count_refunded=Count("pk", filter=Q(refunded__gt=0)),
        sum_refunded=Sum("refunded"),
        back=Sum("refunded", filter=PAID),
        count_kept=Count("pk", filter=PAID & Q(received__gt=F("refunded"))),
        count_review=Count("pk", filter=Q(state=PaymentState.REVIEW)),
        sum_review=Sum("received", filter=Q(state=PaymentState.REVIEW)),
        count_processing=Count("pk", filter=Q(state=PaymentState.PROCESSING)),
        sum_processing=Sum("amount", filter=Q(state=PaymentState.PROCESSING)),
        count_disputed=Count("pk", filter=disputed),
        sum_disputed=Sum("disputed", filter=disputed),
    )
    for row in counted:
        whole: dict[str, Any] = {name: value or 0 for name, value in row.items()}
        whole["sum_kept"] = whole["sum_paid"] - whole["back"]
        for name in NAMES:
            if whole.get(f"count_{name}"):
                yield row["money"], row["of"], name, Lot(whole[f"count_{name}"], whole[f"sum_{name}"])
    yield from _people(due(event), "due", "fee_currency")
    yield from _people(waived(event), "waived", "ticket__currency")


def _people(rows: QuerySet[Registration], name: str, currency: str) -> Iterator[tuple[str, int | None, str, Lot]]:
    counted = (
        rows.order_by().values(money=F(currency), which=F("ticket")).annotate(people=Count("pk"), whole=Sum("fee"))
    )
    for row in counted:
        yield row["money"], row["which"], name, Lot(row["people"], row["whole"] or 0)


def due(event: Event) -> QuerySet[Registration]:
    """Whose seat is kept for a payment, and by whom nothing has come and nothing is on its way."""
    other = Payment.objects.filter(event=event, state__in=(PaymentState.REVIEW, PaymentState.PROCESSING))
    return Registration.objects.filter(event=event, state=State.HELD, fee__gt=0).exclude(
        pk__in=other.order_by().values("registration")
    )


def waived(event: Event) -> QuerySet[Registration]:
    """Who has a place with a ticket that costs something, and owes nothing."""
    return Registration.objects.filter(event=event, state=State.CONFIRMED, fee=0, ticket__price__gt=0)


def _cells(row: dict[str, Lot], currency: str, names: Iterable[str], urls: dict[str, str] | None = None) -> list[Cell]:
    cells = []
    for name in names:
        one = row.get(name, Lot())
        amount = prices.told(one.amount, currency) if one.amount else ""
        cells.append(
            Cell(charts.number(one.count), amount, (urls or {}).get(name, "") if one.count else "", not one.count)
        )
    return cells


def _urls(event: Event, currency: str) -> dict[str, str]:
    """The lists behind the sums: of payments, and of registrations."""
    listed = f"{reverse('payments:index')}?event={event.pk}&currency={currency}&where="
    people = f"{reverse('registrations:index')}?event={event.pk}&payment="
    return {
        "paid": listed + where.PAID,
        "refunded": f"{listed}{where.REFUNDED}&where={where.PARTLY}",
        "kept": listed + where.KEPT,
        "processing": listed + where.ON_ITS_WAY,
        "review": listed + where.REVIEW,
        "disputed": listed + where.DISPUTED,
        "due": f"{people}due",
        "waived": f"{people}waived",
    }
