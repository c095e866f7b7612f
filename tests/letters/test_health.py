"""Letters that can't be delivered, that are too many for an hour, that are sent again; and who gets to know."""

import datetime as dt
import io
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from events.models import Registration
from letters import allowance, carrying
from letters.models import Letter
from tests.desk.conftest import desk, staff  # noqa: F401  (fixtures)
from tests.registration.people import meeting, send, work

pytestmark = pytest.mark.django_db

START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


def notice(number: int = 0, **more) -> Letter:
    told = {"subject": "Notice", "text": "Words."}
    return Letter.objects.create(kind="notice", recipient=f"n{number}@example.org", language="en", facts=told, **more)


def refuse(monkeypatch, error):
    """A mail server that refuses whoever is called person1."""
    take = EmailBackend.send_messages

    def send_messages(self, messages):
        if "person1@" in messages[0].to[0]:
            raise error
        return take(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def recipient(code: int, words: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"person1@example.org": (code, words)})


def again(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def text(response) -> str:
    return " ".join(response.content.decode().split())


# -- refused for good


@pytest.mark.parametrize(
    "error",
    [
        recipient(550, b"5.1.1 no such user"),
        recipient(552, b"mailbox full"),
        smtplib.SMTPDataError(554, b"5.6.0 not in this form"),
    ],
)
def test_a_letter_refused_for_good_is_not_tried_again(client, monkeypatch, error):
    event = meeting()
    refuse(monkeypatch, error)
    send(client, event, email="person1@example.org")
    send(client, event, email="person2@example.org")
    work()
    letter = Letter.objects.get(recipient="person1@example.org")
    assert (letter.state, letter.attempts) == ("undeliverable", 1)
    assert letter.last_error.startswith(("550 5.1.1 no such user", "552 mailbox full", "554 5.6.0"))
    assert [message.to for message in mail.outbox] == [["Asha Rao <person2@example.org>"]]
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        work()
    assert again(letter).attempts == 1


@pytest.mark.parametrize(
    "error",
    [
        recipient(450, b"4.2.0 come back later"),
        recipient(550, b"5.7.26 your domain is not authenticated"),
        recipient(503, b"bad sequence of commands"),
        smtplib.SMTPDataError(421, b"too many connections"),
        smtplib.SMTPNotSupportedError("SMTPUTF8"),
    ],
)
def test_what_a_server_minds_for_a_time_or_about_us_is_tried_again(client, monkeypatch, error):
    refuse(monkeypatch, error)
    send(client, meeting(), email="person1@example.org")
    work()
    assert Letter.objects.get().state == "retrying"


def test_the_page_of_the_person_says_so_until_a_letter_was_sent_again(client, desk, monkeypatch):  # noqa: F811
    refuse(monkeypatch, recipient(550, b"5.1.1 no such user"))
    event = meeting()
    send(client, event, email="person1@example.org")
    send(client, event, email="person2@example.org")
    work()
    person, other = Registration.objects.order_by("email")
    page = text(desk.get(reverse("registrations:inspect", args=[person.pk])))
    assert "This person does not get our letters" in page
    assert "550 5.1.1 no such user" in page
    assert "does not get our letters" not in text(desk.get(reverse("registrations:inspect", args=[other.pk])))
    letter = Letter.objects.get(recipient="person1@example.org")
    desk.post(reverse("letters:resend", args=[letter.pk]))
    assert "does not get our letters" not in text(desk.get(reverse("registrations:inspect", args=[person.pk])))


def test_the_first_page_and_the_list_tell_what_was_refused(client, desk, monkeypatch):  # noqa: F811
    refuse(monkeypatch, recipient(550, b"5.1.1 no such user"))
    send(client, meeting(), email="person1@example.org")
    work()
    assert "1 letter was refused for good" in text(desk.get("/admin/"))
    found = desk.get(reverse("letters:index"), {"state": "undeliverable"})
    assert [letter.recipient for letter in found.context["object_list"]] == ["person1@example.org"]


REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: meetings@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

I am sorry.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: user unknown

--cut
Content-Type: {form}

{start}Message-ID: <{uid}@example.org>
Subject: Your place

--cut--
"""


def report(letter: Letter, **more) -> io.BytesIO:
    facts = {
        "recipient": letter.recipient,
        "action": "failed",
        "status": "5.1.1",
        "form": "text/rfc822-headers",
        "start": "",
        "uid": letter.uid,
    }
    return io.BytesIO(REPORT.format(**facts | more).encode())


@pytest.mark.parametrize("form", ["text/rfc822-headers", "message/rfc822"])
def test_a_letter_that_comes_back_later_is_undeliverable_too(form):
    letter = notice(1)
    work()
    assert again(letter).state == "sent"
    call_command("bounced", source=report(letter, form=form), stdout=io.StringIO())
    letter = again(letter)
    assert letter.state == "undeliverable"
    assert "user unknown" in letter.last_error


def test_a_report_with_signs_that_no_database_holds_is_read():
    """PostgreSQL keeps no NUL in a text."""
    letter = notice(1)
    work()
    said = report(letter).getvalue().replace(b"user unknown", b"user\0unknown")
    call_command("bounced", source=io.BytesIO(said), stdout=io.StringIO())
    assert "user unknown" in again(letter).last_error
    call_command("bounced", source=report(letter, recipient="a\0b@example.org"), stdout=io.StringIO())


@pytest.mark.parametrize(
    "more",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered"},
        {"recipient": "somebody-else@example.org"},
        {"uid": "00000000-0000-4000-8000-000000000000"},
        {"uid": "nothing-of-ours"},
    ],
)
def test_a_report_of_a_delay_or_about_another_letter_changes_nothing(more):
    letter = notice(1)
    work()
    call_command("bounced", source=report(letter, **more), stdout=io.StringIO())
    assert again(letter).state == "sent"


CUT = b"Content-Type: multipart/report; boundary=cut\n\n--cut\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xfe nonsense",
        b"Content-Type: multipart/report\n\nhollow",
        CUT + b"Content-Type: text/plain\nMessage-ID: <[\n\n--cut--\n",
        CUT + b"Content-Type: text/plain\nMessage-ID: <@>\n\n--cut--\n",
        CUT + b"Content-Type: message/rfc822\n\n" * 3000 + b"deep\n--cut--\n",
    ],
    ids=["nothing", "noise", "hollow", "half an address", "an empty address", "a letter in letters"],
)
def test_what_is_no_report_is_left_alone(said):
    out = io.StringIO()
    call_command("bounced", source=io.BytesIO(said), stdout=out)
    assert out.getvalue() == "0 undeliverable\n"


# -- sent again


def test_a_letter_that_waits_is_not_doubled_but_hurried(desk):  # noqa: F811
    in_a_while = timezone.now() + dt.timedelta(hours=4)
    letter = notice(attempts=6, last_error="the server is down", due_at=in_a_while)
    page = text(desk.post(reverse("letters:resend", args=[letter.pk]), follow=True))
    assert "is waiting already" in page
    assert again(letter).due_at <= timezone.now()
    assert Letter.objects.count() == 1


def test_a_letter_in_a_workers_hand_keeps_its_lease():
    with time_machine.travel(START, tick=False):
        notice()
        letter = carrying.claim()
        assert letter.resend() == letter
        assert carrying.claim() is None


def test_two_clicks_send_one_more(desk):  # noqa: F811
    letter = notice(attempts=11, abandoned_at=timezone.now())
    for _click in range(2):
        desk.post(reverse("letters:resend", args=[letter.pk]))
    assert Letter.objects.count() == 2
    assert again(letter).state == "resent"


def test_all_that_failed_leave_again_once_and_nothing_else(desk):  # noqa: F811
    now = timezone.now()
    for number in range(250):
        notice(number, attempts=11, abandoned_at=now, last_error="nobody listens")
    refused = notice(900, abandoned_at=now, ending=Letter.Ending.UNDELIVERABLE)
    notice(901, abandoned_at=now, ending=Letter.Ending.WITHDRAWN)
    address = reverse("letters:resend_failed")
    page = text(desk.get(address))
    assert "250 letters given up" in page
    assert "1 letter that a mail server refused" in page
    assert "Send failed letters again" in text(desk.get(reverse("letters:index")))
    for _click in range(2):
        assert desk.post(address, {"state": "abandoned"}).status_code == 302
    desk.get(reverse("letters:index"))  # where it was told how many
    work()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(f"n{number}@example.org" for number in range(250))
    assert again(refused).state == "undeliverable"
    assert "250 letters" not in text(desk.get(address))


def test_who_may_not_write_letters_sends_none_again(client):
    notice(abandoned_at=timezone.now())
    assert client.post(reverse("letters:resend_failed"), {"state": "abandoned"}).status_code == 302
    assert Letter.objects.count() == 1


def test_a_letter_that_is_no_longer_true_is_no_failure(client, desk):  # noqa: F811
    send(client, meeting())
    Registration.objects.get().cancel()
    work()
    assert Letter.objects.get(kind="confirmed").state == "withdrawn"
    assert "could not be sent" not in text(desk.get("/admin/"))


# -- no more than so many an hour


def test_no_more_letters_leave_within_an_hour_than_may(settings):
    settings.LETTERS_PER_HOUR = 10
    with time_machine.travel(START + dt.timedelta(minutes=50), tick=False) as clock:
        for number in range(25):
            notice(number)
        left = []
        for minutes in range(0, 190, 5):
            clock.move_to(START + dt.timedelta(minutes=50 + minutes))
            before = len(mail.outbox)
            work()
            left.append(len(mail.outbox) - before)
    assert sum(left) == 25
    for at in range(len(left)):
        assert sum(left[at : at + 12]) <= 10  # twelve times five minutes


def test_what_one_person_waits_for_goes_before_what_is_written_to_many(settings):
    settings.LETTERS_PER_HOUR = 10
    for number in range(30):
        notice(number, to_many=True)
    work()
    assert len(mail.outbox) == 8  # a fifth is kept
    for number in (100, 101, 102):
        notice(number)
    work()
    assert [message.to[0] for message in mail.outbox[8:]] == ["n100@example.org", "n101@example.org"]


def test_letters_to_many_leave_last_without_a_limit_too(settings):
    settings.LETTERS_PER_HOUR = 0
    notice(1, to_many=True)
    notice(2)
    work()
    assert [message.to[0] for message in mail.outbox] == ["n2@example.org", "n1@example.org"]


def test_a_mail_server_that_is_down_uses_up_nothing(settings):
    settings.LETTERS_PER_HOUR = 4
    working, settings.LETTERS_BACKEND = settings.LETTERS_BACKEND, "tests.letters.test_outbox.DeadServer"
    with time_machine.travel(START, tick=False) as clock:
        for number in range(3):
            notice(number)
        for minutes in (0, 2, 8):
            clock.move_to(START + dt.timedelta(minutes=minutes))
            work()
        settings.LETTERS_BACKEND = working
        clock.move_to(START + dt.timedelta(minutes=25))
        work()
    assert len(mail.outbox) == 3


def test_what_waits_for_the_next_hour_is_told(settings, desk, client):  # noqa: F811
    settings.LETTERS_PER_HOUR = 5
    for number in range(8):
        notice(number)
    work()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["letters_over_the_limit"]) == (200, 3)
    page = text(desk.get("/admin/"))
    assert "3 letters wait for the next hour: no more than 5 leave within an hour" in page
    assert "The next leave at" in page
    assert allowance.standing().next_at > timezone.now()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=62)):
        assert allowance.standing().waiting == 0
        work()
        assert len(mail.outbox) == 8
    assert client.get("/readyz").json()["letters_over_the_limit"] == 0
