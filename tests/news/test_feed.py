"""News as RSS: each item once, in the reader's language or marked as what it is."""

import uuid

import feedparser
import pytest
from django.test import Client

from regions.models import NewsPage
from tests.news.conftest import page_of

pytestmark = pytest.mark.django_db


def news(region, title, language="fr", like=None, **facts):
    above = page_of(region, language)
    page = NewsPage(title=title, locale=above.locale, summary=f"{title}, en bref", **facts)
    if like is not None:
        page.translation_key = like.translation_key
    above.add_child(instance=page)
    page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


def read(path, **headers):
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, path
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return answer, found


def test_each_item_is_told_once_in_the_language_or_says_its_own(west):
    both = news(west, "Bonne nouvelle")
    news(west, "Good news", "en", like=both)
    only = news(west, "Seulement en français")
    _answer, feed = read("/feeds/en/news.rss")
    assert [(item.title, item.dc_language if "dc_language" in item else item.language) for item in feed.entries] == [
        ("Seulement en français", "fr"),
        ("Good news", "en"),
    ]
    assert feed.entries[0].title_detail.language == "fr"
    assert feed.entries[1].title_detail.language == "en"
    assert [item.id for item in feed.entries] == [f"urn:uuid:{page.translation_key}" for page in (only, both)]
    assert feed.entries[1].link.endswith("/en/regions/trial-west/good-news/")
    assert feed.feed.language == "en"
    assert uuid.UUID(feed.entries[0].id.removeprefix("urn:uuid:"))


def test_a_regions_feed_holds_its_own_and_what_concerns_it(west, south):
    mine = news(west, "De l’Ouest")
    news(south, "Du Sud")
    shared = news(south, "Des deux")
    shared.more_regions.add(west)
    shared.save_revision().publish()
    _answer, feed = read("/feeds/fr/region/N-WEST/news.rss")
    assert {item.title for item in feed.entries} == {"De l’Ouest", "Des deux"}
    assert "Ouest d’essai" in feed.feed.title
    assert mine.summary in [item.summary for item in feed.entries]


def test_drafts_are_not_told(west):
    above = page_of(west)
    above.add_child(instance=NewsPage(title="Brouillon", live=False, locale=above.locale))
    assert not read("/feeds/fr/news.rss")[1].entries


def test_a_reader_that_has_it_is_told_so_until_something_changes(west):
    news(west, "Bonne nouvelle")
    first, _feed = read("/feeds/fr/news.rss")
    client = Client()
    again = client.get("/feeds/fr/news.rss", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    since = client.get("/feeds/fr/news.rss", headers={"if-modified-since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    news(west, "Une autre")
    assert client.get("/feeds/fr/news.rss", headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_a_feed_sets_no_cookie_and_varies_by_nothing(west):
    answer, _feed = read("/feeds/fr/news.rss", **{"accept-language": "es"})
    assert not answer.cookies
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Content-Type"].startswith("application/rss+xml")


@pytest.mark.parametrize(
    "path", ["/feeds/de/news.rss", "/feeds/fr/region/NOWHERE/news.rss", "/feeds/fr/region/%00/news.rss"]
)
def test_an_unknown_feed_is_not_found(west, path):
    assert Client().get(path).status_code == 404


def test_the_same_number_of_questions_whatever_the_number_of_items(west, django_assert_max_num_queries):
    for number in range(6):
        news(west, f"Nouvelle {number}")
    Client().get("/feeds/fr/news.rss")
    with django_assert_max_num_queries(3):
        Client().get("/feeds/fr/news.rss")


def test_a_region_that_no_database_can_be_asked_for_has_no_feed(client):
    assert client.get("/feeds/fr/region/%00/news.rss").status_code == 404
