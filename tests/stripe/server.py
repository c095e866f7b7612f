"""The door: real HTTP, as api.stripe.com would answer it."""

import base64
import contextlib
import http.server
import json
import secrets
import socket
import struct
import threading
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.stripe import checkout, operations, schema
from tests.stripe.account import NAME
from tests.stripe.faults import Fault
from tests.stripe.refusal import Refusal, unspoken

if TYPE_CHECKING:
    from tests.stripe.double import Double

JSON = "application/json"
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


class Broken(Exception):
    """The connection ends here without an answer."""


@dataclass
class Answer:
    status: int
    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Server(http.server.ThreadingHTTPServer):
    """Threads that answer, and the connections they hold, which end with the server."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, double: "Double") -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.double = double
        self.open: dict[socket.socket, threading.Thread] = {}

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self.open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no mishap of the double's."""

    def end(self) -> None:
        """Stop, and leave no thread and no socket behind."""
        self.shutdown()
        self.server_close()
        for connection, thread in list(self.open.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)


class Door(http.server.BaseHTTPRequestHandler):
    """Reads a request, has it answered and writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "Humus test double of Stripe"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the double keeps its own log."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self.answer(body)
        except Broken:
            self.hang_up()
            return
        except Exception as error:  # noqa: BLE001  a test that goes on would find another reason
            self.server.double.mishaps.append("".join(traceback.format_exception(error)))
            answer = refused(Refusal(f"The test double broke: {error!r}", status=500, kind="api_error"))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, text in answer.headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(answer.body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def answer(self, body: bytes) -> Answer:
        """What to say, of the API or of the pages."""
        double = self.server.double
        if double.faults.is_down:
            raise Broken
        if urlsplit(self.path).path.startswith(("/v1/", "/v2/")):
            return api(double, self.command, self.path, body, dict(self.headers))
        return page(
            double, self.command, self.path, body.decode(errors="replace"), self.headers.get("Accept-Language", "")
        )

    def hang_up(self) -> None:
        """Reset the connection, so that nobody waits for more."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RDWR)


def page(double: "Double", method: str, target: str, form: str, accepted: str) -> Answer:
    """The answer to a browser."""
    from tests.stripe import dashboard, till
    from tests.stripe.sheet import STYLE

    path = urlsplit(target).path
    asked = dict(parse_qsl(form))
    if path == "/style.css":
        return Answer(200, STYLE.encode(), "text/css")
    if path.startswith("/c/pay/"):
        session = path.removeprefix("/c/pay/")
        if method == "POST":
            return till.done(double, session, accepted, asked.get("how", ""))
        return till.shown(double, session, accepted)
    if path == "/":
        return dashboard.done(double, asked) if method == "POST" else dashboard.shown(double)
    return Answer(404, b"Nothing here.", "text/plain")


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


def refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, json.dumps(refusal.body, indent=2).encode())
