"""The form and what comes before a seat: the address, the organisers' yes; sent twice, it harms nobody."""

import html

import pytest

from events.models import Event, Invitation, Registration
from letters.models import Letter

from .people import address, meeting, send, taken

pytestmark = pytest.mark.django_db
TOKEN, OTHER = "3f1b6c1e-6d43-4a43-9f2e-2b1f5f0d7a11", "9a0c1d9e-43a5-4c52-9a3b-0d6e6c6b8f20"


def text(response) -> str:
    return html.unescape(response.content.decode())


def kinds(event: Event) -> list[str]:
    return list(Letter.objects.filter(about=event.uid).order_by("pk").values_list("kind", flat=True))


def states(event: Event) -> list[str]:
    return list(Registration.objects.filter(event=event).order_by("pk").values_list("state", flat=True))


def test_the_address_comes_first_and_everybody_reads_the_same(client):
    event = meeting(verifies_address=True, capacity=5)
    stranger = send(client, event, language="en")
    assert states(event) == ["unverified"]
    assert taken(event) == 1
    known = send(client, event, language="en")
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url)
    assert states(event) == ["unverified"]
    assert kinds(event) == ["address", "address"]  # the letter may have been lost
    assert "Open our letter within the hour" in text(client.get(stranger.url))
    Registration.objects.get().verify()
    assert send(client, event, language="en").url == stranger.url
    assert kinds(event)[-1] == "confirmed"


@pytest.mark.parametrize(
    ("language", "button"), [("fr", "Demander une place"), ("en", "Ask for a place"), ("es", "Solicitar una plaza")]
)
def test_where_the_organisers_decide_one_asks_for_a_place(client, language, button):
    event = meeting(needs_approval=True, capacity=5)
    page = text(client.get(address("registration", event.uid, language=language)))
    assert f"{button}</button>" in page
    answer = send(client, event, language=language)
    assert states(event) == ["requested"]
    assert kinds(event) == ["requested"]
    assert taken(event) == 0
    assert send(client, event, language=language).url == answer.url


def test_whom_the_organisers_invited_need_not_ask(client):
    event = meeting(needs_approval=True)
    Invitation.objects.create(event=event, code="GUEST")
    answer = send(client, event, code="guest", language="en")
    assert states(event) == ["confirmed"]
    assert "decide" not in text(client.get(answer.url))


def test_without_any_code_none_is_asked_for(client):
    event = meeting()
    page = address("registration", event.uid)
    assert 'name="code"' not in text(client.get(page))
    Invitation.objects.create(event=event, code="GUEST")
    assert 'name="code"' in text(client.get(page))
    assert send(client, event, code="wrong").status_code == 422
    assert send(client, event).status_code == 303


@pytest.mark.parametrize(("second", "letters"), [(TOKEN, ["confirmed"]), (OTHER, ["confirmed", "confirmed"])])
def test_a_double_click_is_one_wish_and_a_second_tab_only_writes_once_more(client, second, letters):
    event = meeting(capacity=5)
    first = send(client, event, submission=TOKEN)
    answer = send(client, event, submission=second)
    assert (answer.status_code, answer.url) == (303, first.url)
    assert states(event) == ["confirmed"]
    assert taken(event) == 1
    assert kinds(event) == letters


def test_two_tabs_of_who_waits_keep_one_place_in_the_line(client):
    event = meeting(capacity=1, has_waiting_list=True)
    send(client, event, email="first@example.org")
    for token in (TOKEN, OTHER):
        assert send(client, event, submission=token, wait="on").status_code == 303
    assert states(event) == ["confirmed", "waiting"]
    assert kinds(event) == ["confirmed", "waiting", "waiting"]


def test_who_is_registered_reads_what_a_stranger_reads_when_it_is_full(client):
    event = meeting(capacity=1, has_waiting_list=True)
    send(client, event)
    assert send(client, event, submission=OTHER).status_code == 409
    assert send(client, event, submission=OTHER, email="stranger@example.org").status_code == 409
    assert send(client, event, submission=OTHER, wait="on").status_code == 303
    assert states(event) == ["confirmed"]
