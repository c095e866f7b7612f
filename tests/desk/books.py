"""Payments at an event as Stripe has told of them, for the staff to look at."""

import itertools
from typing import Any

from django.utils import timezone

from events.models import Event, Payment, Registration
from tests.factories import EventFactory, TicketFactory, told

NUMBERS = itertools.count(1)
FUTURE = timezone.now() + timezone.timedelta(days=1)


def priced(price: int = 6000, currency: str = "EUR", **facts: Any) -> Event:
    """A published meeting with one ticket that costs something."""
    default = {"title": told("Réunion de Dakar", "Dakar meeting", "Reunión de Dakar"), "registration": "here"}
    event = EventFactory.published(**default | facts)
    TicketFactory(event=event, code="full", name=told("Plein tarif", "Full", "Entera"), price=price, currency=currency)
    return Event.objects.get(pk=event.pk)


def asked(event: Event, name: str = "Awa Diop", **facts: Any) -> Registration:
    """Somebody whose seat is kept for a payment."""
    person = {"name": name, "email": f"{name.split()[0].lower()}{next(NUMBERS)}@example.org", "language": "fr"}
    row = Registration(event=event, ticket=event.tickets.first(), attendance="onsite", **person | facts)
    row.enter()
    return Registration.objects.get(pk=row.pk)


def opened(registration: Registration, is_live: bool = False) -> Payment:
    """Somebody was sent to Stripe's page."""
    payment = Payment.begin(registration, "Plein tarif, Réunion de Dakar")
    number = next(NUMBERS)
    payment.opened(f"cs_test_{number}", f"https://pay.example.org/{number}", FUTURE, is_live)
    return payment


def paid(event: Event, name: str = "Awa Diop", amount: int | None = None, currency: str = "", **facts: Any) -> Payment:
    """The money is here; another amount or currency than was asked if one is named."""
    payment = opened(asked(event, name, **facts))
    number = next(NUMBERS)
    payment.paid(
        str(payment.session), f"pi_{number}", payment.amount if amount is None else amount, currency or payment.currency
    )
    return Payment.objects.get(pk=payment.pk)


def refunded(payment: Payment, amount: int, number: str = "", state: str = "succeeded") -> None:
    """Stripe tells of a refund that was begun in its dashboard."""
    payment.heard_of_refund(number or f"re_{next(NUMBERS)}", "", amount, state)


def now(payment: Payment) -> Payment:
    """As the database has it."""
    return Payment.objects.get(pk=payment.pk)


def place(payment: Payment) -> Registration:
    """The registration of a payment, as the database has it."""
    return Registration.objects.get(pk=payment.registration_id)
