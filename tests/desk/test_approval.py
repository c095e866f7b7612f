"""Approval, where the model refuses."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from events.founding import groups
from events.models import Event
from tests.factories import EventFactory, again, publish, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return EventFactory.published(title=told("Journée", "The Day"))


def inside(day, **facts):
    return EventFactory.create(
        parent=day, start_local=dt.datetime(2031, 5, 12, 10), end_local=dt.datetime(2031, 5, 12, 11), **facts
    )


def test_an_approval_that_the_model_refuses_is_told_and_can_be_made_again(desk, staff, day):
    task = GroupApprovalTask.objects.create(name="Events")
    task.groups.add(Group.objects.get(name=groups.STAFF))
    workflow = Workflow.objects.create(name="Events")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=ContentType.objects.get_for_model(Event))
    event = inside(day)
    event.save_revision()
    workflow.start(again(event), staff)
    publish(day, start_local=dt.datetime(2031, 6, 12, 9), end_local=dt.datetime(2031, 6, 12, 17))
    state = again(event).current_workflow_task_state
    address = reverse("wagtailsnippets_events_event:workflow_action", args=[event.pk, "approve", state.pk])
    page = desk.post(address, {"comment": "yes"}, follow=True)
    assert page.status_code == 200
    assert "Not published; the draft is kept." in page.content.decode()
    assert not again(event).live
    assert again(event).workflow_in_progress
    publish(day, start_local=dt.datetime(2031, 5, 12, 9), end_local=dt.datetime(2031, 5, 12, 17))
    desk.post(address, {"comment": "yes"})
    assert again(event).live
    assert event.pages.filter(live=True).count() == 3
