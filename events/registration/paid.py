"""What a person has paid for a place: by payments that were begun for them, whoever has the place since."""

from events.models import Payment, Registration, Transfer
from events.models.refund_reasons import Reason

PASSED_ON = "pass_on"
"The verb in the history of a payment: once for each time that its place went to somebody else."
NOT_FOR_THE_PLACE = (Reason.LATE, Reason.TWICE)


def payments(registration: Registration) -> list[Payment]:
    """The money that has come from this person for this place, the earliest first; none that somebody else paid."""
    found: list[Payment] = []
    place: Registration | None = registration
    steps = 0
    while place is not None:
        here = place.payments.filter(state=Payment.State.PAID).order_by("paid_at", "pk")
        found += [one for one in here if _steps(one) == steps]
        taken = Transfer.objects.filter(registration=place).exclude(successor=None).select_related("successor").first()
        place, steps = (taken.successor if taken else None), steps + 1
    return found


def for_the_place(registration: Registration) -> Payment | None:
    """The payment by which the place was had: not one that came late or twice and went back by itself."""
    mine = (one for one in payments(registration) if not one.refunds.filter(reason__in=NOT_FOR_THE_PLACE).exists())
    return next(mine, None)


def payer_of(payment: Payment) -> Registration:
    """Whose payment it is: the registration for which it was begun."""
    place = payment.registration
    for _step in range(_steps(payment)):
        given = Transfer.objects.filter(successor=place).select_related("registration").first()
        if given is None:
            break
        place = given.registration
    return place


def _steps(payment: Payment) -> int:
    return payment.changes.filter(verb=PASSED_ON).count()
