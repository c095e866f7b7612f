"""Going back: what of a price goes back to who cancels, by the event's policy, as people read it beforehand."""

from typing import NamedTuple

from django.utils import timezone

from events.models import Event, Payment, Refund, Registration
from events.models.payment_states import PaymentState
from events.models.refund_policy import back_now
from events.models.wallclock import instant

from .event_shown import moment


class Step(NamedTuple):
    """So many hundredths of the price go back until a moment, on the clock of the event."""

    percent: int
    until: str


def policy(event: Event) -> list[Step]:
    """The steps that are still to come, the first first; after the last of them nothing goes back."""
    now = timezone.now()
    ends = sorted((instant(step.until_local, event.timezone), step.percent) for step in event.refund_steps.all())
    return [Step(percent, moment(until, event)) for until, percent in ends if now < until]


class Back(NamedTuple):
    """Of what was paid for a place, what goes back now; minor units."""

    amount: int
    paid: int
    currency: str


def back(registration: Registration) -> Back | None:
    """What goes back if this person cancels now; None where nothing was paid. As ``Registration.cancel`` counts."""
    paid = registration.payments.filter(state=PaymentState.PAID).order_by("pk")
    one = next((payment for payment in paid if payment.rest), None)
    if one is None:
        return None
    event = Event.objects.get(pk=registration.event_id)
    return Back(min(one.rest, back_now(event, one.received, one.money)), one.rest, one.money)


class PaidFor(NamedTuple):
    """What the books say of the money for one place."""

    payments: list[Payment]
    "Those by which money came, the first first."
    refunds: list[Refund]
    "What goes or went back, the first first."
    looked_at: Payment | None
    "That which the staff look at."
    on_its_way: Payment | None
    "That which was completed with a method that takes days."

    @property
    def paid(self) -> Payment | None:
        """The payment that stands for the place."""
        return next((one for one in self.payments if one.state == PaymentState.PAID), None)


NOTHING = PaidFor([], [], None, None)


def paid_for(registration: Registration) -> PaidFor:
    """Read it in two queries at most; free places have none."""
    rows = list(registration.payments.order_by("pk"))
    came = [one for one in rows if one.received]
    refunds = list(Refund.objects.filter(payment__in=came).order_by("pk")) if came else []
    return PaidFor(
        payments=came,
        refunds=refunds,
        looked_at=next((one for one in rows if one.state == PaymentState.REVIEW), None),
        on_its_way=next((one for one in rows if one.state == PaymentState.PROCESSING), None),
    )
