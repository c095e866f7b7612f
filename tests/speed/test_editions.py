"""What is changed is shown at the next request: each change opens a new edition, in its own transaction."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from modelcluster.models import get_all_child_relations
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, PageViewRestriction, Site, get_page_models

from events.models import AgendaPage
from pages import editions
from pages.models import Edition, HomePage, StandardPage
from tests.desk.conftest import desk, staff  # noqa: F401
from tests.factories import EventFactory, publish, told

pytestmark = pytest.mark.django_db

FORM = {
    "title": "A new name",
    "slug": "about",
    "body-count": "0",
    **{f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
}


@pytest.fixture
def page(db):
    home = HomePage.objects.get(locale__language_code="en")
    return home.add_child(instance=StandardPage(title="About", slug="about", locale=home.locale))


def read(visitor, path="/en/about/"):
    answer = visitor.get(path)
    return answer.status_code, answer.content.decode()


# -- through the staff's doors


def test_a_page_published_by_the_staff_is_new_for_who_read_the_old_one(visitor, desk, page):  # noqa: F811
    assert "A new name" not in read(visitor)[1]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert desk.post(edit, FORM).status_code == 302
    assert "A new name" not in read(visitor)[1]  # a draft
    assert desk.post(edit, FORM | {"action-publish": "on"}).status_code == 302
    assert "A new name" in read(visitor)[1]
    assert "A new name" in read(visitor, "/en/")[1]  # named in the footer of every page


def test_a_page_taken_back_moved_or_deleted_is_gone_at_once(visitor, desk, page):  # noqa: F811
    assert read(visitor)[0] == 200
    desk.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert read(visitor)[0] == 404
    page.refresh_from_db()
    page.save_revision().publish()
    assert read(visitor)[0] == 200
    below = Page.objects.get(slug="privacy", locale__language_code="en")
    desk.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, below.pk]))
    assert read(visitor)[0] in (301, 404)
    assert read(visitor, "/en/privacy/about/")[0] == 200
    desk.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert read(visitor, "/en/privacy/about/")[0] == 404


def test_a_publication_that_cannot_open_an_edition_does_not_happen(desk, page, monkeypatch):  # noqa: F811
    """The number is raised in the transaction of the change: both or neither."""

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Edition, "bump", locked)
    desk.raise_request_exception = False
    answer = desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), FORM | {"action-publish": "on"})
    assert answer.status_code in (500, 503)
    assert StandardPage.objects.get(pk=page.pk).title == "About"
    assert not StandardPage.objects.get(pk=page.pk).revisions.filter(content__title="A new name").exists()


def test_one_click_opens_one_edition_however_much_it_changes(desk, page):  # noqa: F811
    before = Edition.now()
    desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), FORM | {"action-publish": "on", "slug": "else"})
    assert Edition.now() == before + 1


def test_a_draft_opens_none(desk, page):  # noqa: F811
    before = Edition.now()
    desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), FORM)
    assert Edition.now() == before
    assert page.revisions.exists()


# -- whoever changes it


def changes():
    def image():
        return get_image_model().objects.create(title="Soil", file=get_test_image_file())

    def document():
        return get_document_model().objects.create(title="Soil", file=ContentFile(b"soil", "soil.txt"))

    def again(row):
        row.save()

    def delete(row):
        row.delete()

    return [
        pytest.param(lambda: Site.objects.get(), again, id="the site"),
        pytest.param(lambda: Locale.objects.get(language_code="en"), again, id="a language"),
        pytest.param(lambda: User.objects.create_user("somebody"), again, id="somebody's name"),
        pytest.param(image, again, id="a picture"),
        pytest.param(image, delete, id="a picture deleted"),
        pytest.param(document, again, id="a document"),
        pytest.param(document, delete, id="a document deleted"),
        pytest.param(
            lambda: Page.objects.get(slug="privacy", locale__language_code="en"),
            lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
            id="who may see a page",
        ),
        pytest.param(lambda: HomePage.objects.get(locale__language_code="en"), again, id="a page saved by a script"),
        pytest.param(EventFactory.published, lambda event: publish(event, theme=told("Sol")), id="an event"),
        pytest.param(EventFactory.published, lambda event: event.unpublish(), id="an event taken back"),
    ]


def test_signing_in_opens_none(client, staff):  # noqa: F811
    before = Edition.now()
    client.force_login(staff)
    assert Edition.now() == before


@pytest.mark.parametrize(("made", "change"), changes())
def test_a_change_opens_a_new_edition(made, change, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    row = made()
    before = Edition.now()
    change(row)
    assert Edition.now() > before


# Tables that public pages read and whose changes are told otherwise, or are not shown.
OTHERWISE = {
    "pages_edition": "the number itself",
    "django_content_type": "changes with the code",
    "events_event": "publication",
    "events_event_regions": "publication",
    "events_event_objectives": "publication",
    "events_eventorganiser": "publication",
    "events_occurrence": "publication and the worker, which raise it",
    "events_calendarentry": "publication",
    "events_seatpool": "publication, and seats that run out or come back",
    "events_registration": "how many came to what is over: a minute late at most",
    "events_ticket": "saving a ticket raises it",
    "events_series": "saving a series raises it",
}


def test_whatever_public_pages_read_opens_a_new_edition_when_it_changes(visitor, kinds):
    told_of = {model._meta.db_table for model in editions.told} | OTHERWISE.keys()
    for model in get_page_models():  # what is chosen for a page is saved with it
        told_of |= {field.remote_field.through._meta.db_table for field in model._meta.local_many_to_many}
        told_of |= {child.related_model._meta.db_table for child in get_all_child_relations(model)}
    with CaptureQueriesContext(connection) as captured:
        for path in kinds.values():
            assert visitor.get(path).status_code == 200
    read_from = {
        name for query in captured.captured_queries for name in re.findall(r'(?:FROM|JOIN) "([a-z_]+)"', query["sql"])
    }
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert AgendaPage._meta.db_table in read_from
    assert (read_from & tables) - told_of == set()


# -- several changes together


def test_changes_together_open_one_edition_at_their_end():
    before = Edition.now()
    with Edition.together():
        Edition.bump()
        with Edition.together():
            Edition.bump()
        assert Edition.now() == before  # its lock is the last one taken
    assert Edition.now() == before + 1
    with Edition.together():
        pass
    assert Edition.now() == before + 1
    Edition.bump()
    assert Edition.now() == before + 2


def test_what_is_undone_opens_none():
    def fail():
        with Edition.together():
            Edition.bump()
            raise ValueError("no")

    before = Edition.now()
    with pytest.raises(ValueError, match="no"):
        fail()
    assert Edition.now() == before
    Edition.bump()
    assert Edition.now() == before + 1


def test_a_preview_is_never_kept(desk, page):  # noqa: F811
    """Wagtail makes previews with a request of its own, through every middleware."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    desk.post(address, FORM)
    for _ in range(2):
        assert "A new name" in desk.get(address).content.decode()
    assert "A new name" not in read(Client())[1]
