"""The hours typed, told on other clocks; and what falls back in a language left empty."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.factories import EventFactory, TicketFactory, told

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADD = "/admin/events/add/"
HOURS = "/admin/events/hours/"


def edit(event):
    return reverse("wagtailsnippets_events_event:edit", args=[event.pk])


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def lines(client, **typed):
    page = soup(client.get(HOURS, typed))
    return [" ".join(row.dd.get_text(" ", strip=True).split()) for row in page.select(".desk-hours__lines > div")]


def test_the_form_tells_the_hour_elsewhere_without_a_script(desk, staff):
    staff.wagtail_userprofile.current_time_zone = "America/Toronto"
    staff.wagtail_userprofile.save()
    event = EventFactory.create(timezone="Africa/Nairobi")
    page = soup(desk.get(edit(event)))
    told_there = [row.get_text(" ", strip=True) for row in page.select(".desk-hours dd")]
    assert len(told_there) == 3
    assert "09:00–17:00" in told_there[0]
    assert "Nairobi" in told_there[0]
    assert "02:00–10:00" in told_there[1]
    assert "Toronto" in told_there[1]
    assert "08:00–16:00" in told_there[2]
    assert "Paris" in told_there[2]


def test_the_hour_elsewhere_follows_what_is_typed_and_the_browsers_own_zone(desk):
    typed = {"timezone": "Asia/Kolkata", "start_local": "2031-05-12 09:00", "end_local": "2031-05-12 10:00"}
    there, here, paris = lines(desk, **typed, here="America/Bogota")
    assert "09:00–10:00" in there
    assert "22:30–23:30" in here
    assert "11 May 2031" in here
    assert "05:30–06:30" in paris


def test_an_hour_that_comes_twice_or_never_is_told_while_one_types(desk):
    twice = soup(desk.get(HOURS, {"timezone": "Europe/Paris", "start_local": "2031-10-26 02:30"}))
    assert twice.select_one("[data-twice=start]")
    second = {"timezone": "Europe/Paris", "start_local": "2031-10-26 02:30", "end_local": "2031-10-26 05:00"}
    assert any("00:30" in line for line in lines(desk, **second, start_fold="0"))
    assert any("01:30" in line for line in lines(desk, **second, start_fold="1"))
    never = soup(desk.get(HOURS, {"timezone": "Europe/Paris", "start_local": "2031-03-30 02:30"}))
    assert "does not exist that day" in never.get_text()


@pytest.mark.parametrize("typed", [{}, {"timezone": "Nowhere/Land"}, {"timezone": "UTC", "start_local": "tomorrow"}])
def test_what_cannot_be_read_yet_is_asked_for(desk, typed):
    assert "type the beginning" in soup(desk.get(HOURS, typed)).get_text()


def test_whole_days_are_converted_nowhere(desk):
    typed = {"timezone": "Asia/Kolkata", "start_local": "2031-05-12 00:00", "end_local": "2031-05-13 00:00"}
    there, elsewhere = lines(desk, **typed, all_day="on")
    assert "12–13 May 2031" in there
    assert "not converted" in elsewhere


def test_a_language_left_empty_shows_what_visitors_will_read(desk):
    event = EventFactory.create(title=told("Réunion", "", "Reunión"), venue=told(""))
    page = soup(desk.get(edit(event)))
    title = page.select_one("#id_title")
    english = title.select_one('[data-language="en"]')
    assert not english.input.get("value")
    note = english.select_one("[data-instead]")
    assert not note.has_attr("hidden")
    assert note.get_text(" ", strip=True) == "Left empty, shown in French: Réunion"
    assert note.q["lang"] == "fr"
    for code in ("fr", "es"):
        assert title.select_one(f'[data-language="{code}"] [data-instead]').has_attr("hidden")
    assert all(note.has_attr("hidden") for note in page.select("#id_venue [data-instead]"))


def test_nothing_typed_is_lost_where_french_is_missing_and_the_note_says_what_would_be_shown(desk, typed):
    page = soup(desk.post(ADD, typed(title_0="", title_1="Only <b>English</b>", title_2="")))
    column = page.select_one('#id_title [data-language="fr"]')
    assert column.select_one("[data-instead]").get_text(" ", strip=True) == (
        "Left empty, shown in English: Only <b>English</b>"
    )
    assert page.select_one("[name=title_1]")["value"] == "Only <b>English</b>"
    assert page.select_one("[name=start_local]")["value"] == "2031-05-12 09:00"


def test_each_language_has_its_label_and_its_help(desk):
    page = soup(desk.get(ADD))
    for name in ("title", "theme", "venue", "city"):
        for index, code in enumerate(("fr", "en", "es")):
            label = page.select_one(f'label[for="id_{name}_{index}"]')
            assert label["lang"] == code
            assert page.select_one(f"#id_{name}_{index}")["lang"] == code


def test_tickets_are_reached_from_the_form(desk):
    event = EventFactory.create(registration="here")
    ticket = TicketFactory(event=event, name=told("Étudiants", "Students"), quota=20)
    page = soup(desk.get(edit(event)))
    assert page.find("a", string="Students")["href"] == reverse("tickets:edit", args=[ticket.pk])
    assert "0 / 20" in page.get_text()
    assert page.select_one(f'a[href$="?event={event.pk}"].button')
    assert "Save the draft first" in soup(desk.get(ADD)).get_text()


def test_a_scheduled_publication_says_whose_clock_it_goes_by(desk, staff):
    staff.wagtail_userprofile.current_time_zone = "America/Toronto"
    staff.wagtail_userprofile.save()
    at = dt.datetime(2031, 1, 10, 13, tzinfo=dt.UTC)
    event = EventFactory.create(timezone="Africa/Nairobi", go_live_at=at)
    event.save_revision()
    page = desk.get(edit(event)).content.decode()
    assert "On your own clock (Toronto)" in page
    assert "16:00 in Nairobi" in page


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_an_event_is_previewed_in_each_language_before_anything_is_saved(desk, typed, language):
    from events.models import Event

    address = reverse("wagtailsnippets_events_event:preview_on_add")
    assert desk.post(address, typed(venue_0="Salle des sols")).json() == {"is_valid": True, "is_available": True}
    page = soup(desk.get(address, {"mode": language}))
    title = {"fr": "Réunion d’Abidjan", "en": "Abidjan meeting", "es": "Reunión de Abiyán"}[language]
    assert page.html["lang"] == language
    assert page.h1.get_text(strip=True) == title
    assert page.find(string=lambda text: text and "Salle des sols" in text).find_parent(lang="fr")
    assert not Event.objects.exists()
