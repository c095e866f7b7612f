"""Every page in the visitor's language, and a way to the same page in the others."""

import pytest

from events.founding.trees import tell_region
from events.models import EventPage
from regions.models import NewsPage
from tests.factories import EventFactory, RegionFactory, told
from tests.reading import Pages, alternates, canonical, switch, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client):
    return Pages(client)


@pytest.mark.parametrize(
    ("asked", "home"),
    [("es", "/es/"), ("en-GB,en;q=0.8", "/en/"), ("de-DE,fr;q=0.5,en;q=0.3", "/fr/"), ("zh", "/fr/"), ("", "/fr/")],
)
def test_the_front_door_leads_to_the_visitors_language(client, asked, home):
    response = client.get("/", headers={"accept-language": asked})
    assert (response.status_code, response["Location"]) == (302, home)
    assert "Accept-Language" in response["Vary"]


ADDRESSES = [
    ("/fr/", "/en/", "/es/"),
    ("/fr/agenda/", "/en/calendar/", "/es/calendario/"),
    ("/fr/agenda/passees/2023/", "/en/calendar/past/2023/", "/es/calendario/pasadas/2023/"),
    (
        "/fr/agenda/type/forum/langue/fr/format/online/",
        "/en/calendar/kind/forum/language/fr/format/online/",
        "/es/calendario/tipo/forum/idioma/fr/formato/online/",
    ),
    ("/fr/regions/", "/en/regions/", "/es/regiones/"),
    ("/fr/regions/actualites/", "/en/regions/news/", "/es/regiones/noticias/"),
    ("/fr/organisations/", "/en/organisations/", "/es/organizaciones/"),
    ("/fr/recherche/", "/en/search/", "/es/buscar/"),
    ("/fr/donnees-personnelles/", "/en/privacy/", "/es/datos-personales/"),
]


@pytest.mark.parametrize("addresses", ADDRESSES)
def test_each_page_names_itself_in_all_languages_and_leads_there(pages, addresses):
    names = dict(zip(("fr", "en", "es"), addresses, strict=True))
    for language, address in names.items():
        page = pages.open(address)
        assert page.html["lang"] == language
        assert canonical(page) == address
        assert alternates(page) == names | {"x-default": names["fr"]}
        assert switch(page) == {code: other for code, other in names.items() if code != language}


def test_the_switch_keeps_filter_zone_and_words(pages):
    region = RegionFactory(code="AFR-T")
    event = EventFactory.published(regions=[region])
    page = pages.open("/en/calendar/past/2023/region/AFR-T/?q=soil")
    assert switch(page)["fr"] == "/fr/agenda/passees/2023/region/AFR-T/?q=soil"
    assert canonical(page) == "/en/calendar/past/2023/region/AFR-T/"
    slugs = {page.locale.language_code: page.slug for page in EventPage.objects.filter(event=event)}
    page = pages.open(f"/en/calendar/{slugs['en']}/time/Asia/Kolkata/")
    assert switch(page) == {
        "fr": f"/fr/agenda/{slugs['fr']}/heure/Asia/Kolkata/",
        "es": f"/es/calendario/{slugs['es']}/hora/Asia/Kolkata/",
    }
    assert canonical(page) == f"/en/calendar/{slugs['en']}/"
    page = pages.open("/en/organisations/?q=soil&country=FR")
    assert switch(page)["es"] == "/es/organizaciones/?q=soil&country=FR"


@pytest.mark.parametrize("addresses", ADDRESSES)
def test_each_page_says_what_it_is_about_in_its_language(pages, addresses):
    told_there = {
        str(description["content"])
        for address in addresses
        for description in pages.open(address).select("meta[name=description]")
    }
    assert len(told_there) == (0 if "/fr/recherche/" in addresses else 3)


def test_an_event_without_a_spanish_title_is_shown_in_spanish_but_never_said_to_be(pages):
    event = EventFactory.published(title=told("Rencontre sans pareille", "Peerless meeting"), theme=told("Le thème"))
    spanish = EventPage.objects.get(event=event, locale__language_code="es").get_url()
    page = pages.open(spanish)
    assert page.html["lang"] == "es"
    marked = page.select_one("h1 [lang=fr]")
    assert marked.get_text() == "Rencontre sans pareille"
    assert page.select_one(".theme [lang=fr]").get_text() == "Le thème"
    assert set(alternates(page)) == {"fr", "en", "x-default"}
    assert canonical(page) == "/fr/agenda/rencontre-sans-pareille/"
    english = pages.open("/en/calendar/peerless-meeting/")
    assert alternates(english) == alternates(page)
    assert not english.select("h1 [lang]")
    assert switch(english)["es"] == spanish
    assert "sans-pareille" not in pages.client.get("/sitemap-es.xml").content.decode().replace("/fr/agenda/", "")


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [("/en/nope/", "en", "This page is not here"), ("/fr/nope/", "fr", ""), ("/es/a/b/c/", "es", "")],
)
def test_what_is_not_there_is_said_in_the_language_of_the_address(pages, path, language, words):
    page = pages.open(path, 404)
    assert page.html["lang"] == language
    assert words in text(page, "h1")
    assert page.select_one(f"main a[href='/{language}/']")
    assert {code: address for code, address in switch(page).items() if code != language} == {
        code: f"/{code}/" for code in ("fr", "en", "es") if code != language
    }


def test_an_address_without_a_language_is_not_guessed_at(client):
    response = client.get("/nope/", headers={"accept-language": "es"})
    assert response.status_code == 404
    assert b'<html lang="es">' in response.content


def test_an_untranslated_page_leads_to_the_nearest_one_above(pages):
    above = tell_region(RegionFactory(code="SOLO"))[0]
    above.add_child(instance=NewsPage(title="Seulement ici", slug="seulement-ici", locale=above.locale))
    page = pages.open(above.get_url() + "seulement-ici/")
    english = above.get_translations().get(locale__language_code="en")
    assert switch(page)["en"] == english.get_url()
    assert set(alternates(page)) == {"fr", "x-default"}
