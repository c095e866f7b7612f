"""The staff move a published meeting and tell people; an edition is copied and looked at in three languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

EAST_AFRICA = "/en/calendar/4-per-1000-east-africa-meeting-demo/"


@pytest.fixture
def site(served) -> Served:
    return served(worker=True, LETTERS_ON_A_PAGE="true")


def log_in(site: Served, page: Page) -> None:
    page.goto(f"{site.url}/admin/")
    page.locator("[name=username], [name=login]").first.fill("staff")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))


def open_event(site: Served, page: Page) -> None:
    page.goto(f"{site.url}/admin/events/?q=afrique+est")
    page.get_by_role("link", name="Afrique de l").first.click()
    expect(page.locator("[name=start_local]")).to_have_count(1)


def number(page: Page) -> str:
    found = re.search(r"/events/(?:edit/)?(\d+)/", page.url)
    assert found, page.url
    return found[1]


def test_a_published_meeting_is_moved_and_announced_and_each_reader_gets_the_letter(site: Served, page: Page):
    log_in(site, page)
    open_event(site, page)
    page.goto(f"{site.url}/admin/events/{number(page)}/move/")
    for name, value in (("start_local", "2027-10-05 09:00"), ("end_local", "2027-10-07 17:00")):
        page.locator(f"[name=event-{name}]").fill(value)
        page.keyboard.press("Escape")
    page.locator("[name=told-reason_0]").fill("La salle n’est pas libre cette semaine-là.")
    page.locator("[name=told-reason_1]").fill("The hall is taken that week.")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("main")).to_contain_text("12 personnes recevront chacune une lettre")
    expect(page.frame_locator("iframe >> nth=1").locator("body")).to_contain_text("The hall is taken that week.")
    page.get_by_role("button", name="Déplacer l’événement").click()
    page.wait_for_url("**/announcements/*/")
    for _look in range(60):
        page.reload()
        if page.locator("[data-sent]").count() and page.locator("[data-sent]").inner_text() == "12":
            break
        page.wait_for_timeout(500)
    expect(page.locator("[data-sent]")).to_have_text("12")

    page.goto(f"{site.url}/letters/")
    letters = page.locator("article.letter")
    expect(letters.filter(has_text="chidi@example.org").locator("h2")).to_contain_text("New date: ")
    spanish = letters.filter(has_text="jose@example.org")
    expect(spanish.locator("h2")).to_contain_text("Nueva fecha: ")
    spanish.locator("summary").click()
    expect(spanish.locator("pre")).to_contain_text("14–16 de septiembre de 2027")
    expect(spanish.locator("pre")).to_contain_text("5–7 de octubre de 2027")
    expect(spanish.locator("pre")).to_contain_text("La salle n’est pas libre")

    page.goto(site.url + EAST_AFRICA)
    expect(page.locator("main")).to_contain_text("October 2027")
    assert "Traceback" not in site.log()


def test_last_edition_is_copied_and_looked_at_in_three_languages(site: Served, page: Page):
    log_in(site, page)
    open_event(site, page)
    page.goto(f"{site.url}/admin/events/{number(page)}/next-edition/")
    expect(page.locator("[name=start]")).to_have_value("2028-09-12 09:00")  # a Tuesday too
    page.get_by_role("button", name="Créer les brouillons").click()
    page.wait_for_url("**/admin/events/edit/*/")
    expect(page.locator("[name=start_local]")).to_have_value("2028-09-12 09:00")
    copy = number(page)
    languages = [("fr", "septembre 2028"), ("en", "September 2028"), ("es", "septiembre de 2028")]
    page.goto(f"{site.url}/fr/agenda/")
    assert "2028" not in page.locator("main").inner_text()
    for language, month in languages:
        tab = page.context.new_page()
        tab.goto(f"{site.url}/admin/events/preview/{copy}/?mode={language}")
        tab.close()
        page.goto(f"{site.url}/admin/events/edit/{copy}/")
        answer = page.evaluate(
            """async mode => {
                const form = document.querySelector("#w-editor-form, form[data-edit-form]");
                const address = document.querySelector("[data-w-preview-url-value]").dataset.wPreviewUrlValue;
                await fetch(address, {method: "POST", body: new FormData(form)});
                const page = await fetch(address + "?mode=" + mode + "&in_preview_panel=true");
                return [page.status, await page.text()];
            }""",
            language,
        )
        assert answer[0] == 200
        assert f'lang="{language}"' in answer[1]
        words = re.sub(r"<[^>]+>", " ", answer[1])
        assert month.split()[0] in words
        assert "2028" in words
