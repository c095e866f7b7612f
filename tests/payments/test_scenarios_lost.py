"""What is lost on the way: answers, connections, processes, events, the database. The books agree in the end."""

import http.client
from concurrent.futures import ThreadPoolExecutor

from config import gunicorn
from events.payments import client
from tests.payments.till import Payer, Till

CREATE = "POST /v1/checkout/sessions"
COMPLETED = "checkout.session.completed"
TRIES = 1 + client.RETRIES
"How often the package sends a request before it gives up."


def registered(till: Till) -> Payer:
    payer = till.payer(till.meeting(capacity=1))
    assert payer.register().status == 303
    return payer


def sessions_of(payer: Payer) -> list[str]:
    """All that Stripe has made for this person."""
    mine = [one["uid"] for one in payer.now["payments"]]
    return [one["id"] for one in payer.till.stripe.sessions() if one["client_reference_id"] in mine]


def pays_once(payer: Payer) -> None:
    payer.pay()
    payer.till.stripe.wait()
    assert payer.state == "confirmed"
    assert payer.till.books(payer.meeting["uid"]) == {"eur": 6000}
    assert payer.till.books_agree(payer.meeting)
    assert payer.till.letters_to(payer.email) == {"held": 1, "confirmed": 1}


def test_an_answer_that_is_lost_once_is_asked_for_again_without_anybody_noticing(till: Till):
    payer = registered(till)
    till.stripe.faults.lose(CREATE)
    assert payer.press_pay().status == 303
    assert sessions_of(payer) == [payer.session]
    pays_once(payer)


def test_who_presses_again_after_every_answer_was_lost_ends_on_the_same_session(till: Till):
    payer = registered(till)
    till.stripe.faults.lose(CREATE, times=TRIES)
    told = payer.press_pay()
    assert told.status == 503
    assert told.retry_after
    assert (payer.state, payer.payment["state"]) == ("held", "created")
    made = sessions_of(payer)
    assert len(made) == 1
    assert payer.press_pay().status == 303
    assert sessions_of(payer) == made == [payer.session]
    pays_once(payer)


def test_many_presses_at_once_end_on_one_session(till: Till):
    payer = registered(till)
    others = [Payer(till, payer.meeting, "paid", payer.email, payer.more) for _ in range(4)]
    for other in others:
        other.pay_path = payer.pay_path
    with ThreadPoolExecutor(5) as tabs:
        answers = list(tabs.map(Payer.press_pay, [payer, *others]))
    assert {answer.status for answer in answers} <= {303, 503}
    assert 303 in {answer.status for answer in answers}
    assert {other.session for other in (payer, *others)} - {""} == set(sessions_of(payer))
    assert len(payer.now["payments"]) == 1
    assert payer.press_pay().status == 303
    pays_once(payer)


def test_the_worker_finds_the_session_whose_answer_was_lost(till: Till):
    payer = registered(till)
    till.stripe.faults.lose(CREATE, times=TRIES)
    assert payer.press_pay().status == 503
    till.began_ago(payer.payment["uid"], minutes=2)
    till.command("reconcile_payments")
    assert (payer.payment["state"], [payer.payment["session"]]) == ("open", sessions_of(payer))


def test_while_stripe_is_down_the_visitor_is_told_and_keeps_the_seat(till: Till):
    payer = registered(till)
    till.stripe.faults.down()
    told = payer.press_pay()
    assert told.status == 503
    assert 'role="alert"' in told.body
    till.work()
    assert (payer.state, payer.now["holds"], payer.payment["state"]) == ("held", True, "created")
    assert till.payer(payer.meeting).finds_full
    till.stripe.faults.up()
    assert payer.press_pay().status == 303
    assert sessions_of(payer) == [payer.session]
    assert payer.payment["attempt"] == 1
    pays_once(payer)


def test_an_error_of_stripe_s_own_or_a_limit_is_no_end(till: Till):
    for status in (500, 429):
        payer = registered(till)
        till.stripe.faults.error(status, CREATE, times=TRIES)
        assert payer.press_pay().status == 503
        till.stripe.faults.clear()
        assert payer.press_pay().status == 303
        assert sessions_of(payer) == [payer.session]


def test_the_server_waits_longer_for_a_page_than_a_page_waits_for_stripe():
    """As long as a call that gets no answer, with its repetitions and the pauses between them, lasts at most."""
    connecting, answering = client.TIMEOUT
    pauses = client.RETRIES * client.package().RequestsClient.MAX_DELAY
    assert gunicorn.timeout > (1 + client.RETRIES) * (connecting + answering) + pauses


def test_a_request_that_became_too_old_while_stripe_was_down_is_made_anew_and_the_seat_kept_longer(till: Till):
    payer = registered(till)
    till.stripe.faults.down()
    assert payer.press_pay().status == 503
    till.began_ago(payer.payment["uid"], unsent=True, minutes=12)
    till.shorten(payer.email, minutes=12)
    till.stripe.faults.up()
    assert payer.press_pay().status == 303
    assert (len(payer.now["payments"]), payer.payment["attempt"]) == (1, 2)
    session = till.stripe.session(payer.session)
    assert session["expires_at"] < till.stripe.clock.now() + payer.now["kept"]
    pays_once(payer)


def test_a_process_killed_before_the_session_is_saved_leaves_one_session(till: Till):
    payer = registered(till)
    fault = till.stripe.faults.slow(CREATE, seconds=30)
    with ThreadPoolExecutor(1) as visitor:
        pressed = visitor.submit(payer.press_pay)
        assert fault.reached.wait(20)
        till.kill_workers()
        assert isinstance(pressed.exception(20), OSError | http.client.HTTPException)
    fault.release()
    assert (payer.payment["state"], payer.payment["session"]) == ("created", None)
    assert payer.press_pay().status == 303
    assert sessions_of(payer) == [payer.session]
    pays_once(payer)


def test_nobody_comes_back_to_the_session_of_a_killed_process_and_the_seat_is_free_in_the_end(till: Till):
    payer = registered(till)
    fault = till.stripe.faults.slow(CREATE, seconds=30)
    with ThreadPoolExecutor(1) as visitor:
        pressed = visitor.submit(payer.press_pay)
        assert fault.reached.wait(20)
        till.kill_workers()
        assert pressed.exception(20)
    fault.release()
    till.run_out(payer.email)
    till.work()
    assert payer.state == "expired"
    till.began_ago(payer.payment["uid"], minutes=2)
    till.work()
    assert [till.stripe.session(name)["status"] for name in sessions_of(payer)] == ["expired"]
    till.stripe.wait()
    assert payer.payment["state"] == "expired"
    assert till.letters_to(payer.email) == {"held": 1, "unpaid": 1}


def test_a_payment_of_which_nobody_ever_tells_is_found_by_asking(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.never_told():
        payer.pay()
    assert till.stripe.undelivered() == []
    till.began_ago(payer.payment["uid"], minutes=6)
    till.command("reconcile_payments")
    assert payer.state == "confirmed"
    assert till.books_agree(payer.meeting)


def test_an_expiry_of_which_nobody_ever_tells_is_found_by_asking(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.never_told():
        payer.let_expire()
    till.began_ago(payer.payment["uid"], minutes=41)
    till.command("reconcile_payments")
    assert payer.payment["state"] == "expired"


def test_refunds_and_disputes_that_could_not_be_delivered_are_fetched_by_the_daily_sweep(till: Till):
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    with till.told_later():
        till.stripe.refund(payer.intent, 2500)
        till.stripe.dispute(payer.intent)
        till.command("reconcile_payments", "--sweep")
    assert payer.payment["refunded"] == 2500
    assert payer.payment["dispute"]
    assert till.books_agree(payer.meeting)


def test_a_refund_of_which_nobody_ever_tells_is_found_by_the_daily_sweep(till: Till):
    payer = till.payer(till.meeting()).come().pay()
    till.stripe.wait()
    with till.never_told():
        till.stripe.refund(payer.intent, 2500)
    till.command("reconcile_payments", "--sweep")
    assert payer.payment["refunded"] == 2500
    assert till.books_agree(payer.meeting)


def test_a_database_that_refuses_during_a_webhook_loses_nothing_and_the_next_delivery_has_its_effect(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        with till.refusing(payer.payment["uid"]):
            assert payer.deliver(COMPLETED) == [503]
        assert payer.state == "held"
        assert till.told(payer.said(COMPLETED)["id"]) is None
        assert payer.deliver(COMPLETED) == [200]
    assert payer.state == "confirmed"
    assert till.letters_to(payer.email) == {"held": 1, "confirmed": 1}


def test_a_process_killed_in_the_middle_of_a_webhook_leaves_nothing_half_done(till: Till):
    payer = till.payer(till.meeting()).come()
    with till.told_later():
        payer.pay()
        with till.refusing(payer.payment["uid"]), ThreadPoolExecutor(1) as stripe:
            delivered = stripe.submit(payer.deliver, COMPLETED)
            till.wait_for_webhook()
            till.kill_workers()
            assert delivered.result(20) == [0]
        assert payer.state == "held"
        assert payer.deliver(COMPLETED) == [200]
    assert payer.state == "confirmed"
    assert till.books(payer.meeting["uid"]) == {"eur": 6000}
    assert "right" in till.command("check_seats")
