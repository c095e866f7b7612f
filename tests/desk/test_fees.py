"""What a place costs, where the staff deal with people: adding, moving, cancelling, listing."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Payment, Refund, RefundStep, Registration
from letters.models import Letter
from tests.desk.books import asked, paid, place, priced, refunded
from tests.desk.people import send, text
from tests.factories import EventFactory, RegionFactory, TicketFactory, mandate, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sold(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_desk"


def add(desk, event, **answers):
    ticket = event.tickets.first()
    sent = {
        "place": f"onsite:{ticket.pk}",
        "name": "Awa Diop",
        "email": "awa@example.org",
        "language": "fr",
        "letter": "on",
    }
    return desk.post(reverse("registrations:add_to", args=[event.uid]), sent | answers)


def test_who_is_added_has_to_pay_or_is_a_guest_and_that_has_to_be_said(desk):
    event = priced()
    page = text(desk.get(reverse("registrations:add_to", args=[event.uid])))
    assert "€60.00" in page
    assert "Has to pay" in page
    refused = add(desk, event)
    assert refused.status_code == 422
    assert "Say whether this person has to pay." in text(refused)
    assert not Registration.objects.exists()
    assert add(desk, event, owes="nothing").status_code == 303
    guest = Registration.objects.get()
    assert (guest.state, guest.fee) == ("confirmed", 0)


def test_who_has_to_pay_gets_the_letter_with_the_link_and_the_seat_is_kept(desk):
    event = priced()
    assert add(desk, event, owes="pays", letter="").status_code == 303
    row = Registration.objects.get()
    assert (row.state, row.fee, row.fee_currency) == ("held", 6000, "EUR")
    assert row.expires_at is not None
    assert Letter.objects.get().kind == "held"


def test_a_free_ticket_asks_nothing_of_the_kind(desk):
    event = EventFactory.published(registration="here")
    TicketFactory(event=event)
    assert "Has to pay" not in text(desk.get(reverse("registrations:add_to", args=[event.uid])))
    assert add(desk, event).status_code == 303
    assert Registration.objects.get().is_confirmed


def test_without_a_key_a_ticket_that_costs_can_not_be_given(desk, settings):
    event = priced()
    settings.STRIPE_SECRET_KEY = ""
    assert add(desk, event, owes="pays").status_code == 422


def test_whoever_waits_in_the_line_is_asked_for_the_price_too(desk):
    event = priced(capacity=1, has_waiting_list=True)
    add(desk, event, owes="pays")
    full = add(desk, event, owes="pays", email="bela@example.org")
    assert full.status_code == 409
    sent = {"owes": "pays", "email": "bela@example.org", "as": "waiting"}
    assert add(desk, event, **sent).status_code == 303
    row = Registration.objects.get(email="bela@example.org")
    assert (row.state, row.fee) == ("waiting", 6000)


def test_confirming_by_hand_spares_the_payment(desk):
    row = asked(priced())
    assert send(desk, "confirm", row, reason="speaker").status_code == 303
    row = Registration.objects.get()
    assert (row.state, row.fee) == ("confirmed", 0)
    assert "Owes nothing" in text(desk.get(reverse("registrations:inspect", args=[row.pk])))


def two_steps(event):
    """60 % until a day before it begins, on the clock of the event."""
    RefundStep.objects.create(event=event, until_local=event.start_local - dt.timedelta(days=1), percent=60)


def test_cancelling_what_was_paid_proposes_what_the_policy_says(desk):
    payment = paid(priced())
    two_steps(payment.event)
    page = desk.get(reverse("registrations:inspect", args=[payment.registration_id]))
    said = text(page)
    assert "By the refund policy of the event: €36.00" in said
    assert "All of it: €60.00" in said
    assert send(desk, "cancel", place(payment), reason="ill", refund="3600").status_code == 303
    assert [row.amount for row in Refund.objects.all()] == [3600]
    assert place(payment).state == "cancelled"


@pytest.mark.parametrize(("chosen", "goes"), [("6000", [6000]), ("0", []), ("3600", [3600])])
def test_and_the_staff_may_say_otherwise(desk, chosen, goes):
    payment = paid(priced())
    two_steps(payment.event)
    for _time in range(2):
        assert send(desk, "cancel", place(payment), reason="ill", refund=chosen).status_code == 303
    assert [row.amount for row in Refund.objects.all()] == goes


@pytest.mark.parametrize("chosen", ["5000", "-1", "6001", "x", ""])
def test_no_other_amount_goes_back_so(desk, chosen):
    payment = paid(priced())
    two_steps(payment.event)
    assert send(desk, "cancel", place(payment), reason="ill", refund=chosen).status_code == 422
    assert place(payment).is_confirmed
    assert not Refund.objects.exists()


def test_who_has_paid_is_moved_only_where_it_costs_the_same(desk):
    event = priced()
    same = TicketFactory(event=event, code="same", name=told("Pareil"), price=6000)
    dearer = TicketFactory(event=event, code="dearer", name=told("Cher"), price=9000)
    payment = paid(event)
    row = place(payment)
    offered = desk.get(reverse("registrations:inspect", args=[row.pk])).context["move"].found
    assert set(offered) == {f"onsite:{same.pk}"}
    sent = {"place": f"onsite:{dearer.pk}", "reason": "asked"}
    assert send(desk, "move", row, **sent).status_code == 422
    assert send(desk, "move", row, **sent | {"place": f"onsite:{same.pk}"}).status_code == 303
    assert place(payment).ticket == same


# -- the list, the page, the file, the figures


def listed(client, event, **query):
    answer = client.get(reverse("registrations:index"), {"event": event.pk} | query)
    return sorted(row.name for row in answer.context["object_list"])


@pytest.fixture
def some(desk):
    event = priced()
    paid(event, "Awa Diop")
    asked(event, "Bela Costa")
    refunded(paid(event, "Chen Li"), 6000)
    refunded(paid(event, "Dia Fall"), 1000)
    add(desk, event, owes="nothing", name="Eva Roy", email="eva@example.org")
    paid(event, "Fatou Sy", amount=1)
    return event


def test_the_list_of_registrations_tells_what_is_paid_and_is_narrowed_by_it(desk, some):
    said = text(desk.get(reverse("registrations:index"), {"event": some.pk}))
    for word in ("Paid (€60.00)", "To be paid (€60.00)", "Refunded in part (€60.00)", "Owes nothing"):
        assert word in said
    assert listed(desk, some, payment="paid") == ["Awa Diop"]
    assert listed(desk, some, payment="due") == ["Bela Costa"]
    assert listed(desk, some, payment="refunded") == ["Chen Li"]
    assert listed(desk, some, payment="partly") == ["Dia Fall"]
    assert listed(desk, some, payment="waived") == ["Eva Roy"]
    assert listed(desk, some, payment="review") == ["Fatou Sy"]


def test_without_prices_the_list_has_no_such_column(desk):
    EventFactory.published(registration="here")
    assert "Payment" not in [
        str(column.label) for column in desk.get(reverse("registrations:index")).context["table"].columns.values()
    ]


def rows_of(answer):
    return {row["Name"]: row for row in csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))}


def test_the_file_of_registrations_has_what_was_asked_and_came(desk, some):
    found = rows_of(desk.get(reverse("registrations:index"), {"export": "csv"}).streaming_content)
    one = found["Dia Fall"]
    assert (one["Payment"], one["Fee"], one["Currency"]) == ("Refunded in part (€60.00)", "60.00", "EUR")
    assert (one["Received"], one["Refunded"]) == ("60.00", "10.00")
    assert (found["Eva Roy"]["Fee"], found["Bela Costa"]["Received"]) == ("", "")


def test_a_person_leads_to_their_payments(desk, some):
    payment = Payment.objects.get(payer_name="Awa Diop")
    said = text(desk.get(reverse("registrations:inspect", args=[payment.registration_id])))
    assert reverse("payments:inspect", args=[payment.pk]) in said


def test_what_needs_attention_stands_on_the_first_page(desk, some):
    said = text(desk.get("/admin/"))
    assert "2 payments need attention" in said
    assert f"{reverse('payments:index')}?where=attention" in said


# -- who else reads it


@pytest.fixture
def keeper(db, django_user_model):
    """Somebody whom the registrations of West Africa are entrusted to."""
    person = django_user_model.objects.create_user("keeper", "keeper@example.org", "a long enough password")
    mandate(person, RegionFactory(code="west"), registrations=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_a_correspondent_reads_what_is_paid_and_no_more(keeper, desk):
    region = RegionFactory(code="west")
    event = priced(regions=[region])
    payment = paid(event)
    refunded(payment, 1000)
    said = text(keeper.get(reverse("registrations:index"), {"event": event.pk}))
    assert "Refunded in part (€60.00)" in said
    page = text(keeper.get(reverse("registrations:inspect", args=[payment.registration_id])))
    assert "€60.00" in page
    assert payment.payment_intent not in page
    assert "/admin/payments/" not in page
    file = rows_of(keeper.get(reverse("registrations:index"), {"export": "csv"}).streaming_content)
    assert file["Awa Diop"]["Fee"] == "60.00"
    assert "Refunded" not in file["Awa Diop"]
    figures = keeper.get(reverse("registrations:figures", args=[event.uid]))
    assert figures.context["columns"] == ["Paid", "To be paid", "Owe nothing"]
    assert "/admin/payments/" not in text(figures)
    for address in (
        reverse("payments:index"),
        reverse("payments:inspect", args=[payment.pk]),
        reverse("payments:event", args=[event.uid]),
        reverse("payments:everybody", args=[event.uid]),
    ):
        assert keeper.get(address).status_code in (302, 403, 404), address
    for verb in ("refund", "settle", "ask", "accept", "send_back"):
        answer = keeper.post(reverse(f"payments:{verb}", args=[payment.pk]), {"reason": "x", "amount": "1"})
        assert answer.status_code in (302, 403, 404)
    assert Refund.objects.count() == 1
