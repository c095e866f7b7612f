"""The page "Subscribe": a calendar is chosen without a script, and each way to have it is there."""

import re

import pytest

from events.founding.trees import tell_region
from events.models import Event
from tests.factories import EventFactory, ObjectiveFactory, RegionFactory, told
from tests.reading import Pages, alternates, canonical, steps, switch, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESS = {"fr": "/fr/s-abonner/", "en": "/en/subscribe/", "es": "/es/suscribirse/"}


@pytest.fixture
def pages(client):
    return Pages(client)


@pytest.fixture(autouse=True)
def _choices():
    RegionFactory(code="AFR-W", name=told("Afrique de l’Ouest", "West Africa", "África Occidental"))
    ObjectiveFactory(code="D2", title=told("Objectif", "Objective", "Objetivo"))


def ways(page):
    return {link.get_text(strip=True): link["href"] for link in page.select("#subscription .acts a")}


def test_everything_is_chosen_at_first_and_each_way_leads_to_its_calendar(pages):
    page = pages.open(ADDRESS["en"])
    assert page.select_one("#feed-address")["value"] == "http://testserver/ical/en/all.ics"
    found = ways(page)
    assert found["Subscribe"] == "webcal://testserver/ical/en/all.ics"
    assert found["Google Calendar"] == (
        "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Ftestserver%2Fical%2Fen%2Fall.ics"
    )
    query = "url=http%3A%2F%2Ftestserver%2Fical%2Fen%2Fall.ics&name=4%20per%201000%20%E2%80%93%20agenda"
    assert found["Outlook.com"] == f"https://outlook.live.com/calendar/0/addfromweb?{query}"
    assert found["Microsoft 365"] == f"https://outlook.office.com/calendar/0/addfromweb?{query}"
    assert "every 8 to 24 hours" in text(page, "table")


@pytest.mark.parametrize(
    ("asked", "there", "feed"),
    [
        ("calendar=all&language=en", "", "en/all"),
        ("calendar=region:AFR-W&language=en", "region/AFR-W/", "en/region/AFR-W"),
        ("calendar=kind:webinar&language=fr", "kind/webinar/language/fr/", "fr/kind/webinar"),
        ("calendar=objective:D2&language=es", "objective/D2/language/es/", "es/objective/D2"),
        ("calendar=all&language=fr", "language/fr/", "fr/all"),
    ],
)
def test_the_form_leads_to_an_address_that_says_what_is_chosen(pages, client, asked, there, feed):
    form = pages.open(ADDRESS["en"]).select_one("form[data-at-once]")
    assert (form["method"], form["action"]) == ("get", ADDRESS["en"])
    assert pages.led(f"{ADDRESS['en']}?{asked}") == (302, ADDRESS["en"] + there)
    page = pages.open(ADDRESS["en"] + there)
    address = page.select_one("#feed-address")["value"]
    assert address == f"http://testserver/ical/{feed}.ics"
    chosen = [option["value"] for option in page.select("option[selected]")]
    assert chosen == [part.partition("=")[2] for part in asked.split("&")]
    for link in [
        address,
        page.select_one("a[href*=archive]")["href"],
        *(a["href"] for a in page.select("a[href*='/feeds/']")),
    ]:
        assert client.get(link.removeprefix("http://testserver")).status_code == 200, link


@pytest.mark.parametrize(
    "path",
    ["region/NOWHERE/", "kind/party/", "objective/D/", "objective/Z9/", "language/de/", "region/AFR-W/language/xx/",
     "x/", "?calendar=region:NOWHERE", "?calendar=all&language=de", "?calendar=kind:"],
)  # fmt: skip
def test_what_there_is_no_calendar_of_is_not_there(pages, path):
    pages.open(ADDRESS["en"] + path, 404)


def test_a_link_that_lost_its_choice_leads_to_everything(pages):
    assert pages.led(f"{ADDRESS['es']}?calendar=&language=fr") == (302, ADDRESS["es"] + "idioma/fr/")
    assert pages.led(f"{ADDRESS['es']}?calendar=") == (302, ADDRESS["es"])


def test_the_pages_own_language_is_said_by_its_address_alone(pages):
    assert pages.led("/en/subscribe/region/AFR-W/language/en/") == (301, "/en/subscribe/region/AFR-W/")


def test_each_language_has_its_own_address_and_knows_the_others(pages, client):
    for language, address in ADDRESS.items():
        page = pages.open(address)
        assert alternates(page) == {**ADDRESS, "x-default": ADDRESS["fr"]}
        assert canonical(page) == address
        assert page.html["lang"] == language
        listed = client.get(f"/sitemap-{language}.xml").content.decode()
        assert f"<loc>http://testserver{address}</loc>" in listed
    chosen = pages.open("/fr/s-abonner/region/AFR-W/")
    assert canonical(chosen) == ADDRESS["fr"]
    assert switch(chosen)["es"] == "/es/suscribirse/region/AFR-W/"
    assert "Afrique de l’Ouest" in text(chosen, "#yours")


def test_the_page_is_told_to_programs_and_where_its_link_is_shared(pages):
    page = pages.open("/fr/s-abonner/region/AFR-W/")
    card = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:']")}
    assert card["og:title"] == "S’abonner à un calendrier"
    assert card["og:url"] == "http://testserver/fr/s-abonner/"
    assert card["og:image"].endswith(".png")
    assert steps(page) == [("Accueil", "/fr/"), ("S’abonner à un calendrier", ADDRESS["fr"])]


def test_agenda_region_and_every_footer_lead_there_with_what_one_looks_at(pages):
    region = RegionFactory(code="AFR-W")
    EventFactory.published(regions=[region])
    told_of = next(page for page in tell_region(region) if page.locale.language_code == "en")
    assert pages.open("/en/").select_one(".foot a[href='/en/subscribe/']")
    for path in ("/en/calendar/region/AFR-W/", told_of.get_url()):
        assert pages.open(path).select_one("#subscribe a[href='/en/subscribe/region/AFR-W/']")
    assert pages.open("/en/calendar/").select_one("#subscribe a[href='/en/subscribe/']")


def test_the_page_is_kept_and_costs_the_same_however_many_meetings_there_are(
    client, settings, django_assert_num_queries
):
    settings.KEPT_PAGES_MB = 4
    client.get(ADDRESS["en"])
    with django_assert_num_queries(1):
        answer = client.get(ADDRESS["en"])
    assert answer.headers["ETag"]
    assert not answer.cookies


def test_every_kind_has_a_calendar_to_choose(pages):
    page = pages.open(ADDRESS["fr"])
    values = [option["value"] for option in page.select("#calendar option")]
    assert {f"kind:{kind}" for kind in Event.Kind.values} <= set(values)
    assert not [value for value in values if re.fullmatch(r"objective:[A-Z]", value)]
