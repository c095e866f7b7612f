"""Money that comes late, days later or never: a place, or all of it back, and nobody's seat is lost meanwhile."""

import pytest

from tests.payments.till import Payer, Till

COMPLETED = "checkout.session.completed"


def all_back(payer: Payer) -> None:
    """The place is not theirs, all of the money has gone back once, and one letter says so."""
    till, now = payer.till, payer.now
    assert now["state"] in ("expired", "cancelled")
    assert not now["holds"]
    assert (now["payments"][-1]["state"], now["payments"][-1]["refunded"]) == ("paid", 6000)
    assert [one["amount"] for one in till.stripe.refunds(payer.intent)] == [6000]
    letters = till.letters_to(payer.email)
    assert letters["paid_late"] == 1
    assert "refund" not in letters
    assert "confirmed" not in letters


def too_late(payer: Payer) -> Payer:
    """They have paid at Stripe, of which the site hears only after the seat was released."""
    till = payer.till
    payer.pay()
    till.run_out(payer.email)
    till.release()
    assert payer.state == "expired"
    return payer


# methods that take days


def test_a_method_that_takes_days_keeps_the_seat_until_the_money_is_here(till: Till):
    payer = till.payer(till.meeting(capacity=1)).come().pay("delayed")
    till.stripe.wait()
    now = payer.now
    assert (now["state"], now["payments"][0]["state"]) == ("held", "processing")
    assert now["kept"] > 5 * 24 * 3600
    assert "confirmed" not in now["letters"]
    till.work()
    assert payer.state == "held"
    assert till.payer(payer.meeting).finds_full

    till.stripe.settle(payer.session, ok=True)
    till.stripe.wait()
    assert (payer.state, payer.payment["state"]) == ("confirmed", "paid")
    assert till.letters_to(payer.email) == {"held": 1, "confirmed": 1}


def test_a_method_that_fails_days_later_releases_the_seat_and_says_so(till: Till):
    payer = till.payer(till.meeting(capacity=1)).come().pay("delayed")
    till.stripe.wait()
    till.stripe.settle(payer.session, ok=False)
    till.stripe.wait()
    assert (payer.state, payer.payment["state"]) == ("expired", "failed")
    assert till.letters_to(payer.email) == {"held": 1, "payment_failed": 1}
    assert till.books(payer.meeting["uid"]) == {}
    other = till.payer(payer.meeting).come().pay()
    till.stripe.wait()
    assert other.state == "confirmed"


def test_the_failure_of_a_method_that_takes_days_is_found_without_a_webhook(till: Till):
    payer = till.payer(till.meeting()).come().pay("delayed")
    till.stripe.wait()
    with till.told_later():
        till.stripe.settle(payer.session, ok=False)
        till.work()
    assert (payer.state, payer.payment["state"]) == ("expired", "failed")


def test_a_declined_card_is_no_end_the_same_page_takes_another(till: Till):
    payer = till.payer(till.meeting()).come().pay("declined")
    till.stripe.wait()
    assert (payer.state, payer.payment["state"]) == ("held", "open")
    payer.pay()
    till.stripe.wait()
    assert (payer.state, payer.payment["state"]) == ("confirmed", "paid")


# nobody pays


def test_who_does_not_pay_loses_the_seat_when_its_time_is_over_with_one_letter(till: Till):
    payer = till.payer(till.meeting(capacity=1)).come()
    assert 40 * 60 < payer.now["kept"] <= 45 * 60
    till.stripe.clock.move(minutes=41)
    till.stripe.wait()
    assert (payer.state, payer.payment["state"]) == ("held", "expired")
    till.run_out(payer.email)
    till.work()
    assert payer.state == "expired"
    assert till.letters_to(payer.email) == {"held": 1, "unpaid": 1}
    assert till.seats(payer.meeting["uid"])["event"] == 0


def test_who_comes_back_after_the_session_ended_pays_by_another_while_the_seat_is_kept(till: Till):
    payer = till.payer(till.meeting()).come()
    first = payer.session
    payer.let_expire()
    till.stripe.wait()
    assert payer.press_pay().status == 303
    assert payer.session != first
    payer.pay()
    till.stripe.wait()
    assert [one["state"] for one in payer.now["payments"]] == ["expired", "paid"]
    assert payer.state == "confirmed"


def test_the_seat_of_who_does_not_pay_is_offered_to_who_waits_and_they_pay_for_it(till: Till):
    meeting = till.meeting(capacity=1, has_waiting_list=True)
    gone, waits = till.payer(meeting).come(), till.payer(meeting)
    assert waits.register(wait="on").status == 303
    assert (waits.state, waits.now["fee"]) == ("waiting", 6000)
    assert waits.open_pay().status == 200
    till.run_out(gone.email)
    till.work()
    assert (gone.state, waits.state) == ("expired", "offered")
    waits.take_the_seat()
    assert waits.state == "held"
    assert waits.press_pay().status == 303
    waits.pay()
    till.stripe.wait()
    assert waits.state == "confirmed"
    assert till.letters_to(waits.email) == {"waiting": 1, "offered": 1, "held": 1, "confirmed": 1}
    assert till.seats(meeting["uid"])["event"] == 1


# late


def test_a_late_payment_finds_its_seat_still_free(till: Till):
    payer = till.payer(till.meeting(capacity=1)).come()
    with till.told_later():
        too_late(payer)
        assert payer.deliver(COMPLETED) == [200]
    assert (payer.state, payer.payment["state"]) == ("confirmed", "paid")
    assert till.letters_to(payer.email) == {"held": 1, "unpaid": 1, "confirmed": 1}
    assert till.seats(payer.meeting["uid"])["event"] == 1


def test_a_late_payment_without_a_free_seat_goes_back_with_one_letter(till: Till):
    payer = till.payer(till.meeting(capacity=1)).come()
    with till.told_later():
        too_late(payer)
        other = till.payer(payer.meeting).come().pay()
        assert other.deliver(COMPLETED) == [200]
        assert payer.deliver(COMPLETED) == [200]
        assert payer.deliver(COMPLETED) == [200]
        till.work()
        till.work()
    all_back(payer)
    assert other.state == "confirmed"
    assert till.books(payer.meeting["uid"]) == {"eur": 6000}
    assert till.stripe.books(metadata={"event": payer.meeting["uid"]}) == {"eur": 6000}


def test_of_several_late_payers_for_one_seat_one_has_it_and_all_others_their_money(till: Till):
    meeting = till.meeting(capacity=4)
    payers = [till.payer(meeting).come() for _ in range(4)]
    with till.told_later():
        for payer in payers:
            too_late(payer)
        till.change(meeting["uid"], capacity=1)
        told = till.stripe.deliver_together(*(payer.said(COMPLETED) for payer in payers))
        assert {one.status for some in told for one in some} <= {200, 503}
        till.stripe.retry()
        till.work()
        till.work()
    states = till.states(meeting["uid"])
    assert states == {"confirmed": 1, "expired": 3}
    for payer in payers:
        if payer.state == "expired":
            all_back(payer)
    assert till.books(meeting["uid"]) == till.stripe.books(metadata={"event": meeting["uid"]}) == {"eur": 6000}
    assert till.seats(meeting["uid"])["event"] == 1


def test_who_pays_after_having_cancelled_has_all_of_it_back(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        assert payer.cancel()[0].status == 303
        payer.pay()
        assert payer.deliver(COMPLETED) == [200]
        till.work()
    all_back(payer)


def test_the_session_of_who_has_cancelled_is_closed_so_that_nobody_pays_by_it(till: Till):
    payer = till.payer(till.meeting()).come()
    payer.cancel()
    till.work()
    assert till.stripe.session(payer.session)["status"] == "expired"
    till.stripe.wait()
    assert payer.payment["state"] == "expired"


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_who_pays_for_a_meeting_that_was_called_off_meanwhile_has_all_of_it_back(till: Till, status: str):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        till.change(payer.meeting["uid"], status=status)
        assert payer.deliver(COMPLETED) == [200]
        till.work()
    assert "confirmed" not in till.letters_to(payer.email)
    assert payer.payment["refunded"] == 6000


def test_who_pays_by_two_sessions_has_one_place_and_the_other_money_back(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()  # of which the site hears nothing, and takes the session for ended
        ended = {"id": f"{payer.said(COMPLETED)['id']}_ended", "type": "checkout.session.expired"}
        ended |= {"data.object.status": "expired", "data.object.payment_status": "unpaid"}
        payer.deliver(COMPLETED, patch=ended)
        first = payer.said(COMPLETED)
        assert payer.press_pay().status == 303
        payer.pay()
        assert payer.deliver(COMPLETED) == [200]
        assert [one.status for one in till.stripe.deliver(first)] == [200]
        till.work()
    assert payer.state == "confirmed"
    assert sorted(one["refunded"] for one in payer.now["payments"]) == [0, 6000]
    assert till.letters_to(payer.email) == {"held": 1, "confirmed": 1, "paid_twice": 1}
    assert till.books(payer.meeting["uid"]) == till.stripe.books(metadata={"event": payer.meeting["uid"]})
