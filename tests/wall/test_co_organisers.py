"""Co-organisers: an account for a time, its own meetings, and of the people there those who agreed."""

import datetime as dt
import io
import zipfile

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import EventOrganiser, Registration, SharingConsent
from events.registration import links
from letters.models import Letter
from regions import representation
from regions.models import Representative
from tests.desk.conftest import desk, staff  # noqa: F401  (fixtures)
from tests.factories import EventFactory, OrganisationFactory, again, told
from tests.registration.people import address, meeting, send

pytestmark = pytest.mark.django_db

EVENTS = "wagtailsnippets_events_event:list"


def held_with(event, *names, role=EventOrganiser.Role.CO_ORGANISER):
    """The event, which these organisations now hold with us."""
    for name in names:
        organisation = OrganisationFactory(short_name=name)
        EventOrganiser.objects.create(event=event, organisation=organisation, role=role)
    event = again(event)
    if event.live:
        event.save_revision().publish()
    return again(event)


def represented(name, **days):
    """A browser of somebody who acts for an organisation."""
    organisation = OrganisationFactory(short_name=name)
    user = User.objects.create_user(f"for-{name.lower()}", f"{name.lower()}@example.org", "a long enough password")
    days.setdefault("starts_on", timezone.now().date())
    Representative.objects.create(person=user, organisation=organisation, **days)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def text(response):
    return b"".join(response).decode()


# -- what a participant says


def test_each_co_organiser_has_a_box_that_nobody_has_ticked(client):
    event = held_with(meeting(), "FAO", "IRD")
    page = text(client.get(address("registration", event.uid, language="en")))
    assert page.count('name="sharing"') == 2
    assert "Body FAO" in page
    boxes = [line for line in page.split("<") if 'name="sharing"' in line]
    assert not [box for box in boxes if "checked" in box]


def test_supporters_are_not_named_nor_is_anything_asked_without_co_organisers(client):
    event = held_with(meeting(), "FAO", role=EventOrganiser.Role.SUPPORTER)
    assert 'name="sharing"' not in text(client.get(address("registration", event.uid)))


def test_whoever_ticks_nothing_is_shared_with_nobody(client):
    event = held_with(meeting(), "FAO")
    assert send(client, event).status_code == 303
    assert not SharingConsent.objects.exists()
    registration = Registration.objects.get()
    page = text(client.get(address("participant", links.token(registration), language="en")))
    assert "no co-organiser" in page


def test_consent_is_kept_shown_changed_and_written_in_the_history(client):
    event = held_with(meeting(), "FAO", "IRD")
    fao, ird = (OrganisationFactory(short_name=name) for name in ("FAO", "IRD"))
    assert send(client, event, sharing=[fao.pk]).status_code == 303
    registration = Registration.objects.get()
    assert list(registration.sharings.living().values_list("organisation", flat=True)) == [fao.pk]
    token = links.token(registration)
    page = text(client.get(address("participant", token, language="en")))
    assert "Body FAO" in page
    assert "Body IRD" not in page

    changed = {"name": "Asha Rao", "organisation": "ICRISAT", "country": "IN", "language": "fr", "sharing": [ird.pk]}
    assert client.post(address("participant_change", token), changed).status_code == 303
    assert list(registration.sharings.living().values_list("organisation", flat=True)) == [ird.pk]
    assert registration.sharings.get(organisation=fao).withdrawn_at is not None
    assert [line.why for line in registration.changes.all()].count("shared with other co-organisers than before") == 2


def test_a_box_that_was_not_offered_is_refused(client):
    event = held_with(meeting(), "FAO")
    stranger = OrganisationFactory(short_name="IRD")
    assert send(client, event, sharing=[stranger.pk]).status_code == 422
    assert not Registration.objects.exists()


def test_two_living_consents_to_one_organisation_are_refused_by_the_database(client):
    event = held_with(meeting(), "FAO")
    fao = OrganisationFactory(short_name="FAO")
    send(client, event, sharing=[fao.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingConsent.objects.create(registration=Registration.objects.get(), organisation=fao)


# -- what a co-organiser sees


def test_a_co_organiser_sees_its_own_meetings_drafts_too_and_changes_none():
    fao = represented("FAO")
    mine = held_with(EventFactory(title=told("Atelier", "A workshop to come")), "FAO")
    other = held_with(EventFactory(title=told("Autre", "Of somebody else")), "IRD")
    listed = text(fao.get(reverse(EVENTS)))
    assert "A workshop to come" in listed
    assert "Of somebody else" not in listed
    assert fao.get(reverse("wagtailsnippets_events_event:inspect", args=[mine.pk])).status_code == 200
    assert fao.get(reverse("wagtailsnippets_events_event:inspect", args=[other.pk])).status_code == 404
    assert fao.get(reverse("wagtailsnippets_events_event:edit", args=[mine.pk])).status_code == 302
    assert fao.get(reverse("wagtailsnippets_events_event:edit", args=[other.pk])).status_code == 404


def test_a_co_organiser_sees_and_takes_away_those_alone_who_agreed(client):
    event = held_with(meeting(), "FAO", "IRD")
    fao_pk = OrganisationFactory(short_name="FAO").pk
    send(client, event, name="Asha Shared", email="asha@example.org", sharing=[fao_pk])
    send(client, event, name="Binta Silent", email="binta@example.org")
    fao, ird = represented("FAO"), represented("IRD")
    index = reverse("registrations:index")
    assert "Asha Shared" in text(fao.get(index))
    assert "Binta Silent" not in text(fao.get(index))
    assert "Asha Shared" not in text(ird.get(index))

    csv = text(fao.get(index, {"export": "csv"}))
    assert "Asha Shared" in csv
    assert "asha@example.org" in csv
    assert "Binta" not in csv
    assert "Invitation code" not in csv
    assert "Language of letters" not in csv
    book = fao.get(index, {"export": "xlsx"}).getvalue()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        cells = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Asha Shared" in cells
    assert "Binta" not in cells

    shared, silent = (Registration.objects.get(email=f"{name}@example.org") for name in ("asha", "binta"))
    assert "History" not in text(fao.get(reverse("registrations:inspect", args=[shared.pk])))
    assert fao.get(reverse("registrations:inspect", args=[silent.pk])).status_code == 404
    assert fao.post(reverse("registrations:cancel", args=[shared.pk]), {"reason": "x"}).status_code in (302, 403)
    shared.refresh_from_db()
    assert shared.is_confirmed


def test_who_takes_consent_back_is_gone_at_once(client):
    event = held_with(meeting(), "FAO")
    send(client, event, sharing=[OrganisationFactory(short_name="FAO").pk])
    fao = represented("FAO")
    index = reverse("registrations:index")
    assert "Asha Rao" in text(fao.get(index))
    Registration.objects.get().share_with([])
    assert "Asha Rao" not in text(fao.get(index))


def test_an_organisation_that_no_longer_holds_the_meeting_sees_nobody(client):
    event = held_with(meeting(), "FAO")
    send(client, event, sharing=[OrganisationFactory(short_name="FAO").pk])
    fao = represented("FAO")
    EventOrganiser.objects.update(role=EventOrganiser.Role.SPONSOR)
    assert "Asha Rao" not in text(fao.get(reverse("registrations:index")))
    assert "Nairobi" not in text(fao.get(reverse(EVENTS)))


def test_the_first_page_tells_the_meetings_with_their_figures(client):
    event = held_with(meeting(), "FAO")
    send(client, event, sharing=[OrganisationFactory(short_name="FAO").pk])
    send(client, event, name="Binta Silent", email="binta@example.org")
    page = text(represented("FAO").get("/admin/"))
    assert "Nairobi meeting" in page
    cells = " ".join(page.split())
    assert '<td data-label="Confirmed in all">2</td>' in cells
    assert ">1</a>" in cells
    assert "Asha" not in page


# -- how long it lasts


def test_access_begins_and_ends_with_its_days():
    today = dt.date(2031, 3, 10)
    with time_machine.travel(dt.datetime(2031, 3, 9, 12, tzinfo=dt.UTC), tick=False):
        fao = represented("FAO", starts_on=today, ends_on=today)
        user = User.objects.get(username="for-fao")
    for moment, enters in (
        (dt.datetime(2031, 3, 9, 23, 59, tzinfo=dt.UTC), False),
        (dt.datetime(2031, 3, 10, 0, 0, tzinfo=dt.UTC), True),
        (dt.datetime(2031, 3, 10, 23, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2031, 3, 11, 0, 0, tzinfo=dt.UTC), False),
    ):
        with time_machine.travel(moment, tick=False):
            fao.force_login(user)
            assert (fao.get("/admin/").status_code == 200) is enters, moment


def test_the_worker_settles_those_whom_nobody_asks_for():
    represented("FAO")
    assert representation.settle_all() == "1 began, 0 ended"
    assert representation.settle_all() == "0 began, 0 ended"
    Representative.objects.update(starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 1, 2))
    assert representation.settle_all() == "0 began, 1 ended"


# -- the staff's screen


def test_the_staff_invite_somebody_new_for_an_organisation_and_end_it(desk):  # noqa: F811
    fao = OrganisationFactory(short_name="FAO")
    sent = {
        "organisation": fao.pk,
        "person": "",
        "email": "nadia@example.org",
        "name": "Nadia Example",
        "language": "es",
        "starts_on": "2026-01-01",
        "ends_on": "",
    }
    assert desk.post(reverse("representatives:add"), sent).status_code == 302
    row = Representative.objects.get()
    assert row.person.email == "nadia@example.org"
    assert Letter.objects.get(recipient="nadia@example.org").language == "es"
    assert row.person.groups.filter(name=representation.CO_ORGANISERS).exists()

    assert "nadia@example.org" in text(desk.get(reverse("representatives:index")))
    again_sent = desk.post(reverse("representatives:add"), sent)
    assert "represents this organisation already" in text(again_sent)

    ended = {"starts_on": "2026-01-01", "ends_on": "2026-01-31"}
    assert desk.post(reverse("representatives:edit", args=[row.pk]), ended).status_code == 302
    assert not row.person.groups.filter(name=representation.CO_ORGANISERS).exists()
    assert "ended" in text(desk.get(reverse("representatives:index")))
    assert desk.get(reverse("representatives:delete", args=[row.pk])).status_code == 302  # nobody may


def test_nobody_else_sees_who_represents_whom():
    fao = represented("FAO")
    represented("IRD")
    assert fao.get(reverse("representatives:index")).status_code == 302
