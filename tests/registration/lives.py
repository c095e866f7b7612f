"""Registrations brought into each of their states by the product's own verbs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from events.models import Event, Registration, Ticket
from tests.factories import TicketFactory

from .people import meeting

PRICE = 6000


def staff() -> User:
    return User.objects.get_or_create(username="secretary", defaults={"is_staff": True})[0]


def entered(event: Event, email: str = "asha@example.org", **more: Any) -> Registration:
    """Somebody who has just sent the form; ``more`` are fields of the row, or ``code`` and ``wait``."""
    how = {name: more.pop(name) for name in ("code", "wait", "by", "why") if name in more}
    facts = {"name": "Asha Rao", "attendance": "onsite", "language": "fr"} | more
    row = Registration(event=event, email=email, **facts)
    row.enter(**how)
    return row


def fill(event: Event) -> Registration:
    """Take the last seat for somebody else."""
    return entered(event, "first@example.org", name="First")


def ended(row: Registration) -> Registration:
    """Its time passes, and the worker comes."""
    Registration.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert row.expire()
    return now(row)


def now(row: Registration) -> Registration:
    return Registration.objects.get(pk=row.pk)


def unverified() -> Registration:
    return entered(meeting(verifies_address=True, capacity=1))


def requested() -> Registration:
    return entered(meeting(needs_approval=True, capacity=1))


def waiting() -> Registration:
    event = meeting(has_waiting_list=True, allows_transfer=True, capacity=1)
    fill(event)
    return entered(event, wait=True)


def offered() -> Registration:
    row = waiting()
    row.event.registrations.get(email="first@example.org").cancel()
    return now(row)


def held() -> Registration:
    event = meeting(capacity=1)
    ticket: Ticket = TicketFactory(event=event, price=PRICE)
    return entered(event, ticket=ticket)


def confirmed() -> Registration:
    return entered(meeting(allows_transfer=True, capacity=1))


def declined() -> Registration:
    row = requested()
    row.decline(staff(), "no")
    return row


def cancelled() -> Registration:
    row = confirmed()
    row.cancel()
    return row


def expired() -> Registration:
    return ended(unverified())


STATES: dict[str, Callable[[], Registration]] = {
    "unverified": unverified,
    "requested": requested,
    "waiting": waiting,
    "offered": offered,
    "held": held,
    "confirmed": confirmed,
    "declined": declined,
    "cancelled": cancelled,
    "expired": expired,
}
