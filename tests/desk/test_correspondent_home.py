"""The correspondent's first page: what to do, what waits, what comes; and nothing of other regions."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Workflow

from events.models import Registration
from regions.models import NewsPage, Region, Review
from tests.factories import EventFactory, mandate, told
from tests.reading import text
from tests.regions.correspondents import browser, page_of, person, region_at

pytestmark = pytest.mark.django_db

HOME = "/admin/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2031, 3, 10, 12, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def west(db) -> Region:
    return region_at("WEST")


@pytest.fixture
def east(db) -> Region:
    return region_at("EAST", "Asia/Kolkata")


@pytest.fixture
def awa(west) -> User:
    return person("awa")


def first_page(user: User) -> BeautifulSoup:
    answer = browser(user).get(HOME)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def draft(region: Region, owner: User, title: str, language: str = "fr") -> NewsPage:
    above = page_of(region, language)
    page = above.add_child(instance=NewsPage(title=title, live=False, locale=above.locale, owner=owner))
    page.save_revision(user=owner)
    return NewsPage.objects.get(pk=page.pk)


def meeting(region: Region, title: str, **facts):
    facts = {"registration": "here", "capacity": 40} | facts
    return EventFactory.published(regions=[region], title=told(title, title, title), **facts)


def register(event, number: int) -> None:
    for one in range(number):
        Registration.objects.create(
            event=event, name=f"Person {one}", email=f"p{one}@example.org", state="confirmed", language="fr"
        )


def test_it_leads_to_writing_in_each_language_of_the_mandate_and_to_proposing(west, east, awa):
    mandate(awa, west, languages=["fr", "es"])
    page = first_page(awa)
    links = {link["href"] for link in page.select("#desk-news a")}
    forms = {
        code: reverse("wagtailadmin_pages:add", args=["regions", "newspage", page_of(west, code).pk])
        for code in ("fr", "en", "es")
    }
    assert links == {forms["fr"], forms["es"]}
    assert page.select_one(f'a[href="{reverse("proposals:add")}"]')


def test_it_tells_the_terms_and_the_last_day(west, awa):
    mandate(awa, west, languages=["fr"], ends_on=dt.date(2031, 3, 22), registrations=True)
    said = text(first_page(awa), ".care__terms")
    for words in ("Region WEST", "news, events, registrations", "Français", "22 March 2031", "ends in 12 days"):
        assert words in said
    assert "You propose, the staff publish." in said


def test_who_has_the_news_only_is_offered_no_meeting_and_who_has_events_only_no_news(west, awa):
    kofi = person("kofi")
    mandate(awa, west, events=False)
    mandate(kofi, west, news=False)
    assert not first_page(awa).select(f'a[href="{reverse("proposals:add")}"]')
    assert not first_page(kofi).select("#desk-news")
    assert "Your drafts" not in text(first_page(kofi), "main")


def test_drafts_and_answers_are_ones_own(west, east, awa):
    kofi = person("kofi")
    mandate(awa, west)
    mandate(kofi, west)
    draft(west, awa, "My draft")
    draft(west, kofi, "Draft of a colleague")
    draft(east, kofi, "Draft of the east")
    proposed = draft(west, awa, "Proposed item")
    workflow = Workflow.objects.get(workflow_pages__page=page_of(west))
    workflow.start(proposed, awa)
    said = text(first_page(awa), "main")
    assert "My draft" in said
    assert "Proposed item" in said
    assert "awaits review" in said
    for hidden in ("Draft of a colleague", "Draft of the east"):
        assert hidden not in said
    Review.objects.filter(page=proposed).update(state="returned", comment="Say who took the picture.")
    said = text(first_page(awa), "main")
    assert "sent back" in said
    assert "Say who took the picture." in said


def test_numbers_of_people_are_for_those_whose_mandate_covers_registrations(west, east, awa):
    kofi = person("kofi")
    mandate(awa, west, registrations=True)
    mandate(kofi, west)
    register(meeting(west, "Meeting of the west"), 3)
    register(meeting(east, "Meeting of the east"), 5)
    mine, other = text(first_page(awa), "main"), text(first_page(kofi), "main")
    assert "Meeting of the west" in mine
    assert "confirmed: 3" in mine
    assert "confirmed places 3" in mine
    assert "Meeting of the west" in other
    assert "confirmed" not in other
    assert "confirmed place" not in other
    for said in (mine, other):
        assert "Meeting of the east" not in said


def test_figures_count_the_own_region_only(west, east, awa):
    mandate(awa, west)
    for region in (west, east, east):
        draft(region, awa, f"News of {region.code}").save_revision().publish()
    NewsPage.objects.update(date=dt.date(2031, 2, 1))
    meeting(west, "Ahead")
    meeting(east, "Elsewhere")
    figures = text(first_page(awa), ".care__figures")
    assert "news items this year 1" in figures
    assert "meeting to come 1" in figures


def test_the_first_page_and_menu_of_a_correspondent_hold_only_what_is_of_use(west, awa):
    mandate(awa, west)
    answer = browser(awa).get(HOME).content.decode()
    for absent in ("/admin/reports/", "/admin/letters/", "/admin/mandates/", "/admin/users/", "/admin/settings/"):
        assert absent not in answer
    for there in (reverse("wagtailimages:index"), reverse("wagtaildocs:index"), reverse("proposals:list")):
        assert there in answer
    # The totals of the whole site.
    assert "w-summary" not in answer


def test_a_mandate_for_registrations_alone_opens_no_pages_and_no_pictures(west, awa):
    mandate(awa, west, news=False, events=False, registrations=True)
    client = browser(awa)
    page = client.get(HOME).content.decode()
    for absent in (reverse("wagtailimages:index"), reverse("wagtaildocs:index"), reverse("proposals:list")):
        assert absent not in page
    assert client.get(reverse("wagtailimages:add_multiple")).status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("language", "heading"), [("fr", "Ce dont vous avez la charge"), ("es", "Lo que está a su cargo")]
)
def test_it_speaks_the_readers_language(west, awa, language, heading):
    mandate(awa, west)
    awa.wagtail_userprofile.preferred_language = language
    awa.wagtail_userprofile.save()
    said = text(first_page(awa), "main")
    assert heading in said
    for english in ("Write news", "Your drafts", "Propose a meeting", "In figures", "Until", "You propose"):
        assert english not in said


def test_it_costs_no_more_as_a_region_grows(west, awa, django_assert_max_num_queries):
    mandate(awa, west, registrations=True)
    client = browser(awa)

    def cost() -> int:
        client.get(HOME)
        with django_assert_max_num_queries(90) as asked:
            client.get(HOME)
        return len(asked)

    register(meeting(west, "First"), 1)
    draft(west, awa, "First draft")
    before = cost()
    for number in range(4):
        meeting(west, f"Meeting {number}")
        draft(west, awa, f"Draft {number}")
    assert cost() <= before


def test_the_staff_and_translators_have_no_such_page(desk, translator, west, awa):
    mandate(awa, west)
    for client in (desk, translator):
        assert "desk-correspondent" not in client.get(HOME).content.decode()
