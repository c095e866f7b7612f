"""Whatever the admin shows of a participant leaves a line: all its addresses are walked."""

import pytest
from django.core.cache import cache
from django.db import transaction

from events.models import DataAccess, Invitation, Payment, Registration
from letters.models import Letter
from tests.wall.test_wall import Visitor, bulk, content, known, probes, typed, walkable
from tests.wall.walk import Filling
from tests.wall.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def people() -> set[bytes]:
    """What tells of somebody: names and addresses of participants, invited people, payers and readers of letters."""
    said: set[str] = set()
    for rows in (
        Registration.objects.values_list("name", "email"),
        Invitation.objects.exclude(email="").values_list("name", "email"),
        Payment.objects.values_list("payer_name", "payer_email"),
        Letter.objects.filter(kind="confirmed").values_list("recipient", "recipient"),
    ):
        said |= {word for row in rows for word in row if "wallsecret" in word.lower()}
    return {word.lower().encode() for word in said}


def walker(world, actor):
    visitor = Visitor(world, actor)
    visitor.people = people()
    return visitor


def asked(visitor, method, path, **query):
    """Whether an address shows people, and whether that left a line."""
    visitor.client.cookies = visitor.session.copy()
    with transaction.atomic():
        before = sum(DataAccess.objects.values_list("times", flat=True))
        response = getattr(visitor.client, method)(path, query)
        # What is told on the next page is that page's to note.
        said = b"" if response.status_code in (302, 303) else content(response).lower()
        lines = sum(DataAccess.objects.values_list("times", flat=True)) - before
        transaction.set_rollback(True)
    return response, any(word in said for word in visitor.people), lines


# Wagtail leaves the files open in which it makes a picture smaller.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_address_of_the_admin_shows_a_participant_without_a_line():
    cache.clear()
    world = build()
    visitor = walker(world, "staff")
    filling = Filling(world, "staff")
    unnoted, noted, done = [], set(), set()
    for address in walkable():
        if not address.route.startswith("admin/"):
            continue
        for path in known(filling, address):
            if path in done:
                continue
            done.add(path)
            queries = [("get", bulk(world, path))]
            answer, shows, lines = asked(visitor, *queries[0][:1], path, **queries[0][1])
            found = [("get", queries[0][1], shows, lines)]
            if answer.status_code == 200 and not address.parts[-1].converters:
                for probe in probes(visitor, path, b"" if answer.streaming else answer.content):
                    found.append(("get", probe, *asked(visitor, "get", path, **probe)[1:]))
            if answer.status_code == 405 or shows:
                found.append(("post", typed(world), *asked(visitor, "post", path, **typed(world))[1:]))
            for method, query, shows, lines in found:
                if shows and lines == 0:
                    unnoted.append(f"{method} {path} {sorted(query)} ({address.route})")
                elif shows:
                    noted.add(address.route)
    for actor in world.users:
        _answer, shows, lines = asked(walker(world, actor), "get", "/admin/")
        if shows and lines == 0:
            unnoted.append(f"the first page of {actor}")
    assert not unnoted, "\n".join(unnoted)
    assert len(noted) > 20, noted
