"""What is kept for somebody runs out by the worker: the seat goes to the next in the line, and each is told once."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from events.models import Event, Invitation, Registration, RegistrationChange, SeatPool
from events.registration import running_out
from letters.models import Heartbeat, Letter
from tests.registration.people import meeting, taken, work

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def come(event: Event, name: str, **more) -> Registration:
    """Somebody registers, and waits if there is no seat."""
    person = Registration(
        event=event,
        name=name,
        email=f"{name}@example.org",
        attendance="onsite",
        language="en",
        verified_at=timezone.now(),
        **more,
    )
    person.enter(wait=True)
    return person


def state(*people: Registration) -> list[str]:
    return [Registration.objects.get(pk=person.pk).state for person in people]


def written(kind: str) -> list[str]:
    return sorted(Letter.objects.filter(kind=kind).values_list("recipient_name", flat=True))


@pytest.fixture
def line():
    """A meeting of one seat, which ann gave back; ben is offered it, cleo waits behind him."""
    event = meeting(capacity=1, has_waiting_list=True, offer_hours=48)
    people = [come(event, name) for name in ("ann", "ben", "cleo")]
    people[0].cancel()
    return event, people[1:]


def test_an_offer_that_nobody_answers_goes_to_the_next_in_the_line(line):
    event, people = line
    work()
    assert state(*people) == ["offered", "waiting"]
    with time_machine.travel(timezone.now() + 49 * HOUR):
        work()
        assert state(*people) == ["expired", "offered"]
        work()
    assert written("offer_expired") == ["ben"]
    assert written("offered") == ["ben", "cleo"]
    assert taken(event) == 1
    with time_machine.travel(timezone.now() + 99 * HOUR):
        work()
    assert state(*people) == ["expired", "expired"]
    assert taken(event) == 0
    call_command("check_seats")


def test_an_offer_is_recalled_once_when_less_than_a_third_of_its_time_is_left(line):
    _event, (ben, _cleo) = line
    with time_machine.travel(timezone.now() + 31 * HOUR):
        work()
    assert written("offer_reminder") == []
    for hours in (33, 34, 40):
        with time_machine.travel(timezone.now() + hours * HOUR):
            work()
    assert written("offer_reminder") == ["ben"]
    until = Letter.objects.get(kind="offer_reminder").facts["until"]
    assert until == Registration.objects.get(pk=ben.pk).expires_at.isoformat()


def test_an_offer_of_two_hours_is_not_recalled():
    event = meeting(capacity=1, has_waiting_list=True, offer_hours=2)
    first, _second = come(event, "ann"), come(event, "ben")
    first.cancel()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=110)):
        work()
    assert written("offered") == ["ben"]
    assert written("offer_reminder") == []


def test_who_accepts_is_not_recalled(line):
    _event, (ben, _cleo) = line
    ben.accept()
    with time_machine.travel(timezone.now() + 40 * HOUR):
        work()
    assert written("offer_reminder") == []


def test_a_seat_kept_for_an_address_that_nobody_confirms_is_free_again():
    event = meeting(capacity=1, has_waiting_list=True, verifies_address=True)
    stranger = Registration(event=event, name="x", email="x@example.org", attendance="onsite", language="fr")
    stranger.enter()
    waits = come(event, "ben")
    assert state(stranger, waits) == ["unverified", "waiting"]
    with time_machine.travel(timezone.now() + 2 * HOUR):
        work()
    assert state(stranger, waits) == ["expired", "offered"]
    call_command("check_seats")


def test_seats_kept_for_an_invitation_that_has_ended_are_offered_to_who_waits():
    event = meeting(capacity=1, has_waiting_list=True)
    kept = Invitation.objects.create(
        event=event, code="KEPT", max_uses=1, reserves_seats=True, expires_at=timezone.now() + HOUR
    )
    kept.settle()
    waits = come(event, "ben")
    work()
    assert state(waits) == ["waiting"]
    with time_machine.travel(timezone.now() + 2 * HOUR):
        work()
    assert state(waits) == ["offered"]
    call_command("check_seats")


def test_seats_that_became_free_without_a_verb_are_found(line):
    """The waiting list was taken away while a seat was given back, and is there again."""
    event, people = line
    Event.objects.filter(pk=event.pk).update(has_waiting_list=False)
    people[0].cancel()
    work()
    assert state(people[1]) == ["waiting"]
    Event.objects.filter(pk=event.pk).update(has_waiting_list=True)
    work()
    assert state(people[1]) == ["offered"]
    assert taken(event) == 1


def test_one_registration_that_cannot_end_stops_no_other(line, monkeypatch):
    _event, (ben, _cleo) = line
    other = meeting(capacity=1, has_waiting_list=True)
    away, waits = come(other, "dora"), come(other, "eve")
    away.cancel()
    expire = Registration.expire

    def refuses(registration):
        if registration.pk == ben.pk:
            raise ValueError("broken")
        return expire(registration)

    monkeypatch.setattr(Registration, "expire", refuses)
    with time_machine.travel(timezone.now() + 49 * HOUR):
        work()
        assert not running_out.waiting()  # it waits for its turn, not for the next second
    assert state(ben, waits) == ["offered", "expired"]
    beat = Heartbeat.objects.get(job="seats")
    assert beat.failed
    assert "broken" in beat.outcome


def test_nothing_due_asks_the_same_few_questions_however_many_wait(django_assert_max_num_queries):
    for number in range(3):
        event = meeting(capacity=1, has_waiting_list=True)
        for name in "abcdef":
            come(event, f"{name}{number}")
    with django_assert_max_num_queries(6):
        running_out.settle_what_has_run_out()
    with django_assert_max_num_queries(1):
        assert not running_out.waiting()


def test_the_history_says_why_it_ended(line):
    _event, (ben, _cleo) = line
    with time_machine.travel(timezone.now() + 49 * HOUR):
        work()
    last = RegistrationChange.objects.filter(registration=ben).last()
    assert (last.verb, last.was, last.became, last.by) == ("expire", "offered", "expired", None)
    assert SeatPool.objects.get(event=ben.event, key="event").taken == 1
