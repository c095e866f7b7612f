"""What each role sees of the admin, and what it does not."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from events.founding.trees import tell_region
from regions.models import NewsPage, Region, RegionPage
from tests.factories import EventFactory, RegionFactory, mandate, told

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FACTS = [
    "wagtailsnippets_events_event:list",
    "wagtailsnippets_events_event:add",
    "wagtailsnippets_regions_region:list",
    "wagtailsnippets_regions_organisation:list",
    "colleges:index",
    "goals:index",
    "objectives:index",
    "facilities:index",
    "series:index",
]
PEOPLE = ["registrations:index", "tickets:index", "invitations:index", "letters:index"]


@pytest.fixture
def regions(db):
    """Two regions, each with its page in each language."""
    made = [RegionFactory(code="WEST-AFRICA"), RegionFactory(code="SOUTH-ASIA")]
    return {region.code: tell_region(region) for region in made}


@pytest.fixture
def correspondent(regions):
    """The browser of West Africa's correspondent, whose mandate is for the news."""
    client = Client(headers={"accept-language": "en"})
    person = User.objects.create_user("correspondent", "correspondent@example.org", "a long enough password")
    UserProfile.objects.create(user=person)
    mandate(person, Region.objects.get(code="WEST-AFRICA"), events=False)
    client.force_login(person)
    return client


def refused(response):
    return response.status_code in (302, 403, 404) and "login" not in response.headers.get("Location", "")


@pytest.mark.parametrize("name", [*FACTS, *PEOPLE])
def test_the_staff_open_every_list(desk, name):
    assert desk.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [*FACTS, *PEOPLE])
def test_a_translator_sees_no_facts_and_no_people(translator, name):
    assert refused(translator.get(reverse(name)))


@pytest.mark.parametrize("name", [*FACTS, *PEOPLE])
def test_a_correspondent_sees_no_facts_and_no_people(correspondent, name):
    assert refused(correspondent.get(reverse(name)))


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_no_file_of_people_leaves_either(translator, correspondent, export):
    for client in (translator, correspondent):
        assert refused(client.get(reverse("registrations:index"), {"export": export}))


def test_the_chooser_of_events_shows_no_drafts_to_others(desk, correspondent, translator):
    EventFactory.create(title=told("Rencontre en projet", "A draft of a meeting"))
    for name in ("choose", "choose_results"):
        chooser = reverse(f"wagtailsnippetchoosers_events_event:{name}")
        assert "A draft of a meeting" in desk.get(chooser).content.decode()
        for client in (correspondent, translator):
            answer = client.get(chooser).content.decode()
            assert "A draft of a meeting" not in answer
            assert "Rencontre en projet" not in answer


def test_cancelling_and_sending_again_are_for_those_who_may(translator, correspondent):
    for client in (translator, correspondent):
        for name in ("registrations:cancel", "letters:resend"):
            assert refused(client.post(reverse(name, args=[1]), {"reason": "none"}))


def test_every_role_has_a_first_page_and_only_the_staff_see_the_worker_there(desk, translator, correspondent):
    assert "desk-worker" in desk.get("/admin/").content.decode()
    for client in (translator, correspondent):
        page = client.get("/admin/")
        assert page.status_code == 200
        assert "desk-worker" not in page.content.decode()
        assert "/admin/registrations/" not in page.content.decode()


def test_a_stranger_is_asked_to_log_in():
    for name in [*FACTS, *PEOPLE]:
        assert "/admin/login/" in Client().get(reverse(name)).headers["Location"]


def test_a_correspondent_writes_news_in_one_region_only(correspondent, regions):
    def answers(code):
        forms = [reverse("wagtailadmin_pages:add", args=["regions", "newspage", page.pk]) for page in regions[code]]
        return [correspondent.get(form) for form in forms]

    assert all(answer.status_code == 200 for answer in answers("WEST-AFRICA"))
    assert all(refused(answer) for answer in answers("SOUTH-ASIA"))
    assert len(answers("WEST-AFRICA")) == 3


def test_a_correspondents_first_page_leads_to_writing_in_each_language(correspondent, desk, regions):
    page = correspondent.get("/admin/").content.decode()
    for one in regions["WEST-AFRICA"]:
        assert reverse("wagtailadmin_pages:add", args=["regions", "newspage", one.pk]) in page
    assert "desk-news" not in desk.get("/admin/").content.decode()


def test_drafts_of_others_are_not_offered_as_targets_of_links(correspondent, desk, regions):
    for code in regions:
        page = RegionPage.objects.get(pk=regions[code][0].pk)
        page.add_child(instance=NewsPage(title=f"Draft of {code}", live=False, locale=page.locale))
    chooser = reverse("wagtailadmin_choose_page_search")
    mine = correspondent.get(chooser, {"q": "Draft"}).content.decode()
    assert "Draft of SOUTH-ASIA" not in mine
    assert "Draft of SOUTH-ASIA" in desk.get(chooser, {"q": "Draft"}).content.decode()


def test_a_draft_of_others_is_not_named_by_its_number(correspondent, desk, regions):
    page = RegionPage.objects.get(pk=regions["SOUTH-ASIA"][0].pk)
    draft = page.add_child(instance=NewsPage(title="Draft of SOUTH-ASIA", live=False, locale=page.locale))
    asked = {"id": [draft.pk, page.pk, 1, "x"]}
    chosen = reverse("wagtailadmin_choose_page_chosen_multiple")
    mine = correspondent.get(chosen, asked).json()["result"]
    assert [one["id"] for one in mine] == [page.pk]
    assert {one["id"] for one in desk.get(chosen, asked).json()["result"]} == {page.pk, draft.pk}
    assert "/admin/login/" in Client().get(chosen).headers["Location"]


def test_reports_name_no_drafts_of_others(correspondent, desk, regions):
    page = RegionPage.objects.get(pk=regions["SOUTH-ASIA"][0].pk)
    page.add_child(instance=NewsPage(title="Draft of SOUTH-ASIA", live=False, locale=page.locale)).save_revision()
    report = reverse("wagtailadmin_reports:page_types_usage")
    answer = correspondent.get(report)
    assert answer.status_code == 200
    assert "Draft of SOUTH-ASIA" not in answer.content.decode()
    assert "Draft of SOUTH-ASIA" in desk.get(report).content.decode()
    assert "/admin/login/" in Client().get(report).headers["Location"]


def test_no_first_page_counts_the_whole_site_but_that_of_the_staff(desk, translator, correspondent):
    for client, counts in ((desk, True), (translator, False), (correspondent, False)):
        page = client.get(reverse("wagtailadmin_home")).content.decode()
        assert ("w-summary__list" in page) is counts
