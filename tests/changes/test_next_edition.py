"""Last year's edition copied: a draft with new dates, without what belonged to its year."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from recurrence import deserialize

from events.models import Event, EventOrganiser, EventPage, Invitation, Registration, SeatPool, Series
from events.models.next_edition import raised, suggested, undecided
from tests.changes.conftest import address, register
from tests.factories import (
    ObjectiveFactory,
    OrganisationFactory,
    RegionFactory,
    TicketFactory,
    again,
    publish,
    told,
)
from tests.reading import Pages
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(db):
    """The sixth Day, in 2031, with a Forum inside, people, prose in three languages."""
    series = Series.objects.get_or_create(code="days", defaults={"name": told("Journées")})[0]
    event = meeting(
        title=told("Journée 2031", "Day 2031", "Jornada 2031"),
        theme=told("Horizon 2050", "Horizon 2050"),
        series=series,
        ordinal=6,
        regions=[RegionFactory()],
        objectives=[ObjectiveFactory()],
        capacity=100,
        staff_note="Appeler le traiteur",
        format="hybrid",
        joining_url="https://example.org/join",
        registration_opens_local=dt.datetime(2031, 3, 1, 8),
        registration_closes_local=dt.datetime(2031, 5, 10, 18),
    )
    EventOrganiser.objects.create(event=event, organisation=OrganisationFactory(), role="host")
    publish(event)
    TicketFactory(event=event, quota=30, name=told("Presse", "Press", "Prensa"))
    Invitation.objects.create(event=event, code="ABC")
    register(event, "Awa")
    for page in EventPage.objects.filter(event=event).select_related("locale"):
        page.body = [("text", f"<p>Prose {page.locale.language_code} de 2031</p>")]
        page.save()
        page.save_revision().publish()
    meeting(
        parent=again(event),
        title=told("Forum 2031", "Forum 2031", "Foro 2031"),
        start_local=dt.datetime(2031, 5, 12, 10),
        end_local=dt.datetime(2031, 5, 12, 12),
    )
    return again(event)


def sent(**more):
    return {"start": "2032-05-10 09:00", "inside": "on", "submission": str(uuid.uuid4()), **more}


def made(day):
    return Event.objects.exclude(pk=day.pk).get(series=day.series)


def test_every_field_of_an_event_is_decided_on():
    assert not undecided()


def test_the_copy_is_a_draft_with_new_dates_and_the_next_number(desk, day):
    answer = desk.post(address(day, "next_edition"), sent(), follow=True)
    copy = made(day)
    assert answer.redirect_chain[-1][0] == reverse("wagtailsnippets_events_event:edit", args=[copy.pk])
    assert not copy.live
    assert copy.uid != day.uid
    assert copy.ordinal == 7
    assert copy.start_local == dt.datetime(2032, 5, 10, 9)
    assert copy.end_local == dt.datetime(2032, 5, 10, 17)
    assert copy.registration_opens_local == dt.datetime(2032, 2, 28, 8)
    assert copy.registration_closes_local == dt.datetime(2032, 5, 8, 18)
    assert copy.title.data == {"fr": "Journée 2032", "en": "Day 2032", "es": "Jornada 2032"}
    assert (copy.staff_note, copy.joining_url, copy.status) == ("", "", "scheduled")
    assert list(copy.regions.all()) == list(day.regions.all())
    assert list(copy.objectives.all()) == list(day.objectives.all())
    assert [one.organisation_id for one in copy.organisers.all()] == [
        one.organisation_id for one in day.organisers.all()
    ]
    assert copy.organisers.get().key != day.organisers.get().key
    ticket = copy.tickets.get()
    assert (ticket.quota, ticket.name.localize("es")) == (30, "Prensa")
    assert ticket.uid != day.tickets.get().uid
    assert not copy.registrations.exists()
    assert not copy.invitations.exists()
    assert SeatPool.objects.get(event=copy, key=ticket.pool_key).taken == 0
    words = answer.content.decode()
    assert "Horizon 2050" in words  # which year is meant is for a person to say


def test_nothing_of_it_is_public_in_any_language_until_it_is_published(desk, client, day):
    desk.post(address(day, "next_edition"), sent())
    copy = made(day)
    pages = {page.locale.language_code: page for page in EventPage.objects.filter(event=copy).select_related("locale")}
    assert set(pages) == {"fr", "en", "es"}
    for language, page in pages.items():
        assert not page.live
        assert f"Prose {language} de 2031" in str(page.body)
        assert client.get(page.get_url()).status_code == 404
    feed = client.get("/ical/fr/all.ics").content.decode()
    assert "2032" not in feed
    publish(copy)
    for page in pages.values():
        text = Pages(client).open(EventPage.objects.get(pk=page.pk).get_url()).get_text()
        assert "2032" in text
        assert f"Prose {page.locale.language_code}" in text


def test_what_the_editor_wrote_meanwhile_is_what_becomes_public(desk, client, day):
    desk.post(address(day, "next_edition"), sent())
    copy = made(day)
    page = EventPage.objects.get(event=copy, locale__language_code="fr")
    page.body = [("text", "<p>Tout nouveau</p>")]
    page.save_revision()
    publish(copy)
    words = Pages(client).open(EventPage.objects.get(pk=page.pk).get_url()).get_text()
    assert "Tout nouveau" in words
    assert "Prose fr" not in words


def test_the_events_inside_come_along_if_asked(desk, day):
    desk.post(address(day, "next_edition"), sent())
    copy = made(day)
    child = copy.children.get()
    assert child.start_local == dt.datetime(2032, 5, 10, 10)
    assert child.title.localize("en") == "Forum 2032"
    assert not child.live
    desk.post(address(day, "next_edition"), {**sent(start="2033-05-09 09:00"), "inside": ""})
    assert Event.objects.filter(title__contains="2033").get().children.count() == 0


def test_sent_twice_it_is_one_copy(desk, day):
    form = sent()
    first, second = (desk.post(address(day, "next_edition"), form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Event.objects.filter(series=day.series).count() == 2


def test_the_next_free_number_is_taken(desk, day):
    meeting(series=day.series, ordinal=7)
    desk.post(address(day, "next_edition"), sent())
    assert Event.objects.filter(series=day.series).order_by("-ordinal").first().ordinal == 8


def test_the_day_proposed_is_the_same_weekday_a_year_on(day):
    proposed = suggested(day, dt.datetime(2031, 6, 1))
    assert proposed == dt.datetime(2032, 5, 10, 9)
    assert proposed.weekday() == day.start_local.weekday()
    assert suggested(day, dt.datetime(2033, 1, 1)) == dt.datetime(2033, 5, 9, 9)


def test_dates_skipped_and_a_rule_s_end_belong_to_the_year(desk, day):
    weekly = meeting(recurrence=deserialize("RRULE:FREQ=WEEKLY;UNTIL=20310630T000000Z\nEXDATE:20310519T090000Z"))
    desk.post(address(weekly, "next_edition"), sent(start="2032-05-10 09:00"))
    copy = Event.objects.order_by("-pk").first()
    assert not copy.recurrence.exdates
    assert copy.recurrence.rrules[0].until.year == 2032


def test_a_year_is_raised_only_where_it_is_clear_which_is_meant():
    words, doubtful = raised(told("Journée 2031", "Day 2031 to 2032", "Jornada"), 2031, 2032)
    assert words.data == {"fr": "Journée 2032", "en": "Day 2031 to 2032", "es": "Jornada"}
    assert doubtful == ["Day 2031 to 2032"]


def test_registrations_of_the_last_edition_stay_there(desk, day):
    desk.post(address(day, "next_edition"), sent())
    assert Registration.objects.get().event_id == day.pk


def test_a_copy_made_by_mistake_can_be_deleted_with_its_drafts(desk, day):
    desk.post(address(day, "next_edition"), {**sent(), "inside": ""})
    copy = made(day)
    desk.post(reverse("wagtailsnippets_events_event:delete", args=[copy.pk]))
    assert not Event.objects.filter(pk=copy.pk).exists()
    assert not EventPage.objects.filter(translation_key=copy.uid).exists()
    assert Event.objects.filter(pk=day.pk).exists()
    desk.post(reverse("wagtailsnippets_events_event:delete", args=[day.pk]))
    assert Event.objects.filter(pk=day.pk).exists()
