"""What editors do in the admin while people register: no number that lives is reset."""

import pytest
from django.urls import reverse

from events.models import CalendarEntry, Occurrence, Registration, SeatPool
from tests.factories import EventFactory, TicketFactory, again, publish, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory.published(title=told("Réunion", "Meeting"), registration="here", capacity=60)


@pytest.fixture
def sold(event):
    """Somebody registers with a ticket that the draft on the editor's screen has never heard of."""
    ticket = TicketFactory(event=event, quota=20)
    registration = Registration(
        event=event, ticket=ticket, name="Zoé", email="zoe@example.org", attendance="onsite", language="fr"
    )
    registration.enter()
    return registration


def numbers(event):
    event = again(event)
    return {
        "uid": event.uid,
        "taken": dict(SeatPool.objects.filter(event=event).values_list("key", "taken")),
        "tickets": list(event.tickets.values_list("pk", "uid")),
        "registrations": list(event.registrations.values_list("pk", "state")),
        "dates": list(Occurrence.objects.filter(event=event).values_list("pk", flat=True)),
    }


def test_publishing_a_draft_made_before_people_registered(desk, typed, event, sold):
    sent = typed(timezone="Europe/Paris", title_1="Renamed", capacity="60")
    before = numbers(event)
    answer = desk.post(reverse("wagtailsnippets_events_event:edit", args=[event.pk]), sent | {"action-publish": "1"})
    assert answer.status_code == 302
    assert again(event).title.localize("en") == "Renamed"
    assert numbers(event) == before


def test_going_back_to_an_old_version(desk, typed, event, sold):
    first = event.revisions.order_by("pk").first()
    publish(event, title=told("Autrement", "Differently"))
    before, sequence = numbers(event), CalendarEntry.objects.get(event=event).sequence
    address = reverse("wagtailsnippets_events_event:revisions_revert", args=[event.pk, first.pk])
    assert desk.get(address).status_code == 200
    sent = typed(timezone="Europe/Paris", title_0="Réunion", title_1="Meeting", capacity="60")
    desk.post(address, sent | {"action-publish": "1"})
    assert again(event).title.localize("en") == "Meeting"
    assert numbers(event) == before
    assert CalendarEntry.objects.get(event=event).sequence >= sequence


def test_taking_it_back_and_publishing_it_again(desk, typed, event, sold):
    before = numbers(event)
    sequence = CalendarEntry.objects.get(event=event).sequence
    desk.post(reverse("wagtailsnippets_events_event:unpublish", args=[event.pk]))
    assert not again(event).live
    assert not event.pages.filter(live=True).exists()
    assert CalendarEntry.objects.get(event=event).withdrawn_at
    sent = typed(timezone="Europe/Paris", capacity="60")
    desk.post(reverse("wagtailsnippets_events_event:edit", args=[event.pk]), sent | {"action-publish": "1"})
    assert again(event).live
    assert numbers(event) == before
    assert CalendarEntry.objects.get(event=event).sequence > sequence


def test_a_publication_for_later_waits(desk, typed, event):
    sent = typed(timezone="Europe/Paris", title_1="Later", go_live_at="2031-01-01 09:00")
    answer = desk.post(
        reverse("wagtailsnippets_events_event:edit", args=[event.pk]), sent | {"action-publish": "1"}, follow=True
    )
    assert answer.status_code == 200
    assert again(event).title.localize("en") == "Meeting"
    assert "scheduled publication" in desk.get(reverse("wagtailsnippets_events_event:list")).content.decode()
