"""People with passwords, browsers without a session, and the letters they get."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from events.founding import groups
from letters.carrying import carry

PASSWORD = "soil under four winters"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Somebody of the staff with a password, who reads a language."""

    def made(name: str = "awa", language: str = "fr", group: str = groups.STAFF, **more: object) -> User:
        user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.capitalize(), **more)
        user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.create(user=user, preferred_language=language)
        return user

    return made


@pytest.fixture
def enters() -> Callable[..., Client]:
    """A browser that types a name and a password at the door, whatever comes of it in ``client.answer``."""

    def typed(name: str, password: str = PASSWORD, client: Client | None = None, **more: str) -> Client:
        client = client or Client(headers={"accept-language": "en"})
        client.answer = client.post(reverse("account_login"), {"login": name, "password": password}, **more)
        return client

    return typed


def is_in(client: Client) -> bool:
    """Whether the administration opens."""
    return client.get("/admin/").status_code == 200


def letters() -> list[mail.EmailMessage]:
    """What leaves now."""
    mail.outbox.clear()
    carry()
    return list(mail.outbox)


def link(letter: mail.EmailMessage) -> str:
    """The path of the personal link in a letter."""
    return re.search(r"https?://[^/\s]+(/account/choose-password/\S+)", str(letter.body))[1]


def code(secret: str, later: int = 0) -> str:
    """What the telephone shows, now or some periods later."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later))


@pytest.fixture
def telephone() -> Callable[[Client], str]:
    """Set up the second factor of whoever is logged in in this browser; gives the secret."""

    def set_up(client: Client) -> str:
        client.get(reverse("mfa_activate_totp"))
        secret = client.session["mfa.totp.secret"]
        answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
        assert answer.url == reverse("mfa_view_recovery_codes")
        return secret

    return set_up
