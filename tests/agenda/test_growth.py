"""Pages ask the database as often with 7,600 events as with 76."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import EventFactory, ObjectiveFactory, RegionFactory
from tests.growth import many
from tests.reading import Pages

pytestmark = pytest.mark.django_db

AT_MOST = 15
"Queries of the agenda, whatever it holds and whatever is chosen."


@pytest.fixture
def pages(client):
    return Pages(client)


def test_queries_do_not_grow_with_the_programme(pages):
    region = RegionFactory(code="GROW")
    objective = ObjectiveFactory(code="A1")
    parent = EventFactory.published(
        regions=[region], start_local=dt.datetime(2031, 1, 1), end_local=dt.datetime(2031, 12, 31)
    )
    shown = EventFactory.published(parent=parent, regions=[region], objectives=[objective])
    addresses = [
        "/en/",
        "/en/calendar/",
        "/en/calendar/region/GROW/objective/A1/",
        "/en/calendar/past/",
        "/en/calendar/month/2031-05/",
        "/en/calendar/?q=meeting",
        shown.pages.get(locale__language_code="en").get_url(),
    ]
    many(76, region, objective, parent)
    for address in addresses:
        pages.open(address)
    before = {address: queries(pages, address) for address in addresses}
    many(7600 - 76, region, objective, parent)
    after = {address: queries(pages, address) for address in addresses}
    assert {address: len(after[address]) for address in addresses} == {
        address: len(before[address]) for address in addresses
    }, [query for address in addresses for query in after[address] if len(after[address]) != len(before[address])]

    agenda = [address for address in addresses if "/calendar/" in address and address != addresses[-1]]
    assert {address: after[address] for address in agenda if len(after[address]) > AT_MOST} == {}
    assert {address: len(after[address]) for address in addresses if len(after[address]) > 20} == {}


def queries(pages, address):
    with CaptureQueriesContext(connection) as captured:
        pages.open(address)
    return [query["sql"][:200] for query in captured.captured_queries]
