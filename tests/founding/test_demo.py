"""A demonstration, and what it must never touch."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from events.founding import demonstration
from events.models import Event, Registration
from pages.models import HomePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(small, say, monkeypatch):
    """The command, with a small programme in place of the real one."""
    small.event.update({"demo": True, "registration": {"mode": "internal", "capacity": 10}})
    small.data["correspondents"] = [
        {
            "code": "corr-afr-w",
            "region": "T-W",
            "role": {"fr": "Correspondante"},
            "languages": ["fr"],
            "email": "c@example.org",
        }
    ]

    def run() -> str:
        small.path.write_text(json.dumps(small.data))
        monkeypatch.setattr(demonstration.build, "__defaults__", (small.path, *demonstration.build.__defaults__[1:]))
        return say("demo")

    return run


def test_it_prints_addresses_and_accounts_that_open_the_admin(demo, settings):
    printed = demo()
    for path in ("/fr/", "/en/", "/es/", "/admin/"):
        assert f"{settings.SITE_URL}{path}" in printed
    for username in ("staff", "translator", "correspondent.afr-w"):
        assert username in printed
        visitor = Client()
        assert visitor.login(username=username, password=settings.DEMO_PASSWORD)
        assert visitor.get(reverse("wagtailadmin_home")).status_code == 200


def test_some_people_are_registered_and_seats_are_taken(demo):
    demo()
    pool = Event.objects.get().pools.get(key="event")
    assert pool.taken == pool.capacity == Registration.objects.count() == 10


def test_an_example_series_has_a_date_that_moved_and_one_that_is_not_held(demo, small):
    small.event["recurrence"] = {"rrule": "FREQ=WEEKLY;COUNT=6", "exdates": []}
    demo()
    dates = Event.objects.get().occurrences.all()
    assert [date.is_moved for date in dates] == [False, False, True, False, False, False]
    assert [date.is_cancelled for date in dates] == [False, False, False, True, False, False]
    assert all(date.note.localize(code) for date in dates[2:4] for code in ("fr", "en", "es"))
    demo()
    assert Event.objects.get().exceptions.count() == 2


def test_a_second_run_changes_nothing(demo):
    demo()

    def state() -> list[object]:
        return [
            list(Event.objects.values_list("uid", "latest_revision", "start_local")),
            list(Registration.objects.values_list("uid", "state")),
            list(User.objects.values_list("username", "password")),
        ]

    before = state()
    Registration.objects.first().cancel()
    before[1] = state()[1]
    demo()
    assert state() == before


def test_examples_are_moved_by_whole_weeks_as_far_as_needed(demo):
    with time_machine.travel(dt.datetime(2032, 3, 1, 12, tzinfo=dt.UTC)):
        demo()
    first = dt.datetime(2031, 5, 6, 9) + dt.timedelta(days=364)
    assert Event.objects.get().start_local == first
    # Once told, a date stays: a later run moves nothing.
    with time_machine.travel(dt.datetime(2040, 1, 1, tzinfo=dt.UTC)):
        demo()
    assert Event.objects.get().start_local == first


def test_a_moved_series_begins_on_a_date_its_rule_gives(small):
    small.event.update(
        {
            "demo": True,
            "start_local": "2027-01-28T15:00:00",
            "end_local": "2027-01-28T16:00:00",
            "recurrence": {"rrule": "FREQ=MONTHLY;BYDAY=-1TH;COUNT=6", "exdates": []},
        }
    )
    with time_machine.travel(dt.datetime(2029, 6, 1, tzinfo=dt.UTC)):
        small.load()
        assert "Nothing changed." in small.load()
    series = Event.objects.get()
    assert series.start_local == dt.datetime(2030, 1, 31, 15)  # the last Thursday of that January
    assert series.occurrences.count() == 6


def test_an_event_that_was_really_held_is_never_moved(small):
    small.event["status"] = "held"
    small.add_event(slug="example", demo=True)
    with time_machine.travel(dt.datetime(2035, 1, 1, tzinfo=dt.UTC)):
        small.load()
    assert sorted(event.start_local.year for event in Event.objects.all()) == [2031, 2035]


@pytest.mark.parametrize("whose", ["a user", "a page", "an event"])
def test_a_database_with_anything_else_is_refused_and_not_touched(demo, small, whose):
    if whose == "a user":
        User.objects.create_user("somebody")
    elif whose == "a page":
        from pages.models import StandardPage

        HomePage.objects.first().add_child(instance=StandardPage(title="Ours", slug="ours"))
    else:
        small.load()
    events, users = Event.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="This database is not a demonstration"):
        demo()
    assert (Event.objects.count(), User.objects.count()) == (events, users)


def test_tables_of_something_else_are_refused(demo, monkeypatch):
    monkeypatch.setattr("django.db.connection.introspection.table_names", lambda cursor: ["auth_user", "shop_order"])
    with pytest.raises(CommandError, match="shop_order"):
        demo()


def test_without_a_demo_password_there_is_no_demonstration(demo, settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        demo()
    assert not Group.objects.filter(name__startswith="Correspondents T").exists()
