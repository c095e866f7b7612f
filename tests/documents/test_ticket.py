"""The ticket: for who has a place and nobody else, on the page and as a PDF that every name can be read in."""

import datetime as dt
import re

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from events.models import Transfer
from events.registration import links
from events.registration.documents import signing
from letters.models import Letter
from letters.writing import write
from pages import pdf
from tests.documents.papers import NAMES, complaints, is_whole, read, together, with_pango, words
from tests.factories import TicketFactory, publish, told
from tests.payments.test_receipt import no_pango  # noqa: F401  (a fixture)
from tests.registration.lives import STATES, entered, now
from tests.registration.people import address, link_in, meeting, page, text

pytestmark = pytest.mark.django_db


def seated(**person):
    event = meeting(contact_email="nairobi@example.org", allows_transfer=True)
    ticket = TicketFactory(event=event, code="full", name=told("Plein tarif", "Full price"))
    return entered(event, ticket=ticket, **{"language": "en", "organisation": "ICRISAT"} | person)


def ticket(registration, language="en", name="ticket", client=None):
    return (client or Client()).get(address(name, links.token(registration), language=language))


def shown(answer):
    return re.sub(r"\s+", " ", BeautifulSoup(answer.content, "html.parser").main.get_text(" "))


def test_it_says_whose_it_is_and_for_what_when_and_where():
    asha = seated(name="आशा राव", latin_name="Asha Rao")
    answer = ticket(asha)
    assert answer.status_code == 200
    said = shown(answer)
    for part in ("Nairobi meeting", "आशा राव", "Asha Rao", "ICRISAT", "Full price", "12 May 2031", "UTC+3", "Kenya"):
        assert part in said, part
    assert "nairobi@example.org" in said
    code = BeautifulSoup(answer.content, "html.parser").select_one(".code svg")
    assert code["role"] == "img"
    assert code.title.get_text()


def test_the_code_is_signed_and_names_the_ticket_and_who_has_it():
    from events.registration.documents.ticket import code

    asha = seated(name="आशा राव", latin_name="Asha Rao")
    claim = signing.verify(code(asha))
    assert (claim.event, claim.registration) == (asha.event.uid, asha.uid)
    assert (claim.ticket, claim.name, claim.original) == ("full", "Asha Rao", None)


def test_the_code_is_drawn_with_a_quiet_zone_and_can_be_spoilt_a_little():
    import segno

    from events.registration.documents.ticket import code

    asha = seated(name="अ" * 60)
    made = segno.make(code(asha), error="m", micro=False)
    assert made.mode == "alphanumeric"
    assert made.error in ("M", "Q", "H")
    assert int(made.version) <= 11
    svg = BeautifulSoup(ticket(asha).content, "html.parser").select_one(".code svg")
    size = int(svg["viewbox"].split()[2])
    assert size == made.symbol_size(border=4)[0], "four modules of white around it"


@pytest.mark.parametrize("state", STATES)
def test_only_who_has_a_place_has_a_ticket(state):
    registration = STATES[state]()
    answer = ticket(registration)
    assert (answer.status_code == 200) == (state == "confirmed")
    assert ("<svg" in text(answer).partition('id="content"')[2]) == (state == "confirmed")
    assert ("/ticket/" in page(registration)) == (state == "confirmed")


def test_strangers_see_nothing():
    asha = seated()
    token = links.token(asha)
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    for name in ("ticket", "ticket_pdf"):
        for other in (forged, links.pay_token(asha), "x"):
            answer = Client().get(address(name, other, language="en"))
            assert answer.status_code == 404
            assert "Asha" not in text(answer)
        assert Client().post(address(name, token, language="en")).status_code == 405


def test_nobody_keeps_it_or_is_told_its_address():
    answer = ticket(seated())
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_who_gives_the_place_back_reads_that_the_ticket_holds_no_more():
    asha = seated()
    asha.cancel()
    answer = ticket(now(asha))
    assert answer.status_code == 410
    assert "no longer valid" in text(answer)
    assert ticket(now(asha), name="ticket_pdf").status_code == 302


def test_who_passes_the_place_on_has_no_ticket_and_the_other_has_one_of_their_own():
    asha = seated()
    ben = Transfer.begin(asha, "Ben Ode", "ben@example.org", "en").accept()
    answer = ticket(now(asha))
    assert answer.status_code == 410
    assert "passed your place on" in text(answer)
    assert "Ben Ode" in shown(ticket(ben))
    assert "Asha" not in shown(ticket(ben))


def test_a_meeting_that_moves_has_its_new_date_on_the_ticket_and_one_called_off_has_none():
    asha = seated()
    publish(asha.event, start_local=dt.datetime(2031, 6, 3, 9), end_local=dt.datetime(2031, 6, 3, 17))
    assert "3 June 2031" in shown(ticket(asha))
    publish(asha.event, status="postponed")
    assert ticket(asha).status_code == 410
    assert "does not take place on that date" in text(ticket(asha))


def test_once_it_is_over_it_has_done_its_work():
    asha = seated()
    with time_machine.travel(dt.datetime(2031, 5, 14, tzinfo=dt.UTC), tick=False):
        assert ticket(asha).status_code == 410


def test_who_takes_part_online_needs_none():
    answer = ticket(seated(attendance="online"))
    assert answer.status_code == 404
    assert "need no ticket" in text(answer)


def test_a_new_link_makes_a_new_ticket_and_the_old_paper_says_it_is_older():
    from events.registration.documents.ticket import code

    asha = seated()
    old = code(asha)
    asha.renew_link()
    asha = now(asha)
    assert signing.verify(old).edition < signing.verify(code(asha)).edition


@pytest.mark.parametrize(("language", "said"), [("en", "Show my ticket"), ("fr", ""), ("es", "")])
def test_the_letter_that_confirms_leads_to_it(language, said):
    asha = seated(language=language)
    message = write(Letter.objects.get(kind="confirmed", link_subject=asha.uid))
    wanted = links.ticket_address(asha, language)
    assert wanted in message.body
    assert wanted in message.alternatives[0].content
    assert link_in(message) != wanted.removeprefix("http://localhost:8000"), "one's own page comes first"
    assert Client().get(re.sub(r"https?://[^/]+", "", wanted)).status_code == 200


def test_the_letter_of_who_takes_part_online_does_not():
    asha = seated(attendance="online")
    message = write(Letter.objects.get(kind="confirmed", link_subject=asha.uid))
    assert links.ticket_address(asha, "en") not in message.body


@with_pango
@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_pdf_is_one_sheet_in_the_readers_language(language):
    asha = seated()
    answer = ticket(asha, language, "ticket_pdf")
    document = read(answer)
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/Lang"] == language
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert asha.uid.hex[:8].upper() in answer["Content-Disposition"]
    said = together(words(document.pages[0]))
    for part in ("Asha Rao", "2031", "UTC+3", "ICRISAT", "nairobi@example.org"):
        assert together(part) in said


@with_pango
@pytest.mark.parametrize("script", NAMES)
def test_every_script_stands_whole_on_paper_and_on_the_page(script):
    asha = seated(name=NAMES[script], latin_name="Asha Rao", organisation=f"{NAMES[script]} (FAO) 4")
    assert NAMES[script] in shown(ticket(asha))
    with complaints() as said:
        document = read(ticket(asha, name="ticket_pdf"))
    is_whole(said, NAMES[script])
    whole = together(words(document.pages[0]))
    assert together(NAMES[script]) in whole
    assert "AshaRao" in whole
    assert "FAO" in whole


@with_pango
def test_it_is_drawn_outside_of_every_transaction(monkeypatch):
    asha, inside = seated(), len(connection.savepoint_ids)
    seen = []
    drawn = pdf.drawn
    monkeypatch.setattr(pdf, "drawn", lambda html: (seen.append(len(connection.savepoint_ids)), drawn(html))[1])
    read(ticket(asha, name="ticket_pdf"))
    assert seen == [inside]


@with_pango
def test_one_person_can_have_no_more_drawn_than_anybody_needs(monkeypatch):
    asha = seated()
    monkeypatch.setattr("events.registration.documents.ticket.DRAWN", 2)
    assert [ticket(asha, name="ticket_pdf").status_code for _time in range(3)] == [200, 200, 429]
    assert "Print this page" in text(ticket(asha, name="ticket_pdf"))


def test_without_pango_the_page_offers_to_print_itself(no_pango):  # noqa: F811
    asha = seated()
    assert "Print this page" in text(ticket(asha))
    assert "Ticket as a PDF" not in text(ticket(asha))
    assert ticket(asha, name="ticket_pdf")["Location"].endswith("/ticket/")
