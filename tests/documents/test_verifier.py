"""Tickets at the door: the page that needs no network knows nobody, and the admin knows what has become of a ticket."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from events.models import DataAccess, Registration, Transfer
from events.registration.documents import signing
from events.registration.documents.ticket import code
from tests.factories import EventFactory, TicketFactory, mandate, publish, told
from tests.regions.correspondents import browser, person, region_at
from tests.registration.lives import entered, now
from tests.registration.people import address, meeting, text

pytestmark = pytest.mark.django_db


def door(event, language="en"):
    return Client().get(address("door", event.uid, language=language))


def facts(answer):
    return json.loads(BeautifulSoup(answer.content, "html.parser").select_one("#facts").string)


def seated(event=None, **person):
    event = event or meeting(allows_transfer=True)
    return entered(event, **{"language": "en"} | person)


# -- the page


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_page_knows_the_keys_and_the_event_and_nobody(language):
    event = meeting()
    TicketFactory(event=event, code="full", name=told("Plein tarif", "Full price", "Tarifa plena"))
    asha = seated(event, organisation="ICRISAT")
    answer = door(event, language)
    assert answer.status_code == 200
    said = text(answer)
    for secret in (asha.name, asha.email, "ICRISAT", asha.uid.hex, str(asha.uid)):
        assert secret not in said
    known = facts(answer)
    assert list(known["keys"]) == list(signing.public_keys())
    assert known["event"] == event.uid.hex
    assert known["tickets"] == {"full": {"fr": "Plein tarif", "en": "Full price", "es": "Tarifa plena"}[language]}
    assert f'lang="{language}"' in said
    assert "noindex" in answer["X-Robots-Tag"]
    assert "'self'" in answer["Content-Security-Policy"]
    assert not re.findall(r"<script(?![^>]*(src=|application/json))", said), "nothing is written into the page"


def test_a_ticket_that_not_everybody_may_know_of_goes_by_its_code():
    event = meeting()
    for audience in ("press", "code", "members"):
        TicketFactory(event=event, code=audience, name=told("Secret"), audience=audience)
    answer = door(event)
    assert facts(answer)["tickets"] == {}
    assert "Secret" not in text(answer)


def test_a_draft_has_no_door():
    event = EventFactory.create(title=told("Secret"))
    answer = door(event)
    assert answer.status_code == 404
    assert "Secret" not in text(answer)


def test_meetings_about_the_same_time_are_known_by_name_drafts_are_not():
    event, other = meeting(), meeting(title=told("Réunion de Dakar", "Dakar meeting"))
    EventFactory.create(title=told("Secret"))
    named = facts(door(event))["others"]
    assert list(named) == [other.uid.hex]
    assert named[other.uid.hex].startswith("Dakar meeting")


def test_dates_of_a_series_are_those_that_tickets_name():
    import datetime as dt

    from tests.registration.series import series

    event = series()
    date = event.occurrences.order_by("starts_at")[1]
    asha = seated(event, occurrence=date)
    known = facts(door(event))["dates"]
    claim = signing.verify(code(asha))
    assert claim.original == date.original
    assert str(signing.minutes(claim.original)) in known
    assert signing.minutes(dt.datetime(2000, 1, 1, 1)) == 60


def test_the_worker_works_below_the_pages_alone():
    worker = Client().get(address("door_worker", language="en"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker
    event = meeting()
    folder = address("door_worker", language="en").rpartition("/")[0]
    assert address("door", event.uid, language="en").startswith(folder + "/")
    assert folder.count("/") == 2, "and no other page of the site is below it"


# -- the admin


def checked(client, text_of_code):
    return client.post(reverse("papers:check"), {"code": text_of_code})


def verdict(client, text_of_code):
    return checked(client, text_of_code).context["verdict"]


def test_a_ticket_that_holds_says_whose_it_is_and_how_it_stands(desk, staff):
    asha = seated(name="आशा राव", latin_name="Asha Rao")
    answer = checked(desk, code(asha))
    found = answer.context["verdict"]
    assert (found.kind, found.name) == ("good", "आशा राव")
    assert "Confirmed" in found.sentence
    assert reverse("registrations:inspect", args=[asha.pk]) in text(answer)
    noted = DataAccess.objects.get(registration=asha.uid, what="person", details={"by": "ticket"})
    assert noted.by == staff


def test_a_ticket_of_a_place_given_back_passed_on_or_called_off_holds_no_more(desk):
    asha, dora, eve = (seated(email=f"{name}@example.org") for name in ("asha", "dora", "eve"))
    codes = [code(one) for one in (asha, dora, eve)]
    asha.cancel()
    ben = Transfer.begin(dora, "Ben Ode", "ben@example.org", "en").accept()
    publish(eve.event, status="cancelled")
    assert [verdict(desk, one).kind for one in codes] == ["bad"] * 3
    assert "cancelled" in verdict(desk, codes[0]).sentence
    assert "passed on" in verdict(desk, codes[1]).sentence
    assert "called off" in verdict(desk, codes[2]).sentence
    assert verdict(desk, code(ben)).kind == "good"


def test_what_has_changed_since_it_was_printed_is_told(desk):
    event = meeting()
    full = TicketFactory(event=event, code="full", name=told("Plein", "Full"))
    student = TicketFactory(event=event, code="student", name=told("Étudiant", "Student"))
    asha = seated(event, ticket=full)
    old = code(asha)
    asha.renew_link()
    Registration.objects.filter(pk=asha.pk).update(ticket=student, name="Asha Rao-Das")
    found = verdict(desk, old)
    assert found.kind == "wait"
    said = " ".join(found.changes)
    assert "now: Student" in said
    assert "another name" in said
    assert "new link" in said
    assert verdict(desk, code(now(asha))).changes == ()


def test_forged_and_damaged_codes_tell_nothing_and_note_nothing(desk, settings):
    asha = seated()
    true = code(asha)
    forged = true[:80] + ("A" if true[80] != "A" else "B") + true[81:]
    settings.SECRET_KEY, kept = "of somebody else", settings.SECRET_KEY
    foreign = code(asha)
    settings.SECRET_KEY = kept
    for wrong in (forged, foreign, true[:100], "x"):
        found = verdict(desk, wrong)
        assert found.kind == "bad"
        assert found.registration is None
    assert not DataAccess.objects.filter(details={"by": "ticket"}).exists()
    assert "Scan or paste" in text(checked(desk, ""))


def test_whoever_does_not_see_the_registration_learns_nothing_of_it(client):
    west = region_at("AFR-W")
    here, elsewhere = meeting(regions=[west]), meeting()
    awa = person("awa")
    mandate(awa, west, registrations=True)
    keeper = browser(awa)
    assert verdict(keeper, code(seated(here))).kind == "good"
    found = verdict(keeper, code(seated(elsewhere, name="Hidden")))
    assert (found.kind, found.registration, found.name) == ("wait", None, "")
    stranger = browser(person("stranger"))
    for one in (stranger, client):
        assert checked(one, "x").status_code in (302, 403)


def test_the_list_of_an_event_leads_to_the_door_and_the_check(desk):
    event = meeting()
    listed = desk.get(reverse("registrations:index"), {"event": event.pk})
    way = next(one.url for one in listed.context["header_buttons"] if "/badges/" in str(one.url))
    documents = text(desk.get(way))
    assert address("door", event.uid, language="en") in documents
    assert reverse("papers:check") in documents
    assert reverse("papers:participants", args=[event.uid]) in documents
    assert reverse("papers:check") in text(desk.get(reverse("registrations:index")))
