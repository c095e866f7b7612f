"""The gallery shows every component, so that none is changed unseen."""

from pathlib import Path

import pytest
from django.conf import settings

from events.patterns.samples import samples
from tests.reading import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]
IN_THE_HEAD_OR_BOUND_TO_A_PAGE = {
    "alternates.html",
    "card.html",
    "crumbs.html",
    "filter_name.html",
    "translation_notice.html",
}


def test_every_component_is_in_the_gallery():
    folder = Path(settings.TEMPLATES[0]["DIRS"][0]) / "components"
    there = {path.name for path in folder.glob("*.html")}
    assert there - IN_THE_HEAD_OR_BOUND_TO_A_PAGE == {sample.template for sample in samples("fr")}


@pytest.mark.parametrize(("language", "cancelled"), [("fr", "Annulée"), ("en", "Cancelled"), ("es", "Cancelado")])
def test_each_language_has_its_words_and_what_falls_back_is_marked(client, language, cancelled):
    page = Pages(client).open(f"/patterns/{language}/")
    assert page.html["lang"] == language
    assert cancelled in {one.get_text() for one in page.select(".sample .state.off")}
    fallen_back = page.select(".sample span[lang=fr], .sample a[lang=fr]:not(.langs a)")
    assert bool(fallen_back) == (language != "fr")
