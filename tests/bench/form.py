"""Measures, in one process of the public site, what registering costs; prints one line of JSON.

A person asks three times: for the form, to send it, for the thanks. Of each, the CPU
beside that of an empty view, and the SQL statements; the first registration of a
process, which fills what the process keeps, is not counted.
"""

import io
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.bench.visitor import HIDDEN, Person  # noqa: E402
from tests.registration.people import address, meeting  # noqa: E402

EMPTY = "empty view"
ROUNDS = 5
SECONDS = 0.2
"What one round asks of each."


class Asker:
    """Asks the site as gunicorn would, in this process."""

    def __init__(self) -> None:
        self.site = WSGIHandler()

    def ask(
        self, method: str, path: str, body: str = "", cookie: str = "", machine: str = "10.0.0.1"
    ) -> tuple[str, list[tuple[str, str]], str]:
        path, _mark, query = path.partition("?")
        said = body.encode()
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_LANGUAGE": "fr", "REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": machine,
            "HTTP_COOKIE": cookie, "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(said)),
            "wsgi.input": io.BytesIO(said), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
        }  # fmt: skip
        got: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self.site(environ, lambda status, headers, _error=None: got.append((status, headers)))
        text = b"".join(answer).decode()
        answer.close()
        return got[0][0], got[0][1], text


def must(status: str, wanted: str) -> None:
    if not status.startswith(wanted):
        sys.exit(f"Answered with {status} and not with {wanted}.")


def cost(ask: Callable[[], object]) -> float:
    """Seconds of CPU for one answer, on the average of as many as fit a moment."""
    spent, count, until = 0.0, 0, time.perf_counter() + SECONDS
    while not count or (time.perf_counter() < until and count < 500):
        start = time.process_time()
        ask()
        spent += time.process_time() - start
        count += 1
    return spent / count


def main() -> None:
    site, people = Asker(), (Person(number) for number in itertools.count(1_000_000))
    where = address("registration", meeting(capacity=100_000).uid)
    status, headers, page = site.ask("GET", where)
    must(status, "200")
    hidden = dict(HIDDEN.findall(page)) | {"submission": ""}
    cookie = next(value for name, value in headers if name == "Set-Cookie").partition(";")[0]
    thanks = ""

    def form() -> None:
        must(site.ask("GET", where, cookie=cookie)[0], "200")

    def sent() -> None:
        nonlocal thanks
        person = next(people)
        status, headers, _text = site.ask("POST", where, urlencode(hidden | person.answers), cookie, person.machine)
        must(status, "303")
        thanks = dict(headers)["Location"]

    def thanked() -> None:
        must(site.ask("GET", thanks, cookie=cookie)[0], "200")

    asked = {
        EMPTY: lambda: must(site.ask("GET", "/empty/")[0], "200"),
        "the form": form,
        "the form sent": sent,
        "the thanks": thanked,
    }
    statements = {}
    for name, ask in asked.items():
        ask()
        with CaptureQueriesContext(connection) as captured:
            ask()
        statements[name] = [query["sql"] for query in captured.captured_queries]
    took: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(ROUNDS):
        for name, ask in asked.items():
            took[name].append(cost(ask))
    print(
        json.dumps({"cpu": {name: statistics.median(took[name]) for name in asked}, "statements": statements}),
    )


if __name__ == "__main__":
    main()
