"""Inviting people by letter from a list, and following what becomes of each invitation."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from events.models import Invitation, Registration
from letters.models import Letter
from tests.factories import EventFactory, TicketFactory
from tests.registration.people import address, link_in, meeting, send, taken, work

pytestmark = pytest.mark.django_db

EVENTS = "wagtailsnippets_events_event"
LIST = """Awa Diallo <awa@example.org>
bela@example.org
not an address

"Costa, Carla" <carla@example.org>;
AWA@example.org
"""


def new(event):
    return reverse(f"{EVENTS}:invite", args=[event.pk])


def listed(event):
    return reverse(f"{EVENTS}:invited", args=[event.pk])


def rows(desk, event, **query):
    page = BeautifulSoup(desk.get(listed(event), query).content, "html.parser")
    return {
        row.th.get_text(" ", strip=True): row.select("td")[1].get_text(strip=True) for row in page.select("tbody tr")
    }


def invite(desk, event, people, **changes):
    return desk.post(new(event), {"people": people, "language": "en"} | changes)


def test_each_line_is_an_invitation_with_a_letter_and_the_others_come_back_with_their_reason(desk):
    event = meeting(capacity=10)
    answer = invite(desk, event, LIST, keeps_seats="on", until="2031-05-01")
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "3 people are invited" in said
    assert "Line 3, “not an address”, is not a whole e-mail address." in said
    assert "Line 6, “AWA@example.org”, is in line 1 already." in said
    left = BeautifulSoup(said, "html.parser").find("textarea", {"name": "people"}).get_text().split("\n")
    assert [line for line in left if line.strip()] == ["not an address", "AWA@example.org"]
    assert taken(event) == 3
    assert {one.name for one in Invitation.objects.personal()} == {"Awa Diallo", "", "Costa, Carla"}
    work()
    assert {letter.to[0] for letter in mail.outbox} == {
        "Awa Diallo <awa@example.org>", "bela@example.org", '"Costa, Carla" <carla@example.org>'
    }  # fmt: skip
    assert all("/en/invitation/" in letter.body for letter in mail.outbox)
    assert "1 May 2031, 23:59" in mail.outbox[0].body


def test_the_same_list_sent_twice_and_people_who_are_registered_get_no_second_letter(desk, client):
    event = meeting(capacity=10)
    send(client, event, email="here@example.org")
    people = "awa@example.org\nhere@example.org"
    for _time in range(2):
        answer = invite(desk, event, people, keeps_seats="on")
    said = answer.content.decode()
    assert "“awa@example.org”, is invited already." in said
    assert "“here@example.org”, is registered." in said
    assert Letter.objects.filter(kind="personal_invitation").count() == 1
    assert taken(event) == 2


def test_more_seats_than_are_free_are_not_kept_and_nobody_is_lost(desk):
    event = meeting(capacity=2)
    people = "\n".join(f"p{n}@example.org" for n in range(3))
    answer = invite(desk, event, people, keeps_seats="on")
    assert "Only 2 seats are free in all." in answer.content.decode()
    assert "p0@example.org" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert taken(event) == 0


def test_words_of_one_s_own_go_into_the_letters(desk):
    event = meeting()
    invite(desk, event, "awa@example.org", subject="Come to {city}", text="Dear {name}, we count on you.")
    work()
    (letter,) = mail.outbox
    assert letter.subject == "Come to Nairobi"
    assert "we count on you" in letter.body


def test_the_list_tells_the_state_of_each_and_who_has_not_answered_is_reminded_once_a_day(desk, client):
    event = meeting(capacity=10)
    invite(desk, event, "comes@example.org\nstays@example.org\nsilent@example.org\nback@example.org", keeps_seats="on")
    assert set(rows(desk, event).values()) == {"not sent yet"}
    work()
    links = {letter.to[0]: link_in(letter) for letter in mail.outbox}
    client.post(links["stays@example.org"], {"decline": "1"})
    send_to(client, links["comes@example.org"], email="comes@example.org")
    back = Invitation.objects.get(email="back@example.org")
    desk.post(listed(event), {"invitation": [back.pk], "revoke": "1"})
    assert rows(desk, event) == {
        "comes@example.org": "accepted",
        "stays@example.org": "declined",
        "silent@example.org": "open",
        "back@example.org": "taken back",
    }
    assert list(rows(desk, event, state="open")) == ["silent@example.org"]
    everybody = [one.pk for one in Invitation.objects.all()]
    for _time in range(2):
        desk.post(listed(event), {"invitation": everybody, "remind": "1"})
    work()
    (again,) = [letter for letter in mail.outbox if letter.subject.startswith("Reminder: ")]
    assert again.to == ["silent@example.org"]
    assert taken(event) == 2


def send_to(client, link, **changes):
    from tests.registration.people import answers

    return client.post(link, answers(**changes))


def test_whose_invitation_ran_out_is_invited_anew(desk, staff):
    event = meeting(capacity=1)
    with time_machine.travel(dt.datetime(2031, 4, 1, 10, tzinfo=dt.UTC), tick=False):
        desk.force_login(staff)
        invite(desk, event, "awa@example.org", keeps_seats="on", until="2031-04-03")
    with time_machine.travel(dt.datetime(2031, 4, 5, 10, tzinfo=dt.UTC), tick=False):
        desk.force_login(staff)
        assert list(rows(desk, event).values()) == ["expired"]
        assert invite(desk, event, "awa@example.org", keeps_seats="on").status_code == 303
        assert taken(event) == 1
        assert Invitation.objects.usable().get().email == "awa@example.org"


def test_only_to_a_public_event_with_registration_here_and_only_by_the_staff(desk, translator):
    draft = EventFactory.create(registration="here")
    assert "Publish the event first" in desk.get(new(draft)).content.decode()
    invite(desk, draft, "awa@example.org")
    assert not Invitation.objects.exists()
    event = meeting()
    for page in (new(event), listed(event)):
        assert translator.get(page).status_code in (302, 403, 404)
    invite(translator, event, "awa@example.org")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_a_year_that_no_meeting_has_ends_no_invitation(desk, until):
    event = meeting(timezone="America/Lima")
    assert invite(desk, event, "awa@example.org", until=until).status_code == 422
    assert not Invitation.objects.exists()


def test_a_thousand_and_one_are_too_many_at_once(desk):
    event = meeting()
    answer = invite(desk, event, "\n".join(f"p{n}@example.org" for n in range(1001)))
    assert "At most 1000 people at once." in answer.content.decode()
    assert not Invitation.objects.exists()


# -- tickets of another event


def test_tickets_are_taken_over_once_with_their_sale_moved(desk):
    last = EventFactory.published(start_local=dt.datetime(2030, 5, 12, 9), end_local=dt.datetime(2030, 5, 12, 17))
    TicketFactory(event=last, code="press", audience="press", quota=20, sale_closes_local=dt.datetime(2030, 5, 10, 18))
    TicketFactory(event=last, code="free")
    event = EventFactory.published()
    TicketFactory(event=event, code="free", quota=3)
    page = reverse(f"{EVENTS}:ticket_takeover", args=[event.pk]) + f"?source={last.pk}"
    assert "is there already" in desk.get(page).content.decode()
    for _time in range(2):
        answer = desk.post(page, {"ticket": [one.pk for one in last.tickets.all()]}, follow=True)
    assert "because this event has tickets with these codes already" in answer.content.decode()
    made = {ticket.code: ticket for ticket in event.tickets.all()}
    assert sorted(made) == ["free", "press"]
    assert made["free"].quota == 3
    assert (made["press"].quota, made["press"].audience) == (20, "press")
    assert made["press"].sale_closes_local == dt.datetime(2031, 5, 10, 18)
    assert event.pools.get(key=made["press"].pool_key).capacity == 20


def test_registered_people_are_not_in_the_list_of_codes(desk):
    event = meeting()
    invite(desk, event, "awa@example.org")
    assert "awa@example.org" not in desk.get(reverse("invitations:index")).content.decode()
    assert not Registration.objects.exists()
    assert address("registration", event.uid)
