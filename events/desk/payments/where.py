"""Where a payment stands, as the staff ask for it: more than its state, as money goes back and is disputed."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.models import Payment, PaymentState

from .attention import ATTENTION, needing_attention

AWAITED, ON_ITS_WAY, PAID, PARTLY, REFUNDED = "awaited", "processing", "paid", "partly", "refunded"
REVIEW, DISPUTED, FAILED, EXPIRED, KEPT = "review", "disputed", "failed", "expired", "kept"

WHERE: dict[str, tuple[Any, Q]] = {
    REVIEW: (pgettext_lazy("of a payment", "to be looked at"), Q(state=PaymentState.REVIEW)),
    DISPUTED: (gettext_lazy("disputed"), ~Q(dispute="")),
    AWAITED: (
        pgettext_lazy("of a payment", "waited for"),
        Q(state__in=(PaymentState.CREATED, PaymentState.OPEN)),
    ),
    ON_ITS_WAY: (pgettext_lazy("of a payment", "on its way"), Q(state=PaymentState.PROCESSING)),
    PAID: (pgettext_lazy("of a payment", "paid"), Q(state=PaymentState.PAID)),
    KEPT: (gettext_lazy("paid, and not all refunded"), Q(state=PaymentState.PAID, received__gt=F("refunded"))),
    PARTLY: (
        gettext_lazy("refunded in part"),
        Q(state=PaymentState.PAID, refunded__gt=0, refunded__lt=F("received")),
    ),
    REFUNDED: (
        pgettext_lazy("of a payment", "refunded"),
        Q(state=PaymentState.PAID, refunded__gt=0, refunded=F("received")),
    ),
    FAILED: (pgettext_lazy("of a payment", "failed"), Q(state=PaymentState.FAILED)),
    EXPIRED: (pgettext_lazy("of a payment", "not paid in time"), Q(state=PaymentState.EXPIRED)),
}
"Name → what it is called, and which payments these are; one payment may stand at several."

CHOICES = [(ATTENTION, gettext_lazy("needs attention")), *((name, label) for name, (label, _which) in WHERE.items())]


def standing_at(rows: Any, names: list[str]) -> Any:
    """Those payments that stand at one of these."""
    found = Q()
    for name in names:
        found |= Q(pk__in=needing_attention().order_by().values("pk")) if name == ATTENTION else WHERE[name][1]
    return rows.filter(found)


def told(payment: Payment) -> str:
    """Where one payment stands, in words: "paid, refunded in part"."""
    said = str(payment.get_state_display())
    if payment.refunded:
        said = str(WHERE[REFUNDED if payment.refunded == payment.received else PARTLY][0])
    return _("%(state)s, disputed") % {"state": said} if payment.dispute else said
