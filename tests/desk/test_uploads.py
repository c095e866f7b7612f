"""What correspondents upload does no harm to those who open it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as PillowImage
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(desk, name):
    file = SimpleUploadedFile(name, SCRIPT)
    collection = Collection.get_first_root_node().pk
    desk.post(reverse("wagtaildocs:add"), {"title": name, "collection": collection, "tags": "", "file": file})
    return Document.objects.filter(title=name).first()


def test_a_picture_that_unfolds_to_gigabytes_is_not_taken(desk):
    for side, taken in ((8000, False), (800, True)):
        drawn = io.BytesIO()
        PillowImage.new("1", (side, side)).save(drawn, "PNG")
        file = SimpleUploadedFile(f"{side}.png", drawn.getvalue())
        collection = Collection.get_first_root_node().pk
        desk.post(reverse("wagtailimages:add"), {"title": side, "collection": collection, "tags": "", "file": file})
        assert Image.objects.filter(title=side).exists() is taken


@pytest.mark.parametrize(
    "name", ["page.html", "drawing.svg", "page.xhtml", "data.xml", "script.js", "page.htm", "page"]
)
def test_nothing_that_a_browser_runs_is_taken_as_a_document(desk, name):
    assert upload(desk, name) is None


def test_a_document_leaves_by_its_own_door_alone(desk, client):
    document = upload(desk, "report.txt")
    document.file.close()
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == SCRIPT
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/media/{document.file.name}").status_code == 404
