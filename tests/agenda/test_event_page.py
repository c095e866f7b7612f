"""An event's page: when and where, what became of it, and the way in."""

import datetime as dt

import pytest
import time_machine
from wagtail.models import Site

from events.models import Event, EventPage
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, again, publish, told
from tests.reading import Pages, rows, text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
SECRET = "https://meet.example/secret-room"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pages(client):
    return Pages(client)


def made(**facts):
    facts = {
        "title": told("Rencontre d’Abidjan", "Abidjan Meeting", "Encuentro de Abiyán"),
        "start_local": dt.datetime(2026, 9, 15, 8, 30),
        "end_local": dt.datetime(2026, 9, 15, 17),
        "timezone": "Africa/Nairobi",
        "city": told("Nairobi", "Nairobi"),
        "country": "KE",
        "joining_url": SECRET,
    } | facts
    return EventFactory.published(**facts)


def address(event, language="en"):
    return EventPage.objects.get(event=event, locale__language_code=language).get_url()


def test_the_hour_is_told_at_the_place_in_utc_and_where_one_asks(pages):
    event = made()
    page = pages.open(address(event))
    hours = text(page, ".hours")
    assert "08:30–17:00 East Africa Time (Nairobi, UTC+3)" in hours
    assert "05:30–14:00 UTC" in hours
    assert page.select_one(".hours time")["datetime"] == "2026-09-15T08:30+03:00"
    assert text(page, ".day b") == "15"
    form = page.select_one("form.zone")
    assert "Asia/Kolkata" in [option["value"] for option in form.select("option")]
    status, there = pages.led(f"{form['action']}?zone=Asia/Kolkata")
    assert (status, there) == (302, "/en/calendar/abidjan-meeting/time/Asia/Kolkata/")
    assert "11:00–19:30 India Standard Time (Kolkata, UTC+5:30)" in text(pages.open(there), ".hours")
    french = pages.open(address(event, "fr") + "heure/Pacific/Honolulu/")
    assert "14 septembre" in text(french, ".hours .yours")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Asia", "", "Etc/GMT-3", "Factory", "asia/kolkata", "Asia/Kolkata/x"])
def test_an_unknown_zone_is_not_there(pages, zone):
    path = address(made())
    pages.open(f"{path}time/{zone}/".replace("//", "/"), 404)


def test_the_joining_link_is_never_shown(pages):
    event = made(format="online", registration="here")
    for language in ("fr", "en", "es"):
        for path in (address(event, language), f"/{language}/"):
            assert SECRET not in str(pages.open(path))
    assert SECRET not in str(pages.open("/en/search/?q=Abidjan"))


def test_a_postponed_event_and_its_replacement_lead_to_each_other(pages):
    new = made(
        title=told("La nouvelle", "The new one"),
        start_local=dt.datetime(2026, 11, 2, 9),
        end_local=dt.datetime(2026, 11, 2, 12),
    )
    old = made(status="postponed", replacement=new)
    page = pages.open(address(old))
    assert "This meeting is postponed." in text(page, ".notice")
    assert [link["href"] for link in page.select(".notice a")] == [address(new)]
    assert "2 November 2026" in text(page, ".notice")
    assert not page.select("[rel=register]")
    back = pages.open(address(new))
    assert [link["href"] for link in back.select(".notice a")] == [address(old)]
    listed = pages.open("/en/calendar/")
    assert "Postponed" in text(listed, ".gone")
    assert address(new) in [link["href"] for link in listed.select(".gone a")]


def test_a_cancelled_event_stays_and_a_tentative_one_says_so(pages):
    cancelled = made(status="cancelled", registration="here")
    page = pages.open(address(cancelled))
    assert "This meeting is cancelled." in text(page, ".notice")
    assert not page.select("[rel=register]")
    tentative = made(title=told("Peut-être", "Maybe"), status="tentative")
    assert "not confirmed" in text(pages.open(address(tentative)), ".notice")
    assert "Date to be confirmed" in text(pages.open("/en/calendar/"), ".rows")


def test_events_inside_an_event_are_shown_both_ways(pages):
    day = made(
        title=told("La Journée", "The Day"),
        start_local=dt.datetime(2026, 9, 15),
        end_local=dt.datetime(2026, 9, 15, 23),
    )
    forum = made(title=told("Le Forum", "The Forum"), parent=day, kind="forum")
    hidden = made(title=told("Caché", "Hidden"), parent=day)
    again(hidden).unpublish()
    page = pages.open(address(day))
    assert rows(page) == ["The Forum"]
    inside = pages.open(address(forum))
    assert inside.select_one(f".facts a[href='{address(day)}']")
    again(day.children.get(pk=forum.pk))
    Event.objects.filter(pk=day.pk).update(live=False)
    assert "The Day" not in text(pages.open(address(forum)))


def test_organisers_languages_regions_and_objectives_are_named(pages):
    region = RegionFactory(code="ORG-R", name=told("Contrée", "Country of ours"))
    event = made(regions=[region], languages=["fr", "sw"], interpretation=True, theme=told("Un thème", "A theme"))
    event.organisers.add(
        event.organisers.model(
            organisation=OrganisationFactory(short_name="HST", name=told("L’hôte", "The host")), role="host"
        )
    )
    event.organisers.add(
        event.organisers.model(
            organisation=OrganisationFactory(short_name="SPN", name=told("Mécène"), country=""), role="sponsor"
        )
    )
    event.save_revision().publish()
    page = pages.open(address(event))
    body = text(page, "article")
    for words in ("The host", "Country of ours", "French, Swahili", "With interpretation", "A theme", "Nairobi, Kenya"):
        assert words in body
    assert page.select_one(".orgs [lang=fr]").get_text() == "Mécène"
    assert body.index("The host") < body.index("Mécène")


def test_several_who_have_one_role_stand_under_its_plural(pages):
    event = made()
    for name, role in [("AAA", "co_organiser"), ("BBB", "co_organiser"), ("CCC", "supporter")]:
        event.organisers.add(
            event.organisers.model(organisation=OrganisationFactory(short_name=name, name=told(name)), role=role)
        )
    event.save_revision().publish()
    for language, headings in [
        ("fr", ["Coorganisateurs", "Soutien"]),
        ("en", ["Co-organisers", "Supporter"]),
        ("es", ["Coorganizadores", "Apoyo"]),
    ]:
        page = pages.open(address(event, language))
        assert [heading.get_text() for heading in page.select("article h3")] == headings


def register_links(page):
    return page.select("[rel=register]")


def test_one_link_leads_to_the_registration_while_it_is_open(pages):
    event = made(registration="here")
    page = pages.open(address(event))
    assert [link["href"] for link in register_links(page)] == [f"/en/registration/{event.uid}/"]
    publish(event, registration_opens_local=dt.datetime(2026, 8, 1, 9))
    page = pages.open(address(event))
    assert not register_links(page)
    assert "Opens on 1 August 2026, 09:00" in text(page, ".facts")
    publish(event, registration_opens_local=None, registration_closes_local=dt.datetime(2026, 6, 1, 9))
    page = pages.open(address(event))
    assert not register_links(page)
    assert "Closed" in text(page, ".facts")


@pytest.mark.parametrize(
    ("taken", "words"), [(0, "50 seats left"), (41, "the last 9 seats"), (49, "the last seat"), (50, "Fully booked")]
)
def test_seats_left_are_told(pages, taken, words):
    event = made(registration="here", capacity=50)
    event.pools.filter(key="event").update(taken=taken)
    page = pages.open(address(event))
    assert words in text(page, ".facts")
    assert bool(register_links(page)) == (taken < 50)


def test_registration_elsewhere_leads_there(pages):
    event = made(registration="elsewhere", registration_url="https://tickets.example/1")
    page = pages.open(address(event))
    assert page.select_one(".acts a[href='https://tickets.example/1']")
    assert not register_links(page)


def test_a_meeting_of_members_asks_for_an_invitation(pages):
    event = made(registration="here", access="members")
    page = pages.open(address(event))
    assert "you will need the code of your invitation" in text(page, ".facts")
    assert len(register_links(page)) == 1
    assert "for members of the Consortium" in text(pages.open("/en/calendar/"), ".rows")


def test_a_series_shows_its_next_date_and_those_that_follow(pages):
    from recurrence import Recurrence, Rule
    from recurrence.base import MONTHLY

    event = made(
        start_local=dt.datetime(2026, 5, 7, 15), end_local=dt.datetime(2026, 5, 7, 16), timezone="Europe/Paris",
        recurrence=Recurrence(rrules=[Rule(MONTHLY, count=5)], include_dtstart=False),
    )  # fmt: skip
    page = pages.open(address(event))
    assert text(page, ".day span") == "July 2026"
    ahead, gone = page.select("ol.dates")
    assert [date["datetime"][:10] for date in ahead.select("time")] == ["2026-07-07", "2026-08-07", "2026-09-07"]
    assert [date["datetime"][:10] for date in gone.select("time")] == ["2026-06-07", "2026-05-07"]


def test_an_all_day_event_has_no_hour_to_convert(pages):
    event = made(
        all_day=True, start_local=dt.datetime(2026, 9, 14), end_local=dt.datetime(2026, 9, 16), format="hybrid"
    )
    page = pages.open(address(event))
    assert text(page, ".day b") == "14 – 16"
    assert not page.select("form.zone, [data-yours]")
    assert "UTC" not in text(page, "article")


def test_an_event_has_a_feed_of_its_own(pages):
    event = made()
    page = pages.open(address(event))
    feeds = [link["href"] for link in page.select("link[type='text/calendar']")]
    assert f"http://testserver/ical/en/event/{event.uid}.ics" in feeds
    assert page.select_one(f".acts a[href='webcal://testserver/ical/en/event/{event.uid}.ics']")


def test_a_title_that_changes_moves_the_page_and_the_old_address_leads_there(pages):
    event = made()
    before = {code: address(event, code) for code in ("fr", "en", "es")}
    Site.clear_site_root_paths_cache()
    publish(event, title=told("Rencontre de Dakar", "Dakar Meeting", "Encuentro de Abiyán"))
    assert address(event, "en") == "/en/calendar/dakar-meeting/"
    for code in ("fr", "en"):
        assert pages.led(before[code]) == (301, address(event, code))
    assert address(event, "es") == before["es"]
    assert text(pages.open(address(event, "en")), "h1") == "Dakar Meeting"


def test_drafts_and_withdrawn_events_are_nowhere(pages):
    event = made()
    paths = [address(event, code) for code in ("fr", "en", "es")]
    draft = again(event)
    draft.title = told("Titre secret", "Secret title", "Título secreto")
    draft.save_revision()
    assert "Secret title" not in str(pages.open(paths[1]))
    again(event).unpublish()
    for path in paths:
        pages.open(path, 404)
    for path in ("/en/", "/en/calendar/"):
        assert "Abidjan" not in str(pages.open(path))


def test_meetings_of_one_name_are_told_apart_by_their_day(pages):
    made(start_local=dt.datetime(2026, 9, 1, 9), end_local=dt.datetime(2026, 9, 1, 11), theme=told("Le sol"))
    page = pages.open(address(Event.objects.get(), "fr"))
    assert text(page, "title") == "Rencontre d’Abidjan, mardi 1er septembre 2026 – 4 pour 1000"
    summary = page.select_one("meta[name=description]")["content"]
    assert summary.endswith("mardi 1er septembre 2026, Nairobi, Kenya. Le sol")


def test_a_place_not_known_yet_is_not_left_empty(pages):
    event = made(city=told(""), country="")
    page = pages.open(address(event))
    assert "Place To be told later" in text(page, ".facts")
    assert all(part.get_text(strip=True) for part in page.select(".facts dd, .head-words p:not([hidden])"))


def test_a_series_that_is_over_tells_all_its_dates(pages):
    event = made(
        start_local=dt.datetime(2026, 5, 11, 11),
        end_local=dt.datetime(2026, 5, 11, 13),
        recurrence="RRULE:FREQ=DAILY;COUNT=3",
    )
    page = pages.open(address(event))
    assert text(page, ".day b") == "13"
    dates = [time["datetime"][:10] for time in page.select(".dates time")]
    assert dates == ["2026-05-13", "2026-05-12", "2026-05-11"]
