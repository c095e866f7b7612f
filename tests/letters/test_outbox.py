"""Letters: at least once, one by one, whatever dies on the way."""

import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from events.models import Registration
from letters import carrying
from letters.models import Heartbeat, Letter
from tests.factories import told
from tests.registration.people import address, letters, link_in, meeting, send, work

pytestmark = pytest.mark.django_db

START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


class DeadServer(EmailBackend):
    """A mail server that does not answer."""

    def open(self):
        raise ConnectionRefusedError("nobody listens")


@pytest.fixture
def registered(client):
    def register(count: int = 1, **facts):
        event = meeting(**facts)
        for number in range(count):
            assert send(client, event, email=f"person{number}@example.org").status_code == 303
        return event

    return register


def test_nothing_leaves_before_the_worker_comes_and_each_letter_leaves_once(registered):
    registered(3)
    assert mail.outbox == []
    work()
    work()
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"Asha Rao <person{n}@example.org>" for n in range(3)]
    assert [letter.state for letter in Letter.objects.all()] == ["sent"] * 3


def test_a_letter_is_written_only_if_the_registration_is(registered, monkeypatch):
    event = registered()

    def breaks(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Letter.objects, "create", breaks)
    with pytest.raises(RuntimeError):
        registered(title=told("Autre"))
    assert Registration.objects.get().event == event


def test_with_the_mail_server_down_letters_wait_longer_each_time_and_then_leave(registered, settings):
    with time_machine.travel(START, tick=False) as clock:
        registered(1)
        working = settings.LETTERS_BACKEND
        settings.LETTERS_BACKEND = f"{__name__}.DeadServer"
        waits = []
        for attempt in range(1, 5):
            work()
            letter = Letter.objects.get()
            assert (letter.attempts, letter.state) == (attempt, "retrying")
            assert "nobody listens" in letter.last_error
            waits.append(letter.due_at - timezone.now())
            clock.move_to(letter.due_at)
        assert waits == sorted(waits)
        assert waits[0] < waits[-1]
        assert Heartbeat.objects.get(job="letters").failed
        settings.LETTERS_BACKEND = working
        work()
        assert Letter.objects.get().state == "sent"
        assert len(mail.outbox) == 1


def test_after_two_days_a_letter_is_given_up_and_seen_and_can_be_sent_again(registered, settings):
    with time_machine.travel(START, tick=False) as clock:
        registered(1)
        working = settings.LETTERS_BACKEND
        settings.LETTERS_BACKEND = f"{__name__}.DeadServer"
        while Letter.objects.get().state != "abandoned":
            work()
            clock.move_to(max(Letter.objects.get().due_at, timezone.now()))
        assert dt.timedelta(days=1.8) < timezone.now() - START < dt.timedelta(days=2.5)
        settings.LETTERS_BACKEND = working
        Letter.objects.get().resend()
        work()
        assert len(mail.outbox) == 1


def test_a_dead_server_does_not_keep_the_worker_from_its_other_jobs(registered, settings):
    registered(6)
    settings.LETTERS_BACKEND = f"{__name__}.DeadServer"
    work()
    assert Letter.objects.filter(attempts=1).count() == carrying.UNREACHABLE
    assert Heartbeat.objects.filter(job="horizon", failed=False).exists()


def test_a_letter_nobody_can_write_stops_no_other(registered):
    poison = Letter.objects.create(kind="confirmed", recipient="a@example.org", language="fr", link_subject="x")
    unknown = Letter.objects.create(kind="unheard_of", recipient="a@example.org", language="fr")
    registered(2)
    work()
    assert len(mail.outbox) == 2
    for letter in (poison, unknown):
        letter.refresh_from_db()
        assert letter.state == "retrying"
        assert letter.last_error


def test_a_worker_that_dies_with_a_letter_in_hand_loses_nothing(registered):
    with time_machine.travel(START, tick=False) as clock:
        registered(1)
        assert carrying.claim() is not None  # and dies here
        work()
        assert mail.outbox == []  # it may still be on its way: nobody sends it twice
        clock.move_to(START + dt.timedelta(minutes=6))
        work()
        assert len(mail.outbox) == 1


def test_two_workers_never_hold_the_same_letter(registered):
    registered(3)
    held = [carrying.claim() for _ in range(4)]
    assert held[3] is None
    assert len({letter.pk for letter in held[:3]}) == 3


def test_the_lease_outlasts_the_longest_exchange_with_the_server(settings):
    steps = 10  # connect, greet, encrypt, greet, log in (2), from, to, data, end
    assert settings.EMAIL_TIMEOUT * steps < settings.LETTER_LEASE


def test_the_letter_tells_when_where_and_how_in_its_readers_language(client):
    event = meeting(
        venue=told("Gigiri", "Gigiri Hall"),
        timezone="Africa/Nairobi",
        contact_email="nairobi@example.org",
    )
    for language in ("fr", "en", "es"):
        send(client, event, email=f"{language}@example.org", language=language)
    by_language = {letter.extra_headers["Content-Language"]: letter for letter in letters()}
    english, spanish, french = by_language["en"], by_language["es"], by_language["fr"]
    assert "Nairobi meeting" in english.subject
    assert "12 May 2031" in english.subject
    for part in (english.body, english.alternatives[0].content):
        assert "09:00–17:00" in part
        assert "06:00–14:00" in part  # UTC
        assert "UTC+3" in part
        assert "Gigiri Hall" in part
        assert "/en/" in part
    assert "12 de mayo de 2031" in spanish.subject
    assert "12 mai 2031" in french.subject
    assert "Gigiri" in french.body
    assert english.reply_to == ["nairobi@example.org"]
    assert "Reply-To" in english.message()


def test_the_html_survives_readers_of_mail_that_drop_the_head(registered):
    registered(1)
    (letter,) = letters()
    html = letter.alternatives[0].content
    body = html[html.index("<body") :]
    assert 'style="' in body
    assert "class=" in body
    assert "prefers-color-scheme: dark" in html
    assert "<script" not in html
    assert "<img" not in html
    assert link_in(letter) in html


def test_a_letter_tells_the_facts_as_they_were_when_it_was_written(registered):
    from tests.factories import publish

    event = registered(1)
    day = dt.timedelta(days=1)
    publish(event, start_local=event.start_local + day, end_local=event.end_local + day)
    (letter,) = letters()
    assert "12 mai 2031" in letter.subject


def test_no_reader_of_mail_makes_a_link_of_a_name(client):
    event = meeting()
    send(client, event, name="Claim at evil.example/now", language="en")
    (letter,) = letters()
    assert "Hello Claim at evil. example/now," in letter.body
    assert "evil.example" not in letter.message().as_string()


def test_no_row_holds_a_link_and_the_one_sent_is_of_the_current_version(registered, client):
    registered(1)
    (letter,) = letters()
    token = link_in(letter).rstrip("/").rpartition("/")[2]
    assert token.count(":") == 2
    pages = [address("participant", "x", language=code).removesuffix("x/") for code in ("fr", "en", "es")]
    for row in Letter.objects.values():
        assert token not in str(row)
        assert not [page for page in pages if page in str(row)]


def test_a_confirmation_that_is_no_longer_true_does_not_leave(registered):
    registered(1)
    Registration.objects.get().cancel()
    left = letters()
    assert len(left) == 1
    assert Letter.objects.get(kind="confirmed").last_error == carrying.NO_LONGER_TRUE
    assert Letter.objects.get(kind="cancelled").state == "sent"


def test_the_message_has_the_same_identity_at_every_attempt(registered):
    from letters.writing import write

    registered(1)
    letter = Letter.objects.get()
    assert write(letter).extra_headers["Message-ID"] == write(letter).extra_headers["Message-ID"]


def test_a_server_that_refuses_one_letter_takes_the_next(registered, settings, monkeypatch):
    registered(3)
    take = EmailBackend.send_messages

    def send_messages(self, messages):
        if "person1@" in messages[0].to[0]:
            raise smtplib.SMTPRecipientsRefused({"person1@example.org": (550, b"no such user")})
        return take(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    work()
    assert len(mail.outbox) == 2
    assert "no such user" in Letter.objects.get(recipient="person1@example.org").last_error


def test_letters_are_read_on_a_page_of_ones_own_machine(client, registered, settings, tmp_path):
    settings.LETTERS_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    registered(2)
    assert client.get("/letters/").status_code == 200
    call_command("work", "--once")
    page = client.get("/letters/").content.decode()
    assert page.count("<iframe") == 2
    assert 'sandbox="' in page
    assert "/fr/" in page


def test_nobody_reads_them_from_another_machine(client):
    assert client.get("/letters/").status_code == 200
    assert client.get("/letters/", REMOTE_ADDR="192.0.2.7").status_code == 404


def test_elsewhere_there_is_no_page_of_letters(client, settings):
    settings.LETTERS_ON_A_PAGE = False
    assert client.get("/letters/").status_code == 404
