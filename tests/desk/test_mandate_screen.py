"""The staff's one screen of mandates."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse

from letters.models import Letter
from regions.models import Mandate, Region
from tests.factories import mandate
from tests.reading import text
from tests.regions.correspondents import browser, person, region_at

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2031, 3, 10, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(TODAY, tick=False) as moved:
        yield moved


@pytest.fixture
def region(db) -> Region:
    return region_at("R")


def text_of(answer) -> str:
    """What the middle of a page of the admin says."""
    return text(BeautifulSoup(answer.content, "html.parser"), "main")


def act(mandate_: Mandate, name: str) -> str:
    return reverse("mandates:act", args=[mandate_.pk, name])


def given(region: Region, **more) -> dict:
    """What the form of a new mandate sends."""
    return {
        "region": region.pk,
        "language": "fr",
        "languages": ["fr", "en"],
        "matters": ["news", "registrations"],
        "may_publish": "",
        "starts_on": "2031-03-10",
        "ends_on": "2031-12-31",
        "note": "Nominated.",
    } | more


def test_it_tells_by_region_who_holds_what_until_when(desk, region):
    awa = person("awa")
    mandate(awa, region, languages=["fr"], ends_on=dt.date(2031, 3, 22), events=False)
    mandate(person("kofi"), region_at("EAST"), may_publish=True).end()
    page = text_of(desk.get(reverse("mandates:index")))
    for told in ("Region R", "Awa", "Français", "news", "proposes", "ends in 12 days", "22 March 2031"):
        assert told in page
    assert "Kofi" not in page
    everybody = text_of(desk.get(reverse("mandates:index"), {"state": "every"}))
    assert "Kofi" in everybody
    assert "ended" in everybody


def test_filters_find_by_person_region_language_and_state(desk, region):
    inner = region_at("INNER", parent=region)
    mandate(person("awa"), region, languages=["fr"])
    mandate(User.objects.create_user("n", first_name="José", last_name="Núñez"), inner, languages=["es"])
    mandate(person("kofi"), region_at("EAST"), starts_on=dt.date(2031, 5, 1))

    def shown(**asked) -> list[str]:
        page = text_of(desk.get(reverse("mandates:index"), asked))
        return [name for name in ("Awa", "Núñez", "Kofi") if name in page]

    assert shown() == ["Awa", "Núñez", "Kofi"]
    assert shown(q="nunez") == ["Núñez"]
    assert shown(region=region.pk) == ["Awa", "Núñez"]
    assert shown(language="es") == ["Núñez", "Kofi"]
    assert shown(state="coming") == ["Kofi"]
    assert shown(state="nonsense", region="x") == ["Awa", "Núñez", "Kofi"]


def test_a_mandate_is_given_to_somebody_who_has_an_account(desk, region):
    awa = person("awa")
    answer = desk.post(reverse("mandates:give"), given(region, person=awa.pk))
    assert answer.status_code == 302
    made = awa.mandates.get()
    assert (made.languages, made.matters(), made.may_publish) == (["fr", "en"], ["news", "registrations"], False)
    change = made.changes.get()
    assert (change.what, change.by_name, change.note) == ("given", "staff", "Nominated.")
    assert made.group.user_set.get() == awa
    assert not Letter.objects.exists()


def test_a_mandate_is_given_to_somebody_new_who_is_invited_by_letter(desk, region):
    sent = given(region, email="New@Example.org", name="Noura Exemple", language="es")
    assert desk.post(reverse("mandates:give"), sent).status_code == 302
    made = Mandate.objects.get()
    assert (made.person.email.casefold(), made.person.get_full_name()) == ("new@example.org", "Noura Exemple")
    letter = Letter.objects.get()
    assert (letter.recipient.casefold(), letter.language) == ("new@example.org", "es")
    assert made.person.wagtail_userprofile.current_time_zone == region.default_timezone


def test_somebody_who_has_never_come_in_is_invited_too(desk, region):
    waiting = User.objects.create_user("waiting", "waiting@example.org", first_name="Wait", last_name="Ing")
    assert desk.post(reverse("mandates:give"), given(region, person=waiting.pk, language="en")).status_code == 302
    assert waiting.mandates.count() == 1
    assert [letter.recipient for letter in Letter.objects.all()] == ["waiting@example.org"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "Choose a person"),
        ({"email": "new@example.org"}, "Write the name"),
        ({"email": "no address", "name": "N"}, "valid email"),
        ({"email": "new@example.org", "name": "N", "matters": []}, "required"),
        ({"email": "new@example.org", "name": "N", "languages": []}, "required"),
        ({"email": "new@example.org", "name": "N", "ends_on": "2031-03-09"}, "That day is over."),
        ({"email": "new@example.org", "name": "N", "starts_on": "2032-01-01"}, "before the first"),
    ],
)
def test_what_can_not_be_given_is_refused_with_the_form_filled_in_and_nobody_invited(desk, region, wrong, why):
    answer = desk.post(reverse("mandates:give"), given(region, **wrong))
    assert answer.status_code == 200
    assert why in text_of(answer)
    assert "Nominated." in answer.content.decode()
    assert not Mandate.objects.exists()
    assert not Letter.objects.exists()
    assert not User.objects.filter(email__iexact="new@example.org").exists()


def test_a_mandate_is_renewed_changed_handed_over_and_ended_on_the_same_screen(desk, region):
    awa, kofi = person("awa"), person("kofi")
    held = mandate(awa, region, ends_on=dt.date(2031, 3, 31))
    for name in ("renew", "change", "hand-over", "end"):
        page = desk.get(act(held, name))
        assert page.status_code == 200
        assert "Awa" in text_of(page)
    assert desk.post(act(held, "renew"), {"until": "2031-06-30", "note": "Another term."}).status_code == 302
    terms = {"languages": ["es"], "matters": ["news"], "may_publish": "yes"}
    assert desk.post(act(held, "change"), terms).status_code == 302
    sent = {"person": kofi.pk, "language": "fr", "on": "2031-05-01"}
    assert desk.post(act(held, "hand-over"), sent).status_code == 302
    held.refresh_from_db()
    assert (held.ends_on, held.languages, held.may_publish) == (dt.date(2031, 4, 30), ["es"], True)
    successor = kofi.mandates.get()
    assert (successor.starts_on, successor.ends_on) == (dt.date(2031, 5, 1), dt.date(2031, 6, 30))
    assert (successor.languages, successor.matters(), successor.may_publish) == (["es"], ["news"], True)
    assert desk.post(act(successor, "end"), {"when": "day", "on": "2031-05-31"}).status_code == 302
    assert desk.post(act(held, "end"), {"when": "now"}).status_code == 302
    history = text_of(desk.get(act(held, "history")))
    for told in ("given", "renewed", "changed", "handed over", "ended", "Another term.", "staff"):
        assert told in history
    whole = text_of(desk.get(reverse("mandates:history")))
    assert "Kofi" in whole
    assert "Awa" in whole
    assert "Kofi" not in text_of(desk.get(reverse("mandates:history"), {"q": "awa"}))


@pytest.mark.parametrize(
    ("name", "sent", "why"),
    [
        ("renew", {"until": "2031-03-10"}, "after its last day"),
        ("hand-over", {"on": "2031-03-10", "email": "k@example.org", "name": "Kofi", "language": "fr"}, "tomorrow"),
        ("hand-over", {"on": "2031-04-20", "email": "k@example.org", "name": "Kofi", "language": "fr"}, "no later"),
        ("end", {"when": "day"}, "Say the last day."),
        ("end", {"when": "day", "on": "2031-04-30"}, "before its last"),
    ],
)
def test_what_can_not_be_done_is_refused_in_a_sentence(desk, region, name, sent, why):
    held = mandate(person("awa"), region, ends_on=dt.date(2031, 3, 31))
    answer = desk.post(act(held, name), sent)
    assert answer.status_code == 200
    assert why in text_of(answer)
    assert held.changes.count() == 1
    assert not User.objects.filter(email="k@example.org").exists()


def test_a_get_does_nothing(desk, region):
    held = mandate(person("awa"), region)
    for name in ("renew", "change", "hand-over", "end", "history"):
        desk.get(act(held, name), {"when": "now", "until": "2040-01-01"})
    assert held.changes.count() == 1
    assert desk.post(act(held, "history")).status_code == 404
    assert desk.get(f"/admin/mandates/{held.pk}/nonsense/").status_code == 404


def test_only_the_staff_see_and_do_it(translator, desk, region):
    awa = person("awa")
    held = mandate(awa, region, may_publish=True, registrations=True)
    for client in (translator, browser(awa)):
        for address in (reverse("mandates:index"), reverse("mandates:give"), reverse("mandates:history")):
            assert client.get(address).status_code in (302, 403, 404)
        for name in ("renew", "end", "history"):
            answer = client.post(act(held, name), {"when": "now", "until": "2040-01-01"})
            assert answer.status_code in (302, 403, 404)
        assert "/admin/mandates/" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert held.changes.count() == 1
    assert "/admin/mandates/" in desk.get(reverse("wagtailadmin_home")).content.decode()


def test_mandates_that_end_within_a_month_are_on_the_staffs_first_page(desk, region):
    ending = mandate(person("awa"), region, ends_on=dt.date(2031, 4, 8))
    mandate(person("kofi"), region, ends_on=dt.date(2031, 4, 20))
    followed = mandate(person("lea"), region, ends_on=dt.date(2031, 3, 20))
    followed.hand_over(person("ines"), dt.date(2031, 3, 15))
    page = desk.get(reverse("wagtailadmin_home"))
    assert "Awa, until" in text_of(page)
    assert act(ending, "renew") in page.content.decode()
    assert "Kofi, until" not in text_of(page)
    assert "Lea, until" not in text_of(page)


def test_a_mandate_that_has_ended_is_given_again_on_the_same_terms(desk, region):
    awa = person("awa")
    held = mandate(awa, region, languages=["es"], may_publish=True)
    held.end()
    form = desk.get(reverse("mandates:give"), {"like": held.pk}).context["form"]
    assert (form["person"].value(), form["languages"].value()) == (awa.pk, ["es"])
    assert form["may_publish"].value() == "yes"


def test_the_screen_costs_no_more_as_mandates_grow(desk, region, django_assert_max_num_queries):
    for number in range(12):
        mandate(person(f"p{number}"), region_at(f"REGION{number}"))
    desk.get(reverse("mandates:index"))
    with django_assert_max_num_queries(45):
        desk.get(reverse("mandates:index"))
