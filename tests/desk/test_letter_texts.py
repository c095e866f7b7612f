"""Letters of an event in the staff's own words: edited, seen, tested, and never a way to harm a reader."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse

from events.models import LetterText
from events.registration.letters import shipped
from letters.desk import shown_to_staff
from letters.models import Letter
from letters.writing import write
from tests.factories import RegionFactory, TicketFactory, mandate, told
from tests.regions.correspondents import browser, person
from tests.registration.lives import entered
from tests.registration.people import letters, meeting, without_marks, work

pytestmark = pytest.mark.django_db


def address(event, *kind):
    name = "letter_text" if kind else "letter_texts"
    return reverse(f"wagtailsnippets_events_event:{name}", args=[event.pk, *kind])


def words(subject=("", "", ""), text=("", "", ""), **more):
    said = {f"subject_{place}": one for place, one in enumerate(subject)}
    return said | {f"text_{place}": one for place, one in enumerate(text)} | more


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


def html_of(message):
    return BeautifulSoup(str(message.alternatives[0][0]), "html.parser")


def test_every_letter_of_an_event_is_listed_with_who_gets_it(desk):
    event = meeting(has_waiting_list=True)
    LetterText.objects.create(event=event, kind="waiting", text=told("Patience", "", "Paciencia"))
    lines = page_of(desk.get(address(event))).select("tbody tr")
    rows = {row.th.a["href"]: row.get_text(" ", strip=True) for row in lines}
    assert "yours (Français, Español)" in rows[address(event, "waiting")]
    assert "shipped" in rows[address(event, "confirmed")]
    assert "Not sent now" not in rows[address(event, "offered")]
    assert "Nobody has to be approved" in rows[address(event, "requested")]
    for url in rows:
        assert desk.get(url).status_code == 200, url


def test_own_words_stand_in_the_letter_and_fall_back_aloud(desk):
    event = meeting()
    said = words(
        ("Bienvenue, {name}", "", ""), ("Venez à {city} le {date}.\r\n\r\nPlan : https://plan.example/acces ?", "", "")
    )
    assert desk.post(address(event, "confirmed"), said).status_code == 303
    entered(event, language="en")
    (letter,) = letters()
    assert letter.subject == "Bienvenue, Asha Rao"
    assert "Venez à Nairobi le Monday, 12 May 2031." in letter.body
    assert "This text exists only in this language: French." in letter.body
    page = html_of(letter)
    french = page.find("div", lang="fr")
    assert [paragraph.get_text()[:5] for paragraph in french.find_all("p")] == ["Venez", "Plan\N{NO-BREAK SPACE}"]
    assert french.a["href"] == french.a.get_text() == "https://plan.example/acces"
    assert page.find("a", class_="go").get_text() == "See my registration", "the button stays"
    assert "In universal time (UTC): 06:00–14:00" in letter.body, "the facts stay"


def test_a_correction_reaches_what_waits_and_leaves_what_was_sent(desk):
    event = meeting()
    desk.post(address(event, "confirmed"), words(text=("Premier texte.", "", "")))
    entered(event)
    work()
    entered(event, "ben@example.org")
    desk.post(address(event, "confirmed"), words(text=("Second texte.", "", "")))
    first, second = letters()
    assert "Premier texte." in first.body
    assert "Second texte." in second.body
    desk.post(address(event, "confirmed"), {"ship": "1"})
    assert not LetterText.objects.exists()
    sent = Letter.objects.get(recipient="asha@example.org")
    assert "Premier texte." in shown_to_staff(sent)[1]
    assert "Premier texte." in write(sent).body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bonjour {prenom}", "{prenom} stands for nothing here. What can be used: {name}, {title}, {date}, {city}."),
        ("Bonjour {0.__class__}", "{0.__class__} stands for nothing here"),
        ("Jusqu’au {until}", "{until} stands for nothing here"),
        ("Une accolade { seule", "a brace stands alone"),
        ("{{title}}", "a brace stands alone"),
        ("x" * 5001, "at most 5000 characters"),
    ],
)
def test_what_a_letter_could_not_fill_in_is_refused_in_words(desk, text, said):
    event = meeting()
    answer = desk.post(address(event, "confirmed"), words(text=(text, "", "")))
    assert answer.status_code == 422
    page = page_of(answer)
    assert said in page.get_text()
    assert page.find("textarea", attrs={"name": "text_0"}).get_text().strip() == text, "nothing typed is lost"
    assert not LetterText.objects.exists()


def test_words_that_came_in_another_way_never_break_a_letter():
    event = meeting()
    strange = "{nobody} {0.__class__} {{title}} { %(name)s %s </p><script>alert(1)</script> {"
    LetterText.objects.create(
        event=event, kind="confirmed", subject=told("A\nBcc: x@evil.example {x}"), text=told(strange)
    )
    entered(event, name="https://evil.example/{title}<b>")
    (letter,) = letters()
    assert "{nobody} {0.__class__}" in letter.body
    page = html_of(letter)
    assert not page.find("script")
    assert not page.find("b", string=re.compile("evil"))
    assert all("evil" not in link["href"] for link in page.find_all("a"))
    assert letter.message()["bcc"] is None


def test_words_for_one_letter_are_nobody_elses(desk, staff):
    event = meeting(needs_approval=True)
    asha, ben = entered(event), entered(event, "ben@example.org")
    asha.approve(by=staff, words={"subject": "Oui, Asha", "text": "Avec <b>joie</b>, {name}."})
    ben.approve(by=staff)
    mine = {message.to[0]: message for message in letters() if "Votre demande" not in message.subject}
    assert mine["Asha Rao <asha@example.org>"].subject == "Oui, Asha"
    assert "Avec <b>joie</b>, Asha Rao." in html_of(mine["Asha Rao <asha@example.org>"]).get_text()
    assert mine["Asha Rao <ben@example.org>"].subject.startswith("Demande acceptée")


def test_the_preview_is_for_a_real_person_in_each_language_and_opens_nobodys_page(desk):
    event = meeting()
    entered(event, "ben@example.org", name="Ben Ode")
    asha = entered(event)
    unsaved = words(text=("Essai de {name}", "Try of {name}", ""), preview="1", reader=str(asha.pk))
    answer = desk.post(address(event, "confirmed"), unsaved)
    assert answer.status_code == 200
    assert not LetterText.objects.exists()
    frames = page_of(answer).select("iframe")
    assert [frame.get_attribute_list("sandbox") for frame in frames] == [[]] * 3, "nothing is allowed in it"
    texts = [BeautifulSoup(frame["srcdoc"], "html.parser").get_text(" ") for frame in frames]
    assert "Essai de Asha Rao" in texts[0]
    assert "Try of Asha Rao" in texts[1]
    assert "Este texto" in texts[2]
    assert "Essai de Asha Rao" in texts[2]
    links = {a["href"] for frame in frames for a in BeautifulSoup(frame["srcdoc"], "html.parser").find_all("a")}
    assert links == {"https://example.org/"}
    assert not Letter.objects.filter(recipient="asha@example.org").exclude(kind="confirmed").exists()


def test_without_anybody_the_preview_has_an_example(desk):
    page = page_of(desk.get(address(meeting(), "offered")))
    assert [option["value"] for option in page.select("#id_reader option")] == ["example"]
    assert "Amina Example" in page.select("iframe")[1]["srcdoc"]


def test_a_test_goes_to_whoever_asks_marked_and_leading_to_nobodys_page(desk, staff):
    event = meeting(start_local=dt.datetime(2031, 5, 12, 9))
    asha = entered(event, language="es")
    work()
    mail.outbox.clear()
    for _press in "twice":
        desk.post(address(event, "confirmed"), {"test": "1", "language": "es"})
    (letter,) = letters()
    assert letter.to == ["staff@example.org"]
    assert letter.subject.startswith("[Prueba] ")
    assert "Esto es una prueba" in letter.body
    assert "/es/" in letter.body
    assert "mi-" not in letter.body
    assert asha.name not in letter.body
    assert not letter.message().as_string().count("text/calendar")


def test_whoever_may_not_change_registrations_words_no_letter(client, desk, translator):
    region, elsewhere = RegionFactory(code="LAC"), RegionFactory(code="MED")
    event = meeting(regions=[region])
    proposes, publishes, other = person("proposes"), person("publishes"), person("other")
    mandate(proposes, region, registrations=True)
    mandate(publishes, region, may_publish=True)
    mandate(other, elsewhere, may_publish=True)
    asha = entered(event)
    seen = {}
    visitors = {one.username: browser(one) for one in (proposes, publishes, other)}
    for name, visitor in (visitors | {"translator": translator, "nobody": client}).items():
        answers = [visitor.get(address(event)), visitor.get(address(event, "confirmed"))]
        answers.append(visitor.post(address(event, "confirmed"), words(text=("Mien", "", ""))))
        seen[name] = {answer.status_code for answer in answers}
        if name == "publishes":
            assert asha.name not in answers[1].content.decode(), "participants are not in this mandate"
        assert bool(LetterText.objects.all().delete()[0]) == (name == "publishes")
    assert seen["publishes"] == {200, 303}
    for name in ("proposes", "other", "translator", "nobody"):
        assert seen[name] <= {302, 403, 404}, (name, seen[name])


@pytest.mark.parametrize("kind", [*shipped.TO_PAY, *shipped.MONEY_BACK, "confirmed", "approved", "cancelled"])
def test_letters_about_money_are_shown_with_what_a_ticket_costs(desk, kind):
    event = meeting(needs_approval=True)
    free = without_marks(desk.get(address(event, kind)))
    TicketFactory(event=event, price=15000, currency="XOF")
    page = re.sub(r"[\s\u00a0\u202f]|&nbsp;|&amp;nbsp;", " ", without_marks(desk.get(address(event, kind))))
    if kind == "unpaid":
        assert "not paid in time" in page
        return
    for said in ("15 000 F CFA", "F CFA 15,000", "15.000 XOF"):
        assert said in page, said
    alone = kind in shipped.TO_PAY or kind in shipped.MONEY_BACK
    assert ("60.00" in free) == alone, "what is free is told without money"
    assert ("No ticket has a price" in free) == alone
    assert "/pay/" not in page
    assert "/receipt/" not in page


def test_the_amount_can_stand_in_own_words(desk):
    event = meeting()
    TicketFactory(event=event, price=6000, currency="EUR")
    said = words(("Votre place à {amount}", "", ""), ("Payez {amount} avant {until}.", "", ""))
    assert desk.post(address(event, "held"), said).status_code == 303
    refused = desk.post(address(event, "confirmed"), said)
    assert "{amount} stands for nothing here" in page_of(refused).get_text()
