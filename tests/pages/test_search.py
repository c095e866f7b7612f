"""Search finds what is public, in any language, whatever its accents."""

import datetime as dt

import pytest
import time_machine

from events.founding.trees import tell_region
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, again, told
from tests.reading import Pages, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client):
    return Pages(client)


def found(page):
    return [link.get_text(strip=True) for link in page.select(".found a")]


@pytest.mark.parametrize("asked", ["réunion d’essai", "REUNION essai", "Reunión", "trial", "zagorà", "essa"])
def test_accents_case_and_language_do_not_matter(pages, asked):
    EventFactory.published(title=told("Réunion d’essai", "Trial meeting", "Reunión de prueba"), city=told("Zagora"))
    page = pages.open(f"/es/buscar/?q={asked}")
    assert "Reunión de prueba" in found(page)


def test_a_meeting_is_found_by_its_place_and_year(pages):
    for year in (2023, 2024):
        start = dt.datetime(year, 6, 6, 9)
        title = told(f"Rencontre {year - 2000}")
        EventFactory.published(title=title, city=told("Zagora"), start_local=start, end_local=start.replace(hour=17))
    assert found(pages.open("/fr/recherche/?q=zagora 2023")) == ["Rencontre 23"]


@time_machine.travel(dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC))
def test_a_series_is_found_on_its_next_date(pages):
    start = dt.datetime(2022, 12, 5, 9)
    rule = "RRULE:FREQ=YEARLY"
    EventFactory.published(
        title=told("Journée des sols"), start_local=start, end_local=start.replace(hour=17), recurrence=rule
    )
    assert "5 décembre 2026" in text(pages.open("/fr/recherche/?q=sols"), ".found")


@pytest.mark.parametrize(("status", "told_so"), [("postponed", True), ("cancelled", True), ("scheduled", False)])
def test_a_meeting_that_does_not_take_place_then_is_found_with_that_word(pages, status, told_so):
    EventFactory.published(title=told("Causerie"), status=status)
    assert (status in text(pages.open("/en/search/?q=causerie"), ".found")) is told_so


def test_what_is_found_says_its_language(pages):
    EventFactory.published(title=told("Causerie inédite"))
    link = pages.open("/es/buscar/?q=causerie").select_one(".found a")
    assert (link.get_text(), link["lang"]) == ("Causerie inédite", "fr")
    assert pages.open("/fr/recherche/?q=causerie").select_one(".found a").get("lang") is None


def test_regions_organisations_and_plain_pages_are_found(pages):
    tell_region(RegionFactory(code="LOIN", name=told("Terres lointaines", "Far lands")))
    OrganisationFactory(short_name="FARX", name=told("Institut lointain", "Far Institute"))
    names = found(pages.open("/en/search/?q=far"))
    assert {"Far lands", "Far Institute"} <= set(names)
    assert "Privacy" in found(pages.open("/en/search/?q=advertising"))


def test_drafts_and_withdrawn_events_are_not_found(pages):
    EventFactory(title=told("Secret brouillon")).save_revision()
    withdrawn = EventFactory.published(title=told("Secret retiré"))
    again(withdrawn).unpublish()
    page = pages.open("/fr/recherche/?q=secret")
    assert found(page) == []
    assert text(page, ".empty")


def test_letters_that_unfold_to_a_phrase_are_no_sentence_without_end(pages):
    EventFactory.published(title=told("Cent mots"))
    for asked in ("\ufdfa" * 200, "\ufdfa " * 100, "a " * 100):
        pages.open(f"/fr/recherche/?q={asked}")
        pages.open(f"/fr/agenda/?q={asked}")


@pytest.mark.parametrize("asked", ["%00", "'", '"', "*", "a AND", "(", "%F0%9F%8C%B1", "-", "x" * 500, "%20"])
def test_odd_words_are_only_words(pages, asked):
    pages.open(f"/en/search/?q={asked}")
    pages.open(f"/en/calendar/?q={asked}")
