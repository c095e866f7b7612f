"""The books of a payment, whatever is told of it and in whichever order."""

import contextlib
import datetime as dt
import itertools
import random
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import NotAllowed, Payment, Refund, Registration, SeatLost, Transfer
from events.models.payment_refunds import TooMuch
from events.registration.seats import differences
from letters.models import Letter
from tests.factories import TicketFactory
from tests.registration import lives
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db

PRICE = lives.PRICE


def begun(**facts) -> Payment:
    """The last seat of a meeting is kept for somebody who has pressed the button to pay."""
    event = meeting(capacity=1, **facts)
    return Payment.begin(lives.entered(event, ticket=TicketFactory(event=event, price=PRICE)), "Meeting")


def with_a_line() -> Payment:
    """And somebody waits for that seat."""
    payment = begun(has_waiting_list=True)
    lives.entered(payment.event, "line@example.org", name="Next", wait=True)
    return payment


def now(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def place(payment: Payment) -> Registration:
    return Registration.objects.get(pk=payment.registration_id)


def opened(payment: Payment) -> None:
    payment.opened("cs_1", "https://checkout.stripe.com/1", timezone.now() + dt.timedelta(minutes=40), False)


def processing(payment: Payment) -> None:
    payment.processing("cs_1", "pi_1")


def paid(payment: Payment) -> None:
    payment.paid("cs_1", "pi_1", PRICE, "eur")


def otherwise(payment: Payment) -> None:
    payment.paid("cs_1", "pi_1", PRICE - 1, "eur")


def expired(payment: Payment) -> None:
    payment.expired()


def failed(payment: Payment) -> None:
    payment.failed()


def refused(payment: Payment) -> None:
    payment.refused("no")


def cancel(payment: Payment) -> None:
    place(payment).cancel()


def lapse(payment: Payment) -> None:
    Registration.objects.filter(pk=payment.registration_id, expires_at__isnull=False).update(expires_at=timezone.now())
    place(payment).expire()


def waive(payment: Payment) -> None:
    place(payment).confirm(by=lives.staff())


def accept(payment: Payment) -> None:
    payment.accept(lives.staff(), "it will do")


def send_back(payment: Payment) -> None:
    payment.send_back(lives.staff(), "wrong")


def refund(payment: Payment) -> None:
    payment.ask_refund(1000, "staff")


def dashboard(payment: Payment) -> None:
    if payment.received:
        payment.heard_of_refund("re_1", "", payment.received, "succeeded")


VERBS: list[Callable[[Payment], None]] = [
    opened, processing, paid, expired, failed, cancel, lapse, waive, refund, dashboard,
]  # fmt: skip
RARE = [refused, otherwise, accept, send_back]


def told(payment: Payment, verbs) -> None:
    """All of it, one after the other; what is refused changes nothing."""
    for verb in verbs:
        with_what = now(payment)
        with contextlib.suppress(NotAllowed, SeatLost, TooMuch):
            verb(with_what)
        assert_right(payment, [one.__name__ for one in verbs])


def assert_right(payment: Payment, why: object) -> None:
    row, seat = now(payment), place(payment)
    assert row.received in (0, PRICE, PRICE - 1), why
    assert row.refunded <= row.claimed <= row.received, why
    counts = Counter(row.changes.values_list("verb", flat=True))
    assert counts["pay"] + counts["review"] <= 1, why
    refunds = [one for one in row.refunds.all() if one.state in ("queued", "sent", "pending", "succeeded")]
    assert row.claimed == sum(one.amount for one in refunds), why
    assert not list(differences(row.event)), why
    if seat.is_confirmed and seat.fee:
        assert row.state == "paid", why
    letters = Counter(Letter.objects.filter(recipient=seat.email).values_list("kind", flat=True))
    assert max(letters.values()) == 1, (why, letters)
    if row.state == "paid" and not seat.is_confirmed and "confirmed" not in letters:
        assert row.rest == 0, why  # money that became no place goes back
    if letters["paid_late"] or letters["paid_twice"]:
        assert not row.rest, why
        assert letters["paid_late"] + letters["paid_twice"] == 1, why


def try_out(payment: Payment, verbs) -> None:
    """The same, and undo it."""
    with transaction.atomic():
        told(payment, verbs)
        transaction.set_rollback(True)


@pytest.mark.parametrize("begin", [begun, with_a_line])
def test_three_things_in_every_order_leave_the_books_right(begin):
    payment = begin()
    for verbs in itertools.permutations(VERBS, 3):
        if paid in verbs:
            try_out(payment, verbs)


@pytest.mark.parametrize("begin", [begun, with_a_line])
def test_all_that_can_be_told_in_random_orders_and_twice_leaves_the_books_right(begin):
    payment, chance = begin(), random.Random(7)
    for _ in range(60):
        verbs = [*VERBS, *VERBS, *RARE]
        chance.shuffle(verbs)
        try_out(payment, verbs[:14])


# -- what becomes of the place


def test_money_in_time_confirms_with_one_letter():
    payment = begun()
    told(payment, [opened, processing, paid, paid, expired, failed])
    assert (now(payment).state, place(payment).state, place(payment).fee) == ("paid", "confirmed", PRICE)
    kinds = Letter.objects.filter(recipient="asha@example.org").values_list("kind", flat=True)
    assert sorted(kinds) == ["confirmed", "held"]


def test_money_that_comes_late_has_the_seat_if_it_is_free():
    payment = begun()
    told(payment, [opened, lapse, paid])
    assert (place(payment).state, now(payment).claimed) == ("confirmed", 0)


def test_money_that_comes_late_goes_back_if_somebody_else_was_offered_the_seat():
    payment = with_a_line()
    told(payment, [opened, lapse, paid])
    assert (place(payment).state, now(payment).claimed) == ("expired", PRICE)
    assert payment.refunds.get().reason == "late"
    assert Letter.objects.get(kind="paid_late").facts["refund"] == PRICE


def test_the_seat_waits_for_money_that_is_on_its_way():
    payment = with_a_line()
    told(payment, [opened, processing, lapse])
    assert place(payment).state == "held"
    told(payment, [paid])
    assert place(payment).state == "confirmed"


def test_the_seat_waits_until_the_staff_have_looked_at_the_money():
    payment = with_a_line()
    payment.paid("cs_1", "pi_1", PRICE - 100, "EUR")
    for _ in range(2):
        lapse(payment)
        assert (place(payment).state, now(payment).state) == ("held", "review")
    assert now(payment).accept(lives.staff(), "near enough")
    assert place(payment).state == "confirmed"


def test_money_for_who_was_let_off_goes_back():
    payment = begun()
    told(payment, [opened, waive, paid])
    assert (place(payment).state, place(payment).fee, now(payment).rest) == ("confirmed", 0, 0)
    assert Letter.objects.filter(kind="paid_twice").count() == 1


def test_of_two_payments_of_one_place_one_goes_back():
    first = begun()
    told(first, [opened, expired])
    second = Payment.begin(place(first), "Meeting")
    assert second != first
    told(first, [paid])
    assert now(second).is_unwanted  # nobody need pay twice
    now(second).paid("cs_2", "pi_2", PRICE, "eur")
    assert (now(first).rest, now(second).rest) == (PRICE, 0)
    assert second.refunds.get().reason == "twice"


def test_wrong_money_of_an_old_session_is_looked_at_beside_the_new_one():
    first = begun()
    told(first, [opened, expired])
    second = Payment.begin(place(first), "Meeting")
    told(first, [otherwise])
    assert (now(first).state, now(second).state, place(first).state) == ("review", "created", "held")
    now(second).processing("cs_2", "pi_2")
    now(second).paid("cs_2", "pi_2", PRICE, "eur")
    assert place(first).state == "confirmed"
    now(first).send_back(lives.staff(), "paid already")
    assert (now(first).rest, now(second).rest) == (0, PRICE)
    assert place(first).state == "confirmed"  # by the other payment


def test_wrong_money_goes_back_to_whom_the_staff_gave_the_place_meanwhile():
    first = begun()
    told(first, [otherwise])
    place(first).confirm(by=lives.staff())
    now(first).send_back(lives.staff(), "a gift")
    assert (now(first).rest, place(first).state) == (0, "confirmed")


def test_an_old_payment_that_fails_takes_no_seat_from_the_new_one():
    first = begun()
    told(first, [opened, expired])
    second = Payment.begin(place(first), "Meeting")
    told(first, [processing, failed])
    assert (now(first).state, place(first).state) == ("failed", "held")
    now(second).failed()
    assert place(first).state == "expired"


def test_a_payment_that_was_refunded_in_full_makes_room_for_another_one():
    """Late and sent back; then, by another session, in time."""
    first = with_a_line()
    told(first, [opened, lapse, paid])
    Registration.objects.get(email="line@example.org").cancel()
    other = now(first).beside("cs_2", False)
    other.paid("cs_2", "pi_2", PRICE, "eur")
    assert (place(first).state, now(other).rest) == ("confirmed", PRICE)


# -- refunds


def test_one_wish_is_one_refund_and_more_than_the_rest_is_refused():
    payment, wish = begun(), uuid.uuid4()
    told(payment, [paid])
    first = now(payment).ask_refund(4000, "staff", wish=wish)
    assert now(payment).ask_refund(4000, "staff", wish=wish) == first
    with pytest.raises(TooMuch) as refused:
        now(payment).ask_refund(2001, "staff")
    assert refused.value.rest == 2000
    assert now(payment).ask_refund(0, "staff") is None
    assert (now(payment).claimed, Refund.objects.count()) == (4000, 1)


def test_what_stripe_says_of_a_refund_counts_alike_in_every_order():
    payment = begun()
    told(payment, [paid])
    asked = now(payment).ask_refund(2500, "staff")
    for order in itertools.permutations(["pending", "succeeded", "failed", "pending"]):
        with transaction.atomic():
            for state in order:
                now(payment).heard_of_refund("re_1", str(asked.uid), 2500, state)
            assert (now(payment).claimed, payment.refunds.get().state) == (0, "failed")
            transaction.set_rollback(True)


def test_what_was_called_off_here_and_done_at_stripe_counts():
    """The dashboard refunds while two of ours are under way, and one of them has arrived already."""
    payment = begun()
    told(payment, [paid])
    arrived = now(payment).ask_refund(2000, "staff")
    never = now(payment).ask_refund(1000, "staff")
    assert arrived.claim()
    now(payment).heard_of_refund("re_9", "", 4000, "succeeded")
    states = {one.pk: one.state for one in payment.refunds.all()}
    assert (states[arrived.pk], states[never.pk]) == ("sent", "failed")
    now(payment).not_refunded(arrived, "too early said")
    now(payment).heard_of_refund("re_1", str(arrived.uid), 2000, "succeeded")
    assert (now(payment).refunded, now(payment).claimed) == (PRICE, PRICE)


def test_the_staffs_refund_and_the_dashboards_never_exceed_what_came():
    payment = begun()
    told(payment, [paid])
    now(payment).ask_refund(PRICE, "staff")
    now(payment).heard_of_refund("re_1", "", 500, "succeeded")
    assert (now(payment).claimed, now(payment).refunded) == (500, 500)
    assert payment.refunds.get(reason="staff").state == "failed"


def test_a_place_that_was_passed_on_takes_its_money_along():
    payment = begun(allows_transfer=True)
    told(payment, [paid])
    new = Transfer.begin(place(payment), "Binta", "binta@example.org", "fr").accept()
    assert (now(payment).registration, new.fee) == (new, PRICE)
    new.cancel(by=lives.staff())
    assert now(payment).rest == 0
