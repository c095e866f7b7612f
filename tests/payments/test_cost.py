"""What a payment asks of the database, and that it asks no more when there are many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Payment, Registration
from tests.payments import signed
from tests.payments.people import costly, door, keeps, now, press

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def asked(do) -> int:
    """The statements that it takes."""
    with CaptureQueriesContext(
        connection,
    ) as statements:
        do()
    return len(statements)


def crowd(event, ticket, many):
    """So many others who have paid for the same meeting."""
    keys = range(many)
    rows = [
        Registration(
            event=event,
            ticket=ticket,
            name=f"P{key}",
            email=f"p{key}@example.org",
            email_key=f"p{key}@example.org",
            attendance="onsite",
            language="en",
            state="confirmed",
            fee=6000,
            fee_currency="EUR",
        )
        for key in keys
    ]
    made = Registration.objects.bulk_create(rows)
    Payment.objects.bulk_create(
        Payment(
            event=event,
            registration=row,
            payer_name=row.name,
            payer_email=row.email,
            language="en",
            subject="Meeting",
            amount=6000,
            currency="EUR",
            received=6000,
            received_currency="EUR",
            state="paid",
            paid_at=row.created_at,
            session=f"cs_{row.pk}",
            payment_intent=f"pi_{row.pk}",
        )
        for row in made
    )


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.STRIPE_WEBHOOK_SECRETS = [signed.SECRET]


def paid(event, ticket, name):
    registration = keeps(event, ticket, name)
    payment = Payment.begin(registration, "Meeting")
    statements = asked(lambda: signed.post(signed.event("checkout.session.completed", signed.session(payment))))
    assert now(registration).is_confirmed
    return statements


def test_money_that_arrives_costs_the_same_however_many_have_paid(client):
    event, ticket = costly()
    alone = paid(event, ticket, "Asha")
    crowd(event, ticket, 300)
    assert paid(event, ticket, "Binta") == alone
    assert alone <= 50


def test_what_is_told_twice_costs_little():
    event, ticket = costly()
    payment = Payment.begin(keeps(event, ticket), "Meeting")
    told = signed.event("checkout.session.completed", signed.session(payment))
    signed.post(told)
    assert asked(lambda: signed.post(told)) <= 8


def test_the_button_costs_the_same_however_many_have_paid(double):
    event, ticket = costly()
    alone = asked(lambda: press(keeps(event, ticket, "Asha")))
    crowd(event, ticket, 300)
    assert asked(lambda: press(keeps(event, ticket, "Binta"))) == alone


def test_the_page_to_pay_on_costs_the_same_however_many_have_paid(client, double):
    event, ticket = costly()
    where = door(keeps(event, ticket))
    client.get(where)
    alone = asked(lambda: client.get(where))
    crowd(event, ticket, 300)
    assert asked(lambda: client.get(where)) == alone
