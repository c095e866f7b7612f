"""Pages of events in the page explorer."""

import pytest
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from events.models import EventPage
from tests.factories import EventFactory, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    event = EventFactory.published(title=told("Réunion", "Meeting", "Reunión"))
    return EventPage.objects.get(event=event, locale__language_code="en")


@pytest.mark.parametrize(
    ("name", "words"), [("copy", "copied"), ("delete", "deleted"), ("unpublish", "public as long as")]
)
def test_it_is_not_copied_deleted_or_unpublished_by_hand(desk, page, name, words):
    address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
    desk.get(address)
    assert words in desk.post(address, {}, follow=True).content.decode()
    assert EventPage.objects.filter(pk=page.pk, live=True).exists()
    assert EventPage.objects.filter(event=page.event).count() == 3


def test_it_stays_in_its_agenda(desk, page):
    home = page.get_parent().get_parent()
    answer = desk.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk]), follow=True)
    assert "stays in the agenda" in answer.content.decode()
    assert EventPage.objects.get(pk=page.pk).get_parent() == page.get_parent()


def test_what_holds_pages_of_events_is_not_deleted_either(desk, page):
    desk.post(reverse("wagtailadmin_pages:delete", args=[page.get_parent().pk]))
    assert EventPage.objects.filter(pk=page.pk).exists()


def test_the_agenda_is_neither_unpublished_with_all_that_is_in_it_nor_moved(translator, page):
    agenda, home = page.get_parent(), Page.objects.get(depth=2, locale__language_code="es")
    translator.post(reverse("wagtailadmin_pages:unpublish", args=[agenda.pk]), {"include_descendants": "on"})
    translator.post(reverse("wagtailadmin_pages:move_confirm", args=[agenda.pk, home.pk]))
    agenda.refresh_from_db()
    assert agenda.live
    assert agenda.get_parent() != home
    assert EventPage.objects.filter(pk=page.pk, live=True).exists()


def test_no_date_takes_it_back_or_holds_it_up(translator, page):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"body-count": "0", "action-publish": "on", "expire_at": "2031-01-01 00:00", "go_live_at": ""}
    comments = {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    assert translator.post(address, form | comments).status_code == 302
    assert EventPage.objects.get(pk=page.pk).expire_at is None


def test_what_is_public_is_not_half_hidden_by_a_password(desk, page):
    """Lists, search and feeds would go on telling of a page that only asks for one."""
    form = {"restriction_type": "password", "password": "sesame"}
    for one in Page.objects.filter(depth__gt=1).specific():
        desk.post(reverse("wagtailadmin_pages:set_privacy", args=[one.pk]), form)
    assert not PageViewRestriction.objects.exists()


def test_neither_are_many_at_once(desk, page):
    for action in ("delete", "unpublish"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        answer = desk.post(f"{address}?id={page.pk}&next=/admin/", follow=True)
        assert answer.status_code == 200
        assert EventPage.objects.filter(pk=page.pk, live=True).exists()


def test_nobody_makes_one_by_hand(desk, page):
    address = reverse("wagtailadmin_pages:add", args=["events", "eventpage", page.get_parent().pk])
    assert desk.get(address).status_code in (302, 403)


def test_only_its_prose_is_edited(desk, page):
    form = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    assert {"title", "slug", "event"}.isdisjoint(form.fields)
    assert "body" in form.fields


def test_it_leads_to_the_facts_for_those_who_may_change_them(desk, translator, page):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    facts = reverse("wagtailsnippets_events_event:edit", args=[page.event_id])
    assert facts in desk.get(address).content.decode()
    answer = translator.get(address)
    assert answer.status_code == 200
    assert facts not in answer.content.decode()


def test_from_the_form_to_the_page_that_visitors_read_and_no_way_to_delete_it(desk, page):
    event = page.event
    form = desk.get(reverse("wagtailsnippets_events_event:edit", args=[event.pk])).content.decode()
    assert f'href="{page.url}"' in form
    assert reverse("wagtailsnippets_events_event:delete", args=[event.pk]) not in form
    draft = EventFactory.create(title=told("Brouillon"))
    form = desk.get(reverse("wagtailsnippets_events_event:edit", args=[draft.pk])).content.decode()
    assert "See it on the site" not in form
    assert reverse("wagtailsnippets_events_event:delete", args=[draft.pk]) in form


def test_published_it_is_one_step_away(desk, typed):
    answer = desk.post(
        reverse("wagtailsnippets_events_event:add"), typed(**{"action-publish": "on"}), follow=True
    ).content.decode()
    page = EventPage.objects.get(locale__language_code="en")
    assert page.url in answer.partition("See it on the site")[0].rpartition("<a ")[2]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Choisir\N{NO-BREAK SPACE}: événement"), ("en", "Choose event"), ("es", "Elegir: evento")],
)
def test_what_takes_its_place_is_chosen_in_the_readers_language(desk, page, language, words):
    for verb in ("postpone", "cancel"):
        address = reverse(f"wagtailsnippets_events_event:{verb}", args=[page.event.pk])
        assert words in desk.get(address, headers={"accept-language": language}).content.decode()
