"""One payment on the desk: what is told of it, and what the staff decide."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from events.desk.payments import verbs
from events.models import Event, Refund, Registration
from events.payments.client import Unreachable
from letters.models import Letter
from tests.desk.books import asked, now, opened, paid, place, priced, refunded
from tests.desk.people import text
from tests.factories import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sold(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_desk"


def page(desk, payment, language="en"):
    return desk.get(reverse("payments:inspect", args=[payment.pk]), headers={"accept-language": language})


def send(desk, verb, payment, **answers):
    return desk.post(reverse(f"payments:{verb}", args=[payment.pk]), answers)


def refund(desk, payment, amount, **answers):
    return send(desk, "refund", payment, **{"amount": amount, "reason": "ill", "wish": str(uuid.uuid4())} | answers)


def test_a_payment_is_told_in_plain_words_with_the_way_to_stripe(desk):
    payment = paid(priced())
    said = text(page(desk, payment))
    assert "Paid" in said
    assert "€60.00" in said
    assert f"https://dashboard.stripe.com/test/payments/{payment.payment_intent}" in said
    assert "The page to pay was made at Stripe" in said
    french = text(page(desk, payment, "fr"))
    assert "60,00 €" in french
    assert reverse("registrations:inspect", args=[payment.registration_id]) in french


def test_real_money_leads_to_the_real_dashboard(desk):
    payment = paid(priced())
    type(payment).objects.filter(pk=payment.pk).update(is_live=True)
    assert f"https://dashboard.stripe.com/payments/{payment.payment_intent}" in text(page(desk, payment))


def test_part_of_it_goes_back_and_the_place_stays(desk):
    payment = paid(priced())
    assert refund(desk, payment, "20.50", letter="on").status_code == 303
    row = Refund.objects.get()
    assert (row.amount, row.currency, row.reason, row.why, row.tells) == (2050, "EUR", "staff", "ill", True)
    assert row.by.username == "staff"
    assert place(payment).is_confirmed
    assert place(payment).fee == 6000
    assert "€39.50" in text(page(desk, payment))


def test_whoever_gets_all_back_and_keeps_the_place_owes_nothing_any_more(desk):
    payment = paid(priced())
    refund(desk, payment, "60")
    assert place(payment).is_confirmed
    assert place(payment).fee == 0
    assert Refund.objects.get().tells is False
    history = text(desk.get(reverse("registrations:inspect", args=[payment.registration_id])))
    assert "Owes nothing any more" in history


def test_with_the_place_the_seat_is_free_and_one_letter_names_the_amount(desk):
    payment = paid(priced())
    assert refund(desk, payment, "10", cancels="on").status_code == 303
    assert place(payment).state == "cancelled"
    assert Refund.objects.get().amount == 1000
    assert Letter.objects.get(kind="cancelled").facts["refund"] == 1000


@pytest.mark.parametrize("more", [{}, {"cancels": "on"}])
def test_the_same_click_twice_is_one_refund(desk, more):
    payment, wish = paid(priced()), str(uuid.uuid4())
    for _time in range(2):
        assert refund(desk, payment, "20", wish=wish, **more).status_code == 303
    assert [row.amount for row in Refund.objects.all()] == [2000]


def test_more_than_is_left_is_refused_with_the_number_and_all_that_was_written(desk):
    payment = paid(priced())
    refund(desk, payment, "45")
    answer = refund(desk, payment, "15.01", reason="once more", letter="on")
    assert answer.status_code == 422
    said = text(answer)
    assert "No more than €15.00 can go back." in said
    form = answer.context["refund"]
    assert (form["amount"].value(), form["reason"].value()) == ("15.01", "once more")
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "all"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"wish": "x"}, "wish"),
    ],
)
def test_a_refund_needs_an_amount_and_a_reason(desk, answers, field):
    payment = paid(priced())
    answer = refund(desk, payment, **{"amount": "5"} | answers)
    assert answer.status_code == 422
    assert field in answer.context["refund"].errors
    assert not Refund.objects.exists()


def test_an_amount_without_small_change_is_written_in_whole_francs(desk):
    payment = paid(priced(15000, "XOF"))
    assert refund(desk, payment, "0.50").status_code == 422
    assert refund(desk, payment, "5 000").status_code == 303
    assert Refund.objects.get().amount == 5000


def test_what_was_not_asked_waits_for_the_staff_who_take_it(desk):
    payment = paid(priced(), amount=5000)
    said = text(page(desk, payment))
    assert "Another amount came than was asked." in said
    assert place(payment).state == "held"
    assert send(desk, "accept", payment, reason="").status_code == 422
    assert place(payment).state == "held"
    for _time in range(2):
        assert send(desk, "accept", payment, reason="agreed by phone").status_code == 303
    assert place(payment).is_confirmed
    assert now(payment).changes.filter(verb="accept", why="agreed by phone").count() == 1


def test_or_send_it_back(desk):
    payment = paid(priced(), currency="USD")
    for _time in range(2):
        assert send(desk, "send_back", payment, reason="wrong currency").status_code == 303
    assert place(payment).state == "cancelled"
    assert [(row.amount, row.currency) for row in Refund.objects.all()] == [(6000, "USD")]


def test_stripe_is_asked_now_and_its_silence_is_told(desk, monkeypatch):
    payment = opened(asked(priced()))

    def silent(payment):
        raise Unreachable("APIConnectionError")

    monkeypatch.setattr(verbs.reconciling, "look_again", silent)
    answer = send(desk, "ask", payment)
    assert answer.status_code == 422
    assert "be reached now" in text(answer)

    def knows(payment):
        payment.paid(payment.session, "pi_asked", 6000, "EUR")

    monkeypatch.setattr(verbs.reconciling, "look_again", knows)
    answer = desk.post(reverse("payments:ask", args=[payment.pk]), follow=True)
    assert "Stripe knew more" in text(answer)
    assert place(payment).is_confirmed


def test_a_refund_that_failed_needs_attention_until_it_is_asked_again_or_settled(desk):
    payment = paid(priced())
    refund(desk, payment, "20")
    row = Refund.objects.get()
    payment.heard_of_refund("re_lost", str(row.uid), 2000, "failed", "expired_or_canceled_card")
    said = text(page(desk, payment))
    assert "A refund has failed." in said
    assert "expired_or_canceled_card" in said
    listed = reverse("payments:index") + "?where=attention"
    assert payment.payer_name in text(desk.get(listed))
    assert send(desk, "settle", payment, reason="given by hand").status_code == 303
    assert payment.payer_name not in text(desk.get(listed))
    assert "Looked at: nothing more to do" in text(page(desk, payment))
    payment.heard_of_dispute("dp_1", "needs_response", 6000)
    assert payment.payer_name in text(desk.get(listed))


def test_refunded_from_the_dashboard_with_the_place_kept_needs_attention(desk):
    payment = paid(priced())
    refunded(payment, 6000)
    assert "the place is still kept" in text(page(desk, payment))
    Registration.objects.get(pk=payment.registration_id).cancel()
    assert "the place is still kept" not in text(page(desk, payment))


def test_a_dispute_is_told_in_words_and_is_over_when_won(desk):
    payment = paid(priced())
    payment.heard_of_dispute("dp_2", "needs_response", 6000)
    said = text(page(desk, payment))
    assert "answer in Stripe’s dashboard" in said
    assert "This payment needs attention." in said
    payment.heard_of_dispute("dp_2", "won", 6000)
    assert "This payment needs attention." not in text(page(desk, payment))


def test_only_a_post_decides(desk):
    payment = paid(priced())
    for verb in ("refund", "accept", "send_back", "settle", "ask"):
        assert desk.get(reverse(f"payments:{verb}", args=[payment.pk])).status_code == 405


# -- the whole event


def everybody(event):
    return reverse("payments:everybody", args=[event.uid])


def test_of_an_event_that_is_called_off_everybody_is_refunded_once(desk):
    event = priced()
    some = [paid(event, name) for name in ("Awa Diop", "Bela Costa", "Chen Li")]
    refund(desk, some[0], "20")
    assert "takes place" in text(desk.get(everybody(event)))
    assert desk.post(everybody(event), {"reason": "flood"}).status_code == 422
    publish(event, status=Event.Status.CANCELLED)
    assert "€160.00 of 3 payments" in text(desk.get(everybody(event)))
    assert desk.post(everybody(event), {"reason": ""}).status_code == 422
    for _time in range(2):
        assert desk.post(everybody(event), {"reason": "flood"}).status_code == 303
    assert sorted(row.amount for row in Refund.objects.all()) == [2000, 4000, 6000, 6000]
    assert Refund.objects.filter(reason="event", tells=True, why="flood").count() == 3
    assert all(now(one).rest == 0 for one in some)
    assert "Nothing is left to refund" in text(desk.get(everybody(event)))


def test_what_is_stopped_half_way_goes_on(desk, monkeypatch):
    event = priced()
    some = [paid(event, name) for name in ("Awa Diop", "Bela Costa")]
    publish(event, status=Event.Status.CANCELLED)
    real = type(some[0]).ask_refund

    def stops(self, *args, **kwargs):
        if self.pk == some[1].pk:
            raise KeyboardInterrupt
        return real(self, *args, **kwargs)

    monkeypatch.setattr(type(some[0]), "ask_refund", stops)
    with pytest.raises(KeyboardInterrupt):
        desk.post(everybody(event), {"reason": "flood"})
    monkeypatch.setattr(type(some[0]), "ask_refund", real)
    desk.post(everybody(event), {"reason": "flood"})
    assert [row.payment_id for row in Refund.objects.order_by("pk")] == [one.pk for one in some]


def test_the_sums_of_an_event_by_currency_and_ticket(desk):
    event = priced()
    first, second = paid(event, "Awa Diop"), paid(event, "Bela Costa")
    refunded(first, 1500)
    second.heard_of_dispute("dp_3", "needs_response", 6000)
    paid(event, "Chen Li", amount=100)
    asked(event, "Dia Fall")
    guest = Registration(
        event=event, ticket=event.tickets.get(), name="Eva", email="eva@example.org", attendance="onsite", language="fr"
    )
    guest.enter(by=desk.get("/admin/").wsgi_request.user)
    tables = desk.get(reverse("payments:event", args=[event.uid])).context["tables"]
    assert [table.currency for table in tables] == ["EUR"]
    found = [(cell.count, cell.amount) for cell in tables[0].total]
    assert found == [
        ("2", "€120.00"),
        ("1", "€15.00"),
        ("2", "€105.00"),
        ("1", "€60.00"),
        ("0", ""),
        ("1", "€1.00"),
        ("1", "€60.00"),
        ("1", ""),
    ]
    assert [(cell.count, cell.amount) for cell in tables[0].rows[0][1]] == found
    for cell in tables[0].total:
        if cell.url:
            assert desk.get(cell.url).status_code == 200


# -- who may


def test_whoever_may_only_see_decides_nothing(staff, db):
    payment = paid(priced())
    staff.groups.clear()
    staff.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_registration", "view_event"])
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    said = page(client, payment)
    assert said.status_code == 200
    assert "What can be decided" not in text(said)
    for verb in ("refund", "settle", "ask", "accept", "send_back"):
        assert client.post(reverse(f"payments:{verb}", args=[payment.pk]), {"reason": "x"}).status_code in (302, 403)
    assert client.get(everybody(payment.event)).status_code in (302, 403)
    assert not Refund.objects.exists()


def test_a_translator_sees_nothing_of_payments(translator):
    payment = paid(priced())
    for address in (
        reverse("payments:index"),
        reverse("payments:inspect", args=[payment.pk]),
        reverse("payments:event", args=[payment.event.uid]),
    ):
        assert translator.get(address).status_code in (302, 403, 404)
