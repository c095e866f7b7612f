"""The list of events in Wagtail's admin."""

import datetime as dt

import pytest
from django.urls import reverse

from events.models import SeatPool
from tests.factories import EventFactory, RegionFactory, told

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_events_event:list"


def titles(desk, **asked):
    response = desk.get(reverse(LIST), asked)
    assert response.status_code == 200
    return {event.title.localize("en") for event in response.context["object_list"]}


def test_an_event_is_listed_with_its_own_hours_and_the_name_of_its_zone(desk, staff):
    staff.wagtail_userprofile.current_time_zone = "America/Toronto"
    staff.wagtail_userprofile.save()
    EventFactory.published(title=told("Réunion", "Meeting"), timezone="Asia/Kolkata")
    page = desk.get(reverse(LIST)).content.decode()
    assert "09:00" in page
    assert "Kolkata" in page or "India" in page


def test_it_says_how_many_seats_are_taken(desk):
    event = EventFactory.published(capacity=60, registration="here")
    SeatPool.objects.filter(event=event, key="event").update(taken=31)
    page = desk.get(reverse(LIST)).content.decode()
    assert "31 / 60" in page
    assert f"{reverse('registrations:index')}?event={event.pk}" in page


def test_it_is_narrowed_by_region_with_its_subregions_kind_status_and_dates(desk):
    africa = RegionFactory(code="AFRICA")
    west = RegionFactory(code="WEST", parent=africa)
    EventFactory.published(title=told("A", "Abidjan"), regions=[west], kind="forum")
    EventFactory.published(
        title=told("P", "Paris"),
        start_local=dt.datetime(2019, 5, 12, 9),
        end_local=dt.datetime(2019, 5, 12, 10),
        status="cancelled",
    )
    EventFactory.create(title=told("B", "Draft"))
    assert titles(desk, region=africa.pk) == {"Abidjan"}
    assert titles(desk, kind="forum") == {"Abidjan"}
    assert titles(desk, status="cancelled") == {"Paris"}
    assert titles(desk, when="past") == {"Paris"}
    assert titles(desk, when="coming") == {"Abidjan", "Draft"}
    assert titles(desk, state="draft") == {"Draft"}
    assert titles(desk, kind="forum", when="past") == set()


def test_it_is_searched_without_accents_by_title_and_place_within_the_filters(desk):
    EventFactory.published(title=told("Réunion d’été", "Summer meeting"), city=told("Ouagadougou"))
    EventFactory.published(title=told("Forum", "Forum"), kind="forum")
    assert titles(desk, q="reunion") == {"Summer meeting"}
    assert titles(desk, q="summ") == {"Summer meeting"}
    assert titles(desk, q="ouagadougou") == {"Summer meeting"}
    assert titles(desk, q="summer", kind="forum") == set()
    assert titles(desk, q="summer", ordering="sort_title") == {"Summer meeting"}


def test_it_is_sorted_by_title_as_it_is_read_not_as_it_is_stored(desk):
    for name in ("Zèbre", "Été", "avril"):
        EventFactory.create(title=told(name, name))
    response = desk.get(reverse(LIST), {"ordering": "sort_title"})
    assert [event.title.localize("fr") for event in response.context["object_list"]] == ["avril", "Été", "Zèbre"]


def test_its_questions_to_the_database_do_not_grow_with_the_events(desk, django_assert_max_num_queries):
    region = RegionFactory()

    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as questions:
            desk.get(reverse(LIST))
        return len(questions)

    EventFactory.published(regions=[region])
    EventFactory.create()
    asked()
    few = asked()
    for _more in range(6):
        EventFactory.published(regions=[region])
        EventFactory.create()
    assert asked() == few


@pytest.mark.parametrize("asked", ["« 4 pour 1000 »", "l’Afrique", "Sub-sah", "“4 per 1000”"])
def test_what_is_copied_from_a_title_finds_it(desk, asked):
    EventFactory.published(
        title=told("Réunion « 4 pour 1000 » de l’Afrique sub-saharienne", "The “4 per 1000” meeting")
    )
    EventFactory.published(title=told("Atelier", "Workshop"))
    assert titles(desk, q=asked) == {"The “4 per 1000” meeting"}


def test_marks_alone_find_nothing(desk):
    EventFactory.published()
    assert titles(desk, q="«*»") == set()


def test_it_is_narrowed_by_the_languages_of_title_and_text(desk):
    EventFactory.published(title=told("Partout", "Everywhere", "En todas partes"))
    EventFactory.published(title=told("Sans espagnol", "No Spanish"))
    assert titles(desk, missing="es") == {"No Spanish"}
    assert titles(desk, told="es") == {"Everywhere"}
    page = desk.get(reverse(LIST)).content.decode()
    assert "no title in:" in page
    assert titles(desk, textless="fr") == {"Everywhere", "No Spanish"}


def test_it_is_narrowed_by_how_the_registration_stands(desk):
    here = {"registration": "here"}
    EventFactory.published(title=told("O", "Open"), **here)
    EventFactory.published(title=told("S", "Soon"), registration_opens_local=dt.datetime(2031, 1, 1), **here)
    EventFactory.published(title=told("C", "Shut"), registration_closes_local=dt.datetime(2020, 1, 1), **here)
    full = EventFactory.published(title=told("P", "Full"), capacity=2, **here)
    SeatPool.objects.filter(event=full, key="event").update(taken=2)
    EventFactory.published(title=told("N", "None"))
    assert titles(desk, registrations="open") == {"Open"}
    assert titles(desk, registrations="not_yet") == {"Soon"}
    assert titles(desk, registrations="full") == {"Full"}
    assert titles(desk, registrations="closed") == {"Shut"}
    assert titles(desk, registrations="none") == {"None"}


def test_it_is_narrowed_by_publication(desk):
    EventFactory.published(title=told("P", "Public"))
    changed = EventFactory.published(title=told("C", "Changed"))
    changed.save_revision()
    EventFactory.create(title=told("N", "New"))
    assert titles(desk, state="live") == {"Public", "Changed"}
    assert titles(desk, state="changed") == {"Changed"}
    assert titles(desk, state="new") == {"New"}
    assert titles(desk, state="draft") == {"Changed", "New"}


def test_it_is_sorted_by_seats_title_and_dates(desk):
    few = EventFactory.published(title=told("A peu", "Few"), registration="here")
    many = EventFactory.published(title=told("Beaucoup", "Many"), registration="here")
    SeatPool.objects.filter(event=many, key="event").update(taken=9)
    for ordering, first in (("-seats_taken", many), ("seats_taken", few), ("sort_title", few), ("-sort_title", many)):
        listed = desk.get(reverse(LIST), {"ordering": ordering}).context["object_list"]
        assert listed[0].pk == first.pk, ordering


def test_what_is_listed_is_taken_away_as_a_file_that_runs_nothing(desk):
    EventFactory.published(title=told("=1+1", "Formula"), kind="forum")
    EventFactory.published(title=told("Autre", "Other"))
    file = desk.get(reverse(LIST), {"export": "csv", "kind": "forum"})
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Title in French")
    assert "'=1+1" in lines[1]
    assert "2031-05-12 09:00" in lines[1]
    assert "Europe/Paris" in lines[1]
    sheet = desk.get(reverse(LIST), {"export": "xlsx"})
    assert sheet.status_code == 200
    assert sheet.headers["Content-Disposition"].endswith('.xlsx"')


def test_where_nothing_is_found_it_says_what_to_do(desk):
    page = desk.get(reverse(LIST)).content.decode()
    assert "There is no event yet." in page
    assert "Make the first one" in page
    assert "No event answers to all of this." in desk.get(reverse(LIST), {"kind": "forum"}).content.decode()
