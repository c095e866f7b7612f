"""The door is not forced, and tells nobody who has an account."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from .conftest import PASSWORD, is_in, letters

pytestmark = pytest.mark.django_db
START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def comes_in(enters):
    def tried(name, password=PASSWORD, **more):
        return enters(name, password, **more).answer.status_code == 302

    return tried


def shown(client):
    """The page as answered, without what is another at each request, and without the name that was typed."""
    text = client.answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return client.answer.status_code, re.sub(r'name="login" value="[^"]*"', "", text)


def test_a_name_or_an_address_and_the_password_open(person, comes_in):
    person()
    assert comes_in("awa")
    assert comes_in("AWA@example.org")
    assert not comes_in("awa", "another password")


def test_a_closed_account_is_closed_at_once(person, enters):
    awa = person()
    client = enters("awa")
    assert is_in(client)
    awa.is_active = False
    awa.save()
    assert not is_in(client)
    unknown = enters("nobody")
    assert shown(enters("awa")) == shown(unknown)
    awa.is_active = True
    awa.save()
    assert not is_in(client)  # nor does its session come back


def test_passwords_are_not_tried_without_end(person, comes_in, clock):
    person()
    assert not any(comes_in("awa", f"wrong {number}") for number in range(10))
    assert not comes_in("awa")
    assert not comes_in("awa@example.org")  # the same account by another name
    assert comes_in("awa", REMOTE_ADDR="192.0.2.7")  # its owner is not locked out
    clock.shift(dt.timedelta(minutes=15))
    assert comes_in("awa")


def test_another_address_of_the_same_line_does_not_help(person, comes_in):
    person()
    assert not any(comes_in("awa", "wrong", REMOTE_ADDR=f"2001:db8:1:2::{number}") for number in range(10))
    assert not comes_in("awa", REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert comes_in("awa", REMOTE_ADDR="2001:db8:1:3::1")


def test_many_machines_together_are_stopped_but_never_the_one_its_owner_uses(person, enters, comes_in, clock):
    person()
    owner = enters("awa")
    owner.post(reverse("account_logout"))
    assert not any(comes_in("awa", "wrong", REMOTE_ADDR=f"192.0.2.{number}") for number in range(60))
    assert not comes_in("awa", REMOTE_ADDR="198.51.100.1")
    assert enters("awa", client=owner).answer.status_code == 302
    clock.shift(dt.timedelta(hours=1))
    assert comes_in("awa", REMOTE_ADDR="198.51.100.1")


def test_unknown_wrong_closed_and_locked_are_one_answer(person, enters):
    person()
    person("closed", is_active=False)
    answers = {name: shown(enters(name, "wrong")) for name in ("awa", "awa@example.org", "closed", "nobody")}
    assert len(set(answers.values())) == 1
    for _try in range(12):
        enters("awa", "wrong")
        enters("nobody", "wrong")
    assert shown(enters("awa")) == shown(enters("nobody")) == answers["awa"]
    assert answers["awa"][0] == 200


def test_a_password_is_hashed_once_whoever_is_named(person, enters, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    person()
    hashed.clear()
    told = []
    for name in ("awa", "awa@example.org", "nobody", "nobody@example.org"):
        enters(name, "wrong")
        told.append(len(hashed))
        hashed.clear()
    assert told == [1, 1, 1, 1]


def test_asking_for_a_new_password_tells_nothing_and_fills_no_mailbox(person):
    person()
    answers = []
    for name in ("awa@example.org", "nobody@example.org") * 5:
        client = Client(headers={"accept-language": "en"})
        answer = client.post(reverse("account_reset_password"), {"name": name}, follow=True)
        answers.append((answer.redirect_chain, answer.content))
    assert all(answer == answers[0] for answer in answers)
    sent = letters()
    assert [letter.to for letter in sent] == [["Awa <awa@example.org>"]] * 3


def test_wagtails_own_doors_are_shut(person):
    person()
    client = Client()
    for door in ("/admin/login/", "/fr/_util/login/", "/en/_util/login/"):
        answer = client.post(door, {"username": "awa", "password": PASSWORD})
        assert answer.url == reverse("account_login")
    assert client.post("/admin/password_reset/", {"email": "awa@example.org"}).url == reverse("account_reset_password")
    assert client.get("/admin/password_reset/confirm/MQ/x-y/").url == reverse("account_reset_password")
    assert not is_in(client)
    assert client.get("/account/signup/").status_code == 404


def test_the_door_speaks_the_language_that_is_asked_for():
    for language, words in (("fr", 'lang="fr"'), ("en", "I forgot my password"), ("es", 'lang="es"')):
        client = Client(headers={"accept-language": language})
        assert words in client.get(reverse("account_login")).content.decode()
    client = Client(headers={"accept-language": "fr"})
    assert 'lang="es"' in client.get(reverse("account_login"), {"lang": "es", "next": "/admin/pages/"}).content.decode()
    assert '<html lang="es"' in client.get(reverse("account_login")).content.decode()


def test_the_pages_of_the_door_run_nothing_written_into_them_and_are_not_kept(person, enters):
    person()
    client = enters("awa")
    pages = [Client().get(reverse(name)) for name in ("account_login", "account_reset_password")]
    pages += [client.get(reverse(name)) for name in ("account_home", "account_sessions", "mfa_activate_totp")]
    for page in pages:
        assert page.status_code == 200
        assert "default-src 'self'" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
        text = page.content.decode()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


def test_one_is_led_back_only_within_the_site(person, enters):
    person()
    for asked, led in (("/admin/reports/", "/admin/reports/"), ("https://evil.example/", "/admin/")):
        client = Client()
        answer = client.post(reverse("account_login"), {"login": "awa", "password": PASSWORD, "next": asked})
        assert answer.url == led
