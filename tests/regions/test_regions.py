"""Regions, their news and the directory of organisations, as visitors see them."""

import datetime as dt

import pytest
import time_machine

from events.founding.trees import tell_region
from regions.models import College, NewsPage, RegionCountry
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, told
from tests.reading import Pages, alternates, rows, switch, text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pages(client):
    return Pages(client)


@pytest.fixture
def africa():
    region = RegionFactory(code="V-AFR", name=told("Afrique d’essai", "Trial Africa"))
    tell_region(region)
    return region


@pytest.fixture
def west(africa):
    region = RegionFactory(code="V-AFR-W", name=told("Ouest d’essai", "Trial West", "Oeste de prueba"), parent=africa)
    tell_region(region)
    return region


def page_of(region, language="en"):
    return region.pages.get(locale__language_code=language)


def news(region, title, language="fr", date=dt.date(2026, 5, 1), like=None, **facts):
    above = page_of(region, language)
    page = NewsPage(title=title, slug=title.lower().replace(" ", "-"), date=date, locale=above.locale, **facts)
    if like is not None:
        page.translation_key = like.translation_key
    above.add_child(instance=page)
    return page


def meeting(name, region, start, **facts):
    return EventFactory.published(
        title=told(f"{name} fr", name),
        regions=[region],
        start_local=start,
        end_local=start + dt.timedelta(hours=3),
        **facts,
    )


def test_a_region_shows_its_meetings_and_those_of_the_regions_in_it(pages, africa, west):
    meeting("In the west", west, dt.datetime(2026, 9, 1, 9))
    meeting("Over", west, dt.datetime(2025, 9, 1, 9))
    meeting("Elsewhere", RegionFactory(code="V-ELSE"), dt.datetime(2026, 9, 1, 9))
    page = pages.open(page_of(africa).get_url())
    assert rows(page) == ["In the west", "Over"]
    assert text(page, "h1") == "Trial Africa"
    assert page.select_one(f"a[href='{page_of(west).get_url()}']")
    assert page.select_one("a[href='/en/calendar/region/V-AFR/']")
    assert page.select_one("link[href='http://testserver/ical/en/region/V-AFR.ics']")
    below = pages.open(page_of(west).get_url())
    assert below.select_one(f".facts a[href='{page_of(africa).get_url()}']")


def test_a_region_without_meetings_says_what_will_be_there(pages, africa):
    page = pages.open(page_of(africa).get_url())
    assert "No meeting is announced in this region for now." in text(page, ".empty")


def test_a_region_names_its_countries_in_the_language(pages, africa):
    for code in ("CI", "DE", "EG"):
        RegionCountry.objects.create(region=africa, country=code)
    assert "Côte d’Ivoire, Egypt, Germany" in text(pages.open(page_of(africa).get_url()))
    assert "Allemagne, Côte d’Ivoire, Égypte" in text(pages.open(page_of(africa, "fr").get_url()))


def test_a_name_that_falls_back_says_its_language(pages, africa):
    page = pages.open(page_of(africa, "es").get_url())
    assert page.select_one("h1 [lang=fr]").get_text() == "Afrique d’essai"


def test_a_region_renamed_has_its_new_name_wherever_its_page_is_named(pages, africa):
    africa.name = told("Afrique renommée", "Renamed Africa")
    africa.save()
    page = pages.open(page_of(africa).url)
    assert text(page, "title").startswith("Renamed Africa")
    assert text(page, "h1") == "Renamed Africa"
    assert page.select_one("meta[name=description]")["content"].startswith("Renamed Africa")
    assert "Trial Africa" not in str(page)


def test_all_regions_stand_in_their_tree(pages, africa, west):
    page = pages.open("/en/regions/")
    assert (
        page.select_one(f"li:has(> a[href='{page_of(africa).get_url()}']) .inside a")["href"] == page_of(west).get_url()
    )


def test_news_are_shown_once_in_the_readers_language_or_say_theirs(pages, africa, west):
    both = news(west, "Bonne nouvelle", date=dt.date(2026, 5, 2))
    news(west, "Good news", "en", like=both, date=dt.date(2026, 5, 2))
    news(west, "Seulement en français", date=dt.date(2026, 5, 1), summary="En bref")
    draft = news(west, "Brouillon", date=dt.date(2026, 6, 1))
    draft.unpublish()
    for path in (page_of(africa).get_url(), page_of(west).get_url(), "/en/regions/news/", "/en/"):
        page = pages.open(path)
        assert [link.get_text() for link in page.select(".news .name a")][:2] == [
            "Good news",
            "Seulement en français",
        ], path
        french = page.select(".news .name a")[1]
        assert french["lang"] == "fr"
        assert page.select_one(".news p[lang=fr]").get_text() == "En bref"
        assert not page.select(".news .name a")[0].has_attr("lang")
    titles = [link.get_text() for link in pages.open("/fr/regions/actualites/").select(".news .name a")]
    assert titles[:2] == ["Bonne nouvelle", "Seulement en français"]


def test_a_news_item_leads_to_its_meeting_and_its_translation(pages, west):
    event = meeting("The meeting", west, dt.datetime(2026, 5, 1, 9))
    french = news(west, "Ce qui fut dit", event=event.uid)
    english = news(west, "What was said", "en", like=french, event=event.uid)
    page = pages.open(english.get_url())
    assert page.select_one(".facts a[href='/en/calendar/the-meeting/']")
    assert page.select_one(f".facts a[href='{page_of(west).get_url()}']")
    assert switch(page)["fr"] == french.get_url()
    assert switch(page)["es"] == page_of(west, "es").get_url()
    assert set(alternates(page)) == {"fr", "en", "x-default"}


@pytest.mark.parametrize(("summary", "told_to_engines"), [("En bref", "En bref"), ("", "Le sol vit & respire.")])
def test_a_news_item_says_what_it_is_about(pages, west, summary, told_to_engines):
    body = [{"type": "text", "value": "<p>Le sol <b>vit</b> &amp; respire.</p>"}]
    page = pages.open(news(west, "Du sol", summary=summary, body=body).get_url())
    assert page.select_one("meta[name=description]")["content"].strip() == told_to_engines


def test_a_long_list_of_news_is_cut_in_pages(pages, west):
    for number in range(14):
        news(west, f"Nouvelle {number}", date=dt.date(2026, 5, 1) + dt.timedelta(days=number))
    first = pages.open("/fr/regions/actualites/")
    assert [link["href"] for link in first.select(".pages a")] == ["/fr/regions/actualites/page/2/"]
    second = pages.open("/en/regions/news/page/2/")
    assert len(second.select(".news")) >= 2
    assert switch(second)["es"] == "/es/regiones/noticias/pagina/2/"
    for wrong in ("page/1/", "page/9/", "page/x/", "page/", "2/", "page/2/3/"):
        pages.open(f"/en/regions/news/{wrong}", 404)


def test_organisations_stand_by_college_and_can_be_found(pages):
    research = College.objects.create(code="v-research", name=told("Recherche d’essai", "Trial research"))
    OrganisationFactory(short_name="VZ", name=told("Zèbre institut", "Zebra Institute"), college=research, country="CI")
    OrganisationFactory(short_name="VE", name=told("École d’élevage", "Animal School"), college=research, country="FR")
    OrganisationFactory(short_name="VN", name=told("Association sans collège", "Free Association"), country="")
    page = pages.open("/en/organisations/")
    section = next(one for one in page.select(".directory section") if "Trial research" in one.get_text())
    assert section.li.get_text().startswith("Animal School")
    assert "Côte d’Ivoire · VZ" in text(section, "li:last-child")
    assert "Others" in text(page, ".directory section:last-child h2")
    only = pages.open("/fr/organisations/?q=elevage")
    assert [one.get_text(" ", strip=True) for one in only.select(".orgs li")] == ["École d’élevage France · VE"]
    assert only.select_one("meta[name=robots]")
    assert "Zebra Institute" in text(pages.open("/en/organisations/?country=CI"), ".directory")
    assert pages.open("/en/organisations/?country=ZZ").select_one(".empty a")["href"] == "/en/organisations/"
