"""One request of Stripe's API: from the key it carries to the answer that is kept."""

import base64
import contextlib
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stripe

from tests.stripe import checkout, operations, schema
from tests.stripe.account import NAME
from tests.stripe.answer import Answer, Broken, refused
from tests.stripe.faults import Fault
from tests.stripe.refusal import Refusal, unspoken

if TYPE_CHECKING:
    from tests.stripe.double import Double

BUSY = {429: ("rate_limit", "invalid_request_error"), 409: ("lock_timeout", "invalid_request_error")}


@dataclass
class Request:
    """One call of the API: what was asked, and the ``status`` of the answer; 0 if nobody got one."""

    method: str
    path: str
    form: str
    idempotency_key: str | None
    headers: dict[str, str] = field(repr=False)
    status: int = 0
    replayed: bool = False


def api(double: "Double", method: str, target: str, body: bytes, headers: dict[str, str]) -> Answer:
    """The answer to a request of the API, with what goes wrong on the way.

    Raises:
        Broken: there is none.
    """
    headers = {name.lower(): text for name, text in headers.items()}
    url = urlsplit(target)
    form = body.decode(errors="replace") if method == "POST" else url.query
    key = headers.get("idempotency-key")
    request = Request(method, url.path, form, key, headers)
    double.requests.append(request)
    fault = double.faults.take(method, url.path)
    before(fault)
    owned = f"{bearer(headers)} {key}" if method == "POST" and key else ""
    try:
        kept = double.account.keys.begin(owned, f"{method} {url.path} {form}".encode()) if owned else None
        if kept:
            answer = Answer(kept.status, kept.answer.encode(), headers={"Idempotent-Replayed": "true"})
            request.replayed = True
        else:
            answer = run(double, request, owned, fault)
    except Refusal as refusal:
        answer = refused(refusal)
    if fault and fault.kind == "lost":
        raise Broken
    request.status = answer.status
    answer.headers |= {"Request-Id": f"req_{secrets.token_hex(7)}", "Stripe-Version": stripe.api_version}
    if key:
        answer.headers["Idempotency-Key"] = key
    return answer


def before(fault: Fault | None) -> None:
    """What goes wrong before anything is done."""
    if fault and fault.kind == "hang":
        fault.wait()
    if fault and fault.kind in ("hang", "drop"):
        raise Broken


def fail(fault: Fault | None) -> None:
    """Say no because a test wants it."""
    if fault and fault.kind == "error":
        code, kind = BUSY.get(fault.status, (None, "api_error"))
        raise Refusal("The test double was told to fail.", code, status=fault.status, kind=kind)


def run(double: "Double", request: Request, owned: str, fault: Fault | None) -> Answer:
    """Do what is asked, and keep the answer if it is to be kept."""
    done: Answer | None = None
    try:
        fail(fault)
        answer = done = perform(double, request)
    except Refusal as refusal:
        answer = refused(refusal)
        done = answer if refusal.kept else None
    finally:
        if fault and fault.kind == "slow":
            fault.wait()
        if owned and done:
            double.account.keys.end(owned, done.status, done.body.decode())
        elif owned:
            double.account.keys.forget(owned)
    if request.method == "POST":
        double.save()
    return answer


def perform(double: "Double", request: Request) -> Answer:
    """Check a request, run its operation and check what comes out."""
    livemode = authenticate(double, request.headers)
    operation, identifier = operations.find(request.method, request.path)
    params = schema.read(operation.params, schema.nested(request.form))
    if params.pop("expand", None):
        raise unspoken("expand", "expand")
    account = double.account
    with account.lock:
        account.request = {"id": f"req_{secrets.token_hex(7)}", "idempotency_key": request.idempotency_key}
        try:
            checkout.sweep(account)
            said = operation.do(operations.Call(account, double.url, livemode, request.path, identifier, params))
        finally:
            account.request = {"id": None, "idempotency_key": None}
        schema.check(said)
        return Answer(200, json.dumps(said, indent=2).encode())


def bearer(headers: dict[str, str]) -> str:
    """The key that a request carries, as a bearer or as the name of basic authentication."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            given = base64.b64decode(given).decode().partition(":")[0]
    return given.strip()


def authenticate(double: "Double", headers: dict[str, str]) -> bool:
    """Whether the key is of live mode.

    Raises:
        Refusal: nobody knows the key, or what else the headers say is not spoken.
    """
    given = bearer(headers)
    if not given:
        raise Refusal("You did not provide an API key.", status=401)
    if given not in double.keys:
        raise Refusal(f"Invalid API Key provided: {given[:8]}****{given[-4:]}", status=401)
    version = headers.get("stripe-version", stripe.api_version)
    if version != stripe.api_version:
        raise unspoken(f"version {version} (the installed package pins {stripe.api_version})", "Stripe-Version")
    if headers.get("stripe-account", NAME) != NAME:
        raise Refusal("The provided key does not have access to this account.", "account_invalid", status=403)
    return "_live_" in given
