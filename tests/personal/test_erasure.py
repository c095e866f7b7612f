"""One person: what is known is shown to who reads their letters, and erased when they ask; nobody else is touched."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import (
    CalendarKey,
    DataAccess,
    Invitation,
    Payment,
    Refund,
    RefundStep,
    Registration,
    Transfer,
)
from events.registration import links
from events.registration.personal import erasing, purging
from letters.models import Letter
from tests.factories import TicketFactory
from tests.payments.people import pays
from tests.registration.people import address, meeting, taken, work

from .people import AFTER, BEFORE, LATER, MARK, PAYER, certified, dump, full_meeting, person, places

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2031, 5, 1, 6, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def some_days_before():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def ask(email: str, language: str = "en"):
    return Client().post(address("my_data", language=language), {"email": email})


def link(email: str, language: str = "en") -> str:
    """The page behind the letter that was asked for."""
    mail.outbox.clear()
    ask(email, language)
    work()
    (letter,) = [one for one in mail.outbox if one.to[0].casefold().endswith(email.casefold())]
    return re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]


def page(path: str, **more):
    return Client().get(path, **more)


def press(path: str, name: str = "erase"):
    return Client().post(f"{path}{name}/")


def read(response) -> str:
    import html

    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def test_everybody_has_the_same_answer_and_only_who_is_known_a_letter():
    person(meeting(), "known")
    work()
    mail.outbox.clear()
    known, unknown = ask(f"{MARK}.KNOWN@example.org"), ask("nobody@example.org")
    assert (
        (known.status_code, known["Location"])
        == (unknown.status_code, unknown["Location"])
        == (303, "/en/my-data/sent/")
    )
    work()
    assert [one.to for one in mail.outbox] == [[f"{MARK}.known@example.org"]]
    assert "no-store" in page("/en/my-data/sent/")["Cache-Control"]


def test_whoever_was_only_invited_is_written_to_as_they_were_invited_however_it_is_typed():
    Invitation.objects.create(event=meeting(), code="KIRI", email="kiri@example.org", name="Kiri")
    assert ask("\N{KELVIN SIGN}iri@example.org").status_code == 303
    assert [one.recipient for one in Letter.objects.filter(kind="my_data")] == ["kiri@example.org"]


def test_the_database_is_asked_as_much_for_who_is_known_as_for_who_is_not():
    person(meeting(), "known")
    ask("warm@example.org")
    with CaptureQueriesContext(connection) as known:
        ask(f"{MARK}.known@example.org")
    with CaptureQueriesContext(connection) as unknown:
        ask("nobody@example.org")
    assert Letter.objects.filter(kind="my_data").count() == 1
    assert len(known) == len(unknown)


def test_one_address_has_three_letters_an_hour_and_one_machine_is_not_let_ask_for_ever(monkeypatch):
    from events.registration.personal import my_data

    person(meeting(), "known")
    for _time in range(5):
        assert ask(f"{MARK}.known@example.org").status_code == 303
    assert Letter.objects.filter(kind="my_data").count() == 3
    monkeypatch.setattr(my_data, "FROM_ONE_MACHINE", 1)
    assert ask("other@example.org").status_code == 429


def test_the_letter_is_in_the_language_of_the_page_and_its_link_lasts_an_hour(some_days_before):
    person(meeting(), "known")
    path = link(f"{MARK}.known@example.org", "es")
    assert path.startswith(address("my_data", language="es"))
    assert page(path).status_code == 200
    some_days_before.shift(dt.timedelta(minutes=61))
    gone = page(path)
    assert gone.status_code == 404
    assert "Nairobi" not in read(gone)
    erase = address("my_data_erase", path.rstrip("/").rpartition("/")[2], language="es")
    assert Client().post(erase).status_code == 404
    assert Registration.objects.known().count() == 1


def test_the_link_opens_nothing_else_and_no_other_link_opens_the_data():
    row = person(meeting(), "known")
    path = link(row.email)
    token = path.rstrip("/").rpartition("/")[2]
    for name in ("participant", "participant_cancel", "pay", "invitation", "transfer"):
        assert Client().get(address(name, token, language="en")).status_code == 404
    for other in (links.token(row), links.pay_token(row), "forged:abc:def"):
        assert page(address("my_data_opened", other, language="en")).status_code == 404
    shown = page(path)
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "no-referrer"
    assert links.token(row) not in read(shown)


def test_the_page_tells_of_all_events_and_counts_what_else_there_is(staff):
    event = full_meeting(staff)
    person(meeting(), "whole", email=f"{MARK.upper()}.Whole@Example.org")
    shown = read(page(link(f"{MARK}.whole@example.org")))
    assert shown.count("<b>Nairobi meeting</b>") == 2
    assert "3 answers to questions" in shown
    assert "1 file that you sent" in shown
    assert event.uid.hex not in shown


def test_looking_and_asking_erase_nothing():
    row = person(meeting(), "known")
    path = link(row.email)
    page(path)
    asked_again = page(f"{path}erase/")
    assert "cancelled, the place goes to somebody else" in read(asked_again)
    assert Registration.objects.known().get(pk=row.pk).state == "confirmed"


def test_who_is_erased_is_in_no_table_any_more_and_everybody_else_is_as_before(
    staff, django_capture_on_commit_callbacks
):
    """Others have a word of their own in everything: of that not one is lost."""
    event = full_meeting(staff)
    other = meeting(title={"fr": "Autre", "en": "Other"}, allows_transfer=True)
    gone, mark = "zebrafish", f"{MARK} zebrafish"
    facts = {"name": mark, "latin_name": mark, "organisation": mark, "email": "Zebrafish@Example.org"}
    first, second = person(event, gone, **facts), person(other, gone, **facts | {"email": "zebrafish@example.ORG"})
    first.annotate(staff, "zebrafish rang")
    giver = person(event, "generous", name="Generous")
    Transfer.begin(giver, "zebrafish", "ZEBRAFISH@example.org", "en")
    second_giver = Transfer.begin(second, "Somebody", "somebody@example.org", "en")
    Invitation.objects.create(event=other, code="Z", email="zebraFish@example.org", name="zebrafish", language="en")
    CalendarKey.objects.give("zebrafish@example.org")
    path = link("zebrafish@example.org")
    others = {one for one in dump() if "zebrafish" not in one.casefold() and MARK in one.casefold()}
    counted = places(MARK)
    with django_capture_on_commit_callbacks(execute=True):
        assert press(path).status_code == 200
    assert places("zebrafish") == [one for one in places("zebrafish") if one.startswith("letters_letter.recipient")]
    assert len(places("zebrafish")) == 1
    assert not CalendarKey.objects.filter(email_key="zebrafish@example.org").exists()
    still = set(dump())
    lost = {one for one in others if one not in still}
    assert lost == set()
    assert len(places(MARK)) < len(counted)
    second_giver.refresh_from_db()
    assert (second_giver.name, second_giver.withdrawn_at) != ("Somebody", None)


def test_places_to_come_are_cancelled_as_ever_and_go_to_whoever_waits():
    event = meeting(capacity=1, has_waiting_list=True)
    leaves = person(event, "leaves")
    waits = Registration(event=event, name="Next", email="next@example.org", attendance="onsite", language="en")
    waits.enter(wait=True)
    path = link(leaves.email)
    press(path)
    leaves.refresh_from_db()
    waits.refresh_from_db()
    assert (leaves.state, leaves.is_erased) == ("cancelled", True)
    assert waits.state == "offered"
    assert taken(event) == 1
    assert list(leaves.changes.values_list("verb", flat=True)) == ["enter", "cancel", "erase"]


def test_what_has_been_keeps_its_state(some_days_before):
    row = person(meeting(), "was there")
    Registration.objects.filter(pk=row.pk).update(email="there@example.org", email_key="there@example.org")
    some_days_before.move_to(dt.datetime.fromisoformat(AFTER))
    press(link("there@example.org"))
    row.refresh_from_db()
    assert (row.state, row.is_erased) == ("confirmed", True)


def test_the_last_letter_holds_nothing_and_is_emptied_after_a_week(some_days_before):
    row = person(meeting(), "known")
    path = link(row.email)
    mail.outbox.clear()
    press(path)
    work()
    (last,) = mail.outbox
    assert last.to == [row.email]
    assert "Nairobi" not in last.body
    assert f"{MARK} known" not in last.body + last.subject
    letter = Letter.objects.get(kind="erased")
    assert (letter.recipient_name, letter.facts) == ("", {"waiting": []})
    some_days_before.shift(dt.timedelta(days=6))
    purging.purge()
    assert places(MARK)
    some_days_before.shift(dt.timedelta(days=2))
    purging.purge()
    assert places(MARK) == []


def test_after_it_no_link_opens_anything(some_days_before):
    event = meeting()
    row = person(event, "known")
    own, pay = links.token(row), links.pay_token(row)
    path = link(row.email)
    press(path)
    assert page(path).status_code == 404
    gone = page(address("participant", own, language="en"))
    assert gone.status_code == 410
    assert "erased" in read(gone)
    assert page(address("pay", pay, language="en")).status_code in (404, 410)
    assert Client().post(address("participant_cancel", own, language="en")).status_code == 410


def test_money_on_its_way_is_waited_for_and_the_rest_is_done_at_once(some_days_before):
    event, other = meeting(), meeting()
    ticket = TicketFactory(event=event, code="paid", price=6000)
    RefundStep.objects.create(event=event, percent=50, until_local=dt.datetime(2031, 5, 10))
    row, free = person(event, "both", ticket, name=PAYER), person(other, "both")
    payment = pays(row)
    path = link(row.email)
    asked = read(page(f"{path}erase/"))
    said = asked[asked.index("you paid") - 60 :][:120]
    assert "Of the €60.00 that you paid, €30.00 go back" in said, said
    answer = read(press(path))
    assert "Money is on its way for these meetings" in answer
    row.refresh_from_db()
    free.refresh_from_db()
    assert free.is_erased
    assert not row.is_erased
    assert row.state == "cancelled"
    refund = Refund.objects.get(payment=payment)
    purging.purge()
    assert Registration.objects.known().get() == row
    refund.heard("re_1", "succeeded")
    purging.purge()
    row.refresh_from_db()
    assert row.is_erased
    assert row.erasure_asked_at is None
    some_days_before.shift(dt.timedelta(days=9))
    purging.purge()
    assert places(MARK) == []
    assert {one.split(" ")[0] for one in places(PAYER)} == {"events_payment.payer_name"}


def test_twice_is_once(some_days_before):
    row = person(meeting(), "known")
    path = link(row.email)
    press(path)
    done = erasing.erase(row.email, "en")
    assert (done.cancelled, done.forgotten) == (0, 0)
    assert Registration.objects.get(pk=row.pk).changes.filter(verb="erase").count() == 1


def test_the_payer_is_forgotten_and_who_has_the_place_since_is_not(staff):
    event = meeting(allows_transfer=True)
    ticket = TicketFactory(event=event, code="paid", price=6000)
    payer = person(event, "payer", ticket, name=PAYER)
    payment = pays(payer)
    offer = Transfer.begin(payer, "Heir", "heir@example.org", "en")
    heir = offer.accept()
    press(link(payer.email))
    payment.refresh_from_db()
    heir.refresh_from_db()
    assert (payment.payer_email, payment.payer_name, payment.registration) == ("", PAYER, heir)
    assert (heir.name, heir.state, heir.is_erased) == ("Heir", "confirmed", False)
    assert places(MARK) == [one for one in places(MARK) if one.startswith("letters_letter.recipient")]
    erasing.erase("heir@example.org", "en")
    payment.refresh_from_db()
    assert payment.payer_name == PAYER


def test_the_heir_is_forgotten_and_the_payer_keeps_their_receipt(staff):
    event = meeting(allows_transfer=True)
    ticket = TicketFactory(event=event, code="paid", price=6000)
    payer = person(event, "payer", ticket, name=PAYER)
    payment = pays(payer)
    heir = Transfer.begin(payer, "Heir", "heir@example.org", "en").accept()
    erasing.erase("heir@example.org", "en")
    heir.refresh_from_db()
    payment.refresh_from_db()
    assert heir.is_erased
    assert (payment.payer_email, payment.payer_name) == (payer.email, PAYER)
    assert page(address("receipt", links.token(payer), language="en")).status_code == 200


def test_an_erased_row_crashes_no_page_of_the_desk(staff, some_days_before):
    event = full_meeting(staff)
    some_days_before.move_to(dt.datetime.fromisoformat(AFTER))
    certified(event, staff)
    some_days_before.move_to(dt.datetime.fromisoformat(LATER))
    purging.purge()
    rows = Registration.objects.all()
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(staff)
    shown = desk.get(f"/admin/registrations/?event={event.pk}")
    assert shown.status_code == 200
    assert "erased.invalid" not in read(shown)
    for row in rows:
        shown = desk.get(f"/admin/registrations/inspect/{row.pk}/")
        assert shown.status_code == 200
        assert "erased.invalid" not in read(shown)
        assert "The data of this person were erased on" in read(shown)
    for payment in Payment.objects.all():
        assert desk.get(f"/admin/payments/inspect/{payment.pk}/").status_code == 200
    for letter in Letter.objects.all()[:40]:
        shown = desk.get(f"/admin/letters/inspect/{letter.pk}/")
        assert shown.status_code == 200
        assert "Error" not in read(shown)
    for path in ("payments", "letters"):
        assert desk.get(f"/admin/{path}/").status_code == 200
    for path in (f"registrations/figures/{event.uid}", f"registrations/waiting-list/{event.uid}"):
        assert desk.get(f"/admin/{path}/").status_code == 200
    export = desk.get(f"/admin/registrations/?event={event.pk}&export=csv")
    assert "erased.invalid" not in b"".join(export.streaming_content).decode()


def test_the_staff_do_the_same_from_the_page_of_a_person_with_a_reason_that_is_noted(desk, staff):
    row, other = person(meeting(), "known"), person(meeting(), "other")
    path = f"/admin/registrations/data/{row.pk}/"
    shown = desk.get(path)
    assert shown.status_code == 200
    assert f"/admin/registrations/data/{row.pk}/" in read(desk.get(f"/admin/registrations/inspect/{row.pk}/"))
    assert desk.post(path, {"do": "erase", "reason": ""}).status_code == 422
    assert Registration.objects.known().count() == 2
    done = desk.post(path, {"do": "erase", "reason": "asked", "sure": "on"}, follow=True)
    assert done.status_code == 200
    row.refresh_from_db()
    assert row.is_erased
    assert not Registration.objects.get(pk=other.pk).is_erased
    noted = DataAccess.objects.get(what="erasure")
    assert (noted.by, noted.registration) == (staff, row.uid)
    assert row.changes.get(verb="erase").by == staff
    assert Letter.objects.filter(kind="erased", recipient=f"{MARK}.known@example.org").exists()


def test_only_who_decides_on_registrations_erases_or_copies(translator):
    row = person(meeting(), "known")
    for send in (translator.get, translator.post):
        assert send(f"/admin/registrations/data/{row.pk}/").status_code in (302, 403, 404)
    assert not DataAccess.objects.filter(what__in=("erasure", "copy")).exists()
    assert Registration.objects.known().exists()
    assert BEFORE
