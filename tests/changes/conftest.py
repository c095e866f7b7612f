"""A published meeting, people of three languages who registered for it, and what the staff send."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from events.founding import groups
from events.models import Event, Registration
from tests.desk.conftest import typed  # noqa: F401  (a fixture)
from tests.factories import again
from tests.registration.people import meeting


@pytest.fixture
def staff(db: None) -> User:
    user = User.objects.create_user("staff", "staff@example.org", "a long enough password")
    user.groups.add(Group.objects.get(name=groups.STAFF))
    UserProfile.objects.create(user=user)
    return user


@pytest.fixture
def desk(staff: User) -> Client:
    """A browser in which somebody of the staff is logged in, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def event(db: None) -> Event:
    return meeting(capacity=200)


@pytest.fixture
def people(event: Event) -> list[Registration]:
    """Three confirmed, one in each language; their letters of confirmation have been written before."""
    return [register(event, name, language) for name, language in (("Awa", "fr"), ("Ben", "en"), ("Cruz", "es"))]


def register(event: Event, name: str, language: str = "fr", **more: Any) -> Registration:
    facts = {"attendance": "onsite", "email": f"{name.lower()}@example.org", **more}
    registration = Registration(event=again(event), name=name, language=language, **facts)
    registration.enter(letter=False)
    return registration


@pytest.fixture
def says(desk: Client) -> Callable[..., Any]:
    """Do something to an event as the staff do: the form, then the confirmation; ``None`` leaves a field out."""

    def send(event: Event, verb: str, *, client: Client = desk, confirm: bool = True, **changes: Any) -> Any:
        return client.post(address(event, verb), form(event, verb, confirm=confirm, **changes))

    return send


def address(event: Event, verb: str, *more: Any) -> str:
    return reverse(f"wagtailsnippets_events_event:{verb}", args=[event.pk, *more])


def form(event: Event, verb: str, *, confirm: bool = True, **changes: Any) -> dict[str, Any]:
    """What the form of an action sends: the facts as they are, but for the changes."""
    now = again(event)
    sent: dict[str, Any] = {
        "submission": str(uuid.uuid4()),
        "version": str(now.live_revision_id),
        "told-reason_0": "La salle est inondée.",
        "told-reason_1": "The hall is flooded.",
        "told-reason_2": "",
        "told-when": "now",
    }
    if verb in ("move", "reinstate"):
        sent |= {
            "event-start_local": f"{now.start_local:%Y-%m-%d %H:%M}",
            "event-end_local": f"{now.end_local:%Y-%m-%d %H:%M}",
            "event-timezone": now.timezone,
            "event-format": now.format,
            "event-city_0": now.city.localize("fr"),
            "event-country": now.country,
        }
    if verb == "reinstate":
        sent["event-status"] = "scheduled"
    if verb == "postpone":
        sent["event-until"] = "unknown"
    if confirm:
        sent["confirm"] = "1"
    named = {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in (sent | named).items() if value is not None}
