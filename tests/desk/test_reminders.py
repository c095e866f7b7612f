"""The letters that leave by themselves, as the staff set them up and see them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse

from events.models import LetterText, Registration, Reminder
from events.models.next_edition import NextEdition
from tests.factories import EventFactory, told
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db

EVENTS = "wagtailsnippets_events_event"


def panel(desk, event) -> str:
    """What stands on the form of an event about its letters."""
    page = BeautifulSoup(desk.get(reverse(f"{EVENTS}:edit", args=[event.pk])).content, "html.parser")
    mine = page.find(id=lambda name: name and "letters_that_leave_by_themselves-section" in name)
    return mine.get_text(" ", strip=True)


def sent(rule: Reminder, **changes):
    facts = {name: getattr(rule, name) for name in ("kind", "attendance", "amount", "unit")}
    return facts | {"event": rule.event_id} | changes


def come(event, name: str, attendance: str = "onsite") -> None:
    Registration(event=event, name=name, email=f"{name}@example.org", attendance=attendance, language="en").enter()


def test_the_usual_letters_are_proposed_with_their_moments_and_added_once(desk):
    event = meeting(format="hybrid", timezone="Pacific/Auckland")
    come(event, "ann")
    come(event, "ben", "online")
    assert "Propose the usual ones" in panel(desk, event)
    address = reverse(f"{EVENTS}:propose_reminders", args=[event.pk])
    page = desk.get(address).content.decode()
    assert "Monday, 5 May 2031, 09:00" in page
    assert not Reminder.objects.exists()
    for _twice in range(2):
        assert desk.post(address).status_code == 303
    assert Reminder.objects.filter(event=event).count() == 3
    text = panel(desk, event)
    assert "Propose the usual ones" not in text
    assert "Monday, 5 May 2031, 09:00" in text
    assert "New Zealand" in text
    assert "to 2 persons, as things stand" in text
    assert "to 1 person, as things stand" in text


def test_after_they_have_left_it_says_when_and_how_many(desk):
    event = meeting()
    Reminder.objects.create(event=event, amount=2)
    come(event, "ann")
    come(event, "ben")
    with time_machine.travel(dt.datetime(2031, 5, 10, 9, tzinfo=ZoneInfo("Africa/Nairobi")), tick=False):
        call_command("remind", verbosity=0)
    assert "2 letters" in panel(desk, event)


def test_a_rule_is_added_changed_and_deleted_and_twice_the_same_is_refused(desk):
    event = meeting()
    rule = Reminder(event=event, kind="reminder", amount=3, unit="days")
    assert desk.post(reverse("reminders:add"), sent(rule)).status_code == 302
    refused = desk.post(reverse("reminders:add"), sent(rule))
    assert "This event already has this letter at that time." in refused.content.decode()
    made = Reminder.objects.get()
    edit = reverse("reminders:edit", args=[made.pk])
    assert "Friday, 9 May 2031" in desk.get(edit).content.decode()
    assert desk.post(edit, sent(made, amount=2)).status_code == 302
    assert Reminder.objects.get().amount == 2
    elsewhere = desk.post(edit, sent(made, event=meeting().pk, kind="thanks"))
    assert set(elsewhere.context["form"].errors) == {"event", "kind"}
    desk.post(reverse("reminders:delete", args=[made.pk]))
    assert not Reminder.objects.exists()


def test_who_is_not_of_the_staff_sees_and_makes_no_rules(desk, translator):
    event = meeting()
    for address in (
        reverse("reminders:index"),
        reverse("reminders:add"),
        reverse(f"{EVENTS}:propose_reminders", args=[event.pk]),
    ):
        assert desk.get(address).status_code == 200
        assert translator.get(address).status_code in (302, 403, 404)
    translator.post(reverse(f"{EVENTS}:propose_reminders", args=[event.pk]))
    assert not Reminder.objects.exists()


def test_the_list_asks_no_more_as_rules_grow(desk, django_assert_max_num_queries):
    for amount in range(1, 4):
        Reminder.objects.create(event=meeting(), amount=amount)
    desk.get(reverse("reminders:index"))
    with django_assert_max_num_queries(20):
        desk.get(reverse("reminders:index"))


def test_the_next_edition_takes_rules_and_texts_along_with_their_year_raised():
    event = EventFactory.published(start_local=dt.datetime(2026, 5, 12, 9), end_local=dt.datetime(2026, 5, 12, 17))
    Reminder.objects.create(event=event, kind="joining", attendance="online", amount=5, unit="hours")
    LetterText.objects.create(event=event, kind="thanks", subject=told("Merci pour 2026"), text=told("Bravo"))
    made = NextEdition(event, dt.datetime(2027, 5, 11, 9)).make()
    rule = made.reminders.get()
    assert (rule.kind, rule.attendance, rule.amount, rule.unit) == ("joining", "online", 5, "hours")
    assert rule.uid != event.reminders.get().uid
    text = made.letter_texts.get()
    assert (text.kind, str(text.subject), str(text.text)) == ("thanks", "Merci pour 2027", "Bravo")


def test_a_draft_that_was_never_public_goes_with_its_rules(desk):
    event = EventFactory.create()
    Reminder.objects.create(event=event)
    assert "if the event is public then" in panel(desk, event)
    desk.post(reverse(f"{EVENTS}:delete", args=[event.pk]))
    assert not Reminder.objects.exists()
