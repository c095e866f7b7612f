"""The dates of a series at the desk: seen with who comes and the hour in each region, and changed one by one."""

import datetime as dt
import uuid

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from recurrence import deserialize

from events.models import Announcement, CalendarEntry, Change, Event
from letters.models import Letter
from tests.changes.conftest import register
from tests.desk.test_exceptions import edit
from tests.factories import RegionFactory, again, publish, told
from tests.forms import filled
from tests.registration.people import meeting, work

pytestmark = pytest.mark.django_db

NAMES = "wagtailsnippets_events_event"
DAY = "2031-05-19"


@pytest.fixture
def series(db):
    """Six Mondays in Nairobi, of which everybody registers for all."""
    return meeting(recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=6"), end_local=dt.datetime(2031, 5, 12, 11))


@pytest.fixture
def people(series):
    return [register(series, name, language) for name, language in (("Awa", "fr"), ("Ben", "en"), ("Cruz", "es"))]


def dates(event):
    return reverse(f"{NAMES}:dates", args=[event.pk])


def on(event, verb, day=DAY):
    return reverse(f"{NAMES}:{verb}", args=[event.pk, day])


def form(event, **changes):
    sent = {
        "submission": str(uuid.uuid4()),
        "version": str(again(event).live_revision_id),
        "told-reason_0": "La salle est inondée.",
        "told-reason_1": "The hall is flooded.",
        "told-when": "now",
        "confirm": "1",
    }
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}


MOVED = {"date__start_local": "2031-05-20 14:00", "date__end_local": "2031-05-20 16:00"}


def text(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())


def date_on(event, day=19):
    return event.occurrences.get(original=dt.datetime(2031, 5, day, 9))


# -- the list


def test_the_dates_are_listed_with_what_is_said_of_them_and_who_comes(desk, series, people):
    desk.post(on(series, "cancel_date"), form(series))
    desk.post(
        on(series, "move_date", "2031-05-26"),
        form(series, date__start_local="2031-05-27 14:00", date__end_local="2031-05-27 15:00"),
    )
    page = text(desk.get(dates(series)))
    assert "3 people are registered for the whole series" in page
    assert page.count("does not take place") == 1
    assert "Tuesday, 27 May 2031" in page
    assert "By the rule: Monday, 26 May 2031, 09:00–11:00" in page
    assert "Nairobi" in page


def test_a_series_has_a_way_there_from_its_form_and_a_single_event_none(desk, series):
    assert dates(series) in desk.get(edit(series)).content.decode()
    single = meeting()
    assert dates(single) not in desk.get(edit(single)).content.decode()
    assert desk.get(dates(single)).status_code == 302


def test_past_dates_are_a_link_away_and_nothing_can_be_done_to_them(desk, staff, series):
    with time_machine.travel("2031-05-20T12:00Z", tick=False):
        desk.force_login(staff)
        ahead, past = desk.get(dates(series)), desk.get(dates(series) + "?past=1")
        assert "12 May 2031" not in text(ahead)
        assert "12 May 2031" in text(past)
        assert "/cancel/" not in past.content.decode()
        assert desk.get(on(series, "cancel_date", "2031-05-12")).status_code == 302
        desk.post(on(series, "cancel_date", "2031-05-12"), form(series))
    assert not again(series).exceptions.exists()


def test_the_hour_in_each_region_is_shown_with_nights_and_shifts(desk):
    RegionFactory(code="ASPAC", name=told("Asie", "Asia"), default_timezone="Asia/Kolkata")
    RegionFactory(code="EUR", name=told("Europe", "Europe"), default_timezone="Europe/Paris")
    RegionFactory(code="LAC", name=told("Amériques", "Americas"), default_timezone="America/Bogota")
    series = meeting(
        start_local=dt.datetime(2031, 10, 20, 9),
        end_local=dt.datetime(2031, 10, 20, 11),
        recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=3"),
    )
    table = BeautifulSoup(desk.get(dates(series)).content, "html.parser").select_one(".desk-fair")
    words = table.get_text(" ", strip=True)
    assert all(name in words for name in ("Asia", "Europe", "Americas"))
    assert len(table.select(".desk-fair__night")) == 3  # at one in the morning in Bogotá
    shifted = table.select(".desk-fair__shift")
    assert [cell.find_parent("tr").th.get_text() for cell in shifted] == ["Monday, 27 October 2031"]


def test_the_list_asks_the_database_no_more_for_many_dates(desk):
    few = meeting(recurrence=deserialize("RRULE:FREQ=DAILY;COUNT=3"), end_local=dt.datetime(2031, 5, 12, 11))
    many = meeting(recurrence=deserialize("RRULE:FREQ=DAILY;COUNT=20"), end_local=dt.datetime(2031, 5, 12, 11))
    desk.get(dates(few))
    counted = []
    for event in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(dates(event)).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_draft_shows_the_dates_it_would_have(desk, series):
    draft = Event(
        title=told("Brouillon"),
        start_local=series.start_local,
        end_local=series.end_local,
        timezone="Africa/Nairobi",
        recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=2"),
        live=False,
    )
    draft.save()
    draft.save_revision()
    page = text(desk.get(dates(draft)))
    assert "19 May 2031" in page
    assert "not published" in page
    assert "Cancel this date" not in page


# -- one date


@pytest.mark.parametrize("verb", ["cancel_date", "move_date", "place_date", "note_date"])
def test_looking_changes_nothing(desk, series, people, verb):
    before = again(series).live_revision_id
    assert desk.get(on(series, verb)).status_code == 200
    assert again(series).live_revision_id == before
    assert not Announcement.objects.exists()


def test_the_first_post_shows_what_will_be_done_and_does_nothing(desk, series, people):
    sent = form(series, **MOVED)
    del sent["confirm"]
    page = desk.post(on(series, "move_date"), sent)
    words = text(page)
    assert "Monday, 19 May 2031" in words
    assert "Tuesday, 20 May 2031" in words
    assert "3 people will get one letter each" in words
    assert not again(series).exceptions.exists()
    assert not Announcement.objects.exists()


def test_a_date_is_cancelled_and_everybody_told(desk, series, people):
    answer = desk.post(on(series, "cancel_date"), form(series))
    assert answer.status_code == 303
    assert date_on(series).is_cancelled
    assert again(series).status == "scheduled"
    assert CalendarEntry.objects.get(event=series).sequence == 1
    work()
    assert {message.to[0].split("<")[-1].rstrip(">") for message in mail.outbox} == {row.email for row in people}
    assert Letter.objects.filter(kind__startswith="event_").count() == 3


def test_a_date_is_moved(desk, series, people):
    assert desk.post(on(series, "move_date"), form(series, **MOVED)).status_code == 303
    date = date_on(series)
    assert (date.start_local, date.end_local) == (dt.datetime(2031, 5, 20, 14), dt.datetime(2031, 5, 20, 16))
    assert date.is_moved
    assert series.occurrences.filter(is_cancelled=True).count() == 0


def test_a_date_is_held_elsewhere_by_another_link(desk, series):
    sent = form(series, date__venue_0="Salle B", date__city_0="Kisumu", date__joining_url="https://example.org/b")
    assert desk.post(on(series, "place_date"), sent).status_code == 303
    date = date_on(series)
    assert date.city.localize("fr") == "Kisumu"
    assert date.joining_url == "https://example.org/b"


def test_a_date_of_an_online_series_in_a_room_tells_the_room_in_the_letter(desk, series, people):
    series.format = "online"
    series.venue = series.city = told("")
    series.save_revision().publish()
    desk.post(on(series, "place_date"), form(series, date__venue_0="Salle B", date__city_0="Kisumu"))
    work()
    letter = next(message for message in mail.outbox if "ben@" in message.to[0])
    for words in (letter.body, letter.alternatives[0].content):
        assert "Salle B" in words
        assert "Kisumu" in words
        assert "It can also be followed online" in " ".join(words.split())


def test_a_note_is_kept_and_what_is_known_of_the_date_stays(desk, series):
    desk.post(on(series, "move_date"), form(series, **MOVED))
    assert desk.post(on(series, "note_date"), form(series, date__note_0="Apporter une carte")).status_code == 303
    date = date_on(series)
    assert date.note.localize("fr") == "Apporter une carte"
    assert date.is_moved


def test_taken_back_it_is_as_the_rule_says(desk, series, people):
    desk.post(on(series, "cancel_date"), form(series))
    assert desk.post(on(series, "restore_date"), form(series)).status_code == 303
    assert not again(series).exceptions.exists()
    assert not date_on(series).is_cancelled
    assert desk.get(on(series, "restore_date")).status_code == 302  # there is nothing to take back


def test_a_cancelled_date_that_is_moved_takes_place(desk, series):
    desk.post(on(series, "cancel_date"), form(series))
    desk.post(on(series, "move_date"), form(series, **MOVED))
    date = date_on(series)
    assert not date.is_cancelled
    assert date.is_moved


def test_not_told_yet_it_stays_as_something_to_do(desk, series, people):
    desk.post(on(series, "cancel_date"), form(series, told__when="not_yet"))
    announcement = Announcement.objects.get()
    assert announcement.is_open
    work()
    assert not mail.outbox


@pytest.mark.parametrize(
    "changes",
    [
        {"date__start_local": "2031-05-20 14:00", "date__end_local": "2031-05-20 13:00"},
        {"date__start_local": "2031-05-20 14:00", "date__end_local": ""},
        {"date__start_local": "2031-05-19 09:00", "date__end_local": "2031-05-19 11:00"},  # nothing different
        {"date__start_local": "2021-05-20 09:00", "date__end_local": "2021-05-20 11:00"},  # over already
        {"date__start_local": "2031-05-26 09:00", "date__end_local": "2031-05-26 11:00"},  # the next date of the series
    ],
)
def test_what_can_t_be_is_told_and_nothing_done(desk, series, changes):
    answer = desk.post(on(series, "move_date"), form(series, **changes))
    assert answer.status_code == 422
    assert not again(series).exceptions.exists()


def test_a_reason_is_asked_for(desk, series, people):
    assert desk.post(on(series, "cancel_date"), form(series, told__reason_0="")).status_code == 422
    assert not date_on(series).is_cancelled


def test_sent_twice_it_is_done_once(desk, series, people):
    sent = form(series)
    first, second = (desk.post(on(series, "cancel_date"), sent) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Change.objects.count() == 1
    assert CalendarEntry.objects.get(event=series).sequence == 1


def test_what_somebody_else_has_changed_meanwhile_is_looked_at_again(desk, series, people):
    sent = form(series)
    publish(series, capacity=50)
    answer = desk.post(on(series, "cancel_date"), sent)
    assert answer.status_code == 409
    assert "Somebody else" in text(answer)
    assert not date_on(series).is_cancelled


def test_a_draft_with_other_changes_stays_a_draft_and_learns_of_it(desk, series):
    draft = again(series)
    draft.title = told("Autre titre")
    draft.save_revision()
    desk.post(on(series, "cancel_date"), form(series))
    now = again(series)
    assert now.title.localize("fr") == "Réunion de Nairobi"
    latest = now.get_latest_revision_as_object()
    assert latest.title.localize("fr") == "Autre titre"
    assert latest.exceptions.get(day=dt.date(2031, 5, 19)).is_cancelled


@pytest.mark.parametrize("day", ["2031-05-20", "2031-13-40", "nonsense", "2040-01-01"])
def test_a_day_that_the_series_does_not_have_is_not_found(desk, series, day):
    assert desk.get(on(series, "cancel_date", day)).status_code == 404


def test_translators_and_strangers_change_no_date(translator, client, series):
    assert translator.get(dates(series)).status_code in (302, 403, 404)
    answer = translator.post(on(series, "cancel_date"), form(series))
    assert answer.status_code in (302, 403, 404)
    assert client.post(on(series, "cancel_date"), form(series)).status_code == 302
    assert not date_on(series).is_cancelled


def test_a_draft_has_no_dates_to_cancel(desk, series):
    series.unpublish()
    assert desk.get(on(series, "cancel_date")).status_code == 302
    sent = form(series)
    desk.post(on(series, "cancel_date"), sent)
    assert not again(series).exceptions.exists()


def test_the_form_as_it_is_shown_can_be_sent(desk, series, people):
    sent = filled(desk.get(on(series, "move_date")))
    assert sent["date-start_local"].startswith("2031-05-19 09:00")
    sent |= {"date-start_local": "2031-05-19 10:00", "date-end_local": "2031-05-19 12:00"}
    sent |= {"told-reason_0": "Parce que", "told-when": "not_yet"}
    confirm = filled(desk.post(on(series, "move_date"), sent))
    assert desk.post(on(series, "move_date"), confirm | {"confirm": "1"}).status_code == 303
    assert date_on(series).start_local.hour == 10
