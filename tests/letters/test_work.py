"""The worker's other jobs, and whether the site says that it is well."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from recurrence import Recurrence, Rule
from recurrence import base as rules

from events.models import Event, Occurrence, SeatPool
from events.registration import upkeep
from letters.models import Heartbeat
from pages.limits import allowed
from pages.models import Attempt, Edition
from tests.factories import EventFactory, again, publish, told
from tests.registration.people import letters, meeting, send, work

pytestmark = pytest.mark.django_db


def scheduled(days: int, **facts) -> Event:
    event = EventFactory.create(**facts)
    event.go_live_at = timezone.now() + dt.timedelta(days=days)
    event.save_revision().publish()
    return again(event)


def test_what_is_scheduled_is_published_when_its_time_has_come():
    event = scheduled(days=1)
    work()
    assert not again(event).live
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        work()
        assert again(event).live
        assert event.pages.filter(live=True).exists()


def test_what_expires_is_taken_back():
    event = EventFactory.create(expire_at=timezone.now() + dt.timedelta(days=1))
    event.save_revision().publish()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        work()
    assert not again(event).live


def test_an_event_that_can_no_longer_be_published_stops_no_other():
    parent = EventFactory.published(title=told("Journée"))
    child = scheduled(days=1, title=told("Forum"), parent=parent)
    good = scheduled(days=1, title=told("Réunion"))
    day = dt.timedelta(days=30)
    parent.start_local, parent.end_local = parent.start_local + day, parent.end_local + day
    parent.save_revision().publish()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        work()
    assert again(good).live
    assert not again(child).live
    beat = Heartbeat.objects.get(job="publication")
    assert beat.failed
    assert "Forum" in beat.outcome


def test_the_dates_of_a_series_without_end_go_on():
    weekly = Recurrence(rrules=[Rule(rules.WEEKLY)], include_dtstart=False)
    event = EventFactory.published(
        start_local=dt.datetime(2026, 1, 5, 9), end_local=dt.datetime(2026, 1, 5, 10), recurrence=weekly
    )
    last = Occurrence.objects.filter(event=event).latest("starts_at").starts_at
    before = Edition.now()
    with time_machine.travel(timezone.now() + dt.timedelta(days=60)):
        work()
    assert Occurrence.objects.filter(event=event).latest("starts_at").starts_at > last
    assert Edition.now() > before


def test_a_series_that_moves_while_the_worker_writes_dates_keeps_its_new_ones(monkeypatch):
    weekly = Recurrence(rrules=[Rule(rules.WEEKLY)], include_dtstart=False)
    start = timezone.now().replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=7)
    event = EventFactory.published(start_local=start, end_local=start + dt.timedelta(hours=1), recurrence=weekly)
    event.occurrences.filter(original__gt=start + dt.timedelta(weeks=2)).delete()  # as after a long time
    later = start + dt.timedelta(days=1)
    extend = upkeep._extend

    def overtaken(listed):
        """Somebody publishes after the worker has read its list."""
        publish(event, start_local=later, end_local=later + dt.timedelta(hours=1))
        extend(listed)

    monkeypatch.setattr(upkeep, "_extend", overtaken)
    work()
    assert event.occurrences.earliest("original").original == later
    assert event.occurrences.latest("original").original > later + dt.timedelta(days=1000)
    assert {date.original.weekday() for date in event.occurrences.all()} == {later.weekday()}


def test_counts_of_old_attempts_are_forgotten():
    allowed("something", "somebody", 3, dt.timedelta(hours=1))
    with time_machine.travel(timezone.now() + dt.timedelta(days=5)):
        work()
    assert not Attempt.objects.exists()


def test_counters_are_compared_with_registrations_and_mended(client, capsys):
    event = meeting(capacity=3)
    send(client, event)
    call_command("check_seats")
    SeatPool.objects.filter(event=event, key="event").update(taken=3)
    with pytest.raises(CommandError):
        call_command("check_seats")
    assert "registrations hold 1" in capsys.readouterr().out
    assert again(event).registration_state == "full"
    call_command("check_seats", "--fix")
    call_command("check_seats")
    assert again(event).registration_state == "open"


def test_the_process_answers_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_the_site_is_ready_when_a_worker_was_heard_of_lately(client):
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json()["worker"] is False
    work()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] is answer.json()["migrations"] is answer.json()["worker"] is True
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        late = client.get("/readyz")
    assert late.status_code == 503
    assert late["Cache-Control"]


def test_a_database_that_is_away_for_a_moment_does_not_end_the_worker(monkeypatch):
    from django.db import OperationalError

    from events.management.commands.work import Command
    from letters.jobs import Job

    worker = Command()
    worker.stop, worker.beaten = threading.Event(), 0.0
    monkeypatch.setattr("events.management.commands.work.connection.close", lambda: None)

    def away(self):
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(Job, "claim", away)
        assert worker.round() is False
    assert worker.round() is True
    assert Heartbeat.objects.filter(job="letters", failed=False).exists()


def test_a_letter_in_another_language_marks_what_could_only_be_told_in_french(client):
    send(client, meeting(title=told("Réunion de Dakar")), language="en")
    (letter,) = letters()
    assert '<span lang="fr">Réunion de Dakar</span>' in letter.alternatives[0].content
