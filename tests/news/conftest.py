"""Two regions, people with mandates there, and what their forms send."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.text import slugify
from PIL import Image
from wagtail.images import get_image_model
from wagtail.users.models import UserProfile

from events.founding import groups
from events.founding.trees import tell_region
from regions.models import NewsPage, Region
from tests.factories import RegionFactory, mandate, told


def person(name: str, language: str = "en", **names: str) -> User:
    made = User.objects.create_user(
        name, f"{name}@example.org", "a long enough password", first_name=name.capitalize(), last_name="Example"
    )
    UserProfile.objects.create(user=made, preferred_language=language)
    return made


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def west(db: None) -> Region:
    region = RegionFactory(
        code="N-WEST", name=told("Ouest d’essai", "Trial West", "Oeste de prueba"), default_timezone="Africa/Abidjan"
    )
    tell_region(region)
    return region


@pytest.fixture
def south(db: None) -> Region:
    region = RegionFactory(code="N-SOUTH", name=told("Sud d’essai", "Trial South"), default_timezone="Asia/Kolkata")
    tell_region(region)
    return region


@pytest.fixture
def awa(west: Region) -> User:
    """Proposes for the West, reads French."""
    made = person("awa", "fr")
    mandate(made, west)
    return made


@pytest.fixture
def bela(south: Region) -> User:
    """Proposes for the South."""
    made = person("bela")
    mandate(made, south)
    return made


@pytest.fixture
def chief(west: Region) -> User:
    """May publish for the West, in French alone."""
    made = person("chief", "es")
    mandate(made, west, may_publish=True, languages=["fr"])
    return made


@pytest.fixture
def editor(db: None) -> User:
    made = person("editor")
    made.groups.add(Group.objects.get(name=groups.STAFF))
    return made


@pytest.fixture
def picture(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    file = BytesIO()
    Image.new("RGB", (40, 30), "brown").save(file, "PNG")
    return get_image_model().objects.create(title="Field", file=ContentFile(file.getvalue(), "field.png"))


def parse(answer: Any) -> BeautifulSoup:
    """A page that was answered, as a reader's browser has it."""
    assert answer.status_code == 200, answer
    return BeautifulSoup(answer.content, "html.parser")


def page_of(region: Region, language: str = "fr") -> Any:
    return region.pages.get(locale__language_code=language)


def body(text: str) -> dict[str, str]:
    """A StreamField of one paragraph, as the form sends it."""
    return {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": json.dumps(
            {
                "blocks": [
                    {
                        "key": "k",
                        "text": text,
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
                "entityMap": {},
            }
        ),
    }


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """What the form of news sends; None leaves a field out."""

    def form(**changes: Any) -> dict[str, Any]:
        sent = {
            "title": "Des semis sous couvert",
            "summary": "Trois villages essaient.",
            "kind": "news",
            "date": "2026-05-01",
            "signature": "role",
            "author_role": "Correspondante",
            "author_name": "",
            "image_alt": "",
            "image_credit": "",
            "source_name": "",
            "source_url": "",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            **body("Le sol vit."),
        }
        whole = {name: value for name, value in (sent | changes).items() if value is not None}
        return {"slug": slugify(whole["title"])} | whole  # a script of the form writes it for who sees it

    return form


@pytest.fixture
def propose(awa: User, west: Region, typed: Any) -> Callable[..., NewsPage]:
    """Awa writes news for the West and submits it."""

    def proposed(language: str = "fr", **changes: Any) -> NewsPage:
        address = reverse("wagtailadmin_pages:add", args=["regions", "newspage", page_of(west, language).pk])
        answer = browser(awa).post(address, typed(**changes) | {"action-submit": "1"})
        assert answer.status_code == 302, answer.content.decode()
        return NewsPage.objects.latest("pk")

    return proposed


def answer(user: User, page: NewsPage, what: str, comment: str = "") -> Any:
    """What the button of a reviewer does."""
    state = NewsPage.objects.get(pk=page.pk).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, what, state.pk])
    return browser(user).post(address, {"comment": comment})


@pytest.fixture
def typed_event() -> Callable[..., dict[str, Any]]:
    """What the form of an event sends."""

    def form(**changes: Any) -> dict[str, Any]:
        sent = {
            "title_0": "Rencontre de Korhogo",
            "kind": "regional_meeting",
            "status": "scheduled",
            "access": "public",
            "format": "onsite",
            "registration": "none",
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
        return sent | changes

    return form
