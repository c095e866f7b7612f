"""Payments that somebody has to look at, and why.

What was looked at and needs nothing more is said so, with a reason (``settle``); it comes
back as soon as something else happens to the payment that needs looking at.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from events.models import Event, Payment, PaymentChange, PaymentState, Refund, RefundState, Registration
from events.models.refund_reasons import Reason

ATTENTION = "attention"
SETTLE = "settle"
TROUBLE = ("review", "refund_failed", "refund_cancelled", "dispute", "dashboard_refund", "refuse")
"Verbs of a payment's history after which somebody has to look at it again."
PEACE = ("won", "warning_closed", "prevented")
"Ends of a dispute that leave nothing to do."

_LATER = Refund.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk")).exclude(
    state__in=(RefundState.FAILED, RefundState.CANCELLED)
)
_UNDONE = Refund.objects.filter(
    ~Exists(_LATER), payment=OuterRef("pk"), state__in=(RefundState.FAILED, RefundState.CANCELLED)
)
_BY_DASHBOARD = Refund.objects.filter(payment=OuterRef("pk"), reason=Reason.DASHBOARD)
_STILL_PAID = Payment.objects.filter(
    registration=OuterRef("registration"), state=PaymentState.PAID, received__gt=F("refunded")
)

WHY: dict[str, tuple[Any, Q]] = {
    "review": (_("Another amount or currency came than was asked."), Q(state=PaymentState.REVIEW)),
    "refund": (_("A refund has failed."), Q(Exists(_UNDONE), received__gt=F("claimed"))),
    "dispute": (_("The payer disputes it with their bank."), ~Q(dispute__in=("", *PEACE))),
    "place": (
        _("All of it was refunded from Stripe’s dashboard, and the place is still kept."),
        Q(
            Exists(_BY_DASHBOARD),
            ~Exists(_STILL_PAID),
            state=PaymentState.PAID,
            refunded=F("received"),
            registration__state=Registration.State.CONFIRMED,
            registration__fee__gt=0,
        )
        & ~Q(event__status__in=Event.CALLED_OFF),
    ),
    "refused": (
        _("Stripe refused to take it."),
        Q(state=PaymentState.FAILED) & ~Q(note="") & ~Q(registration__state=Registration.State.CONFIRMED),
    ),
}
"Name → the sentence, and which payments it is true of."


def needing_attention(*names: str) -> QuerySet[Payment]:
    """Those that somebody has to look at, for one of these reasons or for any."""
    changes = PaymentChange.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    last = changes.filter(verb__in=TROUBLE).annotate(last=Max("pk")).values("last")
    settled = changes.filter(verb=SETTLE).annotate(last=Max("pk")).values("last")
    found = Q()
    for name in names or WHY:
        found |= WHY[name][1]
    rows = Payment.objects.annotate(trouble=Coalesce(Subquery(last), 0), settled=Coalesce(Subquery(settled), 0))
    return rows.filter(found).exclude(settled__gt=F("trouble"))


def reasons(payment: Payment) -> list[str]:
    """Why this one is to be looked at, in the reader's language."""
    return [str(why) for name, (why, _which) in WHY.items() if needing_attention(name).filter(pk=payment.pk).exists()]


def settle(payment: Payment, by: User, why: str) -> bool:
    """It was looked at, and needs nothing more; False if it needed nothing."""
    with transaction.atomic():
        payment.hold()
        if payment.state == PaymentState.REVIEW or not needing_attention().filter(pk=payment.pk).exists():
            return False
        payment.note_change(SETTLE, payment.state, by=by, why=why)
    return True
