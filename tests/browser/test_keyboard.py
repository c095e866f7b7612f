"""A place is taken without a mouse, and without a script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.served import Served

MEETING = "/en/calendar/4-per-1000-east-africa-meeting-demo/"


def focused(page: Page) -> dict[str, str]:
    """Where the keyboard is: element, name, address, and whether the eye can see it."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
          const here = document.activeElement;
          const style = getComputedStyle(here);
          return {
            tag: here.localName, name: here.name || '', value: here.value || '', type: here.type || '',
            rel: here.rel || '', href: here.getAttribute('href') || '',
            seen: String(style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0),
          };
        }"""
    )


def tab_to(page: Page, key: str = "Tab", **wanted: str) -> dict[str, str]:
    """Press the tab key (or another) until what is wanted has the focus; each stop on the way must be seen."""
    for _stop in range(80):
        page.keyboard.press(key)
        here = focused(page)
        assert here["seen"] == "true" or here["tag"] == "body", here
        if all(here[name] == value for name, value in wanted.items()):
            return here
    raise AssertionError(f"the keyboard never reached {wanted}")


def test_the_first_stop_leads_past_the_menu(served_once: Served, page: Page):
    page.goto(served_once.url + "/fr/")
    page.keyboard.press("Tab")
    assert focused(page)["href"] == "#content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_place_is_taken_by_keyboard_alone(served, page: Page):
    site = served()
    page.goto(site.url + MEETING)
    tab_to(page, rel="register")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registration/**")
    tab_to(page, tag="button", type="submit")  # an empty form comes back with what is to be done
    page.locator("#form").evaluate("form => { form.noValidate = true }")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    tab_to(page, tag="a", href="#id_name")
    page.keyboard.press("Enter")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type("Wangari Muta")
    tab_to(page, name="email")
    page.keyboard.type("wangari@example.org")
    tab_to(page, name="country")
    page.keyboard.type("Ken")
    tab_to(page, name="consent")
    page.keyboard.press("Space")
    tab_to(page, "Shift+Tab", name="attendance")
    page.keyboard.press("Space")
    answers = page.locator("#form").evaluate("form => Object.fromEntries(new FormData(form))")
    assert (answers["name"], answers["country"], answers["consent"]) == ("Wangari Muta", "KE", "on")
    assert answers["attendance"] in ("onsite", "online")
    tab_to(page, tag="button", type="submit")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("We have written to you")


@pytest.mark.parametrize(
    ("language", "way"), [("fr", "Nous vous avons écrit"), ("en", "We have written to you"), ("es", "Le hemos escrito")]
)
def test_a_place_is_taken_without_a_script(served, chromium: Browser, language: str, way: str):
    site = served()
    with chromium.new_context(java_script_enabled=False, viewport={"width": 375, "height": 740}) as visitor:
        page = visitor.new_page()
        page.goto(site.url + MEETING)
        if language != "en":
            page.locator(f".langs a[hreflang={language}]").click()
        page.locator("a[rel=register]").click()
        page.locator("[name=name]").fill("Wangari Muta")
        page.locator("[name=email]").fill(f"wangari.{language}@example.org")
        page.locator("[name=country]").select_option("KE")
        page.locator("[name=attendance]").first.check()
        page.locator("[name=consent]").check()
        page.locator("#form button[type=submit]").click()
        expect(page.locator("main")).to_contain_text(way)


def test_the_leaves_of_the_calendar_turn_with_a_script_and_without(served_once: Served, chromium: Browser):
    for script in (True, False):
        with chromium.new_context(java_script_enabled=script) as visitor:
            page = visitor.new_page()
            page.goto(f"{served_once.url}/en/calendar/month/2021-05/")
            page.locator("#month-after").click()
            expect(page.locator("#month-name")).to_have_text("June 2021")
            assert page.url.endswith("/en/calendar/month/2021-06/")
            expect(page.locator(".langs a[hreflang=es]")).to_have_attribute("href", "/es/calendario/mes/2021-06/")
            page.locator("#month-after").click()
            expect(page.locator("#month-name")).to_have_text("July 2021")
            page.go_back()
            expect(page.locator("#month-name")).to_have_text("June 2021")
