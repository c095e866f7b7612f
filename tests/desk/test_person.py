"""One person's page: what is known, and every verb that leads on from where the registration stands."""

import csv
import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Registration, SeatPool
from events.models.registration_states import TRANSITIONS
from letters.models import Letter
from letters.writing import write
from tests.desk.people import asks, moderated, now, send, text
from tests.factories import TicketFactory, publish, told

pytestmark = pytest.mark.django_db

VERBS = ("approve", "queue", "offer", "confirm", "decline", "cancel")


@pytest.fixture
def event(db):
    return moderated(capacity=1)


def page(desk, registration):
    return desk.get(reverse("registrations:inspect", args=[registration.pk]))


def offered_on(response):
    said = response.content.decode()
    return {verb for verb in VERBS if re.search(rf'action="[^"]*/{verb}/\d+/"', said)}


def test_what_the_page_offers_is_what_the_table_of_transitions_allows(desk, event):
    registration = asks(event, "Awa Ba")
    for state, _name in Registration.State.choices:
        until = timezone.now() + dt.timedelta(hours=5) if state in ("unverified", "offered", "held") else None
        Registration.objects.filter(pk=registration.pk).update(state=state, expires_at=until, line=1)
        allowed = {verb for verb, source, _target in TRANSITIONS if source == state} & set(VERBS)
        # Who has asked is approved: to confirm past it would be the same with another letter.
        expected = allowed - {"confirm"} if state == "requested" else allowed
        assert offered_on(page(desk, registration)) == expected, state


def test_the_letter_stands_there_in_the_language_of_the_participant(desk, event):
    registration = asks(event, "Zoé Núñez", language="es")
    said = page(desk, registration).content.decode()
    assert 'lang="es"' in said
    assert "Reunión de Dakar" in said
    form = next(
        form for decision, form, _url in page(desk, registration).context["decisions"] if decision.verb == "approve"
    )
    send(desk, "approve", registration, subject=form["subject"].value(), text=form["text"].value())
    letter = Letter.objects.get(kind="approved")
    assert "words" not in letter.facts  # nobody changed them: they stay the product's own
    assert "Reunión de Dakar" in write(letter).subject


def test_what_the_staff_write_is_what_the_participant_reads(desk, staff, event):
    registration = asks(event, "Awa Ba")
    said = {"reason": "minister's guest", "subject": "Bienvenue", "text": "Une place vous attend.\r\n\r\nÀ bientôt."}
    answer = send(desk, "approve", registration, **said)
    assert answer.status_code == 303
    message = write(Letter.objects.get(kind="approved"))
    assert message.subject == "Bienvenue"
    assert "Une place vous attend." in message.body
    assert "guest" not in message.body
    history = text(page(desk, registration))
    assert "minister&#x27;s guest" in history
    assert "<td>Approved</td>" in history


def test_a_full_event_is_told_with_a_sentence_and_what_was_written_stays(desk, event):
    asks(event, "Ben Otieno").approve()
    registration = asks(event, "Awa Ba")
    answer = send(desk, "approve", registration, reason="please", subject="Oui", text="Venez donc.")
    assert answer.status_code == 422
    assert "No seat is left: all seats." in text(answer)
    assert "Venez donc." in text(answer)
    assert 'value="please"' in text(answer)
    assert now(registration).state == "requested"
    assert "No seat is left" in text(send(desk, "confirm", _waits(registration), reason="now"))


def _waits(registration):
    registration.queue()
    return registration


def test_who_was_declined_meanwhile_is_not_approved_and_nothing_is_lost(desk, event):
    registration = asks(event, "Awa Ba")
    registration.decline(why="by a colleague")
    answer = send(desk, "approve", registration, text="Bienvenue quand même.")
    assert answer.status_code == 422
    assert "it stands at: declined" in text(answer)
    assert "Bienvenue quand même." in text(answer)


def test_the_farewell_shown_to_the_staff_gives_back_no_seat_that_nobody_had(desk, event):
    asks(event, "Ben Otieno").approve()
    shown = text(page(desk, _waits(asks(event, "Awa Ba", language="en"))))
    assert "You are no longer registered and no longer wait" in shown
    assert "Your seat is free" not in shown


@pytest.mark.parametrize("verb", ["approve", "queue", "decline", "cancel"])
def test_a_second_click_on_any_verb_is_harmless(desk, event, verb):
    registration = asks(event, "Awa Ba")
    for _click in range(2):
        assert send(desk, verb, registration, reason="once").status_code == 303
    assert registration.changes.filter(verb=verb).count() == 1
    assert "nothing has changed" in text(desk.get("/admin/registrations/"))


def test_a_seat_is_offered_out_of_turn_for_a_reason(desk, event):
    first = asks(event, "Ben Otieno")
    first.approve()
    waits, later = _waits(asks(event, "Awa Ba")), _waits(asks(event, "Carla Ruiz"))
    assert "1, of 2 who wait" in text(page(desk, waits))
    publish(event, has_waiting_list=False, capacity=2)  # nothing is offered by itself
    assert send(desk, "offer", later).status_code == 422
    assert send(desk, "offer", later, reason="speaks at nine").status_code == 303
    assert (now(later).state, now(waits).state) == ("offered", "waiting")
    assert "Seat offered" in text(page(desk, later))
    assert SeatPool.objects.get(event=event, key="event").taken == 2


def test_a_move_needs_a_seat_there_and_tells_which_is_full(desk, staff, event):
    publish(event, capacity=None)
    near, far = (TicketFactory(event=event, name=told(name, name), quota=1) for name in ("Near", "Far"))
    registration = asks(event, "Awa Ba", ticket=near)
    registration.approve()
    taken = asks(event, "Ben Otieno", ticket=far)
    taken.approve()
    assert "Far, on site (no seat left)" in text(page(desk, registration))
    answer = send(desk, "move", registration, place=f"onsite:{far.pk}", reason="a better seat")
    assert answer.status_code == 422
    assert "No seat is left: Far." in text(answer)
    assert 'value="a better seat"' in text(answer)
    taken.cancel()
    assert send(desk, "move", registration, place=f"onsite:{far.pk}", reason="a better seat").status_code == 303
    assert now(registration).ticket == far
    assert registration.changes.last().by == staff
    assert {pool.key: pool.taken for pool in SeatPool.objects.filter(key__startswith="ticket")} == {
        near.pool_key: 0,
        far.pool_key: 1,
    }


def test_a_note_is_kept_once_and_never_told(desk, staff, event):
    registration = asks(event, "Awa Ba")
    before = Letter.objects.count()
    for _click in range(2):
        send(desk, "note", registration, note="eats no meat")
    assert registration.changes.filter(verb="note", by=staff, why="eats no meat").count() == 1
    assert Letter.objects.count() == before
    assert send(desk, "note", registration, note=" ").status_code == 422


def test_letters_about_the_event_are_listed_with_their_state_and_a_way_to_send_again(desk, event):
    registration = asks(event, "Awa Ba")
    registration.approve()
    Letter.objects.filter(kind="requested").update(
        abandoned_at=timezone.now(), ending="undeliverable", last_error="550 no such user", attempts=1
    )
    said = text(page(desk, registration))
    assert "This person does not get our letters." in said
    assert "550 no such user" in said
    assert "Undeliverable" in said
    assert "Waiting" in said
    letter = Letter.objects.get(kind="requested")
    assert reverse("letters:resend", args=[letter.pk]) in said
    desk.post(reverse("letters:resend", args=[letter.pk]))
    assert "This person does not get our letters." not in text(page(desk, registration))


def test_the_file_tells_who_decided_and_the_place_in_the_line(desk, staff, event):
    asks(event, "Ben Otieno").approve(by=staff)
    for name in ("Awa Ba", "Carla Ruiz"):
        asks(event, name).queue(by=staff, why="full")
    answer = desk.get(reverse("registrations:index"), {"event": event.pk, "export": "csv"})
    rows = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
    assert {row["Name"]: row["Place in the line"] for row in rows} == {
        "Ben Otieno": "",
        "Awa Ba": "1",
        "Carla Ruiz": "2",
    }
    assert {row["Decided by"] for row in rows} == {"staff"}
    assert all(row["Decided (UTC)"] for row in rows)
    listed = text(desk.get(reverse("registrations:index"), {"event": event.pk}))
    assert "On the waiting list: 2" in listed
    assert "Confirmed: 1" in listed
