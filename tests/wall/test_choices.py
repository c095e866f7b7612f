"""What a form names by number: a picture, a document or a page of others is not had by guessing."""

import json

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.models import Document

from regions.models import NewsPage, Profile
from regions.rights import collection_of
from tests.desk.conftest import desk, staff  # noqa: F401  (fixtures)
from tests.news.conftest import awa, bela, body, browser, page_of, picture, south, typed, west  # noqa: F401  (fixtures)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
TOO_GREAT = str(2**63)


@pytest.fixture
def elsewhere(picture, south):  # noqa: F811
    """A picture of the South."""
    type(picture).objects.update(collection=collection_of(south))
    return picture


def add(region):
    return reverse("wagtailadmin_pages:add", args=["regions", "newspage", page_of(region).pk])


def linked(kind, number):
    """A paragraph whose words lead somewhere, as the form sends it."""
    sent = body("Lire")
    prose = json.loads(sent["body-0-value"])
    prose["blocks"][0]["entityRanges"] = [{"offset": 0, "length": 4, "key": 0}]
    prose["entityMap"] = {"0": {"type": kind, "mutability": "MUTABLE", "data": {"id": number, "parentId": 1}}}
    return sent | {"body-0-value": json.dumps(prose)}


def test_a_picture_of_another_region_is_not_had_by_its_number(awa, west, elsewhere, typed):  # noqa: F811
    answer = browser(awa).post(add(west), typed(image=elsewhere.pk, image_alt="Champ"))
    assert answer.status_code == 200
    assert "that you may not use" in answer.content.decode() or "ne pouvez pas" in answer.content.decode()
    assert not NewsPage.objects.exists()
    type(elsewhere).objects.update(collection=collection_of(west))
    assert browser(awa).post(add(west), typed(image=elsewhere.pk, image_alt="Champ")).status_code == 302


def test_nor_a_document_or_a_draft_by_a_link_in_the_text(awa, bela, west, south, typed, elsewhere):  # noqa: F811
    document = Document.objects.create(
        title="Note", file=ContentFile(b"words", "note.txt"), collection=collection_of(south)
    )
    browser(bela).post(add(south), typed(title="Un brouillon du Sud"))
    draft = NewsPage.objects.get()
    for kind, row in (("DOCUMENT", document), ("LINK", draft)):
        answer = browser(awa).post(add(west), typed(**linked(kind, row.pk)))
        assert answer.status_code == 200, kind
        assert NewsPage.objects.count() == 1
    assert browser(awa).post(add(west), typed(**linked("LINK", page_of(south).pk))).status_code == 302


def test_what_the_staff_have_put_into_ones_text_stays(awa, desk, west, elsewhere, typed):  # noqa: F811
    browser(awa).post(add(west), typed())
    page = NewsPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert desk.post(edit, typed(slug=page.slug, image=elsewhere.pk, image_alt="Champ")).status_code == 302
    sent = typed(image=elsewhere.pk, image_alt="Champ", title="Un autre titre")
    assert browser(awa).post(edit, sent).status_code == 302
    assert NewsPage.objects.get().get_latest_revision_as_object().title == "Un autre titre"


def test_ones_own_portrait_is_a_picture_one_may_choose(awa, elsewhere):  # noqa: F811
    sent = {"public_profile-shows_name": "on", "public_profile-name": "Awa", "public_profile-photo": elsewhere.pk}
    browser(awa).post(reverse("wagtailadmin_account"), sent)
    assert not Profile.objects.filter(photo=elsewhere).exists()


@pytest.mark.parametrize(
    "address",
    [
        f"/admin/pages/{TOO_GREAT}/edit/",
        f"/admin/pages/{TOO_GREAT}/",
        f"/admin/choose-page/{TOO_GREAT}/",
        f"/admin/images/chooser/chosen-multiple/?id={TOO_GREAT}",
        "/admin/images/chooser/chosen-multiple/?id=words",
        "/admin/documents/chooser/chosen-multiple/?id=words",
        f"/admin/bulk/wagtailcore/page/delete/?id={TOO_GREAT}",
        f"/admin/bulk/events/event/delete/?id={TOO_GREAT}",
        f"/admin/bulk/wagtailcore/page/delete/?id=all&childOf={TOO_GREAT}",
        "/admin/bulk/wagtailcore/page/delete/?id=all&childOf=999999999",
        f"/admin/localize/submit/page/{TOO_GREAT}/",
    ],
)
def test_a_number_that_no_row_can_have_is_not_found(awa, desk, address):  # noqa: F811
    assert browser(awa).get(address).status_code == 404
    assert desk.get(address).status_code == 404
