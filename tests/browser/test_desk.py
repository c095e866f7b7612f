"""The staff's desk in a browser: an event made from nothing, and errors found by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

ADD = "/admin/events/add/"


@pytest.fixture
def site(served) -> Served:
    return served()


@pytest.fixture
def desk(site: Served, page: Page) -> Page:
    """Somebody of the staff, in Paris, reading French, logged in."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.url}/admin/")
    page.locator("[name=login]").fill("staff")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site.url}/admin/")
    return page


def test_an_event_is_made_from_nothing_in_three_languages_previewed_in_each_and_published(site: Served, desk: Page):
    desk.goto(site.url + ADD)
    desk.locator("[name=title_0]").fill("Atelier des sols vivants")
    instead = desk.locator("#id_title [data-language=en] [data-instead]")
    expect(instead).to_be_visible()
    expect(instead.locator("q")).to_have_text("Atelier des sols vivants")
    expect(desk.locator("#id_title [data-language=es] [data-instead]")).to_be_visible()
    desk.locator("[name=title_1]").fill("Living soils workshop")
    expect(instead).to_be_hidden()
    desk.locator("[name=title_2]").fill("Taller de suelos vivos")

    desk.get_by_role("tab", name="Quand").click()
    desk.locator("[name=timezone]").select_option("Asia/Kolkata")
    desk.locator("[name=start_local]").fill("2031-05-12 09:00")
    desk.locator("[name=end_local]").fill("2031-05-12 11:00")
    desk.keyboard.press("Escape")
    lines = desk.locator(".desk-hours__lines")
    expect(lines).to_contain_text("9\u202fh\u00a0– 11\u202fh")  # in Kolkata
    expect(lines).to_contain_text("5\u202fh\u202f30\u00a0– 7\u202fh\u202f30")  # in Paris, the editor's own clock
    expect(desk.locator(".desk-folds")).to_be_hidden()

    desk.locator("[data-side-panel-toggle=preview]").click()
    shown = desk.frame_locator("#w-preview-iframe")
    for language, title in (
        ("fr", "Atelier des sols vivants"),
        ("en", "Living soils workshop"),
        ("es", "Taller de suelos vivos"),
    ):
        desk.locator("[name=preview_mode]").select_option(language)
        expect(shown.locator("html")).to_have_attribute("lang", language)
        expect(shown.get_by_role("heading", level=1)).to_have_text(title)
    with desk.context.browser.new_context() as stranger:  # type: ignore[union-attr]
        visitor = stranger.new_page()
        assert visitor.goto(f"{site.url}/en/calendar/living-soils-workshop/").status == 404  # type: ignore[union-attr]

        desk.locator("[data-side-panel-toggle=preview]").click()
        publish = desk.locator("[name=action-publish]")
        if not publish.is_visible():
            desk.locator("footer [data-w-dropdown-target=toggle]").click()
        publish.click()
        desk.wait_for_url("**/admin/events/")
        expect(desk.locator(".messages")).to_contain_text("Atelier des sols vivants")
        visitor.goto(f"{site.url}/en/calendar/living-soils-workshop/")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Living soils workshop")
        visitor.locator(".langs a[hreflang=es]").click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Taller de suelos vivos")


def test_errors_behind_tabs_are_counted_and_reached_by_keyboard(site: Served, desk: Page):
    desk.goto(site.url + ADD)
    desk.locator("[name=title_1]").fill("Only English")
    desk.get_by_role("tab", name="Quand").click()
    desk.locator("[name=timezone]").select_option("Europe/Paris")
    desk.locator("[name=start_local]").fill("2031-03-30 02:30")
    desk.locator("[name=end_local]").fill("2031-03-30 05:00")
    desk.keyboard.press("Escape")
    expect(desk.locator(".desk-hours__trouble")).to_contain_text("n’existe pas")
    desk.locator("footer button[type=submit]").first.click()

    expect(desk.locator(".messages")).to_contain_text("voyez ce qui est marqué")
    what, when = desk.get_by_role("tab", name="Quoi"), desk.get_by_role("tab", name="Quand")
    expect(what).to_contain_text("1")
    expect(when).to_contain_text("1")
    assert desk.locator("[name=title_1]").input_value() == "Only English"
    assert desk.locator("[name=start_local]").input_value() == "2031-03-30 02:30"

    what.focus()
    desk.keyboard.press("ArrowRight")
    expect(when).to_be_focused()
    expect(when).to_have_attribute("aria-selected", "true")
    expect(desk.locator("[name=start_local]")).to_be_visible()
    expect(desk.locator("#tab-quand .error-message")).to_contain_text("n’existe pas")
    desk.keyboard.press("Home")
    expect(what).to_be_focused()
    expect(desk.locator("[name=title_1]")).to_be_visible()
    first = desk.locator(".messages button")
    first.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#tab-quoi .error-message")).to_be_in_viewport()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_calendar_is_read_on_a_phone_and_on_a_screen_and_turned_by_keyboard(site: Served, desk: Page, width: int):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{site.url}/admin/events/calendar/2027/9/")
    table, entries = desk.locator(".desk-month__table"), desk.locator(".desk-month__list")
    expect(table if width > 800 else entries).to_be_visible()
    expect(entries if width > 800 else table).to_be_hidden()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.locator("a[rel=next]").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admin/events/calendar/2027/10/")
    expect(desk.locator("#desk-month")).to_have_text("Octobre 2027")


def test_an_hour_typed_stays_whatever_the_clock_of_the_editors_machine_skips(site: Served, desk: Page):
    desk.goto(site.url + ADD)
    desk.get_by_role("tab", name="Quand").click()
    desk.locator("[name=timezone]").select_option("Africa/Nairobi")
    desk.locator("[name=start_local]").fill("2031-03-30 02:30")  # an hour that Paris skips that night
    desk.locator("[name=end_local]").fill("2031-03-30 05:00")
    desk.keyboard.press("Tab")
    expect(desk.locator("[name=start_local]")).to_have_value("2031-03-30 02:30")
    expect(desk.locator(".desk-hours__lines")).to_contain_text("2\u202fh\u202f30\u00a0– 5\u202fh")
