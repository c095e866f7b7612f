"""What a reader sees: what is behind its source says so, what is not translated is marked with its language."""

import pytest
from django.urls import reverse

from events.desk.languages import annotate, languages_of
from events.models import Event, EventPage
from pages.translation.publishing import publish as publish_translation
from pages.translation.rendition import Rendition
from tests.factories import EventFactory, told
from tests.translations.conftest import browser, other, text, translate

pytestmark = pytest.mark.django_db

BEHIND = "This translation is behind: the text in French has changed on"


def read(client, page):
    answer = client.get(page.get_url())
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def stale(west, write, publish, committed):
    """News in French and English, of which the French has changed."""
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    return publish(news, body=text("Tout a changé."))


def test_a_stale_page_says_since_when_and_leads_to_its_source(stale, client):
    page = read(client, other(stale, "en"))
    assert BEHIND in page
    assert f'href="{stale.url}" hreflang="fr"' in page
    assert "Tout a changé" not in page


def test_a_translation_that_follows_says_nothing(stale, client, committed):
    with committed():
        publish_translation(translate(stale, "en"), None)
    page = read(client, other(stale, "en"))
    assert BEHIND not in page
    assert "EN Tout a changé." in page


def test_the_source_itself_says_nothing(stale, client):
    assert "notice moved" not in read(client, stale)


def test_news_that_wait_for_their_translation_are_at_no_address(west, write, client):
    news = write(west, "Trois villages")
    assert client.get(other(news, "en").get_url()).status_code == 404
    assert 'hreflang="en"' not in read(client, news).split("</head>")[0]


def test_a_stale_page_is_still_one_of_its_language(stale, client):
    head = read(client, stale).split("</head>")[0]
    assert 'hreflang="en"' in head


def test_a_draft_that_got_out_untranslated_is_marked_as_french_and_named_to_no_engine(west, write, client, publish):
    """No way in the admin lets it out; a script might."""
    news = write(west, "Trois villages")
    english = other(news, "en")
    publish(english)
    page = read(client, english)
    assert '<main id="content" lang="fr"' in page
    assert "The text is not translated yet: it is shown in French." in page
    assert 'hreflang="en"' not in read(client, news).split("</head>")[0]


def test_an_events_prose_that_a_language_lacks_is_shown_in_the_sources_marked(publish, client):
    event = EventFactory.published(title=told("Réunion", "Meeting", "Reunión"))
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Le programme."))
    english = read(client, other(page, "en"))
    assert '<div lang="fr">' in english
    assert "Le programme." in english
    assert "The text is not translated yet: it is shown in French." in english
    assert '<main id="content">' in english  # title and facts are in English


def test_an_events_prose_once_translated_is_in_its_language(publish, client, committed):
    event = EventFactory.published(title=told("Réunion", "Meeting", "Reunión"))
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Le programme."))
    with committed():
        publish_translation(translate(page, "en"), None)
    english = read(client, other(page, "en"))
    assert "EN Le programme." in english
    assert "not translated yet" not in english
    publish(page, body=text("Un autre programme."))
    assert BEHIND in read(client, other(page, "en"))


# -- on the forms


def test_a_pages_form_names_its_languages_and_leads_there(stale, staff):
    page = browser(staff).get(reverse("wagtailadmin_pages:edit", args=[stale.pk])).content.decode()
    assert "Written in this language first" in page
    assert "The source has changed on" in page
    assert "Text to be translated." in page
    assert reverse("wagtailadmin_pages:edit", args=[other(stale, "en").pk]) in page


def test_an_events_form_names_what_each_language_lacks(publish, staff, committed):
    event = EventFactory.published(title=told("Réunion", es="Reunión"))
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Le programme."))
    with committed():
        publish_translation(translate(page, "es"), None)
    form = browser(staff).get(reverse("wagtailsnippets_events_event:edit", args=[event.pk])).content.decode()
    assert "Missing: title." in form
    assert "Text to be translated." in form
    assert "Text up to date." in form
    assert reverse("wagtailadmin_pages:edit", args=[other(page, "en").pk]) in form


def test_the_languages_of_many_events_cost_a_fixed_number_of_queries(publish, django_assert_num_queries):
    for number in range(4):
        event = EventFactory.published(title=told(f"Réunion {number}", "" if number else "Meeting"))
        publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Le programme."))
    with django_assert_num_queries(2):
        told_of = {event.pk: languages_of(event) for event in annotate(Event.objects.all())}
    states = {tuple(language.prose for language in languages) for languages in told_of.values()}
    assert states == {("source", "missing", "missing")}
    assert Rendition.objects.wanted().count() == 8
