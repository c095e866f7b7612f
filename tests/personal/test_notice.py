"""What people are told about their data before they agree, and what is kept of what they agreed to."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import (
    Choice,
    DataTerms,
    EventOrganiser,
    Invitation,
    PrivacyNotice,
    Question,
    Registration,
    SeatPool,
    Transfer,
)
from events.models.questions import shipped
from events.registration import links
from events.registration.forms import CONSENT_VERSION
from events.registration.inviting import Inviting, read
from events.registration.personal import notice as notices
from tests.factories import OrganisationFactory, RegionFactory, TicketFactory, again, publish, told
from tests.registration.people import address, answers, enters, letters, link_in, meeting, send, text
from tests.registration.series import FIRST, SECOND, choose, series

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "en", "es")
HIDDEN = re.compile(r'name="notice" value="([0-9a-f]{64})"')


def notice(client, event, language="en"):
    answer = client.get(address("privacy_notice", event.uid, language=language))
    assert answer.status_code == 200
    return " ".join(html.unescape(text(answer)).split())


def own(registration, client, name="participant_privacy", *args, language="en"):
    answer = client.get(address(name, links.token(registration), *args, language=language))
    assert answer.status_code == 200
    return " ".join(html.unescape(text(answer)).split())


def asha():
    return Registration.objects.get(email="asha@example.org")


# -- what it tells


def test_it_tells_the_facts_of_its_event_and_no_others(client):
    plain = meeting()
    said = notice(client, plain)
    for nothing in ("Stripe", "accounts", "only if you agree", "For this meeting also", "correspondents", "Files"):
        assert nothing not in said
    assert "11 May 2032" in said
    assert "https://www.cnil.fr/" in said

    rich = meeting(regions=[RegionFactory(code="EA", name=told("Afrique de l’Est", "East Africa", "África oriental"))])
    TicketFactory(event=rich, price=6000, currency="EUR")
    held_with = OrganisationFactory(name=told("Centre mondial", "World centre", "Centro mundial"))
    EventOrganiser.objects.create(event=rich, organisation=held_with, role="co_organiser")
    shipped.add(rich, ["dietary", "list", "passport"])
    said = notice(client, again(rich))
    for fact in ("Stripe", "10 years", "World centre, only if you agree", "East Africa", "What you do not eat"):
        assert fact in said
    assert "deleted 30 days after the end, on 11 June 2031" in said
    assert "read by the staff alone" in said
    assert "Files that you send lie apart" in said
    assert "can tell of your health" in said
    assert "those who are given the list of participants" in said


def test_no_answer_is_told_to_be_kept_longer_than_all_the_rest(client):
    event = meeting()
    DataTerms.objects.create(event=event, keep_days=20)
    Question.objects.create(
        event=event, label=told("Repas ?", "Do you eat with us?", "¿Come con nosotros?"), keep_days=30
    )
    said = notice(client, event)
    assert "20 days after the end" in said
    assert "30 days" not in said
    assert "deleted sooner" not in said
    assert "¿Come con nosotros?" in notice(client, event, "es")
    Question.objects.create(event=event, label=told("Taille"), keep_days=10)
    said = notice(client, again(event))
    assert "deleted 10 days after the end" in said
    assert "deleted sooner" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Ce que deviennent vos données", "Qui les voit", "Vos droits", "11 mai 2032", "J’accepte")),
        ("en", ("What becomes of your data", "Who sees them", "Your rights", "11 May 2032", "I agree")),
        ("es", ("Qué pasa con sus datos", "Quién los ve", "Sus derechos", "11 de mayo de 2032", "Acepto")),
    ],
)
def test_it_stands_in_three_languages(client, language, words):
    said = notice(client, meeting(), language)
    for word in words:
        assert word in said


def test_a_question_in_one_language_alone_is_marked_as_such(client):
    event = meeting()
    Question.objects.create(event=event, label=told("Taille de votre tee-shirt"), keep_days=0)
    said = notice(client, event)
    assert '<b lang="fr">Taille de votre tee-shirt</b>' in said
    assert "deleted at the end of the meeting" in said


def test_it_is_another_as_soon_as_a_fact_is(client):
    event = meeting()
    notice(client, event)
    question = Question.objects.create(event=event, label=told("Pointure", "Shoe size", "Calzado"))
    assert "Shoe size" in notice(client, event)
    question.retire()
    assert "Shoe size" not in notice(client, event)
    ticket = TicketFactory(event=event, price=6000, currency="EUR")
    assert "Stripe" in notice(client, event)
    ticket.price = 0
    ticket.save()
    assert "Stripe" not in notice(client, event)


def test_of_a_meeting_one_can_not_register_for_there_is_none(client):
    for event in (meeting(registration="none"), meeting(live=False)):
        if event.live and event.registration == "here":
            event.unpublish()
        assert client.get(address("privacy_notice", event.uid, language="en")).status_code == 404


def test_the_form_leads_to_it_in_each_language(client):
    event = meeting()
    for language in LANGUAGES:
        page = text(client.get(address("registration", event.uid, language=language)))
        assert f'href="{address("privacy_notice", event.uid, language=language)}"' in page


# -- what is kept


def test_who_agrees_has_the_notice_kept_word_for_word_in_all_languages(client):
    event = meeting()
    assert send(client, event).status_code == 303
    kept = asha().notice
    assert asha().consent_version == CONSENT_VERSION
    assert (kept.number, kept.event_id) == (1, event.pk)
    for language in LANGUAGES:
        with translation.override(language):
            sentence = translation.gettext("I agree that my answers are used to organise this meeting.")
        assert kept.texts[language]["consent"] == sentence
        shown = notice(client, event, language)
        for section in kept.texts[language]["sections"]:
            assert section["title"] in shown
            for line in section["lines"]:
                assert " ".join(line.partition("https://")[0].split()) in shown
    send(client, event, email="second@example.org")
    assert PrivacyNotice.objects.count() == 1


def test_each_reads_on_their_own_page_what_they_agreed_to_whatever_is_said_since(client):
    event = meeting()
    send(client, event)
    DataTerms.objects.create(event=event, controller="ICRAF", keep_days=30)
    send(client, event, email="late@example.org")
    late = Registration.objects.get(email="late@example.org")
    assert (asha().notice.number, late.notice.number) == (1, 2)
    for language, changed in (("fr", "a changé depuis"), ("en", "has changed since"), ("es", "ha cambiado desde")):
        said = own(asha(), client, language=language)
        assert "ICRAF" not in said
        assert changed in said
        newer = own(asha(), client, "participant_privacy_version", 2, language=language)
        assert "ICRAF" in newer
        assert own(late, client, language=language).count("ICRAF") >= 1
    page = own(asha(), client, "participant")
    assert re.search(r'href="/en/my-place/[^"/]+/privacy/"', page)
    missing = address("participant_privacy_version", links.token(asha()), 3, language="en")
    assert client.get(missing).status_code == 404
    other = meeting()
    send(client, other, email="other@example.org")
    elsewhere = Registration.objects.get(email="other@example.org")
    assert client.get(address("participant_privacy_version", links.token(elsewhere), 2)).status_code == 404


def test_a_form_whose_notice_has_changed_comes_back_unticked_and_otherwise_as_it_was(client):
    event = meeting()
    for language, said in (
        ("fr", "L’avis de confidentialité a changé"),
        ("en", "The privacy notice has changed"),
        ("es", "El aviso de privacidad ha cambiado"),
    ):
        where = address("registration", event.uid, language=language)
        shown = HIDDEN.search(text(client.get(where)))[1]
        DataTerms.objects.update_or_create(event=event, defaults={"controller": f"ICRAF {language}"})
        answer = client.post(where, answers(notice=shown, language=language))
        page = html.unescape(text(answer))
        assert answer.status_code == 422
        assert said in page
        assert not Registration.objects.exists()
        assert address("privacy_notice", event.uid, language=language) in page
        assert 'value="Asha Rao"' in page
        assert '<option value="IN" selected>' in page
        assert not re.search(r'<input[^>]*name="consent"[^>]*checked', page)
        now = HIDDEN.search(page)[1]
        assert now != shown
    assert client.post(where, answers(notice=now)).status_code == 303
    assert notices.of(event).mark == now
    assert asha().notice.digest == notices.of(event).digest
    assert "ICRAF es" in str(asha().notice.texts)


def test_a_meeting_that_moves_changes_nothing_that_is_agreed_to(client):
    event = meeting()
    where = address("registration", event.uid, language="en")
    shown = HIDDEN.search(text(client.get(where)))[1]
    later = {
        "start_local": event.start_local + dt.timedelta(days=9),
        "end_local": event.end_local + dt.timedelta(days=9),
    }
    publish(event, **later)
    assert client.post(where, answers(notice=shown)).status_code == 303
    assert "20 May 2032" in str(asha().notice.texts), "the day that holds now"


def test_a_tick_stays_where_something_else_is_wrong(client):
    where = address("registration", meeting().uid, language="en")
    shown = HIDDEN.search(text(client.get(where)))[1]
    page = text(client.post(where, answers(notice=shown, name="")))
    assert re.search(r'<input[^>]*name="consent"[^>]*checked', page)
    assert HIDDEN.search(page)[1] == shown


def test_a_form_that_names_no_notice_is_taken_as_it_is(client):
    event = meeting()
    DataTerms.objects.create(event=event, controller="ICRAF")
    assert client.post(address("registration", event.uid), answers()).status_code == 303
    assert "ICRAF" in str(asha().notice.texts)


def test_nothing_is_kept_of_a_form_that_registers_nobody(client):
    event = meeting(capacity=1)
    SeatPool.objects.filter(event=event).update(taken=0)
    enters(event, "Ben")
    assert send(client, event).status_code == 409
    assert client.post(address("registration", event.uid), answers(consent="")).status_code in (409, 422)
    assert not PrivacyNotice.objects.exists()


def test_whom_the_staff_add_has_agreed_to_nothing(client, desk):
    event = meeting()
    said = {"place": "onsite:", "name": "Awa Ba", "email": "awa@example.org", "language": "en", "letter": "on"}
    assert desk.post(reverse("registrations:add_to", args=[event.uid]), said).status_code == 303
    awa = Registration.objects.get()
    assert (awa.notice, awa.consented_at, awa.consent_version) == (None, None, "")
    assert not PrivacyNotice.objects.exists()
    page = own(awa, client)
    assert "the organisers registered you" in page
    assert "word for word" not in page


def test_who_takes_a_place_over_agrees_to_the_notice_of_that_day(client):
    event = meeting(allows_transfer=True)
    send(client, event, language="en")
    offered = {"name": "Cruz", "email": "cruz@example.org", "language": "es"}
    assert client.post(address("participant_pass_on", links.token(asha())), offered).status_code == 303
    where = address("transfer", links.transfer_token(Transfer.objects.get()), language="en")
    shown = HIDDEN.search(text(client.get(where)))[1]
    DataTerms.objects.create(event=event, controller="ICRAF")
    said = {"name": "Cruz Paz", "country": "AR", "language": "es", "consent": "on", "notice": shown}
    answer = client.post(where, said)
    assert answer.status_code == 422
    assert "The privacy notice has changed" in html.unescape(text(answer))
    assert client.post(where, said | {"notice": HIDDEN.search(text(answer))[1]}).status_code == 303
    cruz = Registration.objects.get(email="cruz@example.org")
    assert (asha().notice.number, cruz.notice.number) == (1, 2)


def test_further_dates_hold_to_what_was_agreed_to_first(client):
    event = series()
    assert choose(client, event, FIRST).status_code == 303
    first = Registration.objects.get()
    DataTerms.objects.create(event=event, controller="ICRAF")
    client.post(address("participant_dates", links.token(first), language="en"), {"dates": [SECOND]})
    second = Registration.objects.exclude(pk=first.pk).get()
    assert second.notice == first.notice


def test_an_invited_person_agrees_to_it_too(client):
    event = meeting(access="members")
    Inviting(event, language="en", keeps_seats=True).invite(read("Asha <asha@example.org>"))
    where = address("invitation", links.invitation_token(Invitation.objects.get()), language="en")
    shown = HIDDEN.search(text(client.get(where)))[1]
    assert client.post(where, answers(notice=shown)).status_code == 303
    assert notices.of(event).mark == shown
    assert asha().notice.digest == notices.of(event).digest


def test_the_letter_still_leads_to_the_own_page_and_that_to_the_notice(client):
    event = meeting()
    send(client, event, language="en")
    page = client.get(link_in(letters()[0]))
    assert re.search(r'href="/en/my-place/[^"/]+/privacy/"', text(page))


def test_a_choice_that_is_added_changes_no_notice(client):
    event = meeting()
    question = Question.objects.create(event=event, kind="choice", label=told("Atelier", "Workshop", "Taller"))
    send(client, event)
    Choice.objects.create(question=question, text=told("Un", "One", "Uno"))
    send(client, event, email="second@example.org")
    assert PrivacyNotice.objects.count() == 1
