"""The side-by-side editor: what is written there, published or proposed, and in which language it speaks."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringSegment

from pages.models import StandardPage
from pages.translation.publishing import publish as publish_translation
from pages.translation.rendition import Rendition
from regions.models import NewsPage
from tests.factories import mandate
from tests.translations.conftest import browser, member, other, text, translate, translation

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_translator_translates_every_text_and_publishes(west, write, translator, committed):
    news = write(west, "Trois villages")
    client, made = browser(translator), translation(news, "en")
    for segment in StringSegment.objects.filter(source=made.source).select_related("string"):
        address = reverse("wagtail_localize:edit_string_translation", args=[made.pk, segment.pk])
        answer = client.put(address, f"value=In English: {segment.string.data}", "application/x-www-form-urlencoded")
        assert answer.status_code == 201
    with committed():
        answer = client.post(edit(other(news, "en")), {"action": "publish"}, follow=True)
    assert "English: published." in answer.content.decode()
    english = other(news, "en")
    assert (english.live, english.title) == (True, "In English: Trois villages")


def test_what_is_not_whole_is_refused_with_how_much_is_left(west, write, translator, committed):
    news = write(west, "Trois villages")
    translate(news, "en", leaving=1)
    with committed():
        answer = browser(translator).post(edit(other(news, "en")), {"action": "publish"}, follow=True)
    assert "2 of 3 texts are translated" in answer.content.decode()
    assert not other(news, "en").live


def test_who_may_only_propose_proposes_and_the_staff_publish(west, write, correspondent, staff, committed):
    news = write(west, "Trois villages")
    translate(news, "en")
    english, client = other(news, "en"), browser(correspondent)
    with committed():
        client.post(edit(english), {"action": "publish"})
    assert not other(news, "en").live

    assert "Propose for publication" in client.get(edit(english)).content.decode()
    with committed():
        client.post(edit(english), {"action": "propose"})
    english = other(news, "en")
    assert (english.live, english.workflow_in_progress) == (False, True)

    desk = browser(staff)
    page = desk.get(edit(english)).content.decode()
    assert "Approve and publish" in page
    approve = reverse(
        "wagtailadmin_pages:workflow_action", args=[english.pk, "approve", english.current_workflow_task_state.pk]
    )
    assert approve in page
    with committed():
        desk.post(approve, {"next": edit(english)})
    english = other(news, "en")
    assert (english.live, english.title) == (True, "EN Trois villages")
    assert Rendition.objects.get(page=english).is_told


def test_wagtail_localize_alone_writes_a_draft_into_the_public_page(west, write, publish, committed):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    translate(news, "en", "Unreviewed:")
    translation(news, "en").save_target(publish=False)
    assert other(news, "en").title == "Unreviewed: Trois villages"  # live, and nobody has published it


def test_a_proposal_leaves_the_public_page_as_it_is(west, write, correspondent, committed):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    translate(news, "en", "Unreviewed:")
    with committed():
        browser(correspondent).post(edit(other(news, "en")), {"action": "propose"})
    english = other(news, "en")
    assert (english.title, english.live) == ("EN Trois villages", True)
    assert english.get_latest_revision_as_object().title == "Unreviewed: Trois villages"


def test_a_correspondent_who_may_publish_does(west, write, committed):
    user = member("publisher")
    mandate(user, west, languages=["en"], may_publish=True)
    news = write(west, "Trois villages")
    translate(news, "en")
    with committed():
        browser(user).post(edit(other(news, "en")), {"action": "publish"})
    assert other(news, "en").live


def test_only_who_may_publish_a_translation_stops_it(west, write, correspondent, translator):
    news = write(west, "Trois villages")
    stop = reverse("wagtail_localize:stop_translation", args=[translation(news, "en").pk])
    browser(correspondent).post(stop)
    assert translation(news, "en").enabled
    browser(translator).post(stop)
    assert not translation(news, "en").enabled
    browser(correspondent).post(edit(other(news, "en")), {"localize-restart-translation": "1"})
    assert not translation(news, "en").enabled
    browser(translator).post(edit(other(news, "en")), {"localize-restart-translation": "1"})
    assert translation(news, "en").enabled


def test_every_text_to_translate_can_be_reached_in_the_editor(west, write, translator, publish):
    news = write(
        west,
        "Trois villages",
        summary="Un an.",
        author_role="Correspondante",
        image_alt="Un champ",
        image_credit="Photo : A. B.",
        source_name="Le Journal",
        seo_title="Villages",
        search_description="Trois villages du Sahel.",
    )
    context = browser(translator).get(edit(other(news, "en"))).context
    shown = {segment["source"] for segment in json.loads(context["props"])["segments"] if segment["type"] == "string"}
    wanted = StringSegment.objects.filter(source__object_id=news.translation_key)
    assert shown == set(wanted.values_list("string__data", flat=True))
    assert len(shown) == 10


@pytest.mark.parametrize("model", [NewsPage, StandardPage])
def test_no_field_is_both_translated_and_carried_over(model):
    names = [field.field_name for field in model.translatable_fields]
    assert len(names) == len(set(names))
    for name in names:
        model._meta.get_field(name)
    assert "slug" not in names


def test_the_editor_offers_no_alias(west, write, translator):
    news = write(west, "Trois villages")
    page = browser(translator).get(edit(other(news, "en"))).content.decode()
    assert reverse("wagtail_localize:convert_to_alias", args=[other(news, "en").pk]) not in page


def test_a_text_of_its_own_follows_its_source_by_hand(
    west, write, publish, translator, staff, correspondent, committed
):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    browser(staff).post(reverse("wagtail_localize:stop_translation", args=[translation(news, "en").pk]))
    publish(news, body=text("Tout autre chose."))
    english = other(news, "en")
    row = Rendition.objects.get(page=english)
    publish(english, summary="A typo corrected")
    assert Rendition.objects.stale().filter(pk=row.pk).exists()  # a correction is no translation

    follow = reverse("translations:follow", args=[row.pk])
    assert follow in browser(translator).get(edit(english)).content.decode()
    browser(correspondent).post(follow)
    assert Rendition.objects.stale().filter(pk=row.pk).exists()
    browser(translator).post(follow)
    assert not Rendition.objects.stale().filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["0 textes traduits sur 3", "Traduction\u00a0: Français → English", "Autres actions"]),
        ("es", ["0 de 3 textos traducidos", "Traducción: Français → English", "Más acciones"]),
    ],
)
def test_the_editor_speaks_the_translators_language(west, write, translator, language, said):
    UserProfile.objects.filter(user=translator).update(preferred_language=language)
    news = write(west, "Trois villages")
    page = browser(translator, language).get(edit(other(news, "en"))).content.decode()
    mended = json.loads(page.split('id="translation-words" type="application/json">')[1].split("<")[0])
    assert said[0] in page
    assert set(said[1:]) == set(mended.values())


@pytest.mark.parametrize("language", ["fr", "es"])
def test_no_word_of_wagtail_localize_is_left_in_english(language, translator):
    from pages.translation.interface import SAID_BY_ITS_PAGES, SAID_BY_THE_EDITOR

    UserProfile.objects.filter(user=translator).update(preferred_language=language)
    script = browser(translator, language).get(reverse("wagtail_localize:javascript_catalog")).content.decode()
    catalog = json.loads(script.split("const newcatalog = ")[1].split(";\n")[0])
    for words in SAID_BY_THE_EDITOR:
        assert catalog.get(words), words
        assert catalog[words] != words
    from django.utils.translation import gettext, override

    with override(language):
        for words in SAID_BY_ITS_PAGES:
            assert gettext(words) != words, words
