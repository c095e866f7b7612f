"""The rule of a series in a browser: chosen by keyboard, in words at once, the same when it is opened again."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.served import Served

ADD = "/admin/events/add/"
HARD, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture
def site(served) -> Served:
    return served()


def enter(page: Page, site: Served) -> None:
    page.goto(f"{site.url}/admin/")
    page.locator("[name=login]").fill("staff")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site.url}/admin/")


@pytest.fixture
def far(chromium) -> BrowserContext:
    """Somebody who reads French, before a machine whose clock is Toronto's."""
    context = chromium.new_context(locale="fr-FR", timezone_id="America/Toronto")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_series_is_chosen_by_keyboard_told_in_words_saved_and_found_again(site: Served, far: BrowserContext):
    page = far.new_page()
    page.set_viewport_size({"width": 1280, "height": 1000})
    enter(page, site)
    page.goto(site.url + ADD)
    page.locator("[name=title_0]").fill("Régions jumelées")
    page.get_by_role("tab", name="Quand").click()
    page.locator("[name=timezone]").select_option("Europe/Paris")
    page.locator("[name=start_local]").fill("2031-03-06 15:00")
    page.locator("[name=end_local]").fill("2031-03-06 16:30")
    pressed(page, "Escape")

    rule = page.locator("[data-rule]")
    frequency, told = rule.get_by_label("Répétition"), rule.locator("[data-lines]")
    expect(rule.get_by_label("Intervalle")).to_be_hidden()
    frequency.focus()
    pressed(page, "ArrowDown", "ArrowDown")  # every week
    expect(told).to_contain_text("Tous les jeudis")
    expect(rule.get_by_text("Dans le mois")).to_be_hidden()
    pressed(page, "Tab")
    expect(rule.get_by_label("Intervalle")).to_be_focused()
    page.keyboard.type("2")  # Tab marks what stands there
    expect(told).to_contain_text(f"Tous les deux jeudis à 15{NARROW}h, heure de Paris.")
    rule.locator("[name=recurrence_ends][value=never]").focus()
    pressed(page, "ArrowDown", "ArrowDown")
    until = rule.get_by_label("Dernier jour", exact=True)
    expect(until).to_be_visible()
    until.fill("2031-05-01")
    expect(told).to_contain_text("jusqu’au 1er mai 2031")
    expect(told).to_contain_text("5 dates, la dernière le 1er mai 2031")

    rule.get_by_role("button", name="Sauter une date").focus()
    pressed(page, "Enter")
    skipped = rule.get_by_label("Date sautée")
    expect(skipped).to_be_focused()
    skipped.fill("2031-04-03")
    expect(told).to_contain_text("4 dates")
    rows = told.locator("tbody th")
    expect(rows).to_have_text(["jeudi 6 mars 2031", "jeudi 20 mars 2031", "jeudi 17 avril 2031", "jeudi 1er mai 2031"])
    # North America puts its clocks forward three weeks before Paris.
    expect(told.locator("tbody tr").nth(1).locator(".rule-dates__shifted").first).to_contain_text("décalée")
    words = told.locator(".rule-dates__words").inner_text()

    page.locator("footer button[type=submit]").first.click()
    page.wait_for_url("**/admin/events/edit/**")
    page.get_by_role("tab", name="Quand").click()
    expect(skipped).to_have_count(1)
    expect(skipped).to_have_value("2031-04-03")
    expect(until).to_have_value("2031-05-01")
    expect(frequency).to_have_value("weekly")
    expect(rule.get_by_label("Intervalle")).to_have_value("2")
    expect(told.locator(".rule-dates__words")).to_have_text(words)
    expect(rows).to_have_count(4)

    rule.get_by_role("button", name="Retirer").focus()
    pressed(page, "Enter")
    expect(rule.get_by_role("button", name="Sauter une date")).to_be_focused()
    expect(rows).to_have_count(5)


def test_the_weekday_of_the_month_follows_the_first_date_until_it_is_chosen(site: Served, page: Page):
    enter(page, site)
    page.goto(site.url + ADD)
    page.get_by_role("tab", name="Quand").click()
    page.locator("[name=start_local]").fill("2031-03-13 15:00")
    pressed(page, "Escape")
    rule = page.locator("[data-rule]")
    rule.get_by_label("Répétition").select_option("monthly")
    rule.locator("[name=recurrence_monthly][value=weekday]").check()
    expect(rule.locator("[name=recurrence_ordinal]")).to_have_value("2")
    expect(rule.locator("[name=recurrence_weekday]")).to_have_value("TH")
    expect(rule.locator("[data-lines]")).to_contain_text("Le deuxième jeudi de chaque mois")
    page.locator("[name=start_local]").fill("2031-03-28 15:00")
    expect(rule.locator("[name=recurrence_ordinal]")).to_have_value("4")
    expect(rule.locator("[name=recurrence_weekday]")).to_have_value("FR")
    rule.locator("[name=recurrence_ordinal]").select_option("-1")
    page.locator("[name=start_local]").fill("2031-03-27 15:00")
    expect(rule.locator("[name=recurrence_ordinal]")).to_have_value("-1")
    expect(rule.locator("[data-lines]")).to_contain_text("Le dernier jeudi de chaque mois")
