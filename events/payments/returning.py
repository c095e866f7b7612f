"""What goes back, as Stripe tells it: refunds, whoever asked for them, and disputes."""

from events.models import Payment
from events.models.payment_refunds import Unheard
from events.models.payment_states import RefundState

from . import alerts
from .reading import IGNORED, Effect, Json, Malformed, State, name_of, number_of, text_of, uid_of

REFUNDS = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELLED,
}
"Stripe's words for where a refund stands (docs.stripe.com/api/refunds)."
CAME_BACK = ("failed", "canceled")
"With these the money is here again."
DISPUTE_OVER = ("won", "warning_closed", "prevented")
"Good news is no alert."


def hear_refund(refund: Json) -> Effect:
    """What Stripe says of one refund, whoever asked for it."""
    name, intent, amount = text_of(refund, "id"), name_of(refund.get("payment_intent")), number_of(refund, "amount")
    state = REFUNDS.get(text_of(refund, "status"))
    payment = _received(intent)
    if state is None:
        raise Malformed("status")
    if payment is None:
        return _wait_for(intent)
    metadata = refund.get("metadata")
    uid = uid_of(metadata.get("refund")) if isinstance(metadata, dict) else ""
    why = refund.get("failure_reason") or ""
    try:
        row = payment.heard_of_refund(name, uid, amount, state, why if isinstance(why, str) else "")
    except Unheard:
        return State.WAITING, payment, intent
    if row.state in (RefundState.FAILED, RefundState.CANCELLED):
        alerts.tell(payment, alerts.REFUND_FAILED, str(row.uid))
    return State.HANDLED, payment, ""


def hear_charge(charge: Json) -> Effect:
    """How much of a charge has gone back in all. If that is more than is known here, Stripe is asked for the rest."""
    intent, refunded = name_of(charge.get("payment_intent")), number_of(charge, "amount_refunded")
    payment = _received(intent)
    if payment is None:
        return _wait_for(intent)
    payment.hold()
    known = refunded <= payment.refunded
    return (State.HANDLED if known else State.WAITING), payment, "" if known else intent


def hear_dispute(dispute: Json) -> Effect:
    """What Stripe says of a dispute: the payer's bank asks the money back, and decides."""
    name, status, amount = text_of(dispute, "id"), text_of(dispute, "status"), number_of(dispute, "amount")
    intent = name_of(dispute.get("payment_intent"))
    payment = _received(intent)
    if payment is None:
        return _wait_for(intent)
    if payment.heard_of_dispute(name, status, amount) and status not in DISPUTE_OVER:
        alerts.tell(payment, alerts.DISPUTE, f"{name} lost" if status == "lost" else name)
    return State.HANDLED, payment, ""


def _received(intent: str) -> Payment | None:
    """The payment by which this money came; what may go back of it is known only then."""
    return Payment.objects.filter(payment_intent=intent, received__gt=0).first() if intent else None


def _wait_for(intent: str) -> Effect:
    """Not known here yet, or never: other things may be sold by the same account."""
    return (State.WAITING, None, intent) if intent else IGNORED
