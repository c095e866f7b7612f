"""What a registration owes or has paid, for the list of people, their pages and the file of them."""

from typing import Any

from django.db.models import BooleanField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.calendars import prices
from events.models import Payment, PaymentState, Registration

State = Registration.State
DUE, WAIVED = "due", "waived"
_KEPT = F("came") - F("went")

OWING: dict[str, tuple[Any, Q]] = {
    "review": (pgettext_lazy("of a payment", "to be looked at"), Q(in_review=True)),
    "processing": (gettext_lazy("payment on its way"), Q(on_its_way=True)),
    "refunded": (pgettext_lazy("of a payment", "refunded"), Q(came__gt=0, went__gte=F("came"))),
    "partly": (gettext_lazy("refunded in part"), Q(came__gt=F("went"), went__gt=0, fee__gt=_KEPT)),
    "paid": (pgettext_lazy("of a payment", "paid"), Q(came__gt=F("went")) & (Q(went=0) | Q(fee__lte=_KEPT))),
    DUE: (gettext_lazy("to be paid"), Q(state=State.HELD, fee__gt=0, in_review=False, on_its_way=False)),
    WAIVED: (gettext_lazy("owes nothing"), Q(state=State.CONFIRMED, fee=0, ticket__price__gt=0)),
}
"Name → what it is called, and whose it is; the first that is true is told."
CHOICES = [(name, label) for name, (label, _which) in OWING.items()]


def with_money(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With what came and went back for each, in minor units, and whether something is on its way or looked at."""
    mine = Payment.objects.filter(registration=OuterRef("pk")).order_by()
    paid = mine.filter(state=PaymentState.PAID).values("registration")

    def whole(name: str) -> Coalesce:
        found = Subquery(paid.annotate(whole=Sum(name)).values("whole"), output_field=IntegerField())
        return Coalesce(found, 0)

    return rows.annotate(
        came=whole("received"),
        went=whole("refunded"),
        in_review=Exists(mine.filter(state=PaymentState.REVIEW), output_field=BooleanField()),
        on_its_way=Exists(mine.filter(state=PaymentState.PROCESSING), output_field=BooleanField()),
    )


def standing(row: Any) -> str:
    """Where one stands; empty for who never had to pay. The row comes from ``with_money``."""
    if row.in_review:
        return "review"
    if row.on_its_way:
        return "processing"
    if row.came:
        kept = row.came - row.went
        return "refunded" if kept <= 0 else "paid" if not row.went or kept >= row.fee else "partly"
    if row.state == State.HELD and row.fee:
        return DUE
    is_priced = row.ticket is not None and not row.ticket.is_free
    return WAIVED if row.state == State.CONFIRMED and not row.fee and is_priced else ""


def told(row: Any) -> str:
    """The same in words, with what the place costs: "Paid (60,00 €)"."""
    name = standing(row)
    if not name:
        return ""
    said = capfirst(str(OWING[name][0]))
    if not row.fee:
        return said
    return _("%(state)s (%(amount)s)") % {"state": said, "amount": prices.told(row.fee, row.fee_currency)}


def is_asked(rows: QuerySet[Registration]) -> bool:
    """Whether any of them is for something that costs."""
    return rows.filter(Q(fee__gt=0) | Q(ticket__price__gt=0)).order_by().exists()
