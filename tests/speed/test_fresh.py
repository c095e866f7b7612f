"""Published in one process, read in another at the next request: over HTTP, between real servers, under load."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.registration.crowd import Browser
from tests.registration.people import address, answers
from tests.served import Served

ROUNDS = 8
READERS = 4

SET_UP = """
import json
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pages.models import HomePage, StandardPage
from tests.registration.people import meeting
home = HomePage.objects.get(locale__language_code="en")
page = home.add_child(instance=StandardPage(title="Round 0", slug="rounds", locale=home.locale))
event = meeting(capacity=1)
client = Client()
client.force_login(User.objects.get(username="staff"), backend="django.contrib.auth.backends.ModelBackend")
print(json.dumps({
    "session": client.cookies["sessionid"].value,
    "page": page.pk,
    "edit_event": reverse("wagtailsnippets_events_event:edit", args=[event.pk]),
    "uid": str(event.uid),
    "event_url": event.pages.get(locale__language_code="en").get_url(),
}))
"""
PAGE = {
    "slug": "rounds",
    "body-count": "0",
    "action-publish": "on",
    **{f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
}


@pytest.fixture
def two(served, tmp_path) -> Iterator[tuple[Served, Served]]:
    """Two servers of two processes each on one database."""
    first = served(workers=2)
    folder = tmp_path / "second"
    folder.mkdir()
    second = Served(first.database_url, folder, workers=2, environment=first.more)
    second.start()
    yield first, second
    second.stop()


def read(site: Served, path: str) -> str:
    """A page as a visitor's browser gets it, by a connection of its own, so by whichever process is free."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    connection.request("GET", path, headers={"Host": "127.0.0.1"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 200, (path, answer.status)
    assert answer.getheader("ETag"), f"{path} is not kept, which would show nothing"
    return body


@contextmanager
def readers(sites: tuple[Served, ...], paths: list[str]) -> Iterator[None]:
    """Others who read all the time."""
    stop = threading.Event()

    def go(number: int) -> None:
        while not stop.is_set():
            read(sites[number % len(sites)], paths[number % len(paths)])

    crowd = [threading.Thread(target=go, args=(number,)) for number in range(READERS)]
    for one in crowd:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in crowd:
            one.join()


def test_what_is_published_in_one_process_is_read_in_every_other_at_the_next_request(two):
    first, second = two
    known = json.loads(first.manage("shell", "--no-imports", "-c", SET_UP).strip().splitlines()[-1])
    staff = Browser(first.url)
    staff.cookies["sessionid"] = known["session"]
    edit_page = f"/admin/pages/{known['page']}/edit/"
    edit_event = known["edit_event"]
    token = staff.fill_in(edit_page, {})["csrfmiddlewaretoken"]
    event_form = event_fields(staff, edit_event)
    stale = []

    def check(path: str, words: str, times: int = 3) -> None:
        for site in (second, first):
            stale.extend((path, words) for _ in range(times) if words not in read(site, path))

    with readers((first, second), ["/en/rounds/", "/en/", known["event_url"], "/en/calendar/"]):
        for number in range(1, ROUNDS + 1):
            sent = PAGE | {"title": f"Round {number} of many", "csrfmiddlewaretoken": token}
            assert staff.ask("POST", edit_page, sent).status == 302
            check("/en/rounds/", f"Round {number} of many")
            check("/en/", f"Round {number} of many", times=1)
            theme = {"theme_0": f"Thème {number} !", "theme_1": f"Theme {number}!", "theme_2": ""}
            answer = staff.ask("POST", edit_event, event_form | theme | {"action-publish": "1"})
            assert answer.status == 302, answer.body
            check(known["event_url"], f"Theme {number}!")
            check("/en/calendar/", f"Theme {number}!", times=1)
        assert "Registration open" in read(second, "/en/calendar/")
        visitor = Browser(first.url)
        form = visitor.fill_in(address("registration", known["uid"]), answers(email="last@example.org"))
        assert visitor.ask("POST", address("registration", known["uid"]), form).status == 303
        check(known["event_url"], "Fully booked")
        check("/en/calendar/", "Fully booked")
    assert stale == []
    for site in two:
        assert "Traceback" not in site.log()


def event_fields(staff: Browser, path: str) -> dict[str, str]:
    """What the form of an event holds, as a browser would send it."""
    answer = staff.ask("GET", path)
    title = BeautifulSoup(answer.body, "html.parser").select_one("[name=title_0]")
    assert title is not None, (answer.status, answer.location, answer.body[:500])
    form = title.find_parent("form")
    assert form is not None
    sent: dict[str, str] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type")
        if "__prefix__" in name or kind in ("submit", "button", "file"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            value = str(chosen["value"]) if chosen else ""
        elif kind in ("checkbox", "radio"):
            if not field.has_attr("checked"):
                continue
            value = str(field.get("value", "on"))
        else:
            value = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
        sent[name] = value
    return sent
