"""Registering: one page, one POST, one seat."""

import datetime as dt
import re

import pytest
import time_machine

from events.models import Event, Invitation, Registration
from events.models.seats import SeatPoolQuerySet
from tests.factories import TicketFactory, publish, told

from .people import address, answers, confirmed, letters, link_in, meeting, send, taken

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def without_marks(response) -> str:
    """The page without the mark against forgery and that against double sending, new on each page."""
    return re.sub(r'name="(csrfmiddlewaretoken|submission)" value="[^"]*"', "", text(response))


def test_a_visitor_registers_and_is_thanked(client):
    event = meeting(capacity=10)
    form = client.get(address("registration", event.uid))
    assert form.status_code == 200
    assert 'name="email"' in text(form)

    answer = send(client, event)

    assert answer.status_code == 303
    assert client.get(answer.url).status_code == 200
    registration = Registration.objects.get()
    assert (registration.name, registration.state, registration.attendance) == ("Asha Rao", "confirmed", "onsite")
    assert registration.consent_version
    assert registration.consented_at
    assert [(change.was, change.became) for change in registration.changes.all()] == [("", "confirmed")]
    assert taken(event) == taken(event, "mode:onsite") == 1


def test_the_form_comes_back_filled_in_with_its_errors_first(client):
    event = meeting()
    answer = send(client, event, email="asha@example", country="", name="Asha & Rao")
    page = text(answer)
    assert answer.status_code == 422
    assert 'value="Asha &amp; Rao"' in page
    assert 'href="#id_email"' in page
    assert 'href="#id_country"' in page
    assert page.index('id="errors"') < page.index('id="id_email"')
    assert re.search(r'<input type="email"[^>]*aria-invalid="true"[^>]*id="id_email"', page)
    assert not Registration.objects.exists()


def test_the_hour_is_ready_to_be_told_where_the_visitor_is(client):
    form = text(client.get(address("registration", meeting().uid)))
    assert 'data-start="2031-05-12T09:00+03:00" data-end="2031-05-12T17:00+03:00" data-zone="Africa/Nairobi"' in form


def test_consent_is_required(client):
    event = meeting()
    answer = client.post(address("registration", event.uid), {**answers(), "consent": ""})
    assert answer.status_code == 422
    assert not Registration.objects.exists()


def test_the_form_says_what_becomes_of_the_answers_in_each_language(client):
    event = meeting()
    for language, page in (
        ("fr", "/fr/donnees-personnelles/"),
        ("en", "/en/privacy/"),
        ("es", "/es/datos-personales/"),
    ):
        form = text(client.get(address("registration", event.uid, language=language)))
        assert f'href="{page}"' in form
        assert client.get(page).status_code == 200


def test_errors_are_listed_in_the_order_of_the_page(client):
    event = meeting(access=Event.Access.MEMBERS, format=Event.Format.HYBRID)
    page = text(client.post(address("registration", event.uid), {}))
    listed = re.findall(r'href="#(id_\w+)"', page)
    assert listed == ["id_code", "id_attendance", "id_name", "id_email", "id_country", "id_language", "id_consent"]
    assert listed == sorted(listed, key=lambda name: page.index(f' id="{name}'))


def test_the_same_address_in_another_case_makes_no_second_seat_and_reads_the_same(client):
    event = meeting(capacity=10)
    first = send(client, event)
    again = send(client, event, email="ASHA@Example.org", name="Somebody Else")
    stranger = send(client, event, email="new@example.org")
    assert first.url == again.url == stranger.url
    assert first.status_code == again.status_code == stranger.status_code
    assert client.get(first.url).content == client.get(again.url).content
    assert taken(event) == 2
    assert Registration.objects.get(email_key="asha@example.org").name == "Asha Rao"
    to = [letter.to[0] for letter in letters()]
    assert sum("asha@example.org" in one for one in to) == 2


def test_an_address_is_not_bombed_with_letters(client):
    event = meeting()
    for _ in range(8):
        assert send(client, event).status_code == 303
    assert len(letters()) == 4  # the confirmation, and three again within the hour


def test_too_many_forms_for_one_address_wait_an_hour(client):
    for number in range(12):
        send(client, meeting(title=told(f"Réunion {number}")))
    late = meeting()
    answer = send(client, late)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert 'value="asha@example.org"' in text(answer)
    assert confirmed(late) == 0


def test_a_hall_of_three_hundred_behind_one_address_registers_without_trouble(client):
    event = meeting()
    for number in range(300):
        assert send(client, event, email=f"person{number}@example.org").status_code == 303
    assert taken(event) == 300


def test_a_form_sent_twice_is_one_wish_even_for_the_last_seat(client):
    event = meeting(capacity=1)
    page = text(client.get(address("registration", event.uid)))
    mark = re.search(r'name="submission" value="([^"]+)"', page)[1]
    first = send(client, event, submission=mark)
    second = send(client, event, submission=mark)
    assert first.status_code == second.status_code == 303
    assert taken(event) == 1
    assert len(letters()) == 1


def test_a_full_event_tells_a_registered_person_and_a_stranger_the_same(client):
    event = meeting(capacity=1)
    send(client, event)
    stranger = send(client, event, email="stranger@example.org")
    known = send(client, event)
    assert stranger.status_code == known.status_code == 409
    assert without_marks(stranger) == without_marks(known)
    assert confirmed(event) == 1
    assert [letter.to[0] for letter in letters()] == ["Asha Rao <asha@example.org>"] * 2


def test_a_hybrid_event_full_on_site_offers_its_seats_online(client):
    event = meeting(format="hybrid", capacity_onsite=1)
    send(client, event, attendance="onsite")
    answer = send(client, event, attendance="onsite", email="late@example.org")
    page = text(answer)
    assert answer.status_code == 409
    assert 'value="late@example.org"' in page
    assert 'href="#id_attendance"' in page
    assert "no seat left" in text(client.get(address("registration", event.uid, language="en")))
    assert send(client, event, attendance="online", email="late@example.org").status_code == 303
    assert (taken(event), taken(event, "mode:onsite"), taken(event, "mode:online")) == (2, 1, 1)


def test_nothing_is_taken_where_one_of_several_pools_is_full(client):
    event = meeting(format="hybrid", capacity=10, capacity_online=0)
    assert send(client, event, attendance="online").status_code == 409
    assert (taken(event), taken(event, "mode:online")) == (0, 0)


def test_only_free_tickets_are_offered_and_their_quota_holds(client):
    event = meeting(format="hybrid", capacity=10)
    TicketFactory(event=event, code="paid", name=told("Plein tarif"), price=6000, attendance="onsite")
    free = TicketFactory(event=event, code="free", name=told("Producteurs"), attendance="onsite", quota=1)
    online = TicketFactory(event=event, code="online", name=told("En ligne"), attendance="online")
    page = text(client.get(address("registration", event.uid)))
    assert "Producteurs" in page
    assert "Plein tarif" not in page
    assert 'name="attendance"' not in page
    assert send(client, event).status_code == 422
    assert send(client, event, ticket=str(free.uid)).status_code == 303
    assert send(client, event, ticket=str(free.uid), email="second@example.org").status_code == 409
    assert send(client, event, ticket=str(online.uid), email="second@example.org").status_code == 303
    assert taken(event, f"ticket:{free.pk}") == 1
    assert Registration.objects.get(email="second@example.org").attendance == "online"


def test_an_event_whose_tickets_all_cost_money_takes_nobody_yet(client):
    event = meeting()
    TicketFactory(event=event, price=6000)
    assert event.registration_state == "not_sold"
    assert 'name="email"' not in text(client.get(address("registration", event.uid)))
    assert send(client, event).status_code == 409


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"registration_opens_local": dt.datetime(2031, 1, 1, 9)}, "not_yet"),
        ({"registration_closes_local": dt.datetime(2020, 1, 1, 9)}, "closed"),
        ({"start_local": dt.datetime(2020, 1, 1, 9), "end_local": dt.datetime(2020, 1, 1, 17)}, "over"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "postponed"}, "postponed"),
        ({"registration": "elsewhere", "registration_url": "https://register.example.org/"}, "elsewhere"),
        ({"capacity": 0}, "full"),
    ],
)
def test_where_there_is_no_form_the_page_says_why(client, facts, state):
    event = meeting(**facts)
    assert event.registration_state == state
    page = client.get(address("registration", event.uid))
    assert page.status_code == 200
    assert 'name="email"' not in text(page)
    assert send(client, event).status_code == 409
    assert not Registration.objects.exists()


def test_a_registration_not_open_yet_says_when_on_the_clock_of_the_place(client):
    event = meeting(registration_opens_local=dt.datetime(2031, 1, 2, 9), timezone="Africa/Nairobi")
    page = text(client.get(address("registration", event.uid, language="en")))
    assert "2 January 2031, 09:00" in page
    assert "UTC+3" in page


def test_registration_opens_and_closes_by_the_clock(client):
    event = meeting(
        registration_opens_local=dt.datetime(2031, 3, 1, 9), registration_closes_local=dt.datetime(2031, 4, 1, 9)
    )
    with time_machine.travel("2031-03-01T05:59:00Z", tick=False):
        assert event.registration_state == "not_yet"
    with time_machine.travel("2031-03-01T06:00:00Z", tick=False):
        assert event.registration_state == "open"
    with time_machine.travel("2031-04-01T06:00:00Z", tick=False):
        assert event.registration_state == "closed"


def test_an_event_without_registration_or_not_public_has_no_form(client):
    assert client.get(address("registration", meeting(registration="none").uid)).status_code == 404
    hidden = meeting()
    hidden.unpublish()
    assert client.get(address("registration", hidden.uid)).status_code == 404
    assert send(client, hidden).status_code == 404


def test_the_joining_link_is_on_no_page_before_one_is_confirmed(client):
    event = meeting(format="online", joining_url="https://zoom.example.org/secret")
    pages = [
        client.get(address("registration", event.uid)),
        send(client, event, email="bad"),
        client.get(send(client, event).url),
    ]
    assert not any("zoom.example.org" in text(page) for page in pages)


def test_a_members_meeting_needs_its_code(client):
    event = meeting(access=Event.Access.MEMBERS)
    assert event.registration_state == "by_invitation"
    Invitation.objects.create(event=event, code="sol-2031")
    assert 'name="code"' in text(client.get(address("registration", event.uid)))
    assert send(client, event).status_code == 422
    assert send(client, event, code="WRONG").status_code == 422
    assert send(client, event, code=" SOL-2031 ").status_code == 303
    assert Registration.objects.get().invitation.used == 1


def test_a_code_for_one_opens_once_and_again_after_its_seat_was_given_back(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="ONE", max_uses=1)
    assert send(client, event, code="ONE").status_code == 303
    assert send(client, event, code="ONE", email="second@example.org").status_code == 422
    assert confirmed(event) == 1
    Registration.objects.get().cancel()
    assert send(client, event, code="ONE", email="second@example.org").status_code == 303


def test_a_wrong_code_tells_nothing_about_who_is_registered(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="MANY", max_uses=None)
    send(client, event, code="MANY")
    known = send(client, event, code="WRONG")
    stranger = send(client, event, code="WRONG", email="aaaa@example.org")
    assert without_marks(known).replace("asha@", "aaaa@") == without_marks(stranger)


def test_a_code_that_is_used_up_tells_nobody_who_came_in_with_it(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="ONE", max_uses=1)
    send(client, event, code="ONE")
    known = send(client, event, code="ONE")
    stranger = send(client, event, code="ONE", email="aaaa@example.org")
    assert known.status_code == stranger.status_code == 422
    assert without_marks(known).replace("asha@", "aaaa@") == without_marks(stranger)
    assert [letter.recipients() for letter in letters()] == [["Asha Rao <asha@example.org>"]] * 2  # she is told


@pytest.mark.parametrize("name", ["Visit http://evil.example now", "WWW.evil.example"])
def test_a_name_is_no_place_for_a_link(client, name):
    answer = send(client, meeting(), name=name)
    assert answer.status_code == 422
    assert "sans adresse" in text(answer)
    assert not Registration.objects.exists()


def test_what_nobody_sees_is_no_name_and_turns_no_line_round(client):
    event = meeting()
    assert send(client, event, name="\u200b\u2060").status_code == 422
    send(client, event, name="Asha\u202e \x1bRao\u2066")
    assert Registration.objects.get().name == "Asha Rao"


@pytest.mark.parametrize("email", ["\u212aate@example.org", "a\u017fha@example.org", '"<x@evil.example>"@example.org'])
def test_an_address_that_looks_like_another_ones_is_refused(client, email):
    assert send(client, meeting(), email=email).status_code == 422


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"status": "postponed"}, {"live": False}])
def test_nobody_gets_in_while_it_is_called_off(client, monkeypatch, change):
    event = meeting(capacity=10)
    hold = SeatPoolQuerySet.hold

    def called_off_meanwhile(pools, *args):
        Event.objects.filter(pk=event.pk).update(**change)
        return hold(pools, *args)

    monkeypatch.setattr(SeatPoolQuerySet, "hold", called_off_meanwhile)
    assert send(client, event).status_code == 409
    assert not Registration.objects.exists()
    assert taken(event) == 0


def test_an_expired_code_opens_nothing(client):
    event = meeting(access=Event.Access.MEMBERS)
    Invitation.objects.create(event=event, code="OLD", expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert send(client, event, code="OLD").status_code == 422


def test_a_machine_that_fills_in_every_field_is_thanked_and_ignored(client):
    event = meeting()
    answer = send(client, event, topic="cheap watches")
    assert answer.status_code == 303
    assert answer.url == address("registration_thanks", event.uid)
    assert not Registration.objects.exists()
    assert letters() == []


def test_a_lock_not_had_in_time_gives_the_form_back(client, monkeypatch, caplog):
    from django.db import OperationalError

    from events.models.seats import SeatPoolQuerySet

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    event = meeting()
    monkeypatch.setattr(SeatPoolQuerySet, "hold", locked)
    busy = send(client, event)
    assert busy.status_code == 503
    assert busy["Retry-After"] == "5"
    assert 'value="asha@example.org"' in text(busy)
    assert '<option value="IN" selected' in text(busy)
    assert not Registration.objects.exists()
    assert "database is locked" in caplog.text  # the visitor reads "busy", the operators why
    assert "asha@" not in caplog.text
    monkeypatch.undo()
    assert send(client, event).status_code == 303


def test_names_keep_their_script_and_no_line_break_reaches_a_header(client):
    event = meeting()
    send(client, event, name="नाम\r\nBcc: evil@example.org", organisation="A" * 200)
    (letter,) = letters()
    assert Registration.objects.get().name == "नाम Bcc: evil@example.org"
    message = letter.message()
    assert message["Bcc"] is None
    assert message["To"].endswith("<asha@example.org>")


def test_the_form_is_kept_by_no_cache_and_has_its_language(client):
    event = meeting()
    for language in ("fr", "en", "es"):
        page = client.get(address("registration", event.uid, language=language))
        assert "no-store" in page["Cache-Control"]
        assert f'<html lang="{language}"' in text(page)
        assert re.search(rf'<input[^>]*value="{language}"[^>]*checked', text(page))


def test_the_edition_is_new_only_when_seats_run_out_or_come_back(client):
    from pages.models import Edition

    event = meeting(capacity=2)
    before = Edition.now()
    send(client, event)
    assert Edition.now() == before
    send(client, event, email="second@example.org")
    assert Edition.now() == before + 1
    Registration.objects.get(email="second@example.org").cancel()
    assert Edition.now() == before + 2
    Registration.objects.get(email="asha@example.org").cancel()
    assert Edition.now() == before + 2


def test_publishing_old_facts_while_people_register_changes_no_seat(client):
    event = meeting(capacity=5)
    old = event.latest_revision
    send(client, event)
    publish(event, capacity=6)
    send(client, event, email="second@example.org")
    old.publish()
    assert taken(event) == 2
    assert confirmed(event) == 2


def test_the_letter_leads_to_the_participants_page(client):
    event = meeting()
    send(client, event, language="en")
    (letter,) = letters()
    page = client.get(link_in(letter))
    assert page.status_code == 200
    assert "Nairobi meeting" in text(page)
