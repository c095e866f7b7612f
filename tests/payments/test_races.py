"""The same moment: events told many times at once, money against time and a change of mind, refunds from two sides.

Real threads in a process of the site, each on a connection of its own, with real commits.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.served import command

ROUNDS = 6
STRIPE = {"STRIPE_SECRET_KEY": "sk_test_of_these_tests", "STRIPE_WEBHOOK_SECRETS": "whsec_of_these_tests"}


@pytest.fixture(scope="module")
def database(_template, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that nobody else uses."""
    return _template.copy(tmp_path_factory.mktemp("races"))


@pytest.fixture
def race(database: str) -> Callable[[str], Any]:
    """Runs a script that fills ``told``; nobody may have waited for another in a circle."""

    def run(script: str) -> Any:
        whole = f"import json\nfrom tests.payments.racing import *\ntold = []\n{script}\nprint(json.dumps(told))"
        said = command(database, "shell", "--no-imports", "-c", whole, **STRIPE)
        told = said.strip().splitlines()[-1]
        assert "deadlock" not in told
        assert '"busy"' not in told
        return json.loads(told)

    return run


def test_an_event_that_is_delivered_many_times_at_once_has_one_effect(race):
    told = race(f"""
for _ in range({ROUNDS}):
    [payment] = payers(1, 1)
    event = signed.event("checkout.session.completed", signed.session(payment))
    ended = together(*[lambda: hearing.hear(event)] * 10)
    row = hearing.StripeEvent.objects.get(event_id=event["id"])
    told.append([ended, row.deliveries, row.state, books(payment), now(payment).changes.filter(verb="pay").count()])
""")
    for ended, deliveries, state, books, pays in told:
        assert (ended, deliveries, state, pays) == ({"done": 10}, 10, "handled", 1)
        assert books["letters"]["confirmed"] == 1


def test_different_events_of_one_payment_at_once_have_one_effect(race):
    told = race(f"""
for _ in range({ROUNDS}):
    [payment] = payers(1, 1)
    kinds = ["completed", "async_payment_succeeded", "expired"] * 2
    paid, over = signed.session(payment), signed.session(payment, "expired", "unpaid")
    events = [signed.event(f"checkout.session.{{kind}}", over if kind == "expired" else paid) for kind in kinds]
    ended = together(*[lambda event=event: hearing.hear(event) for event in events])
    told.append([ended, books(payment), now(payment).received])
""")
    for ended, books, received in told:
        assert (ended, received, books["places"]) == ({"done": 6}, 6000, {"confirmed": 1})
        assert books["letters"]["confirmed"] == 1
        assert not books["wrong"]


def test_a_refund_told_of_with_its_payment_is_in_the_books(race):
    told = race(f"""
for _ in range({ROUNDS}):
    [payment] = payers(1, 1)
    refund = signed.event("refund.created", signed.refund(payment, 2500))
    total = signed.event("charge.refunded", signed.charge(payment, 2500))
    ended = together(*[paying(payment)] * 2, *[lambda: hearing.hear(refund)] * 2, *[lambda: hearing.hear(total)] * 2)
    told.append([ended, now(payment).refunded, hearing.StripeEvent.objects.get(event_id=refund["id"]).state])
""")
    for ended, refunded, state in told:
        assert (ended, refunded, state) == ({"done": 6}, 2500, "handled")


@pytest.mark.parametrize("by", ["None", "lives.staff()"])
def test_who_cancels_as_their_money_comes_has_no_seat_and_the_books_say_where_the_money_is(race, by):
    told = race(f"""
for _ in range({ROUNDS}):
    mine, = payers(1, 1)
    ended = together(*[paying(mine)] * 2, *[cancelling(mine, {by})] * 2)
    told.append([ended, books(mine), [one.reason for one in now(mine).refunds.all()]])
""")
    for ended, books, reasons in told:
        assert sum(ended.values()) == ended["done"] == 4
        assert books["places"] == {"cancelled": 1}
        assert not books["wrong"]
        came_late = books["letters"].get("paid_late", 0)
        assert came_late + books["letters"].get("confirmed", 0) == 1
        if came_late or by != "None":
            assert (books["rest"], len(reasons)) == (0, 1)  # else the policy, which says: nothing


def test_money_and_the_end_of_its_time_leave_a_seat_or_a_refund(race):
    told = race(f"""
for _ in range({ROUNDS}):
    mine, = payers(1, 1, has_waiting_list=True)
    lives.entered(mine.event, "line@example.org", name="Next", wait=True)
    over(mine)
    ended = together(*[paying(mine)] * 2, *[lapsing(mine)] * 3)
    line = Registration.objects.get(event=mine.event, email="line@example.org").state
    told.append([ended, books(mine), line])
""")
    for ended, books, line in told:
        assert ended == {"done": 5}
        assert not books["wrong"]
        assert not books["unpaid"]
        assert not books["astray"]
        if books["places"] == {"confirmed": 1}:
            assert (line, books["claimed"]) == ("waiting", 0)
        else:
            assert (books["places"], line, books["claimed"]) == ({"expired": 1}, "offered", 6000)
            assert books["letters"]["paid_late"] == 1


def test_of_several_who_pay_late_for_one_seat_one_has_it_and_the_others_their_money(race):
    told = race(f"""
for _ in range({ROUNDS}):
    late = payers(5, 5)
    over(*late)
    for one in late:
        lapsing(one)()
    event = late[0].event
    for number in range(4):
        lives.entered(event, f"others{{number}}@example.org", name="Other")
    ended = together(*[paying(one) for one in late], *[paying(late[0])] * 2)
    told.append([ended, books(*late)])
""")
    for ended, books in told:
        assert ended == {"done": 7}
        assert books["places"] == {"confirmed": 1, "expired": 4}
        assert (books["claimed"], books["rest"]) == (4 * 6000, 6000)
        assert books["letters"]["paid_late"] == 4
        assert not books["wrong"]


def test_two_sessions_of_one_place_paid_at_once_keep_one_payment(race):
    told = race(f"""
for _ in range({ROUNDS}):
    first, = payers(1, 1)
    first.expired()
    second = Payment.begin(place(first), "Meeting")
    ended = together(*[paying(first)] * 2, *[paying(second)] * 2, cancelling(first, lives.staff()))
    told.append([ended, books(first, second)])
""")
    for ended, books in told:
        assert ended == {"done": 5}
        assert books["payments"] == {"paid": 2}
        assert (books["rest"], books["claimed"]) == (0, 12000)
        assert not books["wrong"]


def test_begun_by_many_at_once_a_payment_is_one(race):
    told = race(f"""
for _ in range({ROUNDS}):
    mine, = payers(1, 1)
    mine.expired()
    row = place(mine)
    ended = together(*[lambda: Payment.begin(place(mine), "Meeting")] * 8)
    told.append([ended, row.payments.count()])
""")
    assert all((ended, payments) == ({"done": 8}, 2) for ended, payments in told)


def test_a_double_click_is_one_refund_and_two_people_never_give_back_too_much(race):
    told = race(f"""
import uuid
for _ in range({ROUNDS}):
    mine, = payers(1, 1)
    paying(mine)()
    wish = uuid.uuid4()
    double = together(*[lambda: now(mine).ask_refund(1000, "staff", wish=wish)] * 6)
    many = together(*[lambda: now(mine).ask_refund(2000, "staff")] * 6)
    told.append([double, many, now(mine).claimed, now(mine).refunds.count()])
""")
    for double, many, claimed, refunds in told:
        assert double == {"done": 6}
        assert many == {"done": 2, "TooMuch": 4}
        assert (claimed, refunds) == (5000, 3)


def test_staff_and_dashboard_refund_at_once_and_never_more_than_came(race):
    told = race(f"""
for _ in range({ROUNDS}):
    mine, = payers(1, 1)
    paying(mine)()
    refund = signed.event("refund.created", signed.refund(mine, 4000))
    ended = together(
        *[lambda: now(mine).ask_refund(6000, "staff")] * 3,
        *[lambda: hearing.hear(refund)] * 3,
        cancelling(mine, lives.staff()),
    )
    row = now(mine)
    told.append([ended, row.refunded, row.claimed, books(mine)])
""")
    for ended, refunded, claimed, books in told:
        assert set(ended) <= {"done", "TooMuch"}
        assert refunded == 4000
        assert 4000 <= claimed <= 6000
        assert not books["wrong"]


def test_two_workers_never_take_the_same_refund(race):
    told = race(f"""
from events.models import Refund
for _ in range({ROUNDS}):
    mine, = payers(1, 1)
    paying(mine)()
    refund = now(mine).ask_refund(1000, "staff")
    claims = []
    seen = Refund.objects.get(pk=refund.pk)
    late = [lambda: claims.append(Refund.objects.get(pk=refund.pk).claim())] * 5
    together(*late, lambda: claims.append(seen.claim()))
    told.append(claims)
""")
    assert all(sum(claims) == 1 for claims in told)
