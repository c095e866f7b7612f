"""The Initiative's real programme, 2015 to 2027, as a subscriber's app reads it."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from events.founding.demonstration import PROGRAMME
from events.models import Event
from tests.calendars.readers import READERS
from tests.calendars.subscribed import feed, held

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(capsys):
    with time_machine.travel(TODAY, tick=False):
        call_command("import_programme", PROGRAMME)
        yield


@pytest.mark.usefixtures("programme")
def test_every_reader_sees_every_date_of_the_programme_in_three_languages():
    expected = held(Event.objects.all())
    seen = {"fr": {}, "en": {}, "es": {}}
    for language, found in seen.items():
        for path in ("all", "archive"):
            body = feed(f"{language}/{path}.ics")
            assert len(body) < 900_000
            for reader in READERS:
                dates = reader(body)
                for uid, told in dates.items():
                    # A series without an end has no last date here, only a last one kept.
                    assert told[: len(expected[uid])] == expected[uid], (reader, uid)
                found |= dates
    called_off = Event.objects.filter(status__in=[Event.Status.CANCELLED, Event.Status.POSTPONED])
    assert Event.objects.public().count() == 76
    assert called_off.count() == 3
    public = held(Event.objects.public().exclude(pk__in=called_off))
    assert set(seen["fr"]) == set(seen["en"]) == set(seen["es"]) == set(public)
