"""Letters to participants: each in its reader's language, true when it leaves, and as it was once it has left."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from events.models import Transfer, facts
from events.models.registration_states import TRANSITIONS
from events.registration.letters import shipped
from letters.desk import shown_to_staff
from letters.kinds import kinds
from letters.models import Letter
from letters.writing import write
from tests.factories import TicketFactory, publish, told
from tests.letters.test_invitations import calendars, invitation
from tests.registration.lives import entered, fill, now, staff
from tests.registration.people import letters, meeting, work

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
KINDS = [kind for kind in shipped.SHIPPED if kind != "personal_invitation"]


def rendered(kind, language, state="unverified"):
    """A letter of a kind to Asha, who follows online from Kolkata."""
    event = meeting(format="hybrid", joining_url="https://meet.example/4p1000")
    ticket = TicketFactory(event=event, name=told("Entrée libre", "Free entry", "Entrada libre"))
    asha = entered(event, language=language, attendance="online", home_zone="Asia/Kolkata", ticket=ticket)
    until = dt.datetime(2031, 5, 1, 16, tzinfo=dt.UTC).isoformat()
    fee = {"amount": 6000, "currency": "EUR"}
    more = {"state": state, "from": "Ben Ode", "until": until, "fee": fee, "refund": 6000}
    return write(
        Letter(
            kind=kind,
            recipient=asha.email,
            recipient_name=asha.name,
            language=language,
            facts=facts.of_registration(asha) | more,
            link_subject=str(asha.uid),
        )
    )


def lines(message):
    return {line.strip() for line in message.body.splitlines() if re.search(r"[^\W\d]{3}", line)}


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_told_whole_in_its_readers_language(kind, language):
    english, other = rendered(kind, "en"), rendered(kind, language)
    assert lines(english) & lines(other) <= {"https://example.org/", "https://meet.example/4p1000", "Asha Rao"}
    assert english.subject != other.subject
    assert "{" not in other.subject + other.body
    html = str(other.alternatives[0][0])
    assert f'lang="{language}"' in html
    assert "Where you are" not in html
    assert "2031" in other.body


@pytest.mark.parametrize(("language", "until"), [("fr", "19 h"), ("en", "19:00"), ("es", "19:00")])
def test_a_seat_is_kept_until_an_hour_at_the_place_and_where_the_reader_is(language, until):
    letter = rendered("offered", language)
    text = letter.body.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert f"{until}, " in text
    assert "Nairobi, UTC+3" in text
    assert ("21 h 30" if language == "fr" else "21:30") in text, text


def test_an_address_is_asked_for_first_and_then_the_seat_is_told():
    event = meeting(verifies_address=True)
    asha = entered(event)
    (first,) = letters()
    assert "Confirmez votre adresse" in first.subject
    assert not calendars(first)
    asha.verify()
    _first, second = letters()
    assert second.subject.startswith("Votre place")
    assert invitation(second)[1]["METHOD"] == "REQUEST"


def test_what_is_no_longer_true_does_not_leave():
    event = meeting(verifies_address=True, needs_approval=True, has_waiting_list=True, capacity=1)
    asha = entered(event)
    asha.verify()
    asha.approve(by=staff())
    waits = entered(event, "ben@example.org", name="Ben", wait=True, verified_at=timezone.now())
    waits.queue(by=staff())
    now(asha).cancel()
    assert now(waits).state == "offered"
    now(waits).accept()
    subjects = [message.subject for message in letters()]
    assert len(subjects) == 2, subjects
    assert "Votre inscription est annulée" in subjects[0]
    assert subjects[1].startswith("Votre place")
    assert {letter.kind for letter in Letter.objects.filter(ending="withdrawn")} == {
        *("address", "requested", "approved", "waiting", "offered"),
    }


def test_who_never_had_a_place_has_nothing_taken_out_of_a_calendar():
    event = meeting(has_waiting_list=True, capacity=1)
    fill(event)
    waits = entered(event, wait=True)
    work()
    waits.cancel()
    *_before, last = letters()
    assert "n’attendez plus" in last.body
    assert "libre pour quelqu’un" not in last.body
    assert not calendars(last)


def test_of_two_changes_only_the_last_is_told():
    event = meeting(format="hybrid", needs_approval=False)
    asha = entered(event)
    work()
    for way in ("online", "onsite", "online"):
        place = next(one for one in event.window.places if one.attendance == way)
        now(asha).move_to(place)
    told_of = [message for message in letters() if "a changé" in message.subject]
    assert told_of
    assert all("En ligne" in message.body for message in told_of)
    assert invitation(told_of[-1])[1]["METHOD"] == "REQUEST"


def test_a_place_that_is_passed_on_is_told_to_both():
    event = meeting(allows_transfer=True)
    asha = entered(event)
    work()
    offer = Transfer.begin(asha, "Ben Ode", "ben@example.org", "en")
    *_before, letter = letters()
    assert letter.subject == "Asha Rao passes a place on to you: Nairobi meeting, Monday, 12 May 2031"
    assert letter.to == ["Ben Ode <ben@example.org>"]
    assert not calendars(letter)
    offer.accept()
    mail.outbox.clear()
    gone, confirmed = sorted(letters(), key=lambda message: message.to)
    assert invitation(gone)[1]["METHOD"] == "CANCEL"
    assert invitation(confirmed)[1]["METHOD"] == "REQUEST"


def test_a_transfer_taken_back_is_not_offered():
    asha = entered(meeting(allows_transfer=True))
    work()
    mail.outbox.clear()
    Transfer.begin(asha, "Ben Ode", "ben@example.org", "en").withdraw()
    assert letters() == []


def reminder(asha, kind="reminder"):
    return Letter.objects.create(
        kind=kind,
        recipient=asha.email,
        recipient_name=asha.name,
        language=asha.language,
        facts=facts.of_registration(asha),
        link_view="participant",
        link_subject=str(asha.uid),
        about=asha.event.uid,
    )


@pytest.mark.parametrize(
    ("change", "hour"),
    [
        ({"start_local": dt.datetime(2031, 5, 12, 10)}, "10 h"),
        ({"start_local": dt.datetime(2031, 5, 13, 9), "end_local": dt.datetime(2031, 5, 13, 17)}, None),
        ({"status": "cancelled"}, None),
    ],
)
def test_a_reminder_tells_the_hour_of_now_or_does_not_leave(change, hour):
    event = meeting()
    asha = entered(event)
    work()
    mail.outbox.clear()
    letter = reminder(asha)
    publish(event, **change)
    sent = [message for message in letters() if "Bientôt" in message.subject]
    assert bool(sent) == (hour is not None)
    letter.refresh_from_db()
    assert letter.state == ("sent" if hour else "withdrawn")
    if hour:
        assert f"{hour}\N{NO-BREAK SPACE}– 17" in sent[0].body.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_reminder_that_comes_too_late_stays():
    event = meeting()
    asha = entered(event)
    work()
    letter = reminder(asha)
    with time_machine.travel(event.starts_at + HOUR):
        work()
        letter.refresh_from_db()
        assert letter.state == "withdrawn"


def test_the_link_to_join_is_that_of_the_moment_and_for_who_has_a_place():
    event = meeting(format="online", joining_url="https://meet.example/old")
    asha, ben = entered(event, attendance="online"), entered(event, "ben@example.org", attendance="online")
    work()
    assert "meet.example" not in "".join(str(message.message()) for message in mail.outbox)
    mail.outbox.clear()
    reminder(asha, "joining")
    reminder(ben, "joining")
    publish(event, joining_url="https://meet.example/new")
    now(ben).cancel()
    work()
    (joining,) = [message for message in mail.outbox if "Pour participer" in message.subject]
    assert joining.to == ["Asha Rao <asha@example.org>"]
    assert "https://meet.example/new" in joining.body
    assert "https://meet.example/new" in str(invitation(joining)[0]["LOCATION"])


def test_a_letter_that_has_left_is_shown_as_it_was():
    event = meeting()
    asha = entered(event)
    work()
    now(asha).cancel()
    sent = Letter.objects.get(kind="confirmed")
    subject, text, failure = shown_to_staff(sent)
    assert not failure
    assert subject.startswith("Votre place")
    assert "Votre place est confirmée" in text


def test_every_letter_of_the_table_can_be_put_into_words():
    named = {transition.letter for transition in TRANSITIONS.values()} - {""}
    assert named <= set(shipped.SHIPPED) <= set(kinds)
