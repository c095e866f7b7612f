"""Registering: one page, one POST, one seat."""

import re

import pytest

from events.models import Event, Registration
from events.models.seats import SeatPoolQuerySet
from tests.factories import TicketFactory, publish, told

from .people import address, answers, confirmed, letters, link_in, meeting, send, taken, text, without_marks

pytestmark = pytest.mark.django_db


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


def test_the_joining_link_is_on_no_page_before_one_is_confirmed(client):
    event = meeting(format="online", joining_url="https://zoom.example.org/secret")
    pages = [
        client.get(address("registration", event.uid)),
        send(client, event, email="bad"),
        client.get(send(client, event).url),
    ]
    assert not any("zoom.example.org" in text(page) for page in pages)


def test_a_lock_not_had_in_time_gives_the_form_back(client, monkeypatch, caplog):
    from django.db import OperationalError

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
