"""The wall: nobody reads what is not theirs, at whatever address, by list, search, file, form or guessed number.

The walk asks the URL configuration for its addresses, so that a new one is
walked as soon as it exists. What can't be walked must be named, with its reason.
"""

import io
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from events.models import Event
from regions.models import Organisation
from tests.wall.secrets import ACTORS, PREFIX, World
from tests.wall.walk import EVERYWHERE, NOT_WALKED, Address, Filling, NoArgument, addresses
from tests.wall.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return build()


ALIKE = {"south correspondent", "latin correspondent", "co-organiser ird", "translator"}
"In public they read what two others like them read, who walk there too."
ANSWER_503 = {"/readyz"}
"Without a worker the site is not ready, and says so."


class Visitor:
    """Somebody who asks for every address and remembers what they read."""

    def __init__(self, world: World, actor: str) -> None:
        self.world, self.actor = world, actor
        self.client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        if actor in world.users:
            self.client.force_login(world.users[actor])
        self.session = self.client.cookies.copy()
        self.forbidden = world.forbidden(actor)
        self.owed = world.owed(actor)
        self.leaks: list[str] = []
        self.broken: list[str] = []

    def ask(self, method: str, path: str, **query: Any) -> Any:
        """One request, undone; what it gives is searched whole."""
        self.client.cookies = self.session.copy()
        with transaction.atomic():
            response = getattr(self.client, method)(path, query)
            said = content(response)
            transaction.set_rollback(True)
        label = f"{self.actor}: {method.upper()} {path} {sorted(query)}"
        if response.status_code >= 500 and method == "get" and path not in ANSWER_503:
            self.broken.append(f"{label} → {response.status_code}")
        lowered = said.lower()
        if PREFIX.encode() in lowered:
            self.leaks += [f"{label} → {word.decode()}" for word in self.forbidden if word in lowered]
            self.owed = {word for word in self.owed if word not in lowered}
        return response


def content(response: Any) -> bytes:
    """Everything that leaves: headers, body, the files in a file, and what is kept to be told on the next page."""
    said = [f"{name}: {value}".encode() for name, value in response.items()]
    said += [str(message).encode() for message in get_messages(response.wsgi_request)]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            said += [archive.read(name) for name in archive.namelist()]
    if file := getattr(response, "file_to_stream", None):
        file.close()
    return b"\n".join([*said, body])


def probes(visitor: Visitor, path: str, said: bytes) -> list[dict[str, Any]]:
    """What is asked of an address that answers: by search, by number, as a file, where it seems to have such."""
    world = visitor.world
    if "api/" in path:  # it refuses what it does not know
        return [{"search": PREFIX}, {"fields": "*", "limit": 20}]
    numbers = {
        "news-events": [event.uid for event in world.rows[Event]],
        "image": [image.pk for image in world.rows[Image]],
        "document": [document.pk for document in world.rows[Document]],
        "event": [event.pk for event in world.rows[Event]],
        "page": [page.pk for page in world.rows[Page]],
    }
    found: list[dict[str, Any]] = []
    if b'name="q"' in said or b'name="q"' in said or "autocomplete" in path:
        found.append({"q": PREFIX, "term": PREFIX})
    if "chosen" in path:
        found.append({"id": next(pks for name, pks in numbers.items() if name in path or name == "page")})
    if "/bulk/" in path:
        found.append({"id": "all", "childOf": world.rows[Page][0].get_parent().pk, "next": "/admin/"})
    if b'name="event"' in said:
        found += [{"event": event.pk} for event in world.sample(visitor.actor, world.rows[Event])]
    if b"export=" in said:
        found += [{"export": "csv"}, {"export": "xlsx"}]
    return found


def visit(visitor: Visitor, filling: Filling) -> None:
    """Ask for everything; the staff, for whom there is no wall, until they have found what is hidden from others.

    What refuses to be read is written to as well, once for each address.
    """
    asked = set()
    for address in walkable():
        if visitor.actor in ALIKE and not address.route.startswith(("admin/", "account/")):
            continue
        written = False
        for path in known(filling, address):
            if path in asked or (visitor.actor == "staff" and not visitor.owed):
                continue
            asked.add(path)
            answer = visitor.ask("get", path, **bulk(visitor.world, path))
            opens = answer.status_code not in (302, 403, 404)
            if answer.status_code == 200 and not address.parts[-1].converters:
                for probe in probes(visitor, path, b"" if answer.streaming else answer.content):
                    visitor.ask("get", path, **probe)
            if visitor.actor != "staff" and (opens or not written):
                visitor.ask("post", path, **typed(visitor.world))
                written = True


def known(filling: Filling, address: Address) -> list[str]:
    """The paths of an address; none where another test complains that there are none."""
    try:
        return filling.paths(address)
    except NoArgument:
        return []


def bulk(world: World, path: str) -> dict[str, Any]:
    """What is done to many at once is done to everything there is."""
    if "/bulk/" not in path:
        return {}
    tables = {
        "event": world.rows[Event],
        "image": world.rows[Image],
        "document": world.rows[Document],
        "user": world.rows[User],
        "organisation": Organisation.objects.all(),
        "region": world.regions.values(),
        "page": world.rows[Page],
    }
    return {"id": [row.pk for name, rows in tables.items() if f"/{name}/" in path for row in rows]}


def typed(world: World) -> dict[str, Any]:
    """A form that means no harm, with the numbers of others in every field that could take one."""
    event = world.rows[Event][-1].pk
    nothing = {f"{name}-{kind}_FORMS": 0 for name in ("comments", "organisers") for kind in ("TOTAL", "INITIAL")}
    foreign = {"event": event, "parent": event, "replacement": event, "id": [event]}
    return {"q": PREFIX, "next": "/admin/", "body-count": 0, **foreign, **nothing}


def walkable() -> list[Address]:
    return [one for one in addresses() if one.route not in NOT_WALKED and one.route not in EVERYWHERE]


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of what is not found tells nothing of what was asked for: here it is made of a word."""

    def not_found(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse("Not found", status=404)

    monkeypatch.setattr("config.urls.handler404", not_found, raising=False)
    monkeypatch.setattr("wagtail.admin.urls.page_not_found", not_found)


def test_every_address_can_be_walked(world):
    filling, without = Filling(world, "staff"), []
    for address in walkable():
        try:
            if not filling.paths(address):
                without.append(f"{address.route}: nothing to ask for")
        except NoArgument as missing:
            without.append(f"{address.route}: {missing}")
    assert not without, "\n".join(without)
    assert {*NOT_WALKED, *EVERYWHERE} <= {address.route for address in addresses()}


# Wagtail leaves the files open in which it makes a picture smaller.
@pytest.mark.once
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nobody_reads_what_is_not_theirs(world, plain_refusals):
    visitors = [Visitor(world, actor) for actor in ACTORS]
    for visitor in visitors:
        visit(visitor, Filling(world, visitor.actor))
    leaks = sorted({leak for visitor in visitors for leak in visitor.leaks})
    assert not leaks, "\n".join(leaks)
    broken = [line for visitor in visitors for line in visitor.broken]
    assert not broken, "\n".join(broken)
    unseen = [f"{visitor.actor}: {word.decode()}" for visitor in visitors for word in sorted(visitor.owed)]
    assert not unseen, "never found by whom it is for, so that nothing is shown:\n" + "\n".join(unseen)
