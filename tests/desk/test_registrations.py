"""Registrations as the staff see them."""

import csv

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Registration, SeatPool
from letters.models import Letter
from tests.factories import EventFactory, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory.published(title=told("Réunion", "Meeting", "Reunión"), registration="here", capacity=10)


def register(event, name="Zoé Diallo", email="zoe@example.org", **details):
    registration = Registration(event=event, name=name, email=email, attendance="onsite", language="fr", **details)
    registration.enter()
    return registration


def rows(response):
    return list(csv.DictReader(response.content.decode("utf-8-sig").splitlines()))


def test_they_are_listed_event_by_event_and_by_state(desk, event):
    other = EventFactory.published()
    register(event)
    register(other, name="Somebody Else")
    ended = register(event, name="Gone Away", email="gone@example.org")
    ended.cancel()
    index = reverse("registrations:index")
    page = desk.get(index, {"event": event.pk, "state": "confirmed"}).content.decode()
    assert "Zoé Diallo" in page
    assert "Somebody Else" not in page
    assert "Gone Away" not in page
    assert "Gone Away" in desk.get(index, {"q": "gone@"}).content.decode()


def test_the_file_holds_what_the_list_shows_and_no_formula(desk, event):
    register(event, name='=HYPERLINK("http://evil")', organisation="@sum", country="CI")
    ended = register(event, name="Gone", email="gone@example.org")
    ended.cancel()
    response = desk.get(reverse("registrations:index"), {"event": event.pk, "state": "confirmed", "export": "csv"})
    (row,) = rows(response)
    assert row["Name"] == '\'=HYPERLINK("http://evil")'
    assert row["Organisation"] == "'@sum"
    assert row["Event"] == "Meeting"
    assert "meeting" in response["Content-Disposition"]


def test_a_moment_in_english_is_one_everywhere(desk, event):
    with time_machine.travel("2026-11-12T14:42:00Z", tick=False):
        registration = register(event)
        page = desk.get(reverse("registrations:inspect", args=[registration.pk])).content.decode()
    assert "12 Nov 2026, 14:42 UTC" in page


def test_the_file_is_in_the_readers_language(desk, staff, event):
    register(event)
    staff.wagtail_userprofile.preferred_language = "es"
    staff.wagtail_userprofile.save()
    response = desk.get(reverse("registrations:index"), {"export": "csv"})
    assert "Reunión" in response.content.decode("utf-8-sig").splitlines()[1].split(";")


def test_the_workbook_is_offered_too(desk, event):
    register(event, name="=1+1")
    response = desk.get(reverse("registrations:index"), {"event": event.pk, "export": "xlsx"})
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"PK")


def test_staff_cancel_for_a_reason_that_the_history_keeps(desk, staff, event):
    registration = register(event)
    seats = SeatPool.objects.get(event=event, key="event")
    assert seats.taken == 1
    address = reverse("registrations:cancel", args=[registration.pk])
    assert desk.get(address).status_code == 405
    desk.post(address, {"reason": ""})
    registration.refresh_from_db()
    assert registration.is_living
    page = desk.post(address, {"reason": "asked by telephone"}, follow=True).content.decode()
    registration.refresh_from_db()
    seats.refresh_from_db()
    assert (registration.state, seats.taken) == ("cancelled", 0)
    assert "asked by telephone" in page
    assert registration.changes.last().by == staff
    desk.post(address, {"reason": "again"})
    assert registration.changes.filter(became="cancelled").count() == 1


def test_a_registration_shows_no_link_of_its_own(desk, event):
    from events.registration.links import token

    registration = register(event)
    page = desk.get(reverse("registrations:inspect", args=[registration.pk])).content.decode()
    assert "zoe@example.org" in page
    assert token(registration) not in page
    assert str(registration.uid) not in page


def test_nobody_adds_edits_deletes_or_copies_one(desk, event):
    registration = register(event)
    for verb in ("edit", "delete", "copy", "history", "usage"):
        assert desk.get(f"/admin/registrations/{verb}/{registration.pk}/").status_code == 404
    assert desk.get("/admin/registrations/new/").status_code == 404


def test_the_list_asks_as_much_for_many_as_for_few(desk, event):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as questions:
            desk.get(reverse("registrations:index"))
        return len(questions)

    register(event)
    asked()
    few = asked()
    for number in range(5):
        register(event, email=f"{number}@example.org")
    assert asked() == few


def test_a_letter_is_shown_in_its_language_without_the_personal_link(desk, event):
    from events.registration.links import token

    registration = register(event)
    letter = Letter.objects.get()
    assert "zoe@example.org" in desk.get(reverse("letters:index")).content.decode()
    page = desk.get(reverse("letters:inspect", args=[letter.pk])).content.decode()
    assert "Réunion" in page
    assert 'lang="fr"' in page
    assert "can&#x27;t be shown" not in page
    assert token(registration).rpartition(":")[2] not in page
    assert token(registration).partition(":")[0] not in page


def test_a_letter_is_sent_again_as_a_row_of_its_own(desk, event):
    register(event)
    Letter.objects.update(sent_at=timezone.now(), attempts=1)
    letter = Letter.objects.get()
    address = reverse("letters:resend", args=[letter.pk])
    assert desk.get(address).status_code == 405
    assert desk.post(address, follow=True).status_code == 200
    first, second = Letter.objects.order_by("pk")
    assert second.recipient == first.recipient
    assert second.sent_at is None


@pytest.mark.parametrize("state", ["sent", "waiting", "retrying", "abandoned"])
def test_letters_are_found_by_their_state(desk, event, state):
    register(event)
    now = timezone.now()
    facts = {
        "sent": {"sent_at": now, "attempts": 1},
        "waiting": {},
        "retrying": {"attempts": 2, "last_error": "the server is down"},
        "abandoned": {"attempts": 9, "abandoned_at": now},
    }
    Letter.objects.update(**facts[state])
    assert Letter.objects.get().state == state
    for asked in facts:
        found = desk.get(reverse("letters:index"), {"state": asked}).context["object_list"]
        assert len(found) == (asked == state)


def test_the_first_page_says_whether_the_worker_lives(desk):
    from letters.models import Heartbeat

    assert "letters has not run yet" in desk.get("/admin/").content.decode()
    beat = Heartbeat.objects.create(job="letters", outcome="3 sent")
    assert "Went well" in desk.get("/admin/").content.decode()
    assert "3 sent" not in desk.get("/admin/").content.decode()  # the program's own words are for those who mend it
    Heartbeat.objects.filter(pk=beat.pk).update(failed=True, outcome="no mail server")
    assert "no mail server" in desk.get("/admin/").content.decode()
    Heartbeat.objects.create(job="horizon", outcome="6")
    assert "Dates of recurring events" in desk.get("/admin/").content.decode()


@pytest.mark.parametrize("asked", ["nunez", "NÚÑEZ", "université de thiès", "Universite"])
def test_a_name_is_found_without_its_accents_and_whatever_its_case(desk, event, asked):
    register(event, name="María Núñez", organisation="UNIVERSITÉ de Thiès")
    register(event, name="Somebody Else", email="else@example.org")
    page = desk.get(reverse("registrations:index"), {"q": asked}).content.decode()
    assert "María Núñez" in page
    assert "Somebody Else" not in page


def test_a_cancelled_registration_is_feminine_where_the_language_wants_it():
    label = dict(Registration.State.choices)["cancelled"]
    with translation.override("fr"):
        assert str(label) == "annulée"
    with translation.override("es"):
        assert str(label) == "cancelada"
