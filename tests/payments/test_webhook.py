"""The door at which Stripe knocks: who is believed, what is taken, and that nothing has its effect twice."""

import io
import json
import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from events.models import Payment, Registration, StripeEvent
from events.payments import hearing, webhook
from letters.models import Letter
from tests.payments import signed
from tests.payments.signed import PATH, SECRET, post, signature
from tests.registration import lives

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def till(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_of_these_tests"
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody answers there


@pytest.fixture
def payment() -> Payment:
    """Somebody has a seat kept, and Stripe's page before them."""
    begun = Payment.begin(lives.held(), "Meeting")
    begun.write_request({"mode": "payment"})
    hearing.settle_session(signed.session(begun, "open", "unpaid"))
    return now(begun)


def now(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def completed(payment: Payment, **more: Any) -> dict[str, Any]:
    return signed.event("checkout.session.completed", signed.session(payment), **more)


def place(payment: Payment) -> str:
    return Registration.objects.get(pk=payment.registration_id).state


def row(event: dict[str, Any]) -> StripeEvent:
    return StripeEvent.objects.get(event_id=event["id"])


# -- who is believed


def test_a_signed_event_confirms_the_place(payment):
    event = completed(payment)
    answer = post(event)
    assert (answer.status_code, answer.content) == (200, b"handled\n")
    assert (now(payment).state, place(payment)) == ("paid", "confirmed")
    assert (row(event).state, row(event).payment) == ("handled", payment)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=1e9,v1=00",
        "v1=" + "0" * 64,
        "t=1700000000",
        "t=1700000000,v1=" + "0" * 64,
        "t=99999999999999999999,v1=é",
    ],
)
def test_what_is_not_signed_is_not_believed(payment, header):
    assert post(completed(payment), header).status_code == 400
    assert place(payment) == "held"
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    ("secrets", "ago", "status"),
    [
        ([SECRET], 290, 200),
        ([SECRET], 310, 400),
        ([SECRET], -290, 200),
        ([SECRET], -320, 400),
        (["whsec_other"], 0, 400),
        ([""], 0, 400),
        (["whsec_other", SECRET], 0, 200),
    ],
)
def test_a_signature_is_by_our_secret_and_of_these_minutes(payment, secrets, ago, status):
    event = completed(payment)
    body = json.dumps(event).encode()
    assert post(event, signature(body, *secrets, ago=ago)).status_code == status
    assert place(payment) == ("confirmed" if status == 200 else "held")


def test_old_and_new_secret_are_both_believed_while_they_change(payment, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    body = json.dumps(completed(payment)).encode()
    assert post(body, signature(body, "whsec_new")).status_code == 200
    assert post(body, signature(body, SECRET)).status_code == 200
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]
    assert post(body, signature(body, SECRET)).status_code == 400


@pytest.mark.parametrize("secrets", [[], [""], ["  "], ["", "\t"]])
def test_an_empty_secret_never_accepts_anything(payment, settings, secrets):
    settings.STRIPE_WEBHOOK_SECRETS = secrets
    body = json.dumps(completed(payment)).encode()
    for secret in ("", "  ", "\t", SECRET):
        assert post(body, signature(body, secret)).status_code == 400
    assert place(payment) == "held"


def test_a_body_that_was_changed_on_the_way_is_not_believed(payment):
    body = json.dumps(completed(payment)).encode()
    assert post(body.replace(b"6000", b"6001"), signature(body)).status_code == 400


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_posts_are_taken(method):
    assert getattr(Client(), method)(PATH).status_code == 405


# -- what is no event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"null",
        b"[]",
        b'"evt_1"',
        b"17",
        '{"id": "évt"}'.encode("latin-1"),
        b"\xff\xfe{}",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"id": NaN}',
        b'{"id": ' + b"9" * 5_000 + b"}",
        b'{"id": "evt_1", "type": "x", "created": 1, "livemode": false, "data": []}',
        b'{"id": "evt_1", "type": "x", "created": 1, "livemode": "no", "data": {"object": {}}}',
        b'{"id": 5, "type": "x", "created": 1, "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt\\u0000", "type": "x", "created": 1, "livemode": false, "data": {"object": {}}}',
        b'{"id": "\\ud800", "type": "x", "created": 1, "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "x", "created": true, "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "x", "created": 1e400, "livemode": false, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "x", "created": 1099511627775, "livemode": false, "data": {"object": {}}}',
        b'{"object": "v2.core.event"}',
        b'{"object": "v2.core.event", "id": "evt_1", "type": ["v1.refund.created"], "livemode": false}',
    ],
)
def test_what_is_no_event_is_refused_without_a_trace(body):
    assert post(body).status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("checkout.session.completed", {}),
        ("checkout.session.completed", {"id": 5}),
        ("checkout.session.completed", {"id": "cs_1", "status": None, "payment_status": "paid"}),
        ("refund.created", {"id": "re_1", "payment_intent": ["pi_1"], "amount": -5, "status": "succeeded"}),
        ("charge.dispute.created", {"id": "du_1", "payment_intent": "pi_1"}),
        ("charge.refunded", {"amount_refunded": True}),
    ],
)
def test_an_event_whose_object_cannot_be_read_is_refused_and_noted(kind, subject):
    event = signed.event(kind, subject)
    assert post(event).status_code == 400
    assert (row(event).state, row(event).error) == ("failed", "Malformed")


class Endless(io.RawIOBase):
    """A body that never ends, and tells how much of it was read."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


@pytest.mark.parametrize("length", [webhook.LARGEST + 1, 10 << 20])
def test_a_body_that_says_it_is_too_long_is_not_read(rf, length):
    body = Endless()
    request = rf.generic("POST", PATH, b"", CONTENT_LENGTH=length, **{"wsgi.input": body})
    assert webhook.receive(request).status_code == 413
    assert body.given == 0


def test_a_megabyte_is_the_most_that_is_taken():
    assert post(b" " * webhook.LARGEST).status_code == 400
    assert post(b" " * (webhook.LARGEST + 1)).status_code == 413


def test_a_length_that_is_none_is_no_event(rf):
    request = rf.generic("POST", PATH, b"{}")
    request.META["CONTENT_LENGTH"] = "many"
    assert webhook.receive(request).status_code == 400


# -- what is not ours


@pytest.mark.parametrize(
    "more",
    [{"livemode": True}, {"account": "acct_other"}, {"context": "acct_other"}, {"type": "invoice.paid"}],
)
def test_what_is_not_ours_is_taken_without_effect_and_without_its_text(payment, more):
    event = completed(payment, **more)
    answer = post(event)
    assert (answer.status_code, answer.content) == (200, b"ignored\n")
    assert (row(event).state, row(event).payload, row(event).payment) == ("ignored", "", None)
    assert (now(payment).state, place(payment)) == ("open", "held")


def test_with_a_live_key_test_money_is_not_believed(payment, settings):
    settings.STRIPE_SECRET_KEY = "rk_live_1"
    assert post(completed(payment)).content == b"ignored\n"
    assert place(payment) == "held"


@pytest.mark.parametrize("metadata", [{}, None, {"payment": "none"}, {"payment": 5}, {"payment": "0" * 32}])
def test_a_session_of_another_shop_is_not_ours(payment, metadata):
    session = signed.session(payment, id="cs_other", client_reference_id=None, metadata=metadata)
    event = signed.event("checkout.session.completed", session)
    assert post(event).content == b"ignored\n"
    assert (row(event).payload, place(payment)) == ("", "held")


# -- once, whatever the order


def test_an_event_has_its_effect_once_however_often_it_comes(payment, monkeypatch):
    event = completed(payment)
    assert post(event).status_code == 200
    monkeypatch.setattr(hearing, "_look_after", broken)  # nobody comes there again
    assert [post(event).status_code for _ in range(3)] == [200] * 3
    assert row(event).deliveries == 4
    assert now(payment).changes.filter(verb="pay").count() == 1
    assert Letter.objects.filter(kind="confirmed").count() == 1


def test_two_events_of_one_payment_have_one_effect(payment):
    session = signed.session(payment)
    for kind in ("checkout.session.async_payment_succeeded", "checkout.session.completed"):
        assert post(signed.event(kind, session)).status_code == 200
    assert now(payment).received == payment.amount
    assert Letter.objects.filter(kind="confirmed").count() == 1


def test_the_word_that_a_session_expired_comes_too_late_after_its_money(payment):
    post(completed(payment))
    post(signed.event("checkout.session.expired", signed.session(payment, "expired", "unpaid")))
    assert (now(payment).state, place(payment)) == ("paid", "confirmed")


def test_a_method_that_takes_days_keeps_the_seat_and_gives_it_back_when_it_fails(payment):
    unpaid = signed.session(payment, paid="unpaid")
    post(signed.event("checkout.session.completed", unpaid))
    assert (now(payment).state, place(payment)) == ("processing", "held")
    post(signed.event("checkout.session.async_payment_failed", unpaid))
    assert (now(payment).state, place(payment)) == ("failed", "expired")
    post(signed.event("checkout.session.completed", unpaid))
    assert now(payment).state == "failed"


def test_that_it_failed_is_heard_before_that_it_was_completed(payment):
    unpaid = signed.session(payment, paid="unpaid")
    post(signed.event("checkout.session.async_payment_failed", unpaid))
    post(signed.event("checkout.session.completed", unpaid))
    assert (now(payment).state, place(payment)) == ("failed", "expired")


def test_an_event_that_knows_the_payment_before_its_answer_came_binds_its_session():
    begun = Payment.begin(lives.held(), "Meeting")
    post(completed(begun))
    assert (now(begun).session, now(begun).state) == (f"cs_test_{begun.uid.hex}", "paid")


def test_another_amount_is_for_the_staff_who_are_told_once(payment):
    boss = lives.staff()
    boss.email, boss.is_superuser = "boss@example.org", True
    boss.save()
    for kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        post(signed.event(kind, signed.session(payment, amount_total=5)))
    assert (now(payment).state, now(payment).received, place(payment)) == ("review", 5, "held")
    letter = Letter.objects.get(kind="payment_alert", recipient="boss@example.org")
    assert letter.facts == {"payment": payment.pk, "what": "review", "registration": payment.registration_id}


def test_a_second_session_of_one_wish_is_never_lost(payment):
    post(completed(payment))
    session = signed.session(payment, id="cs_second", payment_intent="pi_second")
    for _ in range(2):
        post(signed.event("checkout.session.completed", session))
    second = Payment.objects.get(session="cs_second")
    assert (second.state, second.received, second.claimed, second.rest) == ("paid", 6000, 6000, 0)
    assert second.refunds.get().reason == "twice"
    assert Letter.objects.filter(kind="paid_twice").count() == 1
    assert now(payment).claimed == 0


def test_a_second_session_that_is_the_only_one_paid_confirms_and_the_first_is_closed(payment):
    session = signed.session(payment, id="cs_second", payment_intent="pi_second")
    post(signed.event("checkout.session.completed", session))
    assert place(payment) == "confirmed"
    assert list(Payment.objects.to_end()) == [payment]


# -- refunds and disputes


def test_a_refund_told_of_before_its_payment_waits_for_it(payment):
    told = signed.refund(payment, 2500)
    first = signed.event("refund.created", told)
    assert post(first).content == b"waiting\n"
    assert (row(first).payment_intent, now(payment).refunded) == (told["payment_intent"], 0)
    post(completed(payment))
    assert row(first).state == "handled"
    assert (now(payment).refunded, now(payment).claimed, now(payment).rest) == (2500, 2500, 3500)
    assert (place(payment), now(payment).refunds.get().reason) == ("confirmed", "dashboard")


def test_a_refund_waits_while_the_money_is_on_its_way(payment):
    post(signed.event("checkout.session.completed", signed.session(payment, paid="unpaid")))
    event = signed.event("refund.created", signed.refund(payment, 6000))
    assert post(event).content == b"waiting\n"
    post(signed.event("checkout.session.async_payment_succeeded", signed.session(payment)))
    assert now(payment).refunded == 6000


def test_a_refund_told_of_in_every_way_is_one_refund(payment):
    post(completed(payment))
    told = signed.refund(payment, 2500, "pending")
    for kind in ("charge.refund.updated", "refund.created", "refund.updated"):
        post(signed.event(kind, told))
    post(signed.event("refund.updated", told | {"status": "succeeded"}))
    post(signed.event("refund.created", told))
    refund = now(payment).refunds.get()
    assert (refund.state, now(payment).refunded) == ("succeeded", 2500)


def test_a_refund_that_fails_counts_no_more_and_the_staff_are_told(payment):
    boss = lives.staff()
    boss.email, boss.is_superuser = "boss@example.org", True
    boss.save()
    post(completed(payment))
    told = signed.refund(payment, 6000)
    post(signed.event("refund.created", told))
    failed = told | {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    for kind in ("refund.failed", "refund.updated", "refund.created"):
        post(signed.event(kind, failed))
    post(signed.event("refund.updated", told))
    assert (now(payment).refunded, now(payment).claimed) == (0, 0)
    assert now(payment).refunds.get().error == "expired_or_canceled_card"
    assert Letter.objects.filter(kind="payment_alert", recipient="boss@example.org").count() == 1


def test_a_total_that_says_more_than_the_books_waits_until_the_refund_is_known(payment):
    post(completed(payment))
    event = signed.event("charge.refunded", signed.charge(payment, 2500))
    assert post(event).content == b"waiting\n"
    assert row(event).payment == payment
    post(signed.event("refund.created", signed.refund(payment, 2500)))
    hearing.again(row(event))
    assert row(event).state == "handled"


def test_a_dispute_goes_on_and_never_back(payment):
    boss = lives.staff()
    boss.email, boss.is_superuser = "boss@example.org", True
    boss.save()
    first = signed.event("charge.dispute.created", signed.dispute(payment, "needs_response"))
    assert post(first).content == b"waiting\n"
    post(completed(payment))
    assert (now(payment).dispute, now(payment).disputed) == ("needs_response", 6000)
    post(signed.event("charge.dispute.closed", signed.dispute(payment, "lost")))
    post(signed.event("charge.dispute.updated", signed.dispute(payment, "under_review")))
    post(signed.event("charge.dispute.created", signed.dispute(payment, "warning_needs_response")))
    assert (now(payment).dispute, now(payment).disputed) == ("lost", 6000)
    assert [letter.facts["what"] for letter in Letter.objects.filter(kind="payment_alert", recipient=boss.email)] == [
        "dispute",
        "dispute",
    ]


# -- when something goes wrong


def broken(*_: Any) -> Any:
    raise ZeroDivisionError("cs_test_secret payer@example.org")


def test_an_effect_that_fails_is_undone_noted_and_done_at_the_next_delivery(payment, monkeypatch, caplog):
    event = completed(payment)
    with monkeypatch.context() as patch:
        patch.setattr(hearing, "_look_after", broken)
        answer = post(event)
    assert (answer.status_code, row(event).state, row(event).error) == (500, "failed", "ZeroDivisionError")
    assert (now(payment).state, place(payment)) == ("open", "held")
    assert "payer@example.org" not in caplog.text + answer.content.decode()
    assert "Traceback" not in caplog.text
    assert post(event).status_code == 200
    assert (row(event).state, row(event).error, place(payment)) == ("handled", "", "confirmed")


def test_an_effect_that_failed_is_tried_again_from_its_text(payment, monkeypatch):
    event = completed(payment)
    with monkeypatch.context() as patch:
        patch.setattr(hearing, "_look_after", broken)
        post(event)
    hearing.again(row(event))
    assert (row(event).state, place(payment)) == ("handled", "confirmed")


@pytest.mark.parametrize("when", ["_have_effect", "_look_after"])
def test_a_database_that_refuses_asks_for_another_delivery_and_leaves_nothing_half_done(payment, monkeypatch, when):
    def refuse(*_: Any) -> None:
        raise OperationalError("could not obtain lock: payer@example.org")

    event = completed(payment)
    with monkeypatch.context() as patch:
        patch.setattr(hearing, when, refuse)
        assert post(event).status_code == 503
    assert not StripeEvent.objects.exists()
    assert (now(payment).state, place(payment)) == ("open", "held")
    assert post(event).status_code == 200


def test_nothing_of_an_event_is_ever_logged(payment, caplog, monkeypatch, settings):
    caplog.set_level(logging.DEBUG)
    session = signed.session(payment, customer_details={"email": "payer@example.org", "name": "Awa Payer"})
    post(signed.event("checkout.session.completed", session, livemode=True))
    post(signed.event("checkout.session.completed", session), "t=1,v1=2")
    post(b"payer@example.org")
    monkeypatch.setattr(hearing, "_look_after", broken)
    post(signed.event("checkout.session.completed", session))
    monkeypatch.undo()
    settings.STRIPE_SECRET_KEY = "sk_test_of_these_tests"
    logged = "\n".join(
        line for line in caplog.text.splitlines() if "django.db.backends" not in line and not line.startswith("DEBUG")
    )
    for secret in ("payer@example.org", "Awa Payer", SECRET, "sk_test", session["id"]):
        assert secret not in logged, secret
