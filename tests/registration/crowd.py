"""A crowd: many people who send a form at the same moment, over HTTP, each with a browser of their own."""

import http.client
import re
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Answer:
    status: int
    location: str
    body: str
    retry_after: str | None


class Browser:
    """Cookies, and one request at a time."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(data, doseq=True) if data is not None else None, headers)
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        body = response.read().decode()
        answer = Answer(response.status, response.getheader("Location", ""), body, response.getheader("Retry-After"))
        connection.close()
        return answer

    def fill_in(self, path: str, answers: dict[str, Any]) -> dict[str, Any]:
        """Open a form and write into it; what the page itself sends along comes too."""
        page = self.ask("GET", path)
        assert page.status == 200, page.body
        return dict(HIDDEN.findall(page.body)) | answers


def send_together(url: str, path: str, people: Iterable[dict[str, Any]]) -> list[Answer]:
    """Everybody opens the form, then all send it at once; who meets a busy page sends it again."""
    everybody = list(people)
    ready = threading.Barrier(len(everybody))

    def person(answers: dict[str, Any]) -> Answer:
        browser = Browser(url)
        form = browser.fill_in(path, answers)
        ready.wait(120)
        answer = browser.ask("POST", path, form)
        while answer.status == 503:
            assert answer.retry_after
            assert answers["email"] in answer.body  # the form was kept
            answer = browser.ask("POST", path, form)
        return answer

    with ThreadPoolExecutor(len(everybody)) as crowd:
        return list(crowd.map(person, everybody))
