"""A change made in the ordinary form, or by anything else that publishes, is never silent."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from events.models import Announcement, Change
from letters.models import Letter
from tests.changes.conftest import address, register
from tests.factories import again, publish, told
from tests.registration.people import meeting, work

pytestmark = pytest.mark.django_db


def fill(typed, **changes):
    return typed(
        timezone="Africa/Nairobi",
        start_local="2031-05-12 09:00",
        end_local="2031-05-12 17:00",
        title_0="Réunion de Nairobi",
        title_1="Nairobi meeting",
        title_2="Reunión de Nairobi",
        city_0="Nairobi",
        country="KE",
        capacity="200",
        **{"action-publish": "1"} | changes,
    )


def edit(event):
    return reverse("wagtailsnippets_events_event:edit", args=[event.pk])


def test_a_new_date_leads_from_the_form_to_its_announcement_and_nobody_is_written_to_meanwhile(
    desk, typed, event, people
):
    answer = desk.post(edit(event), fill(typed) | {"start_local": "2031-05-13 09:00", "end_local": "2031-05-13 17:00"})
    announcement = Announcement.objects.get()
    assert answer["Location"] == address(event, "announcement", announcement.pk)
    page = desk.get(answer["Location"]).content.decode()
    assert "3 people registered know what is no longer true. Tell them?" in page
    assert "Monday, 12 May 2031" in page
    assert "Tuesday, 13 May 2031" in page
    work()
    assert not mail.outbox
    assert "Tell them?" in desk.get(edit(event)).content.decode()
    assert "To be announced" in desk.get(reverse("wagtailadmin_home")).content.decode()
    desk.post(answer["Location"], {"told-reason_0": "Un contretemps.", "told-when": "now"})
    work()
    assert len(mail.outbox) == 3
    assert "To be announced" not in desk.get(reverse("wagtailadmin_home")).content.decode()
    page = desk.get(answer["Location"]).content.decode()
    assert "data-sent>3<" in page


@pytest.mark.parametrize(
    "change",
    [
        {"status": "cancelled"},
        {"status": "postponed"},
        {"timezone": "Africa/Abidjan"},
        {"venue_0": "Gigiri"},
        {"format": "online"},
    ],
)
def test_place_zone_way_and_status_count_as_well(desk, typed, event, people, change):
    desk.post(edit(event), fill(typed) | change)
    assert Announcement.objects.undecided().count() == 1


@pytest.mark.parametrize("change", [{"title_1": "Another title"}, {"staff_note": "for us"}, {"capacity": "300"}])
def test_what_nobody_needs_to_know_leads_nowhere(desk, typed, event, people, change):
    answer = desk.post(edit(event), fill(typed) | change)
    assert answer["Location"] == reverse("wagtailsnippets_events_event:list")
    assert not Announcement.objects.exists()


def test_where_nobody_is_registered_there_is_nobody_to_tell(desk, typed, event):
    desk.post(edit(event), fill(typed) | {"start_local": "2031-05-13 09:00", "end_local": "2031-05-13 17:00"})
    assert not Announcement.objects.exists()


def test_changed_back_the_duty_is_gone(desk, typed, event, people):
    publish(event, start_local=dt.datetime(2031, 5, 12, 10))
    assert Announcement.objects.undecided().count() == 1
    desk.post(edit(event), fill(typed))
    assert "Tell them?" not in desk.get(edit(event)).content.decode()
    assert "To be announced" not in desk.get(reverse("wagtailadmin_home")).content.decode()


def test_the_staff_may_say_that_nobody_is_told(desk, event, people):
    publish(event, venue=told("Gigiri"))
    announcement = Announcement.objects.get()
    desk.post(address(event, "announcement", announcement.pk), {"dismiss": "1"})
    work()
    assert not mail.outbox
    assert "Tell them?" not in desk.get(edit(event)).content.decode()
    desk.post(address(event, "announcement", announcement.pk), {"told-reason_0": "Trop tard.", "told-when": "now"})
    work()
    assert not mail.outbox


def test_a_change_while_an_announcement_is_planned_is_told_by_it(says, desk, typed, event, people):
    says(event, "postpone", told__when="later", told__due_local="2031-01-02 08:00")
    answer = desk.post(edit(event), fill(typed) | {"status": "cancelled"}, follow=True)
    assert "The announcement that is planned will tell this too" in answer.content.decode()
    announcement = Announcement.objects.get()
    Announcement.objects.update(due_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    work()
    announcement.refresh_from_db()
    assert announcement.what == "cancelled"
    assert set(Letter.objects.filter(key__isnull=False).values_list("kind", flat=True)) == {"event_cancelled"}
    assert len(mail.outbox) == 3


def test_taken_back_and_published_again_on_another_date_is_not_silent(desk, typed, event, people):
    page = desk.post(reverse("wagtailsnippets_events_event:unpublish", args=[event.pk]), follow=True)
    assert "3 people are registered and are told nothing" in page.content.decode()
    announcement = Announcement.objects.get()
    announcement.due_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    announcement.save()
    work()
    assert not mail.outbox  # nothing is said of what is not public
    announcement.due_at = None
    announcement.save()
    changes = {"start_local": "2031-06-12 09:00", "end_local": "2031-06-12 17:00", "city_0": "Mombasa"}
    answer = desk.post(edit(event), fill(typed) | changes)
    assert answer["Location"] == address(event, "announcement", announcement.pk)
    desk.post(answer["Location"], {"told-reason_0": "La voici.", "told-when": "now"})
    work()
    body = next(" ".join(message.body.split()) for message in mail.outbox if "ben@" in message.to[0])
    assert "12 May 2031" in body
    assert "12 June 2031" in body
    assert "Mombasa" in body


def test_moved_along_by_the_form_the_people_inside_are_part_of_the_same_announcement(desk, event, people):
    forum = meeting(parent=again(event), title=told("Forum"), end_local=dt.datetime(2031, 5, 12, 12))
    register(forum, "Dora", "es")
    publish(
        event,
        start_local=dt.datetime(2031, 6, 12, 9),
        end_local=dt.datetime(2031, 6, 12, 17),
        moves_children=True,
    )
    announcement = Announcement.objects.get()
    assert {change.event for change in announcement.changes.all()} == {event, forum}
    assert Change.objects.count() == 2


def test_whoever_may_not_publish_this_event_does_nothing_to_it(event, people):
    stranger = User.objects.create_user("stranger", "s@example.org", "a long enough password")
    client = Client()
    client.force_login(stranger)
    for verb in ("move", "postpone", "cancel", "reinstate", "announcements", "next_edition"):
        assert client.get(address(event, verb)).status_code in (302, 403, 404)
        assert client.post(address(event, verb)).status_code in (302, 403, 404)
    assert again(event).status == "scheduled"
