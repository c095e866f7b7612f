"""The codes on paper, read by a scanner that is not ours."""

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from events.registration import links
from events.registration.documents import signing
from tests.documents.held import certified, held, was_there
from tests.documents.papers import with_pango
from tests.factories import TicketFactory
from tests.registration.lives import entered
from tests.registration.people import address, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.once, with_pango]

LAPTOP = 1.5
"Of the picture: 108 dots an inch, as a sheet held before a poor camera."


def scanned(answer, scale: float = LAPTOP) -> list[str]:
    assert answer["Content-Type"] == "application/pdf", answer
    page = pypdfium2.PdfDocument(answer.content)[0]
    return [code.text for code in zxingcpp.read_barcodes(page.render(scale=scale).to_pil())]


@pytest.mark.parametrize("name", ["Asha Rao", "கோவிந்தசாமி ஶ்ரீதர் " * 8])
def test_ticket_and_badge_carry_the_signed_ticket(name, desk):
    event = meeting()
    ticket = TicketFactory(event=event, code="a-code-of-some-length", name=LazyI18nString({"fr": "Plein"}))
    asha = entered(event, ticket=ticket, name=name.strip(), language="en")
    papers = (
        Client().get(address("ticket_pdf", links.token(asha), language="en")),
        desk.get(reverse("papers:badge", args=[asha.pk])),
    )
    for scale, paper in zip((LAPTOP, 2), papers, strict=True):
        [code] = scanned(paper, scale)
        assert signing.verify(code).registration == asha.uid


def test_a_certificate_leads_to_the_page_that_verifies_it():
    asha = was_there(held(), language="en")
    certificate = certified(asha)
    token = links.token(asha)
    [code] = scanned(Client().get(address("participant_certificate_pdf", token, language="en")))
    assert code.endswith(address("certificate_verified", certificate.number, language="en"))
    assert Client().get(code.removeprefix("http://testserver")).status_code == 200
