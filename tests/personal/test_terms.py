"""Who answers for the data of an event and how long they are kept: said for all events, and by one for itself."""

import datetime as dt

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from events.models import DataDefaults, DataTerms
from events.models.next_edition import NextEdition
from tests.desk.people import text
from tests.factories import again, told
from tests.registration.people import address, meeting
from tests.registration.people import text as page
from tests.registration.series import FOURTH, except_for, series

pytestmark = pytest.mark.django_db


def screen(event):
    return reverse("wagtailsnippets_events_event:data_terms", args=[event.pk])


def say(desk, event, **said):
    return desk.post(screen(event), {"keep_days": "", **said}, follow=True)


def notice(client, event, language="en"):
    answer = client.get(address("privacy_notice", event.uid, language=language))
    assert answer.status_code == 200
    return page(answer)


def test_an_event_says_for_itself_who_answers_and_its_notice_tells_it_at_once(desk, client):
    event = meeting()
    before = notice(client, event)
    assert "Secretariat" in before
    assert "12 May 2032" not in before
    answer = say(
        desk,
        event,
        controller="ICRAF",
        address="United Nations Avenue\nNairobi",
        email="dpo@icraf.example",
        officer="Wanjiru Otieno",
        keep_days="30",
        more_0="Un film est tourné.",
        more_1="A film is made.",
        more_2="Se rueda una película.",
        hands_out_list="on",
    )
    assert "ICRAF answers for the data." in text(answer)
    assert "11 June 2031" in text(answer)
    assert "Nobody is asked for that consent yet" in text(answer)
    for language, more in (("fr", "Un film est tourné."), ("en", "A film is made."), ("es", "Se rueda una película.")):
        said = notice(client, event, language)
        for word in ("ICRAF", "United Nations Avenue, Nairobi", "dpo@icraf.example", "Wanjiru Otieno", more):
            assert word in said
        assert "CNIL" not in said  # that is the Secretariat's authority
    log = ModelLogEntry.objects.get(action="events.data_terms")
    assert log.data["changed"]["keep_days"] == [None, 30]
    say(desk, event, **dict(as_shown(event)))
    assert ModelLogEntry.objects.filter(action="events.data_terms").count() == 1


def as_shown(event):
    """What the form of an event's terms shows, to be sent as it is."""
    terms = DataTerms.objects.get(event=event)
    for name in ("controller", "address", "email", "officer", "keep_days"):
        yield name, getattr(terms, name)
    for number, language in enumerate(("fr", "en", "es")):
        yield f"more_{number}", terms.more.data[language]
    yield "hands_out_list", "on" if terms.hands_out_list else ""


def test_what_is_left_empty_is_as_for_all_events(desk, client):
    event = meeting()
    DataDefaults.objects.create(
        controller="Agropolis", email="data@agropolis.example", keep_days=730, host="Gravelines"
    )
    said = notice(client, event)
    assert "Agropolis answers for your data." in said
    assert "data@agropolis.example" in said
    assert "2 years after the end, on 11 May 2033" in said
    assert "Gravelines" in said
    say(desk, event, keep_days="10")
    said = notice(client, event)
    assert "Agropolis" in said
    assert "10 days after the end, on 22 May 2031" in said


def test_the_defaults_are_a_setting_that_the_staff_change(desk, client):
    event = meeting()
    assert "Questions about" not in notice(client, event)
    where = reverse("wagtailsettings:edit", args=["events", "datadefaults"])
    where = desk.get(where, follow=True).redirect_chain[-1][0] if desk.get(where).status_code == 302 else where
    sent = {"controller": "", "address": "", "email": "dpo@example.org", "officer": "", "host": "", "keep_days": "100"}
    answer = desk.post(where, sent | {"payment_years": "10"})
    assert answer.status_code == 302
    assert "dpo@example.org" in notice(client, event)
    assert "100 days after the end" in notice(client, event)


@pytest.mark.parametrize(
    ("name", "value"), [("keep_days", "0"), ("keep_days", "4000"), ("email", "nobody"), ("more_1", "x")]
)
def test_what_can_not_be_kept_comes_back_with_its_reason(desk, name, value):
    event = meeting()
    answer = desk.post(screen(event), {"controller": "ICRAF", "keep_days": "", name: value})
    assert answer.status_code == 422
    assert "Nothing is kept yet" in text(answer)
    assert 'value="ICRAF"' in text(answer)
    assert not DataTerms.objects.exists()


def test_the_form_of_the_event_tells_it_in_words(desk):
    event = meeting()
    DataTerms.objects.create(event=event, controller="ICRAF", keep_days=30)
    said = text(desk.get(reverse("wagtailsnippets_events_event:edit", args=[event.pk])))
    assert "ICRAF answers for the data." in said
    assert "30 days after the end, on 11 June 2031" in said
    assert screen(event) in said


def test_nobody_else_says_it(translator, client):
    event = meeting()
    for somebody in (translator, client):
        assert somebody.get(screen(event)).status_code in (302, 403, 404)
        assert somebody.post(screen(event), {"controller": "Me", "keep_days": ""}).status_code in (302, 403, 404)
    assert not DataTerms.objects.exists()


def test_the_next_edition_says_the_same(desk, staff):
    event = meeting()
    DataTerms.objects.create(event=event, controller="ICRAF", keep_days=30, more=told("Un film est tourné."))
    made = NextEdition(event, dt.datetime(2032, 5, 10, 9), by=staff).make()
    terms = DataTerms.objects.get(event=made)
    assert (terms.controller, terms.keep_days, str(terms.more)) == ("ICRAF", 30, "Un film est tourné.")
    assert DataTerms.objects.get(event=event).pk != terms.pk
    lone = NextEdition(meeting(), dt.datetime(2032, 5, 10, 9), by=staff).make()
    assert not DataTerms.objects.filter(event=lone).exists()


def test_of_a_series_the_last_date_counts_and_an_endless_one_has_no_day(client, desk):
    four = series()
    last = four.occurrences.order_by("-starts_at").first().end_local.date()
    day = last + dt.timedelta(days=365)
    assert f"{day.day} {day:%B %Y}" in notice(client, four)
    except_for(four, FOURTH, is_cancelled=True)  # who was registered for it is kept as long
    assert f"{day.day} {day:%B %Y}" in notice(client, again(four))
    endless = series(recurrence="RRULE:FREQ=WEEKLY")
    assert "after the last date of the series" in notice(client, endless)
