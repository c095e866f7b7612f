"""What the form refuses of those who mean harm, and what it lets pass: repeats, links, look-alikes, machines."""

import pytest

from events.models import Registration
from tests.factories import told

from .people import address, confirmed, letters, meeting, send, taken, text

pytestmark = pytest.mark.django_db


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


def test_a_machine_that_fills_in_every_field_is_thanked_and_ignored(client):
    event = meeting()
    answer = send(client, event, topic="cheap watches")
    assert answer.status_code == 303
    assert answer.url == address("registration_thanks", event.uid)
    assert not Registration.objects.exists()
    assert letters() == []


def test_names_keep_their_script_and_no_line_break_reaches_a_header(client):
    event = meeting()
    send(client, event, name="नाम\r\nBcc: evil@example.org", organisation="A" * 200)
    (letter,) = letters()
    assert Registration.objects.get().name == "नाम Bcc: evil@example.org"
    message = letter.message()
    assert message["Bcc"] is None
    assert message["To"].endswith("<asha@example.org>")
