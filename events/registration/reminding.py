"""Reminding: when the moment of a rule has come, each who has a place gets one letter, whatever dies on the way.

A worker that was away makes up for it as long as the letter is still of use. Which
letter a person has had stands in its key, so that nobody has it twice; another
beginning is another letter.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import OperationalError, transaction
from django.utils import timezone

from events.models import Attendance, Event, Mailing, Occurrence, Registration, Reminder, facts
from events.models.registration import RegistrationQuerySet
from events.models.reminder import LATE
from letters.jobs import JobFailed
from letters.models import Heartbeat, Letter

log = logging.getLogger(__name__)

JOB = "dates"
CHUNK = 200
"Persons whose letters are written in one transaction."
OVERLAP = dt.timedelta(minutes=10)
"Who has a place was perhaps not to be seen yet when the letters were begun."
SLACK = dt.timedelta(days=2)
"More than clocks and whole days can shift a moment."


@dataclass(frozen=True)
class Due:
    """One rule whose moment has come for one date; another one may have overtaken it for some."""

    rule: Reminder
    date: Occurrence
    ways: tuple[str, ...]

    @property
    def of_series(self) -> str:
        """What names the date in its series; empty for an event that has one."""
        return self.date.original.isoformat() if self.rule.event.recurs else ""

    def key(self, registration: Registration) -> str:
        start = self.date.start_local.isoformat()
        return f"reminder:{self.rule.uid}:{self.of_series}:{start}:{registration.uid}"


def waiting() -> bool:
    """Whether somebody stopped writing in the middle; after a failure the job waits for its turn."""
    begun = Mailing.objects.filter(finished_at=None)
    return begun.exists() and not Heartbeat.objects.filter(job=JOB, failed=True).exists()


def remind_what_is_due(stop: Callable[[], bool] = lambda: False, now: dt.datetime | None = None) -> str:
    """Write the letters of every rule whose moment has come; one that fails stops no other.

    Raises:
        JobFailed: names what could not be written, the rest being written.
        OperationalError: the database is away.
    """
    now = now or timezone.now()
    written, failed = 0, []
    for one in due(now):
        try:
            written += carry_out(one, stop)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("The letters of rule %s failed.", one.rule.pk)
            failed.append(f"{one.rule} ({one.rule.event}): {type(error).__name__}: {error}")
        if stop():
            break
    else:
        if not failed:  # what is no longer due is not gone on with
            Mailing.objects.filter(finished_at=None, began_at__lt=now).update(finished_at=timezone.now())
    if failed:
        raise JobFailed("; ".join(failed))
    return f"{written} letters written"


def due(now: dt.datetime) -> Iterator[Due]:
    """The rules whose moment has come, each with its date, the soonest date first; two questions, however many."""
    rules: dict[int, list[Reminder]] = defaultdict(list)
    for rule in (
        Reminder.objects.filter(event__live=True).exclude(event__status__in=Event.CALLED_OFF).select_related("event")
    ):
        rules[rule.event_id].append(rule)
    if not rules:
        return
    everything = [rule for some in rules.values() for rule in some]
    ahead = max((_lead(rule) for rule in everything if not rule.follows), default=dt.timedelta())
    behind = max((_lead(rule) for rule in everything if rule.follows), default=dt.timedelta())
    dates = Occurrence.objects.taking_place().filter(event_id__in=rules)
    near = dates.filter(starts_at__lt=now + ahead + SLACK, ends_at__gt=now - behind - LATE - SLACK)
    for date in near.order_by("starts_at", "pk"):
        date.event = rules[date.event_id][0].event
        yield from _of_date([rule for rule in rules[date.event_id] if rule.is_due(date, now)], date)


def _lead(rule: Reminder) -> dt.timedelta:
    return dt.timedelta(**{rule.unit: rule.amount})


def _of_date(rules: list[Reminder], date: Occurrence) -> Iterator[Due]:
    """Of rules of one kind that are late together only the last leaves: nobody is reminded twice in a row."""
    rules.sort(key=lambda rule: (rule.kind, -rule.moment(date).timestamp(), rule.pk))
    for _kind, some in groupby(rules, key=lambda rule: rule.kind):
        left = set(Attendance.values)
        for rule in some:
            ways = left & ({rule.attendance} if rule.attendance else set(Attendance.values))
            left -= ways
            if ways:
                yield Due(rule, date, tuple(sorted(ways)))


def carry_out(one: Due, stop: Callable[[], bool] = lambda: False) -> int:
    """Write the letters, some at a time; returns how many.

    A worker that dies leaves whole chunks: the next one goes on behind the last
    registration that was reached.
    """
    written = 0
    while not stop():
        count = _write_some(one)
        if count is None:
            break
        written += count
    return written


def _write_some(one: Due) -> int | None:
    """Write to the next persons; None when nobody is left, or the date is no longer what it was."""
    with transaction.atomic():
        names = {"reminder": one.rule, "date": one.of_series, "start_local": one.date.start_local}
        Mailing.objects.get_or_create(**names)
        mailing = Mailing.objects.select_for_update().get(**names)
        if not _is_true(one):
            return None
        if mailing.finished_at is not None:
            return _write_to_late_comers(one, mailing)
        rows = _next(one.rule.in_time(one.date), one, mailing.reached)
        if not rows:
            mailing.finished_at = timezone.now()
            mailing.save(update_fields=["finished_at"])
            return None
        mailing.reached = rows[-1].pk
        written = _write(one, mailing, rows)
        mailing.save(update_fields=["reached", "letters"])
        return written


def _write_to_late_comers(one: Due, mailing: Mailing) -> int | None:
    """How to join is told to who comes after the others were told; None when all know."""
    if one.rule.kind != Reminder.Kind.JOINING:
        return None
    late, reached, written = one.rule.late_comers(one.date, mailing.began_at - OVERLAP), 0, 0
    while rows := _next(late, one, reached):
        reached = rows[-1].pk
        written += _write(one, mailing, rows)
    if written:
        mailing.save(update_fields=["letters"])
    return written or None


def _is_true(one: Due) -> bool:
    """Whether the rule and the date are still there, as they were found."""
    dates = Occurrence.objects.public().taking_place().exclude(event__status__in=Event.CALLED_OFF)
    return dates.filter(pk=one.date.pk, start_local=one.date.start_local, starts_at=one.date.starts_at).exists()


def _next(people: RegistrationQuerySet, one: Due, reached: int) -> list[Registration]:
    some = people.filter(pk__gt=reached, attendance__in=one.ways).select_related("ticket", "occurrence")
    return list(some.order_by("pk")[:CHUNK])


def _write(one: Due, mailing: Mailing, rows: list[Registration]) -> int:
    """One letter for each who has none yet; how many these are."""
    known = set(Letter.objects.filter(key__in=[one.key(row) for row in rows]).values_list("key", flat=True))
    rows = [row for row in rows if one.key(row) not in known]
    letters = [
        Letter(
            key=one.key(row),
            kind=one.rule.kind,
            recipient=row.email,
            recipient_name=row.name,
            language=row.language,
            to_many=True,
            facts=told,
            link_view="participant",
            link_subject=str(row.uid),
            about=one.rule.event.uid,
        )
        for row, told in zip(rows, facts.of_each(rows, one.date), strict=True)
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    mailing.letters += len(letters)
    return len(letters)
