"""The door: real HTTP, as api.stripe.com would answer it."""

import contextlib
import http.server
import socket
import struct
import threading
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.stripe import dashboard, till
from tests.stripe.answer import Answer, Broken, refused
from tests.stripe.api import api
from tests.stripe.refusal import Refusal
from tests.stripe.sheet import STYLE

if TYPE_CHECKING:
    from tests.stripe.double import Double


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
