"""Mandates are given, changed, handed over and ended; their history tells by whose hand."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from events.founding import groups
from regions import rights
from regions.models import Mandate, MandateRefused, Region
from tests.factories import mandate
from tests.regions.correspondents import FIRST, LAST, browser, may_write, midnight, person, region_at

pytestmark = pytest.mark.django_db


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
