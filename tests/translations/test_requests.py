"""What is published in one language is asked for in the others, and what has changed since is known."""

import pytest
from wagtail.models import Page
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from events.models import EventPage
from pages.models import Edition, StandardPage
from pages.translation import words
from pages.translation.publishing import Incomplete
from pages.translation.publishing import publish as publish_translation
from pages.translation.rendition import Rendition
from pages.translation.request import catch_up
from regions.models import NewsPage
from tests.factories import EventFactory, told
from tests.translations.conftest import other, text, translate, translation

pytestmark = pytest.mark.django_db


def languages_of(page):
    return sorted(
        Page.objects.filter(translation_key=page.translation_key).values_list("locale__language_code", "live")
    )


def test_published_news_wait_as_drafts_in_the_other_languages(west, write):
    news = write(west, "Trois villages")
    assert languages_of(news) == [("en", False), ("es", False), ("fr", True)]
    assert Rendition.objects.missing().filter(source=news).count() == 2


def test_a_draft_asks_for_nothing(west, write):
    news = write(west, "Trois villages", published=False)
    assert languages_of(news) == [("fr", False)]
    assert not TranslationSource.objects.filter(object_id=news.translation_key).exists()


@pytest.mark.parametrize(("first", "others"), [("en", {"fr", "es"}), ("es", {"fr", "en"})])
def test_the_language_first_written_is_the_source(west, write, first, others):
    news = write(west, "Three villages", first)
    source = TranslationSource.objects.get(object_id=news.translation_key)
    assert source.locale.language_code == first
    assert {t.target_locale.language_code for t in source.translations.all()} == others


def test_publishing_again_without_a_change_makes_nothing_stale(west, write, publish):
    news = write(west, "Trois villages")
    publish_translation(translate(news, "en"), None)
    publish(other(news, "en"))
    publish(news)
    publish(news)
    assert not Rendition.objects.stale().filter(source=news).exists()


def test_a_source_that_changes_makes_its_translations_stale_until_they_follow(west, write, publish, committed):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    assert not Rendition.objects.stale().filter(source=news).exists()

    news = publish(news, body=text("Le sol revit.", "Les hommes aussi."))
    assert Rendition.objects.stale().get(source=news).page.locale.language_code == "en"
    assert str(other(news, "en").body).count("hommes") == 0

    with committed():
        publish_translation(translate(news, "en"), None)
    assert not Rendition.objects.stale().filter(source=news).exists()
    assert "EN Les hommes aussi." in str(other(news, "en").body)


def test_what_was_proposed_before_the_source_changed_is_stale_when_it_is_approved(west, write, publish, committed):
    from pages.translation.publishing import propose

    news = write(west, "Trois villages")
    propose(translate(news, "en"), None)
    news = publish(news, summary="Un an de travail.")
    english = other(news, "en")
    with committed():
        english.get_latest_revision().publish()
    row = Rendition.objects.get(page=english)
    assert row.is_told
    assert Rendition.objects.stale().filter(pk=row.pk).exists()


def test_nothing_is_published_with_a_text_untranslated(west, write):
    news = write(west, "Trois villages")
    made = translate(news, "en", leaving=1)
    with pytest.raises(Incomplete):
        publish_translation(made, None)
    assert not other(news, "en").live
    assert other(news, "en").title == news.title


def test_the_address_of_a_translation_follows_its_title_until_it_is_public(west, write, publish, committed):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en", "Good news:"), None)
    assert other(news, "en").slug == "good-news-trois-villages"
    news = publish(news, title="Quatre villages")
    with committed():
        publish_translation(translate(news, "en", "Better news:"), None)
    english = other(news, "en")
    assert (english.slug, english.title) == ("good-news-trois-villages", "Better news: Quatre villages")


def test_a_date_and_what_it_is_about_follow_at_once_in_all_languages(west, south, write, publish, committed):
    import datetime as dt

    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    before = Edition.now()
    news = publish(news, date=dt.date(2030, 3, 4), more_regions=[south], kind="success_story")
    english = other(news, "en")
    assert english.date == dt.date(2030, 3, 4)
    assert english.kind == "success_story"
    assert list(english.more_regions.all()) == [south]
    assert not Rendition.objects.stale().filter(source=news).exists()
    assert Edition.now() > before


def test_an_events_title_and_address_are_never_translated_with_its_prose(publish, committed):
    event = EventFactory.published(title=told("Réunion", "Meeting", "Reunión"))
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Bonjour."))
    texts = StringSegment.objects.filter(source__object_id=page.translation_key).values_list("string__data", flat=True)
    assert list(texts) == ["Bonjour."]
    with committed():
        publish_translation(translate(page, "en"), None)
    english = other(page, "en")
    assert (english.title, english.slug, english.live) == ("Meeting", "meeting", True)
    assert "EN Bonjour." in str(english.body)


def test_an_event_without_prose_asks_for_nothing(publish):
    event = EventFactory.published()
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"))
    assert not TranslationSource.objects.filter(object_id=page.translation_key).exists()


def test_texts_written_alike_by_hand_are_laid_side_by_side(publish):
    page = StandardPage.objects.get(locale__language_code="en", title="Privacy")
    catch_up()
    made = translation(page, "en")
    assert made.enabled
    total, done = made.get_progress()
    assert total == done > 0
    assert Rendition.objects.get(page=page).is_told
    assert not Rendition.objects.stale().filter(page=page).exists()


def test_a_text_built_otherwise_stays_a_text_of_its_own(west, write, publish, committed):
    from regions.models import RegionPage

    news = write(west, "Trois villages", published=False)
    above = RegionPage.objects.get(region=west, locale__language_code="en")
    english = NewsPage(
        title="Three villages", live=False, translation_key=news.translation_key, body=text("One paragraph only.")
    )
    above.add_child(instance=english)
    with committed():
        english.save_revision().publish()
        news.save_revision().publish()
    page = other(news, "fr")
    made = Translation.objects.get(source__object_id=news.translation_key, target_locale=page.locale)
    assert not made.enabled
    assert "Le sol revit." in str(page.body)


def test_the_worker_asks_for_what_a_publication_could_not(west, write):
    news = write(west, "Trois villages", published=False)
    news.save_revision().publish()  # what follows the commit is lost
    assert languages_of(news) == [("fr", True)]
    catch_up()
    assert languages_of(news) == [("en", False), ("es", False), ("fr", True)]
    assert catch_up() == "0 settled"


def test_a_text_that_can_not_be_settled_holds_up_no_other(west, write, monkeypatch):
    catch_up()
    broken, sound = write(west, "Cassé", published=False), write(west, "Entier", published=False)
    for news in (broken, sound):
        news.save_revision().publish()
    found = words.has_any

    def has_any(page):
        if page.pk == broken.pk:
            raise LookupError("no such block")
        return found(page)

    monkeypatch.setattr(words, "has_any", has_any)
    with pytest.raises(ExceptionGroup, match="1 settled"):
        catch_up()
    assert languages_of(sound) == [("en", False), ("es", False), ("fr", True)]


def test_settling_twice_changes_nothing(west, write, committed):
    from pages.translation.request import settle

    news = write(west, "Trois villages")
    before = list(Rendition.objects.order_by("pk").values())
    number = Edition.now()
    settle(news.translation_key)
    assert list(Rendition.objects.order_by("pk").values()) == before
    assert Edition.now() == number


def test_a_region_without_a_page_in_a_language_stops_nobody(west, write):
    from regions.models import RegionPage

    RegionPage.objects.get(region=west, locale__language_code="es").delete()
    assert languages_of(write(west, "Trois villages")) == [("en", False), ("fr", True)]
