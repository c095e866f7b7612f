"""Whatever happens in whatever order to the registrations of a meeting, its books stay right after every step."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from events.models import (
    AlreadyThere,
    CodeRefused,
    Event,
    Full,
    Invitation,
    Place,
    Registration,
    RegistrationChange,
    SeatLost,
    SeatPool,
    Transfer,
    waiting_list,
)
from events.models.registration_states import HOLDING, TRANSITIONS
from events.registration.seats import differences, seatless
from letters.models import Letter
from tests.factories import TicketFactory
from tests.registration.lives import entered, now, staff
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db

steady = bounds(derandomize=True, deadline=None, database=None, max_examples=12, stateful_step_count=40)
PICK = st.integers(0, 59)
PEOPLE = st.integers(0, 6).map(lambda number: f"person{number}@example.org")
SEATS = st.sampled_from([None, None, 1, 1, 2, 3, 0])
BESIDE = {"changed", "transfer", "offer_reminder", "link"}
"Letters that tell of no change of state."


WAYS = st.sampled_from(["onsite", "online"])
PREFERRED = {
    "verify": ("unverified", "expired", "requested", "waiting"),
    "accept": ("offered",),
    "cancel": ("confirmed", "offered", "held"),
    "approve": ("requested",),
    "decline": ("requested", "waiting"),
    "queue": ("requested",),
    "offer": ("waiting",),
    "confirm": ("waiting", "unverified", "held", "expired"),
    "run_out": ("offered", "unverified", "held"),
    "move": ("confirmed", "offered"),
    "pass_on": ("confirmed",),
    "in_line": ("waiting",),
}
"What happens to one registration, and the states from which it most often leads on."
DONE = [*(what for what in PREFERRED for _twice in range(2)), "cancel", "cancel", "move", "in_line", "run_out"]


class Life(RuleBasedStateMachine):
    """A meeting, seven people, two tickets, some codes, and everything that they and the staff can do."""

    def __init__(self):
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize(
        seats=st.tuples(SEATS, SEATS, SEATS),
        quotas=st.tuples(SEATS, SEATS),
        verifies=st.sampled_from([False, False, True]),
        approves=st.sampled_from([False, False, True]),
        holds=st.booleans(),
        waits=st.sampled_from([True, True, True, False]),
        price=st.sampled_from([0, 0, 6000]),
    )
    def found(self, seats, quotas, verifies, approves, holds, waits, price):
        self.event = meeting(
            format="hybrid",
            capacity=seats[0],
            capacity_onsite=seats[1],
            capacity_online=seats[2],
            verifies_address=verifies,
            needs_approval=approves,
            requests_hold_seats=holds and approves,
            has_waiting_list=waits,
            allows_transfer=True,
        )
        self.tickets = [
            TicketFactory(event=self.event, code="a", quota=quotas[0]),
            TicketFactory(event=self.event, code="b", quota=quotas[1], price=price),
        ]
        self.codes, self.transfers = [], []
        for number in range(4):
            self.come(f"first{number}@example.org", "onsite", number % 2, wait=True)

    # One rule for all: Hypothesis leaves rules out by the half, and a life without its beginning shows nothing.
    @rule(
        what=st.sampled_from(["enter"] * 6 + ["enter_with_code"] * 2 + ["publish"] * 2 + ["invite", "revoke"] + DONE),
        email=PEOPLE,
        way=WAYS,
        ticket=st.integers(0, 1),
        pick=PICK,
        other=PICK,
        seats=SEATS,
        yes=st.booleans(),
    )
    def happens(self, what, email, way, ticket, pick, other, seats, yes):
        if what == "enter":
            self.come(email, way, ticket, wait=yes or pick % 2 == 0, by=staff() if pick % 7 == 0 else None)
        elif what == "enter_with_code":
            self.come(email, way, ticket, code=self.codes[pick % len(self.codes)].code if self.codes else "NONE")
        elif what == "publish":
            self.publish(seats, ["capacity", "capacity_onsite", "capacity_online"][pick % 3])
        elif what == "invite":
            self.invite(1 + pick % 3, self.tickets[ticket] if other % 2 else None, yes)
        elif what == "revoke" and self.codes:
            Invitation.objects.get(pk=self.codes[pick % len(self.codes)].pk).revoke()
        elif what in PREFERRED and self.event.registrations.exists():
            row = self.one(pick, *PREFERRED[what])
            place = Place(way, self.tickets[ticket], None)
            self.befalls(row, what, place, email, self.one(other, "waiting") if yes else None)

    def come(self, email, way, ticket, **how):
        there = Registration.objects.living().of(email).filter(event=self.event).exists()
        place = Place(way, self.tickets[ticket], None)
        fits, awaited = self.fits(place), self.event.needs_approval
        try:
            with transaction.atomic():
                row = entered(self.event, email, attendance=way, ticket=self.tickets[ticket], **how)
        except IntegrityError:
            assert there
            return
        except CodeRefused:
            assert how["code"]
            return
        except Full:
            assert not fits
            return
        assert not there
        if how.get("by"):
            assert row.state in ("confirmed", "waiting")
        elif awaited and "code" not in how:
            assert row.state in ("requested", "unverified", "waiting")
        if row.state == "waiting":
            assert not fits
            assert self.event.has_waiting_list

    def befalls(self, row, what, place, email, before):
        """What one person does, or the staff or the clock to them."""
        done = {
            "verify": row.verify,
            "accept": row.accept,
            "cancel": row.cancel,
            "approve": lambda: row.approve(staff(), "good"),
            "decline": lambda: row.decline(staff(), "no"),
            "queue": lambda: row.queue(staff(), "later"),
            "offer": lambda: row.offer(staff(), "out of turn"),
            "confirm": lambda: row.confirm(staff(), "by telephone"),
            "run_out": lambda: self.run_out(row),
            "move": lambda: row.move_to(place),
            "pass_on": lambda: self.pass_on(row, email),
            "in_line": lambda: waiting_list.move(row, before, staff(), "speaks at the meeting"),
        }
        try:  # as a page would: what is refused leaves nothing behind
            with transaction.atomic():
                done[what]()
        except (SeatLost, Full, AlreadyThere):
            return
        if what == "cancel":
            assert not now(row).is_living

    def pass_on(self, row, email):
        taken = self.taken()
        Transfer.begin(row, "Binta", email, "es").accept()
        assert taken == self.taken()

    def invite(self, uses, ticket, keeps):
        number = len(self.codes)
        made = Invitation.objects.create(
            event=self.event, code=f"CODE-{number}", max_uses=uses, ticket=ticket, reserves_seats=keeps
        )
        try:
            made.settle()
        except Full:
            Invitation.objects.filter(pk=made.pk).update(reserves_seats=False)
        self.codes.append(made)

    def publish(self, seats, way):
        key = {"capacity": "event"}.get(way, way.replace("capacity_", "mode:"))
        taken = self.taken()[key]
        event = Event.objects.get(pk=self.event.pk)
        setattr(event, way, seats)
        try:
            event.save_revision().publish()
        except ValidationError as error:
            refused = str(error)
        else:
            refused = ""
        assert bool(refused) == (seats is not None and seats < taken)
        assert not refused or str(taken) in refused
        self.event = Event.objects.get(pk=self.event.pk)

    def run_out(self, row):
        late = Registration.objects.filter(pk=row.pk, expires_at__isnull=False)
        if late.update(expires_at=timezone.now() - dt.timedelta(seconds=1)):
            assert now(row).expire()
            assert now(row).state == "expired"

    def one(self, pick, *states):
        """A registration, most often one of which this can be asked."""
        rows = list(self.event.registrations.order_by("pk").select_related("ticket"))
        likely = [row for row in rows if row.state in states]
        rows = likely if likely and pick % 5 else rows
        return rows[pick % len(rows)]

    # -- what is always true

    def taken(self):
        return Counter(dict(SeatPool.objects.filter(event=self.event).values_list("key", "taken")))

    def fits(self, place):
        left = {pool.key: pool.left for pool in SeatPool.objects.filter(event=self.event)}
        return all(left.get(key) is None or left[key] > 0 for key in place.pools)

    @invariant()
    def pools_equal_what_is_held_and_none_is_passed(self):
        assert differences(self.event) == []
        assert seatless() == 0
        for pool in SeatPool.objects.filter(event=self.event):
            assert pool.capacity == pool.wanted
            assert pool.capacity is None or 0 <= pool.taken <= pool.capacity

    @invariant()
    def every_history_is_whole_and_ends_where_the_row_stands(self):
        lines = {}
        for change in RegistrationChange.objects.filter(registration__event=self.event).order_by("at", "pk"):
            lines.setdefault(change.registration_id, []).append(change)
        for row in self.event.registrations.all():
            mine = lines[row.pk]
            assert mine[0].was == ""
            assert all(a.became == b.was for a, b in itertools.pairwise(mine))
            assert mine[-1].became == row.state
            assert all((one.verb, one.was, one.became) in TRANSITIONS for one in mine if one.was != one.became)
            assert (row.state in HOLDING) <= bool(row.held)

    @invariant()
    def each_transition_has_its_letter_once(self):
        wrote = Counter(
            Letter.objects.filter(about=self.event.uid).exclude(kind__in=BESIDE).values_list("link_subject", flat=True)
        )
        owed = Counter()
        for change in RegistrationChange.objects.filter(registration__event=self.event).select_related("registration"):
            known = TRANSITIONS.get((change.verb, change.was, change.became))
            if known and known.letter:
                owed[str(change.registration.uid)] += 1
        assert wrote == owed

    @invariant()
    def nobody_waits_for_a_seat_that_is_free(self):
        if self.event.has_waiting_list:
            for row in self.event.registrations.in_line().select_related("ticket"):
                assert not self.fits(row.place), row

    @invariant()
    def nobody_is_there_twice(self):
        living = self.event.registrations.living().values_list("email_key", flat=True)
        assert max(Counter(living).values(), default=0) <= 1


def test_the_books_are_right_whatever_happens():
    run_state_machine_as_test(Life, settings=steady)
