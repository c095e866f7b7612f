"""Somebody is invited by letter and makes the account theirs."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.invitations import AccountClosed, invite, resend
from accounts.models import Invitation
from letters.models import Letter

from .conftest import PASSWORD, is_in, letters, link

pytestmark = pytest.mark.django_db
START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)
CHOSEN = {"new_password1": "worms like it dark", "new_password2": "worms like it dark"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("secretary", "en"))
    return client


def test_from_the_letter_to_the_first_login(desk):
    told = {"name": "Inès Núñez", "email": "Ines@Example.org", "language": "es", "role": "Translators"}
    page = desk.post(reverse("people:invite"), told, follow=True).content.decode()
    assert "invited, has not answered" in page
    assert "Secretary" in page
    (letter,) = letters()
    assert letter.to == ["Inès Núñez <Ines@Example.org>"]
    browser = Client(headers={"accept-language": "fr"})
    path = link(letter)
    shown = browser.get(path)
    assert '<html lang="es"' in shown.content.decode()
    assert "ines@example.org" in shown.content.decode()
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown["Cache-Control"]
    assert not User.objects.get(username="ines@example.org").has_usable_password()  # looking changes nothing
    assert browser.post(path, CHOSEN).url == reverse("account_login")
    answer = browser.post(reverse("account_login"), {"login": "ines@example.org", "password": CHOSEN["new_password1"]})
    assert answer.url == "/admin/"
    assert is_in(browser)
    user = User.objects.get(username="ines@example.org")
    assert user.groups.get().name == "Translators"
    assert user.wagtail_userprofile.current_time_zone == "Europe/Paris"  # what is scheduled is typed in an hour known
    listed = desk.get(reverse("people:index")).content.decode()
    assert "has a password" in listed


def test_a_link_opens_once(person):
    invite("awa@example.org", "Awa Diop", "fr", None)
    path = link(letters()[0])
    Client().post(path, CHOSEN)
    other = {"new_password1": "another long password", "new_password2": "another long password"}
    late = Client().post(path, other)
    assert late.status_code == 410
    assert Client().get(path).status_code == 410
    assert User.objects.get(email="awa@example.org").check_password(CHOSEN["new_password1"])


def test_a_link_dies_after_seven_days(clock):
    invite("awa@example.org", "Awa Diop", "fr", None)
    path = link(letters()[0])
    clock.shift(dt.timedelta(days=6, hours=23))
    assert Client().get(path).status_code == 200
    clock.shift(dt.timedelta(hours=1))
    assert Client().get(path).status_code == 410
    assert Client().post(path, CHOSEN).status_code == 410


def test_a_forged_or_cut_link_opens_nothing():
    awa, ben = invite("awa@example.org", "Awa", "fr", None), invite("ben@example.org", "Ben", "fr", None)
    assert awa != ben
    one, two = (link(letter) for letter in letters())
    cut, mixed = one[:-6] + "/", one.split(":")[0] + ":" + two.split(":", 1)[1]
    for path in (cut, mixed, "/account/choose-password/x/", "/account/choose-password/a:b:c/"):
        assert Client().get(path).status_code == 410
        assert Client().post(path, CHOSEN).status_code == 410
    assert not any(user.has_usable_password() for user in User.objects.filter(email__endswith="example.org"))


def test_another_letter_kills_the_link_of_the_former_and_the_former_letter(desk):
    awa = invite("awa@example.org", "Awa Diop", "fr", None)
    first = link(letters()[0])
    desk.post(reverse("people:resend", args=[awa.pk]))
    desk.post(reverse("people:resend", args=[awa.pk]))
    (second,) = letters()  # the one in between was no longer true when it was to leave
    assert Client().get(first).status_code == 410
    assert Client().get(link(second)).status_code == 200
    assert Client().post(link(second), CHOSEN).status_code == 302
    assert not resend(awa, None)
    assert letters() == []


def test_a_link_dies_when_the_address_changes_or_the_account_is_closed():
    awa = invite("awa@example.org", "Awa Diop", "fr", None)
    path = link(letters()[0])
    User.objects.filter(pk=awa.pk).update(is_active=False)
    assert Client().get(path).status_code == 410
    User.objects.filter(pk=awa.pk).update(is_active=True, email="awa@elsewhere.example")
    assert Client().get(path).status_code == 410


def test_a_letter_that_waits_does_not_leave_for_an_address_that_is_no_longer_theirs():
    awa = invite("awa@example.org", "Awa Diop", "fr", None)
    User.objects.filter(pk=awa.pk).update(email="awa@elsewhere.example")
    assert letters() == []


def test_an_address_has_one_account_whatever_its_capitals():
    awa = invite("Awa.Diop@example.org", "Awa Diop", "fr", None)
    assert invite("awa.diop@EXAMPLE.org", "A. Diop", "en", None) == awa
    assert (awa.first_name, awa.last_name, awa.has_usable_password()) == ("Awa", "Diop", False)
    assert User.objects.filter(email__iexact="awa.diop@example.org").count() == 1
    assert Letter.objects.get().language == "fr"


def test_whoever_has_a_password_is_not_written_to(person):
    awa = person()
    assert invite("AWA@example.org", "Awa", "en", None) == awa
    assert not Letter.objects.exists()
    assert not Invitation.objects.exists()


def test_a_closed_account_is_not_opened_by_an_invitation(desk, person):
    person(is_active=False)
    with pytest.raises(AccountClosed):
        invite("awa@example.org", "Awa", "fr", None)
    told = {"name": "Awa", "email": "awa@example.org", "language": "fr", "role": "Staff"}
    assert "Open it again first" in desk.post(reverse("people:invite"), told).content.decode()


def test_no_address_no_account():
    for address in ("", "awa", "awa@", f"{'a' * 160}@example.org"):
        with pytest.raises(ValidationError):
            invite(address, "Awa", "fr", None)
    assert not User.objects.filter(first_name="Awa").exists()


def test_the_letter_is_written_with_the_account_or_not_at_all():
    with transaction.atomic():
        invite("awa@example.org", "Awa Diop", "fr", None)
        transaction.set_rollback(True)
    assert not User.objects.filter(email="awa@example.org").exists()
    assert not Letter.objects.exists()


def test_the_letter_speaks_its_readers_language_and_holds_no_link_at_rest():
    for language in ("fr", "en", "es"):
        invite(f"{language}@example.org", "Awa Diop", language, None)
    words = {
        "fr": "Choisir mon mot de passe",
        "en": "Choose my password",
        "es": "Elegir mi contraseña",
    }
    assert "choose-password/" not in str(list(Letter.objects.values_list("facts", "link_subject")))
    for letter in letters():
        language = letter.extra_headers["Content-Language"]
        html = letter.alternatives[0][0]
        assert words[language] in letter.body
        assert words[language] in html
        assert link(letter) in html
        assert not any(other in letter.body for name, other in words.items() if name != language)


def test_the_staff_never_see_the_link(desk):
    invite("awa@example.org", "Awa Diop", "fr", None)
    page = desk.get(reverse("letters:inspect", args=[Letter.objects.get().pk])).content.decode()
    assert "Awa" in page
    assert "choose-password/" not in page


def test_nobody_but_the_staff_invites(person):
    translator = Client()
    translator.force_login(person("translator", group="Translators"))
    told = {"name": "Awa", "email": "awa@example.org", "language": "fr", "role": "Staff"}
    answer = translator.post(reverse("people:invite"), told)
    assert answer.status_code in (302, 403)
    assert not User.objects.filter(email="awa@example.org").exists()
    for name in ("people:index", "people:invite"):
        assert translator.get(reverse(name)).status_code in (302, 403)


def test_somebody_who_never_answered_may_ask_for_a_link_and_somebody_never_invited_may_not(clock):
    invite("awa@example.org", "Awa Diop", "fr", None)
    User.objects.create_user("imported", "imported@example.org")
    letters()
    clock.shift(dt.timedelta(days=30))
    for name in ("awa@example.org", "imported@example.org"):
        Client().post(reverse("account_reset_password"), {"name": name})
    (letter,) = letters()
    assert letter.to == ["Awa Diop <awa@example.org>"]
    assert Client().post(link(letter), CHOSEN).status_code == 302
    assert Invitation.objects.get().answered_at


def test_who_is_new_is_invited_and_not_given_a_password(person):
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", PASSWORD))
    assert client.get(reverse("wagtailusers_users:add")).url == reverse("people:invite")
    edited = client.get(reverse("wagtailusers_users:edit", args=[person().pk])).content.decode()
    assert "password1" not in edited


def test_of_two_who_use_one_link_at_once_one_is_late(served):
    import http.cookiejar
    import urllib.error
    import urllib.parse
    import urllib.request

    site = served()
    made = site.manage(
        "shell",
        "-v0",
        "-c",
        "import datetime as dt\nfrom accounts import links\nfrom accounts.invitations import invite\n"
        "from accounts.models import Invitation\n"
        "user = invite('awa@example.org', 'Awa Diop', 'fr', None)\n"
        "print(links.address(user, Invitation.objects.get(user=user).expires_at, 1))",
    )
    address = site.url + urllib.parse.urlsplit(made.strip().splitlines()[-1]).path

    def choose(number: int) -> int:
        words = f"a password of number {number}"
        data = urllib.parse.urlencode({"new_password1": words, "new_password2": words}).encode()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        try:
            answer = opener.open(address, data=data, timeout=60)
        except urllib.error.HTTPError as refused:
            return refused.code
        return 302 if answer.url.endswith("/account/login/") else answer.status

    with ThreadPoolExecutor(6) as hands:
        answers = sorted(hands.map(choose, range(6)))
    assert answers == [302, 410, 410, 410, 410, 410]
