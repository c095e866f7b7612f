"""The receipt: for who paid and nobody else, on the page and as a PDF that every name can be read in."""

import contextlib
import datetime as dt
import io
import logging
import os
import re
import sys
import time

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from pypdf import PdfReader

from events.models import Issuer, Payment, Registration, Transfer
from events.payments.receipt import Receipt
from events.registration import links
from events.registration.event_shown import event_shown
from pages import pdf
from tests.factories import TicketFactory, told
from tests.registration.lives import entered, now, staff
from tests.registration.people import address, meeting, page, text

pytestmark = pytest.mark.django_db

PAID_AT = dt.datetime(2031, 3, 2, 21, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def sold(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_of_the_receipts"


@pytest.fixture(scope="session")
def pango():
    """What documents are drawn with; required where CI=true, else the test is skipped without it."""
    if not pdf.is_available():
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("Pango is not there: docs/operations.md names the packages")


with_pango = pytest.mark.usefixtures("pango")


def pays(price=6000, currency="EUR", **person):
    """Asha pays for her place, in the night from 2 to 3 March in Nairobi."""
    event = meeting(contact_email="nairobi@example.org", allows_transfer=True)
    ticket = TicketFactory(event=event, price=price, currency=currency, name=told("Plein tarif", "Full price"))
    with time_machine.travel(PAID_AT, tick=False):
        asha = entered(event, ticket=ticket, **{"language": "en"} | person)
        payment = Payment.begin(asha, "Nairobi meeting")
        payment.opened(f"cs_{asha.pk}", "https://pay.example/", PAID_AT + dt.timedelta(minutes=40), is_live=True)
        payment.paid(f"cs_{asha.pk}", f"pi_{asha.pk}", price, currency)
    payment.refresh_from_db()
    return now(asha), payment


def receipt(registration, language="en", name="receipt", client=None):
    return (client or Client()).get(address(name, links.token(registration), language=language))


def facts(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return {
        row.dt.get_text(" ", strip=True): row.dd.get_text(" ", strip=True) for row in page.select(".receipt dl div")
    }


def read(answer):
    assert answer["Content-Type"] == "application/pdf", answer
    return PdfReader(io.BytesIO(answer.content))


def words(reader):
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in reader.pages))


def together(said):
    """Without white space: a PDF keeps places, not spaces."""
    return re.sub(r"\s", "", said)


def test_it_says_who_paid_what_for_what_and_when_at_the_place():
    asha, payment = pays()
    said = facts(receipt(asha))
    assert said["Received from"] == "Asha Rao"
    assert said["Amount"] == "€60.00"
    assert said["Number"] == f"2031-{payment.uid.hex[:8].upper()}"
    assert said["Reference at Stripe"] == payment.payment_intent
    assert said["Paid on"].startswith("Monday, 3 March 2031, 00:30, "), "the day in Nairobi, not in London"
    assert "UTC+3" in said["Paid on"]
    assert said["For"].startswith("Nairobi meeting")
    assert "Kenya" in said["For"]
    assert said["Ticket"] == "Full price"
    assert "not an invoice" in text(receipt(asha))
    assert "Executive Secretariat" in text(receipt(asha))
    assert "nairobi@example.org" in text(receipt(asha))


@with_pango
@pytest.mark.parametrize(
    ("language", "price", "currency", "said"),
    [
        ("fr", 6000, "EUR", "60,00 €"),
        ("en", 150000, "INR", "₹1,500.00"),
        ("fr", 15000, "XOF", "15 000 F CFA"),
        ("es", 15000, "XOF", "15.000 XOF"),
    ],
)
def test_amounts_are_told_in_the_language_of_the_page_and_their_currency(language, price, currency, said):
    asha, _payment = pays(price, currency)
    page = re.sub(r"[\s\u00a0\u202f]", " ", text(receipt(asha, language)))
    assert said in page
    assert f'lang="{language}"' in page
    document = read(receipt(asha, language, "receipt_pdf"))
    assert together(said) in together(words(document))
    assert document.trailer["/Root"]["/Lang"] == language


@with_pango
def test_the_secretariat_writes_who_gives_it():
    asha, _payment = pays()
    Issuer.objects.create(
        name="Alliance X", address="1 rue Y\n75000 Paris", email="money@example.org", numbers="SIRET 1"
    )
    page, document = text(receipt(asha)), words(read(receipt(asha, name="receipt_pdf")))
    for said in ("Alliance X", "75000 Paris", "money@example.org", "SIRET 1"):
        assert said in page
        assert said in document
    assert "nairobi@example.org" not in page


@with_pango
def test_refunds_stand_on_it_and_what_remains():
    asha, payment = pays()
    payment.ask_refund(2000, "staff", by=staff())
    said = facts(receipt(asha))
    assert said["Refund on its way"].startswith("€20.00")
    assert said["Remains paid"] == "€40.00"
    sent = payment.refunds.get()
    payment.heard_of_refund("re_1", str(sent.uid), 2000, "succeeded")
    said = facts(receipt(asha))
    assert said["Refunded"].startswith("€20.00")
    assert said["Remains paid"] == "€40.00"
    assert "€40.00" in words(read(receipt(asha, name="receipt_pdf")))


def test_who_has_paid_nothing_has_no_receipt():
    free = entered(meeting())
    assert receipt(free).status_code == 404
    assert receipt(free, name="receipt_pdf").status_code == 302


@pytest.mark.parametrize("name", ["receipt", "receipt_pdf"])
def test_strangers_see_nothing(name):
    asha, _payment = pays()
    token = links.token(asha)
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    for other in (forged, links.pay_token(asha), "x"):
        answer = Client().get(address(name, other, language="en"))
        assert answer.status_code == 404
        assert "Asha" not in text(answer)
    asha.renew_link()
    assert Client().get(address(name, token, language="en")).status_code == 404
    assert Client().post(address(name, links.token(now(asha)), language="en")).status_code == 405


@with_pango
@pytest.mark.parametrize("name", ["receipt", "receipt_pdf"])
def test_nobody_keeps_it_or_is_told_its_address(name):
    asha, _payment = pays()
    answer = receipt(asha, name=name)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


@with_pango
def test_the_file_has_a_name_of_its_own():
    asha, payment = pays()
    assert receipt(asha, "fr", "receipt_pdf")["Content-Disposition"] == (
        f'attachment; filename="recu-2031-{payment.uid.hex[:8].upper()}.pdf"'
    )


def test_it_stays_with_who_paid_when_the_place_is_passed_on():
    asha, payment = pays()
    offer = Transfer.begin(asha, "Ben Ode", "ben@example.org", "en")
    ben = offer.accept()
    assert Payment.objects.get().registration == ben
    assert receipt(ben).status_code == 404
    assert "/receipt/" not in page(ben)
    assert "/receipt/" in page(now(asha))
    assert facts(receipt(now(asha)))["Received from"] == "Asha Rao"
    again = Transfer.begin(ben, "Chidi", "chidi@example.org", "en")
    chidi = again.accept()
    assert receipt(chidi).status_code == receipt(now(ben)).status_code == 404
    assert facts(receipt(now(asha)))["Reference at Stripe"] == payment.payment_intent


@with_pango
def test_a_trial_without_real_money_says_so():
    asha, payment = pays()
    Payment.objects.filter(pk=payment.pk).update(is_live=False)
    assert "no money was moved" in text(receipt(asha))
    assert "no money was moved" in words(read(receipt(asha, name="receipt_pdf")))


@with_pango
def test_one_person_can_have_no_more_drawn_than_anybody_needs(monkeypatch):
    asha, _payment = pays()
    monkeypatch.setattr("events.payments.receipt.DRAWN", 2)
    assert [receipt(asha, name="receipt_pdf").status_code for _time in range(3)] == [200, 200, 429]
    assert "Print this page" in text(receipt(asha, name="receipt_pdf"))


# -- without the libraries of the system


@pytest.fixture
def no_pango(monkeypatch):
    """What Python says where Pango is not there."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._weasyprint.cache_clear()
    yield
    pdf._weasyprint.cache_clear()


def test_without_pango_the_page_offers_to_print_itself(no_pango):
    asha, _payment = pays()
    page = receipt(asha)
    assert page.status_code == 200
    assert "Print this page" in text(page)
    assert "Receipt as a PDF" not in text(page)
    assert receipt(asha, name="receipt_pdf")["Location"].endswith("/receipt/")


@with_pango
def test_what_cannot_be_drawn_is_no_error(monkeypatch):
    asha, _payment = pays()
    assert "Receipt as a PDF" in text(receipt(asha))

    def fails(*args, **kwargs):
        raise RuntimeError("a font breaks")

    monkeypatch.setattr("weasyprint.HTML.write_pdf", fails)
    assert receipt(asha, name="receipt_pdf").status_code == 302


# -- what is drawn

NAMES = [
    "Zoë Ştefănescu-Łuczak",
    "Nguyễn Thị Ánh",
    "Владимир Ґалаґан",
    "Ελένη Παπαδοπούλου",
    "आशा राव",
    "محمد عبد الله",
    "אסתר לוי",
    "አበበ ቢቂላ",
    "สมชาย ใจดี",
    "李小龙",
]


@pytest.fixture(scope="module")
def drawn(pango, django_db_setup, django_db_blocker):
    """One document with a receipt for each name, as the template of receipts writes it."""
    mine = [Receipt(f"2031-{n}", name, "€60.00", "3 March", f"pi_{n}", [], "", False) for n, name in enumerate(NAMES)]
    with django_db_blocker.unblock(), transaction.atomic(), override("en"):
        event = meeting()
        context = event_shown(RequestFactory().get("/"), event) | {"issuer": Issuer(), "receipts": mine}
        context |= {"registration": Registration(event=event)}
        html = render_to_string("events/payments/receipt_pdf.html", context)
        transaction.set_rollback(True)
    with warnings_of("weasyprint") as said:
        began = time.monotonic()
        content = pdf.drawn(html)
        took = time.monotonic() - began
    return PdfReader(io.BytesIO(content)), said, took


@contextlib.contextmanager
def warnings_of(name):
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger(name).addHandler(handler)
    try:
        yield said
    finally:
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.once
@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)))
def test_every_name_is_written_whole_in_its_script(drawn, number, name):
    reader, said, _took = drawn
    missing = [one for one in said if ".notdef" in one and any(f'"{letter}"' in one for letter in name)]
    if missing and os.environ.get("CI") != "true":
        pytest.skip("the machine has no font for this script: docs/operations.md names the packages")
    assert not missing
    assert together(name) in together(reader.pages[number].extract_text())


@pytest.mark.once
def test_nothing_in_the_style_of_documents_is_misunderstood_and_ten_pages_take_seconds(drawn):
    reader, said, took = drawn
    assert len(reader.pages) == len(NAMES)
    assert [one for one in said if ".notdef" not in one] == []
    assert took < 10


@pytest.mark.once
def test_it_is_tagged_for_who_does_not_see_it(drawn):
    root = drawn[0].trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert drawn[0].metadata.title.startswith("Receipt, ")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_each_family_of_documents_is_one_file():
    """WeasyPrint takes two files of one name for one: an ł of the second is drawn as what stands there in the first."""
    style, _kind = pdf.static_file("static:css/document.css")
    families = re.findall(r'@font-face\{font-family:("[^"]+"|\w+)', style.decode())
    assert len(families) == len(set(families)) >= 3


@with_pango
@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.css",
        "file:///etc/passwd",
        "static:../x.css",
        "static:/etc/x.css",
        "data:,a",
        "static:js/humus.js",
    ],
)
def test_a_document_reads_no_file_but_our_own(url, monkeypatch):
    asked = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **kwargs: asked.append(args))
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        pdf.static_file(url)
    with warnings_of("weasyprint") as said:
        assert pdf.drawn(
            f'<html lang="en"><title>x</title><link rel="stylesheet" href="{url}"><img src="{url}" alt="x">'
        )
    assert said
    assert asked == []
