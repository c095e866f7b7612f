"""Publishing facts, old or new, never rewrites what people have done meanwhile."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowTask

from events.models import CalendarEntry, Event, EventPage, Occurrence, Registration, SeatPool
from letters.models import Heartbeat
from pages.models import Edition
from tests.factories import EventFactory, OrganisationFactory, TicketFactory, again, publish, told

pytestmark = pytest.mark.django_db


def register(event, count=1, ticket=None):
    """So many people take a seat."""
    for _number in range(count):
        taken = Registration.objects.filter(event=event).count()
        keys = ["event"] + ([ticket.pool_key] if ticket else [])
        SeatPool.objects.take(event.pk, keys)
        Registration.objects.create(
            event=event,
            ticket=ticket,
            name=f"P{taken}",
            email=f"p{taken}@example.org",
            attendance="onsite",
            language="fr",
            held=keys,
        )


def submitted(event, editor):
    """The latest draft awaits approval."""
    group = Group.objects.create(name="readers")
    task = GroupApprovalTask.objects.create(name="read")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="flow")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow.start(again(event), editor)


def fall_due(revision):
    """The hour of its publication has passed."""
    past = timezone.now() - dt.timedelta(minutes=5)
    revision = Revision.objects.get(pk=revision.pk)
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()


@pytest.mark.parametrize("way", ["publish", "schedule", "workflow", "unpublish", "revert"])
def test_an_old_draft_published_while_people_register_changes_no_live_number(way, django_user_model):
    editor = django_user_model.objects.create_superuser("editor", "editor@example.org", "x")
    event = EventFactory.published(capacity=60)
    first = event.latest_revision
    draft = again(event)
    draft.capacity = 50
    if way == "schedule":
        draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = draft.save_revision()
    if way == "schedule":
        revision.publish()
    if way == "workflow":
        state = submitted(event, editor)
    stale = again(event)

    ticket = TicketFactory(event=event, quota=50)  # sold since the draft was written
    register(event, 40, ticket)
    CalendarEntry.objects.filter(event=event).update(sequence=7)

    if way == "publish":
        Revision.objects.get(pk=revision.pk).publish()
    if way == "schedule":
        fall_due(revision)
        call_command("publish_scheduled")
    if way == "workflow":
        state.current_task_state.approve(user=editor)
    if way == "unpublish":
        stale.unpublish()
    if way == "revert":
        event_then = first.as_object()
        event_then.save_revision(previous_revision=first).publish(previous_revision=first)

    now = again(event)
    pool = now.pools.get(key="event")
    assert pool.taken == 40
    assert pool.capacity == {"publish": 50, "schedule": 50, "workflow": 50}.get(way, 60)
    assert now.uid == event.uid
    assert now.calendar_entry.sequence == (8 if way == "unpublish" else 7)
    assert now.starts_at == event.starts_at
    assert now.pools.get(key=ticket.pool_key).taken == 40
    assert now.registrations.count() == 40
    assert now.tickets.get() == ticket


@pytest.mark.parametrize("way", ["publish", "schedule", "workflow"])
def test_fewer_seats_than_are_taken_are_refused_by_every_way_with_the_number(way, django_user_model):
    editor = django_user_model.objects.create_superuser("editor", "editor@example.org", "x")
    event = EventFactory.published(capacity=60)
    draft = again(event)
    draft.capacity = 20
    if way == "schedule":
        draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = draft.save_revision()
    if way == "schedule":
        revision.publish()
    state = submitted(event, editor) if way == "workflow" else None
    register(event, 31)

    if way == "schedule":
        fall_due(revision)
        call_command("work", "--once")
        beat = Heartbeat.objects.get(job="publication")
        assert beat.failed
        assert "31" in beat.outcome
    else:
        with pytest.raises(ValidationError, match="31"):
            state.current_task_state.approve(user=editor) if state else revision.publish()

    now = again(event)
    assert now.capacity == 60
    pool = now.pools.get(key="event")
    assert (pool.taken, pool.capacity, pool.wanted) == (31, 60, 60)
    if state:
        state.refresh_from_db()
        assert state.status == state.STATUS_IN_PROGRESS


def test_a_number_that_stays_as_it_is_hinders_no_publication_even_where_more_hold_a_seat():
    event = EventFactory.published(capacity=10)
    SeatPool.objects.filter(event=event, key="event").update(capacity=8, wanted=5, taken=8)
    Event.objects.filter(pk=event.pk).update(capacity=5)
    assert publish(event, capacity=5, theme=told("Autre thème")).capacity == 5
    with pytest.raises(ValidationError, match="8"):
        publish(event, capacity=6)


def test_a_pool_above_what_is_wanted_shrinks_as_seats_are_given_back():
    event = EventFactory.published(capacity=10)
    register(event, 8)
    SeatPool.objects.filter(event=event, key="event").update(capacity=8, wanted=5)
    SeatPool.objects.release(event.pk, ["event"])
    SeatPool.objects.release(event.pk, ["event"])
    pool = SeatPool.objects.get(event=event, key="event")
    assert (pool.capacity, pool.taken) == (6, 6)
    for _seat in range(3):
        SeatPool.objects.release(event.pk, ["event"])
    pool.refresh_from_db()
    assert (pool.capacity, pool.taken) == (5, 3)


def test_a_draft_changes_nothing_that_is_public():
    event = EventFactory.published()
    edition, occurrence = Edition.now(), Occurrence.objects.get(event=event)
    draft = again(event)
    draft.start_local += dt.timedelta(days=3)
    draft.end_local += dt.timedelta(days=3)
    revision = draft.save_revision()
    assert again(event).starts_at == event.starts_at
    assert Edition.now() == edition
    revision.publish()
    moved = again(event)
    assert moved.starts_at == event.starts_at + dt.timedelta(days=3)
    assert Edition.now() > edition
    assert Occurrence.objects.get(event=event).starts_at == occurrence.starts_at + dt.timedelta(days=3)


def test_a_new_draft_is_nowhere_to_be_seen():
    event = EventFactory.create()
    event.save_revision()
    assert not Event.objects.public().exists()
    assert not EventPage.objects.filter(event=event).exists()
    assert not Occurrence.objects.filter(event=event).exists()


def test_the_sequence_rises_with_time_place_and_status_and_with_nothing_else():
    event = EventFactory.published()
    assert event.calendar_entry.sequence == 0
    event = publish(event, theme=told("Les sols vivants"))
    assert event.calendar_entry.sequence == 0
    event = publish(event, start_local=dt.datetime(2031, 5, 12, 10))
    assert event.calendar_entry.sequence == 1
    event = publish(event, city=told("Abidjan"))
    assert event.calendar_entry.sequence == 2
    event = publish(event, status=Event.Status.CANCELLED)
    assert event.calendar_entry.sequence == 3


def test_a_publication_that_fails_leaves_everything_as_it_was(monkeypatch):
    event = EventFactory.published()
    edition, sequence = Edition.now(), event.calendar_entry.sequence
    draft = again(event)
    draft.start_local += dt.timedelta(hours=1)
    revision = draft.save_revision()

    def fail(_event):
        raise RuntimeError("the agenda burns")

    monkeypatch.setattr(EventPage, "tell", fail)
    with pytest.raises(RuntimeError):
        revision.publish()
    now = again(event)
    assert now.start_local == event.start_local
    assert (Edition.now(), now.calendar_entry.sequence) == (edition, sequence)


def test_publishing_revisions_out_of_order_is_refused_where_facts_no_longer_hold():
    day = EventFactory.published(start_local=dt.datetime(2031, 5, 12, 9), end_local=dt.datetime(2031, 5, 12, 18))
    forum = EventFactory.published(
        start_local=dt.datetime(2031, 5, 12, 10), end_local=dt.datetime(2031, 5, 12, 12), parent=day
    )
    draft = again(forum)
    draft.theme = told("Plus tard")
    revision = draft.save_revision()
    publish(forum, parent=None)
    publish(day, start_local=dt.datetime(2031, 6, 1, 9), end_local=dt.datetime(2031, 6, 1, 18))
    with pytest.raises(ValidationError):
        Revision.objects.get(pk=revision.pk).publish()
    assert again(forum).parent is None


def test_no_number_that_people_change_stands_in_a_revision():
    known = {
        "id",
        "uid",
        "title",
        "theme",
        "kind",
        "status",
        "access",
        "parent",
        "series",
        "ordinal",
        "replacement",
        "registration",
        "registration_url",
        "registration_opens_local",
        "registration_closes_local",
        "capacity",
        "capacity_onsite",
        "capacity_online",
        "verifies_address",
        "needs_approval",
        "requests_hold_seats",
        "has_waiting_list",
        "offer_hours",
        "allows_transfer",
        "changes_close_local",
        "joining_hours",
        "contact_email",
        "photo",
        "photo_alt",
        "photo_credit",
        "moves_children",
        "staff_note",
        "is_demo",
        "continues",
        "registered_for",
        "start_local",
        "start_fold",
        "end_local",
        "end_fold",
        "timezone",
        "all_day",
        "recurrence",
        "format",
        "city",
        "country",
        "venue",
        "latitude",
        "longitude",
        "precision",
        "online_platform",
        "joining_url",
        "languages",
        "interpretation",
        "starts_at",
        "ends_at",
        "sort_title",
    }
    wagtail_s = {
        "latest_revision",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
    }
    assert {field.name for field in Event._meta.concrete_fields} == known | wagtail_s


def test_organisers_keep_their_order_through_a_revision():
    from events.models import EventOrganiser

    event = EventFactory.create()
    for number, name in enumerate(["CIRAD", "GIZ", "FAO"]):
        event.organisers.add(
            EventOrganiser(organisation=OrganisationFactory(short_name=name), role="host", sort_order=number)
        )
    event.save_revision().publish()
    assert [o.organisation.short_name for o in again(event).organisers.all()] == ["CIRAD", "GIZ", "FAO"]
