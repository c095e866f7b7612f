"""Names of the directory for whoever begins to write one."""

import pytest
from django.test import Client

from regions.models import Organisation
from tests.factories import told
from tests.registration.people import address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory() -> None:
    Organisation.objects.all().delete()
    Organisation.objects.create(
        short_name="ISRA", country="SN", name=told("Institut sénégalais de recherches", "Senegalese Institute", "")
    )
    Organisation.objects.create(short_name="Terre", name=told("Élevage et terre", "Élevage et terre", ""))


def names(client: Client, letters: str, language: str = "fr") -> list[list[str]]:
    answer = client.get(address("organisation_names", letters, language=language))
    assert answer.status_code == 200
    return answer.json()["organisations"]  # type: ignore[no-any-return]


def test_accents_and_case_do_not_matter_and_any_word_of_any_name_is_found(client: Client):
    assert [row[0] for row in names(client, "se")] == ["Institut sénégalais de recherches"]
    assert [row[0] for row in names(client, "el")] == ["Élevage et terre"]
    assert names(client, "is", "en") == [
        ["Senegalese Institute", "ISRA", "Senegal", "Institut sénégalais de recherches"]
    ]
    assert [row[0] for row in names(client, "re", "en")] == ["Senegalese Institute"]  # by its French name
    assert names(client, "ne") == []  # inside a word


def test_one_small_file_serves_everybody_who_begins_alike(client: Client, django_assert_max_num_queries):
    path = address("organisation_names", "se", language="en")
    with django_assert_max_num_queries(3):
        answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=900"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    for other in ("s", "sen", "Se", "sé", "a%20", "..", "%00a"):
        assert client.get(path.replace("se.json", f"{other}.json")).status_code == 404, other
    assert client.post(path).status_code == 405
