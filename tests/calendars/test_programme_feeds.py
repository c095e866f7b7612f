"""The Initiative's real programme, 2015 to 2027, as a subscriber's app reads it."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from events.founding.demonstration import PROGRAMME
from events.models import Event, Occurrence
from tests.calendars.readers import READERS
from tests.calendars.subscribed import feed

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(capsys):
    with time_machine.travel(TODAY, tick=False):
        call_command("import_programme", PROGRAMME)
        yield


def dates_of(date):
    if date.event.all_day:
        return date.start_local.date(), date.end_local.date() + dt.timedelta(days=1)
    return date.starts_at, date.ends_at


@pytest.mark.usefixtures("programme")
def test_three_readers_see_every_date_of_the_programme_in_three_languages():
    expected = {}
    for date in Occurrence.objects.select_related("event"):
        expected.setdefault(f"{date.event.uid}@{settings.CALENDAR_UID_DOMAIN}", []).append(dates_of(date))
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
    public = {f"{uid}@{settings.CALENDAR_UID_DOMAIN}" for uid in Event.objects.public().values_list("uid", flat=True)}
    assert len(public) == 76
    assert set(seen["fr"]) == set(seen["en"]) == set(seen["es"]) == public
