"""Sessions are seen and ended by their owner, and by the staff; a new password ends them."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.invitations import invite

from .conftest import PASSWORD, is_in, letters, link

pytestmark = pytest.mark.django_db
NEW = "worms like it dark"


@pytest.fixture
def two(person, enters):
    """One person in two browsers."""
    user = person(language="en")
    android = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
    here, there = enters("awa"), enters("awa", headers={"user-agent": android}, REMOTE_ADDR="192.0.2.9")
    return user, here, there


def test_everybody_sees_where_they_are_logged_in_and_ends_one_session(two):
    _user, here, there = two
    page = here.get(reverse("account_sessions")).content.decode()
    assert page.count("<li>\n        <div><b>") == 2
    assert "Chrome, Android" in page
    assert "192.0.2.9" in page
    assert page.count("this one") == 1
    number = page.split('name="session" value="')[1].split('"')[0]
    here.post(reverse("account_sessions"), {"session": number})
    assert is_in(here)
    assert not is_in(there)


def test_all_other_sessions_end_at_once_those_never_noted_too(two):
    user, here, there = two
    older = Client()
    older.force_login(user)
    here.post(reverse("account_sessions"), {"session": "others"})
    assert is_in(here)
    assert not is_in(there)
    assert not is_in(older)


def test_nobody_ends_somebody_elses_session(two, person, enters):
    _user, here, _there = two
    person("ben")
    other = enters("ben")
    for number in range(1, 10):
        other.post(reverse("account_sessions"), {"session": str(number)})
    other.post(reverse("account_sessions"), {"session": "others"})
    assert is_in(here)
    assert "192.0.2.9" not in other.get(reverse("account_sessions")).content.decode()


def test_the_staff_end_every_session_of_somebody_and_it_is_written_down(two, person):
    user, here, there = two
    secretary, translator = Client(headers={"accept-language": "en"}), Client()
    secretary.force_login(person("secretary", "en"))
    translator.force_login(person("translator", group="Translators"))
    address = reverse("people:sessions", args=[user.pk])
    translator.post(address)
    assert is_in(here)
    page = secretary.post(address, follow=True).content.decode()
    assert "2 sessions are ended" in page
    assert "Sessions ended" in page
    assert not is_in(here)
    assert not is_in(there)


def test_the_list_of_people_asks_no_more_as_they_grow(person):
    secretary = Client()
    secretary.force_login(person("secretary", "en"))
    asked = []
    for names in (("awa",), ("ben", "chloe", "dina", "eva", "fatou")):
        for name in names:
            person(name)
            invite(f"invited.{name}@example.org", name, "fr", None)
        secretary.get(reverse("people:index"))
        with CaptureQueriesContext(connection) as queries:
            page = secretary.get(reverse("people:index")).content.decode()
        asked.append(len(queries))
        assert all(f"invited.{name}@example.org" in page for name in names)
    assert asked[0] == asked[1]


def test_only_an_administrator_sees_to_an_administrators_account(person):
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    browser, secretary = Client(), Client()
    browser.force_login(root)
    secretary.force_login(person("secretary"))
    secretary.post(reverse("people:sessions", args=[root.pk]))
    assert is_in(browser)


def test_a_new_password_asks_for_the_old_and_ends_the_other_sessions(two):
    user, here, there = two
    address = reverse("account_change_password")
    form = {"old_password": "not this one", "new_password1": NEW, "new_password2": NEW}
    assert "The password is not right" in here.post(address, form).content.decode()
    assert is_in(there)
    assert here.post(address, form | {"old_password": PASSWORD}).url == reverse("account_home")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert is_in(here)
    assert not is_in(there)
    (letter,) = letters()
    assert "Your password was changed" in letter.body


def test_the_old_password_is_not_tried_without_end_from_a_session_left_open(two):
    _user, here, _there = two
    form = {"new_password1": NEW, "new_password2": NEW}
    for number in range(10):
        here.post(reverse("account_change_password"), form | {"old_password": f"wrong {number}"})
    answer = here.post(reverse("account_change_password"), form | {"old_password": PASSWORD})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "au minimum 10 caractères"), ("en", "at least 10 characters"), ("es", "por lo menos 10 caracteres")],
)
def test_the_rules_are_told_in_the_readers_language(person, enters, language, said):
    person(language=language)
    client = enters("awa")
    client.cookies.clear()
    client = enters("awa", client=Client(headers={"accept-language": language}))
    form = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    page = client.post(reverse("account_change_password"), form).content.decode()
    assert said in page
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("word", ["1234567890", "awa@example.org", "short", "password123", "awa-example-org"])
def test_a_poor_password_is_refused(person, enters, word):
    person()
    client = enters("awa")
    form = {"old_password": PASSWORD, "new_password1": word, "new_password2": word}
    assert client.post(reverse("account_change_password"), form).status_code == 200
    assert User.objects.get(username="awa").check_password(PASSWORD)


def test_a_forgotten_password_is_chosen_anew_once_and_ends_every_session(two):
    user, here, _there = two
    Client().post(reverse("account_reset_password"), {"name": "awa@example.org"})
    (letter,) = letters()
    path = link(letter)
    assert is_in(here)
    form = {"new_password1": NEW, "new_password2": NEW}
    assert Client().post(path, form).url == reverse("account_login")
    assert Client().post(path, form).status_code == 410
    assert not is_in(here)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_link_to_a_new_password_dies_after_three_hours_and_at_a_login(person, enters):
    person()
    with time_machine.travel(dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC), tick=False) as clock:
        Client().post(reverse("account_reset_password"), {"name": "awa"})
        path = link(letters()[0])
        assert Client().get(path).status_code == 200
        enters("awa")
        assert Client().get(path).status_code == 410
        Client().post(reverse("account_reset_password"), {"name": "awa"})
        path = link(letters()[0])
        clock.shift(dt.timedelta(hours=3))
        assert Client().get(path).status_code == 410


def test_when_a_session_was_last_seen_is_noted_now_and_then(person, enters):
    from allauth.usersessions.models import UserSession

    person()
    start = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        client = enters("awa")
        for minutes in (5, 20):
            clock.move_to(start + dt.timedelta(minutes=minutes))
            client.get("/admin/")
        assert UserSession.objects.get().last_seen_at == timezone.now()


def test_what_wagtail_writes_to_the_staff_waits_in_the_outbox(person, settings):
    from wagtail.admin.mail import send_mail

    from letters.models import Letter

    settings.EMAIL_BACKEND = "letters.backend.OutboxBackend"
    person()
    assert send_mail("A page awaits you", "Look at it:\nhttps://humus.example/admin/", ["awa@example.org"]) == 1
    assert mail.outbox == []
    assert Letter.objects.get().state == "waiting"
    (letter,) = letters()
    assert letter.subject == "A page awaits you"
    assert '<a href="https://humus.example/admin/"' in letter.alternatives[0][0]
    assert letters() == []  # carrying a letter queues none


def test_a_mere_link_logs_nobody_out(two):
    _user, here, _there = two
    assert here.get(reverse("wagtailadmin_logout")).url == reverse("account_logout")
    assert is_in(here)
    here.post(reverse("wagtailadmin_logout"))
    assert not is_in(here)
