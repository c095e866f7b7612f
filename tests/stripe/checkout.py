"""Checkout sessions as a site asks for them: what they may be, and how long they last."""

import re

from tests.stripe import money
from tests.stripe.account import Account
from tests.stripe.refusal import Refusal, unspoken
from tests.stripe.schema import Json

# fmt: off
SPOKEN = frozenset({
    "adaptive_pricing", "allowed_payment_method_types", "billing_address_collection", "cancel_url",
    "client_reference_id", "custom_text", "customer_email", "excluded_payment_method_types", "expires_at",
    "line_items", "locale", "metadata", "mode", "payment_intent_data", "submit_type", "success_url", "ui_mode",
})
# fmt: on
SHORTEST, LONGEST = 1_800, 86_400  # seconds that a session may live
PRICED = frozenset({"currency", "product_data", "unit_amount"})


def create(account: Account, params: Json, base: str, livemode: bool) -> Json:
    """A new session, open until it is paid or expires."""
    for name in params.keys() - SPOKEN:
        raise unspoken(name, name)
    if params.get("mode") != "payment":
        raise unspoken("a session whose mode is not payment", "mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise unspoken("a session that is not a hosted page", "ui_mode")
    if not params.get("success_url"):
        raise Refusal("Missing required param: success_url.", "parameter_missing", "success_url")
    for name in ("success_url", "cancel_url"):
        if not params.get(name, "http://").startswith(("http://", "https://")):
            raise Refusal("Not a valid URL", "url_invalid", name)
    if len(params.get("client_reference_id", "")) > 200:
        raise too_long("client_reference_id", 200)
    if "customer_email" in params and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", params["customer_email"]):
        raise Refusal(f"Invalid email address: {params['customer_email']}", "email_invalid", "customer_email")
    metadata = described(params)
    inner = params.get("payment_intent_data", {})
    for name in inner.keys() - {"metadata", "description", "receipt_email"}:
        raise unspoken(f"payment_intent_data[{name}]", "payment_intent_data")
    intent_metadata = described(inner, "payment_intent_data[metadata]")
    now = account.clock.now()
    expires = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST <= expires <= now + LONGEST:
        raise Refusal(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours "
            "from Checkout Session creation.",
            param="expires_at",
        )
    lines = priced(params.get("line_items") or [])
    currency, total = lines[0]["currency"], sum(line["unit_amount"] * line["quantity"] for line in lines)
    money.check_total(total, currency)

    session = account.new(
        "checkout.session",
        "cs_live" if livemode else "cs_test",
        adaptive_pricing={"enabled": params.get("adaptive_pricing", {}).get("enabled", True)},
        amount_subtotal=total,
        amount_total=total,
        billing_address_collection=params.get("billing_address_collection"),
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        currency=currency,
        customer_email=params.get("customer_email"),
        expires_at=expires,
        livemode=livemode,
        locale=params.get("locale"),
        metadata=metadata,
        mode="payment",
        payment_method_collection="if_required",
        payment_method_types=params.get("allowed_payment_method_types") or ["card"],
        payment_status="unpaid",
        status="open",
        submit_type=params.get("submit_type"),
        success_url=params["success_url"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
    )
    session["url"] = address(base, session["id"])
    account.beside[session["id"]] = {
        "lines": [item(account, line, livemode) for line in lines],
        "intent": {
            "metadata": intent_metadata,
            "description": inner.get("description"),
            "receipt_email": inner.get("receipt_email"),
        },
    }
    return session


def address(base: str, identifier: str) -> str:
    """Where a session is paid."""
    return f"{base}/c/pay/{identifier}"


def described(params: Json, param: str = "metadata") -> dict[str, str]:
    """The metadata of a request. https://docs.stripe.com/metadata"""
    metadata: dict[str, str] = params.get("metadata") or {}
    if len(metadata) > 50:
        raise Refusal("Metadata can have at most 50 keys.", param=param)
    for name, value in metadata.items():
        if len(name) > 40:
            raise too_long(f"{param}[{name}]", 40)
        if len(value) > 500:
            raise too_long(f"{param}[{name}]", 500)
    return metadata


def too_long(param: str, most: int) -> Refusal:
    return Refusal(f"Invalid string: {param} must be at most {most} characters", "parameter_invalid_string", param)


def priced(items: list[Json]) -> list[Json]:
    """The lines of a session: inline prices of one currency."""
    if not items:
        raise Refusal("Missing required param: line_items.", "parameter_missing", "line_items")
    lines = []
    for place, given in enumerate(items):
        path = f"line_items[{place}]"
        price, quantity = given.get("price_data"), given.get("quantity", 1)
        if price is None or price.keys() - PRICED or given.keys() - {"price_data", "quantity"}:
            raise unspoken("line items other than a quantity of price_data with product_data and unit_amount", path)
        if "unit_amount" not in price or "product_data" not in price:
            raise Refusal(f"Missing required param: {path}[price_data]", "parameter_missing", f"{path}[price_data]")
        name = price["product_data"].get("name", "")
        if not name.strip():
            param = f"{path}[price_data][product_data][name]"
            raise Refusal("You passed an empty string for 'name'.", "parameter_invalid_empty", param)
        if quantity < 1:
            raise Refusal("Quantity must be at least 1.", "parameter_invalid_integer", f"{path}[quantity]")
        currency = price["currency"]
        money.check_currency(currency, f"{path}[price_data][currency]")
        money.check_unit(price["unit_amount"], currency, f"{path}[price_data][unit_amount]")
        # fmt: off
        lines.append({
            "currency": currency, "unit_amount": price["unit_amount"], "quantity": quantity,
            "name": name, "description": price["product_data"].get("description"),
        })
        # fmt: on
    if len({line["currency"] for line in lines}) > 1:
        raise Refusal("All line items must have the same currency.", param="line_items")
    return lines


def item(account: Account, line: Json, livemode: bool) -> Json:
    """The line item that Stripe makes of an inline price."""
    # fmt: off
    price = account.make(
        "price", "price", active=False, billing_scheme="per_unit", currency=line["currency"], livemode=livemode,
        metadata={}, product="prod_inline", type="one_time", unit_amount=line["unit_amount"],
        unit_amount_decimal=str(line["unit_amount"]),
    )
    total = line["unit_amount"] * line["quantity"]
    return account.make(
        "item", "li", amount_subtotal=total, amount_total=total, currency=line["currency"], description=line["name"],
        price=price, quantity=line["quantity"],
    )
    # fmt: on


def expire(account: Account, identifier: str) -> Json:
    """Close an open session, as the site asked or because its time has come."""
    session = account.get("checkout.session", identifier, "session")
    if session["status"] != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}.",
            kept=True,
        )
    session |= {"status": "expired", "url": None}
    if tried := account.beside[identifier].get("tried"):
        intent = account.get("payment_intent", tried)
        intent |= {"status": "canceled", "canceled_at": account.clock.now(), "cancellation_reason": "expired"}
        account.tell("payment_intent.canceled", intent)
    account.tell("checkout.session.expired", session)
    return session


def sweep(account: Account) -> int:
    """Expire the sessions whose time has come, and say how many."""
    now = account.clock.now()
    late = [one for one in account.all("checkout.session") if one["status"] == "open" and one["expires_at"] <= now]
    for session in late:
        expire(account, session["id"])
    return len(late)
