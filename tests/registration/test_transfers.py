"""A place is passed on: offered from one's own page, taken from a letter, and never lost or doubled on the way."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client

from events.models import Invitation, Registration, Transfer
from events.registration import links
from letters.models import Letter
from tests.factories import publish

from .people import address, enters, kinds, link_in, meeting, page, press, state, taken, work
from .series import FIRST, SECOND, THIRD, choose, series, taken_on

pytestmark = pytest.mark.django_db

NOW = "2031-05-01T06:00:00Z"


@pytest.fixture(autouse=True)
def some_days_before():
    with time_machine.travel(NOW, tick=False):
        yield


def offer(registration, name="Cruz", email="", language="es"):
    said = {"name": name, "email": email or f"{name.lower()}@example.org", "language": language}
    return Client().post(address("participant_pass_on", links.token(registration), language="en"), said)


def opened(transfer, language="en"):
    return Client().get(address("transfer", links.transfer_token(transfer), language=language))


def take(transfer, language="es", **changes):
    said = {"name": "Cruz Paz", "organisation": "INTA", "country": "AR", "language": "es", "consent": "on"} | changes
    return Client().post(address("transfer", links.transfer_token(transfer), language=language), said)


def passing(**facts):
    asha = enters(meeting(**{"allows_transfer": True, "capacity": 1} | facts))
    assert offer(asha).status_code == 303
    return asha, Transfer.objects.get()


def test_a_place_goes_from_one_person_to_another_by_a_letter_and_a_button():
    asha, transfer = passing()
    assert "Your place is offered to Cruz (cruz@example.org)" in page(asha)
    work()
    (letter,) = [one for one in mail.outbox if "cruz@example.org" in one.to[0]]
    shown = Client().get(link_in(letter))
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]
    text = shown.content.decode()
    assert '<html lang="es"' in text
    assert "Asha" in text
    assert "asha@example.org" not in text
    assert state(asha) == "confirmed"
    answer = take(transfer)
    new = Registration.objects.get(email="cruz@example.org")
    assert answer.status_code == 303
    assert answer.url.startswith(address("participant", links.token(new), language="es"))
    assert (state(asha), new.state, new.country, new.language) == ("cancelled", "confirmed", "AR", "es")
    assert new.consented_at
    assert taken(new.event) == 1
    hers = page(asha)
    assert "Cruz has your place now" in hers
    assert "cruz@example.org" not in hers
    assert kinds() == ["confirmed", "handed_over"]
    assert kinds("cruz") == ["transfer", "confirmed"]
    call_command("check_seats")


def test_pressed_twice_a_place_is_offered_once_and_taken_once():
    asha, transfer = passing()
    offer(asha)
    assert Transfer.objects.count() == 1
    first, second = take(transfer), take(transfer)
    assert first.url == second.url
    assert Registration.objects.living().count() == 1
    assert kinds("cruz") == ["transfer", "confirmed"]


def test_once_taken_the_letter_opens_no_page_of_the_new_owner():
    _asha, transfer = passing()
    take(transfer)
    new = Registration.objects.get(email="cruz@example.org")
    assert links.token(new) not in opened(transfer).content.decode()
    new.renew_link()
    answer = take(transfer)
    assert answer.status_code == 200
    new.refresh_from_db()
    assert links.token(new) not in answer.content.decode()


def test_without_consent_or_a_name_nothing_is_taken_and_the_form_stays_filled_in():
    asha, transfer = passing()
    answer = take(transfer, language="en", consent="", name="")
    assert answer.status_code == 422
    assert "INTA" in answer.content.decode()
    assert "2 answers have to be looked at again" in answer.content.decode()
    assert state(asha) == "confirmed"


def test_a_place_that_is_kept_after_all_is_no_longer_offered():
    asha, transfer = passing()
    Client().get(address("participant_pass_on_withdraw", links.token(asha)))
    assert Transfer.objects.open().exists()
    press(asha, "participant_pass_on_withdraw")
    assert opened(transfer).status_code == 410
    assert take(transfer).status_code == 410
    assert "Asha keeps the place" in opened(transfer).content.decode()
    assert state(asha) == "confirmed"
    assert not Registration.objects.filter(email="cruz@example.org").exists()


def test_too_late_or_given_back_meanwhile_the_other_person_reads_why():
    asha, transfer = passing()
    with time_machine.travel(transfer.expires_at + dt.timedelta(seconds=1), tick=False):
        assert "The time to take it has passed" in opened(transfer).content.decode()
        assert take(transfer).status_code == 410
    press(asha, "participant_cancel")
    answer = take(transfer)
    assert answer.status_code == 410
    assert taken(asha.event) == 0


def test_who_has_a_place_already_takes_no_other_and_nobody_else_learns_that_they_have_one():
    event = meeting(allows_transfer=True)
    asha, ben = enters(event), enters(event, "Ben")
    known, told = offer(asha, "Ben"), page(asha)
    assert offer(asha, "Asha").status_code == 422
    stranger = offer(asha)
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url) == (303, known.url)
    assert told.replace("Ben", "Cruz").replace("ben@", "cruz@") == page(asha)
    enters(event, "Cruz")
    answer = take(Transfer.objects.get(email="cruz@example.org"), language="en")
    assert answer.status_code == 409
    assert "You are registered already" in answer.content.decode()
    assert (state(asha), state(ben)) == ("confirmed", "confirmed")


def test_a_code_is_not_free_again_while_somebody_has_a_place_by_it():
    event = series(access="members", allows_transfer=True)
    code = Invitation.objects.create(event=event, code="SOLO", max_uses=1)
    choose(Client(), event, FIRST, SECOND, code="SOLO")
    asha = Registration.objects.filter(email="asha@example.org").first()
    new = Transfer.begin(asha, "Cruz", "cruz@example.org", "es").accept()
    new.cancel()
    code.refresh_from_db()
    assert code.used == 1
    Registration.objects.living().get().cancel()
    code.refresh_from_db()
    assert code.used == 0


def test_by_a_code_for_one_nobody_takes_again_a_date_that_was_passed_on():
    event = series(access="members", allows_transfer=True)
    Invitation.objects.create(event=event, code="SOLO", max_uses=1)
    choose(Client(), event, FIRST, SECOND, code="SOLO")
    first, second = Registration.objects.filter(email="asha@example.org").order_by("occurrence__starts_at")
    cruz = Transfer.begin(first, "Cruz", "cruz@example.org", "es").accept()
    for row, day in ((second, FIRST), (cruz, SECOND)):
        answer = Client().post(address("participant_dates", links.token(row), language="en"), {"dates": [day]})
        assert answer.status_code == 409
        assert "Somebody else has come by your invitation" in answer.content.decode()
    assert [taken_on(event, day) for day in (FIRST, SECOND)] == [1, 1]
    assert Client().post(address("participant_dates", links.token(cruz)), {"dates": [THIRD]}).status_code == 303
    assert taken_on(event, THIRD) == 1


def test_nobody_writes_to_strangers_by_hundreds():
    asha = enters(meeting(allows_transfer=True))
    answers = [offer(asha, f"Stranger{number}").status_code for number in range(8)]
    assert answers == [303] * 5 + [429] * 3
    assert Letter.objects.filter(kind="transfer").count() == 5


@pytest.mark.parametrize("facts", [{"allows_transfer": False}, {"needs_approval": True, "allows_transfer": True}])
def test_what_may_not_be_passed_on_is_not_offered(facts):
    asha = enters(meeting(**facts))
    assert "Pass my place on" not in page(asha)
    assert offer(asha).status_code == 303
    assert not Transfer.objects.exists()


def test_a_meeting_that_is_called_off_has_no_place_to_take():
    asha, transfer = passing()
    publish(asha.event, status="cancelled")
    assert opened(transfer).status_code == 410
    assert take(transfer).status_code == 410


def test_a_forged_letter_opens_nothing():
    _asha, transfer = passing()
    token = links.transfer_token(transfer)
    for wrong in ("nonsense", token[:-2] + "xx", "a:b:c"):
        answer = Client().get(address("transfer", wrong, language="en"))
        assert answer.status_code == 404
        assert "opens nothing" in answer.content.decode()
    assert Client().get(address("participant", token)).status_code == 404
