"""Pages ask the database as often with 7,600 events as with 76."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Occurrence
from tests.factories import EventFactory, ObjectiveFactory, RegionFactory
from tests.growth import many
from tests.reading import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]

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


def test_queries_and_bytes_do_not_grow_with_the_series(client):
    """Fifty dates each: a series a week for a year."""
    region = RegionFactory(code="GROW")
    pages, addresses = Pages(client), ["/en/", "/en/calendar/", "/en/calendar/region/GROW/", "/en/calendar/page/3/"]
    first = [EventFactory.published(recurrence="RRULE:FREQ=DAILY;COUNT=2", regions=[region]) for _ in range(2)]
    many(700, region, ObjectiveFactory(code="A1"), None)
    _repeat(first[0], 40)
    for address in addresses:
        pages.open(address)
    before = {address: (len(queries(pages, address)), len(client.get(address).content)) for address in addresses}
    _repeat(first[0], 500)
    after = {address: (len(queries(pages, address)), len(client.get(address).content)) for address in addresses}
    for address in addresses:
        assert after[address][0] == before[address][0], address
        assert after[address][1] < 80_000, address
    assert max(count for address, (count, _size) in after.items() if "calendar" in address) <= AT_MOST


def _repeat(like, count):
    """Make so many of the grown events series of fifty dates, from today on."""
    now = timezone.now().replace(microsecond=0)
    rule = Event.objects.get(pk=like.pk).recurrence
    grown = list(Event.objects.exclude(pk=like.pk).filter(recurrence=None).order_by("pk")[:count])
    Event.objects.filter(pk__in=[event.pk for event in grown]).update(recurrence=rule)
    starts = [now + dt.timedelta(days=7 * number, hours=3) for number in range(50)]
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                event=event,
                original=start.replace(tzinfo=None),
                start_local=start.replace(tzinfo=None),
                end_local=start.replace(tzinfo=None) + dt.timedelta(hours=1),
                starts_at=start,
                ends_at=start + dt.timedelta(hours=1),
                is_cancelled=number % 7 == 3,
            )
            for event in grown
            for number, start in enumerate(starts)
        ],
        batch_size=500,
    )


def queries(pages, address):
    with CaptureQueriesContext(connection) as captured:
        pages.open(address)
    return [query["sql"][:200] for query in captured.captured_queries]
