"""Registering for the dates of a series one by one: each has its own seats, one form may name several."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events.models import Event, Invitation, Registration, SeatPool
from events.registration import links
from tests.factories import TicketFactory, again, publish

from .people import address, letters, meeting, send, taken
from .series import FIRST, FOURTH, SECOND, THIRD, choose, date_of, except_for, registered, series, taken_on

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def ticks(page: str) -> dict[str, str]:
    """The boxes of a page by their day, each with what stands in its tag."""
    return dict(re.findall(r'<input type="checkbox" name="dates" value="([^"]+)"([^>]*)>', page))


def test_one_form_takes_a_seat_on_each_date_that_was_ticked(client):
    event = series(capacity=10)
    answer = choose(client, event, FIRST, THIRD)
    assert answer.status_code == 303
    assert client.get(answer.url).status_code == 200
    assert registered(event) == [FIRST, THIRD]
    assert (taken_on(event, FIRST), taken_on(event, SECOND), taken_on(event, THIRD)) == (1, 0, 1)
    assert taken_on(event, FIRST, "mode:onsite") == 1
    assert taken(event) == 2
    call_command("check_seats")


def test_each_date_has_the_capacity_of_the_series_and_of_its_tickets(client):
    event = series(capacity=2)
    ticket = TicketFactory(event=event, quota=1)
    assert choose(client, event, FIRST, ticket=str(ticket.uid)).status_code == 303
    assert choose(client, event, FIRST, ticket=str(ticket.uid), email="b@example.org").status_code == 409
    assert choose(client, event, SECOND, ticket=str(ticket.uid), email="b@example.org").status_code == 303
    limits = {pool.key.split(":", 2)[2]: pool.capacity for pool in SeatPool.objects.of_dates().filter(event=event)}
    assert limits == {"event": 2, "mode:onsite": None, f"ticket:{ticket.pk}": 1}


def test_a_full_date_is_named_and_nothing_of_the_form_is_taken_or_lost(client):
    event = series(capacity=1)
    choose(client, event, SECOND)
    answer = choose(client, event, FIRST, SECOND, email="late@example.org", language="en")
    page = text(answer)
    assert answer.status_code == 409
    assert "No seat is left on this date: Monday, 19 May 2031" in page
    assert 'href="#id_dates"' in page
    assert 'value="late@example.org"' in page
    assert "checked" in ticks(page)[FIRST]
    assert registered(event, "late@example.org") == []
    assert taken_on(event, FIRST) == 0
    assert choose(client, event, FIRST, email="late@example.org").status_code == 303


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["lundi 12 mai 2031", "plus de place", "n’a pas lieu", "Choisissez au moins une date."]),
        ("en", ["Monday, 12 May 2031", "no seat left", "does not take place", "Choose at least one date."]),
        ("es", ["lunes, 12 de mayo de 2031", "sin plazas", "no se celebra", "Elija al menos una fecha."]),
    ],
)
def test_the_form_tells_every_date_in_each_language(client, language, words):
    event = series(capacity=1)
    choose(client, event, SECOND)
    except_for(event, THIRD, is_cancelled=True)
    answer = choose(client, event, language=language)
    assert answer.status_code == 422
    page = text(answer)
    for word in words:
        assert word in page, word
    boxes = ticks(page)
    assert list(boxes) == [FIRST, SECOND, THIRD, FOURTH]
    assert ["disabled" in boxes[day] for day in boxes] == [False, True, True, False]


def test_a_link_to_a_date_opens_the_form_with_it_ticked(client):
    event = series()
    page = text(client.get(address("registration", event.uid), {"date": THIRD}))
    assert [day for day, more in ticks(page).items() if "checked" in more] == [THIRD]
    assert 'name="email"' in text(client.get(address("registration", event.uid), {"date": "nonsense"}))
    publish(event, capacity=1)
    choose(client, event, THIRD)
    page = text(client.get(address("registration", event.uid), {"date": THIRD}))
    assert "checked" not in ticks(page)[THIRD]
    assert "disabled" in ticks(page)[THIRD]


def test_twelve_dates_are_shown_at_once_and_the_others_unfold(client):
    event = series(recurrence="RRULE:FREQ=WEEKLY;COUNT=20")
    page = text(client.get(address("registration", event.uid, language="en")))
    shown_first, unfolding = page.split("<details>", 1)
    assert (len(ticks(shown_first)), len(ticks(unfolding))) == (12, 8)
    assert "8 more dates" in unfolding


def test_a_daily_series_has_pages_of_dates_and_the_form_of_a_later_one_is_taken(client):
    event = series(recurrence="RRULE:FREQ=DAILY;COUNT=90")
    where = address("registration", event.uid, language="en")
    page = text(client.get(where))
    assert len(ticks(page)) == 60
    (since,) = re.findall(r"\?from=([\d-]+)#id_dates", page)
    later = list(ticks(text(client.get(where, {"from": since}))))
    assert len(later) == 30
    assert choose(client, event, FIRST, later[-1]).status_code == 303
    assert registered(event) == [FIRST, later[-1]]


def test_the_form_asks_as_much_for_many_dates_as_for_few(client):
    def asked(event):
        client.get(address("registration", event.uid))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("registration", event.uid))
        return len(queries)

    few = series()
    many = series(recurrence="RRULE:FREQ=DAILY;COUNT=200", capacity=5)
    choose(client, many, FIRST, "2031-05-13", "2031-05-14")
    assert asked(many) == asked(few)


def test_a_series_is_full_when_all_its_dates_are(client):
    event = series(capacity=1)
    choose(client, event, FIRST, SECOND, THIRD)
    assert again(event).registration_state == "open"
    choose(client, event, FOURTH, email="b@example.org")
    assert again(event).registration_state == "full"
    assert 'name="email"' not in text(client.get(address("registration", event.uid)))
    Registration.objects.get(email="b@example.org").cancel()
    assert again(event).registration_state == "open"


def test_seats_on_site_of_one_date_leave_those_online(client):
    event = series(format="hybrid", capacity_onsite=1)
    choose(client, event, FIRST, attendance="onsite")
    assert choose(client, event, FIRST, attendance="onsite", email="b@example.org").status_code == 409
    assert choose(client, event, FIRST, attendance="online", email="b@example.org").status_code == 303
    assert choose(client, event, SECOND, attendance="onsite", email="c@example.org").status_code == 303


def test_each_date_closes_when_it_begins(client):
    event = series()
    with time_machine.travel("2031-05-12T06:00:00Z", tick=False):  # nine in Nairobi
        assert list(ticks(text(client.get(address("registration", event.uid))))) == [SECOND, THIRD, FOURTH]
        assert choose(client, event, FIRST).status_code == 422
        assert choose(client, event, SECOND).status_code == 303
    with time_machine.travel("2031-06-02T06:30:00Z", tick=False):
        assert again(event).registration_state == "closed"
        assert "no date is left" in text(client.get(address("registration", event.uid, language="en"))).lower()
        assert choose(client, event, FOURTH).status_code == 409
    assert registered(event) == [SECOND]


def test_a_date_cancelled_while_the_form_was_open_is_told_and_nothing_is_taken(client):
    event = series()
    except_for(event, SECOND, is_cancelled=True)
    answer = choose(client, event, FIRST, SECOND, language="en")
    assert answer.status_code == 422
    assert "One can no longer register for this date: Monday, 19 May 2031" in text(answer)
    assert registered(event) == []


@pytest.mark.parametrize(
    "change", [{"is_cancelled": True}, {"is_dropped": True}, {"starts_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}]
)
def test_a_date_that_goes_while_its_seat_is_taken_is_refused_behind_the_lock(client, monkeypatch, change):
    from events.models.seats import SeatPoolQuerySet

    event = series(capacity=5)
    hold = SeatPoolQuerySet.hold

    def gone_meanwhile(pools, *args):
        event.occurrences.filter(pk=date_of(event, FIRST).pk).update(**change)
        return hold(pools, *args)

    monkeypatch.setattr(SeatPoolQuerySet, "hold", gone_meanwhile)
    answer = choose(client, event, FIRST, SECOND)
    assert answer.status_code == 409
    assert 'href="#id_dates"' in text(answer)
    assert registered(event) == []
    assert taken(event) == 0


def test_another_events_date_is_none_of_this_one(client):
    event, other = series(), series()
    registration = Registration(
        event=event,
        occurrence=date_of(other, FIRST),
        name="A",
        email="a@example.org",
        attendance="onsite",
        language="fr",
    )
    from events.models import DateGone

    with pytest.raises(DateGone):
        registration.enter()
    assert not SeatPool.objects.of_dates().exists()


def test_the_same_form_twice_and_the_same_date_twice_are_one_registration(client):
    event = series(capacity=5)
    page = text(client.get(address("registration", event.uid)))
    mark = re.search(r'name="submission" value="([^"]+)"', page)[1]
    first = choose(client, event, FIRST, SECOND, submission=mark)
    second = choose(client, event, FIRST, SECOND, submission=mark)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert registered(event) == [FIRST, SECOND]
    assert len(letters()) == 1


def test_a_second_form_adds_only_the_dates_that_are_new(client):
    event = series(capacity=5)
    choose(client, event, FIRST)
    assert choose(client, event, FIRST, SECOND).status_code == 303
    assert registered(event) == [FIRST, SECOND]
    assert taken_on(event, FIRST) == 1


def test_one_letter_names_all_dates_each_with_its_page(client):
    event = series()
    choose(client, event, SECOND, FIRST, FOURTH, language="en")
    (letter,) = letters()
    for day in ("Monday, 12 May 2031", "Monday, 19 May 2031", "Monday, 2 June 2031"):
        assert day in letter.body
    assert "26 May" not in letter.body
    pages = set(re.findall(r"https?://[^/\s]+(/en/my-[^\s]+)", letter.body))
    assert len(pages) == 3
    assert all(client.get(page).status_code == 200 for page in pages)


def test_a_code_for_one_person_opens_all_dates_of_a_series_once(client):
    event = series(access="members")
    code = Invitation.objects.create(event=event, code="ONE", max_uses=1)
    assert choose(client, event, FIRST, SECOND, code="ONE").status_code == 303
    assert choose(client, event, FIRST, code="ONE", email="b@example.org").status_code == 422
    first, second = Registration.objects.order_by("occurrence__starts_at")
    first.cancel()
    code.refresh_from_db()
    assert code.used == 1
    second.cancel()
    code.refresh_from_db()
    assert code.used == 0


@pytest.mark.parametrize("scheduled", [False, True])
def test_fewer_seats_than_are_taken_on_a_date_are_refused_with_number_and_day(client, scheduled):
    event = series(capacity=5)
    draft = again(event)
    draft.capacity = 2
    if scheduled:
        draft.go_live_at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    revision = draft.save_revision()
    if scheduled:
        revision.publish()
    for number in range(3):
        choose(client, event, SECOND, email=f"{number}@example.org")
    with translation.override("en"), pytest.raises(ValidationError, match=r"3 seats .* on 19 May 2031"):
        draft.clean()  # what the editors' form says
    with time_machine.travel("2030-01-02T00:00:00Z", tick=False), translation.override("en"):
        revision.refresh_from_db()
        with pytest.raises(ValidationError, match=r"3 seats .* on 19 May 2031"):
            revision.publish()
    assert again(event).capacity == 5
    publish(event, capacity=3)
    assert choose(client, event, SECOND, email="late@example.org").status_code == 409


def test_seats_of_a_date_that_is_over_do_not_stand_in_the_way(client):
    event = series(capacity=5)
    choose(client, event, FIRST)
    choose(client, event, FIRST, email="b@example.org")
    with time_machine.travel("2031-05-13T00:00:00Z", tick=False):
        publish(event, capacity=1)
    assert taken_on(event, FIRST) == 2


def test_more_seats_reach_every_date(client):
    event = series(capacity=1)
    choose(client, event, FIRST)
    publish(event, capacity=2)
    assert choose(client, event, FIRST, email="b@example.org").status_code == 303
    assert choose(client, event, FIRST, email="c@example.org").status_code == 409


def test_the_quota_of_a_ticket_is_that_of_each_date_and_is_refused_below_what_is_taken(client):
    event = series()
    ticket = TicketFactory(event=event, quota=3)
    for number in range(2):
        choose(client, event, FIRST, ticket=str(ticket.uid), email=f"{number}@example.org")
    ticket.quota = 2
    ticket.save()
    assert choose(client, event, FIRST, ticket=str(ticket.uid)).status_code == 409
    assert choose(client, event, SECOND, ticket=str(ticket.uid)).status_code == 303


@pytest.mark.parametrize("change", [{"registered_for": "series"}, {"recurrence": None}])
def test_how_one_registers_stays_while_somebody_is_registered(client, change):
    event = series()
    choose(client, event, FIRST)
    with pytest.raises(ValidationError, match="1 "):
        publish(event, **change)
    Registration.objects.get().cancel()
    event = publish(event, **change)
    assert send(client, event, email="b@example.org").status_code == 303
    assert not SeatPool.objects.of_dates().exists()


def test_a_whole_series_with_people_is_not_split_into_dates(client):
    event = series(registered_for="series", capacity=4)
    assert send(client, event).status_code == 303
    with pytest.raises(ValidationError, match="1 "):
        publish(event, registered_for="date")
    Registration.objects.get().cancel()
    publish(event, registered_for="date")
    assert choose(client, event, FIRST).status_code == 303
    assert SeatPool.objects.get(event=event, key="event").capacity is None


def test_a_form_opened_before_dates_were_asked_for_comes_back_with_them(client):
    event = series(registered_for="series")
    publish(event, registered_for="date")
    answer = send(client, event)
    assert answer.status_code == 422
    assert list(ticks(text(answer))) == [FIRST, SECOND, THIRD, FOURTH]


def test_check_seats_mends_the_pool_of_a_date(client, capsys):
    event = series(capacity=2)
    choose(client, event, FIRST)
    SeatPool.objects.of_dates().filter(event=event).update(taken=0)
    with pytest.raises(Exception, match="counters are wrong"):
        call_command("check_seats")
    call_command("check_seats", "--fix")
    assert taken_on(event, FIRST) == 1
    call_command("check_seats")


def test_an_agenda_asks_as_much_for_many_series_as_for_few(client):
    from events.calendars.rows import rows

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert {row.registration for row in rows(Event.objects.upcoming(), "fr")} == {"open"}
        return len(queries)

    for _ in range(2):
        choose(client, series(capacity=1), FIRST)
    few = asked()
    for number in range(4):
        choose(client, series(capacity=1), FIRST, SECOND, email=f"{number}@example.org")
    assert asked() == few


def test_an_agenda_tells_which_dates_are_full(client):
    from events.calendars.rows import rows_of_dates

    event = series(capacity=1)
    choose(client, event, SECOND)
    told = {row.date.day.isoformat(): row.registration for row in rows_of_dates(event.occurrences.coming(), "fr")}
    assert told == {FIRST: "open", SECOND: "full", THIRD: "open", FOURTH: "open"}


def test_the_own_time_zone_is_kept_or_that_of_the_country_if_it_has_one(client):
    event = series()
    choose(client, event, FIRST, home_zone="America/Toronto")
    choose(client, event, FIRST, email="b@example.org", country="IN")
    choose(client, event, FIRST, email="c@example.org", country="CA", home_zone="Mars/Olympus")
    zones = dict(Registration.objects.values_list("email", "home_zone"))
    assert zones == {"asha@example.org": "America/Toronto", "b@example.org": "Asia/Kolkata", "c@example.org": ""}
    registration = Registration.objects.get(email="asha@example.org")
    page = text(client.get(address("participant", links.token(registration), language="en")))
    assert "02:00–04:00" in page
    form = text(client.get(address("participant_change", links.token(registration))))
    assert re.search(r'<option value="America/Toronto" selected', form)


def test_whoever_chose_several_dates_reads_all_of_them_in_the_thanks(client):
    event = series()
    page = text(client.get(choose(client, event, FIRST, THIRD, language="en").url))
    assert "12 May 2031" in page
    assert "26 May 2031" in page
    assert "19 May 2031" not in page


def test_a_series_that_is_registered_for_as_a_whole_says_so_before_and_in_the_letter(client):
    event = series(registered_for="series")
    promise = "One registration is for all the dates of the series."
    form = text(client.get(address("registration", event.uid, language="en")))
    assert promise in form
    assert "19 May 2031" in form
    assert "2 June 2031" in form
    assert promise in text(client.get("/en/calendar/soil-circle/"))
    choose(client, event, language="en")
    assert promise in letters()[0].body


def test_single_dates_and_single_meetings_do_not_speak_of_a_whole_series(client):
    for event in (series(), meeting()):
        assert "for all the dates" not in text(client.get(address("registration", event.uid, language="en")))


def test_the_letter_tells_the_hour_on_the_clock_that_the_participant_gave(client):
    choose(client, series(registered_for="series"), language="en", home_zone="America/Bogota")
    letter = letters()[0]
    said = "Where you are: 01:00–03:00, Colombia Time (Bogota, UTC−5)"
    assert said in letter.body
    assert said in letter.alternatives[0][0]


def test_the_letter_does_not_say_the_hour_of_the_place_twice(client):
    choose(client, series(registered_for="series"), language="en", home_zone="Africa/Nairobi")
    assert "Where you are" not in letters()[0].body
