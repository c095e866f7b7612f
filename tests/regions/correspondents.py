"""Regions with their pages, and people who may or may not write there."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from events.founding.trees import tell_region
from regions.models import Region, RegionPage
from tests.factories import RegionFactory

FIRST, LAST = dt.date(2031, 3, 10), dt.date(2031, 3, 20)
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
