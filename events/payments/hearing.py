"""Hearing: what Stripe tells, and its effect in the books, in one transaction.

Events come late, twice, at once and in any order. The row of an event is unique, so that
one has its effect once; and the verbs behind it go only where the state of a payment
leads, so that two events of one thing have one effect too. What tells of a payment whose
money is not known here yet waits for it.
"""

import datetime as dt
import json
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from events.models import Payment, StripeEvent
from events.models.payment_states import PaymentState

from . import alerts, client, returning
from .reading import IGNORED, Effect, Json, Malformed, State, name_of, number_of, text_of, uid_of

log = logging.getLogger(__name__)

DONE = (State.HANDLED, State.IGNORED)


class Failed(Exception):
    """The effect of an event could not be had: everything was rolled back, and the event is kept for another time."""


# -- events


def hear(event: Json, raw: str = "") -> StripeEvent:
    """Take an event that Stripe has told, for the first time or again; its row says what became of it.

    ``raw`` is its text as it came. A second delivery of what was handled is counted and has no effect.

    Raises:
        Malformed: it is no event; or one whose object can't be read, and its row says so.
        Failed: its effect raised an error; its row says so, and ``again`` or another delivery tries anew.
        OperationalError, InterfaceError: the database is busy or away; nothing was written.
    """
    told = _read(event)
    try:
        with transaction.atomic():
            row, made = StripeEvent.objects.get_or_create(event_id=told["id"], defaults=_new(told))
            if not made:
                row = StripeEvent.objects.select_for_update().get(pk=row.pk)
                row.deliveries += 1
                row.save(update_fields=["deliveries"])
            if row.state not in DONE or made:
                _have_effect(row, event, raw)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001
        _keep_for_later(told, raw or json.dumps(event), error)
        raise (Malformed if isinstance(error, Malformed) else Failed)(type(error).__name__) from None
    if row.state == State.WAITING:
        _replay_quietly(row.payment_intent)  # its payment may have come while this was not seen yet
        row.refresh_from_db()
    return row


def again(row: StripeEvent) -> StripeEvent:
    """Try an event that failed or waited once more, from its text.

    Raises:
        Failed: it failed again.
    """
    try:
        with transaction.atomic():
            row = StripeEvent.objects.select_for_update().get(pk=row.pk)
            if row.state not in DONE and row.payload:
                _have_effect(row, json.loads(row.payload), row.payload)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001
        StripeEvent.objects.filter(pk=row.pk).exclude(state__in=DONE).update(
            state=State.FAILED, error=type(error).__name__
        )
        raise Failed(type(error).__name__) from None
    return row


def replay(payment_intent: str, skip: bool = False) -> None:
    """Do what was told of this payment before it was known here.

    With ``skip`` what somebody else has in hand is left out: who holds a payment waits for no event, as
    whoever hears one holds its row first. They may have looked too early; so it is done again without.
    """
    rows = StripeEvent.objects.filter(state=State.WAITING, payment_intent=payment_intent)
    skips = skip and connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        for row in rows.select_for_update(skip_locked=skips).order_by("created", "pk"):
            try:
                with transaction.atomic():
                    _have_effect(row, json.loads(row.payload), row.payload)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001
                log.error("An event of Stripe that waited failed: %s", type(error).__name__)  # noqa: TRY400
                StripeEvent.objects.filter(pk=row.pk).update(state=State.FAILED, error=type(error).__name__)


def _replay_quietly(payment_intent: str) -> None:
    """The same when all is done: a database that is away now is asked again by the worker."""
    try:
        replay(payment_intent)
    except (OperationalError, InterfaceError) as error:
        log.warning("What waits for a payment is left to the worker: %s", type(error).__name__)


def _read(event: Json) -> Json:
    """What of an event is always there, checked.

    Raises:
        Malformed: something is missing or of another kind.
    """
    name, kind, created = event.get("id"), event.get("type"), event.get("created")
    if not (isinstance(name, str) and name.isascii() and name.isprintable() and 0 < len(name) <= 255):
        raise Malformed("id")
    if not (isinstance(kind, str) and kind.isascii() and kind.isprintable() and 0 < len(kind) <= 100):
        raise Malformed("type")
    if isinstance(created, bool) or not isinstance(created, int) or not 0 <= created < 1 << 40:
        raise Malformed("created")
    data = event.get("data")
    if not isinstance(event.get("livemode"), bool) or not isinstance(data, dict):
        raise Malformed("livemode or data")
    if not isinstance(data.get("object"), dict):
        raise Malformed("data.object")
    try:
        moment = dt.datetime.fromtimestamp(created, dt.UTC)
    except (OverflowError, ValueError, OSError):
        raise Malformed("created") from None
    return {"id": name, "type": kind, "created": moment}


def _new(told: Json) -> Json:
    return {"type": told["type"], "created": told["created"]}


def _have_effect(row: StripeEvent, event: Json, raw: str) -> None:
    """Do what the event says, and write down what became of it. What is not ours leaves no text behind."""
    handler = None if _is_foreign(event) else HANDLERS.get(event["type"])
    state, payment, waits_for = handler(event["data"]["object"]) if handler else IGNORED
    row.state, row.payment, row.payment_intent, row.error = state, payment, waits_for, ""
    row.payload = "" if state == State.IGNORED else raw or json.dumps(event)
    row.handled_at = timezone.now() if state in DONE else None
    row.purged_at = None  # told again, its text is kept anew
    row.save(update_fields=["state", "payment", "payment_intent", "error", "payload", "handled_at", "purged_at"])


def _is_foreign(event: Json) -> bool:
    """Whether it tells of another account or of the other mode."""
    other_mode = bool(settings.STRIPE_SECRET_KEY) and event["livemode"] != client.is_live()
    return other_mode or bool(event.get("account")) or bool(event.get("context"))


def _keep_for_later(told: Json, raw: str, error: Exception) -> None:
    """Write down, in a transaction of its own, that an event failed; only the kind of the error, no data."""
    name = type(error).__name__
    log.error("An event of Stripe failed: %s %s", told["type"], name)
    with transaction.atomic():
        row, made = StripeEvent.objects.get_or_create(
            event_id=told["id"], defaults=_new(told) | {"state": State.FAILED, "error": name, "payload": raw}
        )
        if not made:
            row = StripeEvent.objects.select_for_update().get(pk=row.pk)
            if row.state not in DONE:  # another delivery may have had its effect meanwhile
                row.state, row.error, row.deliveries = State.FAILED, name, row.deliveries + 1
                row.payload = row.payload or raw
                row.save(update_fields=["state", "error", "deliveries", "payload"])


# -- sessions


def settle_session(session: Json) -> Payment | None:
    """Bring the books to what a Checkout Session says, whoever asked for it; its payment, if it is one of ours.

    Raises:
        Malformed: it is no session.
    """
    name = text_of(session, "id")
    status, paid = text_of(session, "status"), text_of(session, "payment_status")
    with transaction.atomic():
        payment = _payment_of(session, name)
        if payment is None:
            return None
        payment.hold()
        if payment.session not in (None, name):
            other = Payment.objects.filter(session=name).first()
            if other is None and (status, paid) != ("complete", "paid"):
                return payment  # of an attempt that is over; nobody has paid by it
            payment = other or payment.beside(name, bool(session.get("livemode")))
            payment.hold()
        intent = name_of(session.get("payment_intent"))
        payment.bind(name, intent)
        if payment.is_live is None:
            payment.is_live = bool(session.get("livemode"))
            payment.save(update_fields=["is_live"])
        if paid in ("paid", "no_payment_required"):
            payment.paid(name, intent, number_of(session, "amount_total"), text_of(session, "currency"))
        elif status == "complete":
            payment.processing(name, intent)
        elif status == "expired":
            payment.expired()
        elif status == "open":
            ends = dt.datetime.fromtimestamp(number_of(session, "expires_at"), dt.UTC)
            payment.opened(name, session.get("url") or "", ends, bool(session.get("livemode")))
        _look_after(payment)
    return payment


def _failed_later(session: Json) -> Effect:
    """A method that takes days came to nothing. That is said by the event only, and by the intent."""
    name = text_of(session, "id")
    payment = _payment_of(session, name)
    if payment is None or payment.session not in (None, name):
        return IGNORED
    payment.hold()
    payment.bind(name, name_of(session.get("payment_intent")))
    payment.failed()
    return State.HANDLED, payment, ""


def _session(session: Json) -> Effect:
    payment = settle_session(session)
    return (State.HANDLED, payment, "") if payment else IGNORED


def _payment_of(session: Json, name: str) -> Payment | None:
    """By its own name, else by what we wrote into it."""
    known = Payment.objects.filter(session=name).first()
    if known is not None:
        return known
    metadata = session.get("metadata")
    uid = (metadata.get("payment") if isinstance(metadata, dict) else None) or session.get("client_reference_id")
    return Payment.objects.filter(uid=found).first() if (found := uid_of(uid)) else None


def _look_after(payment: Payment) -> None:
    """What follows from money that has come: what was told of it before, and who has to look at it."""
    if payment.state == PaymentState.REVIEW:
        alerts.tell(payment, alerts.REVIEW)
    intent = payment.payment_intent
    if payment.received and intent:
        replay(intent, skip=True)
        # And once more when all see this: what was told at the same moment may have missed it.
        transaction.on_commit(lambda: _replay_quietly(intent))


# -- refunds


def _refund(refund: Json) -> Effect:
    """One that failed makes room for what was told of a later one, and waited for that."""
    effect = returning.hear_refund(refund)
    intent = name_of(refund.get("payment_intent"))
    if effect[0] == State.HANDLED and refund["status"] in returning.CAME_BACK:
        transaction.on_commit(lambda: _replay_quietly(intent))
    return effect


def heard(refund: Json) -> Payment | None:
    """The same for a refund that Stripe was asked about; its payment."""
    with transaction.atomic():
        return _refund(refund)[1]


HANDLERS: dict[str, Callable[[Json], Effect]] = {
    "checkout.session.completed": _session,
    "checkout.session.expired": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _failed_later,
    "charge.refunded": returning.hear_charge,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": returning.hear_dispute,
    "charge.dispute.updated": returning.hear_dispute,
    "charge.dispute.closed": returning.hear_dispute,
    "charge.dispute.funds_withdrawn": returning.hear_dispute,
    "charge.dispute.funds_reinstated": returning.hear_dispute,
}
"What is asked for at Stripe, by the names of the events (docs.stripe.com/api/events/types)."
