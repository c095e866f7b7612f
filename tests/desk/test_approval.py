"""Events that somebody proposes and the staff approve: with comments, and never around the model."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState
from wagtail.users.models import UserProfile

from events.models import Event
from tests.factories import EventFactory, again, publish, told

pytestmark = pytest.mark.django_db
EDIT = "wagtailsnippets_events_event:edit"
ACTION = "wagtailsnippets_events_event:workflow_action"


@pytest.fixture
def writer(db) -> Client:
    """Somebody who may make and change events, and publish none."""
    user = User.objects.create_user("writer", "writer@example.org", "a long enough password", first_name="Awa")
    UserProfile.objects.create(user=user, preferred_language="en")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "add_event", "change_event", "view_event"])
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def submitted(writer, typed) -> Event:
    """An event made from nothing and submitted."""
    writer.post(reverse("wagtailsnippets_events_event:add"), typed() | {"action-submit": "1"})
    return Event.objects.get()


def task_of(event):
    return again(event).current_workflow_task_state


def test_a_writer_submits_and_does_not_publish(writer, submitted, typed):
    assert not submitted.live
    assert task_of(submitted).status == TaskState.STATUS_IN_PROGRESS
    writer.post(reverse(EDIT, args=[submitted.pk]), typed() | {"action-publish": "1"})
    assert not again(submitted).live


def test_the_staff_find_what_waits_and_approve_it(desk, submitted):
    page = desk.get(reverse("wagtailsnippets_events_event:list") + "?state=proposed").content.decode()
    assert "Abidjan meeting" in page
    assert "awaits approval" in page.lower()
    assert "1 event awaits approval" in desk.get(reverse("wagtailadmin_home")).content.decode()
    address = reverse(ACTION, args=[submitted.pk, "approve", task_of(submitted).pk])
    desk.post(address, {"comment": ""})
    assert again(submitted).live
    assert submitted.pages.filter(live=True).count() == 3
    assert "awaits approval" not in desk.get(reverse("wagtailadmin_home")).content.decode()


def test_the_staff_ask_for_changes_with_a_comment_that_the_writer_reads(desk, writer, submitted, typed):
    desk.post(reverse(ACTION, args=[submitted.pk, "reject", task_of(submitted).pk]), {"comment": "Which room?"})
    assert not again(submitted).live
    page = writer.get(reverse(EDIT, args=[submitted.pk])).content.decode()
    assert "Changes requested" in page
    history = writer.get(reverse("wagtailsnippets_events_event:workflow_history", args=[submitted.pk]))
    assert history.status_code == 200
    state = submitted.workflow_states.get()
    detail = writer.get(
        reverse("wagtailsnippets_events_event:workflow_history_detail", args=[submitted.pk, state.pk])
    ).content.decode()
    assert "Which room?" in detail
    writer.post(reverse(EDIT, args=[submitted.pk]), typed(venue_0="Salle 2") | {"action-restart-workflow": "1"})
    desk.post(reverse(ACTION, args=[submitted.pk, "approve", task_of(submitted).pk]), {"comment": ""})
    assert again(submitted).live
    assert again(submitted).venue.localize("fr") == "Salle 2"


def test_while_it_waits_its_writer_does_not_change_it(writer, submitted, typed):
    writer.post(reverse(EDIT, args=[submitted.pk]), typed(title_1="Something else"))
    assert again(submitted).get_latest_revision_as_object().title.localize("en") == "Abidjan meeting"


@pytest.fixture
def day(db):
    return EventFactory.published(title=told("Journée", "The Day"))


def inside(day, **facts):
    return EventFactory.create(
        parent=day, start_local=dt.datetime(2031, 5, 12, 10), end_local=dt.datetime(2031, 5, 12, 11), **facts
    )


def test_an_approval_that_the_model_refuses_is_told_and_can_be_made_again(desk, staff, day):
    event = inside(day)
    event.save_revision()
    event.get_workflow().start(again(event), staff)
    publish(day, start_local=dt.datetime(2031, 6, 12, 9), end_local=dt.datetime(2031, 6, 12, 17))
    address = reverse(ACTION, args=[event.pk, "approve", task_of(event).pk])
    page = desk.post(address, {"comment": "yes"}, follow=True)
    assert page.status_code == 200
    assert "Not published; the draft is kept." in page.content.decode()
    assert not again(event).live
    assert again(event).workflow_in_progress
    publish(day, start_local=dt.datetime(2031, 5, 12, 9), end_local=dt.datetime(2031, 5, 12, 17))
    desk.post(address, {"comment": "yes"})
    assert again(event).live
    assert event.pages.filter(live=True).count() == 3
