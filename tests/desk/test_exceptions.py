"""Exceptions in the form of an event: a date that is cancelled, moved or told something of, and what is refused."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from recurrence import deserialize

from events.models import Event, EventException
from tests.factories import EventFactory, again, told
from tests.forms import filled

pytestmark = pytest.mark.django_db

NAMES = "wagtailsnippets_events_event"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=6"


def weekly(rule=WEEKLY, **facts):
    """Six Mondays at nine in Paris, from 12 May 2031."""
    facts = {"end_local": dt.datetime(2031, 5, 12, 10), "recurrence": deserialize(rule)} | facts
    return EventFactory.published(**facts)


def edit(event):
    return reverse(f"{NAMES}:edit", args=[event.pk])


@pytest.fixture
def sends(desk):
    """Opens the form of an event, changes what is said, and sends it; rows are the exceptions."""

    def send(event, *rows, publish=False, client=desk, **changes):
        sent = filled(client.get(edit(event)))
        known = int(sent["exceptions-INITIAL_FORMS"])
        sent["exceptions-TOTAL_FORMS"] = str(max(known, len(rows)))
        for number, row in enumerate(rows):
            if number >= known:
                sent[f"exceptions-{number}-id"] = ""
            sent |= {f"exceptions-{number}-{name}": value for name, value in row.items()}
        sent |= changes
        if publish:
            sent["action-publish"] = "1"
        return client.post(edit(event), sent)

    return send


def complaints(answer):
    """What stands at the fields, by the name of the field."""
    assert answer.status_code == 200, "it was taken"
    page = BeautifulSoup(answer.content, "html.parser")
    found = {}
    for error in page.select(".w-field__errors .error-message"):
        field = error.find_parent(class_="w-field__wrapper") or error.find_parent(class_="w-panel")
        named = field.select_one("[name]")
        found[named["name"] if named else ""] = error.get_text(" ", strip=True)
    return found


def test_each_kind_of_exception_is_kept_and_published(sends):
    event = weekly()
    answer = sends(
        event,
        {"day": "2031-05-19", "is_cancelled": "on"},
        {"day": "2031-05-26", "start_local": "2031-05-27 14:00", "end_local": "2031-05-27 15:30"},
        {"day": "2031-06-02", "venue_0": "Salle B", "city_0": "Lyon", "joining_url": "https://example.org/b"},
        {"day": "2031-06-09", "note_0": "Apporter une carte", "note_1": "Bring a map"},
        publish=True,
    )
    assert answer.status_code == 302, complaints(answer)
    dates = {date.original.day: date for date in again(event).occurrences.all()}
    assert dates[19].is_cancelled
    assert dates[26].start_local == dt.datetime(2031, 5, 27, 14)
    assert dates[2].city.localize("fr") == "Lyon"
    assert dates[9].note.localize("en") == "Bring a map"


def test_a_draft_keeps_its_exceptions_and_what_is_public_stays(sends, desk):
    event = weekly()
    assert sends(event, {"day": "2031-05-19", "is_cancelled": "on"}).status_code == 302
    assert not again(event).exceptions.exists()
    assert not event.occurrences.filter(is_cancelled=True).exists()
    assert again(event).get_latest_revision_as_object().exceptions.get().is_cancelled
    page = desk.get(edit(event)).content.decode()
    assert "2031-05-19" in page


@pytest.mark.once
def test_the_days_of_the_series_are_proposed_in_the_reader_s_words(desk):
    page = BeautifulSoup(desk.get(edit(weekly())).content, "html.parser")
    days = [option["value"] for option in page.select("datalist#dates-of-the-series option")]
    assert days[:2] == ["2031-05-12", "2031-05-19"]
    assert len(days) == 6
    assert "Monday, 19 May 2031" in str(page.select_one("datalist#dates-of-the-series"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2131-05-12"])
def test_a_day_at_the_end_of_time_is_told_at_its_row_as_any_other(sends, day):
    assert "exceptions-0-day" in complaints(sends(weekly("RRULE:FREQ=DAILY"), {"day": day, "is_cancelled": "on"}))


@pytest.mark.once
@pytest.mark.parametrize("publish", [False, True])
def test_a_day_that_the_series_does_not_have_is_told_at_its_row_with_the_nearest(sends, publish):
    found = complaints(sends(weekly(), {"day": "2031-05-20", "is_cancelled": "on"}, publish=publish))
    assert "no date on that day" in found["exceptions-0-day"]
    assert "Monday, 19 May 2031" in found["exceptions-0-day"]
    assert not EventException.objects.exists()


@pytest.mark.once
def test_it_is_told_in_the_language_of_the_editor(sends, staff):
    staff.wagtail_userprofile.preferred_language = "fr"
    staff.wagtail_userprofile.save()
    found = complaints(sends(weekly(), {"day": "2031-05-20", "is_cancelled": "on"}))
    assert "lundi 19 mai 2031" in found["exceptions-0-day"]


@pytest.mark.once
def test_a_skipped_date_has_no_exception(sends):
    event = weekly("RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE:20310519T000000Z")
    found = complaints(sends(event, {"day": "2031-05-19", "is_cancelled": "on"}))
    assert "skipped" in found["exceptions-0-day"]


def test_the_same_day_twice_is_told_at_both_rows(sends):
    row = {"day": "2031-05-19", "is_cancelled": "on"}
    found = complaints(sends(weekly(), row, row))
    assert "more than one row" in found["exceptions-0-day"]
    assert "more than one row" in found["exceptions-1-day"]


@pytest.mark.once
def test_a_single_event_has_no_exceptions(sends):
    event = EventFactory.published()
    found = complaints(sends(event, {"day": "2031-05-12", "is_cancelled": "on"}))
    assert "Only a series" in found["exceptions-0-day"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("end_local", {"start_local": "2031-05-19 10:00", "end_local": "2031-05-19 09:00"}),
        ("end_local", {"start_local": "2031-05-19 10:00"}),
        ("start_local", {"end_local": "2031-05-19 10:00"}),
        ("start_local", {"start_local": "2031-03-30 02:30", "end_local": "2031-03-30 05:00"}),
        ("day", {"day": "", "is_cancelled": "on"}),
        ("day", {"day": "no day", "is_cancelled": "on"}),
        ("joining_url", {"joining_url": "no address"}),
    ],
)
def test_what_is_wrong_stands_at_its_field(sends, field, row):
    found = complaints(sends(weekly(), {"day": "2031-05-19"} | row))
    assert f"exceptions-0-{field}" in found, found
    assert not EventException.objects.exists()


def test_a_series_that_moves_to_another_weekday_leaves_no_exception_behind(sends):
    event = weekly()
    sends(event, {"day": "2031-05-19", "is_cancelled": "on"}, publish=True)
    found = complaints(sends(event, publish=True, start_local="2031-05-13 09:00", end_local="2031-05-13 10:00"))
    rule = " ".join(text for name, text in found.items() if not name.startswith("exceptions"))
    assert "Monday, 19 May 2031" in rule
    assert "From this date on" in rule
    assert "exceptions-0-day" in found
    assert again(event).exceptions.get().day == dt.date(2031, 5, 19)
    assert again(event).start_local.day == 12


def test_with_the_row_deleted_the_series_moves(sends):
    event = weekly()
    sends(event, {"day": "2031-05-19", "is_cancelled": "on"}, publish=True)
    moved = {"start_local": "2031-05-13 09:00", "end_local": "2031-05-13 10:00"}
    assert sends(event, {"DELETE": "on"}, publish=True, **moved).status_code == 302
    assert not again(event).exceptions.exists()
    assert again(event).start_local.day == 13


def test_two_rows_may_change_places(sends):
    event = weekly()
    sends(event, {"day": "2031-05-19", "note_0": "un"}, {"day": "2031-05-26", "note_0": "deux"}, publish=True)
    answer = sends(event, {"day": "2031-05-26"}, {"day": "2031-05-19"}, publish=True)
    assert answer.status_code == 302, complaints(answer)
    assert [one.note.localize("fr") for one in again(event).exceptions.order_by("day")] == ["deux", "un"]


def test_autosave_keeps_a_row_once(desk):
    event = weekly()
    sent = filled(desk.get(edit(event)))
    sent |= {"exceptions-TOTAL_FORMS": "1", "exceptions-0-id": "", "exceptions-0-day": "2031-05-19"}
    sent |= {"exceptions-0-is_cancelled": "on"}
    headers = {"accept": "application/json"}
    first = desk.post(edit(event), sent, headers=headers)
    assert first.status_code == 200, first.content
    said = first.json()
    assert said["success"], said
    sent |= {name: str(value) for name, value in said["field_updates"].items()}
    sent["overwrite_revision_id"] = str(said["revision_id"])
    second = desk.post(edit(event), sent, headers=headers)
    assert second.json()["success"], second.json()
    assert len(again(event).get_latest_revision_as_object().exceptions.all()) == 1


@pytest.mark.once
def test_the_comparison_tells_what_became_of_a_date(sends, desk):
    event = weekly()
    sends(event, {"day": "2031-05-19", "venue_0": "Salle A", "venue_1": "Room A"}, publish=True)
    sends(
        event,
        {"venue_0": "Salle B", "start_local": "2031-05-20 14:00", "end_local": "2031-05-20 15:00"},
        {"day": "2031-05-26", "is_cancelled": "on", "note_0": "Jour férié"},
        publish=True,
    )
    before, after = event.revisions.order_by("-pk").values_list("pk", flat=True)[:2][::-1]
    page = desk.get(reverse(f"{NAMES}:revisions_compare", args=[event.pk, before, after]))
    assert page.status_code == 200
    words = BeautifulSoup(page.content, "html.parser").main.get_text("|", strip=True)
    for part in ("20 May 2031, 14:00", "26 May 2031", "Jour férié"):
        assert part in words, words


@pytest.mark.once
def test_the_preview_shows_what_is_typed(desk):
    event = weekly()
    sent = filled(desk.get(edit(event)))
    sent |= {"exceptions-TOTAL_FORMS": "1", "exceptions-0-id": "", "exceptions-0-day": "2031-05-19"}
    sent |= {"exceptions-0-is_cancelled": "on"}
    preview = reverse(f"{NAMES}:preview_on_edit", args=[event.pk])
    assert desk.post(preview, sent).json()["is_valid"]
    assert desk.get(preview, {"mode": "fr"}).status_code == 200


def test_the_next_edition_leaves_them_behind(sends, desk):
    event = weekly()
    sends(event, {"day": "2031-05-19", "is_cancelled": "on"}, publish=True)
    form = filled(desk.get(reverse(f"{NAMES}:next_edition", args=[event.pk])))
    assert desk.post(reverse(f"{NAMES}:next_edition", args=[event.pk]), form).status_code == 303
    assert not Event.objects.exclude(pk=event.pk).get().exceptions.exists()


def test_one_who_may_not_publish_keeps_them_as_a_draft(sends, desk):
    """The text of an exception is a fact of the event: it needs no more than its form."""
    event = EventFactory(recurrence=deserialize(WEEKLY), end_local=dt.datetime(2031, 5, 12, 10), title=told("Lundis"))
    event.save_revision()
    assert sends(event, {"day": "2031-05-19", "is_cancelled": "on"}).status_code == 302
    assert not again(event).live
