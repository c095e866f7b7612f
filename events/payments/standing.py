"""Standing: what the page on which a place is paid says of it, from our own books alone."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from events.models import Payment, Registration
from events.models.payment_states import PaymentState
from events.models.registration_states import State
from events.registration.going_back import PaidFor, paid_for


class Stand(StrEnum):
    """What the page is about."""

    TO_PAY = "to_pay"
    WAITING = "waiting"
    "Somebody comes back from Stripe, and nothing has been heard of it yet."
    PAID = "paid"
    PROCESSING = "processing"
    REVIEW = "review"
    OVER = "over"
    FAILED = "failed"
    LATE = "late"
    "The money came when there was no seat: it goes back."
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    NOT_YET = "not_yet"
    FREE = "free"


HEADLINES = {
    Stand.TO_PAY: _("One step is left: the payment"),
    Stand.WAITING: _("We are waiting for the word of the bank"),
    Stand.PAID: _("Paid: your place is confirmed"),
    Stand.PROCESSING: _("Your payment is on its way"),
    Stand.REVIEW: _("Your payment is being looked at"),
    Stand.OVER: _("The time to pay has passed"),
    Stand.FAILED: _("The payment did not succeed"),
    Stand.LATE: _("Your payment came when no seat was left"),
    Stand.CANCELLED: _("This registration has ended"),
    Stand.CALLED_OFF: _("Nothing is to be paid: this meeting does not take place"),
    Stand.NOT_YET: _("Nothing is to be paid yet"),
    Stand.FREE: _("Nothing is to be paid"),
}


@dataclass(frozen=True)
class Standing:
    """Where a place stands that is to be paid."""

    stand: Stand
    money: PaidFor
    open: Payment | None
    "The session of which nothing has been heard yet."


def standing(registration: Registration) -> Standing:
    """From the books: what Stripe has said by now."""
    money = paid_for(registration)
    last = registration.payments.order_by("-pk").first()
    waits = last if last is not None and last.state == PaymentState.OPEN else None
    return Standing(_stand(registration, money, last), money, waits)


def _stand(registration: Registration, money: PaidFor, last: Payment | None) -> Stand:
    if money.looked_at:
        return Stand.REVIEW
    if registration.is_confirmed:
        return Stand.PAID if money.paid else Stand.FREE
    if registration.state in (State.CANCELLED, State.DECLINED):
        return Stand.CANCELLED
    if money.paid:
        return Stand.LATE
    if registration.state == State.EXPIRED:
        return Stand.FAILED if last is not None and last.state == PaymentState.FAILED else Stand.OVER
    if not registration.takes_place:
        return Stand.CALLED_OFF
    if money.on_its_way:
        return Stand.PROCESSING
    if registration.state != State.HELD:
        return Stand.NOT_YET
    return Stand.TO_PAY if registration.is_to_be_paid else Stand.OVER


def others(registration: Registration) -> list[Registration]:
    """Those of the same form, for other dates of the series, the soonest first."""
    if registration.submission is None or registration.occurrence_id is None:
        return []
    mine = Registration.objects.filter(
        event=registration.event_id, email_key=registration.email_key, submission=registration.submission, fee__gt=0
    )
    rows = mine.exclude(pk=registration.pk).select_related("event", "ticket", "occurrence")
    return list(rows.order_by("occurrence__starts_at", "pk"))
