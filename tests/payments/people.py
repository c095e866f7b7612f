"""Meetings that cost something, and people on the pages of paying; in the process of the test itself."""

import html
import re
from typing import Any

from django.test import Client

from events.models import Event, Payment, Registration, Ticket
from events.registration import links
from tests.factories import TicketFactory, again, told
from tests.registration.people import address, meeting

SPACES = re.compile(r"[ \t\r\n]+")


def costly(price: int = 6000, currency: str = "EUR", **facts: Any) -> tuple[Event, Any]:
    """A published meeting with one ticket that has a price."""
    ticket_facts = {name: facts.pop(name) for name in ("early_price", "early_until_local", "quota") if name in facts}
    event = meeting(**facts)
    name = told("Plein tarif", "Standard", "Tarifa normal")
    return event, TicketFactory(event=event, code="paid", name=name, price=price, currency=currency, **ticket_facts)


def text(response: Any) -> str:
    """The page as it is read: entities are characters, runs of white space one blank; other blanks stay."""
    return SPACES.sub(" ", html.unescape(response.content.decode()))


def keeps(event: Event, ticket: Ticket, name: str = "Asha", **facts: Any) -> Registration:
    """Somebody registers, as the form does it, and has a seat kept for the payment."""
    default = {"attendance": "onsite", "email": f"{name.lower()}@example.org", "language": "en", "name": name}
    registration = Registration(event=again(event), ticket=ticket, **default | facts)
    registration.enter()
    return now(registration)


def now(registration: Registration) -> Registration:
    """As the database has it."""
    return Registration.objects.select_related("event", "ticket", "occurrence").get(pk=registration.pk)


def pays(registration: Registration, amount: int | None = None) -> Payment:
    """The money is here, as Stripe has told."""
    payment = Payment.begin(registration, "Meeting")
    name = f"{payment.uid}"
    payment.paid(f"cs_{name}", f"pi_{name}", amount or payment.amount, payment.currency)
    return Payment.objects.get(pk=payment.pk)


def door(registration: Registration, name: str = "pay", language: str = "en") -> str:
    """The address of the page on which a place is paid, or of that to which Stripe leads back."""
    return address(name, links.pay_token(registration), language=language)


def look(registration: Registration, name: str = "pay", language: str = "en", **more: Any) -> str:
    answer = Client().get(door(registration, name, language), **more)
    assert answer.status_code == 200, answer.status_code
    return text(answer)


def press(registration: Registration, name: str = "pay", language: str = "en", **said: Any) -> Any:
    return Client().post(door(registration, name, language), said)


def payments(registration: Registration) -> list[tuple[str, int]]:
    """The states and attempts of somebody's payments, the first first."""
    return list(registration.payments.order_by("pk").values_list("state", "attempt"))
