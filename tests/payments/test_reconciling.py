"""The worker's part: refunds that leave once, and books that agree with Stripe whatever was not told."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from events.models import Payment, Refund, Registration, StripeEvent
from events.payments import checkout, client, hearing, reconciling, refunding, report
from letters.jobs import JobFailed
from letters.models import Letter
from tests.payments import signed
from tests.registration import lives
from tests.stripe import Double

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings) -> Iterator[Double]:
    with Double() as double:
        settings.STRIPE_SECRET_KEY = double.key
        settings.STRIPE_API_BASE = double.url
        settings.STRIPE_WEBHOOK_SECRETS = [signed.SECRET]
        yield double


@pytest.fixture
def boss() -> str:
    """Somebody of the staff, who gets alerts."""
    person = lives.staff()
    person.email, person.is_superuser = "boss@example.org", True
    person.save()
    return person.email


@pytest.fixture
def begun() -> Payment:
    """Somebody has pressed the button to pay."""
    return Payment.begin(lives.held(), "Meeting")


@pytest.fixture
def opened(stripe: Double, begun: Payment) -> Payment:
    """Stripe's page is before them."""
    checkout.open_session(begun)
    return now(begun)


@pytest.fixture
def paid(stripe: Double, opened: Payment) -> Payment:
    """They have paid, and it was heard."""
    hearing.settle_session(stripe.pay(opened.session or ""))
    return now(opened)


def now(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def place(payment: Payment) -> str:
    return Registration.objects.get(pk=payment.registration_id).state


def later(payment: Payment, **ago: float) -> None:
    """So much time has passed since it was begun."""
    gap = dt.timedelta(**ago)
    row = now(payment)
    ends = row.session_ends_at and row.session_ends_at - gap
    checked = row.checked_at and row.checked_at - gap
    Payment.objects.filter(pk=row.pk).update(created_at=row.created_at - gap, session_ends_at=ends, checked_at=checked)
    place = Registration.objects.get(pk=row.registration_id)
    if place.expires_at:
        Registration.objects.filter(pk=place.pk).update(expires_at=place.expires_at - gap)


def asked(stripe: Double, method: str, path: str) -> list[Any]:
    return [one for one in stripe.requests if one.method == method and one.path.startswith(path)]


def alerts(boss: str) -> list[str]:
    return [letter.facts["what"] for letter in Letter.objects.filter(kind="payment_alert", recipient=boss)]


# -- refunds


def test_a_refund_leaves_once_and_the_payer_is_told(stripe, paid):
    paid.ask_refund(2500, "staff", by=lives.staff(), why="goodwill", letter=True)
    assert refunding.waiting()
    assert refunding.carry_out() == "1 sent"
    assert refunding.carry_out() == "0 sent"
    [made] = stripe.refunds(paid.payment_intent)
    refund = paid.refunds.get()
    assert (made["amount"], made["metadata"]["refund"], refund.stripe_id) == (2500, str(refund.uid), made["id"])
    assert (refund.state, now(paid).refunded, now(paid).claimed) == ("succeeded", 2500, 2500)
    for event in stripe.events():
        hearing.hear(event)
    assert (now(paid).refunded, now(paid).refunds.count()) == (2500, 1)
    letter = Letter.objects.get(kind="refund")
    assert (letter.facts["refund"], letter.recipient) == (2500, paid.payer_email)


def test_a_refund_without_a_wish_for_a_letter_writes_none(stripe, paid):
    paid.ask_refund(2500, "staff")
    refunding.carry_out()
    assert not Letter.objects.filter(kind="refund").exists()


def test_a_worker_killed_between_call_and_note_makes_one_refund(stripe, paid, monkeypatch):
    paid.ask_refund(2500, "staff")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(hearing, "heard", killed)
        with pytest.raises(KeyboardInterrupt):
            refunding.carry_out()
    assert refunding.carry_out() == "0 sent"  # its lease is not over
    Refund.objects.update(due_at=timezone.now())
    assert refunding.carry_out() == "1 sent"
    assert len(stripe.refunds()) == 1
    assert now(paid).refunded == 2500


@pytest.mark.parametrize("fault", ["lose", "drop"])
def test_an_answer_that_is_lost_ends_in_one_refund(stripe, paid, fault):
    paid.ask_refund(2500, "staff")
    getattr(stripe.faults, fault)("POST /v1/refunds", times=3)
    with pytest.raises(JobFailed, match="could not be reached"):
        refunding.carry_out()
    assert now(paid).claimed == 2500
    Refund.objects.update(due_at=timezone.now())
    refunding.carry_out()
    assert len(stripe.refunds()) == 1


def test_while_stripe_is_down_one_call_is_tried_and_each_refund_waits_longer(stripe, paid):
    paid.ask_refund(1000, "staff")
    paid.ask_refund(2000, "staff")
    stripe.faults.error(500, "POST /v1/refunds", times=1000)
    for tries in (1, 2, 3):
        Refund.objects.filter(amount=1000).update(due_at=timezone.now())
        Refund.objects.filter(amount=2000).update(due_at=timezone.now() + dt.timedelta(hours=1))
        with pytest.raises(JobFailed):
            refunding.carry_out()
        first = paid.refunds.get(amount=1000)
        pause = refunding.PAUSES[tries - 1]
        assert first.tries == tries
        assert abs(first.due_at - timezone.now() - pause) < dt.timedelta(seconds=30)
    Refund.objects.update(due_at=timezone.now())
    before = len(asked(stripe, "POST", "/v1/refunds"))
    with pytest.raises(JobFailed):
        refunding.carry_out()
    keys = {one.idempotency_key for one in asked(stripe, "POST", "/v1/refunds")[before:]}
    assert len(keys) == 1  # the other one was not even tried


def test_what_stripe_refuses_no_longer_counts_and_the_staff_are_told_once(stripe, paid, boss):
    stripe.dispute(paid.payment_intent)
    paid.ask_refund(2500, "staff")
    assert refunding.carry_out() == "0 sent"
    refund = paid.refunds.get()
    assert (refund.state, refund.error, now(paid).claimed, now(paid).rest) == ("failed", "charge_disputed", 0, 6000)
    assert refunding.carry_out() == "0 sent"
    assert alerts(boss) == ["refund_failed"]


def test_a_refund_from_the_dashboard_takes_the_place_of_ours(stripe, paid, boss):
    paid.ask_refund(4000, "staff")
    stripe.refund(paid.payment_intent, 6000)
    assert refunding.carry_out() == "0 sent"
    assert (paid.refunds.get().state, now(paid).claimed) == ("failed", 0)
    for event in stripe.events():
        hearing.hear(event)
    assert (now(paid).refunded, now(paid).claimed) == (6000, 6000)


def test_an_empty_balance_is_waited_for(stripe, paid):
    stripe.next_refund("balance_insufficient")
    paid.ask_refund(2500, "staff")
    assert refunding.carry_out() == "0 sent"
    assert paid.refunds.get().state == "sent"


def test_a_key_that_is_too_old_is_not_trusted_what_stripe_has_is_taken_over(stripe, paid):
    paid.ask_refund(2500, "staff")
    stripe.faults.lose("POST /v1/refunds", times=3)
    with pytest.raises(JobFailed):
        refunding.carry_out()
    stripe.clock.move(hours=25)  # Stripe has forgotten the key
    Refund.objects.update(due_at=timezone.now(), first_sent_at=timezone.now() - dt.timedelta(hours=24))
    assert refunding.carry_out() == "1 sent"
    assert len(stripe.refunds()) == 1
    assert paid.refunds.get().attempt == 1


def test_what_stripe_refuses_because_it_was_done_already_is_done(stripe, paid, boss):
    paid.ask_refund(6000, "staff")
    stripe.faults.lose("POST /v1/refunds", times=3)
    with pytest.raises(JobFailed):
        refunding.carry_out()
    stripe.account.keys.kept.clear()  # the key is forgotten before its time
    Refund.objects.update(due_at=timezone.now())
    assert refunding.carry_out() == "1 sent"
    assert (paid.refunds.get().state, now(paid).refunded, len(stripe.refunds())) == ("succeeded", 6000, 1)
    assert alerts(boss) == []


def test_a_key_that_is_too_old_and_never_arrived_is_another_attempt(stripe, paid):
    paid.ask_refund(2500, "staff")
    stripe.faults.drop("POST /v1/refunds", times=3)
    with pytest.raises(JobFailed):
        refunding.carry_out()
    Refund.objects.update(due_at=timezone.now(), first_sent_at=timezone.now() - dt.timedelta(hours=24))
    assert refunding.carry_out() == "1 sent"
    assert (len(stripe.refunds()), paid.refunds.get().attempt) == (1, 2)


def test_a_refund_that_takes_days_is_asked_about(stripe, paid):
    stripe.next_refund("pending")
    paid.ask_refund(2500, "staff")
    refunding.carry_out()
    assert (paid.refunds.get().state, now(paid).refunded) == ("pending", 2500)
    stripe.settle_refund(paid.refunds.get().stripe_id)
    Refund.objects.update(due_at=timezone.now())
    reconciling.reconcile()
    assert paid.refunds.get().state == "succeeded"


# -- sessions


def test_a_session_whose_answer_was_lost_is_asked_for_again_and_is_the_same(stripe, begun):
    stripe.faults.lose("POST /v1/checkout/sessions", times=3)
    with pytest.raises(client.Unreachable):
        checkout.open_session(begun)
    reconciling.reconcile()
    assert now(begun).session is None  # somebody may be about to ask for it
    later(begun, minutes=2)
    reconciling.reconcile()
    [session] = stripe.sessions()
    assert (now(begun).session, now(begun).state) == (session["id"], "open")


def test_money_whose_webhook_never_came_is_found(stripe, opened):
    stripe.pay(opened.session)
    reconciling.reconcile()
    assert now(opened).state == "open"  # just begun: the webhook is on its way
    later(opened, minutes=6)
    reconciling.reconcile()
    assert (now(opened).state, place(opened)) == ("paid", "confirmed")
    before = len(stripe.requests)
    reconciling.reconcile()
    assert len(stripe.requests) == before  # nothing is left to be asked


def test_a_session_that_ended_unheard_is_found(stripe, opened):
    stripe.clock.move(minutes=41)
    later(opened, minutes=41)
    reconciling.reconcile()
    assert now(opened).state == "expired"


def test_a_session_is_not_asked_about_all_the_time(stripe, opened):
    later(opened, minutes=6)
    reconciling.reconcile()
    before = len(stripe.requests)
    reconciling.reconcile()
    assert len(stripe.requests) == before


@pytest.mark.parametrize("ok", [True, False])
def test_a_method_that_takes_days_is_asked_about(stripe, opened, ok):
    hearing.settle_session(stripe.pay(opened.session, "delayed"))
    stripe.settle(opened.session, ok)
    reconciling.reconcile()
    assert (now(opened).state, place(opened)) == (("paid", "confirmed") if ok else ("failed", "expired"))


def test_nobody_can_pay_any_more_for_a_place_that_was_given_back(stripe, opened):
    Registration.objects.get(pk=opened.registration_id).cancel()
    reconciling.reconcile()
    assert stripe.session(opened.session)["status"] == "expired"
    assert now(opened).state == "expired"


def test_nobody_can_pay_any_more_for_a_place_that_ran_out(stripe, opened):
    Registration.objects.filter(pk=opened.registration_id).update(expires_at=timezone.now())
    assert Registration.objects.get(pk=opened.registration_id).expire()
    reconciling.reconcile()
    assert now(opened).state == "expired"


def test_money_that_came_just_before_its_session_was_to_be_closed_goes_back(stripe, opened):
    Registration.objects.get(pk=opened.registration_id).cancel()
    stripe.pay(opened.session)
    reconciling.reconcile()
    assert (now(opened).state, now(opened).claimed, place(opened)) == ("paid", 6000, "cancelled")
    refunding.carry_out()
    assert stripe.books() == {"eur": 0}


def test_a_payment_that_was_never_sent_ends_with_its_place(stripe, begun):
    later(begun, hours=1)
    reconciling.reconcile()
    assert (now(begun).state, stripe.sessions()) == ("expired", [])


def test_one_that_fails_stops_no_other(stripe, opened, monkeypatch):
    other = Payment.begin(lives.held(), "Meeting")
    checkout.open_session(other)
    stripe.pay(other.session)
    Payment.objects.filter(pk=opened.pk).update(session="cs_test_unknown")
    later(opened, minutes=10)
    later(other, minutes=10)
    with pytest.raises(JobFailed, match=f"Payment {opened.pk}: Gone resource_missing"):
        reconciling.reconcile()
    assert now(other).state == "paid"


def test_a_stripe_that_is_down_is_found_down_once(stripe, opened):
    other = Payment.begin(lives.held(), "Meeting")
    checkout.open_session(other)
    later(opened, minutes=10)
    later(other, minutes=10)
    stripe.faults.down()
    with pytest.raises(JobFailed) as failed:
        reconciling.reconcile()
    assert str(failed.value).count("could not be reached") == 1
    stripe.faults.up()


# -- events


def test_a_total_that_says_more_is_compared_with_what_stripe_lists(stripe, paid):
    stripe.refund(paid.payment_intent, 2500)
    event = stripe.event("charge.refunded")
    hearing.hear(event)
    assert now(paid).refunded == 0
    reconciling.reconcile()
    assert now(paid).refunded == 2500
    assert StripeEvent.objects.get(event_id=event["id"]).state == "handled"


def test_events_that_failed_are_heard_again(stripe, opened, monkeypatch):
    stripe.pay(opened.session)
    with monkeypatch.context() as patch:
        patch.setattr(hearing, "_look_after", lambda _payment: 1 / 0)
        with pytest.raises(hearing.Failed):
            hearing.hear(stripe.event("checkout.session.completed"))
    reconciling.reconcile()
    assert (now(opened).state, StripeEvent.objects.get().state) == ("paid", "handled")


def test_once_a_day_what_could_not_be_delivered_is_fetched(stripe, opened, monkeypatch):
    stripe.hook("http://127.0.0.1:9/stripe/webhook/", signed.SECRET)
    stripe.pay(opened.session)
    stripe.wait()
    assert stripe.undelivered()
    assert "0 refunds" in reconciling.sweep()
    assert (now(opened).state, place(opened)) == ("paid", "confirmed")
    handled = StripeEvent.objects.get(type="checkout.session.completed")
    reconciling.sweep()
    handled.refresh_from_db()
    assert handled.deliveries == 1


def test_once_a_day_refunds_nobody_told_of_are_found(stripe, paid):
    for amount in range(1, 13):
        stripe.refund(paid.payment_intent, amount)
    told = reconciling.sweep()
    assert "12 refunds" in told
    assert now(paid).refunded == sum(range(1, 13))
    assert "0 refunds" in reconciling.sweep()


def test_texts_are_emptied_after_ninety_days_and_the_numbers_stay(stripe, paid, opened):
    kept = StripeEvent.objects.create(event_id="evt_new", type="x", created=timezone.now(), payload="{}")
    old = StripeEvent.objects.create(
        event_id="evt_old",
        type="x",
        created=timezone.now(),
        payload="{}",
        state="waiting",
        received_at=timezone.now() - dt.timedelta(days=91),
    )
    Payment.objects.filter(pk=paid.pk).update(created_at=timezone.now() - dt.timedelta(days=91))
    assert reconciling.purge() == 2
    kept.refresh_from_db()
    old.refresh_from_db()
    assert (kept.payload, old.payload, old.state) == ("{}", "", "ignored")
    assert (now(paid).request, now(paid).session_url, now(paid).received) == ("", "", 6000)
    assert now(paid).session
    assert reconciling.purge() == 0


# -- thin events


def thin(event: dict[str, Any], **more: Any) -> dict[str, Any]:
    subject = event["data"]["object"]
    return {
        "id": "evt_thin_1",
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "created": "2026-11-20T10:00:00.000Z",
        "livemode": False,
        "related_object": {"id": subject["id"], "type": subject["object"], "url": "/v1/x"},
    } | more


def test_a_thin_event_makes_the_site_ask(stripe, opened):
    stripe.pay(opened.session)
    told = thin(stripe.event("checkout.session.completed"))
    stripe.faults.error(500, "GET *", times=3)
    assert signed.post(told).status_code == 503
    assert signed.post(told).content == b"handled\n"
    assert (now(opened).state, place(opened)) == ("paid", "confirmed")
    stripe.refund(opened.payment_intent or now(opened).payment_intent, 2500)
    assert signed.post(thin(stripe.event("refund.created"), id="evt_thin_2")).content == b"handled\n"
    assert now(opened).refunded == 2500


@pytest.mark.parametrize(
    "more",
    [{"livemode": True}, {"context": "acct_1"}, {"type": "v1.invoice.paid"}, {"related_object": None}]
    + [{"related_object": {"id": name, "type": "checkout.session"}} for name in ("cs_unknown", "../account", 5)],
)
def test_a_thin_event_of_others_is_taken_without_effect(stripe, opened, more):
    stripe.pay(opened.session)
    assert signed.post(thin(stripe.event("checkout.session.completed"), **more)).status_code == 200
    assert now(opened).state == "open"


# -- the command


def test_without_a_key_all_of_it_is_silent_and_free(django_assert_num_queries, settings):
    settings.STRIPE_SECRET_KEY = ""
    with django_assert_num_queries(0):
        assert not refunding.waiting()
        assert refunding.carry_out() == reconciling.reconcile() == "no payments here"
    out = io.StringIO()
    call_command("reconcile_payments", stdout=out)
    assert "No payments." in out.getvalue()


def test_texts_are_emptied_without_a_key_too(settings):
    settings.STRIPE_SECRET_KEY = ""
    StripeEvent.objects.create(
        event_id="evt_old", type="x", created=timezone.now(), payload="{}", received_at="2020-01-01T00:00Z"
    )
    assert reconciling.sweep() == "no payments here, 1 texts emptied"
    assert StripeEvent.objects.get().payload == ""


def test_the_command_reports_each_currency(stripe, paid):
    paid.ask_refund(2500, "staff")
    out = io.StringIO()
    call_command("reconcile_payments", "--report", stdout=out)
    assert "EUR: received €60.00, to be refunded €25.00" in out.getvalue()
    assert not stripe.refunds()
    Refund.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    assert report.stuck() == 1
    call_command("reconcile_payments", stdout=out)
    assert "EUR: received €60.00, refunded €25.00" in out.getvalue()
    assert "Refunds stuck: 0, failed: 0" in out.getvalue()


def test_the_command_says_so_when_stripe_is_away(stripe, paid):
    paid.ask_refund(2500, "staff")
    stripe.faults.down()
    with pytest.raises(CommandError):
        call_command("reconcile_payments", stdout=io.StringIO())
