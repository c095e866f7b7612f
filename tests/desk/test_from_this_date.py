"""From this date on: a series ends, another goes on, and nobody's place is lost or doubled."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from recurrence import deserialize

from events.models import (
    Announcement,
    Event,
    EventException,
    EventOrganiser,
    EventPage,
    Invitation,
    Occurrence,
    Registration,
    SeatPool,
)
from events.models.continuation import remaining
from tests.changes.conftest import register
from tests.desk.test_dates import dates
from tests.desk.test_dates import on as on_date
from tests.factories import ObjectiveFactory, OrganisationFactory, RegionFactory, TicketFactory, again, publish, told
from tests.forms import filled
from tests.registration.people import meeting, taken, work

pytestmark = pytest.mark.django_db

DAY = "2031-05-26"
VERB = "from_this_date"


def on(event, verb, day=DAY):
    return on_date(event, verb, day)


@pytest.fixture
def series(db):
    """Six Mondays in Nairobi, with all that an event may have."""
    event = meeting(
        recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=6"),
        end_local=dt.datetime(2031, 5, 12, 11),
        capacity=10,
        regions=[RegionFactory()],
        objectives=[ObjectiveFactory()],
    )
    EventOrganiser.objects.create(event=event, organisation=OrganisationFactory(), role="host")
    TicketFactory(event=event, code="press", name=told("Presse"))
    return publish(event)


@pytest.fixture
def people(series):
    ticket = series.tickets.get()
    return [
        register(series, name, language, ticket=ticket)
        for name, language in (("Awa", "fr"), ("Ben", "en"), ("Cruz", "es"))
    ]


@pytest.fixture
def goes_on(desk):
    """The form as it is shown, with changes, sent; ``confirm=False`` stops at what it shows."""

    def send(event, day=DAY, *, confirm=True, client=desk, sent=None, **changes):
        if sent is None:
            sent = filled(client.get(on(event, VERB, day)))
            sent |= {"told-reason_0": "La salle est prise le lundi.", "told-when": "now"}
            sent |= {name.replace("__", "-"): value for name, value in changes.items()}
        if confirm:
            sent = sent | {"confirm": "1"}
        return client.post(on(event, VERB, day), {name: value for name, value in sent.items() if value is not None})

    return send


TUESDAYS = {"event__start_local": "2031-05-27 14:00", "event__end_local": "2031-05-27 16:00"}


def days(event):
    return [f"{date.original:%m-%d}" for date in again(event).occurrences.given()]


def successor(event):
    return Event.objects.get(continues=event)


def text(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())


def test_the_series_ends_and_another_goes_on_with_what_is_typed(goes_on, series):
    answer = goes_on(series, **TUESDAYS)
    assert answer.status_code == 303, text(answer)
    assert days(series) == ["05-12", "05-19"]
    new = successor(series)
    assert new.live
    assert new.uid != series.uid
    assert days(new) == ["05-27", "06-03", "06-10", "06-17"]  # what is left of six
    assert new.start_local.hour == 14
    assert new.continues == series
    assert again(series).recurrence.rrules[0].count is None
    assert new.title.localize("en") == "Nairobi meeting"
    assert new.regions.count() == new.objectives.count() == new.organisers.count() == new.tickets.count() == 1
    assert new.capacity == 10


def test_both_are_linked_on_their_screens(goes_on, desk, series):
    goes_on(series, **TUESDAYS)
    new = successor(series)
    assert f"/admin/events/edit/{new.pk}/" in desk.get(dates(series)).content.decode()
    assert f"/admin/events/edit/{series.pk}/" in desk.get(dates(new)).content.decode()


def test_the_first_post_shows_everything_and_does_nothing(goes_on, series, people):
    page = goes_on(series, confirm=False, **TUESDAYS)
    words = text(page)
    assert page.status_code == 200
    assert "Monday, 19 May 2031" in words
    assert "Tuesday, 27 May 2031" in words
    assert "3 people will get one letter each" in words
    assert page.content.decode().count("<iframe") == 3
    assert days(series) == ["05-12", "05-19", "05-26", "06-02", "06-09", "06-16"]
    assert Event.objects.count() == 1
    assert Registration.objects.count() == 3
    assert not Announcement.objects.exists()
    assert taken(series) == 3


def test_looking_proposes_what_stays_as_it_is(desk, series):
    sent = filled(desk.get(on(series, VERB)))
    assert sent["event-start_local"].startswith("2031-05-26 09:00")
    assert sent["event-end_local"].startswith("2031-05-26 11:00")
    assert Event.objects.count() == 1


def test_those_of_the_whole_series_go_on_with_a_seat_and_one_letter(goes_on, series, people):
    goes_on(series, **TUESDAYS)
    new = successor(series)
    assert taken(series) == taken(new) == 3
    mine = Registration.objects.filter(event=new).order_by("name")
    assert [row.name for row in mine] == ["Awa", "Ben", "Cruz"]
    assert {row.ticket for row in mine} == {new.tickets.get()}
    assert all(row.is_confirmed for row in mine)
    assert SeatPool.objects.get(event=new, key=new.tickets.get().pool_key).taken == 3
    assert "taken along" in mine[0].changes.get().why
    assert "goes on" in people[0].changes.last().why
    work()
    assert len(mail.outbox) == 3
    work()
    assert len(mail.outbox) == 3
    ben = next(message for message in mail.outbox if "ben@" in message.to[0])
    assert "Tuesday, 27 May 2031" in " ".join(ben.body.split())


def test_the_letter_tells_where_the_series_ends_and_cancels_no_date_before(goes_on, series):
    EventException.objects.create(event=series, day=dt.date(2031, 5, 19), venue=told("Grande salle"))
    series.save_revision().publish()
    register(series, "Ben", "en")
    goes_on(series, event__start_local="2031-05-26 14:00", event__end_local="2031-05-26 16:00")
    work()
    (letter,) = mail.outbox
    words = " ".join(letter.body.split())
    assert letter.subject.startswith("Some dates change: ")
    assert "Does not take place" not in words  # the 19th stays where it was
    assert "Last date of the series Monday, 19 May 2031" in words
    assert "Until now Monday, 12 May 2031" not in words
    assert words.count("Until now Monday, 26 May 2031 09:00") == 1
    assert words.count("New date Monday, 26 May 2031 14:00") == 1
    html = letter.alternatives[0].content
    assert "Last date of the series" in html
    assert "Does not take place" not in html


def test_who_waits_goes_on_waiting_and_takes_no_seat(goes_on, series):
    waiting = register(series, "Dora")
    SeatPool.objects.release(series.pk, waiting.held)
    Registration.objects.filter(pk=waiting.pk).update(state="waiting", held=[])
    goes_on(series, **TUESDAYS)
    row = Registration.objects.get(event=successor(series))
    assert (row.state, row.held) == ("waiting", [])
    assert taken(successor(series)) == 0


def test_left_behind_they_are_told_that_it_ends(goes_on, series, people):
    goes_on(series, event__along=None, **TUESDAYS)
    assert not Registration.objects.filter(event=successor(series)).exists()
    work()
    assert len(mail.outbox) == 3


def test_fewer_seats_than_people_is_refused_with_both_numbers(goes_on, series, people):
    page = goes_on(series, event__capacity="2", **TUESDAYS)
    assert page.status_code == 409
    words = text(page)
    assert "fewer seats (2)" in words
    assert "(3)" in words
    assert Event.objects.count() == 1
    assert len(days(series)) == 6
    assert taken(series) == 3
    shown = goes_on(series, confirm=False, event__capacity="2", **TUESDAYS)
    assert "fewer seats (2)" in text(shown)  # before anybody confirms


def test_what_is_said_of_later_dates_goes_over_where_the_new_series_has_them(goes_on, series):
    for day, note in ((dt.date(2031, 5, 19), "avant"), (dt.date(2031, 6, 2), "après"), (dt.date(2031, 6, 9), "neuf")):
        EventException.objects.create(event=series, day=day, note=told(note))
    publish(series)
    page = goes_on(
        series,
        confirm=False,
        event__start_local="2031-06-02 14:00",
        event__end_local="2031-06-02 15:00",
        event__recurrence=None,
    )
    assert page.status_code == 200
    goes_on(series, event__start_local="2031-06-02 14:00", event__end_local="2031-06-02 15:00")
    assert [one.day.day for one in again(series).exceptions.all()] == [19]
    assert [one.day.day for one in successor(series).exceptions.order_by("day")] == [2, 9]
    assert successor(series).occurrences.get(original=dt.datetime(2031, 6, 9, 14)).note.localize("fr") == "neuf"


def test_what_has_no_date_there_is_listed(goes_on, series):
    EventException.objects.create(event=series, day=dt.date(2031, 6, 2), note=told("après"))
    publish(series)
    page = text(goes_on(series, confirm=False, **TUESDAYS))
    assert "does not go over" in page
    assert "Monday, 2 June 2031" in page
    goes_on(series, **TUESDAYS)
    assert not again(series).exceptions.exists()
    assert not successor(series).exceptions.exists()


def by_date(series):
    series = publish(series, registered_for="date")
    dates_ = {date.original.day: date for date in series.occurrences.all()}
    rows = [
        register(series, name, ticket=series.tickets.get(), occurrence=dates_[day])
        for name, day in (("Early", 19), ("Same", 26), ("Later", 9))
    ]
    return series, rows


def test_those_of_one_date_go_over_where_both_have_it_and_the_others_are_named(goes_on, series):
    series, (early, same, later) = by_date(series)
    changes = {
        "event__start_local": "2031-05-26 14:00",
        "event__end_local": "2031-05-26 15:00",
    }
    goes_on(series, **changes)
    new = successor(series)
    same.refresh_from_db()
    later.refresh_from_db()
    early.refresh_from_db()
    assert (same.event, later.event, early.event) == (new, new, series)
    assert same.occurrence.original == dt.datetime(2031, 5, 26, 14)
    assert taken(series) == 1
    assert taken(new) == 2
    assert all(pool.taken == 0 for pool in series.pools.of_dates() if pool.occurrence.original.day != 19)
    assert not Occurrence.objects.filter(event=series, is_dropped=True).exists()


def test_those_whose_date_is_no_more_stay_and_are_named(goes_on, series):
    series, (_early, same, _later) = by_date(series)
    page = text(goes_on(series, confirm=False, **TUESDAYS))
    assert "same@example.org: Monday, 26 May 2031" in page
    assert "later@example.org" in page
    assert "early@example.org:" not in page
    goes_on(series, **TUESDAYS)
    same.refresh_from_db()
    assert same.event == series
    assert same.occurrence.is_dropped
    assert taken(series) == 3


def test_as_a_draft_nothing_changes_until_it_takes_over(goes_on, desk, series, people):
    answer = goes_on(series, event__public="draft", told__reason_0="", **TUESDAYS)
    assert answer.status_code == 303
    new = successor(series)
    assert answer["Location"].endswith(f"/edit/{new.pk}/")
    assert not new.live
    assert len(days(series)) == 6
    assert not Announcement.objects.exists()
    assert "stands ready" in text(desk.get(dates(series)))
    with pytest.raises(ValidationError, match="still has dates"):
        new.publish(new.latest_revision)
    draft = new.get_latest_revision_as_object()
    draft.title = told("Mardis", "Tuesdays")
    draft.save_revision()
    page = desk.get(on(series, VERB))
    assert "stands ready" in text(page)
    assert goes_on(series).status_code == 303
    new = successor(series)
    assert new.live
    assert new.title.localize("en") == "Tuesdays"
    assert days(series) == ["05-12", "05-19"]
    assert taken(new) == 3


def test_the_texts_of_the_pages_come_along(goes_on, client, series):
    for page in EventPage.objects.filter(event=series).select_related("locale"):
        page.body = [("text", f"<p>Prose {page.locale.language_code}</p>")]
        page.save()
        page.save_revision().publish()
    goes_on(series, **TUESDAYS)
    for page in EventPage.objects.filter(event=successor(series)).select_related("locale"):
        assert f"Prose {page.locale.language_code}" in client.get(page.get_url()).content.decode()


def test_sent_twice_it_is_one_series(goes_on, desk, series, people):
    sent = filled(desk.get(on(series, VERB)))
    sent |= {
        "told-reason_0": "Voilà",
        "told-when": "now",
        "event-start_local": "2031-05-27 14:00",
        "event-end_local": "2031-05-27 16:00",
    }
    first, second = (goes_on(series, sent=sent) for _time in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Event.objects.count() == 2
    assert Registration.objects.count() == 6


def test_a_draft_sent_twice_is_one_draft(goes_on, desk, series):
    sent = filled(desk.get(on(series, VERB))) | {"event-public": "draft"}
    first, second = (goes_on(series, sent=sent) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Event.objects.count() == 2


def test_of_two_forms_the_second_is_told(goes_on, desk, series, people):
    sent = filled(desk.get(on(series, VERB))) | {"told-reason_0": "Voilà", "told-when": "now"}
    other = {**sent, "submission": str(uuid.uuid4())}
    assert goes_on(series, sent=sent).status_code == 303
    assert goes_on(series, sent=other).status_code in (302, 409)
    assert Event.objects.count() == 2


def test_what_somebody_else_has_changed_meanwhile_is_looked_at_again(goes_on, desk, series):
    sent = filled(desk.get(on(series, VERB))) | {"told-reason_0": "Voilà", "told-when": "now"}
    publish(series, capacity=50)
    answer = goes_on(series, sent=sent)
    assert answer.status_code == 409
    assert "Somebody else" in text(answer)
    assert Event.objects.count() == 1


def test_the_first_date_can_t_be_chosen(desk, series):
    assert desk.get(on(series, VERB, "2031-05-12")).status_code == 302
    assert desk.get(on(series, VERB, "2031-05-13")).status_code == 404


def test_the_new_series_begins_after_the_last_date_of_the_old_one(goes_on, series):
    answer = goes_on(series, event__start_local="2031-05-19 14:00", event__end_local="2031-05-19 15:00")
    assert answer.status_code == 422
    assert "after the last date of the old one" in text(answer)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=6", 4),
        ("RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE:20310519T000000Z", 4),
        ("RRULE:FREQ=WEEKLY;UNTIL=20310616T000000Z", 4),
        ("RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE:20310609T000000Z", 3),
    ],
)
def test_both_together_have_the_dates_that_the_one_had(goes_on, series, rule, left):
    series = publish(series, recurrence=deserialize(rule))
    before = days(series)
    rest = remaining(series, dt.date(2031, 5, 26))
    assert rest.rrules
    assert goes_on(series).status_code == 303
    assert days(series) + days(successor(series)) == before
    assert len(days(successor(series))) == left


def test_invitations_stay_with_the_series_that_made_them(goes_on, series):
    Invitation.objects.create(event=series, code="ABC")
    goes_on(series, **TUESDAYS)
    assert Invitation.objects.get().event == series


def test_who_may_not_publish_does_not_come_here(translator, client, series):
    for other in (translator, client):
        assert other.get(on(series, VERB)).status_code in (302, 403, 404)
        assert other.post(on(series, VERB), {"confirm": "1"}).status_code in (302, 403, 404)
    assert reverse("wagtailsnippets_events_event:list")
    assert Event.objects.count() == 1
