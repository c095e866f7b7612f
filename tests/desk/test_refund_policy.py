"""What goes back to who cancels, as the staff say it for an event."""

import datetime as dt

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from events.models import Event, RefundStep
from events.models.next_edition import NextEdition
from events.models.refund_policy import refundable
from tests.desk.books import priced
from tests.desk.people import text
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_desk"
    return priced(timezone="Africa/Abidjan")


def address(event):
    return reverse("wagtailsnippets_events_event:refund_policy", args=[event.pk])


def sent(*steps, **more):
    rows = {"form-TOTAL_FORMS": len(steps), "form-INITIAL_FORMS": 0}
    for at, (until, percent) in enumerate(steps):
        rows |= {f"form-{at}-until": until, f"form-{at}-percent": percent}
    return rows | more


def steps(event):
    return list(event.refund_steps.order_by("until_local").values_list("until_local", "percent"))


def test_steps_are_kept_and_told_in_words_and_empty_rows_are_none(desk, event):
    answer = desk.post(
        address(event), sent(("2031-05-05 09:00", "50"), ("2031-04-12 09:00", "100"), ("", "")), follow=True
    )
    assert steps(event) == [(dt.datetime(2031, 4, 12, 9), 100), (dt.datetime(2031, 5, 5, 9), 50)]
    said = text(answer)
    assert "12 April 2031" in said
    assert "100 % of the price goes back" in said
    assert "Later, nothing goes back" in said
    assert refundable(event, now=dt.datetime(2031, 4, 20, tzinfo=dt.UTC)).percent == 50
    assert ModelLogEntry.objects.filter(action="events.refund_policy").count() == 1
    desk.post(address(event), sent(("2031-04-12 09:00", "100"), ("2031-05-05 09:00", "50")))
    assert ModelLogEntry.objects.filter(action="events.refund_policy").count() == 1


def test_a_row_is_taken_away_by_emptying_it(desk, event):
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, 4, 12, 9), percent=100)
    desk.post(address(event), sent(("", "")))
    assert steps(event) == []


def test_it_is_shown_in_words_before_it_holds(desk, event):
    answer = desk.post(address(event), sent(("2031-04-12 09:00", "80"), show="1"))
    assert "80 % of the price goes back" in text(answer)
    assert answer.context["formset"].forms[0]["percent"].value() == "80"
    assert steps(event) == []


def test_what_rises_with_time_is_kept_with_a_warning(desk, event):
    answer = desk.post(address(event), sent(("2031-04-12 09:00", "50"), ("2031-05-05 09:00", "100")), follow=True)
    assert "More goes back to who cancels later" in text(answer)
    assert len(steps(event)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [("2031-04-12 09:00", "")],
        [("", "50")],
        [("2031-04-12 09:00", "0")],
        [("2031-04-12 09:00", "101")],
        [("not a day", "50")],
        [("2031-04-12 09:00", "50"), ("2031-04-12 09:00", "40")],
    ],
)
def test_what_is_no_step_is_refused_and_comes_back(desk, event, rows):
    answer = desk.post(address(event), sent(*rows))
    assert answer.status_code == 422
    assert steps(event) == []
    assert answer.context["formset"].forms[0]["percent"].value() == rows[0][1]


def test_the_usual_steps_are_proposed_and_hold_only_once_kept(desk, event):
    formset = desk.get(address(event), {"propose": ""}).context["formset"]
    assert [form.initial for form in formset.initial_forms] == [
        {"until": dt.datetime(2031, 4, 12, 9), "percent": 100},
        {"until": dt.datetime(2031, 5, 5, 9), "percent": 50},
    ]
    assert steps(event) == []


def test_the_form_of_the_event_tells_it_and_leads_there(desk, event):
    edit = reverse("wagtailsnippets_events_event:edit", args=[event.pk])
    said = text(desk.get(edit))
    assert "Nothing goes back to who cancels." in said
    assert f"{address(event)}?propose" in said
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, 4, 12, 9), percent=70)
    assert "70 % of the price goes back" in text(desk.get(edit))
    free = EventFactory.published(registration="here")
    edit = reverse("wagtailsnippets_events_event:edit", args=[free.pk])
    assert "No ticket costs anything" in text(desk.get(edit))


def test_the_next_edition_keeps_the_distance_from_its_beginning(event):
    RefundStep.objects.create(event=event, until_local=dt.datetime(2031, 4, 12, 9), percent=70)
    made = NextEdition(event, dt.datetime(2032, 5, 10, 9)).make()
    assert steps(Event.objects.get(pk=made.pk)) == [(dt.datetime(2032, 4, 10, 9), 70)]


def test_a_translator_has_no_part_in_it(translator, event):
    assert translator.get(address(event)).status_code in (302, 403, 404)
    assert translator.post(address(event), sent(("2031-04-12 09:00", "100"))).status_code in (302, 403, 404)
    assert steps(event) == []
