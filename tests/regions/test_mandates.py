"""Mandates: rights that begin and end with the minute, in the region's own zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.users.models import UserProfile

from events.founding import groups
from events.founding.trees import tell_region
from regions import mandates, rights
from regions.models import Mandate, MandateRefused, NewsPage, Region, RegionPage
from tests.factories import RegionFactory, mandate

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2031, 3, 10), dt.date(2031, 3, 20)
ZONES = ["Africa/Abidjan", "Asia/Kolkata", "America/Sao_Paulo"]
MINUTE = dt.timedelta(minutes=1)


def region_at(code: str, zone: str = "Africa/Abidjan", parent: Region | None = None) -> Region:
    region = RegionFactory(code=code, default_timezone=zone, parent=parent)
    tell_region(region)
    return region


def person(name: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "a long enough password", first_name=name.title())
    UserProfile.objects.create(user=user)
    return user


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page_of(region: Region, language: str = "fr") -> RegionPage:
    return RegionPage.objects.get(region=region, locale__language_code=language)


def may_write(client: Client, region: Region, language: str = "fr") -> bool:
    address = reverse("wagtailadmin_pages:add", args=["regions", "newspage", page_of(region, language).pk])
    return client.get(address).status_code == 200


def midnight(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(zone))


# -- the clock


@pytest.mark.parametrize("zone", ZONES)
def test_rights_begin_and_end_at_midnight_of_the_region_for_somebody_already_logged_in(zone):
    region, awa = region_at("R", zone), person("awa")
    with time_machine.travel(midnight(FIRST, zone) - dt.timedelta(days=1), tick=False) as clock:
        Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
        client = browser(awa)
        for instant, may in (
            (midnight(FIRST, zone) - MINUTE, False),
            (midnight(FIRST, zone), True),
            (midnight(LAST + dt.timedelta(days=1), zone) - MINUTE, True),
            (midnight(LAST + dt.timedelta(days=1), zone), False),
            (midnight(LAST + dt.timedelta(days=1), zone) + MINUTE, False),
        ):
            clock.move_to(instant)
            assert may_write(client, region) is may, instant
            assert (client.get(reverse("wagtailadmin_home")).status_code == 200) is may


@pytest.mark.parametrize("zone", ZONES)
def test_a_mandate_changes_hands_at_midnight_of_the_region(zone):
    region, awa, kofi = region_at("R", zone), person("awa"), person("kofi")
    day = dt.date(2031, 3, 15)
    with time_machine.travel(midnight(FIRST, zone), tick=False) as clock:
        Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST, languages=["fr"]).hand_over(kofi, day)
        before, after = browser(awa), browser(kofi)
        clock.move_to(midnight(day, zone) - MINUTE)
        assert (may_write(before, region), may_write(after, region)) == (True, False)
        clock.move_to(midnight(day, zone))
        assert (may_write(before, region), may_write(after, region)) == (False, True)
        assert not may_write(after, region, "en")
        clock.move_to(midnight(LAST + dt.timedelta(days=1), zone))
        assert not may_write(after, region)


def test_the_worker_settles_those_whom_nobody_asks_for():
    region, awa = region_at("R"), person("awa")
    with time_machine.travel(midnight(FIRST, "UTC") - MINUTE, tick=False) as clock:
        given = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
        call_command("work", "--once")
        assert not given.group.user_set.exists()
        clock.move_to(midnight(FIRST, "UTC"))
        assert rights.settle_all() == "1 began, 0 ended"
        assert rights.settle_all() == "0 began, 0 ended"
        assert list(given.group.user_set.all()) == [awa]
        clock.move_to(given.expires_at)
        call_command("work", "--once")
    # The group goes with its mandate: nobody comes in again by it.
    assert not Group.objects.filter(name__startswith="Mandat ").exists()
    assert not awa.groups.exists()


def test_a_region_that_takes_another_clock_moves_the_hour():
    region, awa = region_at("R", "Africa/Abidjan"), person("awa")
    given = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
    region.default_timezone = "Asia/Kolkata"
    region.save()
    given.refresh_from_db()
    assert given.expires_at == midnight(dt.date(2031, 3, 21), "Asia/Kolkata")
    assert given.changes.first().terms["timezone"] == "Asia/Kolkata"


# -- what a mandate opens


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


# -- what a mandate that has ended closes


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


# -- verbs and history


def test_history_tells_who_held_what_and_by_whose_hand():
    region, awa, kofi, boss = region_at("R"), person("awa"), person("kofi"), person("boss")
    with time_machine.travel(midnight(FIRST, "UTC"), tick=False):
        first = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST, by=boss, note="Nominated in Dakar.")
        first.change(by=boss, languages=["fr"], may_publish=True)
        first.renew(dt.date(2031, 6, 30), by=boss)
        second = first.hand_over(kofi, dt.date(2031, 4, 1), by=boss, note="Awa moves on.")
        second.end(by=boss)
    told = [(one.what, one.terms["ends_on"], one.by_name) for one in first.changes.order_by("pk")]
    assert told == [
        ("given", "2031-03-20", "Boss"),
        ("changed", "2031-03-20", "Boss"),
        ("renewed", "2031-06-30", "Boss"),
        ("handed_over", "2031-03-31", "Boss"),
    ]
    assert first.changes.order_by("pk")[0].terms["languages"] == ["fr", "en", "es"]
    assert first.changes.order_by("pk")[1].terms["languages"] == ["fr"]
    assert [one.what for one in second.changes.order_by("pk")] == ["given", "ended"]
    assert second.follows == first
    assert (second.starts_on, second.may_publish, second.languages) == (dt.date(2031, 4, 1), True, ["fr"])
    # Ended before it began: it never held.
    assert not Mandate.objects.current(midnight(dt.date(2031, 4, 2), "UTC")).exists()


def test_a_mandate_that_is_renewed_has_no_gap():
    region, awa = region_at("R"), person("awa")
    with time_machine.travel(midnight(FIRST, "UTC"), tick=False) as clock:
        given = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
        client = browser(awa)
        given.renew(dt.date(2031, 3, 22))
        clock.move_to(midnight(dt.date(2031, 3, 21), "UTC"))
        assert may_write(client, region)
        clock.move_to(midnight(dt.date(2031, 3, 23), "UTC"))
        assert not may_write(client, region)


def test_a_mandate_that_ends_on_a_day_holds_until_its_midnight():
    region, awa = region_at("R", "Asia/Kolkata"), person("awa")
    with time_machine.travel(midnight(FIRST, "Asia/Kolkata"), tick=False) as clock:
        given = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
        client = browser(awa)
        given.end(FIRST)
        clock.move_to(midnight(FIRST + dt.timedelta(days=1), "Asia/Kolkata") - MINUTE)
        assert may_write(client, region)
        clock.move_to(midnight(FIRST + dt.timedelta(days=1), "Asia/Kolkata"))
        assert not may_write(client, region)


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({}, True),
        ({"languages": ["en"]}, False),
        ({"news": False, "events": False, "registrations": True}, False),
        ({"starts_on": dt.date(2031, 3, 21), "ends_on": dt.date(2031, 4, 1)}, False),
        ({"starts_on": LAST, "ends_on": dt.date(2031, 4, 1)}, True),
    ],
)
def test_one_person_holds_the_same_once_at_a_time(terms, refused):
    region, awa = region_at("R"), person("awa")
    Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST, languages=["fr"])

    def give():
        Mandate.give(awa, region, **({"starts_on": FIRST, "ends_on": LAST, "languages": ["fr"]} | terms))

    if refused:
        with pytest.raises(MandateRefused):
            give()
        assert awa.mandates.count() == 1
    else:
        give()


def test_two_people_may_hold_the_same_region():
    region = region_at("R")
    for name in ("awa", "kofi"):
        mandate(person(name), region)
    assert region.mandates.count() == 2


def test_a_mandate_that_has_ended_is_not_changed_any_more():
    region, awa, kofi = region_at("R"), person("awa"), person("kofi")
    given = mandate(awa, region)
    given.end()
    for verb in (
        lambda: given.renew(dt.date(2040, 1, 1)),
        lambda: given.hand_over(kofi, dt.date(2040, 1, 1)),
        lambda: given.change(may_publish=True),
        lambda: given.end(),
    ):
        with pytest.raises(MandateRefused):
            verb()
    assert [one.what for one in given.changes.order_by("pk")] == ["given", "ended"]


def test_days_and_terms_that_can_not_be_are_refused_and_nothing_is_written():
    region, awa, kofi = region_at("R"), person("awa"), person("kofi")
    with time_machine.travel(midnight(FIRST, "UTC"), tick=False):
        for wrong in (
            {"ends_on": dt.date(2031, 3, 9)},
            {"starts_on": LAST, "ends_on": FIRST},
            {"languages": []},
            {"languages": ["de"]},
            {"news": False, "events": False},
        ):
            with pytest.raises(ValidationError):
                Mandate.give(awa, region, **({"starts_on": FIRST, "ends_on": LAST} | wrong))
        assert not Mandate.objects.exists()
        given = Mandate.give(awa, region, starts_on=FIRST, ends_on=LAST)
        for wrong in (
            lambda: given.renew(LAST),
            lambda: given.hand_over(awa, dt.date(2031, 3, 12)),
            lambda: given.hand_over(kofi, FIRST),
            lambda: given.hand_over(kofi, dt.date(2031, 3, 21)),
            lambda: given.end(LAST),
            lambda: given.end(dt.date(2031, 3, 9)),
        ):
            with pytest.raises(MandateRefused):
                wrong()
        assert given.changes.count() == 1
        assert not kofi.mandates.exists()


def test_a_group_of_correspondents_of_former_sites_becomes_mandates_of_a_year():
    region, awa = region_at("R"), person("awa")
    former = Group.objects.create(name="Correspondents R")
    library = Collection.get_first_root_node().add_child(instance=Collection(name="Région R"))
    GroupCollectionPermission.objects.create(
        group=former, collection=library, permission=rights._permissions(["wagtailimages.add_image"])[0]
    )
    former.user_set.add(awa)
    for _time in range(2):
        call_command("found", verbosity=0)
    assert not Group.objects.filter(name="Correspondents R").exists()
    given = awa.mandates.get()
    assert (given.ends_on - given.starts_on).days == 365
    assert (given.with_subregions, given.registrations, given.may_publish) == (False, False, False)
    assert Region.objects.get(pk=region.pk).collection == library
    assert may_write(browser(awa), region)
    assert groups.STAFF not in awa.groups.values_list("name", flat=True)


def test_whoever_holds_or_held_a_mandate_is_not_deleted(admin_client):
    region, awa = region_at("R"), person("awa")
    mandate(awa, region).end()
    answer = admin_client.post(reverse("wagtailusers_users:delete", args=[awa.pk]), follow=True)
    assert "Awa" in answer.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["auth", "user", "delete"])
    assert admin_client.post(f"{bulk}?id={awa.pk}&next=/admin/").status_code == 302
    assert User.objects.filter(pk=awa.pk).exists()
