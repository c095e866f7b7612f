"""The calendar of everything in the admin."""

import datetime as dt

import pytest
import recurrence
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import EventFactory, RegionFactory, again, told

pytestmark = pytest.mark.django_db
MONTH = "/admin/events/calendar/2031/5/"


def shown(client, address=MONTH):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def bars(page):
    """Title and days covered of each bar of the month's table."""
    return [
        (cell.select_one(".desk-entry__title").get_text(strip=True), int(cell["colspan"]))
        for cell in page.select(".desk-month__table td:has(a)")
    ]


def days(page, title):
    """The days of the list under which an event stands."""
    found = [
        item.time["datetime"]
        for item in page.select(".desk-month__list > li")
        if any(entry.get_text(strip=True) == title for entry in item.select(".desk-entry__title"))
    ]
    return sorted(found)


def test_it_shows_drafts_beside_what_is_public_with_the_hour_of_the_place(desk, staff):
    staff.wagtail_userprofile.current_time_zone = "America/Toronto"
    staff.wagtail_userprofile.save()
    EventFactory.published(title=told("Publique", "Public"), timezone="Asia/Kolkata")
    draft = EventFactory.create(
        title=told("Projet", "Draft"),
        start_local=dt.datetime(2031, 5, 20, 8, 30),
        end_local=dt.datetime(2031, 5, 20, 9),
    )
    page = shown(desk)
    table = page.select_one(".desk-month__table").get_text(" ", strip=True)
    assert "09:00 Kolkata Public" in table
    assert "08:30 Paris Draft draft" in table
    assert page.select_one(f'a[href="{reverse("wagtailsnippets_events_event:edit", args=[draft.pk])}"]')
    assert days(page, "Draft") == ["2031-05-20"]


def test_several_days_are_one_bar_a_week(desk):
    EventFactory.published(
        title=told("Semaine", "Week"), start_local=dt.datetime(2031, 5, 9, 9), end_local=dt.datetime(2031, 5, 13, 17)
    )
    page = shown(desk)
    assert bars(page) == [("Week", 3), ("Week", 2)]
    assert "goes on:" in page.select(".desk-month__table a")[1].get_text()
    assert days(page, "Week") == ["2031-05-09"]


def test_an_evening_that_ends_before_breakfast_is_one_day_as_in_public(desk):
    EventFactory.published(
        title=told("Soirée", "Evening"),
        start_local=dt.datetime(2031, 5, 20, 20),
        end_local=dt.datetime(2031, 5, 21, 1),
    )
    assert bars(shown(desk)) == [("Evening", 1)]


def test_what_began_in_an_earlier_month_stands_at_the_first_day(desk):
    EventFactory.published(
        title=told("Appel", "Call"), start_local=dt.datetime(2031, 4, 1, 9), end_local=dt.datetime(2031, 6, 30, 17)
    )
    page = shown(desk)
    assert days(page, "Call") == ["2031-05-01"]
    assert {length for _title, length in bars(page)} == {7}


def test_every_date_of_a_series_is_there_drafted_or_public(desk):
    weekly = recurrence.deserialize("RRULE:FREQ=WEEKLY;COUNT=3")
    times = {"start_local": dt.datetime(2031, 5, 6, 15), "end_local": dt.datetime(2031, 5, 6, 16)}
    EventFactory.published(title=told("Publique", "Public"), recurrence=weekly, **times)
    EventFactory.create(title=told("Projet", "Draft"), recurrence=weekly, **times)
    page = shown(desk)
    assert days(page, "Public") == days(page, "Draft") == ["2031-05-06", "2031-05-13", "2031-05-20"]


def test_a_draft_that_moves_a_public_event_stands_at_both_dates(desk):
    event = EventFactory.published(title=told("Réunion", "Meeting"))
    moved = again(event)
    moved.start_local, moved.end_local = dt.datetime(2031, 5, 26, 9), dt.datetime(2031, 5, 26, 17)
    moved.save_revision()
    page = shown(desk)
    assert days(page, "Meeting") == ["2031-05-12", "2031-05-26"]
    only = shown(desk, MONTH + "?state=published")
    assert days(only, "Meeting") == ["2031-05-12"]


def test_a_status_is_said_in_words(desk):
    EventFactory.published(title=told("Réunion", "Meeting"), status="cancelled")
    entry = shown(desk).select_one(".desk-month__table a")
    assert "cancelled" in entry.get_text()


def test_it_is_narrowed_and_stays_so_from_month_to_month(desk):
    africa = RegionFactory(code="AFRICA")
    west = RegionFactory(code="WEST", parent=africa)
    EventFactory.published(title=told("Abidjan", "Abidjan"), regions=[west], kind="forum")
    EventFactory.create(title=told("Projet", "Draft"), kind="webinar")
    assert [title for title, _days in bars(shown(desk, MONTH + "?region=AFRICA"))] == ["Abidjan"]
    assert [title for title, _days in bars(shown(desk, MONTH + "?kind=webinar"))] == ["Draft"]
    assert [title for title, _days in bars(shown(desk, MONTH + "?state=drafts"))] == ["Draft"]
    page = shown(desk, MONTH + "?region=AFRICA&kind=forum")
    assert page.select_one("a[rel=next]")["href"] == "/admin/events/calendar/2031/6/?region=AFRICA&kind=forum"
    assert page.select_one("a[rel=prev]")["href"] == "/admin/events/calendar/2031/4/?region=AFRICA&kind=forum"
    asked = desk.get("/admin/events/calendar/?region=AFRICA&month=2031-05")
    assert asked.headers["Location"] == MONTH + "?region=AFRICA"


@pytest.mark.parametrize("month", ["2031/13", "2031/0", "1031/5", "9999/12"])
def test_a_month_that_is_none_is_not_found(desk, month):
    assert desk.get(f"/admin/events/calendar/{month}/").status_code == 404


def test_an_empty_month_says_so(desk):
    assert "Nothing in this month yet." in shown(desk).get_text()
    assert "Nothing of this kind" in shown(desk, MONTH + "?kind=forum").get_text()


def test_it_asks_no_more_when_events_are_more(desk):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(MONTH)
        return len(queries)

    def make():
        EventFactory.published()
        EventFactory.create()
        moved = EventFactory.published()
        moved.start_local = moved.start_local.replace(day=20)
        moved.end_local = moved.end_local.replace(day=21)
        moved.save_revision()

    make()
    asked()
    before = asked()
    for _time in range(3):
        make()
    assert asked() == before


def test_whoever_may_not_see_events_has_no_calendar():
    nobody = User.objects.create_user("nobody", "nobody@example.org", "a long enough password")
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(nobody)
    assert client.get(MONTH).status_code == 302
    assert "/admin/events/calendar/" not in client.get("/admin/").content.decode()
