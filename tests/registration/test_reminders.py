"""Letters that leave by themselves before and after a date: when, to whom, and never twice."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from events.models import Event, Mailing, Registration, Reminder
from letters.models import Heartbeat, Letter
from tests.factories import publish
from tests.registration.people import meeting, work
from tests.registration.series import SECOND, WEEKLY, date_of, except_for, series

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def come(event: Event, name: str, attendance: str = "onsite", **more) -> Registration:
    person = Registration(
        event=event, name=name, email=f"{name}@example.org", attendance=attendance, language="en", **more
    )
    person.enter()
    return person


def rule(event: Event, amount: int, unit: str = "days", kind: str = "reminder", attendance: str = "") -> Reminder:
    return Reminder.objects.create(event=event, kind=kind, amount=amount, unit=unit, attendance=attendance)


def at(local: str, zone: str = "Africa/Nairobi") -> dt.datetime:
    """The instant of a time on the clock of a zone."""
    return dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def remind(when: dt.datetime) -> None:
    with time_machine.travel(when, tick=False):
        call_command("remind", verbosity=0)


def written(kind: str = "reminder") -> list[str]:
    return sorted(Letter.objects.filter(kind=kind).values_list("recipient_name", flat=True))


@pytest.mark.parametrize(
    ("zone", "start", "moment"),
    [
        # New York puts the clock forward in the night of 9 March 2031, back in that of 2 November.
        ("America/New_York", "2031-03-10T09:00", "2031-03-08T14:00+00:00"),
        ("America/New_York", "2031-11-03T09:00", "2031-11-01T13:00+00:00"),
        # Auckland puts it back on 6 April 2031; two days before, it is summer there.
        ("Pacific/Auckland", "2031-04-07T09:00", "2031-04-04T20:00+00:00"),
        # The hour two days before is skipped: the letter leaves an hour later by that clock.
        ("America/New_York", "2031-03-11T02:30", "2031-03-09T07:30+00:00"),
    ],
)
def test_days_before_are_days_on_the_clock_of_the_place(zone, start, moment):
    begins = dt.datetime.fromisoformat(start)
    event = meeting(timezone=zone, start_local=begins, end_local=begins + 2 * HOUR)
    rule(event, 2)
    come(event, "ann")
    due = dt.datetime.fromisoformat(moment)
    remind(due - dt.timedelta(minutes=1))
    assert written() == []
    remind(due)
    assert written() == ["ann"]


def test_hours_before_are_hours_whatever_the_clock_does():
    start = dt.datetime(2031, 3, 9, 12)
    event = meeting(timezone="America/New_York", start_local=start, end_local=start + HOUR)
    rule(event, 24, "hours")
    come(event, "ann")
    remind(at("2031-03-08T10:59", "America/New_York"))
    assert written() == []
    remind(at("2031-03-08T11:00", "America/New_York"))
    assert written() == ["ann"]


def test_of_whole_days_a_letter_leaves_in_the_morning_there():
    event = meeting(timezone="Pacific/Auckland", all_day=True, end_local=dt.datetime(2031, 5, 12, 17))
    before, after = rule(event, 2), rule(event, 1, kind="thanks")
    (date,) = event.occurrences.all()
    assert before.moment(date) == at("2031-05-10T09:00", "Pacific/Auckland")
    assert after.moment(date) == at("2031-05-13T09:00", "Pacific/Auckland")


def test_each_has_one_letter_however_often_the_worker_comes():
    event = meeting()
    rule(event, 7)
    come(event, "ann")
    come(event, "ben").cancel()
    for minutes in (0, 5, 60, 23 * 60):
        remind(at("2031-05-05T09:00") + dt.timedelta(minutes=minutes))
    assert written() == ["ann"]
    letter = Letter.objects.get(kind="reminder")
    assert letter.to_many
    assert letter.about == event.uid


def test_who_registers_after_the_moment_is_not_reminded_but_told_how_to_join():
    event = meeting(format="online")
    rule(event, 2)
    rule(event, 24, "hours", "joining", "online")
    come(event, "ann", "online")
    remind(at("2031-05-10T09:01"))
    remind(at("2031-05-11T09:00"))
    with time_machine.travel(at("2031-05-11T09:30"), tick=False):
        come(event, "ben", "online")
    remind(at("2031-05-11T09:35"))
    remind(at("2031-05-11T09:40"))
    assert written() == ["ann"]
    assert written("joining") == ["ann", "ben"]
    with time_machine.travel(at("2031-05-12T08:59"), tick=False):
        come(event, "cleo", "online")
    remind(at("2031-05-12T09:00"))
    assert written("joining") == ["ann", "ben"]


def test_the_letter_on_joining_never_comes_before_the_link_is_shown():
    event = meeting(format="online", joining_hours=2)
    rule(event, 24, "hours", "joining")
    come(event, "ann", "online")
    remind(at("2031-05-12T06:59"))
    assert written("joining") == []
    remind(at("2031-05-12T07:00"))
    assert written("joining") == ["ann"]


def test_a_rule_writes_to_those_on_site_or_those_online():
    event = meeting(format="hybrid")
    rule(event, 24, "hours", "joining", "online")
    people = {way: come(event, way, way) for way in ("onsite", "online")}
    remind(at("2031-05-11T09:00"))
    assert written("joining") == ["online"]
    place = next(place for place in event.window.places if place.attendance == "online")
    with time_machine.travel(at("2031-05-11T20:00"), tick=False):
        people["onsite"].move_to(place)
    remind(at("2031-05-11T20:05"))
    assert written("joining") == ["online", "onsite"]


def test_a_worker_that_was_away_sends_what_is_still_of_use_and_nothing_after_the_beginning():
    event = meeting()
    for amount in (7, 2):
        rule(event, amount)
    come(event, "ann")
    remind(at("2031-05-06T09:30"))  # a day and a half hour late
    assert written() == []
    remind(at("2031-05-11T08:30"))  # not quite a day late
    assert written() == ["ann"]
    other = meeting()
    rule(other, 3, "hours")
    come(other, "ben")
    remind(at("2031-05-12T09:00"))
    assert written() == ["ann"]


def test_of_two_reminders_that_are_late_together_only_the_last_leaves():
    event = meeting(format="hybrid")
    rule(event, 12, "hours")
    rule(event, 3, "hours", attendance="online")
    come(event, "ann")
    come(event, "ben", "online")
    remind(at("2031-05-12T07:00"))
    assert written() == ["ann", "ben"]


def test_thanks_come_after_the_end():
    event = meeting()
    rule(event, 1, kind="thanks")
    come(event, "ann")
    remind(at("2031-05-13T16:59"))
    assert written("thanks") == []
    remind(at("2031-05-13T17:00"))
    remind(at("2031-05-13T18:00"))
    assert written("thanks") == ["ann"]


def test_a_whole_series_is_reminded_of_each_date_that_is_held():
    event = except_for(series(registered_for="series"), SECOND, is_cancelled=True)
    rule(event, 1)
    rule(event, 1, kind="thanks")
    come(event, "ann")
    for day in range(40):
        remind(at("2031-05-10T09:00") + day * DAY)
        remind(at("2031-05-10T12:00") + day * DAY)
    told = Letter.objects.filter(kind="reminder").order_by("pk")
    starts = [letter.facts["event"]["start_local"] for letter in told]
    assert starts == ["2031-05-12T09:00:00", "2031-05-26T09:00:00", "2031-06-02T09:00:00"]
    assert written("thanks") == ["ann"]  # once, after the last date


def test_who_registered_for_one_date_is_reminded_of_that_one():
    event = series()
    rule(event, 1)
    rule(event, 1, kind="thanks")
    come(event, "ann", occurrence=date_of(event, SECOND))
    for day in range(40):
        remind(at("2031-05-10T12:00") + day * DAY)
    (letter,) = Letter.objects.filter(kind="reminder")
    assert letter.facts["registrations"][0]["date"]["start_local"] == "2031-05-19T09:00:00"
    assert written("thanks") == ["ann"]


@pytest.mark.parametrize("facts", [{"status": "postponed"}, {"status": "cancelled"}])
def test_nobody_is_reminded_of_what_does_not_take_place(facts):
    event = meeting()
    rule(event, 2)
    come(event, "ann")
    publish(event, **facts)
    remind(at("2031-05-10T10:00"))
    assert written() == []


def test_nobody_is_reminded_of_what_was_taken_back():
    event = meeting()
    rule(event, 2)
    come(event, "ann")
    event.unpublish()
    remind(at("2031-05-10T10:00"))
    assert written() == []


def test_an_event_that_moves_after_its_reminder_has_another_for_the_new_date():
    event = meeting()
    rule(event, 2)
    come(event, "ann")
    remind(at("2031-05-10T09:00"))
    publish(event, start_local=dt.datetime(2031, 5, 20, 9), end_local=dt.datetime(2031, 5, 20, 17))
    remind(at("2031-05-10T10:00"))
    assert written() == ["ann"]
    remind(at("2031-05-18T09:00"))
    assert written() == ["ann", "ann"]
    starts = {letter.facts["event"]["start_local"] for letter in Letter.objects.filter(kind="reminder")}
    assert starts == {"2031-05-12T09:00:00", "2031-05-20T09:00:00"}


def test_whole_chunks_are_written_and_the_next_worker_goes_on_behind_them(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("events.registration.reminding.CHUNK", 4)
    event = meeting()
    rule(event, 2)
    for number in range(10):
        come(event, f"n{number}")
    stops = iter([False, True, True])
    from events.registration import reminding

    with time_machine.travel(at("2031-05-10T09:00"), tick=False):
        reminding.remind_what_is_due(lambda: next(stops))
        assert len(written()) == 4
        assert Mailing.objects.get().finished_at is None
        reminding.remind_what_is_due()
        mailing = Mailing.objects.get()
        assert (mailing.letters, mailing.finished_at is None) == (10, False)
        with django_assert_max_num_queries(12):  # what is done is not looked through again
            reminding.remind_what_is_due()
    assert len(set(written())) == len(written()) == 10


def test_one_rule_that_fails_stops_no_other(monkeypatch):
    from events.registration import reminding

    bad, good = meeting(), meeting()
    for event, name in ((bad, "ann"), (good, "ben")):
        rule(event, 2)
        come(event, name)
    write = reminding._write_some

    def refuses(one):
        if one.rule.event_id == bad.pk:
            raise ValueError("broken")
        return write(one)

    monkeypatch.setattr(reminding, "_write_some", refuses)
    with time_machine.travel(at("2031-05-10T09:00"), tick=False):
        work()
    assert written() == ["ben"]
    beat = Heartbeat.objects.get(job="dates")
    assert beat.failed
    assert "broken" in beat.outcome


def test_the_usual_rules_are_proposed_once_and_none_whose_moment_is_past():
    event = meeting(format="hybrid", recurrence=WEEKLY, end_local=dt.datetime(2031, 5, 12, 11))
    made = Reminder.objects.propose(event)
    assert [(one.kind, one.attendance, one.amount, one.unit) for one in made] == [
        ("reminder", "", 7, "days"),
        ("joining", "online", 24, "hours"),
        ("thanks", "", 1, "days"),
    ]
    assert Reminder.objects.propose(event) == []
    soon = timezone.now().replace(tzinfo=None) + 3 * DAY
    near = meeting(timezone="Africa/Abidjan", start_local=soon, end_local=soon + HOUR)
    assert [one.kind for one in Reminder.objects.propose(near)] == ["thanks"]
