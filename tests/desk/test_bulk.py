"""What is done to several events at once."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from events.models import Event, Registration, SeatPool
from tests.factories import EventFactory, RegionFactory, again, publish, told

pytestmark = pytest.mark.django_db
LIST = "/admin/events/"


def address(action, *events, back=LIST):
    ids = "&".join(f"id={event if isinstance(event, str) else event.pk}" for event in events)
    url = reverse("wagtail_bulk_action", args=["events", "event", action])
    return f"{url}?{ids}&next={back}"


def confirm(client, action, *events, back=LIST, **form):
    page = client.post(address(action, *events, back=back), form, follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select_one(".messages").get_text(" ", strip=True)


def words(client, action, *events, back=LIST):
    page = client.get(address(action, *events, back=back))
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").main.get_text(" ", strip=True)


def test_drafts_are_published_together_and_seats_stay_taken(desk):
    sold = EventFactory.published(title=told("Vendu", "Sold"), capacity=60, registration="here")
    draft = again(sold)
    draft.capacity = 80
    draft.save_revision()
    SeatPool.objects.filter(event=sold, key="event").update(taken=31)
    new = EventFactory.create(title=told("Neuf", "Brand new"))
    same = EventFactory.published(title=told("Pareil", "The same"))
    told_before = words(desk, "publish", sold, new, same)
    assert "The same : It is published already" in told_before
    assert "Seats taken stay" in told_before
    said = confirm(desk, "publish", sold, new, same)
    assert "2 events are published." in said
    assert "“The same”: It is published already and has no draft." in said
    pool = SeatPool.objects.get(event=sold, key="event")
    assert (pool.taken, pool.capacity) == (31, 80)
    assert again(new).live
    assert new.pages.count() == 3


def test_a_draft_with_fewer_seats_than_are_taken_is_left_and_says_how_many(desk):
    event = EventFactory.published(title=told("Vendu", "Sold"), capacity=60, registration="here")
    draft = again(event)
    draft.capacity = 20
    draft.save_revision()
    SeatPool.objects.filter(event=event, key="event").update(taken=31)
    assert "31 seats are already taken" in confirm(desk, "publish", event)
    assert again(event).capacity == 60


def test_what_cannot_be_published_is_named_and_the_others_are(desk):
    day = EventFactory.published(title=told("Journée", "The Day"))
    child = EventFactory.create(title=told("Forum", "The Forum"), parent=day)
    other = EventFactory.create(title=told("Autre", "Another"))
    child.save_revision()
    publish(day, start_local=day.start_local.replace(month=6), end_local=day.end_local.replace(month=6))
    said = confirm(desk, "publish", child, other)
    assert "1 event is published." in said
    assert "“The Forum”" in said
    assert not again(child).live
    assert again(other).live


def test_events_are_taken_back_after_saying_who_is_registered(desk):
    event = EventFactory.published(title=told("Réunion", "Meeting"), registration="here")
    Registration.objects.create(event=event, name="Awa", email="awa@example.org", state="confirmed", language="fr")
    draft = EventFactory.create(title=told("Projet", "Draft"))
    before = words(desk, "unpublish", event, draft)
    assert "1 person is registered" in before
    assert "Draft : It is not published." in before
    confirm(desk, "unpublish", event, draft)
    assert not again(event).live
    assert not event.pages.filter(live=True).exists()
    assert Registration.objects.filter(event=event, state="confirmed").exists()


def test_a_region_is_added_at_once_to_what_is_public_and_in_the_draft_of_the_rest(desk):
    west, south = RegionFactory(code="WEST"), RegionFactory(code="SOUTH")
    public = EventFactory.published(title=told("Public", "Public"), regions=[south])
    changed = EventFactory.published(title=told("Changé", "Changed"))
    draft = again(changed)
    draft.title = told("Autrement", "Otherwise")
    draft.save_revision()
    there = EventFactory.published(title=told("Déjà", "There"), regions=[west])
    said = confirm(desk, "add_region", public, changed, there, region=west.pk)
    assert "added to 2 events" in said
    assert "“There”: It lies in this region already." in said
    assert set(again(public).regions.all()) == {west, south}
    assert not again(public).has_unpublished_changes
    assert not again(changed).regions.exists()
    assert again(changed).title.localize("en") == "Changed"
    latest = again(changed).get_latest_revision_as_object()
    assert list(latest.regions.all()) == [west]
    assert latest.title.localize("en") == "Otherwise"


def test_what_can_not_be_published_with_another_region_is_left_without_a_draft(desk, monkeypatch):
    west = RegionFactory(code="WEST")
    event = EventFactory.published(title=told("Public", "Public"))

    def publish(self, revision, **kwargs):
        raise ValidationError("Somebody was faster.")

    monkeypatch.setattr(Event, "publish", publish)
    said = confirm(desk, "add_region", event, region=west.pk)
    assert "1 event was left as it was: “Public”: Somebody was faster." in said
    assert not again(event).has_unpublished_changes
    assert event.revisions.count() == 1


def test_only_what_was_never_published_is_deleted(desk):
    draft = EventFactory.create(title=told("Projet", "Draft"))
    public = EventFactory.published(title=told("Public", "Public"))
    withdrawn = EventFactory.published(title=told("Retiré", "Withdrawn"))
    withdrawn.unpublish()
    said = confirm(desk, "delete", draft, public, withdrawn)
    assert "1 draft is deleted." in said
    assert "2 events were left as they were" in said
    assert set(Event.objects.values_list("pk", flat=True)) == {public.pk, withdrawn.pk}


def test_what_is_locked_or_awaits_approval_is_left_to_those_who_decide(desk, staff):
    locked = EventFactory.create(title=told("Verrouillé", "Locked"), locked=True)
    waiting = EventFactory.create(title=told("En attente", "Waiting"))
    waiting.save_revision()
    waiting.get_workflow().start(again(waiting), staff)
    before = words(desk, "publish", locked, waiting)
    assert "Locked : It is locked." in before
    assert "Waiting : It awaits approval" in before
    confirm(desk, "publish", locked, waiting)
    assert not Event.objects.filter(live=True).exists()


def test_all_of_a_list_are_those_that_the_list_shows(desk):
    forum = EventFactory.create(title=told("Forum", "Forum"), kind="forum")
    EventFactory.create(title=told("Webinaire", "Webinar"), kind="webinar")
    confirm(desk, "publish", "all", back="/admin/events/%3Fkind%3Dforum")
    assert list(Event.objects.filter(live=True)) == [forum]


def test_each_event_asks_for_the_right_to_do_it(typed):
    writer = User.objects.create_user("writer", "writer@example.org", "a long enough password")
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "change_event", "view_event"]))
    client = Client(headers={"accept-language": "en"})
    client.force_login(writer)
    event = EventFactory.create(title=told("Projet", "Draft"))
    for action in ("publish", "delete"):
        assert "You may not do this to it." in words(client, action, event)
        confirm(client, action, event)
    assert not again(event).live
    west = RegionFactory(code="WEST")
    confirm(client, "add_region", event, region=west.pk)
    assert again(event).get_latest_revision_as_object().regions.get() == west
