"""What a letter puts into its reader's calendar, read back by mail and calendar programs that nobody here wrote."""

import datetime as dt
import email
import email.policy

import icalendar
import pytest
import time_machine
import vobject
from django.core import mail
from ical.calendar_stream import IcsCalendarStream

from events.models import Registration
from letters import carrying
from letters.models import Letter
from tests.changes.conftest import (  # noqa: F401  (fixtures)
    desk,
    event,
    people,
    register,
    says,
    staff,
    typed,
)
from tests.factories import again, publish, told
from tests.registration.people import address, answers, letters, link_in, meeting, send, work

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOVED = {"event__start_local": "2031-06-03 14:00", "event__end_local": "2031-06-03 18:00"}


def received(message):
    """The message as a mailbox holds it."""
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)


def calendars(message):
    """The forms of a message that are calendars, each with its method."""
    parts = [part for part in received(message).walk() if part.get_content_type() == "text/calendar"]
    return [(part.get_content_type(), dict(part["content-type"].params), part) for part in parts]


def invitation(message):
    """The one VEVENT without RECURRENCE-ID that a letter carries, and its calendar."""
    ((_kind, parameters, part),) = calendars(message)
    calendar = icalendar.Calendar.from_ical(part.get_content())
    assert parameters["method"] == str(calendar["METHOD"])
    (found,) = [one for one in calendar.walk("VEVENT") if "RECURRENCE-ID" not in one]
    return found, calendar


def body(message):
    ((_kind, _parameters, part),) = calendars(message)
    return part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")


def instants(text):
    """When it begins and ends, as two independent readers say."""
    (one,) = IcsCalendarStream.calendar_from_ics(text).events
    other = vobject.readOne(text).vevent
    first = (one.start.astimezone(dt.UTC), one.end.astimezone(dt.UTC))
    second = (other.dtstart.value.astimezone(dt.UTC), other.dtend.value.astimezone(dt.UTC))
    assert first == second
    return first


def of(address):
    """The letters to one person, in the order in which they left."""
    return [message for message in mail.outbox if address in message.to[0]]


@pytest.mark.parametrize(("language", "title"), [("fr", "Réunion de"), ("en", "Nairobi meeting"), ("es", "Reunión de")])
def test_the_letter_of_a_place_is_an_invitation_at_the_hour_of_the_meeting(client, language, title):
    meant = meeting(format="hybrid", joining_url="https://meet.example/4p1000")
    send(client, meant, language=language, attendance="online")
    (letter,) = letters()
    whole = received(letter)
    assert whole.get_content_type() == "multipart/mixed"
    forms, file = whole.iter_parts()
    assert [part.get_content_type() for part in forms.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert file.get_content_type() == "application/ics"
    assert file.get_filename() == "invite.ics"
    assert file.get_content().decode() == body(letter)
    found, calendar = invitation(letter)
    assert str(calendar["METHOD"]) == "REQUEST"
    parameters = dict(calendars(letter)[0][2]["content-type"].params)
    assert parameters["charset"].lower() == "utf-8"
    assert str(found["UID"]) == f"{meant.uid}@meetings.4p1000.org"
    assert found["SEQUENCE"] == 0
    assert found["STATUS"] == "CONFIRMED"
    assert title in str(found["SUMMARY"])
    assert "meet.example" not in whole.as_string(), "its hour has not come"
    attendee = found["ATTENDEE"]
    assert str(attendee) == "mailto:asha@example.org"
    said = {name: attendee.params[name] for name in ("CN", "PARTSTAT", "RSVP")}
    assert said == {"CN": "Asha Rao", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    assert str(found["ORGANIZER"]).removeprefix("mailto:") in letter.from_email
    assert instants(body(letter)) == (meant.starts_at, meant.ends_at)


def test_a_meeting_that_moves_is_asked_for_again_with_the_same_uid_and_a_higher_number(says, event, people):  # noqa: F811
    for person in people:
        person.write_again()
    work()
    first = invitation(of("ben@example.org")[0])[0]
    says(event, "move", event__timezone="Africa/Cairo", **MOVED)
    work()
    letter = of("ben@example.org")[1]
    found, calendar = invitation(letter)
    assert str(calendar["METHOD"]) == "REQUEST"
    assert found["UID"] == first["UID"]
    assert found["SEQUENCE"] > first["SEQUENCE"]
    assert found["DTSTAMP"].dt >= first["DTSTAMP"].dt
    assert instants(body(letter)) == (again(event).starts_at, again(event).ends_at)
    assert again(event).starts_at == dt.datetime(2031, 6, 3, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize("verb", ["cancel", "postpone"])
def test_a_meeting_called_off_is_taken_out_and_comes_back_when_it_is_reinstated(says, event, people, verb):  # noqa: F811
    for person in people:
        person.write_again()
    says(event, verb)
    work()
    says(event, "reinstate")
    work()
    invited, off, back = (invitation(letter) for letter in of("cruz@example.org"))
    assert [str(one["METHOD"]) for _event, one in (invited, off, back)] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [one["SEQUENCE"] for one, _calendar in (invited, off, back)]
    assert numbers == sorted(set(numbers))
    assert [str(one["STATUS"]) for one, _calendar in (invited, off, back)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert len({str(one["UID"]) for one, _calendar in (invited, off, back)}) == 1


def test_who_gives_the_place_back_and_registers_again_is_followed_by_their_calendar(client):
    meant = meeting()
    numbers = []
    for _time in range(2):
        send(client, meant)
        work()
        page = link_in(of("asha@example.org")[-1])
        client.post(page + "annuler/")
        work()
    assert not Registration.objects.living().exists()
    told_of = [invitation(letter) for letter in of("asha@example.org")]
    assert [str(calendar["METHOD"]) for _one, calendar in told_of] == ["REQUEST", "CANCEL", "REQUEST", "CANCEL"]
    numbers = [one["SEQUENCE"] for one, _calendar in told_of]
    assert numbers == [0, 1, 2, 3]
    assert str(told_of[1][0]["STATUS"]) == "CANCELLED"
    assert "ANNUL" not in str(told_of[1][0]["SUMMARY"])  # the meeting takes place, without this person


def test_a_letter_of_cancellation_sent_again_does_not_undo_a_new_place(client):
    meant = meeting()
    send(client, meant)
    first = Registration.objects.get()
    first.cancel()
    send(client, meant)
    work()
    first.write_again()
    work()
    assert not calendars(of("asha@example.org")[-1])


def test_calendar_and_letter_say_the_same_though_the_meeting_has_moved_meanwhile(client):
    meant = meeting()
    send(client, meant)
    publish(meant, start_local=dt.datetime(2031, 5, 20, 9), end_local=dt.datetime(2031, 5, 20, 17))
    (letter,) = letters()
    assert "12 mai 2031" in letter.body
    found, _calendar = invitation(letter)
    assert found["DTSTART"].dt.replace(tzinfo=None) == dt.datetime(2031, 5, 12, 9)
    assert found["SEQUENCE"] == 0


def test_a_second_attempt_sends_the_very_same_calendar(client, monkeypatch):
    meant = meeting(joining_url="https://meet.example/one", format="online")
    send(client, meant)
    sent = []

    def fails(message, *args, **kwargs):
        sent.append(body(message))
        raise OSError("no route")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", fails)
        carrying.carry()
    publish(meant, title=told("Autre titre"), joining_url="https://meet.example/two")
    Letter.objects.update(due_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    work()
    assert len(sent) == 1
    assert body(of("asha@example.org")[0]) == sent[0]
    assert "Autre titre" not in sent[0]


@pytest.mark.parametrize(
    "name",
    [
        'Anne "la terre" O’Neil',
        "Rao, Asha; PARTSTAT=DECLINED:mailto:evil@example.org",
        "Asha\r\nBcc: evil@example.org",
        "Asha\nATTENDEE:mailto:evil@example.org",
        "أمينة بنت خالد",
        "a" * 190,
    ],
)
def test_no_name_writes_a_line_of_the_message_or_of_the_calendar(name):
    meant = meeting()
    registration = Registration(event=meant, name=name, email="asha@example.org", language="fr", attendance="onsite")
    registration.enter()
    (letter,) = letters()
    whole = received(letter)
    assert whole["bcc"] is None
    assert "evil" not in str(whole["cc"] or "")
    found, calendar = invitation(letter)
    assert body(letter).count("\r\nATTENDEE") == 1
    assert str(calendar["METHOD"]) == "REQUEST"
    assert str(found["ATTENDEE"]) == "mailto:asha@example.org"
    assert found["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    other = vobject.readOne(body(letter)).vevent
    assert other.attendee.value == "mailto:asha@example.org"
    assert other.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert instants(body(letter)) == (meant.starts_at, meant.ends_at)
    assert all(len(line.encode()) <= 75 for line in body(letter).split("\r\n"))


def test_nobody_without_a_confirmed_place_is_given_the_link_to_join(says, event, people):  # noqa: F811
    publish(event, format="hybrid", joining_url="https://meet.example/secret")
    Registration.objects.filter(pk=people[1].pk).update(state="waiting")
    says(event, "move", **MOVED)
    with time_machine.travel(dt.datetime(2031, 6, 3, 6, tzinfo=dt.UTC)):  # the hour of the link has come
        work()
    assert "meet.example/secret" in body(of("awa@example.org")[0])
    assert not calendars(of("ben@example.org")[0])
    assert "meet.example" not in received(of("ben@example.org")[0]).as_string()


def test_a_link_sent_again_invites_to_nothing(client):
    send(client, meeting())
    Registration.objects.get().renew_link()
    sent = letters()
    assert [len(calendars(message)) for message in sent] == [1, 0] or [len(calendars(message)) for message in sent] == [
        0,
        1,
    ]


def test_staff_read_a_letter_without_freezing_anything(desk, event, people):  # noqa: F811
    people[0].write_again()
    letter = Letter.objects.get()
    assert desk.get(f"/admin/letters/inspect/{letter.pk}/").status_code == 200
    assert "calendar" not in Letter.objects.get().facts


def test_a_form_by_an_unknown_person_is_no_invitation(client):
    meant = meeting()
    client.post(address("registration", meant.uid), answers(consent=""))
    assert letters() == []
