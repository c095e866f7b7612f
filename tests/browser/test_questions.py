"""Questions in a browser: by keyboard alone in three languages, and nothing lost with the connection or the tab."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accessible import violations
from tests.browser.asked import answers, approved, made
from tests.browser.meetings import fits
from tests.browser.test_keyboard import focused, tab_to
from tests.served import Served

PHONE = {"width": 375, "height": 700}
ORGANISATION = {
    "fr": "Institut international de recherche sur les cultures des zones tropicales semi-arides",
    "en": "International Crops Research Institute for the Semi-Arid Tropics",
    "es": "Instituto Internacional de Investigación de Cultivos para las Zonas Tropicales Semiáridas",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"
MEALS = {"fr": "Ce que vous ne mangez pas", "en": "What you do not eat", "es": "Lo que no come"}


@pytest.fixture(scope="module")
def site(_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One site; each test has a meeting of its own."""
    folder = tmp_path_factory.mktemp("questions")
    running = Served(_template.copy(folder), folder)
    try:
        running.start()
        yield running
        assert "Traceback" not in running.log(), running.log()[-5000:]
    finally:
        running.stop()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, timezone_id="Africa/Dakar", locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def is_right(page: Page, language: str) -> None:
    fits(page)
    assert violations(page) == []
    expect(page.locator("html")).to_have_attribute("lang", language)


def tab_on(page: Page, selector: str) -> None:
    """Press the tab key until the element has the focus."""
    for _stop in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard never reached {selector}")


def pick(page: Page, typed: str) -> None:
    """Begin to write a name and take the only one that is suggested."""
    page.keyboard.type(typed)
    expect(page.locator(".names li:visible")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".names li:visible")).to_have_count(0)


def question(page: Page, meeting: dict[str, Any], words: str) -> Any:
    return page.locator(f"[data-question='{meeting[words]}']")


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_questions_are_answered_by_keyboard_alone(site: Served, phone: BrowserContext, language: str):
    visa = ("visa", "passport_name", "nationality", "birth", "passport")
    meeting = made(
        site, "speaks", "dietary", "dietary_other", "list", *visa, format="hybrid", capacity=9, needs_approval=True
    )
    meals, other = f"q{meeting['What you do not eat']}", f"q{meeting['What else you do not eat']}"
    page = phone.new_page()
    page.goto(site.url + meeting[language])
    expect(question(page, meeting, "What you do not eat")).to_be_hidden()  # it is for those on site
    tab_to(page, name="attendance", value="onsite")
    page.keyboard.press("Space")
    expect(question(page, meeting, "What you do not eat")).to_be_visible()
    expect(page.locator("[data-asked]")).to_contain_text(MEALS[language])
    assert focused(page)["name"] == "attendance"
    for name, words in (("name", "Awa Ndiaye"), ("email", f"awa.{language}@example.org")):
        tab_to(page, name=name)
        page.keyboard.type(words)
    tab_to(page, name="organisation")
    pick(page, "semi")
    assert focused(page)["value"] == ORGANISATION[language]
    tab_to(page, name="country")
    page.keyboard.type("Sen")
    tab_on(page, "[id$=_more_typed]")
    pick(page, "wolo")
    tab_to(page, name=meals, value="other")
    page.keyboard.press("Space")
    words = question(page, meeting, "What else you do not eat").locator("label > span").inner_text()
    expect(page.locator("[data-asked]")).to_contain_text(words)
    page.keyboard.press("Tab")
    assert focused(page)["name"] == other  # what has appeared comes next
    page.keyboard.type("Arachides")
    tab_to(page, "Shift+Tab", name=meals, value="other")
    page.keyboard.press("Space")
    expect(question(page, meeting, "What else you do not eat")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.locator(f"[name={other}]")).to_have_value("Arachides")
    is_right(page, language)
    tab_to(page, name="consent")
    page.keyboard.press("Space")
    tab_to(page, tag="button", type="submit")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(merci|thank-you|gracias)/"))
    [person] = answers(site, meeting)
    assert person["known"] == "ICRISAT"
    assert person["answers"] == {
        "Languages you speak": "Wolof",
        "What you do not eat": "Something else",
        "What else you do not eat": "Arachides",
    }
    answer_after_approval(page, site, meeting, language)


def answer_after_approval(page: Page, site: Served, meeting: dict[str, Any], language: str) -> None:
    """On one's own page, without a mouse: what is asked only of who has a place."""
    email = f"awa.{language}@example.org"
    mine = approved(site, meeting, email, language)
    page.goto(mine)
    tab_on(page, "a.go[href*='/questions/'], a.go[href*='/preguntas/']")
    page.keyboard.press("Enter")
    visa = f"q{meeting['Do you need a letter of invitation for a visa?']}"
    passport = f"q{meeting['Name as in your passport']}"
    expect(page.locator(f"[name={passport}]")).to_be_hidden()
    tab_to(page, name=visa, value="yes")
    page.keyboard.press("Space")
    expect(page.locator("[data-asked]")).not_to_be_empty()
    is_right(page, language)
    tab_to(page, name=passport)
    page.keyboard.type("AWA NDIAYE")
    kept(page)
    page.reload()  # the connection was lost, the tab was closed
    expect(page.locator(f"[name={passport}]")).to_have_value("AWA NDIAYE")
    expect(page.locator(f"[name={visa}]:checked")).to_have_value("yes")
    tab_to(page, name=passport)
    tab_to(page, name=f"q{meeting['Nationality']}")
    page.keyboard.type("Sen")
    tab_to(page, name=f"q{meeting['Date of birth']}")
    page.keyboard.type("05051980")  # whatever the order of day and month
    tab_to(page, tag="button", type="submit")
    page.keyboard.press("Enter")
    expect(page.locator("[type=file]")).to_be_focused()  # the browser says what is missing: nothing was sent
    page.locator("[type=file]").set_input_files({"name": "passeport.pdf", "mimeType": "application/pdf", "buffer": PDF})
    tab_to(page, tag="button", type="submit")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?done=answered$"))
    expect(page.locator("[data-received]").first).to_be_visible()
    is_right(page, language)
    [person] = answers(site, meeting)
    said = [person["answers"][words] for words in ("Name as in your passport", "Nationality", "Date of birth")]
    assert said == ["AWA NDIAYE", "Senegal", "1980-05-05"]
    assert kept(page) == "{}"


def begin(page: Page, email: str) -> None:
    """Fill in what every form asks."""
    page.locator("[name=name]").fill("Awa Ndiaye")
    page.locator("[name=email]").fill(email)
    page.locator("[name=country]").select_option("SN")


def send(page: Page) -> None:
    page.locator("[name=consent]").check()
    page.locator("#form .btn.go").click()


def kept(page: Page) -> str:
    """All that the device holds, as one text."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")  # what was typed a moment ago is written now
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_a_form_half_filled_comes_back_in_another_tab_and_is_forgotten_when_asked(site: Served, phone: BrowserContext):
    meeting = made(site, "speaks", "dietary", "dietary_other", "access", "list", format="hybrid", has_waiting_list=True)
    meals, access = f"q{meeting['What you do not eat']}", f"q{meeting['What you need to take part in comfort']}"
    first = phone.new_page()
    first.goto(site.url + meeting["en"] + "?code=SECRET-7")
    begin(first, "awa@example.org")
    first.locator("[name=attendance][value=onsite]").check()
    first.locator(f"[name={meals}][value=nuts]").check()
    first.locator(f"[name={meals}][value=other]").check()
    first.locator(f"[name={access}]").fill("Une place\nprès de l’écran")
    first.locator("[id$=_more_typed]").press_sequentially("wolo")
    first.locator(".names li:visible").click()
    first.locator("[name=wait]").uncheck()
    first.locator("[name=topic]").evaluate(
        "trap => { trap.value = 'spam'; trap.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    first.reload()  # at once: nothing waits to be written
    expect(first.locator("[name=name]")).to_have_value("Awa Ndiaye")
    holds = kept(first)
    secrets = [first.locator(f"[name={name}]").first.input_value() for name in ("csrfmiddlewaretoken", "submission")]
    assert not [word for word in (*secrets, "SECRET-7", "spam") if word in holds]
    first.close()

    page = phone.new_page()
    page.goto(site.url + meeting["fr"])  # in another language it is the same form
    notice = page.locator("[data-said]")
    expect(notice).to_have_attribute("role", "status")
    expect(notice.locator("time")).to_have_attribute("datetime", re.compile("^20"))
    for name, value in (("name", "Awa Ndiaye"), ("email", "awa@example.org"), ("country", "SN")):
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator(f"[name={access}]")).to_have_value("Une place\nprès de l’écran")
    expect(page.locator(f"[name={meals}]:checked")).to_have_count(2)
    expect(page.locator("[data-picked]")).to_have_text("Wolof", ignore_case=True)
    expect(page.locator("[name=wait]")).not_to_be_checked()
    expect(page.locator("[name=language]:checked")).to_have_value("fr")
    expect(page.locator("[name=consent]")).not_to_be_checked()
    expect(question(page, meeting, "What else you do not eat")).to_be_visible()
    is_right(page, "fr")

    notice.get_by_role("button").click()
    expect(notice.locator("[tabindex]")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("")
    expect(page.locator("[data-picked]")).to_have_count(0)
    expect(question(page, meeting, "What you do not eat")).to_be_hidden()
    assert kept(page) == "{}"
    page.reload()
    expect(page.locator("[name=name]")).to_have_value("")
    expect(notice).to_be_empty()


def test_what_was_changed_elsewhere_is_not_overwritten_by_what_was_typed_here(
    site: Served, phone: BrowserContext, chromium: Browser
):
    meeting = made(site, "list")
    page = phone.new_page()
    page.goto(site.url + meeting["en"])
    begin(page, "awa@example.org")
    send(page)
    page.wait_for_url("**/thank-you/")
    change = approved(site, meeting, "awa@example.org", "en") + "change/"
    page.goto(change)
    page.locator("[name=name]").fill("Awa N.")
    page.locator("[name=organisation]").fill("ISRA")
    kept(page)
    with chromium.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(change)
        other.locator("[name=name]").fill("Awa Ndiaye Diop")
        other.locator("#form .btn.go").click()
        other.wait_for_url("**done=changed")
    page.reload()
    expect(page.locator("[name=name]")).to_have_value("Awa Ndiaye Diop")
    expect(page.locator("[name=organisation]")).to_have_value("ISRA")
    expect(page.locator("[data-said]")).not_to_be_empty()


def test_two_tabs_write_beside_each_other_and_a_week_later_all_is_forgotten(site: Served, phone: BrowserContext):
    meeting = made(site)
    one, two = phone.new_page(), phone.new_page()
    for page in (one, two):
        page.goto(site.url + meeting["en"])
    one.locator("[name=name]").fill("Awa Ndiaye")
    kept(one)
    two.locator("[name=email]").fill("awa@example.org")
    kept(two)
    one.locator("[name=organisation]").fill("ISRA")
    assert all(words in kept(one) for words in ("Awa Ndiaye", "awa@example.org", "ISRA"))
    two.locator("[data-keeping] [data-forget]").click()
    expect(one.locator("[data-keeping]")).to_be_hidden()
    expect(one.locator("[name=name]")).to_have_value("Awa Ndiaye")  # nothing is taken out of somebody's hands
    one.locator("[name=name]").fill("Awa N.")
    assert "awa@example.org" not in kept(one)
    one.evaluate(
        """() => {
          const [key] = Object.keys(localStorage);
          const old = JSON.parse(localStorage[key]);
          localStorage[key] = JSON.stringify({ ...old, at: old.at - 7 * 86400e3 });
        }"""
    )
    two.goto(site.url + "/en/")  # wherever one comes by
    assert two.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("trouble", ["offline", "silence", "broken"])
def test_who_sends_without_a_connection_loses_nothing_and_is_registered_once(
    site: Served, phone: BrowserContext, trouble: str
):
    meeting = made(site, "list")
    page = phone.new_page()
    page.goto(site.url + meeting["en"])
    begin(page, "awa@example.org")
    path = "**" + meeting["en"]
    if trouble == "offline":
        phone.set_offline(True)
    elif trouble == "silence":  # it was received, but the answer is lost on its way

        def swallow(route: Route) -> None:
            route.fetch(max_redirects=0)
            route.abort("timedout")

        page.route(path, swallow)
    else:
        page.route(path, lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>"))
    send(page)
    alert = page.locator("[data-unsent]")
    expect(alert).to_contain_text("Nothing is lost")
    expect(alert).to_have_attribute("aria-live", "assertive")
    expect(page.locator("[name=name]")).to_have_value("Awa Ndiaye")
    is_right(page, "en")
    if trouble == "offline":
        phone.set_offline(False)
        expect(alert).to_contain_text("The connection is back")
    else:
        page.unroute(path)
        page.close()  # it is sent from another tab, as if it were tomorrow
        page = phone.new_page()
        page.goto(site.url + meeting["en"])
        expect(page.locator("[name=name]")).to_have_value("Awa Ndiaye")
        page.locator("[name=consent]").check()
    page.locator("#form button[type=submit]").last.click()
    page.wait_for_url("**/thank-you/")
    assert page.evaluate("localStorage.length") == 0
    assert [one["email"] for one in answers(site, meeting)] == ["awa@example.org"]
    page.goto(site.url + meeting["en"])
    expect(page.locator("[name=name]")).to_have_value("")


def test_a_file_goes_through_a_form_that_comes_back_with_an_error(site: Served, phone: BrowserContext, tmp_path: Path):
    meeting = made(site, "dietary", "dietary_other", with_file=True)
    poster = tmp_path / "affiche.png"
    Image.new("RGB", (40, 60), "#7a3d06").save(poster)
    page = phone.new_page()
    page.goto(site.url + meeting["en"])
    begin(page, "awa@example.org")
    heavy = {"name": "affiche.png", "mimeType": "image/png", "buffer": bytes(6_000_000)}
    page.locator(f"[name=q{meeting['Your poster']}]").set_input_files(heavy)
    with phone.expect_event("request", lambda request: request.method == "POST") as first_sent:
        send(page)
        expect(page.locator("[data-unsent]")).to_contain_text("too large")  # it has not travelled
        page.locator("[name=consent]").uncheck()
        page.locator(f"[name=q{meeting['Your poster']}]").set_input_files(poster)
        page.locator("#form").evaluate("form => { form.noValidate = true }")
        page.locator("#form .btn.go").click()  # without the consent
    assert int(first_sent.value.all_headers()["content-length"]) < 100_000
    expect(page.locator("#errors")).to_be_focused()
    assert re.search("/registration/[^/]+/$", page.url)
    expect(page).to_have_title(re.compile("^To look at again"))
    expect(question(page, meeting, "Your poster")).to_contain_text("affiche.png")
    expect(page.locator("[name=name]")).to_have_value("Awa Ndiaye")
    is_right(page, "en")
    assert "affiche" not in kept(page)
    send(page)
    page.wait_for_url("**/thank-you/")
    [person] = answers(site, meeting)
    assert person["answers"] == {"Your poster": "affiche.png"}


def test_where_a_browser_keeps_nothing_the_form_works_all_the_same(site: Served, phone: BrowserContext):
    meeting = made(site, "list")
    page = phone.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })")
    page.goto(site.url + meeting["en"])
    begin(page, "awa@example.org")
    phone.set_offline(True)
    send(page)
    expect(page.locator("[data-unsent]")).to_contain_text("Nothing is lost")
    phone.set_offline(False)
    expect(page.locator("[data-unsent]")).to_contain_text("The connection is back")
    page.locator("[data-unsent] button").click()
    page.wait_for_url("**/thank-you/")
    assert not said
    assert len(answers(site, meeting)) == 1


def test_a_form_that_stood_open_for_long_is_sent_all_the_same(site: Served, phone: BrowserContext):
    meeting = made(site)
    page = phone.new_page()
    page.goto(site.url + meeting["en"])
    begin(page, "awa@example.org")
    phone.clear_cookies()
    send(page)
    page.wait_for_url("**/thank-you/")
    assert len(answers(site, meeting)) == 1
