"""Who of the staff looked at whose data: noted before it is shown, read by those who may, forgotten in time."""

import csv
import datetime as dt
import io
import json

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from events.models import DataAccess, Payment, Registration
from events.registration.inviting import Inviting, read
from letters.models import Letter
from tests.desk.books import paid, priced
from tests.desk.people import asks, moderated, send, text
from tests.factories import EventFactory, mandate, told
from tests.regions.correspondents import browser, person, region_at
from tests.registration.people import work

pytestmark = pytest.mark.django_db

What = DataAccess.What
REPORT = "/admin/reports/personal-data/"


@pytest.fixture
def event(db):
    return moderated()


@pytest.fixture
def awa(event):
    return asks(event, "Awa Diallo")


def lines():
    return list(DataAccess.objects.order_by("pk"))


def listed(desk, event=None, **asked):
    where = reverse("registrations:index")
    return desk.get(where, ({"event": event.pk} if event else {}) | asked)


# -- noting


def test_the_list_of_an_event_leaves_a_line_with_who_what_and_how_many(desk, staff, event, awa):
    asks(event, "Binta Ka")
    listed(desk, event, state="requested")
    (line,) = lines()
    assert (line.by, line.who, line.what, line.event, line.people) == (staff, "staff", What.LIST, event, 2)
    assert line.details == {"filters": {"state": ["requested"]}}
    assert line.registration is None


def test_a_person_is_noted_by_number_and_never_by_name(desk, event, awa):
    desk.get(reverse("registrations:inspect", args=[awa.pk]))
    listed(desk, event, q="Diallo")
    person_seen, searched = lines()
    assert (person_seen.what, person_seen.registration, person_seen.event) == (What.PERSON, awa.uid, event)
    assert searched.details == {"search": True}
    kept = json.dumps([[line.who, line.details, str(line.registration)] for line in lines()])
    assert "Diallo" not in kept
    assert "@" not in kept


def test_the_same_look_within_a_quarter_of_an_hour_is_one_line_with_a_count(desk, event, awa):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _look in range(3):
            listed(desk, event)
            clock.shift(dt.timedelta(minutes=4))
        listed(desk)
        (line, other) = lines()
        assert (line.times, line.last_at - line.at) == (3, dt.timedelta(minutes=8))
        assert other.event is None
        clock.shift(dt.timedelta(minutes=4))
        listed(desk, event)
    assert [one.times for one in lines()] == [3, 1, 1]


def test_two_people_who_look_are_two_lines(desk, event, awa):
    colleague = person("colleague")
    colleague.groups.add(Group.objects.get(name="Staff"))
    listed(desk, event)
    listed(browser(colleague), event)
    assert [line.who for line in lines()] == ["staff", "colleague"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_file_is_a_line_with_how_many_people_are_in_it(desk, event, awa, form):
    asks(event, "Binta Ka")
    for _file in range(2):
        answer = listed(desk, event, export=form)
        b"".join(answer.streaming_content)
    assert [(line.what, line.people, line.times) for line in lines()] == [(What.EXPORT, 2, 1)] * 2
    assert lines()[0].details == {"format": form, "list": "list"}


def test_requests_waiting_list_letters_payments_and_invited_people_leave_lines(desk, event, awa):
    binta = asks(event, "Binta Ka")
    Registration.objects.filter(pk=binta.pk).update(state="waiting", line=1)
    Inviting(event, language="fr", keeps_seats=False).invite(read("Cora Lo <cora@example.org>"))
    work()
    letter = Letter.objects.filter(about=event.uid).first()
    payment = paid(priced())
    seen = [
        ("registrations:requests", [], What.REQUESTS),
        ("registrations:requests_of", [event.uid], What.REQUESTS),
        ("registrations:line", [event.uid], What.WAITING),
        ("letters:index", [], What.LETTERS),
        ("letters:inspect", [letter.pk], What.LETTERS),
        ("payments:index", [], What.PAYMENTS),
        ("payments:inspect", [payment.pk], What.PAYMENTS),
        ("wagtailsnippets_events_event:invited", [event.pk], What.INVITED),
    ]
    for name, args, _what in seen:
        assert desk.get(reverse(name, args=args)).status_code == 200
    assert [line.what for line in lines()] == [what for _name, _args, what in seen]
    about = {name: line.event_id for (name, _args, _what), line in zip(seen, lines(), strict=True)}
    assert about["registrations:requests_of"] == about["letters:inspect"] == event.pk
    assert about["payments:inspect"] == Payment.objects.get().event_id
    assert all(line.people for line in lines())
    assert lines()[6].registration == payment.registration.uid


def test_a_refused_decision_shows_the_person_again_and_a_done_one_leads_there(desk, awa):
    assert send(desk, "decline", awa, reason="").status_code == 422
    assert [line.what for line in lines()] == [What.PERSON]
    assert send(desk, "approve", awa, reason="welcome").status_code in (302, 303)
    assert [line.times for line in lines()] == [1]


def test_an_address_that_is_found_registered_already_leaves_a_line(desk, event, awa):
    facts = {"place": "onsite:", "name": "Somebody", "email": awa.email, "language": "fr"}
    response = desk.post(reverse("registrations:add_to", args=[event.uid]), facts)
    assert response.status_code == 409
    assert awa.name in response.content.decode()
    assert [(line.what, line.registration) for line in lines()] == [(What.PERSON, awa.uid)]


def test_the_log_of_the_admin_names_no_reader_of_a_letter(desk, event, awa):
    letter = Letter.objects.filter(about=event.uid).first()
    Letter.objects.filter(pk=letter.pk).update(abandoned_at=timezone.now(), attempts=9)
    other = letter.copy()
    other.abandoned_at = timezone.now()
    other.save()
    desk.post(reverse("letters:resend", args=[letter.pk]))
    desk.post(reverse("letters:resend_failed"), {"state": ["abandoned", "undeliverable"]})
    listed(desk)  # where the sentences that say so are read
    assert ModelLogEntry.objects.filter(action="letters.resend").count() == 2
    page = desk.get("/admin/reports/site-history/").content.decode()
    assert f"#{letter.pk}" in page
    assert awa.email not in page


def test_what_shows_nobody_leaves_nothing(desk, translator, event):
    listed(desk, event)  # nobody is registered
    for name in ("registrations:requests_of", "registrations:line"):
        desk.get(reverse(name, args=[event.uid]))
    awa = asks(event, "Awa Diallo")
    assert translator.get(reverse("registrations:inspect", args=[awa.pk])).status_code in (302, 403, 404)
    assert desk.get(reverse("registrations:inspect", args=[99999])).status_code == 404
    desk.get(reverse("registrations:figures", args=[event.uid]))
    desk.get("/admin/")
    assert not lines()


def test_correspondents_are_noted_as_the_staff_are(staff):
    region = region_at("EA")
    event = EventFactory.published(
        regions=[region], title=told("Réunion de Nairobi", "Nairobi meeting"), registration="here"
    )
    asks(event, "Awa Diallo")
    keeper = person("keeper")
    mandate(keeper, region, registrations=True)
    assert "Awa Diallo" in text(listed(browser(keeper), event))
    (line,) = lines()
    assert (line.who, line.people, line.event) == ("keeper", 1, event)


def test_what_can_not_be_noted_is_not_shown_and_a_busy_database_says_so(desk, event, awa, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(DataAccess.objects, "note", locked)
    desk.raise_request_exception = False
    for where in (reverse("registrations:inspect", args=[awa.pk]), reverse("registrations:index") + "?export=csv"):
        answer = desk.get(where)
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert b"Diallo" not in answer.content


# -- reading


def test_the_report_tells_who_looked_and_no_name(desk, event, awa):
    listed(desk, event, state="requested", q="Diallo")
    listed(desk, event, state="requested", q="Diallo")
    desk.get(reverse("registrations:inspect", args=[awa.pk]))
    said = text(desk.get(REPORT))
    for word in ("staff", "List seen", "One person seen", "Dakar meeting", "2 times", "with a search", "1 person"):
        assert word in said
    assert "State: awaits approval" in said
    assert str(awa.uid)[:8] in said
    assert reverse("registrations:inspect", args=[awa.pk]) in said
    assert "Diallo" not in said
    assert len(lines()) == 2  # to read the report shows nobody


def test_the_report_is_told_in_three_languages(staff, event, awa, client):
    for language, words in (
        ("fr", ("Accès aux données personnelles", "Une personne vue")),
        ("en", ("Accesses to personal data", "One person seen")),
        ("es", ("Accesos a datos personales", "Una persona")),
    ):
        staff.wagtail_userprofile.preferred_language = language
        staff.wagtail_userprofile.save()
        client.force_login(staff)
        client.get(reverse("registrations:inspect", args=[awa.pk]))
        said = text(client.get(REPORT))
        for word in words:
            assert word in said


def test_it_is_narrowed_by_account_event_kind_day_and_registration(desk, event, awa):
    colleague = person("colleague")
    colleague.groups.add(Group.objects.get(name="Staff"))
    other = moderated(title=told("Réunion de Praia", "Praia meeting"))
    asks(other, "Binta Ka")
    listed(browser(colleague), other)
    DataAccess.objects.update(at="2026-03-01T08:00:00Z")
    listed(desk, event)
    desk.get(reverse("registrations:inspect", args=[awa.pk]))

    def found(**asked):
        return sorted(line.what for line in desk.get(REPORT, asked).context["object_list"])

    assert found() == ["list", "list", "person"]
    assert found(who="colleague") == ["list"]
    assert found(event=event.pk) == ["list", "person"]
    assert found(what="person") == ["person"]
    assert found(what=["person", "list"], who="staff") == ["list", "person"]
    assert found(at_from="2026-03-20") == ["list", "person"]
    assert found(at_to="2026-03-20") == ["list"]
    assert found(registration=str(awa.uid)) == ["person"]


def test_it_leaves_as_a_file(desk, event, awa):
    listed(desk, event, state="requested")
    listed(desk, event, state="requested")
    desk.get(reverse("registrations:inspect", args=[awa.pk]))
    answer = desk.get(REPORT, {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["What"], row["Times"], row["Account"]) for row in rows] == [
        ("One person seen", "1", "staff"),
        ("List seen", "2", "staff"),
    ]
    assert rows[0]["Registration"] == str(awa.uid)
    assert rows[1]["Details"] == "State: awaits approval"
    assert "Diallo" not in str(rows)


def test_only_who_has_the_right_reads_it_and_nobody_changes_a_line(desk, translator, staff, event, awa):
    listed(desk, event)
    assert "Accesses to personal data" in text(desk.get("/admin/"))
    assert translator.get(REPORT).status_code in (302, 403)
    assert "Accesses to personal data" not in text(translator.get("/admin/"))
    own = Permission.objects.filter(content_type__model="dataaccess")
    assert [one.codename for one in own] == ["view_dataaccess"]
    assert desk.post(REPORT).status_code == 405
    Group.objects.get(name="Staff").permissions.remove(*own)
    assert desk.get(REPORT).status_code in (302, 403)


def test_the_report_asks_no_more_of_the_database_as_it_grows(desk, staff, event, django_assert_max_num_queries):
    people = [asks(event, f"Person{number} Ba") for number in range(6)]
    for row in people[:2]:
        DataAccess.objects.note(staff, What.PERSON, registration=row)
    desk.get(REPORT)
    with django_assert_max_num_queries(60) as few:
        desk.get(REPORT)
    for row in people[2:]:
        DataAccess.objects.note(staff, What.PERSON, registration=row)
    with django_assert_max_num_queries(len(few)):
        desk.get(REPORT)


# -- forgetting


def test_the_worker_forgets_lines_after_three_years_and_no_sooner(desk, event, awa):
    listed(desk, event)
    desk.get(reverse("registrations:inspect", args=[awa.pk]))
    old, young = lines()
    DataAccess.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=3 * 366))
    DataAccess.objects.filter(pk=young.pk).update(at=timezone.now() - dt.timedelta(days=3 * 365 - 1))
    work()
    assert [line.pk for line in lines()] == [young.pk]
