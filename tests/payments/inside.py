"""A process of the site that does what tests can't do by its doors: make a meeting, look at the books, turn back time.

It is started beside the served site with the same settings, and answers one question a
line: the name of a function of this module and what it is given. `Till` asks.
"""

import contextlib
import datetime as dt
import io
import json
import os
import sys
import traceback
from collections import Counter
from typing import Any

FUTURE = dt.datetime(2031, 5, 12, 9)


def meeting(price: int = 6000, currency: str = "EUR", free: bool = False, steps: Any = (), **facts: Any) -> Any:
    """A published meeting with one ticket that has a price, perhaps another that has none, and a refund policy."""
    from events.models import RefundStep
    from tests.factories import TicketFactory, told
    from tests.registration.people import meeting as published

    facts = _moments(facts)
    ticket = {name: facts.pop(name) for name in ("early_price", "early_until_local", "quota") if name in facts}
    event = published(**{"start_local": FUTURE, "end_local": FUTURE + dt.timedelta(hours=8)} | facts)
    paid = TicketFactory(
        event=event, code="paid", name=told("Plein tarif", "Standard", "Tarifa normal"), price=price,
        currency=currency, **ticket,
    )  # fmt: skip
    tickets = {"paid": str(paid.uid)}
    if free:
        tickets["free"] = str(TicketFactory(event=event, code="free", currency=currency, sort_order=1).uid)
    for until, percent in steps:
        RefundStep.objects.create(event=event, until_local=dt.datetime.fromisoformat(until), percent=percent)
    return {"uid": str(event.uid), "tickets": tickets}


def _moments(facts: dict[str, Any]) -> dict[str, Any]:
    """What was sent as text, as the moment that it is."""
    return {name: dt.datetime.fromisoformat(it) if name.endswith("_local") and it else it for name, it in facts.items()}


def change(event: str, **facts: Any) -> None:
    """Change facts of a meeting and publish them, as an editor does."""
    from events.models import Event
    from tests.factories import publish

    publish(Event.objects.get(uid=event), **_moments(facts))


def change_ticket(uid: str, **facts: Any) -> None:
    from events.models import Ticket

    ticket = Ticket.objects.get(uid=uid)
    for name, value in _moments(facts).items():
        setattr(ticket, name, value)
    ticket.save()


def person(email: str) -> Any:
    """All that the books say about somebody: the latest of their registrations, payments and letters."""
    from events.models import Registration
    from events.registration import links
    from letters.models import Letter

    row = Registration.objects.filter(email_key=email.casefold()).order_by("pk").last()
    if row is None:
        return None
    return {
        "token": links.token(row),
        "state": row.state,
        "fee": row.fee,
        "currency": row.fee_currency,
        "holds": bool(row.held),
        "payments": [payment(one) for one in row.payments.order_by("pk")],
        "letters": list(Letter.objects.filter(recipient=email).order_by("pk").values_list("kind", flat=True)),
        "verbs": list(row.changes.order_by("pk").values_list("verb", flat=True)) if hasattr(row, "changes") else [],
        "kept": (row.expires_at - _now()).total_seconds() if row.expires_at else None,
    }


def payment(one: Any) -> Any:
    return {
        "pk": one.pk,
        "uid": str(one.uid),
        "state": one.state,
        "amount": one.amount,
        "currency": one.currency,
        "received": one.received,
        "claimed": one.claimed,
        "refunded": one.refunded,
        "session": one.session,
        "intent": one.payment_intent,
        "attempt": one.attempt,
        "dispute": one.dispute,
        "disputed": one.disputed,
        "note": one.note,
        "unwanted": one.is_unwanted,
        "refunds": [
            {"amount": refund.amount, "state": refund.state, "reason": refund.reason, "error": refund.error}
            for refund in one.refunds.order_by("pk")
        ],
        "verbs": list(one.changes.order_by("pk").values_list("verb", flat=True)),
    }


def told(event_id: str) -> Any:
    """The row of an event of Stripe's."""
    from events.models import StripeEvent

    row = StripeEvent.objects.filter(event_id=event_id).first()
    return row and {"state": row.state, "deliveries": row.deliveries, "error": row.error, "type": row.type}


def rows() -> int:
    """How many events of Stripe's are written down."""
    from events.models import StripeEvent

    return StripeEvent.objects.count()


def letters_to(*emails: str) -> Any:
    from letters.models import Letter

    return Counter(Letter.objects.filter(recipient__in=emails).values_list("kind", flat=True))


def alerts_about(uid: str) -> int:
    """How many letters to one of the staff tell of a payment."""
    from django.contrib.auth.models import User

    from events.models import Payment
    from letters.models import Letter

    about = Payment.objects.get(uid=uid).pk
    letters = Letter.objects.filter(kind="payment_alert", recipient=User.objects.get(username="staff").email)
    return sum(letter.facts["payment"] == about for letter in letters)


def books(event: str) -> Any:
    """What came and what went back, of one event, as our books have it."""
    from django.db.models import Sum

    from events.models import Payment

    rows = Payment.objects.filter(event__uid=event, received__gt=0)
    sums = rows.values("received_currency").annotate(came=Sum("received"), went=Sum("refunded"))
    return {row["received_currency"].lower(): row["came"] - row["went"] for row in sums.order_by("received_currency")}


def seats(event: str) -> Any:
    from events.models import SeatPool

    return dict(SeatPool.objects.filter(event__uid=event).values_list("key", "taken"))


def states(event: str) -> Any:
    """How many registrations of an event are in each state."""
    from events.models import Registration

    return Counter(Registration.objects.filter(event__uid=event).values_list("state", flat=True))


def run_out(*emails: str) -> int:
    """Their time is over: what was kept for them was kept until a minute ago."""
    from events.models import Payment, Registration

    past = _now() - dt.timedelta(minutes=1)
    who = Registration.objects.filter(email_key__in=emails)
    Payment.objects.filter(registration__in=who, session_ends_at__isnull=False).update(session_ends_at=past)
    return who.filter(expires_at__isnull=False).update(expires_at=past)


def release() -> str:
    """What has run out is released and offered on, as the worker does it, and nothing else."""
    from events.registration.running_out import settle_what_has_run_out

    return settle_what_has_run_out()


def began_ago(uid: str, unsent: bool = False, **ago: float) -> None:
    """A payment was begun so long ago; the text of a request that never arrived names the times of then."""
    from events.models import Payment

    gap = dt.timedelta(**ago)
    one = Payment.objects.get(uid=uid)
    one.created_at -= gap
    one.first_sent_at = one.first_sent_at and one.first_sent_at - gap
    one.session_ends_at = one.session_ends_at and one.session_ends_at - gap
    one.checked_at = one.checked_at and one.checked_at - gap
    if unsent:
        asked = json.loads(one.request)
        asked["expires_at"] -= int(gap.total_seconds())
        one.request = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    one.save()


def shorten(email: str, **by: float) -> None:
    """The seat is kept for so much less."""
    from events.models import Registration

    for row in Registration.objects.filter(email_key=email, expires_at__isnull=False):
        row.expires_at -= dt.timedelta(**by)
        row.save(update_fields=["expires_at"])


def refunds_sent_ago(uid: str, **ago: float) -> None:
    """The refunds of a payment were sent for the first time so long ago."""
    from events.models import Refund

    Refund.objects.filter(payment__uid=uid, first_sent_at__isnull=False).update(
        first_sent_at=_now() - dt.timedelta(**ago)
    )


def make_due() -> None:
    """What waits to be tried again, or to be asked about, need not wait any longer."""
    from events.models import Payment, Refund, StripeEvent
    from letters.models import Heartbeat

    past = _now() - dt.timedelta(days=1)
    Heartbeat.objects.filter(failed=True).delete()
    Refund.objects.filter(state__in=("queued", "sent", "pending")).update(due_at=past)
    Payment.objects.update(checked_at=None)
    StripeEvent.objects.filter(state__in=("failed", "waiting")).update(received_at=past)


def refund(uid: str, amount: int) -> Any:
    """What the staff ask for on their screen, without the screen; what is left, if it is more than that."""
    from django.contrib.auth.models import User

    from events.models import Payment
    from events.models.payment_refunds import TooMuch

    one, by = Payment.objects.get(uid=uid), User.objects.get(username="staff")
    try:
        one.ask_refund(amount, "staff", by=by, why="goodwill", letter=True)
    except TooMuch as much:
        return {"rest": much.rest}
    return None


def command(*arguments: str) -> str:
    """Run a Django command in this process; returns what it printed, were it that not all could be done."""
    from django.core.management import CommandError, call_command

    printed = io.StringIO()
    try:
        call_command(*arguments, stdout=printed, stderr=printed)
    except CommandError as error:
        printed.write(str(error))
    return printed.getvalue()


def token(email: str) -> str:
    """What opens this person's own page; nothing if they have no place."""
    from events.models import Registration
    from events.registration import links

    row = Registration.objects.filter(email_key=email).order_by("pk").last()
    return links.token(row) if row else ""


def pay_path(email: str, language: str) -> str:
    """The address of the page on which this person pays, as it stands in their letter."""
    from events.models import Registration
    from events.registration import links
    from tests.registration.people import address

    row = Registration.objects.filter(email_key=email).order_by("pk").last()
    assert row is not None
    return address("pay", links.pay_token(row), language=language)


def waive(email: str) -> None:
    """The staff confirm somebody who has not paid."""
    from django.contrib.auth.models import User

    from events.models import Registration
    from events.models.registration_states import SeatLost

    row = Registration.objects.filter(email_key=email).order_by("pk").last()
    if row is not None:
        with contextlib.suppress(SeatLost):
            row.confirm(by=User.objects.get(username="staff"), why="a guest")


def received(*events: str) -> list[Any]:
    """The payments of these events by which money came."""
    from events.models import Payment

    return [payment(one) for one in Payment.objects.received().filter(event__uid__in=events).order_by("pk")]


def payments(event: str) -> list[Any]:
    """All payments of an event."""
    from events.models import Payment

    return [payment(one) for one in Payment.objects.filter(event__uid=event).order_by("pk")]


def grow_old(*events: str) -> None:
    """Half an hour has passed for the payments of these events, and all waiting is over."""
    from django.db.models import F

    from events.models import Payment

    make_due()
    Payment.objects.filter(event__uid__in=events).update(created_at=F("created_at") - dt.timedelta(minutes=30))


def unrest(*events: str) -> list[str]:
    """What of these events has not come to its end."""
    from events.models import Payment, Refund, Registration, StripeEvent

    own = {"event__uid__in": events}
    waiting = Registration.objects.filter(**own).exclude(state__in=("confirmed", "expired", "cancelled"))
    awaited = Payment.objects.awaited().filter(**own)
    refunds = Refund.objects.filter(payment__event__uid__in=events, state__in=("queued", "sent", "pending"))
    told = StripeEvent.objects.filter(state__in=("failed", "waiting"))
    return [
        *(f"{row.email} is {row.state}" for row in waiting),
        *(f"payment {row.pk} of {row.payer_email} is {row.state}" for row in awaited),
        *(f"refund {row.pk} of {row.amount} is {row.state}: {row.error}" for row in refunds),
        *(f"event {row} is {row.state}: {row.error}" for row in told),
    ]


def audit(*events: str) -> list[str]:
    """What in the books of these events is wrong, in sentences."""
    from events.models import Event, Registration
    from events.registration.seats import differences

    wrong = []
    for event in Event.objects.filter(uid__in=events):
        wrong += [str(one) for one in differences(event)]
        rows = list(event.registrations.all())
        sitting = [row for row in rows if row.held]
        wrong += [f"{row.email} is {row.state} and holds a seat" for row in sitting if row.state != "confirmed"]
        wrong += [f"{row.email} is confirmed and holds none" for row in rows if row.is_confirmed and not row.held]
        if event.capacity is not None and len(sitting) > event.capacity:
            wrong.append(f"{len(sitting)} sit on {event.capacity} seats")
        for row in rows:
            wrong += _audit_person(row)
    if Registration.objects.filter(event__uid__in=events, state="held").exists():
        wrong.append("a seat is still kept for somebody")
    return wrong


def _audit_person(row: Any) -> list[str]:
    from letters.models import Letter

    wrong, payments = [], list(row.payments.all())
    paid = [one for one in payments if one.state == "paid"]
    if row.is_confirmed and row.fee and not paid:
        wrong.append(f"{row.email} is confirmed, owes {row.fee} and has not paid")
    if row.is_confirmed and row.fee and not any(_is_for_the_place(one, row) for one in paid):
        wrong.append(f"{row.email} is confirmed, and no payment of {row.fee} is what it was paid by")
    if row.is_confirmed and row.ticket.price and not row.fee and not _is_spared(row):
        wrong.append(f"{row.email} is confirmed for nothing, and nobody of the staff has said so")
    wrong += [f"payment {one.pk} of {row.email} is still looked at" for one in payments if one.state == "review"]
    for one in paid:
        gone = any(refund.state == "failed" for refund in one.refunds.all())
        if one.kept and not gone and (not row.is_confirmed or not row.fee):
            wrong.append(f"{one.kept} of {row.email}, who is {row.state} with a fee of {row.fee}, were kept")
    kept = [one for one in paid if one.kept and not any(refund.state == "failed" for refund in one.refunds.all())]
    if len(kept) > 1:
        wrong.append(f"{row.email} has paid {len(kept)} times")
    letters = Counter(Letter.objects.filter(recipient=row.email).values_list("kind", flat=True))
    asked = sum(refund.tells for one in payments for refund in one.refunds.all())
    most = {"refund": asked, "paid_twice": len(paid), "paid_late": len(paid)}
    wrong += [
        f"{row.email} had {number} letters {kind}" for kind, number in letters.items() if number > most.get(kind, 1)
    ]
    if row.is_confirmed and letters["confirmed"] != 1:
        wrong.append(f"{row.email} is confirmed with {letters['confirmed']} letters that say so")
    return wrong


def _is_for_the_place(one: Any, row: Any) -> bool:
    """Whether it is what was asked, or was taken by the staff, and the site did not send it back by itself."""
    asked = (one.received, one.received_currency) == (row.fee, row.fee_currency)
    by_itself = any(refund.reason in ("late", "twice") and refund.state != "failed" for refund in one.refunds.all())
    return (asked or one.changes.filter(verb="accept", by__isnull=False).exists()) and not by_itself


def _is_spared(row: Any) -> bool:
    return bool(row.changes.filter(verb__in=("confirm", "waive"), by__isnull=False).exists())


def _now() -> dt.datetime:
    from django.utils import timezone

    return timezone.now()


def serve() -> None:
    """Answer until nobody asks any more."""
    out, log = os.fdopen(os.dup(1), "w"), os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)  # what anything else prints
    os.dup2(log, 2)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = {"answer": globals()[asked["name"]](*asked["args"], **asked["kwargs"])}
        except Exception:  # noqa: BLE001
            said = {"error": traceback.format_exc()}
        out.write(json.dumps(said, default=str) + "\n")
        out.flush()


if __name__ == "__main__":
    import django

    django.setup()
    serve()
