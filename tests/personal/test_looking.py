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
    """What an address answers, whether it shows people, and whether that left a line."""
    visitor.client.cookies = visitor.session.copy()
    with transaction.atomic():
        before = looks()
        response = getattr(visitor.client, method)(path, query)
        # What is told on the next page is that page's to note.
        said = b"" if response.status_code in (302, 303) else content(response).lower()
        lines = looks() - before
        transaction.set_rollback(True)
    return response, any(word in said for word in visitor.people), lines > 0


def looks():
    return sum(DataAccess.objects.values_list("times", flat=True))


def visits(visitor, address, path):
    """Everything that is asked of an address: as it is, with what it seems to take, and written to."""
    query = bulk(visitor.world, path)
    answer, shows, noted = asked(visitor, "get", path, **query)
    yield "get", query, shows, noted
    if answer.status_code == 200 and not address.parts[-1].converters:
        for probe in probes(visitor, path, b"" if answer.streaming else answer.content):
            yield "get", probe, *asked(visitor, "get", path, **probe)[1:]
    if answer.status_code == 405 or shows:
        form = typed(visitor.world)
        yield "post", form, *asked(visitor, "post", path, **form)[1:]


# Wagtail leaves the files open in which it makes a picture smaller.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_address_of_the_admin_shows_a_participant_without_a_line():
    cache.clear()
    world = build()
    visitor, filling = walker(world, "staff"), Filling(world, "staff")
    of_admin = [address for address in walkable() if address.route.startswith("admin/")]
    paths = {path: address for address in of_admin for path in known(filling, address)}
    unnoted, shown = [], set()
    for path, address in paths.items():
        for method, query, shows, noted in visits(visitor, address, path):
            if shows:
                shown.add(address.route)
            if shows and not noted:
                unnoted.append(f"{method} {path} {sorted(query)} ({address.route})")
    for actor in world.users:
        _answer, shows, noted = asked(walker(world, actor), "get", "/admin/")
        if shows and not noted:
            unnoted.append(f"the first page of {actor}")
    assert not unnoted, "\n".join(unnoted)
    assert len(shown) > 20, shown
