"""Registrations as the staff see them."""

import csv
import io
import tracemalloc

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

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
    return list(csv.DictReader(response.getvalue().decode("utf-8-sig").splitlines()))


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
    assert "Reunión" in response.getvalue().decode("utf-8-sig").splitlines()[1].split(";")


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


def test_nobody_edits_deletes_or_copies_one_and_only_the_staff_add(desk, translator, event):
    registration = register(event)
    for verb in ("edit", "delete", "copy", "history", "usage"):
        assert desk.get(f"/admin/registrations/{verb}/{registration.pk}/").status_code == 404
    # The staff register people by hand: whom they know of by telephone, at a desk, from a ministry.
    assert desk.get("/admin/registrations/new/").status_code == 200
    assert translator.get("/admin/registrations/new/").status_code in (302, 403)


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


# -- the files


def book(response):
    return load_workbook(io.BytesIO(response.getvalue())).active


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=x", "\r=x", "＝1"])
def test_a_workbook_holds_texts_where_strangers_typed_formulas(desk, event, text):
    register(event, name=text)
    sheet = book(desk.get(reverse("registrations:index"), {"export": "xlsx"}))
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert any(str(cell.value).strip() == text.strip() for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "d", "n"}


def test_every_script_survives_and_what_no_file_may_hold_is_left_out(desk, event):
    names = ["అనుపమ రావు", "محمد أمين", "王小明", "Ŋgũgĩ wa Thiong’o", "Zoé 🌱"]
    for number, name in enumerate([*names, "Bell\x07 and \x0bothers"]):
        register(event, name=name, email=f"n{number}@example.org")
    said = {row["Name"] for row in rows(desk.get(reverse("registrations:index"), {"export": "csv"}))}
    assert said == {*names, "Bell and others"}
    sheet = book(desk.get(reverse("registrations:index"), {"export": "xlsx"}))
    headings = [cell.value for cell in sheet[1]]
    assert {row[headings.index("Name")] for row in sheet.iter_rows(min_row=2, values_only=True)} == said


@pytest.mark.parametrize(
    ("language", "name", "state", "country", "form"),
    [
        ("en", "Name", "Confirmed", "Germany", "d mmm yyyy hh:mm"),
        ("fr", "Nom", "Confirmée", "Allemagne", "dd/mm/yyyy hh:mm"),
        ("es", "Nombre", "Confirmada", "Alemania", "dd/mm/yyyy hh:mm"),
    ],
)
def test_both_files_speak_the_readers_language(desk, staff, event, language, name, state, country, form):
    staff.wagtail_userprofile.preferred_language = language
    staff.wagtail_userprofile.save()
    with time_machine.travel("2026-11-12T14:42:00Z", tick=False):
        registration = register(event, country="DE")
    index = reverse("registrations:index")
    lines = desk.get(index, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    (row,) = csv.DictReader(lines, delimiter="," if language == "en" else ";")
    assert row[name] == "Zoé Diallo"
    assert {state, country, "2026-11-12 14:42:00"} <= set(row.values())
    sheet = book(desk.get(index, {"export": "xlsx"}))
    assert {name} <= {cell.value for cell in sheet[1]}
    cells = list(sheet[2])
    assert {state, country} <= {cell.value for cell in cells}
    moment = next(cell for cell in cells if cell.value == registration.created_at.replace(tzinfo=None))
    assert moment.number_format == form


def test_who_took_which_people_away_stands_in_the_log(desk, staff, event):
    register(event)
    register(event, email="b@example.org").cancel()
    index = reverse("registrations:index")
    desk.get(index)
    assert not ModelLogEntry.objects.filter(action="events.export_registrations").exists()
    desk.get(index, {"event": event.pk, "state": "confirmed", "export": "csv"})
    desk.get(index, {"q": "zoe", "export": "xlsx"})
    one, all_ = ModelLogEntry.objects.filter(action="events.export_registrations").order_by("pk")
    assert (one.user, one.object_id, one.data["people"]) == (staff, str(event.pk), 1)
    assert one.data["state"] == ["confirmed"]
    assert (all_.user, all_.data["format"], all_.data["search"]) == (staff, "xlsx", True)
    assert "zoe" not in str(all_.data)
    assert "Registrations downloaded" in desk.get(reverse("wagtailadmin_reports:site_history")).content.decode()


@pytest.mark.parametrize("form", ["csv", pytest.param("xlsx", marks=pytest.mark.once)])
def test_ten_thousand_people_leave_in_little_memory_and_few_questions(desk, event, form):
    now = timezone.now()
    Registration.objects.bulk_create(
        Registration(
            event=event, name=f"Person {number}", email=f"{number}@example.org", email_key=f"{number}@example.org",
            attendance="onsite", language="fr", country="KE", created_at=now,
        )
        for number in range(10_000)
    )  # fmt: skip
    index = reverse("registrations:index")
    desk.get(index, {"export": form, "q": "nobody at all"})  # what is loaded once is no matter of size
    tracemalloc.start()
    with CaptureQueriesContext(connection) as questions:
        response = desk.get(index, {"export": form})
        size = sum(len(part) for part in response)
        most = tracemalloc.get_traced_memory()[1]
        response.close()
    tracemalloc.stop()
    assert size > 200_000
    assert len(questions) < 40
    assert most < 16_000_000
