"""Reconciling: Stripe is asked for what it has not told, so that the books agree with it whatever was lost.

Every row is done by itself, by the same verbs by which webhooks are heard; one that fails
stops no other. Where Stripe can't be reached a run ends at once: the next one goes on.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from events.models import NotAllowed, Payment, Refund, StripeEvent
from events.models.payment_states import AWAITED, PaymentState
from events.models.registration_states import State
from letters.jobs import JobFailed

from . import checkout, client, hearing, returning
from .paging import pages

log = logging.getLogger(__name__)

JOB, SWEEP = "reconcile", "payments"
A_MOMENT = dt.timedelta(minutes=1)
"So long somebody may be about to open a session by themselves."
OFTEN = dt.timedelta(minutes=5)
HOURLY = dt.timedelta(hours=1)
TRIED_AGAIN = dt.timedelta(days=7)
"So long an event that failed is tried again; then it stands in the report only."
REMEMBERED = dt.timedelta(days=30)
"How far back Stripe lists events (docs.stripe.com/api/events/list)."
ENOUGH, ENOUGH_A_DAY = 60.0, 200.0
"Seconds after which a run rests: letters wait meanwhile."
KEPT = dt.timedelta(days=90)
"How long texts with personal data are kept."
NO_METHOD = ("requires_payment_method", "canceled")
"What a payment intent says when a method that takes days has failed."


class Run:
    """One run: each row by itself, until Stripe is away, it is told to stop or has done enough."""

    def __init__(self, stop: Callable[[], bool], enough: float = ENOUGH) -> None:
        self.stop = stop
        self.until = time.monotonic() + enough
        self.is_over = False
        self.failed: list[str] = []

    def each(self, rows: Iterable[Any], do: Callable[[Any], Any]) -> int:
        """Do something to each; how many were done."""
        done = 0
        for row in rows:
            if self.is_over or self.stop() or time.monotonic() > self.until:
                break
            done += self.one(lambda row=row: do(row), _named(row))  # type: ignore[misc]
        return done

    def one(self, do: Callable[[], Any], name: str) -> bool:
        """Do one thing; whether it was done."""
        try:
            do()
        except client.Unreachable as error:
            self.is_over = True
            self.failed.append(f"Stripe could not be reached ({error})")
            return False
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - one row must not stop the others
            log.error("%s could not be reconciled: %s", name, type(error).__name__)  # noqa: TRY400
            code = f" {error.code}" if isinstance(error, client.Refused) and error.code else ""
            self.failed.append(f"{name}: {type(error).__name__}{code}")
            return False
        return True

    def outcome(self, told: str) -> str:
        """What was done.

        Raises:
            JobFailed: something was not.
        """
        if self.failed:
            raise JobFailed(f"{told}; {'; '.join(self.failed)}")
        return told


def _named(row: Any) -> str:
    return str(row["id"]) if isinstance(row, dict) else f"{type(row).__name__} {row.pk}"


def reconcile(stop: Callable[[], bool] = lambda: False) -> str:
    """Ask about every payment and refund that Stripe should have told of by now, and do again what failed.

    Raises:
        JobFailed: names what could not be done, the rest being done.
        OperationalError: the database is away.
    """
    if not settings.STRIPE_SECRET_KEY:
        return "no payments here"
    run = Run(stop)
    closed = run.each(_nobody_waits_for(), _close)
    begun = run.each(_without_session(), _begin)
    asked = run.each(_to_ask_about(), _look)
    events = run.each(_events(), hearing.again)
    refunds = run.each(_refunds(), _look_at_refund)
    totals = run.each(_totals(), _compare)
    return run.outcome(
        f"{closed} closed, {begun} begun again, {asked} asked about, {events} events heard again, "
        f"{refunds} refunds asked about, {totals} totals compared"
    )


# -- sessions


def _nobody_waits_for() -> Any:
    """Sessions to be closed: told to be, or of a place that is no longer kept for them."""
    waits = Q(registration__state=State.HELD)
    rows = Payment.objects.filter(state__in=(PaymentState.CREATED, PaymentState.OPEN)).filter(
        Q(is_unwanted=True) | ~waits
    )
    return _in_turn(rows, A_MOMENT)


def _close(payment: Payment) -> None:
    payment.checked()
    checkout.close(payment)


def _without_session() -> Any:
    """Of which nobody knows whether Stripe has made the session."""
    return Payment.objects.filter(
        state=PaymentState.CREATED,
        is_unwanted=False,
        registration__state=State.HELD,
        created_at__lt=timezone.now() - A_MOMENT,
    ).order_by("pk")


def _begin(payment: Payment) -> None:
    """Send what was sent, or was about to be; one whose time is over is at its end."""
    try:
        if payment.request:
            checkout.open_session(payment)
        elif not payment.registration.is_to_be_paid:
            payment.expired()
    except NotAllowed:
        payment.expired()


def _to_ask_about() -> Any:
    """Sessions whose end has passed, or of which nothing was heard for a while."""
    now = timezone.now()
    is_open = Q(state=PaymentState.OPEN) & (
        Q(checked_at=None, created_at__lt=now - OFTEN)
        | Q(checked_at__lt=now - OFTEN)
        | Q(session_ends_at__lt=now) & (Q(checked_at=None) | Q(checked_at__lt=F("session_ends_at")))
    )
    on_its_way = Q(state=PaymentState.PROCESSING) & (Q(checked_at=None) | Q(checked_at__lt=now - HOURLY))
    return Payment.objects.filter(is_open | on_its_way, session__isnull=False).order_by(
        F("checked_at").asc(nulls_first=True), "pk"
    )


def _look(payment: Payment) -> None:
    """What became of a session; of one without an answer for days, what became of its money."""
    try:
        checkout.look(payment)
    except client.Gone:  # made with another key
        if not _is_long_over(payment):
            raise
        payment.expired()
    payment.refresh_from_db()
    intent = payment.payment_intent
    if payment.state == PaymentState.PROCESSING and intent:
        told = client.ask(lambda stripe: stripe.v1.payment_intents.retrieve(intent))
        if told.get("status") in NO_METHOD:
            payment.failed()


def _is_long_over(payment: Payment) -> bool:
    return payment.session_ends_at is not None and payment.session_ends_at < timezone.now() - HOURLY


def _in_turn(rows: Any, pause: dt.timedelta) -> Any:
    """Those that were not asked about just now."""
    late = timezone.now() - pause
    return rows.filter(Q(checked_at=None) | Q(checked_at__lt=late)).order_by("pk")


# -- events


def _events() -> Any:
    """Events that failed, and those whose payment has come meanwhile."""
    known = Payment.objects.filter(payment_intent=OuterRef("payment_intent"), received__gt=0)
    came = Q(state=StripeEvent.State.WAITING) & ~Q(payment_intent="") & Exists(known)
    failed = Q(state=StripeEvent.State.FAILED, received_at__gt=timezone.now() - TRIED_AGAIN)
    return StripeEvent.objects.filter(came | failed).exclude(payload="").order_by("created", "pk")


# -- refunds


def _refunds() -> Any:
    """Refunds under way: banks take days, so that each is asked about once an hour."""
    under_way = Refund.objects.under_way().exclude(stripe_id=None)
    return under_way.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


def _look_at_refund(refund: Refund) -> None:
    name = refund.stripe_id
    assert name is not None
    hearing.heard(client.ask(lambda stripe: stripe.v1.refunds.retrieve(name)))
    Refund.objects.filter(pk=refund.pk).update(due_at=timezone.now() + HOURLY)


def _totals() -> Any:
    """Payments of which Stripe said that more went back than the books know."""
    more = StripeEvent.objects.filter(state=StripeEvent.State.WAITING, payment=OuterRef("pk"))
    return Payment.objects.filter(Exists(more)).order_by("pk")


def _compare(payment: Payment) -> None:
    """Hear every refund that Stripe lists of a payment; then what was said of the total is dealt with."""
    told = StripeEvent.objects.filter(state=StripeEvent.State.WAITING, payment=payment)
    rows = list(told.values_list("pk", flat=True))
    for refund in _of_payment(payment):
        hearing.heard(refund)
    told.filter(pk__in=rows).update(state=StripeEvent.State.HANDLED, handled_at=timezone.now())


def _of_payment(payment: Payment) -> list[dict[str, Any]]:
    """Oldest first: one that failed made room for the next."""
    asked: Any = {"payment_intent": payment.payment_intent, "limit": 100}
    return list(pages(lambda stripe, more: stripe.v1.refunds.list(asked | more)))[::-1]


# -- one payment, because somebody asks


def look_again(payment: Payment) -> None:
    """Ask Stripe about one payment now: what became of its session, and all that went back of it.

    Raises:
        Unreachable, Refused: it is not known; what was heard until then is written.
    """
    if payment.state == PaymentState.CREATED:
        _begin(payment)
    elif payment.session and payment.state != PaymentState.PAID:
        _look(payment)
    payment.refresh_from_db()
    if payment.payment_intent and payment.received:
        _compare(payment)


# -- once a day


def sweep(stop: Callable[[], bool] = lambda: False) -> str:
    """Hear the events of the last thirty days that could not be delivered, and the refunds nobody told of;
    then empty the texts whose time is over.

    Raises:
        JobFailed: names what could not be done, the rest being done.
        OperationalError: the database is away.
    """
    emptied = purge()
    if not settings.STRIPE_SECRET_KEY:
        return f"no payments here, {emptied} texts emptied"
    run, heard = Run(stop, ENOUGH_A_DAY), {"events": 0, "refunds": 0}
    run.one(lambda: heard.update(events=run.each(_undelivered(), _hear)), "events that were not delivered")
    run.one(lambda: heard.update(refunds=run.each(_unknown_refunds(), hearing.heard)), "refunds of the last days")
    return run.outcome(f"{heard['events']} events and {heard['refunds']} refunds fetched, {emptied} texts emptied")


def _undelivered() -> Iterable[dict[str, Any]]:
    """Oldest first: not that it should matter."""
    asked: Any = {"delivery_success": False, "types": sorted(hearing.HANDLERS), "limit": 100}
    told = list(pages(lambda stripe, more: stripe.v1.events.list(asked | more)))
    names = [event["id"] for event in told]
    done = StripeEvent.objects.filter(event_id__in=names, state__in=hearing.DONE).values_list("event_id", flat=True)
    known = set(done)
    return [event for event in reversed(told) if event["id"] not in known]


def _hear(event: dict[str, Any]) -> None:
    hearing.hear(event)


def _unknown_refunds() -> Iterable[dict[str, Any]]:
    """Refunds of our payments of which Stripe says something else than the books."""
    since = int((timezone.now() - REMEMBERED).timestamp())
    asked: Any = {"created": {"gte": since}, "limit": 100}
    told = list(pages(lambda stripe, more: stripe.v1.refunds.list(asked | more)))
    ours = set(
        Payment.objects.filter(payment_intent__in=[one.get("payment_intent") for one in told], received__gt=0)
        .order_by()
        .values_list("payment_intent", flat=True)
    )
    known = dict(Refund.objects.filter(stripe_id__in=[one["id"] for one in told]).values_list("stripe_id", "state"))
    return [
        one
        for one in reversed(told)
        if one.get("payment_intent") in ours and known.get(one["id"]) != returning.REFUNDS.get(one.get("status") or "")
    ]


def purge() -> int:
    """Empty what holds personal data and is old: texts of events, and requests of payments that are at their end."""
    now = timezone.now()
    old = StripeEvent.objects.filter(purged_at=None, received_at__lt=now - KEPT)
    old.filter(state=StripeEvent.State.WAITING, payment=None).update(state=StripeEvent.State.IGNORED)
    events = old.update(payload="", purged_at=now)
    ended = Payment.objects.exclude(state__in=AWAITED).filter(created_at__lt=now - KEPT)
    requests = ended.exclude(request="", session_url="").update(request="", session_url="")
    return int(events) + int(requests)
