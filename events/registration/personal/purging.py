"""Purging: once a day whatever was promised to be kept no longer is deleted, some people at a time."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from events.models import Answer, Event, Registration
from events.models.personal import counting, forgetting, keeping, traces
from events.models.personal.forgetting import Forgotten
from events.models.personal.person import Person
from events.models.questions.question import Question
from letters.jobs import JobFailed
from letters.models import Letter
from pages.trilingual import shown

log = logging.getLogger(__name__)

JOB = "purge"
WEEK = dt.timedelta(days=7)
FLEETING = ("my_data", "erased", "links")
"Letters that are of use for an hour or a day; a week later nobody needs to know to whom they went."

Stop = Callable[[], bool]


@dataclass
class Report:
    """What was done, event by event, and what could not be."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "; ".join(self.failed + self.lines) or "nothing was due"


@dataclass(frozen=True)
class Due:
    """One event whose time is over, and how much is known of its people."""

    event: Event
    people: int
    answers: int
    files: int
    letters: int
    is_unsettled: bool

    def __str__(self) -> str:
        said = told(self.event, Forgotten(self.people, self.answers, self.files, self.letters))
        return f"{said}; waits: money is on its way or disputed" if self.is_unsettled else said


def told(event: Event, done: Forgotten) -> str:
    """One line of the report."""
    counted = f"{done.people} people, {done.answers} answers, {done.files} files, {done.letters} letters"
    return f"{shown(event.title).text} ({event.uid}): {counted}"


# -- what would be done


def due(only: Event | None = None) -> Iterator[Due]:
    """The events whose people will be forgotten; changes nothing."""
    for event in keeping.due():
        if only is not None and event.pk != only.pk:
            continue
        people = Registration.objects.known().filter(event=event)
        answers = Answer.objects.filter(registration__in=people)
        letters = Letter.objects.filter(about=event.uid).exclude(recipient="")
        yield Due(
            event,
            people.count(),
            answers.count(),
            answers.exclude(upload=None).count(),
            letters.count(),
            keeping.is_unsettled(event),
        )


def answers_due(only: Event | None = None) -> Iterator[tuple[Question, int]]:
    """The questions whose answers will be deleted before the rest, and how many those are."""
    over = {event.pk for event in keeping.due()}
    for question, answers in keeping.answers_over():
        if question.event_id not in over and (only is None or question.event_id == only.pk):
            yield question, answers.count()


# -- doing it


def purge(stop: Stop = lambda: False, only: Event | None = None) -> str:
    """Everything whose time is over; told to stop, it leaves the rest for the next time.

    Each step is short and can be done twice: who is killed half-way goes on where they were.

    Raises:
        JobFailed: something could not be done; the rest was.
    """
    report = Report()
    if only is None:
        _each("people who asked", _who_asked(), _forget_who_asked, report, stop)
    _each("answers", _answers(only), _forget_answers, report, stop)
    _each("events", (one for one in keeping.due() if only in (None, one)), _forget_event, report, stop)
    if only is None and not stop():
        report.lines += [line for line in (_payers(), _fleeting(), _late_letters()) if line]
    if report.failed:
        raise JobFailed(str(report))
    return str(report)


def _each(what: str, rows: Any, do: Callable[[Any], str], report: Report, stop: Stop) -> None:
    """One after the other: one that fails stops no other."""
    for row in rows:
        if stop():
            return
        try:
            said = do(row)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("The purge of %s failed.", what)
            name = f"{row} ({row.uid})" if isinstance(row, Event) else what
            report.failed.append(f"{name}: {type(error).__name__}")
        else:
            if said:
                report.lines.append(said)


def _forget_event(event: Event) -> str:
    event = Event.objects.get(pk=event.pk)  # minutes may have gone by: it may be held later by now
    if not keeping.is_over(event):
        return ""
    people = Registration.objects.known().filter(event=event)
    if keeping.is_unsettled(event):
        return str(next(one for one in due(event)))
    if people.exists():
        counting.keep_figures(event)
    done = Forgotten()
    for event_id, keys in forgetting.by_event(people):
        done += forgetting.forget(event_id, keys)
    done += forgetting.forget_rest(event)
    return told(event, done)


def _who_asked() -> list[str]:
    asked = Registration.objects.known().filter(erasure_asked_at__isnull=False)
    return sorted(set(asked.order_by().values_list("email_key", flat=True)))


def _forget_who_asked(key: str) -> str:
    """Whoever asked to be forgotten while money was on its way: what has arrived since keeps nothing any more."""
    person, done = Person(key), Forgotten()
    mine = Registration.objects.known().filter(email_key=key, erasure_asked_at__isnull=False)
    for event, keys in forgetting.by_event(mine):
        done += forgetting.forget(event, keys)
    if done.people and not person.registrations.exists():
        person.forget_rest()
    return f"1 person who had asked: {done.people} registrations" if done.people else ""


def _answers(only: Event | None) -> Iterator[Any]:
    for question, answers in keeping.answers_over():
        if only is None or question.event_id == only.pk:
            yield question, answers


def _forget_answers(row: Any) -> str:
    question, answers = row
    count = files = 0
    while some := list(answers.order_by("pk").values_list("pk", flat=True)[: forgetting.CHUNK]):
        with transaction.atomic():
            gone, away = forgetting.forget_answers(Answer.objects.filter(pk__in=some))
        count, files = count + gone, files + away
    return f"{shown(question.event.title).text}, {shown(question.label).text}: {count} answers, {files} files"


def _payers() -> str:
    count = keeping.payments_over().update(payer_name="")
    return f"{count} payers" if count else ""


def _fleeting() -> str:
    """Letters that were of use for a day."""
    old = Letter.objects.filter(kind__in=FLEETING, created_at__lt=timezone.now() - WEEK).exclude(recipient="")
    with transaction.atomic():
        count = traces.empty_letters(old)
    return f"{count} old letters about data" if count else ""


def _late_letters() -> str:
    """Letters that somebody was writing while their reader was forgotten."""
    erased = Registration.objects.filter(erased_at__gt=timezone.now() - WEEK).values_list("uid", flat=True)
    uids = [str(uid) for uid in erased]
    count = 0
    for some in traces.chunks(uids):
        with transaction.atomic():
            count += traces.empty_letters(Letter.objects.filter(link_subject__in=some).exclude(recipient=""))
    return f"{count} letters written meanwhile" if count else ""
