"""What becomes of a session once somebody pays, now, in some days or not at all."""

from typing import Literal

from tests.stripe import checkout, schema
from tests.stripe.account import Account
from tests.stripe.refusal import Refusal
from tests.stripe.schema import Json

How = Literal["card", "delayed", "declined"]
METHODS = {"card": "card", "declined": "card", "delayed": "sepa_debit"}
FAILURES = {
    "card": ("card_declined", "Your card was declined."),
    "sepa_debit": ("debit_not_authorized", "The bank account cannot be debited."),
}


def pay(account: Account, identifier: str, how: How, email: str, name: str) -> Json:
    """What the payer does on the hosted page.

    Raises:
        Refusal: the session is not open any more.
    """
    checkout.sweep(account)
    session = account.get("checkout.session", identifier, "session")
    if session["status"] != "open":
        raise Refusal(f"This Checkout Session has a status of {session['status']}.", "session_closed")
    payer = {"email": session["customer_email"] or email, "name": name}
    intent = _intent(account, session)
    charge = _charge(account, intent, how, payer)
    intent["latest_charge"] = charge["id"]
    if how == "declined":
        _fail(account, intent, charge)
        return session
    if how == "card":
        _succeed(account, intent, charge)
    else:
        intent["status"] = "processing"
        account.tell("charge.pending", charge)
        account.tell("payment_intent.processing", intent)
    session |= {
        "status": "complete",
        "payment_status": "paid" if how == "card" else "unpaid",
        "payment_intent": intent["id"],
        "customer_details": schema.part("checkout.session", "customer_details")
        | payer
        | {"tax_exempt": "none", "tax_ids": []},
        "url": None,
    }
    account.tell("checkout.session.completed", session)
    return session


def settle(account: Account, identifier: str, ok: bool) -> Json:
    """What becomes, days later, of a payment by a method that takes days."""
    session = account.get("checkout.session", identifier, "session")
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        raise Refusal("This Checkout Session has no payment to settle.", "session_closed")
    intent = account.get("payment_intent", session["payment_intent"])
    charge = account.get("charge", intent["latest_charge"])
    if intent["status"] != "processing":
        raise Refusal("This Checkout Session has no payment to settle.", "session_closed")
    if ok:
        _succeed(account, intent, charge)
        session["payment_status"] = "paid"
    else:
        _fail(account, intent, charge)
    account.tell(f"checkout.session.async_payment_{'succeeded' if ok else 'failed'}", session)
    return session


def _intent(account: Account, session: Json) -> Json:
    beside = account.beside[session["id"]]
    if "tried" in beside:
        return account.get("payment_intent", beside["tried"])
    intent = account.new(
        "payment_intent",
        "pi",
        amount=session["amount_total"],
        capture_method="automatic_async",
        currency=session["currency"],
        livemode=session["livemode"],
        payment_method_types=session["payment_method_types"],
        status="requires_payment_method",
        **beside["intent"],
    )
    beside["tried"] = intent["id"]
    account.tell("payment_intent.created", intent)
    return intent


def _charge(account: Account, intent: Json, how: How, payer: Json) -> Json:
    return account.new(
        "charge",
        "py" if how == "delayed" else "ch",
        amount=intent["amount"],
        billing_details={
            "address": None,
            "email": payer["email"],
            "name": payer["name"],
            "phone": None,
            "tax_id": None,
        },
        captured=how == "card",
        currency=intent["currency"],
        description=intent["description"],
        livemode=intent["livemode"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method_details=schema.part("charge", "payment_method_details") | {"type": METHODS[how]},
        receipt_email=intent["receipt_email"],
        status="failed" if how == "declined" else "pending",
    )


def _succeed(account: Account, intent: Json, charge: Json) -> None:
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
    account.tell("charge.succeeded", charge)
    account.tell("payment_intent.succeeded", intent)


def _fail(account: Account, intent: Json, charge: Json) -> None:
    code, why = FAILURES[charge["payment_method_details"]["type"]]
    charge |= {"status": "failed", "paid": False, "failure_code": code, "failure_message": why}
    error = {"code": code, "message": why, "type": "card_error", "charge": charge["id"]}
    intent |= {"status": "requires_payment_method"}
    intent["last_payment_error"] = schema.part("payment_intent", "last_payment_error") | error
    account.tell("charge.failed", charge)
    account.tell("payment_intent.payment_failed", intent)
