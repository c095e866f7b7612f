"""Kept figures: what is known of an event once its people are forgotten, without a number that tells of single ones."""

import itertools

import pytest
import time_machine
from django.test import Client

from events.models import Event, Given, KeptFigures, Question, Registration
from events.models.personal import counting
from events.models.personal.suppression import LEAST, marked, parts, ranked
from events.registration.personal import purging
from tests.factories import TicketFactory, mandate
from tests.regions.correspondents import browser, region_at
from tests.regions.correspondents import person as correspondent
from tests.registration.people import meeting
from tests.registration.series import FIRST, SECOND, THIRD, choose, series

from .people import BEFORE, LATER, person, question

pytestmark = pytest.mark.django_db


def hidden_like(shown: dict, total: int) -> list[tuple]:
    """Every set of numbers that would be shown just so: who knows the rule and the sum can't tell them apart."""
    missing = [key for key, here in shown.items() if here is None]
    rest = total - sum(here for here in shown.values() if here is not None)
    found = []
    for values in itertools.product(range(rest + 1), repeat=len(missing)):
        if sum(values) == rest:
            whole = shown | dict(zip(missing, values, strict=True))
            if parts(whole) == shown:
                found.append(values)
    return found


def test_no_small_number_follows_from_the_sum_whatever_the_numbers_are():
    """All tables of three cells with up to a dozen people each are gone through, read by who knows the rule."""
    for cells in itertools.product(range(13), repeat=3):
        table = dict(enumerate(cells))
        shown = parts(table)
        small = [place for place, here in table.items() if 0 < here < LEAST]
        assert all(shown[place] is None for place in small)
        if sum(cells) < LEAST or not small:  # so few people have no table at all
            continue
        alike = hidden_like(shown, sum(cells))
        missing = [key for key, here in shown.items() if here is None]
        for place in small:
            assert len({one[missing.index(place)] for one in alike}) > 1, (cells, shown)


def test_where_nothing_is_small_all_is_told():
    assert parts({"a": 5, "b": 0, "c": 20}) == {"a": 5, "b": 0, "c": 20}


def test_the_smallest_of_the_others_goes_with_a_small_one():
    assert parts({"a": 3, "b": 20, "c": 30, "d": 0}) == {"a": None, "b": None, "c": 30, "d": 0}


def test_of_two_cells_neither_is_told_if_one_is_small():
    assert parts({"yes": 3, "no": 40}) == {"yes": None, "no": None}


def test_countries_of_few_are_not_even_named():
    assert ranked({"FR": 20, "DE": 6, "IT": 1, "ES": 3}) == ({"FR": 20}, 10)
    assert ranked({"FR": 20, "DE": 6, "IT": 2, "ES": 3}) == ({"FR": 20, "DE": 6}, 5)
    assert ranked({"FR": 20, "DE": 6}) == ({"FR": 20, "DE": 6}, 0)


def test_of_several_answers_neither_those_few_who_gave_one_nor_those_few_who_did_not_are_told():
    assert marked({"a": 3, "b": 10, "c": 18, "d": 20, "e": 0}, 20) == {"a": None, "b": 10, "c": None, "d": 20, "e": 0}


@pytest.fixture
def event(db):
    """Twenty-six people on site, three online; nine countries, eight of them with one person."""
    with time_machine.travel(BEFORE, tick=False):
        event = meeting(format="hybrid", title={"fr": "Grande réunion", "en": "Large meeting"})
        tickets = [TicketFactory(event=event, code=str(number)) for number in range(2)]
        lunch = question(event, "choice", "Lunch")
        for number, key in enumerate(("soup", "bread")):
            lunch.choices.create(key=key, text={"fr": key, "en": key.capitalize()}, sort_order=number)
        lunch.save()
        photo = question(event, "consent", "Photo")
        motto = question(event, "text", "Motto")
        others = iter(("DE", "IT", "ES", "PT", "BE", "NL", "SE", "NO"))
        for number in range(29):
            country = next(others, "FR")
            way = "online" if number > 25 else "onsite"
            row = person(event, f"n{number}", tickets[number % 2], country=country, attendance=way)
            said = {lunch: Given(keys=("soup" if number < 10 else "bread",)), motto: Given(f"quixmark {number}")}
            row.answer(said | ({photo: Given(keys=("yes",))} if number < 27 else {}))
        gone = person(event, "gone", tickets[0])
        gone.cancel()
    return event


def cells(figures, subject, label=None):
    (table,) = [
        one for one in figures["tables"] if one["subject"] == subject and label in (None, one["label"].get("fr"))
    ]
    return {cell["text"]["en"]: cell["people"] for cell in table["cells"]}


def test_what_is_kept_of_an_event(event):
    with time_machine.travel(LATER, tick=False):
        purging.purge()
    kept = KeptFigures.objects.get(event=event).data
    assert kept["people"] == 29
    states = {one["text"]["en"]: one["people"] for one in kept["states"]}
    assert states["Confirmed"] == 29
    assert states["Cancelled"] is None  # one person
    assert states["On the waiting list"] == 0
    assert cells(kept, "attendance") == {"On site": None, "Online": None}
    (tickets,) = [one["cells"] for one in kept["tables"] if one["subject"] == "ticket"]
    assert [one["people"] for one in tickets] == [15, 14, 0]
    assert cells(kept, "country") == {"France": 21, "All others": 8}
    assert cells(kept, "question", "Lunch") == {"Soup": 10, "Bread": 19, "No answer": 0}
    assert cells(kept, "question", "Photo") == {"Yes": None, "No": None}
    assert "quixmark" not in str(kept)
    assert "Motto" not in str(kept)
    assert not Registration.objects.known().exists()


def test_the_way_to_take_part_is_not_told_where_a_ticket_would_tell_it(event):
    """26 on site and 3 online with a ticket of their own: the one table would say what the other hides."""
    online = TicketFactory(event=event, code="online", attendance="online")
    Registration.objects.filter(event=event, attendance="online").update(ticket=online)
    kept = counting.counted(event)
    assert None in cells(kept, "ticket").values()
    assert "attendance" not in {one["subject"] for one in kept["tables"]}


def test_of_an_event_with_four_people_only_is_told_that_they_were_few(db):
    with time_machine.travel(BEFORE, tick=False):
        event = meeting()
        for number in range(4):
            person(event, f"n{number}")
    kept = counting.counted(event)
    assert (kept["people"], kept["tables"]) == (None, [])
    assert {one["people"] for one in kept["states"]} == {None, 0}


def test_who_comes_to_many_dates_is_one_person(client):
    """Two people with three dates each: six registrations, and nothing that is told of two."""
    event = series()
    for who in ("asha", "binta"):
        choose(client, event, FIRST, SECOND, THIRD, email=f"{who}@example.org")
    assert Registration.objects.filter(event=event, state="confirmed").count() == 6
    kept = counting.counted(event)
    assert (kept["people"], kept["tables"]) == (None, [])
    assert {one["text"]["en"]: one["people"] for one in kept["states"]}["Confirmed"] is None


def test_what_was_asked_for_the_staff_alone_is_told_to_them_alone(event, staff):
    region, keeper = region_at("EA"), correspondent("keeper")
    Event.regions.through.objects.create(event=event, region=region)
    mandate(keeper, region, registrations=True)
    Question.objects.filter(event=event, kind="choice").update(is_confidential=True)
    with time_machine.travel(LATER, tick=False):
        purging.purge()
    path = f"/admin/registrations/figures/{event.uid}/"
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(staff)
    assert "Soup" in desk.get(path).content.decode()
    theirs = browser(keeper).get(path)
    assert theirs.status_code == 200
    assert "29" in theirs.content.decode()
    assert "Soup" not in theirs.content.decode()


def test_figures_are_counted_once(event):
    with time_machine.travel(LATER, tick=False):
        first = counting.keep_figures(event).data
        purging.purge()
        assert counting.keep_figures(event).data == first


def test_the_desk_shows_them_once_nobody_is_known(event, staff):
    with time_machine.travel(LATER, tick=False):
        desk = Client(headers={"accept-language": "en"})
        desk.force_login(staff)
        path = f"/admin/registrations/figures/{event.uid}/"
        before = desk.get(path).content.decode()
        assert "Not told are numbers" not in before
        purging.purge()
        after = desk.get(path)
        text = after.content.decode()
        assert after.status_code == 200
        assert "29" in text
        assert "France" in text
        assert "Germany" not in text
        assert "1 to 4 people" in text
        for language in ("fr", "es"):
            desk = Client(headers={"accept-language": language})
            desk.force_login(staff)
            assert desk.get(path).status_code == 200


def test_nobody_sees_them_who_sees_only_some_of_the_people(event, translator):
    with time_machine.travel(LATER, tick=False):
        purging.purge()
    assert translator.get(f"/admin/registrations/figures/{event.uid}/").status_code in (302, 403, 404)
