"""The report of payments: sums in each currency, and what somebody should look at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from events.calendars import prices
from events.models import Payment, Refund, StripeEvent
from events.models.payment_states import AWAITED, RECEIVED, PaymentState, RefundState

STUCK_AFTER = dt.timedelta(hours=1)
FIGURES = ("received", "refunded", "to be refunded", "disputed", "awaited", "to be looked at")


def sums() -> dict[str, dict[str, int]]:
    """By currency, in minor units: what came (and was not sent back: less ``refunded``), what is awaited, and so on."""
    told: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    came = Payment.objects.filter(state__in=RECEIVED).order_by().values(currency_of=F("received_currency"))
    figures = came.annotate(
        all_received=Sum("received"),
        all_refunded=Sum("refunded"),
        claims=Sum(F("claimed") - F("refunded")),
        in_dispute=Sum("disputed"),
        looked_at=Sum("received", filter=Q(state=PaymentState.REVIEW)),
    )
    for row in figures:
        here = told[row["currency_of"]]
        here["received"], here["refunded"] = row["all_received"], row["all_refunded"]
        here["to be refunded"], here["disputed"] = row["claims"], row["in_dispute"]
        here["to be looked at"] = row["looked_at"] or 0
    awaited = Payment.objects.filter(state__in=AWAITED).order_by().values("currency").annotate(all=Sum("amount"))
    for one in awaited:
        told[one["currency"]]["awaited"] = one["all"]
    return dict(sorted(told.items()))


def stuck() -> int:
    """Refunds that should have left long ago."""
    late = timezone.now() - STUCK_AFTER
    return Refund.objects.filter(state__in=(RefundState.QUEUED, RefundState.SENT), created_at__lt=late).count()


def lines() -> Iterator[str]:
    """The report, a fact a line."""
    found = sums()
    if not found:
        yield "No payments."
    for currency, figures in found.items():
        told = [f"{name} {prices.told(amount, currency, 'en')}" for name, amount in figures.items() if amount]
        yield f"{currency}: {', '.join(told) or 'nothing'}"
    states = dict(Payment.objects.order_by().values_list("state").annotate(Count("pk")))
    yield "Payments: " + (", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none")
    yield f"Refunds stuck: {stuck()}, failed: {Refund.objects.filter(state=RefundState.FAILED).count()}"
    events = dict(StripeEvent.objects.order_by().values_list("state").annotate(Count("pk")))
    kept = StripeEvent.objects.exclude(payload="").count()
    failed, waiting = events.get(StripeEvent.State.FAILED, 0), events.get(StripeEvent.State.WAITING, 0)
    yield f"Events failed: {failed}, waiting for their payment: {waiting}, kept with their text: {kept}"
