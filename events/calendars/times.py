"""Times: DTSTART, DTEND, RRULE, EXDATE and RECURRENCE-ID of an event, as the clock on the wall."""

from __future__ import annotations

import copy
import datetime as dt

import icalendar
import recurrence

from events.calendars.vtimezone import is_utc
from events.models import Event, Occurrence, Tombstone
from events.models.expansion import anchor, last_start, recurs, skipped_starts
from events.models.wallclock import clock_problem, instant

# Told as it was when it was public, or as it is: both have these facts.
Dated = Event | Tombstone

DAY = dt.timedelta(days=1)
WHOLE = {"VALUE": "DATE"}


def add_series(told: icalendar.Event, facts: Dated) -> None:
    """The first date of an event, and the rule that gives the others."""
    start = anchor(facts.recurrence, facts.start_local)
    end = facts.end_local + (start - facts.start_local)
    if not recurs(facts.recurrence) and _in_a_change(facts, start, end):
        told.add("dtstart", instant(facts.start_local, facts.timezone, facts.start_fold))
        told.add("dtend", instant(facts.end_local, facts.timezone, facts.end_fold))
    else:
        _add_span(told, start, end, facts)
    if facts.recurrence is not None:
        for rule in facts.recurrence.rrules:
            told.add("rrule", _rule(rule, facts))
    for skipped in skipped_starts(facts.recurrence, facts.start_local):
        _add(told, "exdate", skipped, facts)


def add_date(told: icalendar.Event, facts: Dated, date: Occurrence) -> None:
    """One date of a series, as it is held."""
    if _in_a_change(facts, date.start_local, date.end_local):
        told.add("dtstart", date.starts_at)
        told.add("dtend", date.ends_at)
    else:
        _add_span(told, date.start_local, date.end_local, facts)


def add_recurrence_id(told: icalendar.Event, facts: Dated, date: Occurrence) -> None:
    """Which date of the rule this one stands for, in the very form of DTSTART (Exchange reads no other)."""
    _add(told, "recurrence-id", date.original, facts)


def _add_span(told: icalendar.Event, start: dt.datetime, end: dt.datetime, facts: Dated) -> None:
    _add(told, "dtstart", start, facts)
    _add(told, "dtend", end + DAY if facts.all_day else end, facts)  # of whole days the end is exclusive


def _add(told: icalendar.Event, name: str, local: dt.datetime, facts: Dated) -> None:
    """A wall-clock time as it is written: as a day, with its TZID, or as UTC."""
    if facts.all_day:
        told.add(name, local.date(), parameters=WHOLE)
    elif is_utc(facts.timezone):
        told.add(name, local.replace(tzinfo=dt.UTC))
    else:
        told.add(name, local, parameters={"TZID": facts.timezone})


def _in_a_change(facts: Dated, *ends: dt.datetime) -> bool:
    """Whether the clock skips one of these hours or shows it twice: apps differ on what that means, but not in UTC."""
    return not facts.all_day and any(clock_problem(local, facts.timezone) for local in ends)


def _rule(rule: recurrence.Rule, facts: Dated) -> icalendar.vRecur:
    """The rule as stored, its UNTIL turned from wall clock to UTC (RFC 5545 3.3.10)."""
    endless = copy.copy(rule)
    endless.until = None
    told = icalendar.vRecur.from_ical(recurrence.serialize(endless).removeprefix("RRULE:"))
    last = last_start(rule, facts.start_local) if rule.count is None else None
    if last is not None:
        told["UNTIL"] = [last.date() if facts.all_day else instant(last, facts.timezone)]
    return told
