"""News from a phone in West Africa: written with a picture, proposed, commented, published, translated, read."""

import re
from pathlib import Path

import feedparser
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.served import Served

TITLE, MENDED, ENGLISH = (
    "Des semis sous couvert à Korhogo",
    "Des semis sous couvert végétal à Korhogo",
    "Sowing under cover in Korhogo",
)
PHONE = {"width": 375, "height": 760}


@pytest.fixture
def site(served) -> Served:
    return served()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "champ.png"
    Image.new("RGB", (1200, 800), "sienna").save(file)
    return file


def enter(chromium: Browser, site: Served, name: str, width: int = 1280) -> Page:
    """Somebody with a browser of their own, logged in."""
    context = chromium.new_context(locale="fr-FR", viewport={"width": width, "height": 800})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    page.locator("[name=username], [name=login]").first.fill(name)
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url("**/admin/")
    return page


def fits(page: Page) -> None:
    assert page.evaluate("scrollX === 0 && document.documentElement.scrollWidth <= innerWidth")


def write(page: Page, picture: Path) -> None:
    page.locator("a[href*='/add/regions/newspage/']").first.click()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=summary]").fill("Trois villages essaient.")
    page.get_by_role("button", name="Choisir une image").first.click()
    modal = page.locator(".modal-dialog")
    modal.get_by_role("tab").last.click()
    modal.locator("input[type=file]").set_input_files(picture)
    modal.locator("[name=image-chooser-upload-title]").fill("Un champ")
    modal.locator("form[action*=create] button[type=submit]").last.click()
    modal.wait_for(state="detached")
    page.locator("[name=image_alt]").fill("Un champ de sorgho")
    page.locator("[name=image_credit]").fill("Awa")
    fits(page)
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages")).to_contain_text(TITLE)


def publish(page: Page, site: Served) -> None:
    page.goto(f"{site.url}/admin/proposed-news/")
    page.get_by_role("link", name=TITLE).first.click()
    page.locator("[name=title]").fill(MENDED)
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("footer").get_by_role("button", name="Approuver avec un commentaire").click()
    page.locator(".modal-dialog textarea").fill("Merci ! J’ai précisé le titre.")
    page.locator(".modal-dialog [type=submit]").last.click()
    expect(page.locator(".messages")).to_contain_text(MENDED)


def translate(page: Page, site: Served) -> None:
    page.goto(f"{site.url}/admin/translations/")
    page.get_by_role("link", name=MENDED).first.click()
    said = [ENGLISH, "Three villages try it.", "A field of sorghum", "Awa"]
    page.get_by_role("button", name="Translate", exact=True).first.wait_for()  # the editor is drawn by a script
    for tab in page.get_by_role("tab").all():
        tab.click()
        left = page.get_by_role("tabpanel").get_by_role("button", name="Translate", exact=True)
        while count := left.count():
            left.first.click()
            page.locator("textarea:visible").fill(said.pop(0) if said else "West Africa correspondent")
            with page.expect_response(lambda answer: answer.request.method == "PUT"):
                page.get_by_role("button", name="Save", exact=True).first.click()
            expect(left).to_have_count(count - 1)
    page.get_by_role("button", name=re.compile(r"^\s*Publish")).first.click()
    expect(page.locator(".messages")).to_contain_text(": published.")


def test_news_go_from_a_phone_to_the_site_in_two_languages(site: Served, chromium: Browser, page: Page, picture: Path):
    phone = enter(chromium, site, "correspondent.afr-w", PHONE["width"])
    fits(phone)
    write(phone, picture)
    page.goto(f"{site.url}/fr/regions/afrique-de-louest/")
    expect(page.locator("main")).not_to_contain_text("Korhogo")

    publish(enter(chromium, site, "staff"), site)
    phone.goto(f"{site.url}/admin/proposed-news/")
    phone.locator(".desk-list a", has_text="Korhogo").first.click()
    expect(phone.locator(".desk-changes ins")).to_contain_text("végétal")
    expect(phone.locator("main")).to_contain_text("J’ai précisé le titre.")
    fits(phone)

    translate(enter(chromium, site, "translator"), site)

    for path, title, lang in (
        ("/fr/regions/afrique-de-louest/", MENDED, None),
        ("/en/regions/west-africa/", ENGLISH, None),
        ("/es/", MENDED, "fr"),
        ("/en/", ENGLISH, None),
        ("/fr/", MENDED, None),
    ):
        page.goto(site.url + path)
        card = page.locator(".news", has_text="Korhogo").first
        expect(card.locator(".name a")).to_have_text(title)
        assert card.locator(".name a").get_attribute("lang") == lang, path
        assert "/media/" in (card.locator("img").get_attribute("src") or "")
    page.goto(f"{site.url}/en/regions/west-africa/")
    page.locator(".news .name a", has_text="Korhogo").click()
    expect(page.locator("figure.shown img")).to_have_attribute("alt", "A field of sorghum")

    for language, title, said in (("fr", MENDED, "fr"), ("en", ENGLISH, "en"), ("es", MENDED, "fr")):
        answer = page.request.get(f"{site.url}/feeds/{language}/region/AFR-W/news.rss")
        item = feedparser.parse(answer.body()).entries[0]
        assert (item.title, item.title_detail.language) == (title, said)
    assert "Traceback" not in site.log()
