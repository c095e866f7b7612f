"""Correspondents: the meetings of their regions and who registers there, as long as their mandate holds."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event, Invitation
from regions.models import Mandate
from tests.desk.conftest import desk, staff, typed  # noqa: F401  (fixtures)
from tests.factories import EventFactory, RegionFactory, again, told
from tests.registration.people import meeting, send

pytestmark = pytest.mark.django_db

EVENTS = "/admin/events/"


@pytest.fixture
def west():
    return RegionFactory(code="WEST")


@pytest.fixture
def south():
    return RegionFactory(code="SOUTH")


def correspondent(region, name="awa", **terms):
    """A browser of somebody who holds a mandate for a region."""
    user = User.objects.create_user(name, f"{name}@example.org", "a long enough password")
    today = timezone.now().date()
    terms = {"starts_on": today - dt.timedelta(days=2), "ends_on": today + dt.timedelta(days=30)} | terms
    Mandate.give(user, region, **terms)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def lying_in(event, *regions):
    event.regions.set(regions)
    event.save()
    if event.live:
        event.save_revision().publish()
    return again(event)


def draft(title, *regions):
    return lying_in(EventFactory(title=told(title)), *regions)


def text(response):
    return b"".join(response).decode()


def at(name, event):
    return reverse(f"wagtailsnippets_events_event:{name}", args=[event.pk])


def test_the_list_holds_the_meetings_of_ones_regions_drafts_too(west, south):
    draft("Draft of the west", west)
    draft("Draft of the south", south)
    draft("Draft of nowhere")
    inside = RegionFactory(code="WEST-COAST", parent=west)
    draft("Draft of the coast", inside)
    page = text(correspondent(west).get(EVENTS))
    assert "Draft of the west" in page
    assert "Draft of the coast" in page
    assert "Draft of the south" not in page
    assert "Draft of nowhere" not in page
    alone = text(correspondent(west, "binta", with_subregions=False).get(EVENTS))
    assert "Draft of the coast" not in alone


def test_who_proposes_reads_and_does_not_change(west):
    event = draft("Draft", west)
    awa = correspondent(west)
    assert awa.get(at("inspect", event)).status_code == 200
    for name in ("edit", "history", "usage", "unpublish"):
        assert awa.get(at(name, event)).status_code == 302, name
    assert awa.get(at("delete", event)).status_code in (302, 404)


def test_who_publishes_changes_what_lies_in_their_regions_and_nowhere_else(west, south, typed):  # noqa: F811
    own, shared, foreign = draft("Own", west), draft("Shared", west, south), draft("Foreign", south)
    awa = correspondent(west, may_publish=True)
    assert awa.get(at("edit", own)).status_code == 200
    assert awa.get(at("edit", shared)).status_code == 302
    assert awa.get(at("inspect", shared)).status_code == 200
    assert awa.get(at("edit", foreign)).status_code == 404
    sent = typed(regions=[west.pk], **{"action-publish": "1"})
    assert awa.post(at("edit", own), sent).status_code == 302
    assert again(own).live
    assert awa.post(at("edit", foreign), sent).status_code == 404
    assert not again(foreign).live


def test_nobody_moves_an_event_to_a_region_of_others(west, south, typed):  # noqa: F811
    own = draft("Own", west)
    awa = correspondent(west, may_publish=True)
    form = text(awa.get(at("edit", own)))
    assert "Region WEST" in form
    assert "Region SOUTH" not in form
    awa.post(at("edit", own), typed(regions=[west.pk, south.pk], **{"action-publish": "1"}))
    assert set(again(own).regions.values_list("code", flat=True)) == {"WEST"}
    awa.post(at("edit", own), typed(regions=[], **{"action-publish": "1"}))
    assert set(again(own).regions.values_list("code", flat=True)) == {"WEST"}


def test_what_the_staff_note_for_themselves_is_neither_read_nor_lost(west, typed, desk):  # noqa: F811
    own = draft("Own", west)
    Event.objects.filter(pk=own.pk).update(staff_note="Between us")
    awa = correspondent(west, may_publish=True)
    assert "Between us" in text(desk.get(at("edit", own)))
    assert "Between us" not in text(awa.get(at("edit", own)))
    awa.post(at("edit", own), typed(regions=[west.pk], staff_note="Mine", **{"action-publish": "1"}))
    assert again(own).live
    assert again(own).staff_note == "Between us"


def test_registrations_are_read_by_those_entrusted_with_them_without_codes(client, west, south):
    here = lying_in(meeting(title=told("Ici", "A meeting here")), west)
    there = lying_in(meeting(title=told("Ailleurs", "A meeting there")), south)
    Invitation.objects.create(event=here, code="SECRET-CODE")
    send(client, here, name="Asha Here", email="asha@example.org")
    send(client, there, name="Binta There", email="binta@example.org")
    index = reverse("registrations:index")
    assert correspondent(west).get(index).status_code == 302  # not entrusted
    awa = correspondent(west, "entrusted", registrations=True)
    for query in ({}, {"export": "csv"}, {"event": there.pk}, {"q": "Binta"}):
        page = text(awa.get(index, query))
        assert "Binta There" not in page
        assert "A meeting there" not in page or "export" not in query
        assert "SECRET-CODE" not in page
    assert "Asha Here" in text(awa.get(index))
    assert "Asha Here" in text(awa.get(index, {"export": "csv"}))
    assert "Invitation code" not in text(awa.get(index, {"export": "csv"}))
    mine, foreign = here.registrations.get(), there.registrations.get()
    assert "History" in text(awa.get(reverse("registrations:inspect", args=[mine.pk])))
    assert awa.get(reverse("registrations:inspect", args=[foreign.pk])).status_code == 404
    awa.post(reverse("registrations:cancel", args=[mine.pk]), {"reason": "no"})
    mine.refresh_from_db()
    assert mine.is_confirmed


def test_registrations_alone_open_no_drafts(west):
    draft("Only a draft", west)
    lying_in(meeting(title=told("Publique", "A public meeting")), west)
    page = text(correspondent(west, news=False, events=False, registrations=True).get(EVENTS))
    assert "A public meeting" in page
    assert "Only a draft" not in page


def test_a_mandate_that_is_over_opens_nothing(west):
    event = draft("Draft", west)
    awa = correspondent(west, registrations=True)
    mandate = Mandate.objects.get()
    assert "Draft" in text(awa.get(EVENTS))
    mandate.end()
    for address in (EVENTS, at("inspect", event), reverse("registrations:index")):
        answer = awa.get(address)
        assert answer.status_code in (302, 403, 404)
        assert "Draft" not in text(answer)


def test_done_to_all_means_to_all_that_one_sees(west, south):
    draft("Draft of the west", west)
    draft("Draft of the south", south)
    awa = correspondent(west, may_publish=True)
    page = text(awa.get("/admin/bulk/events/event/publish/", {"id": "all", "next": "/admin/events/"}))
    assert "Draft of the west" in page
    assert "Draft of the south" not in page


def test_a_chooser_offers_what_is_public_and_ones_own(west, south):
    draft("Draft of the west", west)
    hidden = draft("Draft of the south", south)
    public = lying_in(meeting(title=told("Ailleurs", "Public in the south")), south)
    awa = correspondent(west)
    for query in ({}, {"q": "draft"}):
        page = text(awa.get(reverse("wagtailsnippetchoosers_events_event:choose"), query))
        assert "Draft of the west" in page
        assert "Draft of the south" not in page
    chosen = "wagtailsnippetchoosers_events_event:chosen"
    assert awa.get(reverse(chosen, args=[public.pk])).status_code == 200
    assert awa.get(reverse(chosen, args=[hidden.pk])).status_code == 404
