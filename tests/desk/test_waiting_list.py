"""The waiting list of an event: seen in its order, and changed with a reason."""

import pytest
from django.urls import reverse

from events.models import Registration
from tests.desk.people import asks, moderated, now, text
from tests.registration.series import FIRST, SECOND, choose, date_of, series

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    """One seat, taken, for which three wait."""
    event = moderated(needs_approval=False, capacity=1)
    asks(event, "Host Person")
    for name in ("Awa Ba", "Ben Otieno", "Carla Ruiz"):
        asks(event, name, wait=True)
    return event


def address(event):
    return reverse("registrations:line", args=[event.uid])


def order(event):
    return [row.name.split()[0] for row in Registration.objects.in_line().filter(event=event)]


def person(name):
    return Registration.objects.get(name=name)


def move(desk, event, name, to, reason="a good one", **more):
    return desk.post(address(event), {"id": person(name).pk, "to": to, "reason": reason, **more})


def test_it_shows_the_order_and_the_offers_under_way(desk, event):
    page = text(desk.get(address(event)))
    assert page.index("Awa Ba") < page.index("Ben Otieno") < page.index("Carla Ruiz")
    assert "Offers under way" not in page
    person("Host Person").cancel()
    page = text(desk.get(address(event)))
    assert page.index("Offers under way") < page.index("Awa Ba") < page.index("Who waits") < page.index("Ben Otieno")
    assert "kept until" in page


def test_who_is_moved_before_another_stands_there_and_the_history_says_why(desk, staff, event):
    assert move(desk, event, "Carla Ruiz", person("Awa Ba").pk, "speaks").status_code == 303
    assert order(event) == ["Carla", "Awa", "Ben"]
    line = person("Carla Ruiz").changes.last()
    assert (line.verb, line.by, line.why) == ("line", staff, "speaks")
    move(desk, event, "Carla Ruiz", "end")
    assert order(event) == ["Awa", "Ben", "Carla"]
    move(desk, event, "Awa Ba", "place", place=2)
    assert order(event) == ["Ben", "Awa", "Carla"]
    person("Host Person").cancel()
    assert now(person("Ben Otieno")).state == "offered"


def test_without_a_reason_nobody_is_moved(desk, event):
    answer = move(desk, event, "Carla Ruiz", person("Awa Ba").pk, "")
    assert answer.status_code == 422
    assert "Say why" in text(answer)
    assert order(event) == ["Awa", "Ben", "Carla"]


def test_a_list_that_has_changed_meanwhile_moves_nobody_by_mistake(desk, event):
    awa = person("Awa Ba").pk
    person("Host Person").cancel()  # and Awa has an offer
    answer = move(desk, event, "Carla Ruiz", awa)
    assert answer.status_code == 409
    assert "changed meanwhile" in text(answer)
    assert 'value="a good one"' in text(answer)
    assert order(event) == ["Ben", "Carla"]


def test_nobody_is_moved_past_somebody_of_another_event(desk, event):
    other = moderated(needs_approval=False, capacity=0)
    stranger = asks(other, "Hidden Person", wait=True)
    assert move(desk, event, "Carla Ruiz", stranger.pk).status_code == 409
    foreign = desk.post(address(event), {"id": stranger.pk, "to": "end", "reason": "x"})
    assert foreign.status_code == 409
    assert "Hidden" not in text(foreign)
    assert not stranger.changes.filter(verb="line").exists()


def test_where_one_registers_date_by_date_each_date_has_its_own_line(desk, client):
    event = series(capacity=1, has_waiting_list=True)
    choose(client, event, FIRST, SECOND)
    for name in ("Awa Ba", "Ben Otieno"):
        for day in (FIRST, SECOND):
            asks(event, name, wait=True, occurrence=date_of(event, day))
    page = text(desk.get(address(event), {"date": date_of(event, SECOND).pk}))
    assert page.count('class="desk-one"') == 2
    assert "Monday, 19 May 2031" in page
    ben = Registration.objects.get(name="Ben Otieno", occurrence=date_of(event, SECOND))
    awa = Registration.objects.get(name="Awa Ba", occurrence=date_of(event, SECOND))
    desk.post(f"{address(event)}?date={date_of(event, SECOND).pk}", {"id": ben.pk, "to": awa.pk, "reason": "x"})
    line = Registration.objects.in_line().filter(event=event)
    assert [row.name for row in line.filter(occurrence=date_of(event, SECOND))] == ["Ben Otieno", "Awa Ba"]
    assert [row.name for row in line.filter(occurrence=date_of(event, FIRST))] == ["Awa Ba", "Ben Otieno"]


def test_only_those_who_decide_see_it(translator, event):
    assert translator.get(address(event)).status_code in (302, 403)
    assert move(translator, event, "Carla Ruiz", "end").status_code in (302, 403)
