"""Mandates begin and end with the minute, in the region's own zone."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from regions import rights
from regions.models import Mandate
from tests.regions.correspondents import FIRST, LAST, MINUTE, browser, may_write, midnight, person, region_at

pytestmark = pytest.mark.django_db

ZONES = ["Africa/Abidjan", "Asia/Kolkata", "America/Sao_Paulo"]


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
