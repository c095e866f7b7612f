"""The form of news: what it offers, to whom, and what it asks for before anything is public."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from regions.models import NewsPage
from tests.factories import EventFactory, ObjectiveFactory, mandate, told
from tests.news.conftest import browser, page_of, parse

pytestmark = pytest.mark.django_db


def add(region, language="fr"):
    return reverse("wagtailadmin_pages:add", args=["regions", "newspage", page_of(region, language).pk])


def form(user, region, language="fr"):
    return parse(browser(user).get(add(region, language)))


def last():
    return NewsPage.objects.latest("pk")


def test_a_correspondent_saves_a_draft_of_a_title_alone(awa, west, typed):
    answer = browser(awa).post(add(west), typed(summary="", author_role=""))
    assert answer.status_code == 302
    assert (last().title, last().live, last().region) == ("Des semis sous couvert", False, west)


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "2026-06-16"), ("America/Los_Angeles", "2026-06-15")])
def test_the_date_is_today_in_the_region(editor, west, zone, day):
    west.default_timezone = zone
    west.save()
    with time_machine.travel(dt.datetime(2026, 6, 15, 23, tzinfo=dt.UTC), tick=False):
        assert form(editor, west).select_one("[name=date]")["value"] == day


def test_only_regions_in_care_are_offered_and_taken(awa, west, south, typed):
    assert not form(awa, west).select("[name=more_regions]")
    browser(awa).post(add(west), typed(more_regions=[south.pk]))
    assert not last().get_latest_revision_as_object().more_regions.exists()
    mandate(awa, south)
    offered = [box["value"] for box in form(awa, west).select("[name=more_regions]")]
    assert offered == [str(south.pk)]
    answer = browser(awa).post(add(west), typed(title="Deux régions", more_regions=[south.pk]))
    assert answer.status_code == 302
    assert list(last().get_latest_revision_as_object().more_regions.all()) == [south]


def test_the_staff_name_any_region_and_it_stays_when_the_author_saves(editor, awa, west, south, propose, typed):
    page = propose()
    page.current_workflow_state.cancel(user=awa)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser(editor).post(edit, typed(more_regions=[south.pk]))
    assert list(last().get_latest_revision_as_object().more_regions.all()) == [south]
    browser(editor).post(edit, typed(more_regions=[south.pk]) | {"action-publish": "1"})
    browser(awa).post(edit, typed(title="Autre titre"))
    draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.title == "Autre titre"
    assert list(draft.more_regions.all()) == [south]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_needs_words_before_it_is_public_and_not_in_a_draft(editor, west, typed, picture):
    draft = browser(editor).post(add(west), typed(image=picture.pk))
    assert draft.status_code == 302
    refused = browser(editor).post(add(west), typed(image=picture.pk) | {"action-publish": "1"})
    assert refused.status_code == 200
    assert "Say in a few words what the picture shows." in refused.content.decode()
    done = browser(editor).post(
        add(west),
        typed(title="Avec mots", image=picture.pk, image_alt="Un champ", image_credit="Awa") | {"action-publish": "1"},
    )
    assert done.status_code == 302
    page = parse(browser(editor).get(last().url))
    assert page.select_one("figure.shown img")["alt"] == "Un champ"
    assert "Awa" in page.select_one("figcaption").get_text()


def test_no_other_way_publishes_a_picture_without_words(west, picture):
    above = page_of(west)
    page = above.add_child(instance=NewsPage(title="Sans mots", locale=above.locale, live=False))
    page.image = picture
    with override("en"), pytest.raises(ValidationError, match="picture shows"):
        page.save_revision(clean=False).publish()
    assert not NewsPage.objects.get(pk=page.pk).live


def test_who_signs_by_role_has_no_name_in_the_page(awa, west, typed):
    browser(awa).post(add(west), typed(author_name="Awa Secrète"))
    assert last().get_latest_revision_as_object().author_name == ""
    browser(awa).post(add(west), typed(title="Signé", signature="name"))
    draft = last().get_latest_revision_as_object()
    assert (draft.author_name, draft.byline) == ("Awa Example", "Awa Example")


def test_a_new_form_begins_with_the_role_in_the_language_of_the_page(awa, west):
    assert form(awa, west, "es").select_one("[name=author_role]")["value"].endswith("Oeste de prueba")
    assert form(awa, west, "en").select_one("[name=author_role]")["value"] == "Correspondent, Trial West"


def test_the_chooser_offers_public_events_alone_and_takes_their_uid(awa, west, typed):
    public = EventFactory.published(title=told("Réunion publique", "Public meeting"), regions=[west])
    draft = EventFactory.create(title=told("Secret", "Secret draft"))
    client = browser(awa)
    listed = client.get(reverse("news_events:choose")).json()["html"]
    assert "Réunion publique" in listed
    assert "Secret draft" not in listed
    found = client.get(reverse("news_events:choose_results"), {"q": "reunion"}).content.decode()
    assert str(public.uid) in found
    chosen = client.get(reverse("news_events:chosen", args=[public.uid])).json()["result"]
    assert (chosen["id"], chosen["title"]) == (str(public.uid), "Réunion publique")
    for wrong in (draft.uid, "x", draft.pk):
        assert client.get(reverse("news_events:chosen", args=[wrong])).status_code == 404
    client.post(add(west), typed(event=str(public.uid)))
    assert last().get_latest_revision_as_object().event == public.uid
    edit = parse(client.get(reverse("wagtailadmin_pages:edit", args=[last().pk])))
    assert "Réunion publique" in edit.get_text()


def test_news_show_what_they_are_about(editor, west, south, typed, client):
    event = EventFactory.published(title=told("Rencontre", "Meeting"), regions=[west])
    objective = ObjectiveFactory(code="A1")
    sent = typed(
        kind="press_review",
        event=str(event.uid),
        more_regions=[south.pk],
        objectives=[objective.pk],
        source_name="Le Journal",
        source_url="https://journal.example/",
    )
    browser(editor).post(add(west, "en"), sent | {"action-publish": "1"})
    page = parse(client.get(last().url))
    facts = page.select_one(".facts").get_text(" ", strip=True)
    for words in ("Press review", "Trial South", "Meeting", "Le Journal", "Correspondante"):
        assert words in facts, words
    assert page.select_one(".tags a b").get_text() == "A1"
    around = parse(client.get(page_of(south, "en").url))
    assert "Des semis sous couvert" in around.select_one("section[aria-labelledby=news]").get_text()
    assert "Press review" in around.select_one(".news .meta").get_text()
