"""Dates of a series are moved, cancelled or held elsewhere, and each person is told of those that concern them."""

import datetime as dt
import uuid

import icalendar
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from events.models import Announcement, CalendarEntry, Change, Registration
from events.registration import announcing
from letters.models import Letter
from tests.calendars.readers import READERS, disagreement
from tests.calendars.subscribed import held, series
from tests.changes.conftest import register
from tests.factories import again, publish, told
from tests.registration.people import meeting, work

pytestmark = pytest.mark.django_db

NAMES = "wagtailsnippets_events_event"
UID = "{event.uid}@meetings.4p1000.org"


@pytest.fixture
def seminar(db):
    """Six Wednesdays at 15:30 in Paris, all online, of which everybody registers for all."""
    return weekly()


@pytest.fixture
def people(seminar):
    return [register(seminar, *who, attendance="online") for who in (("Awa", "fr"), ("Ben", "en"), ("Cruz", "es"))]


@pytest.fixture
def by_date(db):
    """The same, for which one registers date by date."""
    return weekly(registered_for="date")


def weekly(**facts):
    default = {
        "title": told("Séminaire", "Seminar", "Seminario"),
        "city": told(""),
        "country": "",
        "format": "online",
        "joining_url": "https://meet.example/secret",
        "timezone": "Europe/Paris",
        "start_local": dt.datetime(2031, 5, 14, 15, 30),
        "end_local": dt.datetime(2031, 5, 14, 17),
        "recurrence": series("RRULE:FREQ=WEEKLY;COUNT=6"),
    }
    return meeting(**default | facts)


def on(event, day, **facts):
    """Register for one date."""
    date = event.occurrences.get(original=dt.datetime.combine(day, dt.time(15, 30)))
    name, language = facts.pop("name", "Awa"), facts.pop("language", "fr")
    return register(event, name, language, attendance="online", occurrence=date, **facts)


def does(desk, event, verb, day, confirm=True, **changes):
    """Change one date at the desk and have it announced."""
    sent = {
        "submission": str(uuid.uuid4()),
        "version": str(again(event).live_revision_id),
        "told-reason_0": "Le conférencier est retenu.",
        "told-reason_1": "The speaker is held up.",
        "told-when": "now",
    }
    if confirm:
        sent["confirm"] = "1"
    sent |= {name.replace("__", "-"): value for name, value in changes.items()}
    answer = desk.post(reverse(f"{NAMES}:{verb}", args=[event.pk, day]), sent)
    assert answer.status_code == (303 if confirm else 200), answer.content.decode()
    return answer


def move(desk, event, day="2031-05-21", **more):
    new = {"date__start_local": "2031-05-22 10:00", "date__end_local": "2031-05-22 11:30"}
    return does(desk, event, "move_date", day, **new | more)


def sent():
    """What left, to whom."""
    work()
    return {message.to[0].split("<")[-1].rstrip(">"): message for message in mail.outbox}


def words(message):
    return " ".join(message.body.split())


def carried(message):
    """The calendar in a letter."""
    (found,) = [one.content for one in message.alternatives if one.mimetype.startswith("text/calendar")]
    return found


def test_the_letter_says_which_date_moved_from_when_to_when(desk, seminar, people):
    move(desk, seminar)
    letters = sent()
    assert len(letters) == 3
    ben = letters["ben@example.org"]
    assert ben.subject == "New date: Seminar, Thursday, 22 May 2031"
    said = words(ben)
    assert "Wednesday, 21 May 2031, 15:30–17:00" in said
    assert "Thursday, 22 May 2031 10:00–11:30" in said
    assert "The other dates stay as they are" in said
    assert "The speaker is held up." in said
    assert "28 May" not in said
    assert "mercredi 21 mai 2031" in words(letters["awa@example.org"])
    assert "jeudi 22 mai 2031" in words(letters["awa@example.org"])
    assert "jueves, 22 de mayo de 2031" in words(letters["cruz@example.org"])
    html = BeautifulSoup(ben.alternatives[0].content, "html.parser")
    assert "Wednesday, 21 May 2031" in html.find("s").get_text()


def test_its_calendar_moves_that_date_and_no_other(desk, seminar, people):
    move(desk, seminar)
    does(desk, seminar, "cancel_date", "2031-06-04")
    work()
    last = [message for message in mail.outbox if "ben@example.org" in message.to[0]][-1]
    body = carried(last)
    calendar = icalendar.Calendar.from_ical(body)
    assert {str(one["UID"]) for one in calendar.walk("VEVENT")} == {UID.format(event=seminar)}
    assert {one["SEQUENCE"] for one in calendar.walk("VEVENT")} == {CalendarEntry.objects.get(event=seminar).sequence}
    assert not [one for one in calendar.walk("VEVENT") if str(one["STATUS"]) == "CANCELLED"]  # RFC 5546 3.2.2
    ours = held([seminar])
    assert len(ours[UID.format(event=seminar)]) == 5
    for reader in READERS:
        assert not disagreement(reader(body.encode()), ours), reader.__module__


def test_a_date_past_its_neighbour_stays_in_the_same_message(desk, seminar, people):
    move(desk, seminar, date__start_local="2031-05-30 10:00", date__end_local="2031-05-30 11:30")
    body = carried(sent()["ben@example.org"])
    calendar = icalendar.Calendar.from_ical(body)
    assert {str(one["UID"]) for one in calendar.walk("VEVENT")} == {UID.format(event=seminar)}
    ours = held([seminar])
    for reader in READERS:
        assert not disagreement(reader(body.encode()), ours), reader.__module__


def test_who_lives_elsewhere_reads_their_own_hour_too(desk, seminar, people):
    Registration.objects.filter(pk=people[1].pk).update(home_zone="Asia/Kolkata")
    move(desk, seminar)
    assert "13:30–15:00" in words(sent()["ben@example.org"])
    assert "13 h 30" not in words(sent()["awa@example.org"])


def test_a_cancelled_date_and_what_was_moved_are_told_in_one_letter(desk, seminar, people):
    move(desk, seminar, told__when="not_yet")
    does(desk, seminar, "cancel_date", "2031-06-04")
    letter = sent()["ben@example.org"]
    assert len(mail.outbox) == 3
    assert letter.subject == "Some dates change: Seminar"
    said = words(letter)
    assert "2 dates of a series for which you are registered have changed" in said
    assert "Wednesday, 4 June 2031" in said
    assert "Thursday, 22 May 2031" in said


def test_the_desk_shows_the_dates_and_the_letters_before_it_tells_anybody(desk, seminar, people):
    page = move(desk, seminar, confirm=False)
    assert "3 people will get one letter each" in page.content.decode()
    assert "Wednesday, 21 May 2031" in page.content.decode()
    move(desk, seminar, told__when="not_yet")
    announcement = Announcement.objects.get()
    page = desk.get(reverse(f"{NAMES}:announcement", args=[seminar.pk, announcement.pk]))
    shown = " ".join(BeautifulSoup(page.content, "html.parser").get_text(" ").split())
    assert "Dates that have changed" in shown
    assert "Thursday, 22 May 2031" in shown
    assert not Letter.objects.exists()


def test_a_note_alone_is_no_news(desk, seminar, people):
    does(desk, seminar, "note_date", "2031-05-21", date__note_0="Avec un invité", date__note_1="With a guest")
    work()
    assert not mail.outbox


def test_a_change_that_is_taken_back_before_it_is_told_is_told_to_nobody(desk, seminar, people):
    move(desk, seminar, told__when="not_yet")
    does(desk, seminar, "restore_date", "2031-05-21")
    work()
    assert not mail.outbox


def test_a_date_that_is_over_is_no_news_any_more(desk, seminar, people):
    move(desk, seminar, told__when="not_yet")
    with time_machine.travel("2031-05-23T12:00Z", tick=False):
        Announcement.objects.update(due_at=dt.datetime(2031, 5, 23, tzinfo=dt.UTC))
        announcing.announce_what_is_due()
        assert not Letter.objects.exists()
        publish(seminar, title=told("Autre séminaire"))  # nor does it come back with the next publication
        assert Change.objects.count() == 1


def test_only_who_is_registered_for_that_date_is_told_of_it(desk, by_date):
    on(by_date, dt.date(2031, 5, 21), name="Awa")
    on(by_date, dt.date(2031, 5, 28), name="Ben", language="en")
    move(desk, by_date)
    letters = sent()
    assert set(letters) == {"awa@example.org"}
    assert letters["awa@example.org"].subject.startswith("Nouvelle date")
    found = icalendar.Calendar.from_ical(carried(letters["awa@example.org"]))
    assert str(found["METHOD"]) == "REQUEST"
    (one,) = found.walk("VEVENT")
    assert str(one["UID"]).split("@")[0] == f"{by_date.uid}-20310521"
    assert "RECURRENCE-ID" not in one
    assert one["DTSTART"].dt.replace(tzinfo=None) == dt.datetime(2031, 5, 22, 10)
    for reader in READERS:
        told_dates = reader(carried(letters["awa@example.org"]).encode())
        start, end = dt.datetime(2031, 5, 22, 8, tzinfo=dt.UTC), dt.datetime(2031, 5, 22, 9, 30, tzinfo=dt.UTC)
        assert list(told_dates.values()) == [[(start, end)]], reader.__module__


def test_to_them_a_cancelled_date_is_a_cancelled_meeting(desk, by_date):
    on(by_date, dt.date(2031, 5, 21), name="Awa", language="en")
    does(desk, by_date, "cancel_date", "2031-05-21")
    letter = sent()["awa@example.org"]
    assert letter.subject == "Cancelled: Seminar, Wednesday, 21 May 2031"
    for said in (letter.body, letter.alternatives[0].content):
        assert "Online" in said
        assert "stands on your page" not in said  # there is nothing to join any more
    calendar = icalendar.Calendar.from_ical(carried(letter))
    assert str(calendar["METHOD"]) == "CANCEL"
    (one,) = calendar.walk("VEVENT")
    assert str(one["STATUS"]) == "CANCELLED"
    mail.outbox.clear()
    does(desk, by_date, "restore_date", "2031-05-21")
    letter = sent()["awa@example.org"]
    assert letter.subject.startswith("Takes place after all")
    back = icalendar.Calendar.from_ical(carried(letter))
    assert str(back["METHOD"]) == "REQUEST"
    assert back.walk("VEVENT")[0]["SEQUENCE"] > one["SEQUENCE"]


def test_a_date_that_the_rule_no_longer_gives_is_told_to_whom_it_takes_away(by_date):
    on(by_date, dt.date(2031, 6, 18), name="Awa", language="en")
    on(by_date, dt.date(2031, 5, 21), name="Ben", language="en")
    publish(by_date, recurrence=series("RRULE:FREQ=WEEKLY;COUNT=5"))
    Announcement.objects.update(due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    letters = sent()
    assert set(letters) == {"awa@example.org"}
    assert letters["awa@example.org"].subject == "Cancelled: Seminar, Wednesday, 18 June 2031"
    assert "METHOD:CANCEL" in carried(letters["awa@example.org"])


def test_who_has_several_dates_gets_one_letter(desk, by_date):
    for day in (dt.date(2031, 5, 21), dt.date(2031, 5, 28)):
        on(by_date, day, name="Awa", language="en")
    publish(by_date, start_local=dt.datetime(2031, 5, 14, 16), end_local=dt.datetime(2031, 5, 14, 17, 30))
    Announcement.objects.update(due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    work()
    (letter,) = mail.outbox
    said = words(letter)
    assert "21 May 2031" in said
    assert "28 May 2031" in said
    files = [icalendar.Calendar.from_ical(file.content) for file in letter.attachments]
    uids = [str(file.walk("VEVENT")[0]["UID"]).split("@")[0] for file in files]
    assert uids == [f"{by_date.uid}-20310521", f"{by_date.uid}-20310528"]  # one UID a file (RFC 5546)
