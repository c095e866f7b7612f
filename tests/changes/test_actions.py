"""An event is moved, postponed, cancelled or reinstated by an action, and people are told when it says so."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from events.models import Announcement, CalendarEntry, Change, Registration, SeatPool
from events.registration.announcing import announce_what_is_due
from events.registration.links import token
from letters.models import Letter
from tests.changes.conftest import address, form, register
from tests.factories import EventFactory, again, publish, told
from tests.registration.people import link_in, meeting, work

pytestmark = pytest.mark.django_db

MOVED = {"event__start_local": "2031-06-03 14:00", "event__end_local": "2031-06-03 18:00"}


def letters():
    work()
    found = {message.to[0].split("<")[-1].rstrip(">"): message for message in mail.outbox}
    assert len(found) == len(mail.outbox)
    return found


def words(message) -> str:
    return " ".join(message.body.split())


def test_looking_changes_nothing(desk, event, people):
    before = again(event).live_revision_id
    for verb in ("move", "postpone", "cancel", "next_edition"):
        page = desk.get(address(event, verb))
        assert page.status_code == 200, verb
    assert again(event).live_revision_id == before
    assert not Announcement.objects.exists()


def test_the_first_post_shows_what_will_be_done_and_does_nothing(says, event, people):
    page = says(event, "move", confirm=False, **MOVED)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "3 people will get one letter each" in shown
    assert "Tuesday, 3 June 2031" in shown
    assert "La salle est inondée." in shown
    assert shown.count("<iframe") == 3
    assert "Awa, awa@example.org" in shown
    assert again(event).start_local == dt.datetime(2031, 5, 12, 9)
    assert not Announcement.objects.exists()


def test_moved_everybody_gets_one_letter_in_their_language_with_both_dates(says, event, people):
    seats = SeatPool.objects.get(event=event, key="event").taken
    answer = says(event, "move", event__timezone="Africa/Abidjan", **MOVED)
    assert answer.status_code == 303
    moved = again(event)
    assert (moved.start_local, moved.timezone) == (dt.datetime(2031, 6, 3, 14), "Africa/Abidjan")
    assert CalendarEntry.objects.get(event=event).sequence == 1
    assert SeatPool.objects.get(event=event, key="event").taken == seats
    sent = letters()
    assert set(sent) == {"awa@example.org", "ben@example.org", "cruz@example.org"}
    ben = words(sent["ben@example.org"])
    assert sent["ben@example.org"].subject == "New date: Nairobi meeting, Tuesday, 3 June 2031"
    assert "Monday, 12 May 2031" in ben
    assert "09:00–17:00" in ben
    assert "06:00–14:00" in ben  # UTC of the old one
    assert "Tuesday, 3 June 2031" in ben
    assert "14:00–18:00" in ben
    assert "The hall is flooded." in ben
    assert "/en/my-place/" in ben
    awa, cruz = words(sent["awa@example.org"]), words(sent["cruz@example.org"])
    assert "lundi 12 mai 2031" in awa
    assert "mardi 3 juin 2031" in awa
    assert "martes, 3 de junio de 2031" in cruz
    assert "La salle est inondée." in cruz  # nobody said it in Spanish
    assert "francés" in cruz
    work()
    assert len(mail.outbox) == 3


def test_the_link_in_the_letter_opens_ones_own_page(says, client, event, people):
    says(event, "move", **MOVED)
    page = client.get(link_in(letters()["ben@example.org"]))
    assert page.status_code == 200
    assert "Ben" in page.content.decode()


def test_who_gave_the_place_back_is_not_told(says, event, people):
    people[0].cancel()
    says(event, "cancel")
    work()
    told_of_it = Letter.objects.filter(kind="event_cancelled")
    assert set(told_of_it.values_list("recipient", flat=True)) == {"ben@example.org", "cruz@example.org"}


def test_who_gives_the_place_back_while_letters_wait_is_not_told(says, event, people):
    says(event, "cancel")
    announce_what_is_due()
    people[1].cancel()
    work()
    assert [message.subject for message in mail.outbox if "ben@example.org" in message.to[0]] == [
        "You are no longer registered: Nairobi meeting, Monday, 12 May 2031"
    ]


def test_who_registers_after_the_change_is_not_told_what_they_never_knew(says, event, people):
    says(event, "move", told__when="not_yet", **MOVED)
    register(event, "Late", "en")
    announcement = Announcement.objects.get()
    desk_tells(says, announcement)
    assert "late@example.org" not in letters()
    assert len(mail.outbox) == 3


def desk_tells(says, announcement, **changes):
    """Decide on the announcement's own page."""
    sent = {"told-reason_0": "Voilà pourquoi.", "told-when": "now"} | changes
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="staff"))
    answer = client.post(address(announcement.event, "announcement", announcement.pk), sent)
    assert answer.status_code == 303, answer.content.decode()
    return answer


def test_several_changes_before_one_announcement_are_told_as_one(says, event, people):
    says(event, "move", told__when="not_yet", **MOVED)
    between = register(event, "Between", "en")
    says(
        event,
        "move",
        told__when="not_yet",
        event__start_local="2031-07-01 10:00",
        event__end_local="2031-07-01 12:00",
    )
    announcement = Announcement.objects.get()
    assert announcement.changes.count() == 2
    desk_tells(says, announcement)
    sent = letters()
    assert len(sent) == 4
    ben, other = words(sent["ben@example.org"]), words(sent[between.email])
    assert "12 May 2031" in ben
    assert "3 June 2031" not in ben
    assert "3 June 2031" in other
    assert "12 May 2031" not in other
    assert "1 July 2031" in ben
    assert "1 July 2031" in other


def test_moved_and_moved_back_before_it_was_told_only_those_hear_who_knew_the_other_date(says, event, people):
    says(event, "move", told__when="not_yet", **MOVED)
    register(event, "Between", "en")
    says(event, "move", event__start_local="2031-05-12 09:00", event__end_local="2031-05-12 17:00")
    sent = letters()
    assert set(sent) == {"between@example.org"}


def test_postponed_without_a_date_then_reinstated_with_one(says, event, people, client):
    says(event, "postpone")
    assert again(event).status == "postponed"
    assert again(event).registration_state == "postponed"
    sent = letters()
    assert sent["ben@example.org"].subject.startswith("Postponed: Nairobi meeting")
    assert "a letter will tell you the new date" in words(sent["ben@example.org"])
    mail.outbox.clear()
    answer = says(event, "reinstate", event__start_local="2031-09-01 09:00", event__end_local="2031-09-01 17:00")
    assert answer.status_code == 303
    assert again(event).status == "scheduled"
    sent = letters()
    assert sent["ben@example.org"].subject == "Takes place after all: Nairobi meeting, Monday, 1 September 2031"
    assert Announcement.objects.count() == 2


def test_postponed_for_another_event_leads_to_it_in_the_readers_language(says, event, people):
    other = meeting(
        title=told("Autre réunion", "Other meeting", "Otra reunión"),
        start_local=dt.datetime(2031, 11, 3, 9),
        end_local=dt.datetime(2031, 11, 3, 17),
    )
    says(event, "postpone", event__until="chosen", event__replacement=str(other.pk))
    assert again(event).replacement == other
    ben = words(letters()["ben@example.org"])
    assert "Other meeting" in ben
    assert "/en/calendar/other-meeting/" in ben
    assert "3 November 2031" in ben
    assert "register there" in ben


def test_postponed_for_one_made_on_the_spot_is_told_again_when_that_one_is_public(says, event, people):
    says(event, "postpone", event__until="new", event__new_start="2031-11-03 09:00")
    other = again(event).replacement
    assert not other.live
    assert other.start_local == dt.datetime(2031, 11, 3, 9)
    assert "What takes its place" not in words(letters()["ben@example.org"])
    publish(other)
    announcement = Announcement.objects.open().get()
    assert announcement.event == event
    mail.outbox.clear()
    desk_tells(says, announcement)
    assert "3 November 2031" in words(letters()["ben@example.org"])


def test_at_a_date_and_hour_of_the_events_zone(says, staff, event, people):
    with time_machine.travel("2031-01-01T00:00:00+00:00", tick=True):
        client = Client()
        client.force_login(staff)
        says(event, "cancel", client=client, told__when="later", told__due_local="2031-01-02 08:00")
        assert Announcement.objects.get().due_at == dt.datetime(2031, 1, 2, 5, tzinfo=dt.UTC)  # Nairobi is at +3
        work()
        assert not mail.outbox
    with time_machine.travel("2031-01-02T04:59:00+00:00", tick=True):
        work()
        assert not mail.outbox
    with time_machine.travel("2031-01-02T05:00:01+00:00", tick=True):
        work()
        assert len(mail.outbox) == 3


def test_an_hour_that_has_passed_or_a_reason_without_french_is_refused(says, event, people):
    page = says(event, "cancel", told__when="later", told__due_local="2020-01-02 08:00")
    assert page.status_code == 422
    assert "This hour has passed." in page.content.decode()
    page = says(event, "cancel", told__reason_0="")
    assert page.status_code == 422
    assert "in French at least" in page.content.decode()
    assert again(event).status == "scheduled"


def test_the_same_form_sent_twice_is_one_change_and_one_announcement(desk, event, people):
    sent = form(event, "cancel")
    first, second = (desk.post(address(event, "cancel"), sent) for _time in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Change.objects.count() == Announcement.objects.count() == 1
    assert len(letters()) == 3


def test_the_second_of_two_who_change_it_at_once_is_shown_what_it_is_now(desk, event, people):
    mine, theirs = (
        form(event, "move", **{"event-start_local": "2031-06-03 14:00", "event-end_local": "2031-06-03 18:00"}),
        form(event, "cancel"),
    )
    assert desk.post(address(event, "cancel"), theirs).status_code == 303
    page = desk.post(address(event, "move"), mine, follow=True)
    assert again(event).start_local == dt.datetime(2031, 5, 12, 9)
    assert "can&#x27;t be done" in page.content.decode()
    other = form(event, "reinstate")
    publish(event, staff_note="meanwhile")
    page = desk.post(address(event, "reinstate"), other)
    assert page.status_code == 409
    assert "Somebody else has just changed this event" in page.content.decode()
    assert again(event).status == "cancelled"


def test_a_draft_with_other_changes_stays_a_draft_and_takes_the_new_date(desk, says, event, people):
    draft = again(event)
    draft.title = told("Brouillon", "Draft title")
    draft.save_revision()
    assert "There is an unpublished draft" in desk.get(address(event, "move")).content.decode()
    says(event, "move", **MOVED)
    now = again(event)
    assert now.title.localize("en") == "Nairobi meeting"
    assert now.has_unpublished_changes
    later = now.get_latest_revision_as_object()
    assert later.title.localize("en") == "Draft title"
    assert later.start_local == dt.datetime(2031, 6, 3, 14)
    later.save_revision().publish()
    assert again(event).start_local == dt.datetime(2031, 6, 3, 14)


def test_an_hour_that_the_clock_skips_is_refused_at_its_field(says):
    event = meeting(timezone="Europe/Paris", city=told("Paris"), country="FR")
    page = says(event, "move", event__start_local="2031-03-30 02:30", event__end_local="2031-03-30 05:00")
    assert page.status_code == 422
    assert "does not exist" in page.content.decode()


def test_nothing_is_done_to_a_draft(desk, db):
    event = EventFactory(registration="here")
    for verb in ("move", "postpone", "cancel", "reinstate"):
        answer = desk.get(address(event, verb))
        assert answer.status_code == 302
    assert not Announcement.objects.exists()


# -- the events inside


@pytest.fixture
def forum(event):
    return meeting(
        title=told("Forum", "Forum", "Foro"),
        parent=again(event),
        start_local=dt.datetime(2031, 5, 12, 10),
        end_local=dt.datetime(2031, 5, 12, 12),
    )


def test_moved_along_with_the_events_inside_a_person_of_both_gets_one_letter(says, event, forum, people):
    register(forum, "Ben", "en")
    register(forum, "Dora", "es")
    page = says(event, "move", confirm=False, event__inside="on", **MOVED)
    assert "4 people will get one letter each" in page.content.decode()
    answer = says(event, "move", event__inside="on", **MOVED)
    assert answer.status_code == 303
    assert again(forum).start_local == dt.datetime(2031, 6, 3, 15)
    assert Announcement.objects.count() == 1
    sent = letters()
    assert set(sent) == {"awa@example.org", "ben@example.org", "cruz@example.org", "dora@example.org"}
    ben = words(sent["ben@example.org"])
    assert "Nairobi meeting" in ben
    assert "Forum" in ben
    assert "15:00–17:00" in ben
    dora = words(sent["dora@example.org"])
    assert "Foro" in dora
    assert "Reunión de Nairobi" not in dora


def test_not_moved_along_they_must_still_fit(says, event, forum, people):
    page = says(event, "move", **MOVED)
    assert page.status_code == 422
    assert "would no longer lie inside" in page.content.decode()
    assert again(event).start_local == dt.datetime(2031, 5, 12, 9)


def test_cancelled_and_reinstated_with_the_events_inside(says, event, forum, people):
    register(forum, "Dora", "es")
    says(event, "cancel", event__inside="on")
    assert again(forum).status == "cancelled"
    assert letters()["dora@example.org"].subject.startswith("Cancelada: Foro")
    mail.outbox.clear()
    says(event, "reinstate", event__inside="on")
    assert again(forum).status == again(event).status == "scheduled"
    assert len(letters()) == 4


def test_cancelled_alone_those_inside_are_told_nothing(says, event, forum, people):
    register(forum, "Dora", "es")
    says(event, "cancel")
    assert again(forum).status == "scheduled"
    assert "dora@example.org" not in letters()


# -- the participant


def test_who_has_a_link_can_change_nothing_of_a_meeting_called_off(says, client, event, people):
    says(event, "cancel")
    here = f"/en/my-place/{token(people[1])}/change/"
    assert client.get(here).status_code == 303
    answer = client.post(here, {"name": "Other", "language": "en", "attendance": "onsite"})
    assert answer.status_code == 303
    assert Registration.objects.get(pk=people[1].pk).name == "Ben"
