"""Places at a meeting as people have them: waited for, asked for, changed; and all of it in Spanish on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.letters import letter_to, link, words
from tests.browser.meetings import ask, fits, is_spanish, made, own_page, person, speaks_spanish
from tests.served import Served

PHONE = {"width": 375, "height": 700}


@pytest.fixture(scope="module")
def site(_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One site with its worker; each test has a meeting and people of its own."""
    folder = tmp_path_factory.mktemp("registration")
    running = Served(_template.copy(folder), folder)
    try:
        running.start(worker=True)
        yield running
        assert "Traceback" not in running.log()
    finally:
        running.stop()


@pytest.fixture
def other(visitor: BrowserContext) -> Iterator[Page]:
    """A page of somebody else, with a browser of their own."""
    assert visitor.browser is not None
    context = visitor.browser.new_context(locale="fr-FR", timezone_id="Africa/Dakar")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone in Mexico whose owner reads Spanish and taps."""
    context = chromium.new_context(
        locale="es-MX", timezone_id="America/Mexico_City", viewport=PHONE, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_who_waits_is_offered_the_seat_that_somebody_gives_back_and_takes_it(site: Served, page: Page, other: Page):
    paths = made(
        site, "Atelier complet", "Full workshop", "Taller lleno", capacity=1, has_waiting_list=True,
        people=(person("Fatou Sarr"),),
    )  # fmt: skip
    page.goto(site.url + paths["fr"])
    ask(page, "Nadia Wanjirũ", "nadia@example.org")
    expect(page.locator("main")).to_contain_text("liste d’attente")
    waiting = letter_to(site, page, "nadia@example.org")
    page.goto(link(waiting))
    expect(page.locator("main")).to_contain_text("Vous êtes en tête de la liste.")
    expect(page.get_by_role("button", name="Prendre la place")).to_have_count(0)

    own_page(site, other, "fatou@example.org")
    other.get_by_role("link", name="Annuler mon inscription").click()
    other.get_by_role("button", name="Oui, annuler mon inscription").click()
    expect(other.get_by_role("status")).to_contain_text("libre pour quelqu’un d’autre")

    offered = letter_to(site, page, "nadia@example.org", count=2)
    assert offered["Subject"] != waiting["Subject"]
    page.goto(link(offered))
    expect(page.locator("main")).to_contain_text("vous est gardée jusqu’au")
    page.get_by_role("button", name="Prendre la place").click()
    expect(page.get_by_role("status")).to_contain_text("La place est à vous")
    page.reload()
    expect(page.get_by_role("link", name="Annuler mon inscription")).to_be_visible()
    expect(page.get_by_role("button", name="Prendre la place")).to_have_count(0)
    confirmed = letter_to(site, page, "nadia@example.org", count=3)
    assert "Votre place : Atelier complet" in confirmed["Subject"]


def enter(page: Page, site: Served) -> None:
    page.goto(f"{site.url}/admin/")
    page.locator("[name=login]").fill("staff")
    page.locator("[name=password]").fill("humus-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site.url}/admin/")


def test_the_staff_decide_about_a_request_with_a_letter_in_the_words_of_its_reader(
    site: Served, page: Page, other: Page
):
    paths = made(site, "Points focaux", "Focal points", "Puntos focales", needs_approval=True, capacity=5)
    page.goto(site.url + paths["es"])
    ask(page, "Lucía Pérez", "lucia@example.org")
    requested = letter_to(site, page, "lucia@example.org")
    page.goto(link(requested))
    expect(page.locator("main")).to_contain_text("responden por carta")

    enter(other, site)
    other.goto(f"{site.url}/admin/registrations/requests/?q=lucia%40")
    other.get_by_label("Lucía Pérez", exact=True).check()
    other.get_by_text("La lettre avec vos propres mots").click()
    other.locator("[name=subject-es]").fill("Le esperamos en Nairobi")
    other.locator("[name=text-es]").fill("Estimada {name}: traiga sus botas.")
    other.locator("[name=verb][value=approve]").click()
    expect(other.locator(".messages")).to_contain_text("1 demande")

    approved = letter_to(site, page, "lucia@example.org", count=2)
    assert "Le esperamos en Nairobi" in approved["Subject"]
    assert "Estimada Lucía Pérez: traiga sus botas." in words(approved)
    page.goto(link(approved))
    expect(page.get_by_role("link", name="Anular mi inscripción")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("responden por carta")
    expect(page.locator("main")).to_contain_text("Añadir a mi calendario")


def change(page: Page, attendance: str) -> None:
    page.get_by_role("link", name="Modifier", exact=True).last.click()
    page.locator(f"[name=attendance][value={attendance}]").check()
    page.locator("#form .acts button[type=submit]").last.click()


def test_who_takes_part_online_comes_to_the_room_as_soon_as_there_is_a_seat(site: Served, page: Page, other: Page):
    paths = made(
        site, "Réunion à deux voies", "Meeting of two ways", "Reunión de dos vías", format="hybrid",
        capacity_onsite=1, capacity_online=5, people=(person("Binta Traoré"),),
    )  # fmt: skip
    page.goto(site.url + paths["fr"])
    ask(page, "Chidi Okonkwo", "chidi@example.org", "online")
    first = letter_to(site, page, "chidi@example.org")
    page.goto(mine := link(first))
    change(page, "onsite")
    expect(page.locator("#errors")).to_contain_text("Il ne reste pas de place pour ce choix")
    expect(page.locator("[name=attendance][value=onsite]")).to_be_checked()
    page.goto(mine)
    expect(page.locator(".facts")).to_contain_text("En ligne")

    own_page(site, other, "binta@example.org")
    change(other, "online")
    expect(other.get_by_role("status")).to_contain_text("Vos changements sont gardés.")
    change(page, "onsite")
    expect(page.get_by_role("status")).to_contain_text("Vos changements sont gardés.")
    expect(page.locator(".facts")).to_contain_text("Sur place")
    letter = letter_to(site, page, "chidi@example.org", count=2)
    assert "Votre place a changé" in letter["Subject"]
    assert "Nairobi, Kenya" in words(letter)
    assert "Nairobi, Kenya" not in words(first)

    change(other, "onsite")
    expect(other.locator("#errors")).to_contain_text("Il ne reste pas de place pour ce choix")


def test_all_of_it_goes_in_spanish_on_a_phone(site: Served, phone: Page):
    made(
        site, "Journée de la vallée", "Day of the valley", "Jornada del valle", verifies_address=True,
        allows_transfer=True, format="hybrid", capacity_onsite=20,
    )  # fmt: skip

    def look() -> None:
        is_spanish(phone)
        fits(phone)

    def tap(name: str, role: str = "link") -> None:
        phone.get_by_role(role, name=name).first.tap()  # type: ignore[arg-type]

    phone.goto(site.url)
    look()
    phone.locator(".foot").get_by_role("link", name="Buscar en el sitio").tap()
    look()
    phone.locator("main [name=q]").fill("valle")
    phone.locator("main form[role=search] button").tap()
    look()
    tap("Jornada del valle")
    look()
    phone.locator("a[rel=register]").first.tap()
    look()
    phone.locator("[name=name]").fill("Sofía Ibáñez")
    phone.locator("[name=email]").fill("sofia@example.org")
    phone.locator("[name=country]").select_option("MX")
    phone.locator("[name=attendance][value=onsite]").tap()
    tap("Inscribirme", "button")
    look()  # the consent is missing
    phone.locator("[name=consent]").tap()
    tap("Inscribirme", "button")
    expect(phone).to_have_url(re.compile("/gracias/"))
    look()

    first = letter_to(site, phone, "sofia@example.org")
    speaks_spanish(first["Subject"] + words(first), "first letter")
    phone.goto(link(first))
    look()
    tap("Confirmar mi dirección", "button")
    expect(phone.get_by_role("status")).to_contain_text("su dirección está confirmada")
    look()

    tap("Modificar")
    look()
    phone.locator("[name=attendance][value=online]").tap()
    phone.locator("#form .acts button").last.tap()
    expect(phone.get_by_role("status")).to_contain_text("Sus cambios se han guardado.")
    look()

    tap("Ceder mi plaza a otra persona")
    look()
    phone.locator("[name=name]").fill("Ana Vidal")
    phone.locator("[name=email]").fill("ana.vidal@example.org")
    tap("Ofrecer mi plaza", "button")
    expect(phone.get_by_role("status")).to_contain_text("Ana Vidal")
    look()
    offer = letter_to(site, phone, "ana.vidal@example.org")
    speaks_spanish(offer["Subject"] + words(offer), "letter that passes the place on")
    mine = phone.url
    phone.goto(link(offer))
    look()
    phone.locator("[name=country]").select_option("CO")
    phone.locator("[name=consent]").tap()
    tap("Aceptar la plaza", "button")
    expect(phone.get_by_role("status")).to_contain_text("La plaza es suya")
    look()
    tap("Anular mi inscripción")
    look()
    tap("Sí, anular mi inscripción", "button")
    expect(phone.get_by_role("status")).to_contain_text("libre para otra persona")
    look()
    phone.goto(mine)
    look()
    for address in ("sofia@example.org", "ana.vidal@example.org"):
        for letter in [one for one in site.letters() if address in str(one["To"])]:
            speaks_spanish(letter["Subject"] + words(letter), f"letter to {address}")
