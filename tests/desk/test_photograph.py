"""An editor's photograph in place of the drawn ground."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from events.models import Event, EventPage
from tests.factories import EventFactory, again, publish, told
from tests.reading import Pages

# Wagtail leaves the files of pictures it has just made to the garbage collector.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # in which pictures of another test are remembered


@pytest.fixture
def field():
    """A picture of a field, as wide as a camera makes it."""
    taken = BytesIO()
    Image.new("RGB", (1600, 1200), "#6b4a30").save(taken, "JPEG")
    return get_image_model().objects.create(title="Field", file=ContentFile(taken.getvalue(), "field.jpg"))


def page_of(client, event, language):
    return Pages(client).open(EventPage.objects.get(event=event, locale__language_code=language).get_url())


def card(page, name):
    return page.select_one(f"meta[property='og:{name}']")["content"]


def test_a_photograph_stands_where_the_ground_was_in_every_language(client, settings, field):
    event = EventFactory.published(photo=field, photo_alt=told("Un champ", "A field"), photo_credit="Awa Example")
    for language, words, lang in [("fr", "Un champ", None), ("en", "A field", None), ("es", "Un champ", "fr")]:
        page = page_of(client, event, language)
        picture = page.select_one("figure.photograph img:not(.ground)")
        assert (picture["alt"], picture.get("lang")) == (words, lang)
        assert (picture["width"], picture["height"]) == ("400", "560")
        assert "Awa Example" in page.select_one("figure.photograph figcaption").text
        assert page.select_one("figure.photograph img.ground")["alt"] == ""
        assert not page.select(".monolith")
        assert Path(settings.MEDIA_ROOT, picture["src"].removeprefix(settings.MEDIA_URL)).is_file()


def test_a_shared_link_shows_the_photograph(client, settings, field):
    event = EventFactory.published(photo=field, photo_alt=told("Un champ", "A field"))
    page = page_of(client, event, "en")
    shared = card(page, "image")
    assert shared.startswith(settings.SITE_URL)
    stored = Path(settings.MEDIA_ROOT, shared.removeprefix(settings.SITE_URL + settings.MEDIA_URL))
    with Image.open(stored) as picture:
        assert (picture.size, picture.format) == ((1200, 630), "JPEG")
    assert card(page, "image:alt") == "A field"
    blocks = [json.loads(block.string) for block in page.select("script[type='application/ld+json']")]
    assert next(one for one in blocks if one["@type"] == "Event")["image"] == [shared]


def test_an_event_without_photograph_or_whose_file_is_lost_shows_its_ground(client, field):
    event = EventFactory.published(photo=field, photo_alt=told("Un champ"))
    Path(field.file.path).unlink()
    page = page_of(client, event, "fr")
    assert page.select_one(".monolith img")["alt"] == ""
    assert "/social/" in card(page, "image")


def test_the_page_stays_when_the_photograph_is_deleted(client, field):
    event = EventFactory.published(photo=field, photo_alt=told("Un champ"))
    field.delete()
    assert page_of(client, event, "fr").select(".monolith")
    publish(again(event), capacity=5)


def test_nothing_with_a_photograph_is_public_before_somebody_says_what_it_shows(desk, typed, field):
    address = reverse("wagtailsnippets_events_event:add")
    draft = desk.post(address, typed(photo=field.pk))
    assert draft.status_code == 302  # a draft may wait
    refused = desk.post(address, typed(photo=field.pk) | {"action-publish": "1"})
    assert "what the picture shows" in str(refused.context["form"].errors["photo_alt"])
    desk.post(address, typed(photo=field.pk, photo_alt_0="Un champ", photo_credit="Awa") | {"action-publish": "1"})
    event = Event.objects.get(live=True)
    assert (event.photo, event.photo_credit) == (field, "Awa")


def test_an_approval_or_a_schedule_does_not_get_around_the_words(field):
    event = EventFactory.published()
    with pytest.raises(Exception, match="what the picture shows"):
        publish(event, photo=field)
    assert again(event).photo is None
