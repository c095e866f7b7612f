"""The Initiative's real programme, loaded once for all these tests."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from events.founding.demonstration import PROGRAMME
from events.models import Event, EventPage, SeatPool, Ticket
from regions.models import NewsPage, Organisation, Region, RegionPage


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker, say: Callable[..., str]) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield say("import_programme", str(PROGRAMME))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def apart(report: str) -> Iterator[None]:
    """What a test changes is gone for the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def admin_browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def filled_in(page: str) -> dict[str, Any]:
    """What a browser sends of the form it was shown."""
    form = BeautifulSoup(page, "html.parser").select_one("form[data-edit-form]")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type", "")
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "select":
            sent[name] = [option.get("value", "") for option in field.select("option[selected]")]
        elif kind in ("checkbox", "radio"):
            sent.setdefault(name, []).append(field.get("value", "on"))
        elif kind not in ("submit", "button", "file"):
            sent[name] = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
    return sent


def called(title: str) -> Event:
    return Event.objects.get(title__contains=title)


def test_seventy_six_events_have_a_page_in_each_language():
    assert Event.objects.public().count() == 76
    for code in ("fr", "en", "es"):
        assert EventPage.objects.live().filter(locale__language_code=code).count() == 76
    assert (Region.objects.count(), Organisation.objects.count()) == (10, 51)


def test_the_forum_and_the_consortium_lie_within_the_day():
    day = next(e for e in Event.objects.filter(kind="initiative_day") if e.start_local.date() == dt.date(2022, 11, 16))
    assert {child.kind for child in day.children.all()} == {"forum", "consortium"}
    assert {child.timezone for child in day.children.all()} == {"Africa/Cairo"}


def test_a_postponed_event_and_its_replacement_know_each_other():
    postponed = Event.objects.filter(status="postponed")
    assert postponed.count() == 3
    for event in postponed:
        assert event.replacement.replaces == event
        assert event.replacement.starts_at > event.starts_at


def test_a_series_keeps_its_hour_on_the_wall():
    series = next(event for event in Event.objects.filter(is_demo=True) if event.recurs)
    assert series.occurrences.count() == 6
    assert {date.start_local.time() for date in series.occurrences.all()} == {dt.time(15)}
    assert {date.starts_at.hour for date in series.occurrences.all()} == {13, 14}


def test_a_yearly_day_without_end_is_kept_some_years_ahead():
    assert called("World Soil Day").occurrences.count() > 4


def test_tickets_have_prices_in_cents_and_a_pool_each():
    tickets = {ticket.code: ticket for ticket in Ticket.objects.all()}
    assert tickets["onsite-standard"].price == 6000
    assert tickets["onsite-farmer"].is_free
    event = tickets["online"].event
    # One ticket has no quota: nobody is turned away online, the room has 250 seats.
    assert (event.capacity, event.capacity_onsite) == (None, 250)
    pools = dict(SeatPool.objects.filter(event=event).values_list("key", "capacity"))
    assert pools[tickets["onsite-farmer"].pool_key] == 100
    assert pools[tickets["online"].pool_key] is None


def test_one_registers_here_only_where_the_file_says_so():
    assert Event.objects.filter(registration="here").count() == 4
    assert not Event.objects.filter(registration="elsewhere").exists()


def test_news_stand_below_their_region_on_their_date_and_name_their_event():
    page = NewsPage.objects.get(title="Helsinki: slides and recordings online")
    assert page.get_parent().specific.region.code == "EUR-N"
    assert page.date == page.first_published_at.date() == dt.date(2023, 6, 20)
    assert Event.objects.get(uid=page.event).kind == "regional_meeting"
    assert page.get_translations().count() == 2


def test_each_region_has_pages_in_three_languages():
    assert RegionPage.objects.live().count() == 30
    assert RegionPage.objects.get(locale__language_code="en", region__code="AFR-W").url == "/en/regions/west-africa/"


def test_correspondents_are_named_by_role_and_cannot_enter_yet():
    users = User.objects.filter(username__startswith="correspondent.")
    assert users.count() == 6
    assert not any(user.has_usable_password() for user in users)
    # Wagtail's form of one's own account wants both names.
    assert all(user.first_name and user.last_name for user in users)
    assert users.get(username="correspondent.aspac").get_full_name() == "Correspondent Asia-Pacific"
    held = users.get(username="correspondent.lac").mandates.get()
    assert (held.region.code, held.languages) == ("LAC", ["en", "es"])
    assert (held.news, held.events, held.registrations, held.may_publish) == (True, True, False, False)


def test_what_has_no_home_is_told_by_name_and_number(report: str):
    for line in ("events.sessions: 4", "events.documents: 1", "events.attendance: 6", "governance_bodies: 6"):
        assert f"Not loaded {line}." in report
    assert "Not loaded events.registration.options: 1." in report


def test_loading_it_again_changes_nothing(say: Callable[..., str], django_assert_max_num_queries):
    stamps = set(Event.objects.values_list("uid", "latest_revision"))
    with django_assert_max_num_queries(80):
        report = say("import_programme", str(PROGRAMME))
    assert "Nothing changed." in report
    assert "Left alone" not in report
    assert set(Event.objects.values_list("uid", "latest_revision")) == stamps


def test_no_event_has_a_draft_left_over():
    assert not Event.objects.filter(has_unpublished_changes=True).exists()


@pytest.mark.parametrize("title", ["Paroles de sols", "Europe du Sud", "World Soil Day", "Lancement"])
def test_an_editor_who_saves_without_a_change_has_edited_nothing(
    say: Callable[..., str], admin_browser: Client, title: str
):
    event = next(event for event in Event.objects.order_by("pk") if title in str(event.title.data))
    address = reverse("wagtailsnippets_events_event:edit", args=[event.pk])
    answer = admin_browser.post(
        address, filled_in(admin_browser.get(address).content.decode()) | {"action-publish": "1"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    again = Event.objects.get(pk=event.pk)
    assert again.live_revision_id != event.live_revision_id
    assert again.calendar_entry.sequence == 0
    report = say("import_programme", str(PROGRAMME))
    assert "Left alone" not in report
    assert "Nothing changed." in report
