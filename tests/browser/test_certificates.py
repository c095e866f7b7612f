"""A certificate is verified by keyboard, in three languages, by day and in the dark; staff issue it on a phone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessible import look
from tests.served import Served

MADE = """
import json
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from events.registration import links
from tests.documents.held import certified, held, was_there
from tests.registration.lives import staff
event = held()
asha = was_there(event, "आशा राव", "asha@example.org", latin_name="Asha Rao")
ben = was_there(event, "Ben Ode")
good, gone = certified(asha), certified(ben)
gone.revoke(staff(), "was not there")
was_there(event, "Chidi Eze")
desk = Client()
desk.force_login(User.objects.get(username="staff"))
cookie = settings.SESSION_COOKIE_NAME
own = {}
for language in ("fr", "en", "es"):
    with override(language):
        own[language] = [reverse(name, args=[links.token(asha)]) for name in ("participant", "participant_certificate")]
        own[language].append(reverse("certificates"))
print(json.dumps({"good": good.number, "gone": gone.number, "paths": own, "desk": f"/admin/certificates/{event.uid}/",
                  "cookie": {"name": cookie, "value": desk.cookies[cookie].value}}))
"""
SAID = {
    "fr": ("Cette attestation est authentique", "Aucune attestation ne porte ce numéro", "a été révoquée"),
    "en": ("This certificate is genuine", "No certificate has this number", "was revoked"),
    "es": ("Este certificado es auténtico", "Ningún certificado tiene este número", "fue revocado"),
}


@pytest.fixture(scope="module")
def site(_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("certificates")
    running = Served(_template.copy(folder), folder)
    try:
        running.start()
        yield running
        assert "Traceback" not in running.log()
    finally:
        running.stop()


@pytest.fixture(scope="module")
def made(site: Served) -> Any:
    return json.loads(site.manage("shell", "--no-imports", "-c", MADE).strip().splitlines()[-1])


@pytest.mark.parametrize("language", list(SAID))
def test_a_number_is_typed_from_paper_and_read_without_a_mouse(site: Served, made, page: Page, language):
    genuine, unknown, revoked = SAID[language]
    page.goto(site.url + made["paths"][language][2])
    for typed, heading in (
        (made["good"].replace("-", "").lower(), genuine),
        ("2345 6789 abcd", unknown),
        (made["gone"], revoked),
    ):
        page.locator("#id_number").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(heading)
    assert page.context.cookies() == []
    assert "Ben Ode" not in page.content()


@pytest.mark.parametrize("language", list(SAID))
def test_its_pages_can_be_used_by_everybody(site: Served, made, chromium: Browser, language):
    own, sheet, asked = made["paths"][language]
    paths = [asked, f"{asked}?number=x", *(f"{asked}{number}/" for number in (made["good"], made["gone"], "2345"))]
    with chromium.new_context(reduced_motion="reduce") as visitor:
        page = visitor.new_page()
        found = [one for path in (own, sheet, *paths) for one in look(page, site.url + path)]
        assert not found, "\n".join(found)


def test_staff_tick_somebody_and_issue(site: Served, made, chromium: Browser):
    with chromium.new_context(locale="fr-FR", viewport={"width": 375, "height": 800}) as desk:
        desk.add_cookies([made["cookie"] | {"url": site.url}])
        page = desk.new_page()
        page.goto(site.url + made["desk"])
        page.get_by_label("Chidi Eze").check()
        page.get_by_role("button", name="Délivrer aux personnes cochées").click()
        expect(page.locator(".messages")).to_contain_text("1 attestation est délivrée")
        expect(page.get_by_label("Chidi Eze")).to_have_count(0)
        page.locator("li", has_text="Chidi Eze").get_by_role("link").click()
        page.get_by_text("Révoquer", exact=True).first.click()
        page.locator("#revoke_reason").fill("n’est pas venu")
        page.get_by_role("button", name="Révoquer").click()
        expect(page.locator(".messages")).to_contain_text("L’attestation est révoquée")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0
