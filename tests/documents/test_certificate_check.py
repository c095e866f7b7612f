"""Whoever has the number of a certificate reads what became of it, without a cookie, in three languages."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from events.models import Certificate, Registration
from events.models.certificate import LETTERS, PLACES
from tests.documents.held import BEFORE, certified, heading, held, lines, verify, was_there
from tests.factories import publish, told
from tests.registration.lives import staff
from tests.registration.people import address, text

pytestmark = pytest.mark.django_db

FORGED = "2345-6789-ABCD"


def test_a_genuine_one_says_all_that_stands_on_the_paper():
    event = held()
    one = certified(was_there(event, "आशा राव", "asha@example.org", latin_name="Asha Rao"))
    answer = verify(one.number)
    assert answer.status_code == 200
    assert heading(answer) == "This certificate is genuine"
    said = lines(answer)
    assert said["Issued to"] == "आशा राव Asha Rao"
    assert said["For having taken part in"] == "Hyderabad meeting The health of soils"
    assert said["When"].startswith("10")
    assert "February 2026" in said["When"]
    assert said["Where"] == "Kanha Shanti Vanam, Hyderabad, India"
    assert "Executive Secretariat" in said["Issued by"]
    assert said["Number"] == one.number
    assert "asha@example.org" not in text(answer), "what does not stand on the paper is nobody's concern"


@pytest.mark.parametrize(
    ("language", "month"), [("fr", "10–12 février 2026"), ("en", "10–12 February 2026"), ("es", "febrero de 2026")]
)
def test_it_is_told_in_the_language_of_the_reader_whatever_that_of_the_person(language, month):
    one = certified(was_there(held(), language="fr"))
    answer = verify(one.number, language)
    assert f'<html lang="{language}"' in text(answer)
    said = " ".join(" ".join(lines(answer).values()).replace("\u2009", "").replace("\u202f", "").split())
    assert month in said
    assert {"fr": "Inde", "en": "India", "es": "India"}[language] in said


def test_a_forged_or_mistyped_number_is_nobodys():
    certified(was_there(held()))
    answer = verify(FORGED)
    assert answer.status_code == 404
    assert heading(answer) == "No certificate has this number"
    assert "Asha" not in text(answer)
    for other in ("x", "\0" * 12, "é" * 200, "<script>alert(1)<br>"):
        answer = verify(other)
        assert answer.status_code == 404
        assert "<script>alert" not in text(answer)


def test_a_number_next_to_a_genuine_one_is_forged():
    number = certified(was_there(held())).number
    other = number[:-1] + next(sign for sign in LETTERS if sign != number[-1])
    assert verify(other).status_code == 404


def test_a_revoked_one_says_since_when_and_neither_why_nor_whose():
    one = certified(was_there(held()))
    with time_machine.travel(dt.datetime(2026, 3, 4, 20, tzinfo=dt.UTC), tick=False):
        assert one.revoke(staff(), "came only on the first day")
    answer = verify(one.number)
    assert answer.status_code == 200
    assert heading(answer) == "This certificate was revoked"
    assert lines(answer)["Revoked on"] == "Thursday, 5 March 2026", "the day at the place"
    assert "it no longer counts" in text(answer)
    for hidden in ("came only", "Asha", "secretary"):
        assert hidden not in text(answer)


def test_one_whose_person_was_forgotten_is_known_to_have_been_issued_and_to_nobody():
    asha = was_there(held())
    one = certified(asha)
    Certificate.objects.filter(registration=asha).forget()
    Registration.objects.filter(pk=asha.pk).update(name="", email="gone@invalid", erased_at=dt.datetime.now(dt.UTC))
    answer = verify(one.number)
    assert answer.status_code == 200
    assert heading(answer) == "A certificate with this number was issued"
    assert "Issued to" not in lines(answer)
    assert lines(answer)["For having taken part in"].startswith("Hyderabad meeting")
    assert "Issued on" in lines(answer)
    assert "Asha" not in text(answer)
    assert "genuine" not in text(answer)
    assert one.revoke(staff(), "an error")
    assert heading(verify(one.number)) == "This certificate was revoked"


def test_it_stays_as_it_was_issued_when_the_meeting_is_renamed_and_moved():
    event = held()
    one = certified(was_there(event))
    before = lines(verify(one.number))
    with time_machine.travel(BEFORE, tick=False):
        publish(
            event,
            title=told("Autre nom", "Another name"),
            city=told("Paris"),
            venue=told("Elsewhere"),
            country="FR",
            start_local=dt.datetime(2026, 6, 1, 9),
            end_local=dt.datetime(2026, 6, 1, 17),
        )
    event.refresh_from_db()
    assert str(event.start_local) == "2026-06-01 09:00:00"
    assert lines(verify(one.number)) == before
    assert "Another name" not in text(verify(one.number))


def test_it_stays_when_the_person_corrects_their_name_or_loses_the_place():
    asha = was_there(held())
    one = certified(asha)
    asha.correct(name="Somebody Else")
    asha.cancel(by=staff(), why="a mistake")
    assert lines(verify(one.number))["Issued to"] == "Asha Rao"


@pytest.mark.parametrize("typed", ["{number}", "{lower}", "{plain}", " {lower} ", "{spaced}", "{wide}"])
def test_a_number_is_found_however_it_is_typed(typed):
    number = certified(was_there(held())).number
    plain = number.replace("-", "").lower()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number.replace("-", ""))
    said = typed.format(number=number, lower=number.lower(), plain=plain, spaced=number.replace("-", " "), wide=wide)
    answer = Client().get(address("certificates", language="en"), {"number": said}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [(address("certificate_verified", number, language="en"), 302)]
    assert lines(answer)["Issued to"] == "Asha Rao"
    assert verify(plain).status_code == 200, "as somebody types the address from paper"


@pytest.mark.parametrize("typed", ["", "2345", "2345-6789-ABCDE", "O0IL-6789-ABCD"])
def test_what_can_be_no_number_comes_back_with_a_sentence(typed):
    answer = Client().get(address("certificates", language="en"), {"number": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert f'value="{typed}"' in text(answer) or not typed


def test_the_form_lists_nothing_and_needs_no_cookie():
    one = certified(was_there(held()))
    for language in ("fr", "en", "es"):
        answer = Client().get(address("certificates", language=language))
        assert answer.status_code == 200
        assert one.number not in text(answer)
        assert "Asha" not in text(answer)
        assert 'method="get"' in text(answer)
        assert not answer.cookies
    assert not verify(one.number).cookies


@pytest.mark.parametrize("number", ["", FORGED, "good"])
def test_nobody_keeps_or_indexes_it(number):
    one = certified(was_there(held()))
    where = address("certificate_verified", one.number if number == "good" else number) if number else "certificates"
    answer = Client().get(where if number else address(where))
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in text(answer)
    assert "ETag" not in answer


def test_one_machine_asks_for_so_many_an_hour_and_another_is_not_touched(monkeypatch):
    monkeypatch.setattr("events.registration.documents.certificate_check.OFTEN", 3)
    one = certified(was_there(held()))
    assert [verify(FORGED).status_code for _time in range(3)] == [404, 404, 404]
    answer = verify(one.number)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "Asha" not in text(answer)
    assert verify(one.number, client=Client(REMOTE_ADDR="192.0.2.7")).status_code == 200
    assert Client().get(address("certificates")).status_code == 200, "the form is always there"


def test_nothing_is_changed_by_asking():
    one = certified(was_there(held()))
    assert Client().post(address("certificate_verified", one.number)).status_code == 405
    assert Client().post(address("certificates"), {"number": one.number}).status_code == 405


def test_numbers_are_drawn_from_more_than_anybody_could_try():
    event = held()
    many = Certificate.objects.issue([was_there(event, f"Person{number} X") for number in range(20)], staff())
    numbers = {one.number for one in many}
    assert len(numbers) == 20
    for number in numbers:
        assert len(number.replace("-", "")) == PLACES
        assert set(number) <= {*LETTERS, "-"}
    assert len(LETTERS) ** PLACES > 10**17
