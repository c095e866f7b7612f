"""Each editor is spoken to in their own language, whoever came first."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.factories import EventFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def main(client, address):
    page = client.get(address)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").main.get_text(" ", strip=True)


def reads(staff, language):
    staff.wagtail_userprofile.preferred_language = language
    staff.wagtail_userprofile.save()


def test_the_path_above_the_form_and_its_choosers_follow_the_reader(desk, staff):
    event = EventFactory.create()
    for language, home, choose in (("fr", "Accueil", "Choisir"), ("es", "Inicio", "Elegir"), ("en", "Home", "Choose")):
        reads(staff, language)
        said = main(desk, reverse("wagtailsnippets_events_event:edit", args=[event.pk]))
        assert home in said
        assert choose in said
        assert {"Accueil", "Inicio", "Home"} - {home} == {
            word for word in ("Accueil", "Inicio", "Home") if word not in said
        }


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/events/", "/admin/events/add/", "/admin/events/calendar/2031/5/"]
)
def test_nothing_french_or_english_is_said_to_a_spanish_editor(desk, staff, address):
    reads(staff, "es")
    said = main(desk, address)
    for word in (
        "Filtrer",
        "Filter by",
        "Accueil",
        "Rechercher",
        "Search",
        "Enregistrer",
        "Save",
        "Afficher",
        "brouillon",
    ):
        assert word not in said, word
