"""The participant's own page: see, change, give back."""

import datetime as dt
import logging
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Invitation, Registration
from events.registration import links
from pages.discretion import WithoutTokens
from tests.factories import TicketFactory, again, publish, told

from .people import address, answers, confirmed, letters, link_in, meeting, send, taken, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha(client):
    """A registration for a hybrid meeting, and its token."""

    def registered(**facts):
        event = meeting(**{"format": "hybrid", "joining_url": "https://zoom.example.org/secret"} | facts)
        ways = {"attendance": "onsite"} if event.format == "hybrid" else {}
        assert send(client, event, **ways).status_code == 303
        registration = Registration.objects.get(event=event)
        return registration, links.token(registration)

    return registered


def test_the_page_shows_everything_and_changes_nothing(client, asha):
    registration, token = asha()
    before = Registration.objects.values().get()
    for name in ("participant", "participant_change", "participant_cancel"):
        page = client.get(address(name, token))
        assert page.status_code == 200
        assert client.head(address(name, token)).status_code == 200
    page = text(client.get(address("participant", token)))
    assert "Asha Rao" in page
    assert "asha@example.org" in page
    assert Registration.objects.values().get() == before
    assert registration.changes.count() == 1


def test_the_page_speaks_the_language_of_its_path_and_leads_to_the_others(client, asha):
    _registration, token = asha()
    page = text(client.get(address("participant", token, language="en")))
    assert '<html lang="en"' in page
    assert "Nairobi meeting" in page
    assert f'href="{address("participant", token, language="es")}"' in page


def test_personal_pages_are_kept_by_nobody_and_tell_nobody_their_address(client, asha):
    _registration, token = asha()
    for name in ("participant", "participant_change", "participant_cancel"):
        page = client.get(address(name, token))
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
        assert 'name="robots" content="noindex"' in text(page)
        assert "canonical" not in text(page)


def test_a_browser_that_sends_no_origin_can_still_cancel(asha):
    from django.test import Client

    registration, token = asha()
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert browser.post(address("participant_cancel", token)).status_code == 303
    registration.refresh_from_db()
    assert registration.state == "cancelled"


def test_cancelling_asks_first_and_frees_the_seat_at_once(client, asha):
    registration, token = asha(capacity=1)
    event = registration.event
    assert 'method="post"' in text(client.get(address("participant_cancel", token)))
    assert taken(event) == 1
    answer = client.post(address("participant_cancel", token))
    assert answer.status_code == 303
    assert taken(event) == taken(event, "mode:onsite") == 0
    assert client.get(answer.url).status_code == 200
    assert "zoom.example.org" not in text(client.get(answer.url))
    assert send(client, event, email="next@example.org", attendance="onsite").status_code == 303
    assert [letter.subject for letter in letters() if letter.to[0].endswith("<asha@example.org>")][-1]


def test_who_cancelled_no_longer_reads_of_taking_part(client, asha):
    registration, token = asha()
    assert "You take part" in text(client.get(address("participant", token, language="en")))
    registration.cancel()
    assert "You take part" not in text(client.get(address("participant", token, language="en")))


def test_cancelling_twice_gives_one_seat_back(client, asha):
    registration, token = asha()
    send(client, registration.event, email="second@example.org", attendance="onsite")
    client.post(address("participant_cancel", token))
    client.post(address("participant_cancel", token))
    assert taken(registration.event) == 1
    assert registration.changes.filter(became="cancelled").count() == 1


def test_who_cancelled_can_register_again(client, asha):
    registration, token = asha()
    client.post(address("participant_cancel", token))
    page = text(client.get(address("participant", token)))
    assert f'href="{address("registration", registration.event.uid)}"' in page
    assert send(client, registration.event, attendance="online").status_code == 303
    assert confirmed(registration.event) == 1
    assert Registration.objects.count() == 2


def test_details_and_the_way_to_take_part_can_be_changed(client, asha):
    registration, token = asha(capacity=1)
    answer = client.post(
        address("participant_change", token),
        {"name": "Asha R.", "organisation": "", "country": "KE", "language": "es", "attendance": "online"},
    )
    assert answer.status_code == 303
    registration.refresh_from_db()
    assert (registration.name, registration.country, registration.language) == ("Asha R.", "KE", "es")
    assert registration.attendance == "online"
    event = registration.event
    assert (taken(event), taken(event, "mode:onsite"), taken(event, "mode:online")) == (1, 0, 1)


@pytest.mark.parametrize("ticketed", [False, True])
def test_a_full_event_keeps_nobody_from_changing_the_way_in_a_browser(client, ticketed):
    event = meeting(format="hybrid", capacity=1, capacity_online=5)
    ways = {"attendance": "onsite"}
    if ticketed:
        near, far = (
            TicketFactory(event=event, name=told(way, way), attendance=way, quota=1) for way in ("onsite", "online")
        )
        ways = {"ticket": str(near.uid)}
    assert send(client, event, **ways).status_code == 303
    token = links.token(Registration.objects.get(event=event))
    other = str(far.uid) if ticketed else "online"
    (shown,) = re.findall(rf'<input[^>]*value="{other}"[^>]*>', text(client.get(address("participant_change", token))))
    assert "disabled" not in shown
    assert "plus de place" not in text(client.get(address("participant_change", token)))


def test_a_change_to_where_no_seat_is_left_changes_nothing(client, asha):
    registration, token = asha(capacity_online=0)
    answer = client.post(
        address("participant_change", token),
        {"name": "Asha R.", "organisation": "", "country": "KE", "language": "es", "attendance": "online"},
    )
    assert answer.status_code == 409
    assert 'value="Asha R."' in text(answer)
    registration.refresh_from_db()
    assert (registration.name, registration.attendance) == ("Asha Rao", "onsite")
    assert (taken(registration.event, "mode:onsite"), taken(registration.event, "mode:online")) == (1, 0)


def test_a_ticket_can_be_changed_for_another_free_one(client):
    event = meeting(format="hybrid")
    onsite = TicketFactory(event=event, attendance="onsite", quota=1)
    online = TicketFactory(event=event, attendance="online", quota=1)
    send(client, event, ticket=str(onsite.uid))
    registration = Registration.objects.get()
    answer = client.post(address("participant_change", links.token(registration)), answers(ticket=str(online.uid)))
    assert answer.status_code == 303
    assert (taken(event, f"ticket:{onsite.pk}"), taken(event, f"ticket:{online.pk}")) == (0, 1)
    assert Registration.objects.get().attendance == "online"


def test_the_joining_link_is_for_the_confirmed_alone(client, asha):
    registration, token = asha()
    with time_machine.travel("2031-05-12T05:00:00Z", tick=False):  # an hour before it begins
        assert "https://zoom.example.org/secret" in text(client.get(address("participant", token)))
        for state in ("held", "offered", "unverified", "waiting", "requested", "expired", "declined"):
            Registration.objects.update(state=state, expires_at=dt.datetime(2031, 5, 12, 6, tzinfo=dt.UTC), line=1)
            assert "zoom.example.org" not in text(client.get(address("participant", token)))
        Registration.objects.update(state="confirmed", expires_at=None)
        publish(registration.event, status="cancelled")
        assert "zoom.example.org" not in text(client.get(address("participant", token)))


def test_the_joining_link_is_shown_from_its_hour_until_the_end_and_the_page_says_from_when(client, asha):
    """The meeting is from 9 to 17 in Nairobi; its link is shown three hours before."""
    _registration, token = asha(joining_hours=3)
    page = address("participant", token, language="en")
    for moment, shown in (
        ("2031-05-12T02:59:59Z", False),
        ("2031-05-12T03:00:00Z", True),
        ("2031-05-12T13:59:59Z", True),
        ("2031-05-12T14:00:00Z", False),
    ):
        with time_machine.travel(moment, tick=False):
            assert ("zoom.example.org/secret" in text(client.get(page))) == shown, moment
    with time_machine.travel("2031-05-01T00:00:00Z", tick=False):
        told = text(client.get(page))
    assert "The link to join will be here from Monday, 12 May 2031, 06:00" in told
    assert "Where you are: Monday, 12 May 2031, 08:30" in told  # in India


@time_machine.travel(dt.datetime(2031, 4, 1, 12, tzinfo=dt.UTC))
def test_a_series_tells_its_other_dates_as_the_letter_says(client, asha):
    _registration, token = asha(recurrence="RRULE:FREQ=MONTHLY;COUNT=3")
    assert "Les autres dates sont sur votre page." in letters()[-1].body
    page = text(client.get(address("participant", token, language="en")))
    assert "Thursday, 12 June 2031" in page
    assert "Saturday, 12 July 2031" in page


def test_a_meeting_that_moved_says_so(client, asha):
    registration, token = asha()
    assert "<s>" not in text(client.get(address("participant", token, language="en")))
    day = dt.timedelta(days=1)
    event = registration.event
    publish(event, start_local=event.start_local + day, end_local=event.end_local + day)
    page = text(client.get(address("participant", token, language="en")))
    assert re.search(r"<s>[^<]*12 May 2031", page)
    assert "13 May 2031" in page


def test_a_forged_or_old_link_opens_nothing_and_offers_a_new_one(client, asha):
    registration, token = asha()
    for wrong in ("nonsense", token[:-2] + "xx", token + "a", "a:b:c"):
        page = client.get(address("participant", wrong))
        assert page.status_code == 404
        assert f'action="{address("participant_lost")}"' in text(page)
        assert page["Referrer-Policy"] == "no-referrer"
        assert client.post(address("participant_cancel", wrong)).status_code == 404
    assert client.post(address("participant_new_link", token)).status_code == 303
    assert client.get(address("participant", token)).status_code == 404
    assert client.post(address("participant_cancel", token)).status_code == 404
    registration.refresh_from_db()
    assert registration.state == "confirmed"
    assert client.get(link_in(letters()[-1])).status_code == 200


def test_a_new_link_closes_that_of_a_place_given_back_before(client, asha):
    before, old = asha()
    before.cancel()
    send(client, before.event, attendance="onsite")
    now = Registration.objects.living().get()
    assert client.get(address("participant_letters", old)).status_code == 200
    assert client.post(address("participant_new_link", links.token(now))).status_code == 303
    assert client.get(address("participant_letters", old)).status_code == 404


def test_what_a_draft_makes_of_a_meeting_taken_back_stays_with_the_staff(client, asha):
    registration, token = asha()
    event = again(registration.event)
    event.unpublish()
    draft = {
        "title": told("Brouillon", "Draft"),
        "city": told("Secretville"),
        "start_local": dt.datetime(2035, 1, 1, 9),
    }
    Event.objects.filter(pk=event.pk).update(**draft, end_local=dt.datetime(2035, 1, 1, 10))
    for name in ("participant", "participant_change", "participant_cancel"):
        page = text(client.get(address(name, token)))
        assert "Réunion de Nairobi" in page
        assert not any(word in page for word in ("Brouillon", "Secretville", "2035"))
    client.post(address("participant_change", token), {**answers(name="Asha Devi"), "attendance": "onsite"})
    client.post(address("participant_cancel", token))
    registration.refresh_from_db()
    assert (registration.name, registration.state) == ("Asha Devi", "cancelled")
    last = letters()[-1]
    assert "Réunion de Nairobi" in last.subject
    assert "Brouillon" not in last.subject + last.body
    assert Event.objects.get(pk=event.pk).city == told("Secretville")


def test_asking_for_a_link_writes_as_much_for_a_stranger(client, asha):
    """What a write costs is seen from outside: three thousandths of a second tell who is registered."""

    def written(email):
        with CaptureQueriesContext(connection) as queries:
            client.post(address("participant_lost"), {"email": email})
        return [query["sql"].split()[0] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]

    asha()
    written("warm@example.org")
    assert written("asha@example.org") == written("stranger@example.org")


def test_a_lost_link_is_sent_to_its_address_and_strangers_read_the_same(client, asha):
    asha()
    asha(title=told("Autre réunion", "Other meeting", "Otra reunión"))
    known = client.post(address("participant_lost"), {"email": "ASHA@example.org"})
    stranger = client.post(address("participant_lost"), {"email": "stranger@example.org"})
    assert (known.status_code, known.url) == (stranger.status_code, stranger.url)
    assert client.get(known.url).content == client.get(stranger.url).content
    again = [letter for letter in letters() if "Autre réunion" in letter.body and "Réunion de Nairobi" in letter.body]
    assert len(again) == 1
    assert "stranger@example.org" not in str([letter.to for letter in letters()])


def test_links_are_sent_again_three_times_an_hour_at_most(client, asha):
    asha()
    for _ in range(6):
        assert client.post(address("participant_lost"), {"email": "asha@example.org"}).status_code == 303
    assert len(letters()) == 4


def test_after_the_meeting_nothing_can_be_changed(client, asha):
    registration, token = asha()
    with time_machine.travel("2031-06-01T00:00:00Z", tick=False):
        page = text(client.get(address("participant", token)))
        assert "zoom.example.org" not in page
        client.post(address("participant_cancel", token))
    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_a_cancelled_registration_gives_its_code_back(client):
    event = meeting(access="members")
    invitation = Invitation.objects.create(event=event, code="ONE")
    send(client, event, code="ONE")
    client.post(address("participant_cancel", links.token(Registration.objects.get())))
    invitation.refresh_from_db()
    assert invitation.used == 0


def test_no_log_shows_a_personal_address(client, asha, caplog):
    _registration, token = asha()
    for path in (address("participant", token), address("participant", token).replace(":", "%3A")):
        for message, arguments in (
            ('"GET %s HTTP/1.1" 404 5', (path,)),
            (f"Not Found: {path}", ()),
            ("%(r)s", ({"r": f"GET {path}?done=x HTTP/1.1"},)),
        ):
            record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, message, arguments, None)
            assert WithoutTokens().filter(record)
            shown = record.getMessage()
            assert token not in shown
            assert token.split(":")[2] not in shown
            assert token.split(":")[0] not in shown


def test_the_token_of_one_person_opens_no_other_page(client, asha):
    first, token = asha()
    send(client, first.event, email="other@example.org", attendance="online")
    other = Registration.objects.get(email="other@example.org")
    assert links.opened(token) == first
    assert links.opened(links.token(other)) == other
    assert "other@example.org" not in text(client.get(address("participant", token)))


def test_a_registration_for_an_event_taken_back_can_still_be_seen_and_cancelled(client, asha):
    registration, token = asha()
    registration.event.unpublish()
    page = text(client.get(address("participant", token)))
    assert "zoom.example.org" not in page
    assert client.post(address("participant_cancel", token)).status_code == 303
    assert taken(registration.event) == 0
