"""One meeting, from the first visit to the cancelled place, and a date moved once for everybody."""

import contextlib
import sqlite3
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.letters import letter_to, link, words
from tests.served import Served

MEETING = "/en/calendar/4-per-1000-east-africa-meeting-demo/"


@pytest.fixture
def site(served) -> Served:
    return served(worker=True)


def fill(page: Page, name: str, email: str, attendance: str = "onsite") -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=country]").select_option("KE")
    page.locator(f"[name=attendance][value={attendance}]").check()
    page.locator("[name=consent]").check()
    page.locator("#form button[type=submit]").click()


def test_a_visitor_switches_language_registers_reads_the_letter_and_cancels(site: Served, page: Page):
    page.goto(site.url + MEETING)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".langs a[hreflang=es]").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_contain_text("África Oriental")
    expect(page.locator("[data-yours]")).to_be_visible()
    expect(page.locator("[data-yours]")).to_contain_text("8:00")  # 09:00 in Nairobi, seen from Paris
    expect(page.locator("[data-yours]")).to_contain_text("hora de Europa central")

    page.locator("a[rel=register]").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    fill(page, "Amina Wanjirũ", "amina@example.org")
    expect(page.locator("main")).to_contain_text("Le hemos escrito")

    letter = letter_to(site, page, "amina@example.org")
    assert "14" in words(letter)
    assert "septiembre de 2027" in words(letter)
    page.goto(link(letter))
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("main")).to_contain_text("Amina Wanjirũ")

    # A reader who only looks changes nothing; the button on the page behind the link does.
    page.locator("main a[href*=cancel], main a[href*=anular]").first.click()
    page.locator("main form button.stop, main form button[type=submit]").first.click()
    goodbye = letter_to(site, page, "amina@example.org", count=2)
    assert goodbye["Subject"] != letter["Subject"]
    assert "Traceback" not in site.log()


def test_a_date_moved_once_in_french_moves_in_every_language_letter_and_feed(
    site: Served, page: Page, visitor: BrowserContext
):
    page.goto(f"{site.url}/admin/")
    page.locator("[name=login]").fill("staff")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site.url}/admin/")
    page.goto(f"{site.url}/admin/events/?q=afrique+est")
    page.get_by_role("link", name="Afrique de l").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("tab", name="Quand").click()
    assert page.locator("[name=start_local]").input_value() == "2027-09-14 09:00"
    page.locator("[name=start_local]").fill("2027-09-15 09:00")
    page.locator("[name=end_local]").fill("2027-09-17 17:00")
    page.keyboard.press("Escape")
    publish = page.locator("[name=action-publish]")
    if not publish.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").click()
    publish.click()
    page.wait_for_url("**/announcements/*/")  # people are registered: the staff are asked whether to tell them

    stranger = visitor.browser.new_context(locale="es-ES", timezone_id="America/Mexico_City")  # type: ignore[union-attr]
    tab = stranger.new_page()
    tab.goto(site.url + MEETING)
    expect(tab.locator("main .day").first).to_contain_text("15–17")
    expect(tab.locator("main")).to_contain_text("September 2027")

    with urlopen(f"{site.url}/ical/es/all.ics") as answer:
        feed = answer.read().decode().replace("\r\n ", "")
    event = next(part for part in feed.split("BEGIN:VEVENT") if "África Oriental" in part)
    assert "DTSTART;TZID=Africa/Nairobi:20270915T090000" in event
    assert "SEQUENCE:1" in event

    tab.goto(site.url + MEETING)
    tab.locator(".langs a[hreflang=es]").click()
    tab.locator("a[rel=register]").click()
    fill(tab, "María Núñez", "maria@example.org", "online")
    letter = letter_to(site, tab, "maria@example.org")
    assert "15" in words(letter)
    assert "17 de septiembre de 2027" in words(letter)
    stranger.close()


def test_a_busy_site_keeps_the_form_and_sends_it_again_by_itself(site: Served, page: Page):
    page.goto(site.url + MEETING)
    page.locator("a[rel=register]").click()
    with contextlib.closing(sqlite3.connect(site.database_url.removeprefix("sqlite:///"), timeout=60)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")  # SQLite has one writer: nobody else gets a turn
        fill(page, "Chidi Okonkwo", "nobody-else@example.org")
        expect(page.locator("[data-retry]")).to_be_visible(timeout=25_000)
        expect(page.locator("[name=name]")).to_have_value("Chidi Okonkwo")
        somebody.rollback()
    page.wait_for_url("**/thank-you/")
    assert "confirmed" in site.manage(
        "shell",
        "--no-imports",
        "-c",
        "from events.models import Registration as R; print(R.objects.of('nobody-else@example.org').get().state)",
    )
