"""Before a change of the clocks shifts the hour of an online series for somebody, one letter tells them."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from events.models import Registration
from events.registration import shifts
from letters.models import Letter
from tests.calendars.subscribed import series
from tests.changes.conftest import register
from tests.factories import again, publish, told
from tests.registration.people import meeting, work

pytestmark = pytest.mark.django_db

# In 2031 clocks change on 30 March in Europe, on 9 March in North America.
BEFORE = "2031-01-15T12:00Z"
DUE = "2031-03-27T12:00Z"


def seminar(**facts):
    """Wednesdays at 16:30 in Paris, all spring; nobody has to come."""
    default = {
        "title": told("Séminaire", "Seminar", "Seminario"),
        "city": told(""),
        "country": "",
        "format": "online",
        "timezone": "Europe/Paris",
        "start_local": dt.datetime(2031, 1, 22, 16, 30),
        "end_local": dt.datetime(2031, 1, 22, 18),
        "recurrence": series("RRULE:FREQ=WEEKLY;COUNT=20"),
    }
    with time_machine.travel(BEFORE, tick=False):
        return meeting(**default | facts)


def enters(event, name="Awa", language="en", zone="Africa/Abidjan", when=BEFORE, **more):
    with time_machine.travel(when, tick=False):
        return register(event, name, language, home_zone=zone, **({"attendance": "online"} | more))


def letters(when=DUE):
    with time_machine.travel(when, tick=False):
        work()
    found = list(mail.outbox)
    mail.outbox.clear()
    return found


def words(message):
    return " ".join(message.body.split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "From Wednesday, 2 April 2031 on, “Seminar” begins at 14:30 where you are (Abidjan) instead of 15:30."),
        ("fr", "mercredi 2 avril 2031"),
        ("es", "miércoles, 2 de abril de 2031"),
    ],
)
def test_one_letter_says_the_hour_there_and_the_hour_that_stays(language, said):
    enters(seminar(), language=language)
    (letter,) = letters()
    assert said in words(letter)
    if language == "en":
        assert letter.subject == "Another hour for you: Seminar, Wednesday, 2 April 2031"
        assert "On the clock of the meeting (Paris) it stays at 16:30." in words(letter)
        assert "The clocks change there, and yours does not." in words(letter)
    assert letters("2031-03-28T12:00Z") == []
    assert letters("2031-04-03T12:00Z") == []


def test_nobody_is_told_for_whom_nothing_changes():
    event = seminar(format="hybrid")
    enters(event, "Paris", zone="Europe/Madrid")
    enters(event, "Unknown", zone="")
    enters(event, "Onsite", zone="Africa/Abidjan", attendance="onsite")
    waiting = enters(event, "Waiting", zone="Africa/Abidjan")
    Registration.objects.filter(pk=waiting.pk).update(state="waiting")
    enters(event, "Gone", zone="Africa/Abidjan").cancel()
    enters(event, "Late", zone="Africa/Abidjan", when="2031-03-26T20:00Z")  # was told this hour from the first
    mail.outbox.clear()
    Letter.objects.all().delete()
    assert letters() == []


def test_a_country_with_one_clock_tells_the_zone_and_the_letter_says_so():
    event = seminar()
    enters(event, "Ivory", zone="", country="CI")
    enters(event, "Brazil", zone="", country="BR")
    (letter,) = letters()
    assert "ivory@example.org" in letter.to[0]
    assert "from your country" in words(letter)


def test_weeks_in_which_only_one_of_the_clocks_has_changed_are_told_with_their_end():
    event = seminar()
    enters(event, zone="America/Toronto")
    (there,) = letters("2031-03-07T12:00Z")
    assert "From Wednesday, 12 March 2031 to Wednesday, 26 March 2031" in words(there)
    assert "begins at 11:30 where you are (Toronto) instead of 10:30" in words(there)
    assert "Your clock changes, and that of the meeting does not." in words(there)
    (back,) = letters()
    assert "From Wednesday, 2 April 2031 on" in words(back)
    assert "begins at 10:30" in words(back)


@pytest.mark.parametrize(
    "change",
    [
        {"is_cancelled": True},
        {"start_local": dt.datetime(2031, 4, 2, 10), "end_local": dt.datetime(2031, 4, 2, 11)},
    ],
)
def test_a_date_that_is_cancelled_or_moved_leaves_it_to_the_next_one(change):
    event = seminar()
    enters(event)
    with time_machine.travel(BEFORE, tick=False):
        now = again(event)
        now.exceptions.add(now.exceptions.model(day=dt.date(2031, 4, 2), **change))
        now.save_revision().publish()
    assert letters() == []
    (letter,) = letters("2031-04-04T12:00Z")
    assert "From Wednesday, 9 April 2031 on" in words(letter)


def test_what_is_no_longer_true_when_the_letter_leaves_is_not_told():
    event = seminar()
    registration = enters(event)
    with time_machine.travel(DUE, tick=False):
        shifts.write_what_is_due()
        assert Letter.objects.filter(kind="shift").count() == 1
        publish(event, start_local=dt.datetime(2031, 1, 22, 12), end_local=dt.datetime(2031, 1, 22, 13))
    assert letters() == []
    assert registration.is_confirmed


def test_a_worker_that_dies_between_two_persons_goes_on_and_writes_to_nobody_twice(monkeypatch):
    event = seminar()
    for number in range(5):
        enters(event, f"Person{number}")
    monkeypatch.setattr(shifts, "CHUNK", 2)
    rounds = iter([False, False, False, True])
    with time_machine.travel(DUE, tick=False):
        shifts.write_what_is_due(lambda: next(rounds))  # stops after two chunks
        assert Letter.objects.filter(kind="shift").count() == 4
        assert shifts.write_what_is_due() == "1 letters written"
        assert shifts.write_what_is_due() == "0 letters written"
    assert len(letters()) == 5


def test_who_takes_part_in_one_date_only_was_told_its_hour():
    event = seminar(registered_for="date")
    date = event.occurrences.get(original=dt.datetime(2031, 4, 2, 16, 30))
    enters(event, occurrence=date)
    assert letters() == []
