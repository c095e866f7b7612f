"""What a new site begins with."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Site, Workflow

from events.founding import groups
from events.models import AgendaPage
from pages.models import HomePage
from regions.models import Region, RegionIndexPage, RegionPage
from tests.factories import RegionFactory, mandate

pytestmark = pytest.mark.django_db


def page_of(model: type[Page], code: str) -> Page:
    return model.objects.get(locale__language_code=code)


def test_each_language_has_its_home_with_translated_addresses():
    homes = {home.locale.language_code: home for home in HomePage.objects.live()}
    assert set(homes) == {"fr", "en", "es"}
    assert len({home.translation_key for home in homes.values()}) == 1
    assert page_of(AgendaPage, "en").url == "/en/calendar/"
    assert page_of(AgendaPage, "es").url == "/es/calendario/"
    assert Site.objects.get(is_default_site=True).root_page_id == homes["fr"].pk


def test_wagtails_welcome_page_and_groups_are_gone():
    assert Page.objects.filter(depth=2).count() == 3
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert set(Workflow.objects.values_list("name", flat=True)) == {groups.MODERATION, groups.APPROVAL}


def test_founding_twice_changes_nothing(django_assert_max_num_queries, capsys):
    def state() -> tuple[object, ...]:
        return (
            list(Page.objects.order_by("pk").values_list("pk", "title", "slug", "latest_revision")),
            list(Group.objects.order_by("pk").values_list("name", "permissions")),
            Locale.objects.count(),
        )

    before = state()
    with django_assert_max_num_queries(45):
        call_command("found")
    assert state() == before
    assert capsys.readouterr().out == "Nothing was missing.\n"


def test_founding_keeps_what_editors_have_renamed():
    page = page_of(AgendaPage, "en")
    page.title, page.slug = "Meetings", "meetings"
    page.save_revision().publish()
    call_command("found", verbosity=0)
    assert list(AgendaPage.objects.filter(locale=page.locale).values_list("title", flat=True)) == ["Meetings"]


@pytest.fixture
def region() -> Region:
    return Region.objects.create(code="TEST", name={"fr": "Région d’essai", "en": "A region", "es": "Una región"})


def test_a_region_that_appears_gets_pages_and_moderation(region: Region):
    call_command("found", verbosity=0)
    pages = RegionPage.objects.filter(region=region)
    assert {page.locale.language_code: page.title for page in pages} == {
        "fr": "Région d’essai",
        "en": "A region",
        "es": "Una región",
    }
    assert {page.get_workflow().name for page in pages} == {groups.MODERATION}


def test_a_region_that_the_staff_add_has_its_pages_at_once(admin_client):
    answer = admin_client.post(
        reverse("wagtailsnippets_regions_region:add"),
        {
            "code": "NEW",
            "name_0": "Nouvelle région",
            "name_1": "New region",
            "name_2": "",
            "default_timezone": "Africa/Nairobi",
            "sort_order": "1",
            "countries-TOTAL_FORMS": "0",
            "countries-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302
    pages = RegionPage.objects.live().filter(region__code="NEW")
    # No Spanish name: the French one stands in until somebody translates it.
    assert sorted(page.title for page in pages) == ["New region", "Nouvelle région", "Nouvelle région"]
    assert {page.get_workflow().name for page in pages} == {groups.MODERATION}


def test_a_correspondent_adds_below_the_own_region_and_publishes_nowhere(region: Region):
    user = User.objects.create_user("somebody")
    given = mandate(user, region)
    call_command("found", verbosity=0)
    granted = GroupPagePermission.objects.filter(group=given.group)
    assert {grant.page.specific.region for grant in granted} == {region}
    assert {grant.permission.codename for grant in granted} == {"add_page"}
    mine = RegionPage.objects.filter(region=region).first().permissions_for_user(user)
    assert mine.can_add_subpage()
    assert not mine.can_publish_subpage()
    assert not mine.can_edit()
    assert not page_of(RegionIndexPage, "fr").permissions_for_user(user).can_add_subpage()
    assert not page_of(AgendaPage, "fr").permissions_for_user(user).can_add_subpage()


def test_translators_write_in_english_and_spanish_and_touch_no_facts():
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.get(name="Translators"))
    assert page_of(AgendaPage, "en").permissions_for_user(user).can_publish()
    assert page_of(AgendaPage, "es").permissions_for_user(user).can_edit()
    assert not page_of(AgendaPage, "fr").permissions_for_user(user).can_edit()
    assert not user.has_perm("events.change_event")
    assert not user.has_perm("events.view_registration")


def test_the_staff_run_events_and_pages_without_being_superusers():
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.get(name="Staff"))
    assert user.has_perms(["wagtailadmin.access_admin", "events.change_event", "events.change_registration"])
    assert not user.has_perm("events.delete_registration")
    assert not user.has_perm("auth.change_user")
    assert page_of(AgendaPage, "fr").permissions_for_user(user).can_publish()


@pytest.mark.parametrize(
    ("path", "dated"),
    [
        ("/fr/accessibilite/", "22 novembre 2026"),
        ("/en/accessibility/", "22 November 2026"),
        ("/es/accesibilidad/", "22 de noviembre de 2026"),
    ],
)
def test_the_accessibility_statement_is_dated_and_leads_to_somebody(client, path, dated):
    RegionFactory(code="GLOBAL")
    page = BeautifulSoup(client.get(path).content, "html.parser").main
    assert dated in page.get_text()
    assert "axe-core" in page.get_text()
    (link,) = page.select("p a")
    form = client.get(link["href"])
    assert form.status_code == 200
    assert f'<html lang="{path[1:3]}"' in form.content.decode()
