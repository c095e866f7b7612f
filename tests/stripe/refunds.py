"""Money going back: refunds the site or the dashboard asks for, and disputes the payer's bank opens."""

from tests.stripe.account import Account
from tests.stripe.checkout import described
from tests.stripe.refusal import Refusal
from tests.stripe.schema import Json

ENDED = frozenset({"failed", "canceled"})
DISPUTED = frozenset({"lost", "needs_response", "under_review"})


def create(account: Account, params: Json) -> Json:
    """A refund of a charge, whole or in part; what becomes of it is the next of ``account.outcomes``, or success.

    Raises:
        Refusal: there is less left, the charge is disputed, or the balance does not suffice.
    """
    metadata = described(params)
    charge = _charge(account, params)
    left = charge["amount"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    if charge["status"] != "succeeded":
        raise Refusal("This charge has not succeeded.", "charge_not_refundable", kept=True)
    if any(one["status"] in DISPUTED for one in account.all("dispute") if one["charge"] == charge["id"]):
        raise Refusal("This charge has been charged back.", "charge_disputed", kept=True)
    if not left:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded", kept=True)
    if amount < 1:
        raise Refusal("Invalid positive integer", "parameter_invalid_integer", "amount")
    if amount > left:
        raise Refusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", None, "amount", kept=True
        )
    outcome = account.outcomes.popleft() if account.outcomes else "succeeded"
    if outcome == "balance_insufficient":
        raise Refusal("Insufficient funds in your Stripe balance to refund this amount.", outcome, kept=True)
    refund = account.new(
        "refund",
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=metadata,
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="pending" if outcome == "failed" else outcome,
    )
    account.beside[refund["id"]] = {"livemode": charge["livemode"]}
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    _refunded(charge, charge["amount_refunded"] + amount)
    account.tell("refund.created", refund)
    account.tell("charge.refunded", charge, before)
    if outcome == "failed":
        fail(account, refund["id"])
    return refund


def cancel(account: Account, identifier: str) -> Json:
    """Take back a refund for which the payer still had to do something."""
    refund = account.get("refund", identifier, "refund")
    if refund["status"] != "requires_action":
        raise Refusal(f"A refund that is {refund['status']} cannot be canceled.", kept=True)
    return _end(account, refund, "canceled")


def settle(account: Account, identifier: str, ok: bool) -> Json:
    """What becomes of a refund that is under way."""
    refund = account.get("refund", identifier, "refund")
    if refund["status"] not in ("pending", "requires_action"):
        raise Refusal(f"This refund is {refund['status']}.")
    if not ok:
        return fail(account, identifier)
    before = {"status": refund["status"]}
    refund["status"] = "succeeded"
    _updated(account, refund, before)
    return refund


def fail(account: Account, identifier: str) -> Json:
    """The bank sends the money back, even after success: the charge counts as less refunded again."""
    refund = account.get("refund", identifier, "refund")
    if refund["status"] in ENDED:
        raise Refusal(f"This refund is {refund['status']}.")
    refund["failure_reason"] = "lost_or_stolen_card"
    return _end(account, refund, "failed")


def dispute(account: Account, intent: str) -> Json:
    """The payer's bank takes back what is left of a payment."""
    charge = _charge(account, {"payment_intent": intent})
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Refusal("This charge cannot be disputed.")
    made = account.new(
        "dispute",
        "du",
        amount=charge["amount"] - charge["amount_refunded"],
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=False,
        livemode=charge["livemode"],
        payment_intent=intent,
        reason="fraudulent",
        status="needs_response",
    )
    charge["disputed"] = True
    account.tell("charge.dispute.created", made)
    account.tell("charge.dispute.funds_withdrawn", made)
    return made


def close(account: Account, identifier: str, won: bool) -> Json:
    """The bank decides. What was won comes back."""
    made = account.get("dispute", identifier, "dispute")
    if made["status"] not in ("needs_response", "under_review"):
        raise Refusal(f"This dispute is {made['status']}.")
    before = {"status": made["status"]}
    made["status"] = "under_review"
    if before["status"] != "under_review":
        account.tell("charge.dispute.updated", made, before)
    made["status"] = "won" if won else "lost"
    if won:
        account.tell("charge.dispute.funds_reinstated", made)
    account.tell("charge.dispute.closed", made)
    return made


def _charge(account: Account, params: Json) -> Json:
    """The charge of a payment, by its own name or its payment intent's."""
    if ("charge" in params) == ("payment_intent" in params):
        raise Refusal("One of the following params should be provided: payment_intent or charge.", "parameter_missing")
    if "charge" in params:
        return account.get("charge", params["charge"], "charge")
    intent = account.get("payment_intent", params["payment_intent"], "payment_intent")
    if not intent["latest_charge"]:
        raise Refusal("This PaymentIntent does not have a successful charge to refund.", kept=True)
    return account.get("charge", intent["latest_charge"])


def _refunded(charge: Json, amount: int) -> None:
    charge |= {"amount_refunded": amount, "refunded": amount == charge["amount"]}


def _end(account: Account, refund: Json, status: str) -> Json:
    before = {"status": refund["status"]}
    refund["status"] = status
    charge = account.get("charge", refund["charge"])
    _refunded(charge, charge["amount_refunded"] - refund["amount"])
    _updated(account, refund, before)
    if status == "failed":
        account.tell("refund.failed", refund)
    return refund


def _updated(account: Account, refund: Json, before: Json) -> None:
    account.tell("refund.updated", refund, before)
    account.tell("charge.refund.updated", refund, before)
