"""People at an event in every state, as the staff find them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from events.models import Event, Registration
from tests.factories import EventFactory, told


def moderated(**facts: Any) -> Event:
    """A published meeting whose registrations await approval."""
    default = {
        "title": told("Réunion de Dakar", "Dakar meeting", "Reunión de Dakar"),
        "registration": Event.RegistrationMode.HERE,
        "needs_approval": True,
        "has_waiting_list": True,
    }
    return EventFactory.published(**default | facts)


def asks(event: Event, name: str, language: str = "fr", wait: bool = False, **facts: Any) -> Registration:
    """Somebody registers, or waits where there is no seat."""
    email = f"{name.split()[0].lower()}@example.org"
    person = {"name": name, "email": email, "attendance": "onsite", "language": language}
    registration = Registration(event=event, **person | facts)
    registration.enter(wait=wait)
    return registration


def now(registration: Registration) -> Registration:
    """As the database has it."""
    return Registration.objects.get(pk=registration.pk)


def send(desk: Client, verb: str, registration: Registration, **answers: Any) -> Any:
    """What the form of a verb on the person's page sends."""
    return desk.post(reverse(f"registrations:{verb}", args=[registration.pk]), answers)


def decide(desk: Client, verb: str, *registrations: Registration, event: Event | None = None, **answers: Any) -> Any:
    """What the queue sends for those ticked."""
    address = reverse("registrations:requests_of", args=[event.uid]) if event else reverse("registrations:requests")
    return desk.post(address, {"verb": verb, "id": [row.pk for row in registrations], **answers})


def text(response: Any) -> str:
    """A page in one line, its white space made plain."""
    return " ".join(response.content.decode().split())
