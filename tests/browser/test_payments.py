"""A place is paid on a phone's width, without a mouse, in three languages; and the page back knows when it is paid."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.letters import letter_to, words
from tests.browser.meetings import fits
from tests.browser.test_keyboard import tab_to
from tests.payments.till import SESSION, Till
from tests.registration.people import address

PRICES = {"fr": "60,00 €", "en": "€60.00", "es": "60,00 €"}
PAID = {"fr": "Merci", "en": "Thank you", "es": "Gracias"}


@pytest.fixture(scope="module")
def till(_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    """One site that takes payments, with its worker."""
    folder = tmp_path_factory.mktemp("payments")
    with Till(_template.copy(folder), folder) as running:
        running.site.start_worker()
        yield running
        assert "Traceback" not in running.site.log()


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 375, "height": 700}, timezone_id="Africa/Dakar")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def is_right(page: Page, language: str) -> None:
    """It fits, breaks no rule, and is in the language asked for."""
    fits(page)
    assert violations(page) == []
    expect(page.locator("html")).to_have_attribute("lang", language)


def register_by_keyboard(page: Page, till: Till, meeting: dict, language: str, name: str, email: str) -> None:
    page.goto(till.site.url + address("registration", meeting["uid"], language=language))
    tab_to(page, name="name")
    page.keyboard.type(name)
    tab_to(page, name="email")
    page.keyboard.type(email)
    tab_to(page, name="country")
    page.keyboard.type("Sen")
    tab_to(page, name="consent")
    page.keyboard.press("Space")
    press(page, tag="button", type="submit")
    expect(page.locator("main .amount")).to_be_visible()


def press(page: Page, **wanted: str) -> None:
    tab_to(page, **wanted)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_a_place_is_paid_by_keyboard_after_a_look_back(till: Till, narrow: Page, language: str):
    page, email = narrow, f"awa.{language}@example.org"
    register_by_keyboard(page, till, till.meeting(), language, "Awa Ndiaye", email)
    expect(page.locator("main .amount")).to_contain_text(PRICES[language])
    is_right(page, language)
    to_pay = page.url

    press(page, tag="button", type="submit")
    page.wait_for_url(SESSION)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_contain_text(PRICES[language])
    page.get_by_role("link").first.focus()  # without paying
    page.keyboard.press("Enter")
    expect(page.locator("main .amount")).to_contain_text(PRICES[language])
    is_right(page, language)

    page.go_back()
    page.wait_for_url(SESSION)
    press(page, tag="button", name="how", value="card")
    page.wait_for_url(re.compile(r"\?session=cs_"))
    expect(page.get_by_role("status")).to_contain_text(PAID[language])
    is_right(page, language)
    page.go_back()
    page.wait_for_url(SESSION)
    expect(page.get_by_role("button")).to_have_count(0)  # nobody pays twice
    page.goto(to_pay)
    expect(page.locator("#form button")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text(PAID[language])
    assert PRICES[language] in words(letter_to(till.site, page, email, count=2)).replace("\u202f", "\xa0")
    assert till.person(email)["state"] == "confirmed"


def test_the_page_one_comes_back_to_says_by_itself_when_the_money_is_there(till: Till, narrow: Page):
    page, email = narrow, "moussa@example.org"
    register_by_keyboard(page, till, till.meeting(), "en", "Moussa Diop", email)
    press(page, tag="button", type="submit")
    page.wait_for_url(SESSION)
    with till.told_later():
        press(page, tag="button", name="how", value="card")
        page.wait_for_url(re.compile(r"\?session=cs_"))
        expect(page.locator("main")).to_contain_text("If you have just paid")
        is_right(page, "en")
        till.stripe.retry()
        expect(page.get_by_role("status")).to_contain_text("Thank you")
        is_right(page, "en")


def test_who_presses_the_back_button_after_the_seat_was_released_reads_what_has_become_of_it(till: Till, narrow: Page):
    page, email = narrow, "ndeye@example.org"
    register_by_keyboard(page, till, till.meeting(), "fr", "Ndèye Fall", email)
    press(page, tag="button", type="submit")
    page.wait_for_url(SESSION)
    till.run_out(email)
    till.release()
    page.go_back()
    if page.locator("#form button").count():  # as the browser has kept the page
        press(page, tag="button", type="submit")
    expect(page.locator("main")).to_contain_text("Rien n’a été débité")
    is_right(page, "fr")
