"""A visitor with one connection, which it keeps as long as the server does, and as little work as can be of its own."""

import http.client
import re
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CLOSED = (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected)
PATIENCE = 120


@dataclass(frozen=True)
class Person:
    """Somebody who registers, from a machine of their own."""

    number: int

    @property
    def answers(self) -> dict[str, str]:
        return {
            "name": f"Person {self.number}",
            "email": f"person{self.number}@example.org",
            "organisation": "ICRISAT",
            "country": "IN",
            "language": "fr",
            "consent": "on",
        }

    @property
    def machine(self) -> str:
        return f"10.{self.number // 62_500 % 250}.{self.number // 250 % 250}.{self.number % 250 + 1}"


@dataclass(frozen=True)
class Form:
    """An opened form: what the page itself sends along, and the cookie that goes with it."""

    hidden: dict[str, str]
    cookie: str


class Visitor:
    """One browser's way to the site; ``requests`` counts what it asked."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        self.requests = 0

    def ask(
        self, method: str, path: str, person: Person, body: str = "", cookie: str = ""
    ) -> tuple[int, str, str, str]:
        """Status, body, address to go on to and cookie."""
        headers = {"X-Forwarded-For": person.machine, "Connection": "keep-alive"}
        if cookie:
            headers["Cookie"] = cookie
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.requests += 1
        if self.connection.sock is None:
            self.connection.connect()
        try:
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
        except CLOSED:  # the server let the connection go between two requests
            self.connection.close()
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        given = answer.getheader("Set-Cookie", "").partition(";")[0]
        return answer.status, text, answer.getheader("Location", ""), given

    def open(self, path: str, person: Person) -> Form:
        """Open the form."""
        status, text, _to, cookie = self.ask("GET", path, person)
        if status != 200:
            raise SystemExit(f"The form was answered with {status}.")
        return Form(dict(HIDDEN.findall(text)), cookie)

    def send(self, path: str, form: Form, person: Person) -> tuple[int, str]:
        """Send it filled in by this person, and give the status and the address of the thanks."""
        said = form.hidden | person.answers | {"submission": str(uuid.uuid4())}
        status, _text, to, _cookie = self.ask("POST", path, person, urlencode(said), form.cookie)
        return status, to

    def send_until_taken(self, path: str, form: Form, person: Person) -> list[tuple[int, float]]:
        """Send it again while the site says that it is busy; every status, and how long it took."""
        said = []
        while True:
            start = time.perf_counter()
            status, _to = self.send(path, form, person)
            said.append((status, time.perf_counter() - start))
            if status != 503:
                return said
            time.sleep(0.05)

    def close(self) -> None:
        self.connection.close()
