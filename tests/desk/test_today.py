"""The admin's first page: what the staff have to do today; the Initiative's name and colours."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from events.models import Event, SeatPool
from letters.models import Letter
from tests.factories import EventFactory, told

pytestmark = pytest.mark.django_db


def panel(client):
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return page.select_one(".desk-today")


def words(client):
    return " ".join(panel(client).get_text(" ", strip=True).split())


def test_where_nothing_waits_it_says_so(desk):
    assert "Nothing waits for you." in words(desk)


@time_machine.travel(dt.datetime(2031, 5, 1, 10, tzinfo=dt.UTC), tick=False)
def test_registrations_about_to_open_or_close_are_named_with_the_hour_of_the_place(staff):
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(staff)
    here = {"registration": "here", "timezone": "Asia/Kolkata"}
    EventFactory.published(title=told("A", "Opens"), registration_opens_local=dt.datetime(2031, 5, 4, 9), **here)
    EventFactory.published(title=told("B", "Closes"), registration_closes_local=dt.datetime(2031, 5, 6, 18), **here)
    EventFactory.published(title=told("C", "Later"), registration_opens_local=dt.datetime(2031, 5, 10, 9), **here)
    said = words(desk)
    assert "Registrations that open this week Opens 4 May 2031, 09:00 (Kolkata)" in said
    assert "Registrations that close this week Closes 6 May 2031, 18:00 (Kolkata)" in said
    assert "Later" not in said


def test_full_events_and_languages_that_lack_are_counted_with_the_way_to_them(desk):
    full = EventFactory.published(title=told("Plein", "Full"), capacity=1, registration="here")
    SeatPool.objects.filter(event=full, key="event").update(taken=1)
    said = words(desk)
    assert "1 coming event is full" in said
    assert "1 coming event has no title in this language: Español" in said
    assert "page without text in this language: Français" in said
    link = panel(desk).find("a", string=lambda text: text and "no title" in text)
    assert [event.pk for event in desk.get(link["href"]).context["object_list"]] == [full.pk]
    link = panel(desk).find("a", string=lambda text: text and "is full" in text)
    assert [event.pk for event in desk.get(link["href"]).context["object_list"]] == [full.pk]


def test_letters_that_could_not_be_sent_are_told(desk):
    Letter.objects.create(
        kind="confirmed",
        recipient="awa@example.org",
        language="fr",
        facts={},
        key="k",
        abandoned_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    assert "1 letter could not be sent" in words(desk)


def test_it_asks_no_more_when_events_are_more(desk):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get("/admin/")
        return len(queries)

    def make():
        EventFactory.published(registration="here", capacity=5)
        EventFactory.published(title=told("Seul"))

    make()
    asked()
    before = asked()
    for _time in range(3):
        make()
    assert asked() == before


def test_it_is_for_those_who_have_the_whole_desk(translator):
    assert panel(translator) is None


def test_the_admin_carries_the_name_and_the_colours_of_the_initiative(desk):
    page = BeautifulSoup(desk.get("/admin/").content, "html.parser")
    assert "4 pour 1000" in page.title.get_text()
    assert "desk/logo" in str(page.select_one("[data-wagtail-sidebar-branding-logo]"))
    assert page.select_one('link[href*="desk/desk"]')


def test_a_scheduled_publication_that_was_refused_is_told_with_its_reason(desk):
    event = EventFactory.published(title=told("Vendu", "Sold"), capacity=60, registration="here")
    draft = Event.objects.get(pk=event.pk)
    draft.capacity, draft.go_live_at = 20, timezone.now() + dt.timedelta(hours=1)
    revision = draft.save_revision()
    revision.publish()
    SeatPool.objects.filter(event=event, key="event").update(taken=31)
    past = timezone.now() - dt.timedelta(minutes=5)
    assert "refused" not in words(desk)
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=past, content=revision.content | {"go_live_at": past.isoformat()}
    )
    assert "1 scheduled publication was refused Sold 31 seats are already taken" in words(desk)
    form = desk.get(reverse("wagtailsnippets_events_event:edit", args=[event.pk])).content.decode()
    assert "31 seats are already taken: there can&#x27;t be fewer." in form
