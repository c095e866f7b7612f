"""The second factor: required where that is said, a code opens once, and a lost one is taken away."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from .conftest import PASSWORD, code, is_in, letters

pytestmark = pytest.mark.django_db
START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(settings):
    settings.MFA_REQUIRED = True
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def enrolled(person, enters, telephone, clock):
    """Somebody whose telephone is set up, and its secret; the clock stands at a code not used yet."""
    user = person()
    secret = telephone(enters("awa"))
    clock.shift(dt.timedelta(minutes=1))
    return user, secret


def types(client, typed, **more):
    return client.post(reverse("mfa_authenticate"), {"code": typed}, **more)


def test_a_password_alone_leads_to_setting_up_the_telephone_and_to_logging_in_anew(
    person, enters, telephone, clock, django_capture_on_commit_callbacks
):
    person()
    client = enters("awa")
    for path in ("/admin/", "/admin/pages/", reverse("wagtailadmin_account")):
        assert client.get(path).url == reverse("mfa_activate_totp")
    elsewhere = enters("awa", REMOTE_ADDR="192.0.2.5")  # perhaps whoever stole the password
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "otpauth://totp/awa%40example.org?" in page
    with django_capture_on_commit_callbacks(execute=True):
        secret = telephone(client)
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", shown)) == 10
    assert "<code>" not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert elsewhere.get(reverse("mfa_index")).url.startswith(reverse("account_login"))
    # The session in which it was set up does not count.
    assert client.get("/admin/").url == reverse("account_again")
    anew = client.post(reverse("account_logout"), {"next": "/account/login/?next=/admin/"})
    assert anew.url == "/account/login/?next=/admin/"
    clock.shift(dt.timedelta(minutes=1))
    assert enters("awa", client=client).answer.url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    assert types(client, code(secret)).url == "/admin/"
    assert is_in(client)
    assert "téléphone" in letters()[0].body


def test_where_it_is_not_required_a_password_is_enough(person, enters, settings):
    settings.MFA_REQUIRED = False
    person()
    assert is_in(enters("awa"))


def test_production_requires_it_unless_told_otherwise(monkeypatch):
    import importlib

    given = {
        "SECRET_KEY": "x" * 60,
        "SITE_URL": "https://humus.example",
        "ALLOWED_HOSTS": "humus.example",
        "DATABASE_URL": "sqlite://:memory:",
        "EMAIL_URL": "smtp://mail.example:25",
        "MEDIA_ROOT": "var/media",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    production = importlib.import_module("config.settings.production")
    assert importlib.reload(production).MFA_REQUIRED is True
    monkeypatch.setenv("MFA_REQUIRED", "false")
    assert importlib.reload(production).MFA_REQUIRED is False


def test_a_wrong_code_does_not_open_and_the_right_one_opens_once(enrolled, enters, clock):
    _user, secret = enrolled
    client = enters("awa")
    answer = types(client, "000000")
    assert answer.status_code == 200
    assert "after five tries" in answer.content.decode()
    assert types(client, code(secret)).url == "/admin/"
    again = enters("awa")
    assert types(again, code(secret)).status_code == 200
    assert not is_in(again)
    assert types(again, code(secret, -1)).status_code == 200  # nor one from before
    clock.shift(dt.timedelta(seconds=30))
    assert types(again, code(secret)).url == "/admin/"


def test_a_recovery_code_opens_once(person, enters, telephone):
    person()
    client = enters("awa")
    telephone(client)
    kept = re.findall(r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    other = enters("awa")
    assert types(other, kept[3]).url == "/admin/"
    assert is_in(other)
    third = enters("awa")
    assert types(third, kept[3]).status_code == 200
    assert not is_in(third)
    assert types(third, kept[4]).url == "/admin/"


def test_codes_are_not_tried_without_end(enrolled, enters, clock):
    _user, secret = enrolled
    client = enters("awa")
    for _try in range(5):
        wrong = types(client, "000000", REMOTE_ADDR="192.0.2.1")
    locked = types(client, code(secret), REMOTE_ADDR="192.0.2.1")
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|value="\d{6}"')
    assert token.sub("", locked.content.decode()) == token.sub("", wrong.content.decode())
    clock.shift(dt.timedelta(minutes=15))
    client = enters("awa")
    assert types(client, code(secret), REMOTE_ADDR="192.0.2.1").url == "/admin/"


def test_codes_tried_from_many_machines_are_counted_together(enrolled, enters):
    _user, secret = enrolled
    client = enters("awa")
    for number in range(50):
        assert types(client, "000000", REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    assert types(client, code(secret), REMOTE_ADDR="198.51.100.1").status_code == 200
    assert not is_in(client)


def test_the_database_holds_no_readable_secret(enrolled):
    _user, secret = enrolled
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


def test_whoever_takes_the_factor_away_has_to_confirm_and_sets_up_another(enrolled, enters, clock):
    _user, secret = enrolled
    client = enters("awa")
    types(client, code(secret))
    clock.shift(dt.timedelta(minutes=10))
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    client.post(answer.url, {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").url == reverse("mfa_activate_totp")


def test_somebody_with_no_way_in_is_helped_from_the_machine(enrolled, enters):
    user, secret = enrolled
    client = enters("awa")
    types(client, code(secret))
    call_command("reset_factor", "awa", verbosity=0)
    assert not is_in(client)
    assert not Authenticator.objects.filter(user=user).exists()
    assert enters("awa").get("/admin/").url == reverse("mfa_activate_totp")


def test_an_administrator_takes_a_factor_away_and_the_staff_do_not(enrolled, enters, person):
    user, secret = enrolled
    client = enters("awa")
    types(client, code(secret))
    address = reverse("people:factor", args=[user.pk])
    colleague, administrator = person("colleague"), User.objects.create_superuser("root", "root@example.org", PASSWORD)
    for somebody, taken in ((colleague, False), (administrator, True)):
        browser = Client()
        browser.force_login(somebody)
        session = browser.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
        session["account_authentication_methods_user"] = str(somebody.pk)
        session.save()
        Authenticator.objects.create(user=somebody, type="totp", data={"secret": ""})
        browser.post(address)
        assert Authenticator.objects.filter(user=user).exists() is not taken
        assert is_in(client) is not taken
    assert "Second facteur retiré" in browser.get(reverse("people:inspect", args=[user.pk])).content.decode()
    from wagtail.models import ModelLogEntry

    entry = ModelLogEntry.objects.get(action="accounts.factor")
    assert (entry.user, entry.object_id) == (administrator, str(user.pk))
    assert [letter.to for letter in letters()][-1] == ["Awa <awa@example.org>"]
