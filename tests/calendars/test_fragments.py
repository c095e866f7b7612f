"""A feed of thousands is made from what is known already, and nothing known is ever old."""

import datetime as dt

import pytest
import time_machine

from events.calendars import fragments, states
from events.models import EventOrganiser, Fragment
from pages.models import Edition
from tests.calendars.subscribed import entry, feed
from tests.factories import EventFactory, OrganisationFactory, again, publish, told

TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MARCH = {"start_local": dt.datetime(2027, 3, 10, 9), "end_local": dt.datetime(2027, 3, 10, 11)}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def made(monkeypatch):
    """The events whose VEVENT was made since."""
    seen = []
    make = fragments.vevent
    monkeypatch.setattr(fragments, "vevent", lambda event, language: seen.append(event.pk) or make(event, language))
    return seen


def test_only_what_changed_is_made_anew(made):
    events = [EventFactory.published(**MARCH) for _number in range(3)]
    feed("fr/all.ics")
    assert sorted(made) == [event.pk for event in events]
    made.clear()
    publish(events[1], title=told("Autre nom"))
    assert "Autre nom" in feed("fr/all.ics").decode()
    assert made == [events[1].pk]


def test_an_unrelated_edition_makes_nothing(made):
    EventFactory.published(**MARCH)
    before = feed("fr/all.ics")
    made.clear()
    Edition.bump()
    assert feed("fr/all.ics") == before
    assert made == []


def test_one_fragment_serves_all_the_feeds_of_a_language(made):
    event = EventFactory.published(**MARCH)
    for path in ("fr/all.ics", "fr/kind/regional_meeting.ics", f"fr/event/{event.uid}.ics", "en/all.ics"):
        feed(path)
    assert made == [event.pk] * 2
    assert Fragment.objects.count() == 2


def test_what_an_event_says_of_others_follows_them():
    """Its parent, the one that replaces it, the one it replaces, and its organisers."""
    organisation = OrganisationFactory(short_name="FAO", name=told("Ancien organisme"))
    parent = EventFactory.published(**MARCH, title=told("Ancienne journée"))
    new = EventFactory.published(**MARCH, title=told("Ancien remplaçant"))
    event = EventFactory(**MARCH, title=told("Ancien"), status="postponed", parent=parent, replacement=new)
    event.organisers.add(EventOrganiser(organisation=organisation))
    event.save_revision().publish()
    text = entry(event)["DESCRIPTION"]
    assert all(
        word in text for word in ("Ancienne journée", "Ancien remplaçant", "ancien-remplacant", "Ancien organisme")
    )

    publish(parent, title=told("Nouvelle journée"))
    publish(new, title=told("Nouveau remplaçant"))
    organisation.name = told("Nouvel organisme")
    organisation.save()
    Edition.bump()
    text = entry(event)["DESCRIPTION"]
    assert all(word in text for word in ("Nouvelle journée", "Nouveau remplaçant", "Nouvel organisme"))
    assert "nouveau-remplacant" in text
    assert "Ancien" not in text

    publish(event, title=told("Nouveau"))
    assert "Nouveau" in entry(new)["DESCRIPTION"]
    again(parent).unpublish()
    again(new).unpublish()
    said = entry(event)
    assert "RELATED-TO" not in said
    assert "Nouveau remplaçant" not in said["DESCRIPTION"]


def test_a_page_taken_offline_is_no_longer_linked():
    event = EventFactory.published(**MARCH, title=told("Sols", "Soils"))
    assert "/en/calendar/soils/" in entry(event, "en")["URL"]
    event.pages.get(locale__language_code="en").specific.unpublish()
    assert "/fr/agenda/sols/" in entry(event, "en")["URL"]


def test_a_new_version_of_the_code_makes_everything_anew(made, monkeypatch):
    EventFactory.published(**MARCH)
    feed("fr/all.ics")
    made.clear()
    monkeypatch.setattr(states, "made_by", lambda language: "a later version, or later zones")
    feed("fr/all.ics")
    assert len(made) == 1
