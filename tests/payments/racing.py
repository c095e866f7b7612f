"""What races do inside a process of the site: threads that tell the books different things at the same moment."""

import contextlib
import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone

from events.models import NotAllowed, Payment, Registration, SeatLost
from events.models.payment_refunds import TooMuch
from events.payments import hearing
from events.registration.seats import differences
from letters.models import Letter
from tests.factories import TicketFactory
from tests.payments import signed
from tests.registration import lives
from tests.registration.people import meeting

PRICE = lives.PRICE


def payers(number: int, capacity: int, **facts: Any) -> list[Payment]:
    """So many people with a seat kept for their payment."""
    event = meeting(capacity=capacity, **facts)
    ticket = TicketFactory(event=event, price=PRICE)
    rows = [lives.entered(event, f"payer{one}@example.org", ticket=ticket) for one in range(number)]
    return [Payment.begin(row, "Meeting") for row in rows]


def now(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def place(payment: Payment) -> Registration:
    return Registration.objects.get(pk=payment.registration_id)


def together(*deeds: Callable[[], Any]) -> Counter[str]:
    """Do all of it at once, each on a connection of its own, as often as the database asks; what became of them."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> str:
        try:
            with contextlib.suppress(threading.BrokenBarrierError):
                ready.wait(30)
            for _ in range(20):
                try:
                    deed()
                except OperationalError as error:
                    if "deadlock" in str(error):
                        return "deadlock"
                except (NotAllowed, SeatLost, TooMuch, hearing.Failed) as error:
                    return type(error).__name__
                else:
                    return "done"
            return "busy"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return Counter(crowd.map(run, deeds))


def paying(payment: Payment, **more: Any) -> Callable[[], Any]:
    """Its money is told of, by an event of its own."""
    event = signed.event("checkout.session.completed", signed.session(payment, **more))
    return lambda: hearing.hear(event)


def cancelling(payment: Payment, by: User | None = None) -> Callable[[], Any]:
    return lambda: place(payment).cancel(by=by)


def lapsing(payment: Payment) -> Callable[[], Any]:
    """Its time is over, and the worker comes."""
    return lambda: place(payment).expire()


def over(*payments: Payment) -> None:
    """The time of these is over, as soon as somebody looks."""
    rows = Registration.objects.filter(payments__in=payments, expires_at__isnull=False)
    rows.update(expires_at=timezone.now() - dt.timedelta(minutes=1))


def books(*payments: Payment) -> dict[str, Any]:
    """How all of it ended."""
    rows = [now(one) for one in payments]
    places = [place(one) for one in payments]
    event = rows[0].event
    return {
        "payments": Counter(row.state for row in rows),
        "places": Counter(one.state for one in places),
        "unpaid": sum(
            one.is_confirmed and bool(one.fee) and not row.rest for one, row in zip(places, rows, strict=True)
        ),
        "astray": sum(
            row.received > 0 and bool(row.rest) and not one.is_confirmed for one, row in zip(places, rows, strict=True)
        ),
        "claimed": sum(row.claimed for row in rows),
        "rest": sum(row.rest for row in rows),
        "wrong": [str(one) for one in differences(event)],
        "letters": Counter(Letter.objects.filter(about=event.uid).values_list("kind", flat=True)),
    }
