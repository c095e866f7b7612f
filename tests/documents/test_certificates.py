"""Staff issue certificates when a meeting is over, to those ticked or to all, once each; revoke and correct them."""

import csv
import datetime as dt
import io
import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from events.models import Certificate, DataAccess, Event, NotAllowed, Registration, Transfer
from events.models.certificate import NotYet
from letters.models import Letter
from regions.models import Mandate
from tests.documents.held import BEFORE, certified, heading, held, lines, screen, verify, was_there
from tests.documents.papers import read, with_pango, words
from tests.factories import publish, told
from tests.regions.correspondents import browser, person, region_at
from tests.registration import series
from tests.registration.lives import entered, now, staff
from tests.registration.people import kinds, meeting, page, text, work

pytestmark = pytest.mark.django_db


def issue(desk, event, *people, **more):
    """Tick these and send it; nobody named: the button for all."""
    said = {"registration": [one.pk for one in people]} if people else {"all": "1"}
    return desk.post(screen(event), said | more, follow=True)


def one(desk, certificate, **said):
    return desk.post(reverse("certificates:one", args=[certificate.number]), said, follow=True)


def of(registration):
    return Certificate.objects.filter(registration=registration)


# -- issuing


def test_who_is_ticked_gets_one_and_nobody_else(desk):
    event = held()
    asha, ben = was_there(event), was_there(event, "Ben Ode")
    answer = issue(desk, event, asha)
    assert "1 certificate is issued" in text(answer)
    assert of(asha).standing().count() == 1
    assert not of(ben).exists()
    assert of(asha).get().issued_by == User.objects.get(username="staff")
    assert of(asha).get().number in text(answer)


def test_everybody_who_had_a_place_gets_one_and_a_second_click_issues_none_twice(desk):
    event = held(has_waiting_list=True, capacity=3)
    people = [was_there(event, f"{name} X") for name in ("Asha", "Ben", "Chidi")]
    with time_machine.travel(BEFORE, tick=False):
        waits = entered(event, "dora@example.org", name="Dora", wait=True)
        people[2].cancel()
    Registration.objects.filter(pk=waits.pk).update(state="waiting")
    assert "2 certificates are issued" in text(issue(desk, event))
    assert "nothing has changed" in text(issue(desk, event))
    assert "none: there is one that stands" in text(issue(desk, event, *people))
    assert [of(row).count() for row in (*people, waits)] == [1, 1, 0, 0]


def test_a_great_crowd_is_gone_through_click_by_click(desk, monkeypatch):
    monkeypatch.setattr("events.desk.documents.certificates.AT_ONCE", 4)
    monkeypatch.setattr("events.models.certificate.CHUNK", 3)
    event = held()
    for number in range(10):
        was_there(event, f"Person{number} X")
    first = text(desk.get(screen(event)))
    assert "Issue to 4 of the 10 people who have none" in " ".join(first.split())
    assert "6 people are still without: send it once more" in text(issue(desk, event))
    issue(desk, event)
    assert "Issue to all 2 people who have none" in " ".join(text(desk.get(screen(event))).split())
    issue(desk, event)
    assert Certificate.objects.filter(event=event).count() == 10
    assert Letter.objects.filter(kind="certificate").count() == 10
    assert "who have none" not in text(desk.get(screen(event)))


def test_issuing_to_many_asks_no_more_for_each(desk, django_assert_max_num_queries):
    event = held()
    few = [was_there(event, f"Person{number} X") for number in range(2)]
    many = [was_there(event, f"Other{number} X") for number in range(12)]
    by = staff()
    Certificate.objects.issue(few[:1], by)
    with django_assert_max_num_queries(40) as asked:
        Certificate.objects.issue(few[1:], by)
    with django_assert_max_num_queries(len(asked)):
        assert len(Certificate.objects.issue(many, by)) == 12


def test_the_list_asks_no_more_as_it_grows(desk, django_assert_max_num_queries):
    event = held()
    certified(*[was_there(event, f"Person{number} X") for number in range(2)])
    desk.get(screen(event))
    with django_assert_max_num_queries(200) as asked:
        desk.get(screen(event))
    certified(*[was_there(event, f"Other{number} X") for number in range(12)])
    with django_assert_max_num_queries(len(asked)):
        assert "Other11 X" in text(desk.get(screen(event)))


def test_before_the_meeting_is_over_a_sentence_says_from_when(desk):
    event = meeting()
    asha = entered(event)
    answer = desk.get(screen(event))
    assert "This meeting is not over yet: certificates can be issued from Monday, 12 May 2031, 17:00" in text(answer)
    assert "who have none" not in text(answer)
    assert "none: there is one that stands, or what it is for is not over" in text(issue(desk, event, asha))
    issue(desk, event)
    assert not of(asha).exists()
    with pytest.raises(NotYet):
        Certificate.objects.issue([asha], staff())


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_of_a_meeting_that_was_called_off_there_is_nothing_to_certify(desk, status):
    event = held()
    asha = was_there(event)
    Event.objects.filter(pk=event.pk).update(status=status)
    assert "was called off" in text(desk.get(screen(event)))
    issue(desk, event, asha)
    assert not of(asha).exists()


def test_each_date_of_a_series_is_certified_once_it_is_over(desk):
    with time_machine.travel(BEFORE, tick=False):
        event = series.series(start_local=dt.datetime(2026, 2, 10, 9), end_local=dt.datetime(2026, 2, 10, 11))
        first, second = (series.date_of(event, day) for day in ("2026-02-10", "2026-02-17"))
        asha = entered(event, occurrence=first)
        ben = entered(event, "ben@example.org", name="Ben", occurrence=second)
        both = entered(event, occurrence=second)
    with time_machine.travel(dt.datetime(2026, 2, 11, tzinfo=dt.UTC), tick=False):
        staffed = Client(headers={"accept-language": "en"})
        staffed.force_login(User.objects.get(username="staff"))
        assert "for each date once it is over" in text(staffed.get(screen(event)))
        late = text(staffed.get(screen(event), {"date": second.pk}))
        assert "This date is not over yet: certificates can be issued from" in late
        issue(staffed, event)
    assert [of(row).count() for row in (asha, ben, both)] == [1, 0, 0]
    narrowed = screen(event) + f"?date={second.pk}"
    desk.post(narrowed, {"all": "1"})
    assert [of(row).count() for row in (asha, ben, both)] == [1, 1, 1]
    assert of(asha).get().facts["event"]["start_local"].startswith("2026-02-10")
    assert of(both).get().facts["event"]["start_local"].startswith("2026-02-17")


def test_a_whole_series_is_told_from_its_first_date_to_its_last():
    with time_machine.travel(BEFORE, tick=False):
        event = series.series(
            start_local=dt.datetime(2026, 2, 10, 9), end_local=dt.datetime(2026, 2, 10, 11), registered_for="series"
        )
        asha = entered(event)
    said = lines(verify(certified(asha).number))
    assert said["When"].startswith("10 February")
    assert "3 March 2026" in said["When"]
    assert "4 dates of the series" in said["When"]


def test_who_came_to_a_series_later_has_only_the_dates_since():
    with time_machine.travel(BEFORE, tick=False):
        event = series.series(
            start_local=dt.datetime(2026, 2, 10, 9), end_local=dt.datetime(2026, 2, 10, 11), registered_for="series"
        )
        asha = entered(event)
    with time_machine.travel(dt.datetime(2026, 2, 20, tzinfo=dt.UTC), tick=False):
        ben = entered(event, "ben@example.org", name="Ben Ode", by=staff())
    certified(asha, ben)
    said = lines(verify(of(ben).get().number))["When"]
    assert said.startswith("24 February")
    assert "2 dates of the series" in said
    assert "4 dates of the series" in lines(verify(of(asha).get().number))["When"]


def test_who_was_forgotten_gets_none():
    asha = was_there(held())
    Registration.objects.filter(pk=asha.pk).update(erased_at=dt.datetime.now(dt.UTC))
    with pytest.raises(NotYet):
        Certificate.objects.issue([now(asha)], staff())


def test_who_has_the_place_gets_it_when_it_was_passed_on(desk):
    event = held(allows_transfer=True)
    asha = was_there(event)
    with time_machine.travel(BEFORE, tick=False):
        ben = Transfer.begin(asha, "Ben Ode", "ben@example.org", "en").accept()
    issue(desk, event)
    assert not of(asha).exists()
    assert of(ben).get().facts["person"]["name"] == "Ben Ode"
    with pytest.raises(NotYet):
        Certificate.objects.issue([now(asha)], staff())
    with pytest.raises(NotAllowed):
        Transfer.begin(now(ben), "Chidi", "chidi@example.org", "en")


# -- the letter


def test_a_letter_leads_to_the_page_of_the_certificate_once():
    asha = was_there(held(), language="en")
    certificate = certified(asha)
    certified_again = Certificate.objects.issue([asha], staff())
    assert certified_again == []
    assert kinds().count("certificate") == 1
    work()
    letter = next(one for one in mail.outbox if "certificate" in one.subject)
    assert letter.subject == "Your certificate of attendance: Hyderabad meeting"
    assert certificate.number in letter.body
    assert "Hello Asha Rao" in letter.body
    link = re.search(r"https?://[^/\s]+(/\S+)", letter.body.split("See my certificate")[1])
    answer = Client().get(link[1])
    assert heading(answer) == "Certificate of attendance"
    assert lines(answer)["Number"] == certificate.number


def test_the_letter_is_withdrawn_if_it_was_revoked_before_it_left():
    asha = was_there(held(), language="en")
    certified(asha).revoke(staff(), "too early")
    work()
    assert not [one for one in mail.outbox if "certificate" in one.subject]
    assert Letter.objects.get(kind="certificate").state == "withdrawn"


def test_the_letter_can_be_put_into_words_like_the_others(desk):
    event = held()
    address = reverse("wagtailsnippets_events_event:letter_text", args=[event.pk, "certificate"])
    answer = desk.get(address)
    assert answer.status_code == 200
    assert "Your certificate of attendance is ready" in text(answer)
    desk.post(address, {"subject_0": "Votre papier : {title}", "text_0": "Le voici, {name}."})
    certified(was_there(event, language="fr"))
    work()
    assert "Votre papier" in mail.outbox[-1].subject
    assert "Le voici, Asha Rao." in mail.outbox[-1].body


# -- revoking and correcting


def test_revoking_asks_for_a_reason_which_stays_inside(desk):
    asha = was_there(held())
    certificate = certified(asha)
    answer = one(desk, certificate, revoke="1", reason=" ")
    assert answer.status_code == 422
    assert "Say why." in text(answer)
    assert "is revoked" in text(one(desk, certificate, revoke="1", reason="was not there"))
    assert "nothing has changed" in text(one(desk, certificate, revoke="1", reason="again"))
    certificate.refresh_from_db()
    assert (certificate.why, certificate.revoked_by.username) == ("was not there", "staff")
    assert "was not there" in text(desk.get(reverse("certificates:one", args=[certificate.number])))
    history = desk.get(reverse("registrations:inspect", args=[asha.pk]))
    assert "Certificate issued" in text(history)
    assert "Certificate revoked" in text(history)
    assert f"{certificate.number}</a> (revoked)" in text(history)
    assert "was not there" in text(history)
    assert "was not there" not in text(verify(certificate.number)) + page(asha)


def test_after_it_was_revoked_another_one_can_be_issued_with_todays_facts(desk):
    event = held()
    asha = was_there(event)
    first = certified(asha)
    first.revoke(staff(), "wrong title")
    with time_machine.travel(BEFORE, tick=False):
        publish(event, title=told("Le bon titre", "The right title"))
    issue(desk, event, asha)
    second = of(asha).standing().get()
    assert second.number != first.number
    assert lines(verify(second.number))["For having taken part in"].startswith("The right title")
    assert heading(verify(first.number)) == "This certificate was revoked"


def test_a_name_is_corrected_and_another_certificate_takes_its_place_in_one_action(desk):
    event = held()
    asha = was_there(event, "Asha Roa")
    first = certified(asha)
    with time_machine.travel(BEFORE, tick=False):
        publish(event, title=told("Autre titre", "Another title"))
    answer = one(desk, first, correct="1", name="Asha Rao", latin_name="")
    assert "A new certificate is issued in its place" in text(answer)
    second = of(asha).standing().get()
    assert second.number in text(answer)
    assert lines(verify(second.number))["Issued to"] == "Asha Rao"
    assert lines(verify(second.number))["For having taken part in"].startswith("Hyderabad meeting"), "as it was"
    assert heading(verify(first.number)) == "This certificate was revoked"
    assert now(asha).name == "Asha Rao"
    work()
    assert [one.state for one in Letter.objects.filter(kind="certificate").order_by("pk")] == ["withdrawn", "sent"]
    assert "nothing has changed" in text(one(desk, first, correct="1", name="Asha Third"))
    assert now(asha).name == "Asha Rao"


def test_correcting_to_the_same_name_changes_nothing(desk):
    asha = was_there(held())
    first = certified(asha)
    answer = one(desk, first, correct="1", name="Asha Rao")
    assert answer.status_code == 422
    assert "says this name already" in text(answer)
    assert of(asha).get() == first


def test_the_list_shows_whose_name_has_changed_since(desk):
    event = held()
    asha = was_there(event)
    certified(asha)
    assert "another name than the registration" not in text(desk.get(screen(event)))
    asha.correct(name="Asha Rao-Singh")
    assert "another name than the registration" in text(desk.get(screen(event)))


# -- finding people, files


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "nunez"}, ["Núñez"]),
        ({"q": "BEN@"}, ["Ben"]),
        ({"which": "without"}, ["Ben", "Núñez"]),
        ({"which": "with"}, ["Asha"]),
        ({"which": "revoked"}, ["Ben"]),
        ({"q": "nobody"}, []),
    ],
)
def test_people_are_found_by_name_and_by_what_they_have(desk, asked, found):
    event = held()
    asha, ben, nunez = was_there(event), was_there(event, "Ben Ode"), was_there(event, "Núñez Y", "n@example.org")
    certified(asha)
    certified(ben).revoke(staff(), "x")
    answer = text(desk.get(screen(event), asked))
    assert [name for name in ("Asha", "Ben", "Núñez") if f">{name} " in answer] == found
    assert nunez.pk


def test_somebody_is_found_by_the_number_as_it_is_read_out(desk):
    event = held()
    number = certified(was_there(event)).number
    was_there(event, "Ben Ode")
    answer = text(desk.get(screen(event), {"q": number.lower().replace("-", " ")}))
    assert "Asha Rao" in answer
    assert "Ben Ode" not in answer


def test_the_numbers_leave_as_a_file(desk):
    event = held()
    asha = certified(was_there(event, "=Asha", "asha@example.org"))
    ben = certified(was_there(event, "Ben Ode"))
    ben.revoke(staff(), "a reason")
    answer = desk.get(reverse("certificates:numbers", args=[event.uid]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Number", asha.number, ben.number]
    assert rows[1][1] == "'=Asha", "no spreadsheet runs a name"
    assert rows[2][7]
    assert not rows[1][7]
    assert rows[1][8].endswith(f"/{asha.number}/")
    assert "a reason" not in str(rows)


@with_pango
def test_staff_take_the_sheet_in_the_language_of_the_person(desk):
    certificate = certified(was_there(held(), language="es"))
    answer = desk.get(reverse("certificates:sheet", args=[certificate.number]))
    document = read(answer)
    assert document.trailer["/Root"]["/Lang"] == "es"
    assert "Reunión de Hyderabad" in words(document.pages[0])
    assert certificate.number in answer["Content-Disposition"]
    certificate.revoke(staff(), "x")
    answer = desk.get(reverse("certificates:sheet", args=[certificate.number]), follow=True)
    assert "there is no sheet of it" in text(answer)


def test_what_is_done_and_what_is_looked_at_stands_in_the_books(desk):
    event = held()
    asha = was_there(event)
    issue(desk, event)
    certificate = of(asha).get()
    desk.get(reverse("certificates:one", args=[certificate.number]))
    list(desk.get(reverse("certificates:numbers", args=[event.uid])).streaming_content)
    one(desk, certificate, revoke="1", reason="x")
    done = set(ModelLogEntry.objects.filter(object_id=str(event.pk)).values_list("action", flat=True))
    assert {"events.issue_certificates", "events.revoke_certificate", "events.export_certificates"} <= done
    looks = DataAccess.objects.filter(event=event, who="staff")
    assert looks.filter(what="certificates", registration=None).exists()
    assert looks.filter(what="certificates", registration=asha.uid).exists()
    assert looks.filter(what="export").exists()
    assert "Asha" not in str(list(looks.values("details")))


# -- who may


def test_the_way_there_is_in_the_list_of_registrations_and_at_the_event(desk):
    event = held()
    assert screen(event) in text(desk.get(reverse("registrations:index"), {"event": event.pk}))
    assert screen(event) in text(desk.get(reverse("wagtailsnippets_events_event:edit", args=[event.pk])))


def test_nobody_without_rights_sees_or_does_anything(translator):
    event = held()
    asha = was_there(event)
    certificate = certified(asha)
    for client in (translator, Client()):
        for address in (
            screen(event),
            reverse("certificates:numbers", args=[event.uid]),
            reverse("certificates:one", args=[certificate.number]),
            reverse("certificates:sheet", args=[certificate.number]),
        ):
            answer = client.get(address)
            assert answer.status_code in (302, 403, 404)
            assert "Asha" not in text(answer)
        client.post(reverse("certificates:one", args=[certificate.number]), {"revoke": "1", "reason": "x"})
        client.post(screen(event), {"all": "1"})
    assert of(asha).standing().get() == certificate


def test_an_unknown_number_or_meeting_is_not_found(desk):
    assert desk.get(reverse("certificates:one", args=["2345-6789-ABCD"])).status_code == 404
    assert desk.get(reverse("certificates:list", args=["0b7b1f9e-4a54-4a8c-9f0e-000000000000"])).status_code == 404


@pytest.fixture
def correspondent(db):
    """Somebody who cares for the registrations of a region, and their meeting and another region's."""
    today = dt.datetime.now(dt.UTC).date()
    mine, other = region_at("XX-C"), region_at("XX-D")
    awa = person("awa")
    Mandate.give(
        awa, mine, starts_on=today - dt.timedelta(days=2), ends_on=today + dt.timedelta(days=30), registrations=True
    )
    return browser(awa), held(regions=[mine]), held(regions=[other])


def test_who_cares_for_the_registrations_reads_and_does_nothing(correspondent):
    client, mine, other = correspondent
    asha, ben = was_there(mine), was_there(other, "Ben Ode")
    certificate, foreign = certified(asha), certified(ben)
    seen = client.get(screen(mine))
    assert seen.status_code == 200
    assert "Asha Rao" in text(seen)
    assert "who have none" not in text(seen)
    assert "Asha Rao" in text(client.get(reverse("certificates:one", args=[certificate.number])))
    assert client.get(screen(other)).status_code == 404
    assert client.get(reverse("certificates:one", args=[foreign.number])).status_code == 404
    client.post(reverse("certificates:one", args=[certificate.number]), {"revoke": "1", "reason": "x"})
    chidi = was_there(mine, "Chidi X")
    client.post(screen(mine), {"all": "1"})
    assert of(asha).standing().exists()
    assert not of(chidi).exists()
