"""The page of a region: who is in charge, how to write to them, figures, organisations, news."""

import datetime as dt

import pytest
import time_machine
from django.db import OperationalError
from django.urls import reverse
from django.utils import translation

from events.models import EventOrganiser
from letters.models import Letter
from letters.writing import write
from pages.models import Attempt
from regions.models import Profile
from tests.factories import EventFactory, OrganisationFactory, RegionFactory, mandate, told
from tests.news.conftest import answer, browser, page_of, parse, person

pytestmark = pytest.mark.django_db


def people(client, region, language="en"):
    page = parse(client.get(page_of(region, language).url))
    return [one.get_text(" ", strip=True) for one in page.select(".people li")]


def address(region, language="en", name="region_contact"):
    with translation.override(language):
        return reverse(name, args=[region.code])


def message(**changes):
    sent = {
        "submission": "5a4c0f5e-6a0b-4c62-8f0c-0f2a4f5b1c11",
        "name": "Visiteur Curieux",
        "email": "curieux@example.org",
        "message": "Bonjour.\nQuand venez-vous ?",
        "consent": "on",
        "topic": "",
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


# -- who


def test_a_correspondent_is_shown_by_role_until_they_say_more(awa, west, client):
    text = people(client, west)[0]
    assert text.startswith("Correspondent, Trial West")
    assert "Awa" not in client.get(page_of(west, "en").url).content.decode()
    Profile.objects.create(person=awa, shows_name=True, name="Awa K.")
    assert people(client, west)[0].startswith("Awa K.")


def test_a_correspondent_says_so_on_their_own_account(awa, bela, editor, west, client):
    account = reverse("wagtailadmin_account")
    page = browser(awa).get(account).content.decode()
    assert "public_profile-shows_name" in page
    assert "public_profile-shows_name" not in browser(editor).get(account).content.decode()


def test_a_mandate_that_begins_or_ends_changes_the_page_at_its_minute(west, client):
    made = person("later")
    mandate(made, west, starts_on=dt.date(2031, 1, 10), ends_on=dt.date(2031, 1, 12))
    for moment, count in (
        (dt.datetime(2031, 1, 9, 23, 59), 0),
        (dt.datetime(2031, 1, 10, 0, 1), 1),
        (dt.datetime(2031, 1, 12, 23, 59), 1),
        (dt.datetime(2031, 1, 13, 0, 1), 0),
    ):
        with time_machine.travel(moment.replace(tzinfo=dt.UTC), tick=False):
            assert len(people(client, west)) == count, moment


def test_a_wider_mandate_stands_on_the_pages_of_the_regions_in_it(west, south, client):
    south.parent = west
    south.save()
    wide, narrow = person("wide"), person("narrow")
    mandate(wide, west, with_subregions=True)
    mandate(narrow, west, with_subregions=False, languages=["es"])
    assert len(people(client, west)) == 2
    assert len(people(client, south)) == 1


# -- writing to them


def test_no_page_shows_an_address(awa, west, client):
    for path in (page_of(west, "en").url, address(west)):
        assert awa.email not in client.get(path).content.decode()
    page = parse(client.get(page_of(west, "en").url))
    assert page.select_one(f"a[href='{address(west)}']")


def test_a_message_reaches_the_correspondents_who_answer_to_its_sender(awa, west, editor, client):
    sent = client.post(address(west), message())
    assert sent.headers["Location"] == address(west, name="region_contact_sent")
    (letter,) = Letter.objects.all()
    assert (letter.recipient, letter.language) == (awa.email, "fr")
    mail = write(letter)
    assert mail is not None
    assert mail.reply_to == ["curieux@example.org"]
    assert "Quand venez-vous ?" in mail.body
    assert client.get(sent.headers["Location"]).status_code == 200


def test_without_a_correspondent_the_staff_read_it(west, editor, client):
    client.post(address(west), message())
    assert [letter.recipient for letter in Letter.objects.all()] == [editor.email]


def test_a_form_sent_twice_writes_once(awa, west, client):
    for _time in range(2):
        client.post(address(west), message())
    assert Letter.objects.count() == 1


def test_a_form_taken_up_again_for_other_words_is_another_message(awa, west, client):
    for words in ("Quand venez-vous ?", "Et où ?"):
        client.post(address(west), message(message=words))
    assert {letter.facts["message"] for letter in Letter.objects.all()} == {"Quand venez-vous ?", "Et où ?"}


def test_a_trap_swallows_what_machines_write(awa, west, client):
    answer = client.post(address(west), message(topic="Buy"))
    assert answer.status_code == 302
    assert not Letter.objects.exists()


@pytest.mark.parametrize("missing", ["name", "email", "message", "consent"])
def test_what_is_missing_is_said_and_nothing_is_lost(awa, west, client, missing):
    answer = client.post(address(west), message(**{missing: None}))
    assert answer.status_code == 422
    assert not Letter.objects.exists()
    if missing != "message":
        assert "Quand venez-vous" in answer.content.decode()


def test_too_many_messages_are_refused_kindly(awa, west, client, monkeypatch):
    monkeypatch.setattr("regions.contact.FROM_ONE_MACHINE", 2)
    answers = [client.post(address(west), message(submission=None)) for _time in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "Quand venez-vous" in answers[2].content.decode()
    assert Attempt.objects.exists()


def test_a_busy_database_gives_the_form_back_as_it_was_filled_in(awa, west, client, monkeypatch):
    def busy(*asked):
        raise OperationalError("database is locked")

    monkeypatch.setattr("pages.limits.allowed", busy)
    answer = client.post(address(west), message())
    assert answer.status_code == 503
    assert "Quand venez-vous" in answer.content.decode()


def test_the_form_is_never_kept_and_the_page_of_the_region_has_no_token(awa, west, client):
    form = client.get(address(west))
    assert "no-store" in form.headers["Cache-Control"]
    page = client.get(page_of(west, "en").url)
    assert "csrf" not in page.content.decode()
    assert not page.cookies
    assert client.get(address(RegionFactory.build(code="NOWHERE"))).status_code == 404


def test_the_form_is_in_three_languages_and_each_leads_to_the_others(west, client):
    paths = {address(west, code) for code in ("fr", "en", "es")}
    assert len(paths) == 3
    for path in paths:
        assert client.get(path).status_code == 200


# -- figures, organisations, feeds


def test_a_region_tells_its_figures_and_its_organisations(west, client):
    body = OrganisationFactory(short_name="R-BODY", name=told("Corps", "The Body"))
    for country, start in (("CI", dt.datetime(2024, 5, 1, 9)), ("GH", dt.datetime(2025, 5, 1, 9))):
        event = EventFactory.create(country=country, start_local=start, end_local=start + dt.timedelta(hours=3))
        event.regions.set([west])
        event.organisers.add(EventOrganiser(organisation=body))
        event.save_revision().publish()
    hidden = EventFactory.create(country="NG")
    hidden.regions.set([west])
    hidden.save_revision()
    page = parse(client.get(page_of(west, "en").url))
    figures = page.select_one(".facts").get_text(" ", strip=True)
    assert "2 meetings held" in figures
    assert "in 2 countries" in figures
    assert "with 1 organisation" in figures
    assert "participant" not in figures
    assert page.select_one("section[aria-labelledby=bodies] a")["href"] == f"/en/organisations/{body.slug}/"
    feeds = {link["href"] for link in page.select("link[type='application/rss+xml']")}
    above = ["http://testserver/feeds/en", "http://testserver/feeds/en/region/N-WEST"]
    assert feeds == {f"{path}/{name}.rss" for path in above for name in ("news", "events")}


def test_an_event_shows_the_news_that_tell_of_it(propose, editor, west, client):
    event = EventFactory.published(title=told("Rencontre", "Meeting"), regions=[west])
    page = propose(event=str(event.uid))
    answer(editor, page, "approve")
    shown = parse(client.get("/en/calendar/meeting/"))
    assert shown.select_one(".news .name a")["lang"] == "fr"
    assert "Des semis sous couvert" in shown.select_one(".news").get_text()
