"""Meetings to register for on a served site, and people whose pages fit and speak one language."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.letters import letter_to, link
from tests.served import Served

MAKE = """
import json
from events.models import EventPage, Registration
from tests.factories import told
from tests.registration.people import meeting
facts = json.loads('''{facts}''')
named = dict(title=told(*facts.pop("title")), theme=told("Les sols", "Soils", "Los suelos"))
event = meeting(**named, **facts)
for person in json.loads('''{people}'''):
    Registration(event=event, **person).enter()
pages = EventPage.objects.filter(event=event).select_related("locale")
print(json.dumps({{page.locale.language_code: page.get_url() for page in pages}}))
"""


def made(site: Served, *title: str, people: tuple[dict[str, str], ...] = (), **facts: object) -> dict[str, str]:
    """The paths of a new meeting's page by language; its title in French, English and Spanish, who is registered."""
    script = MAKE.format(facts=json.dumps({"title": title, **facts}), people=json.dumps(people))
    paths: dict[str, str] = json.loads(site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1])
    return paths


def person(name: str, language: str = "fr", attendance: str = "onsite") -> dict[str, str]:
    email = f"{name.split()[0].lower()}@example.org"
    return {"name": name, "email": email, "country": "SN", "language": language, "attendance": attendance}


def ask(page: Page, name: str, email: str, attendance: str = "") -> None:
    """Come from the page of the meeting to its form, and send it."""
    page.locator("a[rel=register]").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=country]").select_option("SN")
    if attendance:
        page.locator(f"[name=attendance][value={attendance}]").check()
    page.locator("[name=consent]").check()
    page.locator("#form .acts button[type=submit]").click()
    expect(page).to_have_url(re.compile("/(merci|gracias|thank-you)/"))


def own_page(site: Served, page: Page, email: str, count: int = 1) -> None:
    """Open the link of the latest of so many letters."""
    page.goto(link(letter_to(site, page, email, count)))


FOREIGN = re.compile(
    r"\b(the|and|your|you|is|are|was|of|with|for|this|that|will|have|been|seats?|letters?|registration|change|cancel"
    r"|vous|votre|vos|nous|est|sont|des|du|une|pour|avec|cette|dans|lettre|annuler|inscription)\b",
    re.IGNORECASE,
)
READ = """() => {
    const text = [document.title];
    const read = (node) => {
        if (node.nodeType === Node.TEXT_NODE) text.push(node.data);
        if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName)) return;
        if (node.lang && node.lang !== document.documentElement.lang) return;
        for (const name of ["alt", "title", "aria-label", "placeholder"]) text.push(node.getAttribute(name) || "");
        node.childNodes.forEach(read);
    };
    read(document.body);
    return text.join(" \\n ");
}"""


def is_spanish(page: Page) -> None:
    """Nothing on the page, seen or read out, is English or French, except what says of itself that it is."""
    expect(page.locator("html")).to_have_attribute("lang", "es")
    speaks_spanish(page.evaluate(READ), page.url)


def speaks_spanish(text: str, where: str) -> None:
    # What is of the time zone database is no word of a language: "Europe/Isle_of_Man".
    text = re.sub(r"https?://\S+|\S+@\S+|[A-Z]\w+/[\w/-]+", " ", text)
    found = [text[max(0, word.start() - 30) : word.end() + 30] for word in FOREIGN.finditer(text)]
    assert not found, (where, found)


def fits(page: Page) -> None:
    """Nothing reaches past the side of the screen."""
    page.evaluate("scrollTo(1000, scrollY)")
    assert page.evaluate("scrollX === 0 && document.documentElement.scrollWidth <= innerWidth"), page.url
