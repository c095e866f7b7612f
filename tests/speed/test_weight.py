"""The budget: what the main pages weigh on the wire, fonts and pictures included."""

from collections.abc import Iterator

import pytest

from tests.served import Served
from tests.speed.public import public
from tests.speed.weight import Weight, fetch, weigh

pytestmark = pytest.mark.once

FIRST, AGAIN = 100_000, 15_000
PATHS = """
from events.models import AgendaPage, EventPage
for language in ("fr", "en", "es"):
    print(f"home {language}=/{language}/")
    print(f"agenda {language}=" + AgendaPage.objects.get(locale__language_code=language).get_url())
    pages = EventPage.objects.live().filter(locale__language_code=language).order_by("-event__starts_at")
    print(f"coming event {language}=" + pages.first().get_url())
    longest = max(pages, key=lambda page: len(page.body.render_as_block()))
    print(f"longest event {language}=" + longest.get_url())
"""


@pytest.fixture(scope="module")
def site(_template, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("public")
    served = public(_template.copy(folder), folder, tmp_path_factory.mktemp("statics"))
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="module")
def paths(site) -> dict[str, str]:
    said = site.manage("shell", "--no-imports", "--verbosity=0", "-c", PATHS)
    return dict(line.split("=", 1) for line in said.splitlines() if "=/" in line)


@pytest.fixture(scope="module")
def weights(site, paths) -> dict[str, Weight]:
    return {name: weigh(site.url, path) for name, path in paths.items()}


def test_the_main_pages_keep_to_their_budget(weights):
    assert len(weights) == 12
    heavy = {name: (one.first, one.parts) for name, one in weights.items() if one.first > FIRST}
    assert heavy == {}
    assert {name: one.again for name, one in weights.items() if one.again > AGAIN} == {}


def test_nothing_is_asked_of_anybody_else(weights):
    assert {name: one.elsewhere for name, one in weights.items() if one.elsewhere} == {}


def test_style_comes_in_one_piece_and_what_a_page_needs_is_kept_for_ever(site, weights):
    for name, weight in weights.items():
        assert len([part for part in weight.parts if ".css" in part]) == 1, name
        for part in weight.parts:
            if part.startswith("/static/"):
                assert fetch(site.url, part).immutable, part


def test_pages_and_style_are_sent_in_brotli(site, weights):
    for part in weights["home fr"].parts:
        answer = fetch(site.url, part)
        if part.endswith((".css", ".js", ".svg", "/")):
            assert answer.coding == "br", part


def test_the_joined_style_holds_all_that_it_imports(site, weights):
    sheet = next(part for part in weights["home fr"].parts if ".css" in part)
    text = fetch(site.url, sheet).text
    assert "@import" not in text
    for words in ("@font-face", ":root{", ".masthead", ".filters"):
        assert words in text


def test_a_face_is_asked_for_before_the_style_only_by_the_address_the_style_gives(site, weights):
    """Else it would be fetched twice."""
    page = fetch(site.url, "/fr/").text
    sheet = next(part for part in weights["home fr"].parts if ".css" in part)
    style = fetch(site.url, sheet).text
    preloaded = [line.split('href="')[1].split('"')[0] for line in page.splitlines() if 'rel="preload"' in line]
    assert preloaded
    for address in preloaded:
        assert address.removeprefix("/static/") in style
