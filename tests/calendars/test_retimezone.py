"""After an update of tzdata clocks on the wall stay, and instants follow; dates are written far enough ahead."""

import datetime as dt
import importlib.resources
import zoneinfo
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import F

from events.models import Change, Event, EventException, Occurrence, Registration
from events.registration import upkeep
from pages.models import Edition
from tests.calendars.subscribed import entry, series
from tests.factories import EventFactory, again

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=8"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def new_rules(tmp_path):
    """From now on Paris keeps the time of Helsinki, an hour more."""
    (tmp_path / "Europe").mkdir()
    helsinki = importlib.resources.files("tzdata.zoneinfo.Europe") / "Helsinki"
    (tmp_path / "Europe" / "Paris").write_bytes(helsinki.read_bytes())

    def decree():
        zoneinfo.reset_tzpath([str(tmp_path)])
        zoneinfo.ZoneInfo.clear_cache()

    yield decree
    zoneinfo.reset_tzpath([])
    zoneinfo.ZoneInfo.clear_cache()


def made(*moment, **facts):
    start = dt.datetime(*moment)
    return EventFactory.published(**{"start_local": start, "end_local": start + HOUR} | facts)


def retimezone(*options):
    said = StringIO()
    call_command("retimezone", *options, stdout=said)
    return said.getvalue()


def instants():
    rows = [tuple(Event.objects.order_by("pk").values_list("pk", "starts_at", "ends_at"))]
    return [*rows, tuple(Occurrence.objects.order_by("pk").values_list("pk", "starts_at", "ends_at"))]


def register(event, **facts):
    date = event.occurrences.first() if event.registered_for == "date" else None
    facts = {"name": "Awa", "email": "awa@example.org", "attendance": "online", "language": "fr"} | facts
    return Registration.objects.create(event=event, occurrence=date, state="confirmed", **facts)


def test_instants_follow_the_new_rules_of_a_zone_and_clocks_stay(new_rules):
    ahead = made(2027, 3, 10, 9)
    weekly = made(2026, 11, 5, 15, recurrence=series(WEEKLY))
    elsewhere = made(2027, 3, 10, 9, timezone="Africa/Cairo")
    before, edition = instants(), Edition.now()
    new_rules()
    assert "2 events would have" in retimezone("--dry-run")
    assert (instants(), Edition.now()) == (before, edition)

    said = retimezone()
    assert "2027-03-10 08:00 → 2027-03-10 07:00 UTC" in said
    assert "5 dates" in said
    assert Edition.now() == edition + 1
    assert again(ahead).starts_at == dt.datetime(2027, 3, 10, 7, tzinfo=dt.UTC)
    assert again(ahead).start_local == dt.datetime(2027, 3, 10, 9)
    hours = [date.starts_at.hour for date in weekly.occurrences.order_by("starts_at")]
    assert hours == [14] * 3 + [13] * 5  # what is over took place when it did
    assert again(weekly).starts_at == weekly.starts_at
    assert again(elsewhere).calendar_entry.sequence == 0


def test_calendar_apps_hear_of_it_once(new_rules):
    event = made(2027, 3, 10, 9)
    before = entry(event)
    new_rules()
    retimezone()
    after = entry(event)
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTART"].to_ical() == before["DTSTART"].to_ical()
    done, edition = instants(), Edition.now()
    assert "Every instant agrees" in retimezone()
    assert (instants(), Edition.now()) == (done, edition)
    assert entry(event) == after


def test_the_past_follows_only_if_asked(new_rules):
    event = made(2026, 3, 10, 9)
    new_rules()
    assert "Every instant agrees" in retimezone()
    assert "1 events have" in retimezone("--all")
    assert again(event).starts_at == dt.datetime(2026, 3, 10, 7, tzinfo=dt.UTC)


def test_those_who_join_from_afar_are_to_be_told(new_rules):
    online = made(2027, 3, 10, 9, format="online", registration="here")
    onsite = made(2027, 3, 10, 9, registration="here")
    register(online)
    register(onsite)
    new_rules()
    assert retimezone().count("1 registrations\n") == 2
    assert list(Change.objects.values_list("event", flat=True)) == [online.pk]


def test_moved_dates_and_those_kept_for_somebody_follow_too(new_rules):
    event = EventFactory(
        start_local=dt.datetime(2027, 3, 4, 15), end_local=dt.datetime(2027, 3, 4, 16), recurrence=series(WEEKLY)
    )
    event.registered_for = "date"
    start = dt.datetime(2027, 3, 12, 9)
    event.exceptions.add(EventException(day=dt.date(2027, 3, 11), start_local=start, end_local=start + HOUR))
    event.save_revision().publish()
    event = again(event)
    Occurrence.objects.filter(event=event, original=dt.datetime(2027, 4, 22, 15)).update(is_dropped=True)
    before = {date.pk: date.starts_at for date in event.occurrences.all()}
    new_rules()
    retimezone()
    assert {date.pk: date.starts_at for date in event.occurrences.all()} == {pk: at - HOUR for pk, at in before.items()}


def test_instants_that_were_altered_by_hand_are_mended():
    event = made(2027, 3, 10, 9)
    draft = EventFactory(start_local=dt.datetime(2027, 3, 11, 9), end_local=dt.datetime(2027, 3, 11, 10))
    right = instants()
    Event.objects.update(starts_at=F("starts_at") - HOUR)
    Occurrence.objects.update(starts_at=F("starts_at") - HOUR)
    assert str(draft) in retimezone()
    assert instants() == right
    assert again(event).calendar_entry.sequence == 1


# -- the horizon


def last(event):
    return event.occurrences.order_by("original").last().original


def test_an_endless_series_is_written_three_years_ahead_once_a_month(today):
    weekly = made(2026, 11, 26, 15, recurrence=series("RRULE:FREQ=WEEKLY"))
    made(2026, 11, 26, 15, recurrence=series(WEEKLY))
    made(2026, 11, 26, 15, recurrence=series("RRULE:FREQ=YEARLY;UNTIL=20281126T000000Z"))
    written, edition = last(weekly), Edition.now()
    for _day in range(24):
        today.shift(dt.timedelta(days=1))
        assert upkeep.extend_horizon() == "0 recurring events extended"
    assert Edition.now() == edition
    today.shift(dt.timedelta(days=14))
    assert upkeep.extend_horizon() == "1 recurring events extended"
    assert last(weekly) > written + dt.timedelta(days=28)
    assert last(weekly) > TODAY.replace(tzinfo=None) + dt.timedelta(days=3 * 366)
    assert Edition.now() == edition + 1
    assert upkeep.extend_horizon() == "0 recurring events extended"


def test_a_night_costs_the_same_few_queries_however_many_series_there_are(today, django_assert_num_queries):
    for number in range(12):
        made(2026, 11, 23 + number % 7, 15, recurrence=series("RRULE:FREQ=WEEKLY"))
    with django_assert_num_queries(1):
        upkeep.extend_horizon()


def test_dates_lost_are_written_again():
    event = made(2026, 11, 26, 15, recurrence=series("RRULE:FREQ=WEEKLY"))
    written = last(event)
    event.occurrences.all().delete()
    upkeep.extend_horizon()
    assert last(event) == written
