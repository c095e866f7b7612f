"""The form where no seat is left: a place in the line, for who wants one, and never a failure."""

import html
import re

import pytest

from events.models import Event, EventPage, Registration, SeatPool
from events.models.seats import SeatPoolQuerySet
from letters.models import Letter
from tests.factories import TicketFactory, again

from .people import address, meeting, send, taken
from .series import FIRST, SECOND, THIRD, choose, series

pytestmark = pytest.mark.django_db

FULL = "full: waiting list"


def text(response) -> str:
    return html.unescape(response.content.decode())


def form_of(client, event: Event, language: str = "en") -> str:
    return text(client.get(address("registration", event.uid, language=language)))


def states(event: Event) -> dict[str, str]:
    """What became of everybody, by the beginning of their address."""
    rows = Registration.objects.filter(event=event).order_by("pk")
    return {row.email.partition("@")[0]: row.state for row in rows}


def fill(client, event: Event, **more: str) -> None:
    assert send(client, event, email="first@example.org", **more).status_code == 303


def test_who_finds_no_seat_waits_at_the_end_of_the_line(client):
    event = meeting(capacity=1, has_waiting_list=True)
    fill(client, event)
    for name in ("second", "third"):
        assert send(client, event, email=f"{name}@example.org", wait="on").status_code == 303
    assert states(event) == {"first": "confirmed", "second": "waiting", "third": "waiting"}
    line = Registration.objects.filter(event=event).in_line()
    assert [row.email for row in line] == ["second@example.org", "third@example.org"]
    assert taken(event) == 1
    assert list(Letter.objects.filter(about=event.uid).order_by("pk").values_list("kind", flat=True)) == [
        "confirmed",
        "waiting",
        "waiting",
    ]


def test_who_does_not_want_to_wait_has_the_form_back_and_can_tick_it(client):
    event = meeting(capacity=1, has_waiting_list=True)
    fill(client, event)
    answer = send(client, event, email="late@example.org", language="en")
    assert answer.status_code == 409
    assert 'value="late@example.org"' in text(answer)
    assert "No seat is left" in text(answer)
    assert re.search(r'<input type="checkbox" name="wait"[^>]*>', text(answer))
    assert "late" not in states(event)


def test_who_loses_the_race_for_the_last_seat_waits_instead_of_failing(client, monkeypatch):
    event = meeting(capacity=1, has_waiting_list=True)
    hold = SeatPoolQuerySet.hold

    def taken_meanwhile(pools, event_id):
        SeatPool.objects.filter(event=event).update(taken=1)
        return hold(pools, event_id)

    SeatPool.objects.ensure(event.pk, "event")
    monkeypatch.setattr(SeatPoolQuerySet, "hold", taken_meanwhile)
    unwilling = send(client, event, email="unwilling@example.org")
    assert unwilling.status_code == 409
    SeatPool.objects.filter(event=event).update(taken=0)
    assert send(client, event, email="willing@example.org", wait="on").status_code == 303
    assert states(event) == {"willing": "waiting"}


def test_the_box_to_wait_is_ticked_at_first_and_not_shown_without_a_list(client):
    shown = form_of(client, meeting(capacity=5, has_waiting_list=True))
    assert re.search(r'<input type="checkbox" name="wait"[^>]* checked', shown)
    assert 'name="wait"' not in form_of(client, meeting(capacity=5))
    event = meeting(capacity=1)
    fill(client, event)
    assert send(client, event, email="late@example.org", wait="on").status_code == 409
    assert states(event) == {"first": "confirmed"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["complet : liste d’attente", "S’inscrire sur la liste d’attente"]),
        ("en", [FULL, "Join the waiting list"]),
        ("es", ["completo: lista de espera", "Apuntarse a la lista de espera"]),
    ],
)
def test_full_tickets_can_be_waited_for_and_say_so_in_each_language(client, language, words):
    event = meeting(has_waiting_list=True)
    ticket = TicketFactory(event=event, quota=1)
    fill(client, event, ticket=str(ticket.uid))
    page = form_of(client, event, language).replace("\u202f", " ").replace("\u00a0", " ")
    for word in words:
        assert word in page, word
    (radio,) = re.findall(r'<input type="radio" name="ticket"[^>]*>', page)
    assert "disabled" not in radio


def test_a_full_ticket_that_cannot_be_waited_for_is_shown_and_not_offered(client):
    event = meeting()
    ticket, other = TicketFactory(event=event, quota=1), TicketFactory(event=event)
    fill(client, event, ticket=str(ticket.uid))
    radios = re.findall(r'<input type="radio" name="ticket"[^>]*>', form_of(client, event))
    assert ["disabled" in radio for radio in radios] == [True, False]
    assert str(other.uid) in radios[1]


def test_the_line_is_told_wherever_the_event_is(client):
    event = meeting(capacity=1, has_waiting_list=True)
    fill(client, event)
    event = again(event)
    assert event.registration_state == "waiting_list"
    page = EventPage.objects.get(event=event, locale__language_code="en").get_url()
    shown = text(client.get(page))
    assert re.search(r'rel="register"[^>]*>Join the waiting list</a>', shown)
    assert "Fully booked, with a waiting list" in shown
    assert "https://schema.org/SoldOut" in shown
    assert "Full, waiting list" in text(client.get("/en/calendar/"))


def test_of_the_dates_of_one_form_some_are_confirmed_and_others_waited_for(client):
    event = series(capacity=1, has_waiting_list=True)
    choose(client, event, SECOND, email="first@example.org")
    boxes = dict(re.findall(r'name="dates" value="([^"]+)"([^>]*)>', form_of(client, event)))
    assert not any("disabled" in more for more in boxes.values())
    assert form_of(client, event).count(FULL) == 1
    assert choose(client, event, FIRST, SECOND, THIRD).status_code == 409
    assert choose(client, event, FIRST, SECOND, THIRD, wait="on").status_code == 303
    rows = Registration.objects.of("asha@example.org").order_by("occurrence__starts_at")
    assert [row.state for row in rows] == ["confirmed", "waiting", "confirmed"]
    told = {letter.kind: letter.facts for letter in Letter.objects.filter(recipient="asha@example.org")}
    assert {kind: len(facts["registrations"]) for kind, facts in told.items()} == {"confirmed": 2, "waiting": 1}


def test_a_link_to_a_full_date_leads_to_its_line(client):
    event = series(capacity=1, has_waiting_list=True)
    choose(client, event, SECOND, email="first@example.org")
    page = text(client.get(address("registration", event.uid, language="en"), {"date": SECOND}))
    ticked = [day for day, more in re.findall(r'name="dates" value="([^"]+)"([^>]*)>', page) if "checked" in more]
    assert ticked == [SECOND]


def test_a_full_date_is_told_with_its_line_on_the_page_of_its_series(client):
    event = series(capacity=1, has_waiting_list=True)
    choose(client, event, SECOND, email="first@example.org")
    page = EventPage.objects.get(event=event, locale__language_code="en").get_url()
    shown = text(client.get(page))
    (link,) = re.findall(r'rel="register" href="([^"]+)">Join the waiting list', shown)
    assert link.endswith(f"?date={SECOND}")
    assert shown.count('rel="register"') == 5  # the event's own, and one for each date
    assert "Full, waiting list" not in text(client.get("/en/calendar/"))  # another date is free
