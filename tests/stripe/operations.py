"""Every call of Stripe's API that the double answers, with the types of its parameters."""

import datetime
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe
import stripe.params
import stripe.params.checkout
from stripe.params.v2.core._event_retrieve_params import EventRetrieveParams as ThinRetrieveParams

from tests.stripe import checkout, refunds
from tests.stripe.account import NAME, Account
from tests.stripe.refusal import Refusal, missing, unspoken
from tests.stripe.schema import Json


@dataclass
class Call:
    """One request that has passed the door: whose, to what, with which typed parameters."""

    account: Account
    base: str
    livemode: bool
    path: str
    identifier: str
    params: Json


@dataclass(frozen=True)
class Operation:
    """A method and a path in which ``{}`` stands for an id."""

    method: str
    path: str
    params: Any
    do: Callable[[Call], Json]

    def match(self, method: str, path: str) -> re.Match[str] | None:
        return re.fullmatch(self.path.replace("{}", "([^/]+)"), path) if method == self.method else None


def find(method: str, path: str) -> tuple[Operation, str]:
    """The operation for a request, and the id in its path.

    Raises:
        Refusal: the double answers no such request.
    """
    for operation in OPERATIONS:
        if found := operation.match(method, path):
            return operation, found[1] if found.groups() else ""
    raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)


def listed(kind: str, *same: str) -> Callable[[Call], Json]:
    """A list of this kind, newest first, of those whose ``same`` fields are as asked, page by page."""

    def page(call: Call) -> Json:
        found = [
            one
            for one in call.account.all(kind)
            if all(one[name] == call.params[name] for name in same if name in call.params)
        ]
        return paged(call, found, set(same))

    return page


def paged(call: Call, found: list[Json], spoken: set[str]) -> Json:
    """One page of what was found, oldest first. https://docs.stripe.com/api/pagination"""
    asked = call.params
    for name in asked.keys() - spoken - {"limit", "starting_after", "ending_before", "created"}:
        raise unspoken(f"{call.path}?{name}", name)
    found = [one for one in reversed(found) if within(asked.get("created"), one.get("created", 0))]
    limit = asked.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refusal("Invalid limit: must be from 1 to 100", "parameter_invalid_integer", "limit")
    names = [one["id"] for one in found]
    for cursor in asked.keys() & {"starting_after", "ending_before"}:
        if asked[cursor] not in names:
            raise missing("object", asked[cursor], "starting_after")
    start = names.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
    end = names.index(asked["ending_before"]) if "ending_before" in asked else len(found)
    if "ending_before" in asked:
        start = max(start, end - limit)
        more = start > 0
    else:
        more = start + limit < end
    return {"object": "list", "url": call.path, "has_more": more, "data": found[start:end][:limit]}


def within(asked: Json | int | None, created: int) -> bool:
    """Whether this time is the one, or in the span, that was asked for."""
    if not isinstance(asked, dict):
        return asked is None or asked == created
    return asked.get("gte", created) <= created <= asked.get("lte", created) and asked.get(
        "gt", created - 1
    ) < created < asked.get("lt", created + 1)


def one(kind: str, param: str) -> Callable[[Call], Json]:
    """A single object."""
    return lambda call: call.account.get(kind, call.identifier, param)


def line_items(call: Call) -> Json:
    """What a session sells."""
    call.account.get("checkout.session", call.identifier, "session")
    return paged(call, list(reversed(call.account.beside[call.identifier]["lines"])), set())


def sessions(call: Call) -> Json:
    """Sessions, of one payment intent or in one status if so asked."""
    if details := call.params.pop("customer_details", None):
        email = details.get("email")
        found = [
            one for one in call.account.all("checkout.session") if (one["customer_details"] or {}).get("email") == email
        ]
        return paged(call, found, set())
    return listed("checkout.session", "payment_intent", "status")(call)


def events(call: Call) -> Json:
    """Events of the last thirty days, of some kinds, delivered or not, if so asked."""
    asked = call.params
    kinds = asked.get("types", [asked["type"]] if "type" in asked else ["*"])
    if {"type", "types"} <= asked.keys():
        raise Refusal("You may pass either type or types, but not both.", param="types")
    patterns = [re.compile(re.escape(kind).replace(r"\*", ".*")) for kind in kinds]
    oldest = call.account.clock.now() - 30 * 86_400
    found = [
        one
        for one in call.account.all("event")
        if one["created"] >= oldest and any(pattern.fullmatch(one["type"]) for pattern in patterns)
    ]
    if "delivery_success" in asked:
        found = [one for one in found if (one["pending_webhooks"] == 0) == asked["delivery_success"]]
    return paged(call, found, {"type", "types", "delivery_success"})


def thin(event: Json) -> Json:
    """The thin event that stands for a snapshot event: who changed, but not into what."""
    subject = event["data"]["object"]
    instant = datetime.datetime.fromtimestamp(event["created"], datetime.UTC)
    return {
        "id": "evt_thin_" + event["id"].removeprefix("evt_"),
        "object": "v2.core.event",
        "type": "v1." + event["type"],
        "created": instant.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "livemode": event["livemode"],
        "context": None,
        "reason": None,
        "snapshot_event": event["id"],
        "related_object": {"id": subject["id"], "type": subject["object"], "url": address(subject)},
    }


def address(subject: Json) -> str:
    """The path under which an object is found."""
    return f"/v1/{subject['object'].replace('.', '/')}s/{subject['id']}"


def thin_event(call: Call) -> Json:
    name = call.identifier.replace("evt_thin_", "evt_", 1)
    return {"changes": None} | thin(call.account.get("event", name))


def endpoint_created(call: Call) -> Json:
    """A webhook endpoint, whose secret is told this once."""
    asked = call.params
    made = endpoint(call.account, asked["url"], [f"whsec_{secrets.token_hex(16)}"], asked["enabled_events"])
    made |= {"livemode": call.livemode, "api_version": asked.get("api_version")}
    made |= {"metadata": checkout.described(asked), "description": asked.get("description")}
    return made | {"secret": call.account.beside[made["id"]]["secrets"][0]}


def endpoint_updated(call: Call) -> Json:
    made = call.account.get("webhook_endpoint", call.identifier, "webhook_endpoint")
    asked = dict(call.params)
    if "disabled" in asked:
        made["status"] = "disabled" if asked.pop("disabled") else "enabled"
    if "metadata" in asked:
        made["metadata"] |= checkout.described(asked)
        del asked["metadata"]
    made |= asked
    return made


def endpoint(account: Account, url: str, hidden: list[str], wanted: list[str]) -> Json:
    """An address to which events are sent, signed with each of its secrets."""
    made = account.new("webhook_endpoint", "we", url=url, enabled_events=wanted, status="enabled", livemode=False)
    made.pop("secret")
    account.beside[made["id"]] = {"secrets": hidden}
    return made


def myself(call: Call) -> Json:
    """The account whose key was used."""
    made = call.account.make("account", "acct", country="FR", default_currency="eur", charges_enabled=True)
    return made | {"id": NAME, "payouts_enabled": True, "details_submitted": True}


def session_created(call: Call) -> Json:
    return checkout.create(call.account, call.params, call.base, call.livemode)


def session_expired(call: Call) -> Json:
    return checkout.expire(call.account, call.identifier)


P, C = stripe.params, stripe.params.checkout
SESSIONS = "/v1/checkout/sessions"
# fmt: off
OPERATIONS = (
    Operation("POST", SESSIONS, C.SessionCreateParams, session_created),
    Operation("GET", SESSIONS, C.SessionListParams, sessions),
    Operation("GET", SESSIONS + "/{}", C.SessionRetrieveParams, one("checkout.session", "session")),
    Operation("POST", SESSIONS + "/{}/expire", C.SessionExpireParams, session_expired),
    Operation("GET", SESSIONS + "/{}/line_items", C.SessionListLineItemsParams, line_items),
    Operation("GET", "/v1/payment_intents", P.PaymentIntentListParams, listed("payment_intent")),
    Operation("GET", "/v1/payment_intents/{}", P.PaymentIntentRetrieveParams, one("payment_intent", "intent")),
    Operation("GET", "/v1/charges", P.ChargeListParams, listed("charge", "payment_intent")),
    Operation("GET", "/v1/charges/{}", P.ChargeRetrieveParams, one("charge", "charge")),
    Operation("POST", "/v1/refunds", P.RefundCreateParams, lambda c: refunds.create(c.account, c.params)),
    Operation("GET", "/v1/refunds", P.RefundListParams, listed("refund", "payment_intent", "charge")),
    Operation("GET", "/v1/refunds/{}", P.RefundRetrieveParams, one("refund", "refund")),
    Operation("POST", "/v1/refunds/{}/cancel", P.RefundCancelParams, lambda c: refunds.cancel(c.account, c.identifier)),
    Operation("GET", "/v1/disputes", P.DisputeListParams, listed("dispute", "payment_intent", "charge")),
    Operation("GET", "/v1/disputes/{}", P.DisputeRetrieveParams, one("dispute", "dispute")),
    Operation("GET", "/v1/events", P.EventListParams, events),
    Operation("GET", "/v1/events/{}", P.EventRetrieveParams, one("event", "id")),
    Operation("POST", "/v1/webhook_endpoints", P.WebhookEndpointCreateParams, endpoint_created),
    Operation("GET", "/v1/webhook_endpoints", P.WebhookEndpointListParams, listed("webhook_endpoint")),
    Operation("GET", "/v1/webhook_endpoints/{}", P.WebhookEndpointRetrieveParams, one("webhook_endpoint", "id")),
    Operation("POST", "/v1/webhook_endpoints/{}", P.WebhookEndpointUpdateParams, endpoint_updated),
    Operation("GET", "/v1/account", P.AccountRetrieveCurrentParams, myself),
    Operation("GET", "/v2/core/events/{}", ThinRetrieveParams, thin_event),
)
# fmt: on
