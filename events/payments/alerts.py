"""Alerts: what of a payment somebody of the staff has to look at, told by letter as soon as it is known."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from events.models import Payment
from regions.news_letters import write

REFUND_FAILED, DISPUTE, REVIEW, REFUSED = "refund_failed", "dispute", "review", "refused"
"What is told: money did not go back; the payer's bank asks it back; not what was asked came; Stripe takes no request."


def tell(payment: Payment, what: str, about: str = "") -> None:
    """A letter to everybody who decides on registrations, once for each payment and cause.

    ``about`` tells causes of one kind apart: a refund, a dispute and its end.
    """
    facts: dict[str, Any] = {"payment": payment.pk, "what": what, "registration": payment.registration_id}
    for person in deciders():
        write("payment_alert", f"payment {payment.pk} {what} {about} {person.pk}", person, facts)


def deciders() -> list[Any]:
    """The staff who decide on registrations and have an address."""
    right = Q(
        groups__permissions__codename="change_registration", groups__permissions__content_type__app_label="events"
    )
    people = get_user_model().objects.filter(Q(is_superuser=True) | right, is_active=True).exclude(email="")
    return list(people.distinct().order_by("pk"))
