"""People with their rights, and what an editor's form sends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.users.models import UserProfile

from events.founding import groups


def _member(name: str, group: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "a long enough password")
    user.groups.add(Group.objects.get(name=group))
    UserProfile.objects.create(user=user)
    return user


@pytest.fixture
def staff(db: None) -> User:
    return _member("staff", groups.STAFF)


@pytest.fixture
def desk(staff: User) -> Client:
    """A browser in which somebody of the staff is logged in, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def translator(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(_member("translator", groups.TRANSLATORS))
    return client


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """What the form of an event sends; changes are given by the field's name."""

    def form(**changes: Any) -> dict[str, Any]:
        sent = {
            "title_0": "Réunion d’Abidjan",
            "title_1": "Abidjan meeting",
            "title_2": "Reunión de Abiyán",
            "kind": "regional_meeting",
            "status": "scheduled",
            "access": "public",
            "format": "onsite",
            "registration": "here",
            "registered_for": "series",
            "offer_hours": "48",
            "joining_hours": "24",
            "timezone": "Africa/Abidjan",
            "start_local": "2031-05-12 09:00",
            "end_local": "2031-05-12 17:00",
            "organisers-TOTAL_FORMS": "0",
            "organisers-INITIAL_FORMS": "0",
            "organisers-MIN_NUM_FORMS": "0",
            "organisers-MAX_NUM_FORMS": "1000",
            "exceptions-TOTAL_FORMS": "0",
            "exceptions-INITIAL_FORMS": "0",
            "exceptions-MIN_NUM_FORMS": "0",
            "exceptions-MAX_NUM_FORMS": "1000",
        }
        return sent | {name: value for name, value in changes.items() if value is not None}

    return form
