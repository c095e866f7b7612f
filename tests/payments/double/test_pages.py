"""What a newcomer sees and plays: the hosted page, what is behind the counter, and the process that serves them."""

import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from stripe import StripeClient

from tests.payments.double.seller import Site, client, line, open_session, paid
from tests.stripe import Double
from tests.stripe.words import WORDS

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]


class Page:
    """What came back: the status, where one is sent on to, and the text."""

    def __init__(self, url: str, form: dict[str, str] | None = None, **headers: str) -> None:
        address = urlsplit(url)
        connection = HTTPConnection(address.netloc, timeout=10)
        body = urlencode(form) if form is not None else None
        connection.request("GET" if form is None else "POST", address.path, body, headers)
        answer = connection.getresponse()
        self.status, self.location = answer.status, answer.headers.get("Location", "")
        self.soup = BeautifulSoup(answer.read(), "html.parser")
        self.text = " ".join(self.soup.get_text(" ").split())
        connection.close()

    @property
    def choices(self) -> list[str]:
        return [str(button["value"]) for button in self.soup.select("button")]


@pytest.mark.parametrize(
    ("locale", "amount", "says"),
    [
        ("fr", "Payer 15 000 F CFA", "aucun argent ne circule"),
        ("en", "Pay F CFA15,000", "no money moves"),
        ("es", "Pagar 15.000 XOF", "no se mueve dinero"),
    ],
)
def test_the_page_speaks_the_language_of_the_session(api: StripeClient, locale: Any, amount: str, says: str) -> None:
    page = Page(open_session(api, locale=locale, customer_email="awa@example.org").url)
    assert page.soup.html is not None
    assert page.soup.html["lang"] == locale
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text().replace("\u202f", " ").replace("\xa0", " ") == amount
    assert says in page.text
    assert "Regional meeting" in page.text
    assert "awa@example.org" in page.text
    assert page.choices == ["card", "delayed", "declined"]


def test_a_page_without_a_language_follows_the_browser(api: StripeClient) -> None:
    url = open_session(api).url
    for accepted, lang in (("es-MX,es;q=0.9", "es"), ("de,fr;q=0.5", "fr"), ("de", "en"), ("", "en")):
        html = Page(url, **{"Accept-Language": accepted}).soup.html
        assert html is not None
        assert html["lang"] == lang


def test_whoever_pays_is_sent_back_to_the_site(stripe: Double, api: StripeClient) -> None:
    session = open_session(api)
    page = Page(session.url, {"how": "card"})
    assert (page.status, page.location) == (303, f"https://humus.example/paid/?session={session.id}")
    assert page.location == stripe.way_back(session.id)
    assert stripe.books() == {"xof": 15_000}


def test_paying_twice_is_refused_kindly(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, locale="en")
    Page(session.url, {"how": "card"})
    again = Page(session.url, {"how": "card"})
    assert (again.status, again.location) == (303, urlsplit(session.url).path)
    page = Page(session.url)
    assert "Nobody is charged twice" in page.text
    assert page.choices == []
    assert stripe.books() == {"xof": 15_000}


def test_a_declined_card_says_so_and_leaves_another_try(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, locale="fr")
    page = Page(session.url, {"how": "declined"})
    assert page.soup.select_one("[role=alert]")
    assert "La carte a été refusée" in page.text
    assert "card" in page.choices
    assert stripe.books() == {}


def test_an_expired_page_leads_back_to_the_site(stripe: Double, api: StripeClient) -> None:
    session = open_session(api, locale="es")
    stripe.clock.move(days=2)
    page = Page(session.url)
    assert "Esta página ha caducado" in page.text
    assert page.choices == []
    assert page.soup.select_one('a[href="https://humus.example/back/"]')
    assert Page(session.url, {"how": "card"}).status == 303
    assert stripe.books() == {}


@pytest.mark.parametrize(("how", "says"), [("arrives", "paid already"), ("fails", "has failed")])
def test_a_pending_payment_is_settled_on_its_page(stripe: Double, api: StripeClient, how: str, says: str) -> None:
    session = open_session(api, locale="en")
    assert Page(session.url, {"how": "delayed"}).location == stripe.way_back(session.id)
    assert Page(session.url).choices == ["arrives", "fails"]
    Page(session.url, {"how": how})
    assert says in Page(session.url).text


def test_nobody_knows_a_session_that_is_none(stripe: Double) -> None:
    page = Page(f"{stripe.url}/c/pay/cs_test_none")
    assert page.status == 404
    assert "There is no such payment" in page.text


def test_what_is_sold_is_never_taken_for_html(api: StripeClient) -> None:
    page = Page(open_session(api, line_items=[line(name="<script>alert(1)</script>")]).url)
    assert page.soup.script is None
    assert "<script>" in page.text


def test_the_languages_say_the_same_things_in_their_own_typography() -> None:
    english, french, spanish = WORDS["en"], WORDS["fr"], WORDS["es"]
    assert english.keys() == french.keys() == spanish.keys()
    for name, text in english.items():
        fields = set(re.findall(r"{\w+}", text))
        assert fields == set(re.findall(r"{\w+}", french[name])) == set(re.findall(r"{\w+}", spanish[name]))
    for text in french.values():
        assert not re.search(r"(?<!\u202f)[;?!]|(?<!\xa0):|'", text), text


def test_behind_the_counter_one_plays_the_bank_and_the_dashboard(stripe: Double, api: StripeClient, site: Site) -> None:
    def let(verb: str, of: str = "", **more: str) -> Page:
        return Page(f"{stripe.url}/", {"let": verb, "of": of, **more})

    first, second = paid(stripe, api, line_items=[line(10_000, "eur")]), paid(stripe, api)
    assert let("refund", first, amount="12.50").status == 303
    assert stripe.refunds(first)[0]["amount"] == 1_250
    assert "€12.50 refunded" in Page(f"{stripe.url}/").text
    refused = let("refund", second, amount="0.5")
    assert refused.status == 400
    assert "fraction of the smallest unit" in refused.text
    assert let("refund", first, amount="1000").status == 400
    let("fail_refund", stripe.refunds(first)[0]["id"])
    assert stripe.books() == {"eur": 10_000, "xof": 15_000}
    let("dispute", second)
    let("lose", stripe.all("dispute")[0]["id"])
    assert stripe.book("xof").lost == 15_000
    session = open_session(api)
    let("pass", "90000")
    assert stripe.session(session.id)["status"] == "expired"
    stripe.wait()
    site.got.clear()
    let("deliver", stripe.event("refund.failed")["id"])
    assert site.types == ["refund.failed"]
    assert "refund.failed" in Page(f"{stripe.url}/").text


def test_the_double_runs_by_itself_and_remembers(tmp_path: Path, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    # fmt: off
    command = [
        sys.executable, "-m", "tests.stripe", "--port", str(port), "--hook", site.url, "--secret", "whsec_by_itself",
        "--state", str(tmp_path / "stripe.json"), "--key", "sk_test_by_itself",
    ]
    # fmt: on
    double: Any = type("Address", (), {"key": "sk_test_by_itself", "url": f"http://127.0.0.1:{port}"})
    made = ""
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert "no money moves" in process.stdout.readline()
            session = open_session(client(double), key="payment-7-1")
            assert session.id == (made or session.id)
            made = session.id
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
            process.communicate()
    assert (tmp_path / "stripe.json").exists()
