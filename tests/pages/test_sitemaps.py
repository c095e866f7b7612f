"""What search engines are told."""

import xml.etree.ElementTree as ET

import pytest

from tests.factories import EventFactory, OrganisationFactory, again, told

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def test_robots_may_read_the_feeds_and_find_the_sitemap(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Allow: /ical/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_there_is_a_sitemap_in_each_language(client):
    tree = ET.fromstring(client.get("/sitemap.xml").content)
    assert [loc.text for loc in tree.iter(f"{MAP}loc")] == [
        f"http://testserver/sitemap-{code}.xml" for code in ("fr", "en", "es")
    ]
    assert client.get("/sitemap-de.xml").status_code == 404


def test_every_public_page_is_listed_with_its_translations(client):
    EventFactory.published(title=told("Seule", "Alone"))
    again(EventFactory.published(title=told("Retirée", "Withdrawn"))).unpublish()
    EventFactory(title=told("Brouillon", "Draft")).save_revision()
    english = entries(client, "en")
    alone = english["http://testserver/en/calendar/alone/"]
    assert alone["links"] == {
        "fr": "http://testserver/fr/agenda/seule/",
        "en": "http://testserver/en/calendar/alone/",
        "x-default": "http://testserver/fr/agenda/seule/",
    }
    assert alone["changed"]
    assert not [address for address in english if "withdrawn" in address or "draft" in address]
    assert not [address for address in entries(client, "es") if "seule" in address]
    assert "http://testserver/en/" in english
    for address in english:
        assert client.get(address).status_code == 200


def test_an_organisation_is_listed_in_the_languages_in_which_it_has_a_name(client):
    OrganisationFactory(short_name="SOL", name=told("Institut du sol", "", "Instituto del suelo"))
    spanish = entries(client, "es")
    assert spanish["http://testserver/es/organizaciones/sol/"]["links"] == {
        "fr": "http://testserver/fr/organisations/sol/",
        "es": "http://testserver/es/organizaciones/sol/",
        "x-default": "http://testserver/fr/organisations/sol/",
    }
    assert not [address for address in entries(client, "en") if "/sol/" in address]
    assert "http://testserver/es/regiones/noticias/" in spanish
    for address in spanish:
        assert client.get(address).status_code == 200, address


def entries(client, language):
    tree = ET.fromstring(client.get(f"/sitemap-{language}.xml").content)
    return {
        url.find(f"{MAP}loc").text: {
            "links": {link.get("hreflang"): link.get("href") for link in url.iter(LINK)},
            "changed": url.findtext(f"{MAP}lastmod"),
        }
        for url in tree.iter(f"{MAP}url")
    }
