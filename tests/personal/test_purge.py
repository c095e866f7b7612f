"""The purge: what was promised to be forgotten is nowhere, and what accounts and figures need stays."""

import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from events.models import (
    Certificate,
    DataTerms,
    Event,
    KeptFigures,
    Payment,
    Refund,
    Registration,
    RegistrationChange,
    SeatPool,
    Upload,
)
from events.models.conduct import ANSWERED
from events.models.personal import forgetting, keeping
from events.models.personal.erased import OWN_WORDS
from events.models.transfer import PASSED_ON
from events.registration.personal import purging
from letters.jobs import JobFailed
from letters.models import Heartbeat, Letter
from tests.factories import publish
from tests.registration.people import meeting, work

from .people import (
    AFTER,
    BEFORE,
    LATER,
    MARK,
    PAYER,
    YEARS_LATER,
    certified,
    dump,
    everything,
    files,
    full_meeting,
    person,
    places,
    question,
    upload,
)

pytestmark = pytest.mark.django_db


def command(*args: str) -> str:
    from io import StringIO

    out = StringIO()
    call_command("purge_personal_data", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def event(staff):
    """It has been; some of its letters left, others still wait."""
    with time_machine.travel(BEFORE, tick=False):
        event = full_meeting(staff)
        work()
        with_letters = person(event, "unsent")
        assert Letter.objects.waiting().filter(recipient=with_letters.email).exists()
    with time_machine.travel(AFTER, tick=False):
        certified(event, staff)
    return event


@pytest.fixture
def purged(event, django_capture_on_commit_callbacks):
    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        command()
    return event


def test_nothing_of_anybody_is_left_anywhere_but_the_name_of_who_paid(event, django_capture_on_commit_callbacks):
    before = places(MARK, PAYER)
    assert len(before) > 100
    assert [one for one in before if "answers/" in one]
    digest = hashlib.sha256(f"{MARK}.whole@example.org".encode()).hexdigest()[:32]
    assert places(digest)

    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        command()

    assert places(MARK) == []
    assert places(digest) == []
    assert {one.split(" ")[0] for one in places(PAYER)} == {"events_payment.payer_name"}


def test_the_name_of_who_paid_goes_when_the_years_of_accounts_are_over(purged, django_capture_on_commit_callbacks):
    assert places(PAYER)
    with time_machine.travel("2041-04-01T06:00:00Z", tick=False):
        command()
    assert places(PAYER)
    with time_machine.travel(YEARS_LATER, tick=False):
        command()
    assert places(PAYER, MARK) == []


def test_what_the_books_need_stays(event, django_capture_on_commit_callbacks):
    kept = ("uid", "state", "ticket", "attendance", "created_at", "confirmed_at", "cancelled_at", "fee", "held")
    before = list(Registration.objects.order_by("pk").values(*kept))
    history = list(RegistrationChange.objects.order_by("pk").values_list("verb", "at", "was", "became", "by"))
    books = list(
        Payment.objects.order_by("pk").values("uid", "amount", "received", "session", "payment_intent", "state")
    )
    letters = set(Letter.objects.values_list("kind", "about", "sent_at"))
    seats = list(SeatPool.objects.order_by("pk").values("key", "taken"))
    numbers = set(Certificate.objects.values_list("number", "issued_at", "revoked_at"))
    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        command()
    assert list(Registration.objects.order_by("pk").values(*kept)) == before
    after = RegistrationChange.objects.order_by("pk").exclude(verb="erase")
    assert list(after.values_list("verb", "at", "was", "became", "by")) == history
    assert set(RegistrationChange.objects.values_list("why", flat=True)) >= {"", ANSWERED, PASSED_ON}
    same = list(
        Payment.objects.order_by("pk").values("uid", "amount", "received", "session", "payment_intent", "state")
    )
    assert same == books
    assert letters <= set(Letter.objects.values_list("kind", "about", "sent_at"))
    assert list(SeatPool.objects.order_by("pk").values("key", "taken")) == seats
    assert set(Certificate.objects.values_list("number", "issued_at", "revoked_at")) == numbers
    assert all(one.is_nameless for one in Certificate.objects.all())
    assert not Registration.objects.known().exists()


def test_letters_that_still_waited_leave_no_more(purged, mailoutbox):
    assert not Letter.objects.waiting().exists()
    mailoutbox.clear()
    with time_machine.travel(LATER, tick=False):
        work()
    assert mailoutbox == []


def test_nobody_is_forgotten_a_day_too_early(event):
    with time_machine.travel("2032-05-11T06:00:00Z", tick=False):
        assert list(keeping.due()) == []
        command()
    assert Registration.objects.known().count() == Registration.objects.count()
    DataTerms.objects.create(event=event, keep_days=30)
    with time_machine.travel("2031-06-12T06:00:00Z", tick=False):
        assert list(keeping.due()) == [event]


def test_looking_first_changes_nothing_and_says_how_much_it_would_be(event):
    with time_machine.travel(LATER, tick=False):
        before = dump()
        said = command("--dry-run")
        assert dump() == before
        people = Registration.objects.count()
        assert f"{people} people, 3 answers, 1 files" in said
        assert "Réunion de Nairobi" in said
        command("--report")
        assert dump() == before


def test_the_worker_does_it_every_day_and_says_what_it_did(event):
    with time_machine.travel(LATER, tick=False):
        work()
    beat = Heartbeat.objects.get(job=purging.JOB)
    assert not beat.failed
    assert f"({event.uid}): {Registration.objects.count()} people" in beat.outcome
    assert places(MARK) == []


def test_killed_half_way_it_goes_on_where_it_was(event, monkeypatch, django_capture_on_commit_callbacks):
    class Killed(BaseException):
        pass

    monkeypatch.setattr(forgetting, "CHUNK", 3)
    once = forgetting._forget_some
    done = []

    def some(*args):
        if len(done) == 2:
            raise Killed
        done.append(1)
        return once(*args)

    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        monkeypatch.setattr(forgetting, "_forget_some", some)
        with pytest.raises(Killed):
            command()
        assert 0 < Registration.objects.known().count() < Registration.objects.count()
        figures = KeptFigures.objects.get(event=event).data
        monkeypatch.setattr(forgetting, "_forget_some", once)
        command()
        assert places(MARK) == [one for one in places(MARK) if "/answers/" in one]
        assert KeptFigures.objects.get(event=event).data == figures
        before = dump()
        assert "Nairobi" not in command()
        assert dump() == before
    assert places(MARK) == []


def test_an_event_that_is_moved_meanwhile_keeps_its_people(event, django_capture_on_commit_callbacks):
    ends_at = event.ends_at

    def moved() -> bool:
        """Asked before each step: somebody moves the event just then."""
        Event.objects.filter(pk=event.pk).update(ends_at=ends_at + dt.timedelta(days=700))
        return False

    people = Registration.objects.count()
    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        purging.purge(stop=moved)
        assert Registration.objects.known().count() == people
        Event.objects.filter(pk=event.pk).update(ends_at=ends_at)
        purging.purge()
    assert not Registration.objects.known().exists()


def test_money_on_its_way_keeps_the_event_until_it_has_arrived(staff, django_capture_on_commit_callbacks):
    with time_machine.travel(BEFORE, tick=False):
        event = full_meeting(staff)
        payment = Payment.objects.get(state="paid")
        refund = payment.ask_refund(1000, "staff", by=staff)
    with time_machine.travel(LATER, tick=False):
        said = command()
        assert "money is on its way" in said
        assert Registration.objects.known().count() == Registration.objects.count()
        Refund.objects.filter(pk=refund.pk).update(state="succeeded")
        Payment.objects.filter(pk=payment.pk).update(dispute="needs_response")
        assert keeping.is_unsettled(event)
        Payment.objects.filter(pk=payment.pk).update(dispute="lost")
        assert not keeping.is_unsettled(event)
        with django_capture_on_commit_callbacks(execute=True):
            command()
    assert places(MARK) == []


def test_of_a_payment_that_is_told_of_later_nobody_is_written_to(purged, mailoutbox):
    payment = Payment.objects.get(state="paid")
    mailoutbox.clear()
    with time_machine.travel(LATER, tick=False):
        payment.heard_of_refund("re_1", "", 6000, "succeeded")
        payment.write(payment.hold(), "refund", {"refund": 6000})
        work()
    assert mailoutbox == []


def test_answers_with_a_time_of_their_own_go_before_the_rest(staff, django_capture_on_commit_callbacks):
    from events.models import Answer, Given

    with time_machine.travel(BEFORE, tick=False):
        event = meeting()
        diet = question(event, "text", "Diet", keep_days=7)
        visa, motto = question(event, "file", "Visa", keep_days=0), question(event, "text", "Motto")
        somebody = person(event, "whole")
        somebody.answer({diet: Given("none"), visa: Given(upload=upload(visa, "visa")), motto: Given("soil")})
    with time_machine.travel("2031-05-13T06:00:00Z", tick=False), django_capture_on_commit_callbacks(execute=True):
        assert "Visa: 1 answers" in command("--dry-run")
        assert "Visa: 1 answers, 1 files" in command()
    assert set(Answer.objects.values_list("question", flat=True)) == {diet.pk, motto.pk}
    assert not Upload.objects.exists()
    assert not [path for path in files() if b"visa" in path.read_bytes()]
    with time_machine.travel(AFTER, tick=False):
        command()
    assert set(Answer.objects.values_list("question", flat=True)) == {motto.pk}
    assert Registration.objects.known().exists()


def test_a_series_is_over_with_its_last_date_and_a_cancelled_event_with_its_own(staff):
    import recurrence

    with time_machine.travel(BEFORE, tick=False):
        rule = recurrence.Recurrence(rrules=[recurrence.Rule(recurrence.MONTHLY, count=10)])
        series = meeting(recurrence=rule, title={"fr": "Série"})
        off = meeting(title={"fr": "Annulée"})
        person(series, "s"), person(off, "o")
        publish(off, status="cancelled")
    with time_machine.travel(LATER, tick=False):
        assert list(keeping.due()) == [off]
    with time_machine.travel("2033-02-20T06:00:00Z", tick=False):
        assert set(keeping.due()) == {off, series}


def test_one_event_that_fails_stops_no_other(staff, monkeypatch):
    with time_machine.travel(BEFORE, tick=False):
        first, second = meeting(), meeting()
        person(first, "one"), person(second, "two")
    once = forgetting.forget

    def forget(event, keys, by=None):
        if event == first.pk:
            raise ValueError(MARK)
        return once(event, keys, by)

    monkeypatch.setattr(forgetting, "forget", forget)
    with time_machine.travel(LATER, tick=False):
        with pytest.raises(JobFailed) as failed:
            purging.purge()
        with pytest.raises(CommandError):
            command()
    assert str(first.uid) in str(failed.value)
    assert MARK not in str(failed.value)  # the error itself may quote somebody
    assert str(second.uid) in str(failed.value)
    assert list(Registration.objects.known()) == [Registration.objects.get(event=first)]


def test_only_one_event_if_only_that_is_asked_for(staff):
    with time_machine.travel(BEFORE, tick=False):
        first, second = meeting(), meeting()
        person(first, "one"), person(second, "two")
    with time_machine.travel(LATER, tick=False):
        command("--event", str(first.uid))
    assert [one.event for one in Registration.objects.known()] == [second]
    with pytest.raises(CommandError):
        command("--event", "nothing")


def test_somebody_who_comes_back_to_another_event_keeps_their_calendar(staff):
    from events.models import CalendarKey

    with time_machine.travel(BEFORE, tick=False):
        old, new = meeting(), meeting(start_local=dt.datetime(2033, 1, 1, 9), end_local=dt.datetime(2033, 1, 1, 12))
        person(old, "both"), person(new, "both"), person(old, "once")
        CalendarKey.objects.give(f"{MARK}.both@example.org")
        CalendarKey.objects.give(f"{MARK}.once@example.org")
    with time_machine.travel(LATER, tick=False):
        command()
    assert [one.email_key for one in CalendarKey.objects.all()] == [f"{MARK}.both@example.org"]
    assert Letter.objects.filter(about=new.uid, recipient=f"{MARK}.both@example.org").exists()


def test_the_search_sees_every_table(event):
    assert {"events_registration", "letters_letter", "wagtailcore_modellogentry"} <= {one[0] for one in everything()}


def test_the_sentences_of_a_history_that_stay_are_all_those_of_the_product():
    found = set()
    for path in [*Path("events").rglob("*.py")]:
        if "personal" not in path.parts:
            found |= set(re.findall(r'^[A-Z_]+ = gettext_noop\("(.+?)"\)', path.read_text(), re.MULTILINE))
    assert len(found) > 15
    assert found == OWN_WORDS


def test_whoever_asks_costs_no_more_with_more_people(staff, django_assert_max_num_queries):
    with time_machine.travel(BEFORE, tick=False):
        event = meeting()
        people = [person(event, str(number)) for number in range(30)]
    with time_machine.travel(LATER, tick=False), django_assert_max_num_queries(40 + 4 * len(people)):
        forgetting.forget(event.pk, [one.pk for one in people])
