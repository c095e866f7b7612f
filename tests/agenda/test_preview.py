"""Editors see what a page will look like before anybody else does."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from wagtail.coreutils import get_dummy_request
from wagtail.models import Locale

from events.models import Event
from regions.models import NewsPage
from tests.factories import EventFactory, again, told
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_a_draft_is_previewed_with_its_new_facts(language):
    event = EventFactory.published(title=told("Ancien", "Old", "Antiguo"), registration="here")
    draft = again(event)
    draft.title = told("Nouveau", "New", "Nuevo")
    draft.start_local, draft.end_local = dt.datetime(2032, 2, 3, 9), dt.datetime(2032, 2, 3, 10)
    response = draft.make_preview_request(preview_mode=language)
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert text(page, "h1") in ("Nouveau", "New", "Nuevo")
    assert page.html["lang"] == language
    assert "2032" in text(page, ".day")
    assert again(event).title.localize("fr") == "Ancien"


def test_an_event_never_saved_can_be_previewed():
    event = Event(
        title=told("Tout neuf"),
        start_local=dt.datetime(2032, 2, 3, 9),
        end_local=dt.datetime(2032, 2, 3, 10),
        timezone="Europe/Paris",
    )
    response = event.make_preview_request(preview_mode="fr")
    assert response.status_code == 200
    assert "Tout neuf" in response.content.decode()


def test_news_never_saved_can_be_previewed():
    page = NewsPage(title="Encore à écrire", slug="encore", locale=Locale.objects.get(language_code="fr"))
    response = page.make_preview_request(original_request=get_dummy_request(), preview_mode=page.default_preview_mode)
    assert response.status_code == 200
    assert "Encore à écrire" in response.content.decode()
