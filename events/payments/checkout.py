"""Checkout Sessions: made for a payment, shown, asked about, closed.

The text of a request is kept before it is sent, and the same text always goes with the
same key: whatever is lost on the way, repeating it ends on the same session.
"""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from events.models import NotAllowed, Payment, Registration
from events.models.payment_session import SESSION_LASTS
from events.models.payment_states import PaymentState
from events.registration import dates
from events.registration.links import pay_token
from pages.trilingual import shown

from . import alerts, client, hearing

ROUNDS = 3
"Payments that one press of the button looks at: one that is over, one that is refused for its age, and the next."
TOO_OLD, ADDRESS = "expires_at", "customer_email"
"What of a request Stripe may refuse though another one would be taken."


def open_page(registration: Registration) -> str:
    """The address of Stripe's page on which this person can pay now, the same for everybody who asks at once.

    Raises:
        NotAllowed: no payment is awaited: it is paid, on its way, looked at, ended, free or its time is over.
        Unreachable: try again; nothing is lost.
        Refused: Stripe takes no such payment; the staff have been told.
    """
    for _ in range(ROUNDS):
        payment = Payment.begin(registration, subject(registration))
        if payment.is_payable:
            return payment.session_url
        if payment.state == PaymentState.CREATED:
            open_session(payment)
        elif payment.state == PaymentState.OPEN:
            close(payment)
        else:
            break
        payment.refresh_from_db()
        if payment.is_payable:
            return payment.session_url
    raise NotAllowed("pay", registration.state)


def open_session(payment: Payment) -> None:
    """Send the request of a payment, for the first time or again, and keep the session that Stripe has made of it.

    Raises:
        Unreachable: nobody knows whether there is one.
        Refused: Stripe takes no such payment, and the staff have been told.
        NotAllowed: the seat is no longer kept.
    """
    without: set[str] = set()
    while True:
        try:
            session = _send(payment, without)
        except client.Refused as refused:
            if refused.param not in (TOO_OLD, ADDRESS) or refused.param in without:
                payment.refused(str(refused))
                alerts.tell(payment, "refused")
                raise
            without.add(refused.param)
            payment.try_anew(payment.attempt)
        except client.Unreachable:
            payment.refresh_from_db()  # somebody who asked at once may have had the answer
            if payment.is_payable:
                return
            raise
        else:
            ends = dt.datetime.fromtimestamp(session["expires_at"], dt.UTC)
            payment.opened(session["id"], session["url"] or "", ends, session["livemode"])
            return


def _send(payment: Payment, without: set[str]) -> dict[str, Any]:
    wanted = {name: value for name, value in params(payment).items() if name not in without - {TOO_OLD}}
    request = json.loads(payment.write_request(wanted))
    options: Any = {"idempotency_key": payment.idempotency_key}
    return client.ask(lambda stripe: stripe.v1.checkout.sessions.create(request, options))


def look(payment: Payment) -> None:
    """Ask Stripe what became of a session, and do what it says.

    Raises:
        Unreachable, Refused: it is not known; nothing has changed.
    """
    session = payment.session
    if session:
        hearing.settle_session(client.ask(lambda stripe: stripe.v1.checkout.sessions.retrieve(session)))
        payment.checked()


def close(payment: Payment) -> None:
    """End the session of a payment for which nobody waits any more; if it was paid meanwhile, that is heard.

    Raises:
        Unreachable: try again.
        Refused: Stripe does not know it, though it may still be open.
    """
    if payment.state == PaymentState.CREATED and not payment.request:
        payment.expired()  # never sent
        return
    if payment.session is None:
        try:
            open_session(payment)
        except NotAllowed:
            payment.expired()  # too old to be taken: there is none
            return
    session = payment.session
    assert session is not None
    try:
        ended = client.ask(lambda stripe: stripe.v1.checkout.sessions.expire(session))
    except client.Gone:  # made with another key
        if payment.session_ends_at is None or payment.session_ends_at > timezone.now():
            raise
        payment.expired()
    except client.Refused:  # not open any more
        look(payment)
    else:
        hearing.settle_session(ended)
        payment.checked()


def subject(registration: Registration) -> str:
    """For what it is paid, in the payer's language: the meeting, the date of a series, the ticket."""
    event, language = registration.event, registration.language
    with override(language):
        told = [shown(event.title, language).text]
        if registration.occurrence is not None:
            told.append(dates.told(event, registration.occurrence).there.date_text)
        if registration.ticket is not None:
            told.append(shown(registration.ticket.name, language).text)
    return " – ".join(part for part in told if part)[:250]


def params(payment: Payment) -> dict[str, Any]:
    """What Stripe is asked for: one line, whose amount is the payment's own; nothing in it was sent by a visitor."""
    registration = payment.registration
    known = {
        "payment": str(payment.uid),
        "registration": str(registration.uid),
        "event": str(payment.event.uid),
    }
    token = pay_token(registration)
    with override(payment.language):
        pay = settings.SITE_URL + reverse("pay", args=[token])
        back = settings.SITE_URL + reverse("pay_return", args=[token])
    return {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "submit_type": "book",
        "locale": payment.language,
        "client_reference_id": str(payment.uid),
        "customer_email": payment.payer_email,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": payment.currency.lower(),
                    "unit_amount": payment.amount,
                    "product_data": {"name": payment.subject},
                },
            }
        ],
        "metadata": known,
        "payment_intent_data": {"metadata": known, "description": payment.subject},
        "adaptive_pricing": {"enabled": False},
        "expires_at": int((timezone.now() + SESSION_LASTS).timestamp()),
        "success_url": f"{back}?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": pay,
    }
