"""What people are written about money: the right amount in their language, true when it leaves, and a way to go on."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.users.models import UserProfile

from events.models import Payment, PaymentState, RefundStep, Registration, Transfer
from events.payments import alerts
from events.registration import links
from letters.carrying import carry
from letters.desk import shown_to_staff
from letters.models import Letter
from pages.discretion import TOKEN
from tests.factories import TicketFactory, told
from tests.registration.lives import ended, entered, now, staff
from tests.registration.people import address, kinds, meeting

pytestmark = pytest.mark.django_db

SUMS = [
    ("fr", 6000, "EUR", "60,00 €"),
    ("en", 6000, "EUR", "€60.00"),
    ("es", 6000, "EUR", "60,00 €"),
    ("fr", 150000, "INR", "1 500,00 ₹"),
    ("en", 150000, "INR", "₹1,500.00"),
    ("es", 150000, "INR", "1.500,00 INR"),
    ("fr", 15000, "XOF", "15 000 F CFA"),
    ("en", 15000, "XOF", "F CFA 15,000"),
    ("es", 15000, "XOF", "15.000 XOF"),
]
in_each_language = pytest.mark.parametrize(("language", "price", "currency", "said"), SUMS)


def asks(price=6000, currency="EUR", email="asha@example.org", event=None, **person):
    """Asha's seat is kept for a payment."""
    event = event or meeting(allows_transfer=True, capacity=2)
    ticket = event.tickets.first() or TicketFactory(
        event=event, price=price, currency=currency, name=told("Plein tarif", "Full price", "Tarifa completa")
    )
    with override_settings(STRIPE_SECRET_KEY="sk_test_of_the_letters"):  # the worker, without it, asks nobody anything
        return entered(event, email, ticket=ticket, **{"language": "en"} | person)


def begun(registration):
    payment = Payment.begin(registration, "Nairobi meeting")
    payment.opened(f"cs_{payment.pk}", "https://pay.example/", timezone.now() + dt.timedelta(minutes=40), is_live=False)
    return payment


def paid(payment, amount=None, currency=None):
    payment.paid(f"cs_{payment.pk}", f"pi_{payment.pk}", amount or payment.amount, currency or payment.currency)
    payment.refresh_from_db()
    return payment


def pays(*args, **more):
    registration = asks(*args, **more)
    payment = paid(begun(registration))
    return now(registration), payment


def letters():
    """Those that have left once the worker has carried what is due; it does nothing else here."""
    carry()
    return list(mail.outbox)


def flat(text):
    """On one line, each space plain and single."""
    return re.sub(r"\s+", " ", text)


def last():
    """The last letter that left, in both its forms; a number stands in both alike."""
    message = letters()[-1]
    assert message.body, message.subject
    return message, flat(message.body), flat(unescape(str(message.alternatives[0][0])))


def says(said):
    """The last letter has these words, as text and as a page."""
    message, text, page = last()
    assert said in text, text
    assert said in page, page
    assert "{" not in message.subject + text
    return message


def unstamped(text):
    """Without the moment at which its links were signed, and the signature."""
    return re.sub(r":[\w-]+:[\w-]+", "", text)


def links_in(message):
    """Every address in a letter that leads into the site, as its path."""
    return [unstamped(path) for path in re.findall(r"https?://[^/\s]+(/\S+)", message.body)]


def leads(name, registration, language="en"):
    return unstamped(address(name, links.token(registration), language=language))


@in_each_language
def test_a_kept_seat_is_told_with_its_price_and_the_way_to_pay(language, price, currency, said):
    asha = asks(price, currency, language=language)
    message = says(said)
    pay = {"fr": "Payer", "en": "Pay", "es": "Pagar"}[language]
    assert f"{pay} {said}" in flat(message.body)
    page = str(message.alternatives[0][0])
    assert f'lang="{language}"' in page
    to_pay, own = links_in(message)
    assert to_pay.startswith(address("pay", "TOKEN", language=language).partition("TOKEN")[0])
    assert own == leads("participant", asha, language)
    until = {"fr": "La place vous est gardée", "en": "The seat is kept for you until", "es": "plaza"}[language]
    assert until in message.body
    assert "UTC+3" in message.body, "until when, on the clock of the meeting"


def test_who_has_paid_or_is_paying_is_not_asked_to_pay():
    asha = asks()
    payment = begun(asha)
    payment.processing(f"cs_{payment.pk}", None)
    assert letters() == []
    assert Letter.objects.get(kind="held").ending == Letter.Ending.WITHDRAWN


def test_a_seat_no_longer_kept_is_not_to_be_paid():
    asha = asks()
    ended(asha)
    message, text, _page = last()
    assert [one.subject for one in mail.outbox] == [message.subject], "the letter that asked has not left"
    assert "not paid in time" in text
    assert "register again" in text
    assert links_in(message) == [leads("participant", asha)]


@in_each_language
def test_who_paid_is_told_what_and_finds_the_receipt(language, price, currency, said):
    asha, _payment = pays(price, currency, language=language)
    message = says(said)
    receipt = leads("receipt", asha, language)
    assert receipt in links_in(message)
    assert receipt in unstamped(str(message.alternatives[0][0]))
    assert Client().get(address("receipt", links.token(asha), language=language)).status_code == 200


def test_an_accepted_request_that_was_paid_says_so_too():
    event = meeting(needs_approval=True)
    asha = asks(event=event)
    asha.approve(by=staff())
    assert kinds()[-1] == "held"
    paid(begun(now(asha)))
    assert kinds()[-1] == "confirmed"
    says("€60.00")


def test_of_what_is_free_or_waived_no_letter_speaks_of_money():
    entered(meeting(), language="en")
    waived = asks(email="ben@example.org", name="Ben")
    waived.confirm(by=staff())
    told_of = [message.body for message in letters() if "confirmed" in message.body]
    assert len(told_of) == 2
    for text in told_of:
        assert "Paid" not in text
        assert "receipt" not in text
        assert "€" not in text
    now(waived).cancel()
    _message, text, _page = last()
    assert "Goes back" not in text
    assert "paid" not in text


@in_each_language
def test_who_cancels_within_the_policy_is_told_what_goes_back_and_when(language, price, currency, said):
    asha, _payment = pays(price * 2, currency, language=language)
    RefundStep.objects.create(event=asha.event, until_local=dt.datetime(2031, 5, 1), percent=50)
    asha.cancel()
    message = says(said)
    days = {"fr": "5 à 10 jours ouvrés", "en": "5 to 10 working days", "es": "5 a 10 días hábiles"}[language]
    assert days in message.body


def test_who_cancels_after_the_policy_is_told_that_nothing_goes_back():
    asha, _payment = pays()
    asha.cancel()
    _message, text, _page = last()
    assert "Nothing of it goes back. So says the refund policy of the event." in text
    ben, _payment = pays(email="ben@example.org")
    ben.cancel(by=staff(), why="no show", refund=0)
    _message, text, _page = last()
    assert "Nothing of it goes back." in text
    assert "policy" not in text, "somebody has decided it"


@in_each_language
def test_who_pays_too_late_is_told_that_all_of_it_comes_back(language, price, currency, said):
    event = meeting(capacity=1)
    asha = asks(price, currency, event=event, language=language)
    payment = begun(asha)
    ended(asha)
    entered(event, "first@example.org", name="First", ticket=asha.ticket)
    letters()
    paid(payment)
    message = says(said)
    assert message.to == ["Asha Rao <asha@example.org>"]
    assert {"fr": "5 à 10 jours", "en": "5 to 10 working", "es": "5 a 10 días"}[language] in message.body
    assert kinds().count("paid_late") == 1


def test_who_pays_what_was_waived_is_told_that_it_comes_back():
    asha = asks()
    payment = begun(asha)
    asha.confirm(by=staff())
    letters()
    paid(payment)
    message = says("€60.00")
    assert "second payment" in message.subject
    assert "stays as it is" in message.body
    assert now(asha).state == "confirmed"


def test_a_payment_that_fails_after_days_is_told():
    asha = asks()
    payment = begun(asha)
    payment.processing(f"cs_{payment.pk}", f"pi_{payment.pk}")
    payment.failed()
    message = says("Your payment of €60.00 did not succeed")
    assert "register again" in message.body
    assert now(asha).state == "expired"


def test_who_came_back_meanwhile_is_not_told_that_the_seat_is_gone():
    asha = asks()
    ended(asha)
    now(asha).confirm(by=staff())
    assert [message.subject[:10] for message in letters()] == ["Your place"]


@in_each_language
def test_a_refund_is_told_once_stripe_has_taken_it(language, price, currency, said):
    _asha, payment = pays(price * 3, currency, language=language)
    letters()
    refund = payment.ask_refund(price, "staff", by=staff(), letter=True)
    assert kinds()[-1] == "confirmed", "not before"
    for state in ("pending", "succeeded", "succeeded"):
        payment.heard_of_refund("re_1", str(refund.uid), price, state)
    assert kinds().count("refund") == 1
    says(said)


def test_a_refund_of_a_place_passed_on_opens_nobody_elses_page():
    asha, payment = pays()
    ben = Transfer.begin(asha, "Ben Ode", "ben@example.org", "en").accept()
    letters()
    payment.refresh_from_db()
    refund = payment.ask_refund(1000, "staff", by=staff(), letter=True)
    payment.heard_of_refund("re_1", str(refund.uid), 1000, "pending")
    message = says("€10.00")
    assert message.to == ["Asha Rao <asha@example.org>"]
    (link,) = links_in(message)
    assert link == leads("participant", now(asha))
    assert unstamped(links.token(ben)) not in message.body
    successors = [one for one in mail.outbox if one.to == ["Ben Ode <ben@example.org>"]]
    assert all("receipt" not in one.body and "€" not in one.body for one in successors), "Ben has paid nothing"


def test_each_of_several_dates_is_paid_by_itself():
    asha = asks()
    ben = asks(event=asha.event, email="ben@example.org")
    Letter.objects.all().delete()
    Registration.objects.filter(pk=ben.pk).update(email=asha.email)
    Registration.write_once([asha, now(ben)])
    message, _text, page = last()
    assert message.body.count("Pay €60.00: ") == 2
    for one in (asha, ben):
        assert links.pay_token(one).rsplit(":", 2)[0] in page


def test_no_link_is_kept_in_a_letter_and_none_is_shown_to_the_staff():
    asha = asks()
    letters()
    payment = paid(begun(asha))
    letters()
    payment.ask_refund(1000, "staff", by=staff(), letter=True)
    payment.heard_of_refund("re_1", str(payment.refunds.get().uid), 1000, "pending")
    now(asha).cancel()
    letters()
    rows = Letter.objects.all()
    assert {"held", "confirmed", "refund", "cancelled"} == set(rows.values_list("kind", flat=True))
    for row in rows:
        kept = json.dumps(row.facts)
        assert not TOKEN.search(kept), kept
        assert "/my-place/" not in kept
        assert "/pay/" not in kept
        subject, text, failure = shown_to_staff(row)
        assert not failure
        assert not TOKEN.search(subject + text)


def test_what_was_sent_is_read_again_as_it_was():
    asha, _payment = pays()
    sent = letters()[-1]
    asha.cancel(by=staff(), why="ill")
    row = Letter.objects.get(kind="confirmed")
    _subject, text, _failure = shown_to_staff(row)
    assert "€60.00" in text
    assert "Your place is confirmed" in text
    assert row.sent_at
    assert "€60.00" in sent.body


# -- to the staff


@pytest.fixture
def treasurer(django_user_model):
    person = django_user_model.objects.create_superuser("treasurer", "treasurer@example.org", first_name="Fatou")
    UserProfile.objects.create(user=person, preferred_language="en")
    return person


def alerted(person):
    return [message for message in letters() if person.email in message.to[0]]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "n’est pas ce qui était demandé"), ("en", "is not what was asked"), ("es", "no es lo")],
)
def test_the_staff_are_told_in_their_language_of_what_they_have_to_decide(treasurer, language, words):
    UserProfile.objects.update(preferred_language=language)
    payment = paid(begun(asks()), amount=5000)
    assert payment.state == PaymentState.REVIEW
    alerts.tell(payment, alerts.REVIEW)
    alerts.tell(payment, alerts.REVIEW)
    (message,) = alerted(treasurer)
    assert words in message.body
    assert "Asha Rao" in message.body
    assert "asha@example.org" not in message.body
    (link,) = links_in(message)
    client = Client()
    client.force_login(treasurer)
    assert client.get(link).status_code == 200


def test_what_is_decided_meanwhile_is_not_told(treasurer):
    payment = paid(begun(asks()), amount=5000)
    alerts.tell(payment, alerts.REVIEW)
    payment.accept(treasurer, "the bank took its share")
    assert alerted(treasurer) == []


def test_a_failed_refund_a_dispute_and_a_refusal_say_what_to_do(treasurer):
    _asha, payment = pays()
    payment.ask_refund(1000, "staff", by=treasurer)
    payment.heard_of_refund("re_1", str(payment.refunds.get().uid), 1000, "failed", "expired_or_canceled_card")
    alerts.tell(payment, alerts.REFUND_FAILED)
    payment.heard_of_dispute("du_1", "needs_response", 6000)
    alerts.tell(payment, alerts.DISPUTE, "needs_response")
    alerts.tell(payment, alerts.REFUSED)
    said = [flat(message.body) for message in alerted(treasurer)]
    assert len(said) == 3
    assert "€10.00 did not reach the payer" in said[0]
    assert "expired_or_canceled_card" in said[0]
    assert "bank asks for the money back" in said[1]
    assert "needs response" in said[1]
    assert "could not pay" in said[2]


def test_what_the_staff_send_back_is_told_once_it_has_left(treasurer):
    asha = asks()
    payment = paid(begun(asha), amount=5000)
    payment.send_back(treasurer, "the wrong amount")
    _message, text, _page = last()
    assert "no longer registered" in text
    assert "€" not in text, "nothing is said of money before it has left"
    refund = payment.refunds.get()
    payment.heard_of_refund("re_1", str(refund.uid), 5000, "pending")
    says("We have sent €50.00 back to you")
