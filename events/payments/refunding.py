"""Refunding: what the books say is to go back is asked of Stripe, once, whatever dies on the way.

A refund is claimed for longer than a call takes; the key of the call is that of the row, so
that a worker that dies between the call and the note of it repeats the very same call. Keys
are forgotten by Stripe after a day: what is older is looked for at Stripe before it is asked
for again.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from events.models import Payment, Refund
from events.models.refund_reasons import Reason
from letters.jobs import JobFailed
from letters.models import Heartbeat

from . import alerts, client, hearing
from .paging import pages

log = logging.getLogger(__name__)

JOB = "refunds"
KEYS_LAST = dt.timedelta(hours=23)
"Stripe may forget a key after 24 hours (docs.stripe.com/api/idempotent_requests)."
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60)]
"How long a refund waits after each try that did not reach Stripe; the last one from then on."
NOTHING_THERE = "balance_insufficient"
"Stripe gives this answer again to the same key, whatever has come meanwhile: the next try has another one."
ENOUGH = 60.0
"Seconds after which a run rests: letters wait meanwhile. The next one goes on at once."
TO_BE_TRIED = (NOTHING_THERE, "lock_timeout", "idempotency_key_in_use")
"Stripe does not do it now, but may later (docs.stripe.com/error-codes)."
REASONS = {Reason.TWICE: "duplicate"}
"Stripe's words for a reason; all others were asked for by the customer."


def waiting() -> bool:
    """Whether a refund may leave now; after a failure the job waits for its turn."""
    due = bool(settings.STRIPE_SECRET_KEY) and Refund.objects.due().exists()
    return due and not Heartbeat.objects.filter(job=JOB, failed=True).exists()


def carry_out(stop: Callable[[], bool] = lambda: False) -> str:
    """Ask Stripe for every refund that is due. Where Stripe can't be reached the others wait too.

    Raises:
        JobFailed: names what could not be done, the rest being done.
        OperationalError: the database is away.
    """
    if not settings.STRIPE_SECRET_KEY:
        return "no payments here"
    done, failed = 0, []
    for refund in _due(stop):
        try:
            done += send(refund)
        except client.Unreachable as error:
            failed.append(f"Stripe could not be reached ({error})")
            break
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - one row must not stop the others
            log.error("Refund %s could not be asked for: %s", refund.pk, type(error).__name__)  # noqa: TRY400
            failed.append(f"refund {refund.pk}: {type(error).__name__}")
    if failed:
        raise JobFailed(f"{done} sent; {'; '.join(failed)}")
    return f"{done} sent"


def _due(stop: Callable[[], bool]) -> Iterator[Refund]:
    """One after the other, each as it is then; none twice in one round."""
    seen: set[int] = set()
    until = time.monotonic() + ENOUGH
    while not stop() and time.monotonic() < until:
        refund = Refund.objects.due().exclude(pk__in=seen).select_related("payment").first()
        if refund is None:
            return
        seen.add(refund.pk)
        if refund.claim():
            yield refund


def send(refund: Refund) -> bool:
    """Ask for a refund that is claimed; whether Stripe has taken it.

    Raises:
        Unreachable: it is not known whether it was done. The same is asked again later, by the same key.
    """
    payment = refund.payment
    if not payment.payment_intent:
        return _refused(refund, "no payment intent")
    try:
        known = _known_at_stripe(refund) if _is_old(refund) else None
        if known is None and _is_old(refund):
            refund.try_anew()
        answer = known or client.ask(lambda stripe: stripe.v1.refunds.create(_asked(refund), _options(refund)))
    except client.Unreachable as error:
        refund.wait(str(error), _pause(refund))
        raise
    except client.Refused as refused:
        if refused.code in TO_BE_TRIED:
            if refused.code == NOTHING_THERE:
                refund.try_anew()
            refund.wait(refused.code, _pause(refund))
            if refund.tries == len(PAUSES):
                alerts.tell(payment, alerts.REFUND_FAILED, str(refund.uid))
            return False
        if (known := _known_at_stripe(refund)) is None:  # "already refunded" may be this very one, by another way
            return _refused(refund, refused.code or str(refused))
        answer = known
    hearing.heard(answer)
    return True


def _asked(refund: Refund) -> Any:
    """The same for each try: the same key goes with the same text."""
    return {
        "payment_intent": refund.payment.payment_intent,
        "amount": refund.amount,
        "reason": REASONS.get(Reason(refund.reason), "requested_by_customer"),
        "metadata": {"refund": str(refund.uid), "payment": str(refund.payment.uid)},
    }


def _options(refund: Refund) -> Any:
    return {"idempotency_key": refund.idempotency_key}


def _is_old(refund: Refund) -> bool:
    first = refund.first_sent_at
    return first is not None and first < timezone.now() - KEYS_LAST


def _known_at_stripe(refund: Refund) -> dict[str, Any] | None:
    """This refund, if Stripe has it though nobody here heard of it."""
    asked = {"payment_intent": refund.payment.payment_intent or "", "limit": 100}
    for one in pages(lambda stripe, more: stripe.v1.refunds.list(asked | more)):  # type: ignore[arg-type]
        if (one.get("metadata") or {}).get("refund") == str(refund.uid):
            return one
    return None


def _pause(refund: Refund) -> dt.timedelta:
    return PAUSES[min(refund.tries, len(PAUSES)) - 1]


def _refused(refund: Refund, why: str) -> bool:
    """It never will be done: it no longer counts as claimed, and the staff know."""
    if refund.payment.not_refunded(refund, why):
        payment = Payment.objects.get(pk=refund.payment_id)
        alerts.tell(payment, alerts.REFUND_FAILED, str(refund.uid))
    return False
