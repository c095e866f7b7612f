"""The letter to the staff about a payment to look at; those to participants are written in ``registration``."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.calendars import prices
from events.models import Payment, RefundState
from events.models.payment_refunds import DISPUTE_ENDS
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown

from . import alerts

Told = tuple[str, list[str]]


@kind("payment_alert", _("payment to look at, to the staff"))
def alert(letter: Letter) -> dict[str, Any] | None:
    """Something that a person has to decide or do; not sent once it is decided. Of the payer it has only the name."""
    found = Payment.objects.select_related("event", "registration").filter(pk=letter.facts["payment"])
    payment = found.first()
    if payment is None:
        return None
    told = SAID[letter.facts["what"]](payment)
    if told is None:
        return None
    subject, lines = told
    title, _lang = shown(payment.event.title)
    whose = gettext("%(name)s, “%(title)s”, %(amount)s.") % {
        "name": payment.payer_name,
        "title": title,
        "amount": prices.told(payment.received or payment.amount, payment.money),
    }
    return {
        "subject": f"{subject} {title}",
        "lines": [whose, *lines],
        "quote": payment.reason if letter.facts["what"] in (alerts.REVIEW, alerts.REFUSED) else "",
        "go": gettext("See the payment"),
        "link": urljoin(settings.SITE_URL, address(payment)),
    }


def address(payment: Payment) -> str:
    """Where the staff see it; the registration where payments have no screen."""
    try:
        return reverse("payments:inspect", args=[payment.pk])
    except NoReverseMatch:
        return reverse("registrations:inspect", args=[payment.registration_id])


def _review(payment: Payment) -> Told | None:
    """Not what was asked has come."""
    if payment.state != Payment.State.REVIEW:
        return None
    asked = prices.told(payment.amount, payment.currency)
    return gettext("A payment to be looked at:"), [
        gettext("What came is not what was asked, which is %(asked)s.") % {"asked": asked},
        gettext("Nothing was confirmed and nothing goes back by itself: take it as it is, or send it back."),
    ]


def _refund_failed(payment: Payment) -> Told | None:
    """Money has not gone back."""
    failed = payment.refunds.filter(state=RefundState.FAILED).order_by("-pk").first()
    if failed is None:
        return None
    amount = prices.told(failed.amount, failed.currency)
    why = [gettext("Stripe says: %(why)s") % {"why": failed.error}] if failed.error else []
    return gettext("A refund has failed:"), [
        gettext("%(amount)s did not reach the payer.") % {"amount": amount},
        *why,
        gettext("Ask for the refund again, or agree with the payer on another way."),
    ]


def _dispute(payment: Payment) -> Told:
    """The payer's bank asks it back, or has decided."""
    status = gettext("Stripe says: %(why)s") % {"why": payment.dispute.replace("_", " ")}
    if payment.dispute in DISPUTE_ENDS:
        return gettext("A dispute has ended:"), [status]
    return gettext("A payment is disputed:"), [
        gettext("The payer’s bank asks for the money back."),
        status,
        gettext("Answer in Stripe’s dashboard before the day that it names: who says nothing loses."),
    ]


def _refused(payment: Payment) -> Told:
    """Stripe takes no such request, and the participant can't pay."""
    return gettext("Stripe takes no payment:"), [
        gettext("The participant could not pay: Stripe refused the request, and will refuse it again."),
        gettext("Look at the price, the currency and the key of the account."),
    ]


SAID = {
    alerts.REVIEW: _review,
    alerts.REFUND_FAILED: _refund_failed,
    alerts.DISPUTE: _dispute,
    alerts.REFUSED: _refused,
}
