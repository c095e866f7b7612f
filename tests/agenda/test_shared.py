"""What search engines and shared links read of an event."""

import datetime as dt
import json

import pytest

from events.founding.trees import tell_region
from events.models import Event, EventOrganiser, EventPage
from regions import profiles
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, TicketFactory, publish, told
from tests.reading import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page_of(client, event, language="en"):
    address = EventPage.objects.get(event=event, locale__language_code=language).get_url()
    return Pages(client).open(address)


def data(client, event, language="en", kind="Event"):
    blocks = page_of(client, event, language).select("script[type='application/ld+json']")
    found = [one for one in (json.loads(block.string) for block in blocks) if one["@type"] == kind]
    assert len(found) == 1
    return found[0]


def test_an_event_is_told_with_its_hours_place_and_organisers(client):
    event = EventFactory.create(
        city=told("Abidjan"), venue=told("Grande salle", "Great Hall"), country="CI", timezone="Africa/Abidjan"
    )
    EventOrganiser.objects.create(
        event=event, organisation=OrganisationFactory(url="https://host.example/"), role="host"
    )
    event.save_revision().publish()
    read = data(client, event)
    assert read["startDate"] == "2031-05-12T09:00+00:00"
    assert read["endDate"] == "2031-05-12T17:00+00:00"
    assert read["eventStatus"] == "https://schema.org/EventScheduled"
    assert read["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert read["location"]["name"] == "Great Hall"
    assert read["location"]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Abidjan",
        "addressCountry": "CI",
    }
    assert read["organizer"][0]["url"] == "https://host.example/"
    assert data(client, event, "fr")["location"]["name"] == "Grande salle"


def test_who_is_not_named_as_organiser_is_the_initiative_but_not_of_what_others_hold(client):
    own = data(client, EventFactory.published(kind="webinar"), "fr")
    assert own["organizer"] == [{"@type": "Organization", "name": "4 pour 1000", "url": "https://4p1000.org/"}]
    assert "organizer" not in data(client, EventFactory.published(kind="external_event"))


def test_the_joining_link_is_never_told(client):
    event = EventFactory.published(format="hybrid", city=told("Dakar"), joining_url="https://meet.example/secret")
    page = page_of(client, event)
    assert "meet.example" not in str(page)
    place, online = data(client, event)["location"]
    assert place["address"]["addressLocality"] == "Dakar"
    assert online["url"].endswith(event.pages.get(locale__language_code="en").slug + "/")


def test_a_postponed_event_keeps_its_old_date_and_one_that_is_replaced_takes_the_new_one(client):
    event = EventFactory.published(status="postponed", timezone="UTC")
    read = data(client, event)
    assert read["eventStatus"] == "https://schema.org/EventPostponed"
    assert read["previousStartDate"] == read["startDate"] == "2031-05-12T09:00+00:00"
    later = EventFactory.published(
        start_local=dt.datetime(2032, 2, 1, 9), end_local=dt.datetime(2032, 2, 1, 17), timezone="UTC"
    )
    publish(event, replacement=later)
    read = data(client, event)
    assert read["eventStatus"] == "https://schema.org/EventRescheduled"
    assert (read["previousStartDate"], read["startDate"]) == ("2031-05-12T09:00+00:00", "2032-02-01T09:00+00:00")


def test_a_cancelled_event_says_so_and_offers_nothing(client):
    event = EventFactory.published(registration="here", status="cancelled")
    read = data(client, event)
    assert read["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in read


@pytest.mark.parametrize(
    ("currency", "units", "price"), [("EUR", 6000, "60.00"), ("XOF", 15000, "15000"), ("TND", 5250, "5.250")]
)
def test_each_ticket_is_an_offer_in_whole_units_of_its_currency(client, currency, units, price):
    event = EventFactory.published(registration="here")
    TicketFactory(event=event, code="free", name=told("Gratuit", "Free"))
    TicketFactory(event=event, code="paid", name=told("Payant", "Paid"), price=units, currency=currency)
    free, paid = data(client, event)["offers"]
    assert (free["price"], free["availability"]) == ("0.00", "https://schema.org/InStock")
    assert (paid["name"], paid["price"], paid["priceCurrency"]) == ("Paid", price, currency)
    assert paid["availability"] == "https://schema.org/OutOfStock"  # the form does not sell it yet


def test_a_day_and_what_it_holds_know_each_other(client):
    day = EventFactory.published(title=told("Journée", "Day"), kind="initiative_day")
    forum = EventFactory.published(title=told("Forum", "Forum"), parent=day)
    assert [one["name"] for one in data(client, day)["subEvent"]] == ["Forum"]
    assert data(client, forum)["superEvent"]["name"] == "Day"
    assert data(client, forum)["superEvent"]["url"] == data(client, day)["url"]


def test_an_event_of_whole_days_has_no_hour(client):
    event = EventFactory.published(all_day=True)
    assert (data(client, event)["startDate"], data(client, event)["endDate"]) == ("2031-05-12", "2031-05-12")


def test_no_title_can_end_the_block(client):
    event = EventFactory.published(title=told("</script><b>&lt;", "</script><i>"))
    assert data(client, event)["name"] == "</script><i>"


def test_the_way_from_home_is_told_too(client):
    event = EventFactory.published(title=told("Réunion", "Meeting of Abidjan"))
    steps = data(client, event, kind="BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert steps[-1]["name"] == "Meeting of Abidjan"


def test_a_shared_link_shows_the_title_the_languages_and_a_picture_that_exists(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    event = EventFactory.published(title=told("Accra", "Meeting of Accra"), regions=[RegionFactory(code="AFR-W")])
    page = page_of(client, event)
    card = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:']")}
    assert card["og:title"] == "Meeting of Accra"
    assert card["og:locale"] == "en_GB"
    assert card["og:url"] == page.select_one("link[rel=canonical]")["href"]
    picture = card["og:image"].removeprefix(settings.SITE_URL)
    for _time in range(2):  # rendered, then read from where it is kept
        answer = client.get(picture)
        body = b"".join(answer.streaming_content)
        assert body.startswith(b"\x89PNG")
        assert "immutable" in answer.headers["Cache-Control"]
    assert len(list(tmp_path.rglob("*.png"))) == 1


def test_nobody_has_pictures_drawn_that_the_site_did_not_ask_for(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert client.get(f"/social/{profiles.EDITION}/afr-w/01234567-0123456789ab.png").status_code == 404
    assert not list(tmp_path.rglob("*.png"))


def test_an_events_ground_is_its_own_and_always_the_same(client):
    region = RegionFactory(code="AFR-W")
    events = [EventFactory.published(regions=[region]) for _number in range(2)]

    def picture(event):
        return client.get(page_of(client, event).select_one(".monolith img")["src"]).content

    assert picture(events[0]) == picture(Event.objects.get(pk=events[0].pk)) != picture(events[1])


def test_the_initiatives_own_meetings_do_not_all_look_alike():
    drawn = {profiles.of_kind("global", kind) for kind in ("forum", "consortium", "bureau", "initiative_day")}
    assert len(drawn) == 4
    assert profiles.of_kind("afr-w", "forum") == "afr-w"


def test_a_region_shows_its_own_ground_when_it_is_shared(client):
    region = RegionFactory(code="AFR-W")
    (page, *_others) = tell_region(region)
    card = {
        tag["property"]: tag["content"] for tag in Pages(client).open(page.get_url()).select("meta[property^='og:']")
    }
    assert "/afr-w/" in card["og:image"]


def test_a_browser_that_was_told_nothing_finds_an_icon(client):
    assert client.get("/favicon.ico").headers["Location"].endswith(".png")
