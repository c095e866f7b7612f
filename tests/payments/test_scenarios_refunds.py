"""What goes back goes back once, never more than came, and the books agree with Stripe's."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from events.payments import client
from tests.payments.till import Payer, Staff, Till

FAR, PAST = "2031-05-01T00:00:00", "2020-05-01T00:00:00"
REFUND = "POST /v1/refunds"
TRIES = 1 + client.RETRIES


def paid(till: Till, *steps: tuple[str, int], **facts: object) -> Payer:
    payer = till.payer(till.meeting(steps=steps, **facts)).come().pay()
    till.stripe.wait()
    assert payer.state == "confirmed"
    return payer


def went_back(payer: Payer) -> list[int]:
    """What Stripe has refunded."""
    done = ("succeeded", "pending")
    return [one["amount"] for one in payer.till.stripe.refunds(payer.intent) if one["status"] in done]


# by the participant, under the policy


@pytest.mark.parametrize(
    ("steps", "back"),
    [
        ([(FAR, 100)], 6000),
        ([(FAR, 33)], 1980),
        ([(PAST, 100), (FAR, 50)], 3000),
        ([(PAST, 100)], 0),
        ([], 0),
    ],
    ids=["all", "a third", "the second step", "too late", "no policy"],
)
def test_who_cancels_has_back_what_the_policy_says_today(till: Till, steps: list[tuple[str, int]], back: int):
    payer = paid(till, *steps)
    assert [answer.status for answer in payer.cancel(times=3)] == [303] * 3
    till.settle()
    till.settle()
    assert payer.state == "cancelled"
    assert went_back(payer) == ([back] if back else [])
    assert till.books(payer.meeting["uid"]) == {"eur": 6000 - back}
    assert till.books_agree(payer.meeting)
    assert till.letters_to(payer.email) == {"held": 1, "confirmed": 1, "cancelled": 1}
    assert till.seats(payer.meeting["uid"])["event"] == 0


def test_a_share_of_a_currency_without_cents_is_rounded_up_to_what_can_be_paid(till: Till):
    payer = paid(till, (FAR, 33), price=15_001, currency="XOF")
    payer.cancel()
    till.settle()
    assert went_back(payer) == [4951]
    assert till.books_agree(payer.meeting)


def test_who_cancels_a_meeting_that_was_called_off_has_all_of_it_back(till: Till):
    payer = paid(till)
    till.change(payer.meeting["uid"], status="cancelled")
    payer.cancel()
    till.settle()
    assert went_back(payer) == [6000]


# by the staff


def test_the_staff_refund_in_parts_until_nothing_is_left_and_never_more(till: Till, staff: Staff):
    payer = paid(till)
    for amount in (1000, 2500):
        assert staff.refund(payer.payment, amount).status == 303
    too_much = staff.refund(payer.payment, 2501)
    assert too_much.status == 422
    assert "€25.00" in too_much.body or "25,00" in too_much.body
    till.settle()
    assert staff.refund(payer.payment, 2501).status == 422
    assert staff.refund(payer.payment, 2500).status == 303
    assert staff.refund(payer.payment, 1).status in (404, 422)
    till.settle()
    assert went_back(payer) == [1000, 2500, 2500]
    assert (payer.state, payer.payment["refunded"]) == ("confirmed", 6000)
    assert till.books(payer.meeting["uid"]) == {"eur": 0}
    assert till.books_agree(payer.meeting)
    assert till.letters_to(payer.email)["refund"] == 3


def test_a_double_click_of_the_staff_is_one_refund(till: Till, staff: Staff):
    payer = paid(till)
    payment, form = payer.payment, staff.open(payer.payment)
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _click: staff.refund(payment, 2000, form).status, range(4)))
    assert set(answers) == {303}
    till.settle()
    assert went_back(payer) == [2000]
    assert till.letters_to(payer.email)["refund"] == 1


def test_two_of_the_staff_at_once_never_give_back_more_than_came(till: Till, staff: Staff):
    payer = paid(till)
    payment, forms = payer.payment, [staff.open(payer.payment) for _ in range(3)]
    assert len({form["wish"] for form in forms}) == 3
    with ThreadPoolExecutor(3) as clicks:
        answers = list(clicks.map(lambda form: staff.refund(payment, 4000, form).status, forms))
    assert sorted(answers) == [303, 422, 422]
    till.settle()
    assert went_back(payer) == [4000]


def test_the_staff_end_a_place_and_say_how_much_goes_back(till: Till, staff: Staff):
    payer = paid(till, (FAR, 100))
    form = staff.open(payer.payment)
    for _click in range(2):
        assert staff.refund(payer.payment, 1500, form, cancels="on").status == 303
    till.settle()
    assert payer.state == "cancelled"
    assert went_back(payer) == [1500]
    assert till.seats(payer.meeting["uid"])["event"] == 0


def test_two_workers_at_once_carry_each_refund_out_once(till: Till):
    payers = [paid(till) for _ in range(4)]
    for payer in payers:
        till.refund(payer.payment["uid"], 6000)
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(till.site.manage, ["reconcile_payments"] * 3))
    till.settle()
    assert [went_back(payer) for payer in payers] == [[6000]] * 4


# by Stripe's dashboard


def test_a_refund_from_the_dashboard_stands_in_the_books_once(till: Till):
    payer = paid(till)
    till.stripe.refund(payer.intent, 1500)
    till.stripe.wait()
    payer.deliver("refund.created")
    payer.deliver("charge.refunded")
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (1500, 1500)
    assert [one["reason"] for one in payer.payment["refunds"]] == ["dashboard"]
    assert till.refund(payer.payment["uid"], 4501) == {"rest": 4500}
    assert till.books_agree(payer.meeting)


def test_a_refund_from_the_dashboard_takes_the_place_of_what_was_asked_for_here_and_cannot_be_had(till: Till):
    payer = paid(till)
    till.refund(payer.payment["uid"], 5000)
    till.stripe.refund(payer.intent, 6000)
    till.stripe.wait()
    till.settle()
    assert went_back(payer) == [6000]
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (6000, 6000)
    assert sorted(one["state"] for one in payer.payment["refunds"]) == ["failed", "succeeded"]
    assert till.books_agree(payer.meeting)


def test_a_refund_from_the_dashboard_of_which_nobody_has_told_makes_ours_fail_with_an_alert(till: Till):
    payer = paid(till)
    with till.told_later():
        till.stripe.refund(payer.intent, 6000)
        till.refund(payer.payment["uid"], 5000)
        till.work()
        till.work()
    assert went_back(payer) == [6000]
    assert payer.payment["refunded"] == 6000
    assert till.books_agree(payer.meeting)


# what fails


def test_a_refund_that_fails_is_not_counted_alerts_the_staff_and_can_be_asked_for_again(till: Till):
    payer = paid(till)
    till.stripe.next_refund("failed")
    till.refund(payer.payment["uid"], 2000)
    till.settle()
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (0, 0)
    assert till.alerts_about(payer.payment["uid"]) == 1
    assert till.books(payer.meeting["uid"]) == {"eur": 6000}
    assert till.refund(payer.payment["uid"], 6000) is None
    till.settle()
    assert payer.payment["refunded"] == 6000
    assert till.books_agree(payer.meeting)


def test_a_refund_that_comes_back_after_it_was_done_counts_as_kept_again(till: Till):
    payer = paid(till)
    till.refund(payer.payment["uid"], 2000)
    till.settle()
    assert payer.payment["refunded"] == 2000
    till.stripe.fail_refund(till.stripe.refunds(payer.intent)[0]["id"])
    till.stripe.wait()
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (0, 0)
    assert till.alerts_about(payer.payment["uid"]) == 1
    assert till.books_agree(payer.meeting)


def test_a_refund_that_is_told_before_the_failure_of_the_one_before_it_waits_for_that(till: Till):
    payer = paid(till)
    first = till.stripe.refund(payer.intent)["id"]
    till.stripe.wait()
    with till.told_later():
        till.stripe.fail_refund(first)
        second = till.stripe.refund(payer.intent)["id"]
        assert payer.deliver_about(second, "refund.created") == [200]
        assert payer.payment["refunded"] == 6000
        assert payer.deliver_about(first, "refund.failed") == [200]
    assert [one["state"] for one in payer.payment["refunds"]] == ["failed", "succeeded"]
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (6000, 6000)
    till.settle()
    assert till.books_agree(payer.meeting)


def test_a_refund_that_waits_for_a_failure_of_which_nobody_tells_is_looked_up(till: Till):
    payer = paid(till)
    first = till.stripe.refund(payer.intent)["id"]
    till.stripe.wait()
    with till.never_told():
        till.stripe.fail_refund(first)
        second = till.stripe.refund(payer.intent)["id"]
        assert payer.deliver_about(second, "refund.created") == [200]
    till.command("reconcile_payments")
    assert [one["state"] for one in payer.payment["refunds"]] == ["failed", "succeeded"]
    assert till.books_agree(payer.meeting)


def test_a_refund_on_its_way_is_asked_about_until_it_is_done(till: Till):
    payer = paid(till)
    till.stripe.next_refund("pending")
    till.refund(payer.payment["uid"], 2000)
    till.settle()
    assert payer.payment["refunds"][0]["state"] == "pending"
    with till.never_told():
        till.stripe.settle_refund(till.stripe.refunds(payer.intent)[0]["id"])
    till.make_due()
    till.command("reconcile_payments")
    assert payer.payment["refunds"][0]["state"] == "succeeded"
    assert till.books_agree(payer.meeting)


def test_a_refund_waits_while_the_account_holds_too_little(till: Till):
    payer = paid(till)
    till.stripe.next_refund("balance_insufficient")
    till.refund(payer.payment["uid"], 2000)
    till.settle()
    till.settle()
    assert went_back(payer) == [2000]
    assert till.books_agree(payer.meeting)


def test_a_refund_whose_answer_is_lost_is_made_once(till: Till):
    payer = paid(till)
    till.stripe.faults.lose(REFUND, times=TRIES)
    till.refund(payer.payment["uid"], 2000)
    with till.never_told():
        till.command("reconcile_payments")
        assert payer.payment["refunds"][0]["state"] == "sent"
        till.make_due()
        till.command("reconcile_payments")
    assert went_back(payer) == [2000]
    assert payer.payment["refunded"] == 2000


def test_a_worker_killed_while_stripe_carries_out_a_refund_makes_no_second_one(till: Till):
    payer = paid(till)
    fault = till.stripe.faults.slow(REFUND, seconds=30)
    till.refund(payer.payment["uid"], 2000)
    with till.never_told():
        till.make_due()
        worker = till.site.start_worker()
        assert fault.reached.wait(60)
        worker.kill()
        worker.wait(20)
        fault.release()
    till.work()
    assert went_back(payer) == [2000]
    assert (payer.payment["claimed"], payer.payment["refunded"]) == (2000, 2000)
    assert till.books_agree(payer.meeting)


def test_a_refund_that_was_sent_long_ago_is_looked_for_before_it_is_asked_for_again(till: Till):
    payer = paid(till)
    till.stripe.faults.lose(REFUND, times=TRIES)
    till.refund(payer.payment["uid"], 2000)
    with till.never_told():
        till.command("reconcile_payments")
    assert payer.payment["refunds"][0]["state"] == "sent"
    till.make_due()
    till.refunds_sent_ago(payer.payment["uid"], hours=25)
    till.stripe.account.keys.load({})  # Stripe has forgotten the keys
    till.command("reconcile_payments")
    assert went_back(payer) == [2000]
    assert payer.payment["refunded"] == 2000


# disputes


def test_a_dispute_is_told_to_the_staff_and_its_end_stays(till: Till):
    payer = paid(till)
    dispute = till.stripe.dispute(payer.intent)
    till.stripe.wait()
    assert payer.payment["dispute"] not in ("", "lost")
    assert till.alerts_about(payer.payment["uid"]) >= 1
    till.stripe.close_dispute(dispute["id"], won=False)
    till.stripe.wait()
    assert (payer.payment["dispute"], payer.payment["disputed"]) == ("lost", 6000)
    payer.deliver_about(dispute["id"], "charge.dispute.created")
    assert payer.payment["dispute"] == "lost"
    assert payer.state == "confirmed"
