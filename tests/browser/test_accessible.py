"""No page breaks a rule of WCAG 2.2 AA, in any language, light or dark, on a narrow screen or a magnified one."""

import re
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import violations
from tests.served import Served

LANGUAGES = ("fr", "en", "es")
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
MAGNIFIED = {"width": 320, "height": 256}
"1280 x 1024 at 400 %: what reflow (WCAG 1.4.10) asks for."


def kinds(site: Served, language: str) -> list[str]:
    """One address of each kind of page, and a few in states of their own, found by what the site itself links to."""
    with urlopen(f"{site.url}/sitemap-{language}.xml") as answer:
        paths = [urlsplit(address).path for address in re.findall(r"<loc>(.*?)</loc>", answer.read().decode())]
    agenda = {"fr": "/fr/agenda/", "en": "/en/calendar/", "es": "/es/calendario/"}[language]
    words = {"fr": ("passees", "mois"), "en": ("past", "month"), "es": ("pasadas", "mes")}[language]
    by_shape: dict[tuple[str, int], str] = {}
    for path in sorted(paths):
        parts = path.strip("/").split("/")
        by_shape.setdefault((parts[1] if len(parts) > 1 else "", len(parts)), path)
    events = [path for path in paths if path.startswith(agenda) and path != agenda]
    states = [path for path in events if re.search(r"hyderabad|abidjan|demo|asi", path)]
    return [
        *by_shape.values(),
        *states[:3],
        agenda + f"{words[0]}/",
        agenda + f"{words[1]}/2021-05/",
        agenda + "objectif/A1/" if language == "fr" else agenda,
        {"fr": "/fr/s-abonner/region/AFR-W/", "en": "/en/subscribe/", "es": "/es/suscribirse/tipo/webinar/"}[language],
        f"/{language}/nowhere/",
        f"/patterns/{language}/",
    ]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def look(page: Page, address: str) -> list[str]:
    """What is wrong with a page: on a wide screen by day, then in the dark, on a phone, and magnified."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(address)
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, "color-contrast", "link-in-text-block")
    for size in (NARROW, MAGNIFIED):
        page.set_viewport_size(size)
        found += violations(page, "color-contrast", "target-size", "scrollable-region-focusable", "region")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{beyond} pixels wider than a screen of {size['width']}"] if beyond > 0 else []
    return [f"{address}: {one}" for one in found]


def test_every_kind_of_page_can_be_used_by_everybody(served_once: Served, chromium: Browser, language):
    with chromium.new_context(reduced_motion="reduce") as visitor:
        page = visitor.new_page()
        addresses = dict.fromkeys(kinds(served_once, language))
        assert len(addresses) >= 10
        found = [one for path in addresses for one in look(page, served_once.url + path)]
        assert not found, "\n".join(found)


def test_what_nobody_could_use_is_found(page: Page):
    page.set_content(
        "<html lang=fr><title>x</title><main><h1>x</h1><img src=x><p style='color:#999'>Des mots trop pâles</p></main>"
    )
    assert {one.split(":")[0] for one in violations(page)} == {"image-alt", "color-contrast"}


def open_registration(page: Page, site: Served, language: str) -> None:
    agenda = {"fr": "/fr/agenda/", "en": "/en/calendar/", "es": "/es/calendario/"}[language]
    page.goto(site.url + agenda)
    page.locator(".rows li:has(.state.ok) .name a").first.click()
    page.locator("a[rel=register]").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_with_its_errors_can_be_used_by_everybody(served_once: Served, chromium: Browser, language, scheme):
    with chromium.new_context(color_scheme=scheme, viewport=NARROW) as visitor:
        page = visitor.new_page()
        open_registration(page, served_once, language)
        assert not violations(page)
        page.evaluate("document.getElementById('form').noValidate = true")
        page.locator("#form button[type=submit]").click()
        summary = page.locator("#errors")
        summary.wait_for()
        assert page.evaluate("document.activeElement.id") == "errors"
        assert not violations(page)
        first = summary.locator("a").first
        target = first.get_attribute("href")
        first.click()
        assert target
        assert page.locator(target).count() == 1  # each error leads to its field


SERIES = """
import datetime as dt
from django.utils import timezone
from i18nfield.strings import LazyI18nString as told
from events.models import Event, EventException
hour, week = dt.timedelta(hours=1), dt.timedelta(days=7)
start = timezone.now().replace(tzinfo=None, hour=21, minute=0, second=0, microsecond=0) - week
event = Event(
    title=told({"fr": "Sols en ligne", "en": "Soils online", "es": "Suelos"}), theme=told(""), venue=told(""),
    city=told(""), format="online", timezone="Europe/Paris", start_local=start, end_local=start + hour,
    recurrence="RRULE:FREQ=WEEKLY;COUNT=30", registration="here", registered_for="date",
)
event.save()
moved = start + 3 * week + dt.timedelta(days=1)
event.exceptions.set([
    EventException(day=(start + 2 * week).date(), is_cancelled=True, note=told({"fr": "Congé", "en": "Holiday"})),
    EventException(day=(start + 3 * week).date(), start_local=moved, end_local=moved + hour),
])
event.save_revision().publish()
for page in event.pages.order_by("locale__language_code"):
    print(page.get_url())
"""


def test_the_page_of_a_series_and_the_lists_it_stands_in_can_be_used_by_everybody(served, chromium: Browser):
    site = served()
    said = site.manage("shell", "--no-imports", "--verbosity=0", "-c", SERIES)
    paths = [line for line in said.splitlines() if line.startswith("/")]
    assert len(paths) == 3
    with chromium.new_context(reduced_motion="reduce") as visitor:
        page = visitor.new_page()
        found = [one for path in [*paths, "/fr/agenda/", "/en/calendar/"] for one in look(page, site.url + path)]
        assert not found, "\n".join(found)
        page.goto(site.url + paths[0])
        assert page.locator("tbody th").count() > 3
        assert page.locator(".dates .state.off").count() == 1


def test_who_chooses_a_calendar_sees_its_address_at_once(served_once: Served, page: Page):
    page.goto(f"{served_once.url}/fr/s-abonner/")
    page.locator("#calendar").select_option("region:AFR-W")
    page.wait_for_url("**/fr/s-abonner/region/AFR-W/")
    assert page.locator("#feed-address").input_value().endswith("/ical/fr/region/AFR-W.ics")
    assert "Afrique de l" in page.locator("form [role=status]").inner_text()
