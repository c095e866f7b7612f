"""Tickets at the door with the network off: true ones, forged ones, and those of another event, by keyboard."""

import base64
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.accessible import violations
from tests.browser.meetings import fits
from tests.registration.people import address
from tests.served import Served

MAKE = """
import json
from django.test import override_settings
from events.models import Registration
from events.registration.documents import signing
from events.registration.documents.ticket import claim, code
from tests.factories import TicketFactory, told
from tests.registration.lives import entered
from tests.registration.people import meeting
from tests.registration.series import series
def seated(event, name, **facts):
    return entered(event, name=name, **facts)
here, other, dated = meeting(), meeting(title=told("Réunion de Dakar", "Dakar meeting", "Reunión de Dakar")), series()
full = TicketFactory(event=here, code="full", name=told("Plein tarif", "Full price", "Tarifa plena"))
asha = seated(here, "आशा राव", ticket=full)
first, second = dated.occurrences.order_by("starts_at")[:2]
with override_settings(SECRET_KEY="of somebody else"):
    foreign = code(asha)
print(json.dumps({
    "here": str(here.uid), "dated": str(dated.uid),
    "true": code(asha), "other": code(seated(other, "Ben Ode")), "foreign": foreign,
    "first": code(seated(dated, "Chidi", occurrence=first)),
    "second": code(seated(dated, "Dora", occurrence=second, email="dora@example.org")),
    "second_date": str(signing.minutes(second.original)),
    "own_key": signing.key_id(signing.public_keys()[next(iter(signing.public_keys()))]),
}))
"""
GENUINE = {"fr": "Authentique", "en": "Genuine", "es": "Auténtica"}
FORGED = {"fr": "Pas authentique", "en": "Not genuine", "es": "No es auténtica"}
OTHER = {"fr": "Pour un autre événement", "en": "For another event", "es": "Para otro evento"}
DAMAGED = {"fr": "Illisible", "en": "Not readable", "es": "Ilegible"}
TICKET = {"fr": "Plein tarif", "en": "Full price", "es": "Tarifa plena"}


@pytest.fixture(scope="module")
def site(_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tickets")
    running = Served(_template.copy(folder), folder)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def codes(site: Served) -> dict[str, str]:
    made: dict[str, str] = json.loads(site.manage("shell", "--no-imports", "-c", MAKE).strip().splitlines()[-1])
    return made


@pytest.fixture
def door(chromium: Browser) -> Iterator[BrowserContext]:
    """A telephone at the door."""
    context = chromium.new_context(viewport={"width": 375, "height": 740})
    context.set_default_timeout(20_000)
    yield context
    context.close()


def without_network(door: BrowserContext, site: Served, codes: dict[str, str], language: str, event: str) -> Page:
    """The page is opened once; then the network goes, and the page is opened again."""
    page = door.new_page()
    page.goto(site.url + address("door", codes[event], language=language))
    expect(page.locator("#kept.is-kept")).to_be_visible()
    door.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#kept.is-kept")).to_be_visible()
    return page


def scan(page: Page, code: str) -> None:
    """As a hand scanner does: it types, and presses Enter."""
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_value("")


def says(page: Page, word: str) -> None:
    expect(page.locator("#verdict [data-verdict]:visible")).to_have_count(1)
    expect(page.locator("#verdict [data-verdict]:visible b")).to_have_text(word)


def flipped(code: str, at: int) -> str:
    """The same with one bit of what is signed turned over."""
    plain = code.removeprefix("HUMUS:")
    raw = bytearray(base64.b32decode(plain + "=" * (-len(plain) % 8)))
    raw[at] ^= 1
    return "HUMUS:" + base64.b32encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_with_the_network_off_a_ticket_is_genuine_forged_or_of_another_event(
    site: Served, codes: dict[str, str], door: BrowserContext, language: str
):
    page = without_network(door, site, codes, language, "here")
    fits(page)

    scan(page, codes["true"])
    says(page, GENUINE[language])
    told = page.locator("#told")
    expect(told).to_contain_text("आशा राव")
    expect(told).to_contain_text(TICKET[language])
    expect(told).to_contain_text("2031")
    fits(page)

    for at in (10, 30, 60, -1):  # in the event, the registration, the name, the signature
        scan(page, flipped(codes["true"], at))
        says(page, FORGED[language])
        expect(told).to_be_hidden()
    scan(page, codes["foreign"])
    says(page, FORGED[language])
    expect(page.locator("[data-if-unknown]")).to_be_visible()

    scan(page, codes["other"])
    says(page, OTHER[language])
    expect(told).to_contain_text("Dakar")
    expect(told).to_contain_text("Ben Ode")

    for wrong in (codes["true"][:120], "HUMUS:", "https://example.org/", "HUMUS:" + "A" * 5000):
        scan(page, wrong)
        says(page, DAMAGED[language])

    scan(page, f"  {codes['true'].lower()}  ")
    says(page, GENUINE[language])
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_key_of_another_that_takes_our_name_is_forged(site: Served, codes: dict[str, str], door: BrowserContext):
    page = without_network(door, site, codes, "en", "here")
    plain = codes["foreign"].removeprefix("HUMUS:")
    raw = bytearray(base64.b32decode(plain + "=" * (-len(plain) % 8)))
    raw[1:5] = bytes.fromhex(codes["own_key"])
    scan(page, "HUMUS:" + base64.b32encode(raw).decode().rstrip("="))
    says(page, FORGED["en"])
    expect(page.locator("[data-if-unknown]")).to_be_hidden()


def test_of_a_series_it_asks_for_the_date_at_this_door(site: Served, codes: dict[str, str], door: BrowserContext):
    page = without_network(door, site, codes, "en", "dated")
    scan(page, codes["first"])
    says(page, "Genuine")
    scan(page, codes["second"])
    says(page, "For another date")
    expect(page.locator("#told")).to_contain_text("Dora")
    page.locator("#date").select_option(codes["second_date"])
    page.locator("#code").focus()
    scan(page, codes["second"])
    says(page, "Genuine")
    page.locator("#date").select_option("")
    page.locator("#code").focus()
    scan(page, codes["first"])
    says(page, "Genuine")


def test_every_verdict_can_be_read_and_nothing_that_is_scanned_is_sent(
    site: Served, codes: dict[str, str], door: BrowserContext
):
    page = door.new_page()
    page.goto(site.url + address("door", codes["here"], language="en"))
    expect(page.locator("#kept.is-kept")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.post_data)))
    for name, code in (("true", codes["true"]), ("forged", flipped(codes["true"], 30)), ("other", codes["other"])):
        scan(page, code)
        expect(page.locator("[data-verdict=waits]")).to_be_hidden()
        assert violations(page) == [], name
        expect(page.locator("#verdict")).to_have_attribute("role", "status")
    assert not [one for one in asked if "HUMUS" in one.upper()]
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert re.search(r"/admin/papers/check-ticket/#HUMUS", page.locator("#ask").get_attribute("href") or "")


def test_what_the_page_says_offline_the_admin_says_too(site: Served, codes: dict[str, str], chromium: Browser):
    """The code handed over behind the # reaches the form of the admin, and no address."""
    with chromium.new_context(locale="en-GB") as staff:
        staff.set_default_timeout(20_000)
        page = staff.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.url}/admin/")
        page.locator("[name=login]").fill("staff")
        page.locator("[name=password]").fill("humus-demo")
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/admin/")
        page.goto(f"{site.url}/admin/papers/check-ticket/#{codes['true'].replace(':', '%3A')}")
        expect(page.locator(".desk-verdict--good")).to_contain_text("आशा राव")
        assert not [one for one in asked if "HUMUS" in one]
