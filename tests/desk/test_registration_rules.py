"""How one registers for an event, as its form asks, judges, compares, exports and shows it."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import load_workbook

from events.models import Event, Invitation, SeatPool
from tests.factories import EventFactory, TicketFactory, again
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db

EVENTS = "wagtailsnippets_events_event"


def edit(event):
    return reverse(f"{EVENTS}:edit", args=[event.pk])


def test_a_new_event_has_a_waiting_list_unless_its_editor_says_no(desk, typed):
    page = BeautifulSoup(desk.get(reverse(f"{EVENTS}:add")).content, "html.parser")
    assert page.find("input", {"name": "has_waiting_list"}).has_attr("checked")
    assert not page.find("input", {"name": "needs_approval"}).has_attr("checked")
    assert desk.post(reverse(f"{EVENTS}:add"), typed(action_publish="1")).status_code == 302
    assert Event.objects.get().has_waiting_list is False


def test_what_is_typed_is_kept_and_published(desk, typed):
    rules = {
        "verifies_address": "on",
        "needs_approval": "on",
        "requests_hold_seats": "on",
        "has_waiting_list": "on",
        "offer_hours": "12",
        "allows_transfer": "on",
        "changes_close_local": "2031-05-01 18:00",
        "joining_hours": "2",
    }
    event = EventFactory.create()
    assert desk.post(edit(event), typed(**rules, **{"action-publish": "1"})).status_code == 302
    now = again(event)
    assert now.live
    assert (now.verifies_address, now.needs_approval, now.requests_hold_seats) == (True, True, True)
    assert (now.has_waiting_list, now.offer_hours, now.allows_transfer, now.joining_hours) == (True, 12, True, 2)
    assert now.changes_close_local == dt.datetime(2031, 5, 1, 18)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requests_hold_seats": "on"}, "requests_hold_seats"),
        (
            {"registration_opens_local": "2031-05-01 09:00", "changes_close_local": "2031-04-30 09:00"},
            "changes_close_local",
        ),
        ({"changes_close_local": "2031-05-13 09:00"}, "changes_close_local"),
        ({"offer_hours": "0"}, "offer_hours"),
        ({"offer_hours": ""}, "offer_hours"),
        ({"joining_hours": "10000"}, "joining_hours"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused_at_their_field(desk, typed, changes, field):
    event = EventFactory.create()
    answer = desk.post(edit(event), typed(**changes, **{"action-publish": "1"}))
    assert field in answer.context["form"].errors
    assert not again(event).live


def test_a_request_may_keep_a_seat_where_only_a_ticket_is_asked_for(desk, typed):
    event = EventFactory.create()
    TicketFactory(event=event, audience="press")
    assert desk.post(edit(event), typed(requests_hold_seats="on", **{"action-publish": "1"})).status_code == 302
    assert again(event).requests_hold_seats


def test_two_versions_are_compared_in_these_fields_too(desk):
    event = EventFactory.published()
    draft = again(event)
    draft.needs_approval, draft.changes_close_local = True, dt.datetime(2031, 5, 1, 18)
    draft.save_revision()
    page = desk.get(reverse(f"{EVENTS}:revisions_compare", args=[event.pk, "live", "latest"])).content.decode()
    said = " ".join(BeautifulSoup(page, "html.parser").get_text(" ", strip=True).split())
    assert "You approve each registration" in said
    assert "Changes until" in said
    assert "Thursday, May 1, 2031" in said or "1 May 2031" in said


def test_the_file_of_events_tells_them(desk):
    EventFactory.published(has_waiting_list=True, offer_hours=12, changes_close_local=dt.datetime(2031, 5, 1, 18))
    file = desk.get(reverse(f"{EVENTS}:list"), {"export": "xlsx"})
    head, row = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.values
    told = dict(zip(head, row, strict=True))
    assert (told["Waiting list"], told["Hours an offer holds"]) == ("yes", 12)
    assert told["Changes until"] == "2031-05-01 18:00"
    assert told["With approval"] == "no"


def test_fewer_seats_than_are_taken_are_refused_at_the_field_with_the_number(desk, typed):
    event = meeting(capacity=60)
    SeatPool.objects.filter(event=event, key="event").update(taken=31)
    refused = desk.post(edit(event), typed(capacity="30", **{"action-publish": "1"}))
    assert "31 seats are already taken" in refused.context["form"].errors["capacity"][0]
    assert again(event).capacity == 60


def test_seats_kept_for_invitations_are_told_apart_on_the_form_and_among_the_figures(desk):
    event = meeting(capacity=10)
    SeatPool.objects.filter(event=event, key="event").update(taken=2)
    SeatPool.objects.filter(event=event, key="mode:onsite").update(taken=2)
    Invitation(event=event, code="PRESS", max_uses=3, reserves_seats=True).keep()
    for page in (edit(event), reverse("registrations:figures", args=[event.uid])):
        table = next(
            found
            for found in BeautifulSoup(desk.get(page).content, "html.parser").select("table")
            if "Kept for invitations" in found.get_text()
        )
        cells = [cell.get_text(strip=True) for cell in table.select_one("tbody tr").select("th, td")]
        assert cells == ["All seats", "2", "3", "5", "10"]
