"""The browser the other tests rely on is there and works."""

from playwright.sync_api import Page


def test_a_browser_shows_a_page(page: Page):
    page.set_content("<h1>4 pour 1000</h1>")
    assert page.get_by_role("heading").inner_text() == "4 pour 1000"
