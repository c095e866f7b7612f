"""What a correspondent types on a weak connection is not lost, and a photograph is made light before it leaves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.served import Served

CHANGED = "form => void form.dispatchEvent(new CustomEvent('w-unsaved:add', { cancelable: true }))"
"What Wagtail says to itself when something has been typed, some time after."


@pytest.fixture
def site(served) -> Served:
    return served()


@pytest.fixture
def phone(chromium: Browser, site: Served) -> Iterator[Page]:
    context = chromium.new_context(locale="fr-FR", viewport={"width": 375, "height": 740})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    log_in(page)
    yield page
    context.close()


def log_in(page: Page) -> None:
    page.locator("[name=login]").fill("correspondent.afr-w")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/admin/")


def propose(page: Page, site: Served, title: str) -> None:
    page.goto(f"{site.url}/admin/proposals/add/")
    for name, said in (("title_fr", title), ("first_day", "2027-05-04"), ("city", "Korhogo"), ("organisers", "INERA")):
        page.locator(f"[name={name}]").fill(said)
    page.locator("[name=note]").fill("Les sols de Korhogo.")


def test_a_form_waits_for_the_connection(site: Served, phone: Page):
    propose(phone, site, "Rencontre de Korhogo")
    phone.context.set_offline(True)
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.get_by_role("alert")).to_contain_text("Pas de connexion")
    expect(phone.locator("[name=note]")).to_have_value("Les sols de Korhogo.")
    phone.context.set_offline(False)
    expect(phone.get_by_role("alert")).to_contain_text("Vous êtes de retour")
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Rencontre de Korhogo")
    assert "/add/" not in phone.url


def test_a_form_outlives_its_session(site: Served, phone: Page):
    propose(phone, site, "Rencontre de Bouaké")
    phone.context.clear_cookies()
    phone.locator("main form button[type=submit]").first.click()
    with phone.context.expect_page() as opened:
        phone.get_by_role("alert").get_by_role("link").click()
    log_in(opened.value)
    opened.value.close()
    phone.bring_to_front()
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Rencontre de Bouaké")
    assert "/add/" not in phone.url


def test_a_photograph_leaves_light(site: Served, phone: Page, tmp_path: Path):
    Image.effect_noise((3600, 2400), 40).convert("RGB").save(tmp_path / "champ.jpg", quality=95)
    phone.locator("a[href*='/add/regions/newspage/']").first.click()
    phone.get_by_role("button", name="Choisir une image").first.click()
    modal = phone.locator(".modal-dialog")
    modal.get_by_role("tab").last.click()
    field = modal.locator("input[type=file]")
    heavy = (tmp_path / "champ.jpg").stat().st_size
    field.set_input_files(tmp_path / "champ.jpg")
    phone.wait_for_function(
        "heavy => document.querySelector('[name=image-chooser-upload-file]').files[0].size < heavy / 2", arg=heavy
    )
    modal.locator("form[action*=create] button[type=submit]").last.click()
    modal.wait_for(state="detached")
    expect(phone.locator("[data-chooser-title], .chooser__title").first).to_contain_text("champ")


def test_what_is_proposed_while_a_draft_is_being_saved_is_one_page(site: Served, phone: Page):
    def slowly(route: Route) -> None:
        answer = route.fetch()
        phone.wait_for_timeout(2000)
        route.fulfill(response=answer)

    drafts = re.compile(r"/add/regions/newspage/")
    phone.locator("a[href*='/add/regions/newspage/']").first.click()
    phone.locator("[name=title]").press_sequentially("Semis de Korhogo")
    phone.route(drafts, lambda route: slowly(route) if is_draft(route.request) else route.continue_())
    phone.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with phone.expect_request(is_draft):
        phone.locator("[data-edit-form]").evaluate(CHANGED)
    phone.locator("[name=action-submit]").evaluate("button => button.click()")
    expect(phone.locator(".messages")).to_contain_text("Semis de Korhogo")
    phone.goto(f"{site.url}/admin/")
    expect(phone.locator("main").get_by_role("link", name="Semis de Korhogo")).to_have_count(1)


def is_draft(request: Request) -> bool:
    """What Wagtail saves by itself while one types."""
    return request.method == "POST" and request.headers.get("accept") == "application/json" and "/add/" in request.url
