"""The requests that await a decision, decided several at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.desk import policies
from events.models import Registration, SeatPool
from letters.models import Letter
from letters.writing import write
from tests.desk.people import asks, decide, moderated, now, send, text
from tests.factories import TicketFactory, told

pytestmark = pytest.mark.django_db

QUEUE = "registrations:requests"


def state(registration):
    return now(registration).state


@pytest.fixture
def event(db):
    return moderated(capacity=2)


def test_the_oldest_stands_first_with_all_that_is_needed(desk, staff, event):
    earlier = moderated(title=told("Ancienne réunion", "Earlier meeting"))
    asks(earlier, "Awa Ba").decline(by=staff, why="no room")
    first = asks(event, "Awa Ba", organisation="ISRA", country="SN")
    first.annotate(staff, "knows the site")
    asks(event, "Ben Otieno", language="en")
    page = text(desk.get(reverse(QUEUE)))
    assert page.index("Awa Ba") < page.index("Ben Otieno")
    for said in ("ISRA", "Senegal", "Dakar meeting", "Letters: Français", "2 lines of history, 1 note", "2 seats left"):
        assert said in page
    assert "Earlier meeting" in page
    assert "· declined" in page


def test_several_are_approved_at_once_each_with_a_letter_in_their_language(desk, staff, event):
    awa, ben = asks(event, "Awa Ba"), asks(event, "Ben Otieno", language="en")
    said = {"subject-en": "", "text-en": "Dear {name}, bring your boots.", "text-fr": ""}
    assert decide(desk, "approve", awa, ben, reason="both known", **said).status_code == 303
    assert {state(awa), state(ben)} == {"confirmed"}
    assert SeatPool.objects.get(event=event, key="event").taken == 2
    french, english = (write(Letter.objects.get(kind="approved", recipient=row.email)) for row in (awa, ben))
    assert "Dear Ben Otieno, bring your boots." in english.body
    assert "boots" not in french.body
    assert "Réunion de Dakar" in french.subject
    line = awa.changes.last()
    assert (line.verb, line.by, line.why) == ("approve", staff, "both known")


def test_a_second_click_changes_nothing_and_writes_nothing(desk, event):
    awa = asks(event, "Awa Ba")
    decide(desk, "approve", awa)
    assert decide(desk, "approve", awa).status_code == 303
    assert Letter.objects.filter(kind="approved").count() == 1
    assert awa.changes.filter(verb="approve").count() == 1


def test_who_finds_no_seat_is_told_by_name_and_the_others_are_done(desk, event):
    people = [asks(event, name) for name in ("Awa Ba", "Ben Otieno", "Carla Ruiz")]
    page = decide(desk, "approve", *people, reason="all of them", **{"text-fr": "Bienvenue à vous."})
    assert page.status_code == 200
    assert [state(row) for row in people] == ["confirmed", "confirmed", "requested"]
    said = text(page)
    assert "Carla Ruiz: No seat is left: all seats." in said
    assert "2 requests are approved." in said
    # What was typed is still there, and who is left is still ticked.
    assert "Bienvenue à vous." in said
    assert 'value="all of them"' in said
    assert said.count(" checked") == 1
    assert decide(desk, "queue", people[2]).status_code == 303
    assert state(people[2]) == "waiting"


def test_declining_needs_a_reason_and_loses_nothing_without_one(desk, event):
    awa = asks(event, "Awa Ba")
    page = decide(desk, "decline", awa, **{"text-fr": "Une autre fois."})
    assert page.status_code == 422
    assert "Say why" in text(page)
    assert "Une autre fois." in text(page)
    assert state(awa) == "requested"
    decide(desk, "decline", awa, reason="not from the region", **{"text-fr": "Une autre fois."})
    letter = write(Letter.objects.get(kind="declined"))
    assert "Une autre fois." in letter.body
    assert "not from the region" not in letter.body


def test_an_id_that_is_not_for_the_reader_is_neither_touched_nor_named(desk, event, monkeypatch):
    """Whoever decides for one meeting posts the number of a request of another one."""
    foreign = asks(moderated(title=told("Ailleurs", "Elsewhere")), "Hidden Person")
    awa = asks(event, "Awa Ba")
    allowed = policies.registrations

    def narrow(rows, user, actions):
        return rows.filter(event=event)

    monkeypatch.setattr(allowed, "narrow", narrow)
    answer = desk.post(reverse(QUEUE), {"verb": "approve", "id": [foreign.pk, awa.pk, 999_999, "x"]}, follow=True)
    assert state(foreign) == "requested"
    assert state(awa) == "confirmed"
    assert "2 requests were not found." in text(answer)
    assert "Hidden" not in text(answer)
    assert not Letter.objects.filter(kind="approved", recipient=foreign.email).exists()


def test_the_queue_of_one_event_decides_on_no_other(desk, event):
    other = asks(moderated(), "Ben Otieno")
    answer = decide(desk, "approve", other, event=event)
    assert answer.status_code == 303
    assert state(other) == "requested"


def test_what_awaits_no_decision_is_left_alone(desk, staff):
    event = moderated(verifies_address=True, capacity=0)
    unproven, gone, waits = (asks(event, name) for name in ("Awa Ba", "Ben Otieno", "Carla Ruiz"))
    for row in (gone, waits):
        row.verify()
    gone.cancel()
    waits.queue(by=staff, why="later")
    page = decide(desk, "decline", unproven, gone, waits, reason="no")
    assert [state(row) for row in (unproven, gone, waits)] == ["requested", "cancelled", "waiting"]
    assert text(page).count("stands at") >= 3
    assert "Awa Ba" not in text(desk.get(reverse(QUEUE)))


def test_it_is_narrowed_by_words_without_accents_and_by_what_occurs(desk, event):
    asks(event, "Zoé Núñez", language="es", organisation="Universidad")
    asks(event, "Ben Otieno", language="en")
    page = text(desk.get(reverse(QUEUE), {"q": "nunez"}))
    assert "Zoé Núñez" in page
    assert "Ben Otieno" not in page
    page = text(desk.get(reverse(QUEUE), {"language": "en", "event": "nonsense"}))
    assert "Zoé Núñez" not in page
    assert "Ben Otieno" in page


def test_the_queue_asks_as_much_for_many_as_for_few(desk, staff):
    def asked():
        with CaptureQueriesContext(connection) as questions:
            assert desk.get(reverse(QUEUE)).status_code == 200
        return len(questions)

    asks(moderated(capacity=5), "Awa Ba")
    asked()
    few = asked()
    for number in range(6):
        event = moderated(capacity=5)
        ticket = TicketFactory(event=event, quota=3)
        for name in ("Awa", "Ben"):
            asks(event, f"{name}{number} Person", ticket=ticket).annotate(staff, "a note")
            asks(event, "Same Person", email=f"same{name}@example.org")
    assert asked() <= few + 1  # the names of the tickets, once there are any
    assert few < 40


def test_their_number_stands_in_the_menu_on_the_first_page_and_on_the_event(desk, event):
    assert "Requests to decide (" not in desk.get("/admin/").content.decode()
    asks(event, "Awa Ba")
    page = desk.get("/admin/").content.decode()
    assert "Requests to decide (1)" in page
    assert "1 request awaits a decision" in page
    listed = text(desk.get(reverse("wagtailsnippets_events_event:list")))
    assert reverse("registrations:requests_of", args=[event.uid]) in listed


def test_nobody_but_the_staff_decides(translator, event):
    awa = asks(event, "Awa Ba")
    assert translator.get(reverse(QUEUE)).status_code in (302, 403)
    assert decide(translator, "approve", awa).status_code in (302, 403)
    assert send(translator, "approve", awa).status_code in (302, 403, 404)
    assert state(awa) == "requested"
    assert Registration.objects.filter(state="confirmed").count() == 0
