"""The life of a registration is one table: what it allows happens whole, what it does not changes nothing."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from events.models import Full, NotAllowed, Registration, SeatLost, SeatPool, Transfer
from events.models.registration_states import HOLDING, LIVING, NEW, TRANSITIONS, VERBS, State
from events.registration.seats import differences, seatless
from letters.models import Letter
from tests.factories import TicketFactory
from tests.registration.lives import PRICE, STATES, ended, entered, fill, now, offered, staff, unverified, waiting
from tests.registration.people import meeting, taken

pytestmark = pytest.mark.django_db

AS_IT_IS = [
    ("cancel", "declined"),
    ("cancel", "cancelled"),
    ("cancel", "expired"),
    ("decline", "declined"),
    ("approve", "confirmed"),
    ("confirm", "confirmed"),
    ("accept", "confirmed"),
    ("accept", "held"),
    *(("verify", state) for state in ("requested", "waiting", "offered", "held", "confirmed")),
    *(("fail", state) for state in (*LIVING, "declined", "cancelled", "expired") if state != "held"),
    *((verb, state) for verb in ("lapse", "expire") for state in ("confirmed", "declined", "cancelled", "expired")),
]
"Asked for again, or of who has ended: nothing happens, and nobody is told that something went wrong."


def run_out(row):
    """Its time is over, whatever it waits for, and the worker comes."""
    Registration.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    row.expire()


def pass_on(row):
    Transfer.begin(row, "Binta", "binta@example.org", "en").accept()


DO = {
    "verify": lambda row: row.verify(),
    "approve": lambda row: row.approve(staff(), "good"),
    "decline": lambda row: row.decline(staff(), "full house"),
    "queue": lambda row: row.queue(staff(), "later"),
    "offer": lambda row: row.offer(staff(), "out of turn"),
    "accept": lambda row: row.accept(),
    "confirm": lambda row: row.confirm(staff(), "by telephone"),
    "lapse": run_out,
    "expire": run_out,
    "fail": lambda row: row.give_up_payment("the payment failed"),
    "cancel": lambda row: row.cancel(),
    "hand_over": pass_on,
}
EVERY = [(verb, state) for verb in DO for state in STATES]


def targets(verb, state):
    return {target for (named, source, target) in TRANSITIONS if (named, source) == (verb, state)}


def told(row):
    return sorted(Letter.objects.filter(link_subject=str(row.uid)).values_list("kind", flat=True))


def counters_are_right(event):
    return not differences(event) and not seatless()


def make_room(row):
    """A free seat, so that what the table allows can be."""
    SeatPool.objects.filter(event=row.event, key="event").update(capacity=5, wanted=5)


@pytest.mark.parametrize(("verb", "state"), EVERY)
def test_every_verb_does_from_every_state_what_the_table_says(verb, state):
    row = STATES[state]()
    make_room(row)
    before, letters, lines = now(row), told(row), row.changes.count()
    allowed = targets(verb, state) or (
        targets({"lapse": "expire", "expire": "lapse"}[verb], state) if verb in ("lapse", "expire") else set()
    )
    if (verb, state) in AS_IT_IS:
        DO[verb](row)
        assert now(row).state == state
    elif allowed:
        DO[verb](row)
        assert now(row).state in allowed
    else:
        with pytest.raises(SeatLost):
            DO[verb](row)
    after = now(row)
    if after.state == state:
        assert (after.held, told(row), row.changes.count()) == (before.held, letters, lines)
    else:
        last = row.changes.last()
        assert (last.was, last.became) == (state, after.state)
        letter = TRANSITIONS[last.verb, state, after.state].letter
        assert told(row) == sorted([*letters, *filter(None, [letter])])
    assert counters_are_right(row.event)


def test_every_state_is_reached_from_the_first_and_every_verb_is_tried():
    known = {NEW}
    while more := {target for _verb, source, target in TRANSITIONS if source in known} - known:
        known |= more
    assert known - {NEW} == set(State.values)
    assert set(VERBS) - set(DO) == {"enter", "take_over"}


@pytest.mark.parametrize("state", STATES)
def test_a_seat_is_taken_exactly_in_the_states_that_hold_one(state):
    row = STATES[state]()
    others = row.event.registrations.exclude(pk=row.pk).filter(state="confirmed").count()
    assert taken(row.event) - others == (1 if state in HOLDING else 0)
    assert bool(row.held) == (state in HOLDING)


def test_a_request_keeps_a_seat_where_the_event_says_so():
    row = entered(meeting(needs_approval=True, requests_hold_seats=True, capacity=1))
    assert (row.state, taken(row.event)) == ("requested", 1)
    row.decline(staff(), "no")
    assert taken(row.event) == 0


def test_the_document_shows_the_very_table():
    page = (Path(__file__).parents[2] / "docs" / "registration.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    shown = {
        (verb, "" if source == "new" else source, target, "" if letter == "none" else letter)
        for verb, sources, target, letter in ([cell.strip(" `") for cell in row] for row in rows)
        for source in re.split(r"`?, `?", sources)
    }
    assert shown == {(one.verb, one.source, one.target, one.letter) for one in TRANSITIONS.values()}


# -- the waiting list


def test_the_first_in_the_line_whose_request_fits_is_offered_the_seat():
    event = meeting(format="hybrid", has_waiting_list=True, capacity=2, capacity_onsite=1, capacity_online=1)
    onsite, online = fill(event), entered(event, "second@example.org", attendance="online")
    first = entered(event, "a@example.org", wait=True)
    second = entered(event, "b@example.org", attendance="online", wait=True)
    third = entered(event, "c@example.org", attendance="online", wait=True)
    online.cancel()
    assert [now(row).state for row in (first, second, third)] == ["waiting", "offered", "waiting"]
    onsite.cancel()
    assert [now(row).state for row in (first, second, third)] == ["offered", "offered", "waiting"]
    ended(now(second))
    assert now(third).state == "offered"
    assert counters_are_right(event)


def test_who_comes_newly_never_gets_the_seat_of_who_waits():
    row = offered()
    with pytest.raises(Full):
        entered(row.event, "late@example.org")
    late = entered(row.event, "late@example.org", wait=True)
    row.cancel()
    assert now(late).state == "offered"


def test_more_seats_are_offered_at_once_when_they_are_published():
    row = waiting()
    second = entered(row.event, "b@example.org", wait=True)
    event = row.event
    event.capacity = 3
    event.save_revision().publish()
    assert {now(row).state, now(second).state} == {"offered"}


def test_an_offer_never_lasts_beyond_the_beginning():
    soon = (timezone.now() + dt.timedelta(hours=5)).replace(microsecond=0, tzinfo=None)
    event = meeting(
        has_waiting_list=True,
        capacity=1,
        timezone="UTC",
        start_local=soon,
        end_local=soon + dt.timedelta(hours=2),
        offer_hours=48,
    )
    first = fill(event)
    row = entered(event, wait=True)
    first.cancel()
    assert now(row).expires_at == event.starts_at


def test_an_address_that_nobody_confirms_is_offered_nothing_and_leaves_the_line():
    event = meeting(has_waiting_list=True, verifies_address=True, capacity=1)
    first = fill(event)
    stranger = entered(event, "stranger@example.org", wait=True)
    person = entered(event, "person@example.org", wait=True)
    person.verify()
    first.cancel()
    assert [now(row).state for row in (stranger, person)] == ["waiting", "offered"]
    assert told(stranger) == ["address"]
    assert ended(now(stranger)).state == "expired"
    assert told(stranger) == ["address"]


# -- the address first


def test_who_confirms_too_late_has_a_seat_if_there_is_one_and_else_a_place_in_the_line():
    row = ended(unverified())
    row.verify()
    assert (now(row).state, taken(row.event)) == ("confirmed", 1)
    event = meeting(verifies_address=True, has_waiting_list=True, capacity=1)
    slow = ended(entered(event, "slow@example.org"))
    fill(event).verify()
    slow.verify()
    assert now(slow).state == "waiting"


def test_who_let_an_offer_pass_does_not_come_back_by_confirming_an_address():
    row = ended(offered())
    fill(row.event)
    with pytest.raises(NotAllowed):
        row.verify()
    assert told(row) == ["offer_expired", "offered", "waiting"]


def test_who_registered_anew_meanwhile_keeps_that_one():
    from events.models import AlreadyThere

    row = ended(unverified())
    entered(row.event)
    with pytest.raises(AlreadyThere):
        row.verify()


def test_a_price_keeps_the_seat_for_a_payment_after_every_way_in():
    event = meeting(has_waiting_list=True, capacity=1)
    ticket = TicketFactory(event=event, price=PRICE)
    first = entered(event, "first@example.org", ticket=ticket)
    assert first.state == "held"
    row = entered(event, ticket=ticket, wait=True)
    ended(now(first))
    assert now(row).state == "offered"
    row = now(row)
    row.accept()
    assert now(row).state == "held"


# -- passing it on


def test_a_place_that_is_passed_on_never_is_anybody_elses_between():
    event = meeting(allows_transfer=True, has_waiting_list=True, capacity=1)
    old = entered(event)
    waits = entered(event, "waits@example.org", wait=True)
    transfer = Transfer.begin(old, "Binta", "binta@example.org", "en")
    new = transfer.accept(name="Binta Diallo")
    assert (now(old).state, new.state, now(waits).state, taken(event)) == ("cancelled", "confirmed", "waiting", 1)
    assert transfer.accept() == new
    assert told(new) == ["confirmed"]
    assert counters_are_right(event)


def test_a_place_given_back_meanwhile_cannot_be_taken_over():
    event = meeting(allows_transfer=True)
    old = entered(event)
    transfer = Transfer.begin(old, "Binta", "binta@example.org", "en")
    old.cancel()
    with pytest.raises(NotAllowed):
        transfer.accept()
    assert taken(event) == 0
