"""What a mandate opens, for whom and where, and what closes when it has ended."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from regions import mandates, rights
from regions.models import NewsPage, Region
from tests.factories import mandate
from tests.regions.correspondents import browser, may_write, page_of, person, region_at

pytestmark = pytest.mark.django_db


def test_only_the_trees_of_its_languages_are_open():
    region, awa = region_at("R"), person("awa")
    mandate(awa, region, languages=["fr", "es"])
    client = browser(awa)
    assert [may_write(client, region, code) for code in ("fr", "en", "es")] == [True, False, True]


@pytest.mark.parametrize(("terms", "may"), [({"news": True}, True), ({"news": False}, False)])
def test_only_who_has_the_news_writes_them(terms, may):
    region, awa = region_at("R"), person("awa")
    mandate(awa, region, **terms)
    assert may_write(browser(awa), region) is may


def test_sub_regions_are_open_only_if_it_says_so():
    outer = region_at("OUTER")
    inner, beside = region_at("INNER", parent=outer), region_at("BESIDE")
    awa, kofi = person("awa"), person("kofi")
    mandate(awa, outer)
    mandate(kofi, outer, with_subregions=False)
    assert [may_write(browser(awa), region) for region in (outer, inner, beside)] == [True, True, False]
    assert [may_write(browser(kofi), region) for region in (outer, inner, beside)] == [True, False, False]
    assert mandates.regions_in_care(awa, "news") == {outer.pk, inner.pk}


def test_a_region_that_appears_moves_or_gets_a_page_opens_and_closes():
    outer, awa = region_at("OUTER"), person("awa")
    mandate(awa, outer)
    client = browser(awa)
    inner = region_at("INNER", parent=outer)
    assert may_write(client, inner)
    inner.parent = None
    inner.save()
    assert not may_write(client, inner)
    page = page_of(inner)
    page.region = outer
    page.save()
    assert client.get(reverse("wagtailadmin_pages:add", args=["regions", "newspage", page.pk])).status_code == 200
    page.region = inner
    page.save()
    assert not may_write(client, inner)


def test_who_may_publish_publishes_and_who_proposes_does_not():
    region, awa, kofi = region_at("R"), person("awa"), person("kofi")
    mandate(awa, region)
    mandate(kofi, region, may_publish=True)
    assert not page_of(region).permissions_for_user(awa).can_publish_subpage()
    assert page_of(region).permissions_for_user(kofi).can_publish_subpage()


def test_who_may_publish_does_not_take_the_regions_own_page_from_the_site():
    region, kofi = region_at("R"), person("kofi")
    mandate(kofi, region, may_publish=True)
    client, page = browser(kofi), page_of(region)
    for name in ("wagtailadmin_pages:unpublish", "wagtailadmin_pages:set_privacy"):
        assert client.post(reverse(name, args=[page.pk]), {"restriction_type": "login"}).status_code in (302, 403, 404)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client.post(f"{bulk}?id={page.pk}&next=/admin/")
    page.refresh_from_db()
    assert page.live
    assert not page.view_restrictions.exists()


def test_a_region_has_one_collection_and_its_correspondents_that_one_only():
    outer = region_at("OUTER")
    inner, beside = region_at("INNER", parent=outer), region_at("BESIDE")
    awa, kofi = person("awa"), person("kofi")
    mandate(awa, outer)
    mandate(kofi, beside)
    made = {one.code: one.collection_id for one in Region.objects.filter(code__in=["OUTER", "INNER", "BESIDE"])}
    assert len(set(made.values())) == 3
    granted = GroupCollectionPermission.objects.filter(group__user=awa).values_list("collection", flat=True)
    assert set(granted) == {made["OUTER"], made["INNER"]}
    assert not inner.children.exists()
    assert beside.collection_id is None  # the row in hand is as old as it is; the database has one


def test_a_form_of_images_offers_the_regions_collection_only():
    region, beside, awa, kofi = region_at("R"), region_at("BESIDE"), person("awa"), person("kofi")
    mandate(awa, region)
    mandate(kofi, beside)
    for name in ("wagtailimages:add_multiple", "wagtaildocs:add_multiple"):
        answer = browser(awa).get(reverse(name))
        assert answer.status_code == 200
        assert "BESIDE" not in answer.content.decode()
        assert Collection.objects.get(region__code="BESIDE").name == "Région BESIDE"


def test_nobody_comes_in_by_being_put_into_a_group_by_hand():
    region, awa, kofi = region_at("R"), person("awa"), person("kofi")
    given = mandate(awa, region)
    kofi.groups.add(given.group)
    assert not may_write(browser(kofi), region)
    assert not kofi.groups.exists()


def test_a_group_that_was_taken_away_by_hand_is_made_again():
    region, awa = region_at("R"), person("awa")
    mandate(awa, region).group.delete()
    assert may_write(browser(awa), region)


def test_a_settled_person_costs_two_queries_and_a_public_page_none(django_assert_num_queries):
    region, awa = region_at("R"), person("awa")
    mandate(awa, region)
    again = User.objects.get(pk=awa.pk)
    with django_assert_num_queries(2):
        rights.settle(again)
    # Nobody asks a public page who reads it: what it says may be kept for everybody.
    assert "Cookie" not in Client().get("/en/").headers.get("Vary", "")


def test_what_a_mandate_that_is_ended_at_once_opened_is_closed_with_the_next_click():
    region, awa = region_at("R"), person("awa")
    given = mandate(awa, region, may_publish=True, registrations=True)
    client, page = browser(awa), page_of(region)
    draft = page.add_child(instance=NewsPage(title="Draft", slug="draft", live=False, locale=page.locale, owner=awa))
    draft.save_revision(user=awa)
    collection = Region.objects.get(pk=region.pk).collection
    document = Document.objects.create(title="Paper", file="paper.pdf", collection=collection)
    open_to_me = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_pages:add", args=["regions", "newspage", page.pk]),
        reverse("wagtailadmin_pages:edit", args=[draft.pk]),
        reverse("wagtailadmin_pages:history", args=[draft.pk]),
        reverse("wagtailimages:add_multiple"),
        reverse("wagtaildocs:add_multiple"),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtaildocs_chooser:choose"),
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page_child", args=[page.pk]),
    ]
    for address in open_to_me:
        assert client.get(address).status_code == 200, address
    given.end()
    for address in open_to_me:
        answer = client.get(address)
        assert answer.status_code in (302, 403, 404), address
        for title in ("Draft", document.title):
            assert title not in answer.content.decode()
    assert client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk])).status_code in (302, 403, 404)
    assert NewsPage.objects.filter(pk=draft.pk).exists()


def test_one_mandate_that_ends_leaves_the_other_open():
    west, east, awa = region_at("WEST"), region_at("EAST"), person("awa")
    ended, kept = mandate(awa, west), mandate(awa, east)
    client = browser(awa)
    assert may_write(client, west)
    ended.end()
    assert not may_write(client, west)
    assert may_write(client, east)
    assert set(GroupPagePermission.objects.filter(group__user=awa).values_list("group", flat=True)) == {kept.group_id}
