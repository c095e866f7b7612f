"""Several meetings in one go: a list is read in three languages, looked at, and made once."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override
from recurrence import deserialize

from events.desk.dates.list_of_dates import read
from events.models import Event, EventPage, Series
from tests.factories import RegionFactory, again, told
from tests.forms import filled
from tests.registration.people import meeting

pytestmark = pytest.mark.django_db

NAMES = "wagtailsnippets_events_event"
NINE, ELEVEN = dt.datetime(2031, 5, 12, 9), dt.datetime(2031, 5, 12, 11)


@pytest.fixture
def bureau(db):
    """The fourth meeting of the Bureau, in Paris."""
    series = Series.objects.get_or_create(code="bureau", defaults={"name": told("Bureau")})[0]
    return meeting(
        title=told("Réunion du Bureau 2031", "Bureau meeting 2031", "Reunión de la Mesa 2031"),
        kind="bureau",
        series=series,
        ordinal=4,
        timezone="Europe/Paris",
        end_local=ELEVEN,
        regions=[RegionFactory()],
    )


def address(event):
    return reverse(f"{NAMES}:several_dates", args=[event.pk])


def form(dates, **changes):
    return {"dates": dates, "public": "drafts", "submission": str(uuid.uuid4())} | changes


def text(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())


def shown_then_made(desk, event, dates, **changes):
    """The list sent, what is ticked confirmed as it is shown."""
    shown = desk.post(address(event), form(dates, **changes))
    page = BeautifulSoup(shown.content, "html.parser")
    taken = [box["value"] for box in page.select("input[name=take][checked]")]
    sent = filled(shown) | {"confirm": "1", "take": taken}
    return sent, desk.post(address(event), sent)


def starts(event):
    others = Event.objects.exclude(pk=event.pk).order_by("start_local")
    return [f"{one.start_local:%Y-%m-%d %H:%M}" for one in others]


@pytest.mark.parametrize(
    ("line", "begins", "ends"),
    [
        ("2032-05-06", "2032-05-06 09:00", "11:00"),
        ("2032-05-06T14:30", "2032-05-06 14:30", "16:30"),
        ("jeudi 6 mai 2032", "2032-05-06 09:00", "11:00"),
        ("le 1er juin 2032, de 14 h 30 à 16 h", "2032-06-01 14:30", "16:00"),
        ("1er juin 2032 14\u202fh\u202f30\u00a0– 16\u202fh", "2032-06-01 14:30", "16:00"),
        ("25 déc. 2032 à 9 heures", "2032-12-25 09:00", "11:00"),
        ("Thursday 6 May 2032 at 10:00", "2032-05-06 10:00", "12:00"),
        ("May 6, 2032, 2 pm – 4:30 pm", "2032-05-06 14:00", "16:30"),
        ("6th of May 2032", "2032-05-06 09:00", "11:00"),
        ("miércoles 6 de octubre de 2032 a las 15:00", "2032-10-06 15:00", "17:00"),
        ("6 de septiembre de 2032", "2032-09-06 09:00", "11:00"),
        ("06/05/2032 9:00-10:15", "2032-05-06 09:00", "10:15"),
        ("- 6.5.2032", "2032-05-06 09:00", "11:00"),
    ],
)
def test_a_line_is_read_in_each_language(line, begins, ends):
    (read_line,) = read(line, NINE, ELEVEN)
    assert not read_line.error
    assert f"{read_line.meeting.start:%Y-%m-%d %H:%M}" == begins
    assert f"{read_line.meeting.end:%H:%M}" == ends


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("6 mai", "its year"),
        ("31 February 2032", "no such day"),
        ("12/25/2032", "day stands before the month"),
        ("Monday 6 May 2032", "Thursday, 6 May 2032"),
        ("6 Mai 2032 25:00", "no such hour"),
        ("6 May 2032 14:00–13:00", "end must come after"),
        ("6 May 2032, room B", "not understood"),
        ("6 Brumaire 2032", "no month"),
    ],
)
def test_what_can_t_be_read_is_told_with_its_reason(line, why):
    with override("en"):
        (read_line,) = read(line, NINE, ELEVEN)
    assert why in read_line.error


def test_looking_makes_nothing(desk, bureau):
    assert desk.get(address(bureau)).status_code == 200
    assert desk.post(address(bureau), form("2032-05-06")).status_code == 200
    assert Event.objects.count() == 1


def test_each_date_becomes_an_event_of_its_own_numbered_in_order(desk, bureau):
    _sent, answer = shown_then_made(desk, bureau, "2032-09-02\n6 mai 2032, 14 h\n\n4 November 2032")
    assert answer.status_code == 303
    assert starts(bureau) == ["2032-05-06 14:00", "2032-09-02 09:00", "2032-11-04 09:00"]
    made = Event.objects.exclude(pk=bureau.pk).order_by("start_local")
    assert [one.ordinal for one in made] == [5, 6, 7]
    assert {one.title.localize("en") for one in made} == {"Bureau meeting 2032"}
    assert len({one.uid for one in made} | {bureau.uid}) == 4
    assert not any(one.live for one in made)
    assert all(one.regions.count() == 1 for one in made)


def test_published_together_they_are_public(desk, client, bureau):
    shown_then_made(desk, bureau, "2032-05-06\n2032-09-02", public="published")
    assert Event.objects.filter(live=True).count() == 3
    page = EventPage.objects.get(event__start_local=dt.datetime(2032, 5, 6, 9), locale__language_code="en")
    assert client.get(page.get_url()).status_code == 200


def test_the_table_shows_weekday_hours_and_what_is_to_know(desk, bureau):
    Event.objects.filter(pk=bureau.pk).update(timezone="Europe/Paris")
    page = text(desk.post(address(bureau), form("2032-05-06\n2031-05-12\n2020-01-02\n2032-10-31 02:30-04:00")))
    assert "Thursday, 6 May 2032" in page
    assert "There is already: Bureau meeting 2031" in page
    assert "This date has passed." in page
    assert "comes twice" in page
    assert "Central European" in page


def test_what_is_there_already_is_not_ticked(desk, bureau):
    shown_then_made(desk, bureau, "2032-05-06\n2031-05-12")
    assert starts(bureau) == ["2032-05-06 09:00"]


def test_errors_name_the_line_and_nothing_typed_is_lost(desk, bureau):
    typed = "2032-05-06\n31 février 2032\n2032-05-06\n2032-03-28 02:30"
    answer = desk.post(address(bureau), form(typed))
    assert answer.status_code == 422
    page = text(answer)
    assert "Line 2, “31 février 2032”" in page
    assert "Line 3" in page
    assert "line 1 already" in page
    assert "Line 4" in page
    assert "03:30" in page
    assert filled(answer)["dates"].splitlines() == typed.split("\n")
    assert Event.objects.count() == 1


def test_the_reasons_are_told_in_the_reader_s_language(desk, staff, bureau):
    staff.wagtail_userprofile.preferred_language = "es"
    staff.wagtail_userprofile.save()
    page = text(desk.post(address(bureau), form("lunes 6 de mayo de 2032")))
    assert "jueves, 6 de mayo de 2032" in page


def test_sent_twice_each_date_is_made_once(desk, bureau):
    sent, _answer = shown_then_made(desk, bureau, "2032-05-06\n2032-09-02")
    assert desk.post(address(bureau), sent).status_code == 303
    assert Event.objects.count() == 3
    more = sent | {"dates": sent["dates"] + "\n2032-11-04", "take": [*sent["take"], "2032-11-04T09:00:00"]}
    desk.post(address(bureau), more)
    assert Event.objects.count() == 4


def test_all_are_made_or_none(desk, bureau):
    Event.objects.filter(pk=bureau.pk).update(title=told("", "English only"), sort_title="english only")
    _sent, answer = shown_then_made(desk, again(bureau), "2032-05-06\n2032-09-02", public="published")
    assert answer.status_code == 409
    assert "Thursday, 6 May 2032: The French" in text(answer)
    assert not starts(bureau)


def test_no_date_ticked_makes_nothing(desk, bureau):
    answer = desk.post(address(bureau), form("2032-05-06", confirm="1"))
    assert answer.status_code == 422
    assert Event.objects.count() == 1


def test_a_series_with_a_rule_has_its_own_screen(desk, bureau):
    series = meeting(recurrence=deserialize("RRULE:FREQ=WEEKLY;COUNT=3"), end_local=ELEVEN)
    assert desk.get(address(series)).status_code == 302
    assert address(bureau) in desk.get(reverse(f"{NAMES}:edit", args=[bureau.pk])).content.decode()
    assert address(series) not in desk.get(reverse(f"{NAMES}:edit", args=[series.pk])).content.decode()


def test_from_the_list_one_chooses_the_model(desk, bureau):
    choose = reverse(f"{NAMES}:several_model")
    assert choose in desk.get(reverse(f"{NAMES}:list")).content.decode()
    assert desk.get(choose).status_code == 200
    assert desk.get(choose, {"event": bureau.pk})["Location"] == address(bureau)
    assert desk.get(choose, {"event": "999999"}).status_code == 200


def test_translators_and_strangers_make_none(translator, client, bureau):
    for other in (translator, client):
        assert other.get(address(bureau)).status_code in (302, 403, 404)
        other.post(address(bureau), form("2032-05-06", confirm="1", take=["2032-05-06T09:00:00"]))
    assert Event.objects.count() == 1
