"""wagtail-localize asks whether somebody may translate, never which page: what it would let through, and the guard.

Each hole is first reproduced with its own view, then tried at the address.
"""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import Locale, Page
from wagtail_localize import wagtail_hooks as stock
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    TranslationSource,
)
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.snippets_api import SnippetViewSet
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from pages.translation import guard
from regions.models import RegionPage
from regions.rights import collection_of
from tests.factories import EventFactory, mandate, told
from tests.translations.conftest import browser, other, translate, translation

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SUBMIT, UPDATE = "wagtail_localize:submit_page_translation", "wagtail_localize:update_translations"


def allowed_to_submit(user: User) -> User:
    """With the one right that wagtail-localize asks for."""
    user.user_permissions.add(
        Permission.objects.get(codename="submit_translation", content_type__app_label="wagtail_localize")
    )
    return User.objects.get(pk=user.pk)


def posted(user: User, data: dict[str, Any] | None = None) -> HttpRequest:
    """What one of its own views would be handed."""
    request = RequestFactory().post("/", data or {})
    request.user = user
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def locale(code: str) -> Locale:
    return Locale.objects.get(language_code=code)


def refused(answer: Any) -> bool:
    """Forbidden, not there, or sent home with a sentence."""
    return answer.status_code in (403, 404) or (answer.status_code == 302 and answer.headers["Location"] == "/admin/")


# -- the first hole: another region's draft is translated


def test_without_the_guard_a_correspondent_translates_another_regions_draft(west, write, neighbour):
    draft = write(west, "Secret de l’Ouest", published=False)
    request = posted(allowed_to_submit(neighbour), {"locales": [locale("en").pk]})
    assert SubmitPageTranslationView.as_view()(request, page_id=draft.pk).status_code == 302
    assert other(draft, "en").title == "Secret de l’Ouest"


def test_with_it_nobody_translates_a_page_that_is_not_theirs(west, write, neighbour):
    draft = write(west, "Secret de l’Ouest", published=False)
    client = browser(allowed_to_submit(neighbour))
    for answer in (
        client.get(reverse(SUBMIT, args=[draft.pk])),
        client.post(reverse(SUBMIT, args=[draft.pk]), {"locales": [locale("en").pk]}),
    ):
        assert refused(answer)
        assert "Secret" not in answer.content.decode()
    assert Page.objects.filter(translation_key=draft.translation_key).count() == 1


def test_one_translates_ones_own_only_where_one_may_write(west, write, django_user_model):
    from tests.translations.conftest import member

    user = member("french.only")
    mandate(user, west, languages=["fr", "en"])
    draft = write(west, "À moi", published=False, owner=user)
    client = browser(allowed_to_submit(user))
    client.get("/admin/")
    address = reverse(SUBMIT, args=[draft.pk])
    assert client.post(address, {"locales": [locale("es").pk]}).status_code == 200  # not among the choices
    assert client.post(address, {"locales": [locale("en").pk]}).status_code == 302
    assert sorted(
        Page.objects.filter(translation_key=draft.translation_key).values_list("locale__language_code", flat=True)
    ) == ["en", "fr"]


# -- the second: the English goes out while the French awaits review


def in_review(write: Any, region: Any, owner: User) -> tuple[Any, TranslationSource]:
    """A French draft, and what wagtail-localize has made of it in English."""
    from wagtail_localize.operations import translate_object

    french = write(region, "En relecture", published=False, owner=owner)
    translate_object(french, [locale("en")])
    return french, TranslationSource.objects.get(object_id=french.translation_key)


def test_without_the_guard_the_english_is_published_while_the_french_awaits_review(
    west, write, correspondent, committed
):
    french, source = in_review(write, west, correspondent)
    request = posted(allowed_to_submit(correspondent), {"publish_translations": "on"})
    with committed():
        UpdateTranslationsView.as_view()(request, translation_source_id=source.pk)
    assert not french.live
    assert other(french, "en").live


def test_with_it_only_who_may_publish_it_publishes_a_translation(west, write, correspondent, committed):
    french, source = in_review(write, west, correspondent)
    translate(french, "en")
    client = browser(allowed_to_submit(correspondent))
    with committed():
        answer = client.post(reverse(UPDATE, args=[source.pk]), {"publish_translations": "on"})
    assert refused(answer)
    assert not other(french, "en").live


def test_who_may_publish_it_still_publishes_nothing_half_translated(west, write, correspondent, staff, committed):
    french, source = in_review(write, west, correspondent)
    translate(french, "en", leaving=1)
    client = browser(allowed_to_submit(staff))
    with committed():
        client.post(reverse(UPDATE, args=[source.pk]), {"publish_translations": "on"})
    assert not other(french, "en").live
    translate(french, "en")
    with committed():
        client.post(reverse(UPDATE, args=[source.pk]), {"publish_translations": "on"})
    assert other(french, "en").live


def test_updating_a_source_needs_the_page(west, write, neighbour):
    source = TranslationSource.objects.get(object_id=write(west, "Trois villages").translation_key)
    client = browser(allowed_to_submit(neighbour))
    assert refused(client.get(reverse(UPDATE, args=[source.pk])))
    assert refused(client.post(reverse(UPDATE, args=[source.pk])))


# -- further ones


def test_without_the_guard_an_alias_puts_french_under_an_english_address_at_once(west, write, correspondent):
    news = write(west, "Trois villages", owner=correspondent)
    english = other(news, "en")
    assert convert_to_alias(posted(correspondent), english.pk).status_code == 302
    english.refresh_from_db()
    assert (english.live, english.title) == (True, "Trois villages")


def test_with_it_nothing_becomes_an_alias(west, write, correspondent, staff):
    news = write(west, "Trois villages", owner=correspondent)
    english = other(news, "en")
    for user in (correspondent, staff):
        client = browser(user)
        assert refused(client.post(reverse("wagtail_localize:convert_to_alias", args=[english.pk])))
        edit = reverse("wagtailadmin_pages:edit", args=[english.pk])
        assert refused(client.post(edit, {"localize-convert-to-alias": "1"}))
    assert not other(news, "en").live


def test_without_the_guard_everybody_in_the_admin_lists_every_draft_of_an_event(neighbour):
    EventFactory(title=told("Réunion secrète"))
    request = RequestFactory().get("/")
    request.user = neighbour
    answer = SnippetViewSet.as_view({"get": "list"})(request, app_label="events", model_name="event")
    assert "Réunion secrète" in str(answer.data)


def test_with_it_that_list_is_shut(neighbour, staff):
    EventFactory(title=told("Réunion secrète"))
    for user in (neighbour, staff):
        answer = browser(user).get(reverse("wagtail_localize:snippets_api_listing", args=["events", "event"]))
        assert refused(answer)


def test_its_report_leads_to_ones_own_queue(west, write, neighbour):
    write(west, "Trois villages")
    answer = browser(neighbour).get(reverse("wagtail_localize:translations_report"), follow=True)
    assert answer.status_code == 200
    assert "Trois villages" not in answer.content.decode()


# -- one text, one value, one file at a time


def addresses_of(page: Page, language: str) -> list[tuple[str, str]]:
    """Every address about one translation, with the verb that does something there."""
    made = translation(page, language)
    segment = StringSegment.objects.filter(source=made.source).first()
    return [
        ("put", reverse("wagtail_localize:edit_string_translation", args=[made.pk, segment.pk])),
        ("delete", reverse("wagtail_localize:edit_string_translation", args=[made.pk, segment.pk])),
        ("get", reverse("wagtail_localize:download_pofile", args=[made.pk])),
        ("post", reverse("wagtail_localize:upload_pofile", args=[made.pk])),
        ("post", reverse("wagtail_localize:machine_translate", args=[made.pk])),
        ("get", reverse("wagtail_localize:preview_translation", args=[made.pk])),
        ("post", reverse("wagtail_localize:stop_translation", args=[made.pk])),
        ("get", reverse("wagtailadmin_pages:edit", args=[other(page, language).pk])),
    ]


def test_nobody_touches_or_reads_the_translation_of_another_regions_news(west, write, neighbour):
    news = write(west, "Trois villages")
    client = browser(neighbour)
    for verb, address in addresses_of(news, "en"):
        answer = getattr(client, verb)(address)
        assert refused(answer), address
    assert not StringTranslation.objects.filter(locale=locale("en"), context__object=news.translation_key).exists()
    assert translation(news, "en").enabled


def test_a_translator_writes_english_and_spanish_never_french(west, write, translator):
    client = browser(translator)
    french, english = write(west, "Trois villages"), write(west, "Three wells", "en")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[other(french, "en").pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:edit", args=[other(english, "es").pk])).status_code == 200
    for verb, address in addresses_of(english, "fr"):
        assert refused(getattr(client, verb)(address)), address


def test_a_correspondent_translates_what_others_wrote_in_the_region_in_the_languages_of_the_mandate(west, write, staff):
    from tests.translations.conftest import member

    user = member("english.only")
    mandate(user, west, languages=["en"])
    news = write(west, "Trois villages", owner=staff)
    client = browser(user)
    made = translation(news, "en")
    segment = StringSegment.objects.filter(source=made.source).order_by("order")[0]
    address = reverse("wagtail_localize:edit_string_translation", args=[made.pk, segment.pk])
    assert client.put(address, "value=Three villages", "application/x-www-form-urlencoded").status_code == 201
    assert client.get(reverse("wagtailadmin_pages:edit", args=[other(news, "en").pk])).status_code == 200
    assert refused(client.get(reverse("wagtailadmin_pages:edit", args=[other(news, "es").pk])))
    assert refused(client.get(reverse("wagtailadmin_pages:edit", args=[news.pk])))


def test_a_text_of_another_translation_is_not_reached_through_ones_own(west, south, write, neighbour):
    mine, theirs = write(south, "Chez nous"), write(west, "Chez eux")
    segment = StringSegment.objects.filter(source__object_id=theirs.translation_key).first()
    address = reverse("wagtail_localize:edit_string_translation", args=[translation(mine, "en").pk, segment.pk])
    assert refused(browser(neighbour).put(address, "value=x", "application/x-www-form-urlencoded"))


def test_guessed_numbers_are_answered_like_those_of_others(neighbour):
    client = browser(neighbour)
    for name, arguments in [
        ("submit_page_translation", [99999]),
        ("update_translations", [99999]),
        ("edit_string_translation", [99999, 1]),
        ("edit_override", [99999, 1]),
        ("download_pofile", [99999]),
        ("preview_translation", [99999]),
        ("convert_to_alias", [99999]),
    ]:
        assert refused(client.get(reverse(f"wagtail_localize:{name}", args=arguments))), name


def test_the_source_of_a_translation_is_hidden_once_it_is_no_longer_public(west, write, translator, publish):
    news = write(west, "Trois villages")
    news.unpublish()
    answer = browser(translator).get(reverse("wagtailadmin_pages:edit", args=[other(news, "en").pk]))
    assert refused(answer)


def picture(collection: Any) -> Any:
    from wagtail.images.tests.utils import get_test_image_file

    return get_image_model().objects.create(title="Image", file=get_test_image_file(), collection=collection)


def test_a_picture_is_put_in_place_only_from_ones_own_library(west, south, write, correspondent):
    ours, theirs = picture(collection_of(west)), picture(collection_of(south))
    news = write(west, "Trois villages")
    block = type(news)._meta.get_field("body").stream_block
    news.body = block.to_python(
        [
            {"type": "text", "value": "<p>Le sol.</p>", "id": "11111111-1111-4111-8111-111111111111"},
            {
                "type": "image",
                "value": {"image": ours.pk, "alt_text": "Un champ", "decorative": False},
                "id": "22222222-2222-4222-8222-222222222222",
            },
        ]
    )
    news.save_revision().publish()
    from pages.translation.request import settle

    settle(news.translation_key)
    made = translation(news, "en")
    segment = OverridableSegment.objects.get(source=made.source, context__path__endswith=".image")
    address = reverse("wagtail_localize:edit_override", args=[made.pk, segment.pk])
    client = browser(correspondent)
    form = "application/x-www-form-urlencoded"
    assert refused(client.put(address, f"value={theirs.pk}", form))
    assert not SegmentOverride.objects.exists()
    assert client.put(address, f"value={ours.pk}", form).status_code == 201


# -- the guard itself


def test_every_address_of_wagtail_localize_stands_behind_a_rule():
    (prefix,) = stock.register_admin_urls()
    assert {pattern.name for pattern in prefix.url_patterns} == set(guard.RULES)


def test_what_has_no_rule_is_shut(staff, monkeypatch):
    from django.core.exceptions import PermissionDenied

    (prefix,) = stock.register_admin_urls()
    report = next(pattern for pattern in prefix.url_patterns if pattern.name == "translations_report")
    monkeypatch.delitem(guard.RULES, "translations_report")
    with pytest.raises(PermissionDenied):
        guard._door(report)(posted(staff))


def test_no_group_holds_the_right_that_wagtail_localize_asks_for(correspondent, translator, staff):
    for user in (correspondent, translator, staff):
        assert not User.objects.get(pk=user.pk).has_perm("wagtail_localize.submit_translation")


def test_publishing_in_bulk_lets_no_untranslated_draft_out(west, write, staff, committed):
    news = write(west, "Trois villages")
    english = other(news, "en")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    with committed():
        browser(staff).post(f"{address}?id={english.pk}&next=/admin/")
    assert not other(news, "en").live
    assert RegionPage.objects.filter(region=west).count() == 3
