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
    if not facts.all_day and not recurs(facts.recurrence) and _second_time_round(facts):
        # RFC 5545 3.3.5 reads an hour that comes twice as the first one.
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
    if not facts.all_day and _in_second_hour(date, facts.timezone):
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


def _second_time_round(facts: Dated) -> bool:
    ends = ((facts.start_local, facts.start_fold), (facts.end_local, facts.end_fold))
    return any(fold == 1 and clock_problem(local, facts.timezone) == "twice" for local, fold in ends)


def _in_second_hour(date: Occurrence, zone: str) -> bool:
    ends = ((date.start_local, date.starts_at), (date.end_local, date.ends_at))
    return any(clock_problem(local, zone) == "twice" and instant(local, zone) != moment for local, moment in ends)


def _rule(rule: recurrence.Rule, facts: Dated) -> icalendar.vRecur:
    """The rule as stored, its UNTIL turned from wall clock to UTC (RFC 5545 3.3.10)."""
    endless = copy.copy(rule)
    endless.until = None
    told = icalendar.vRecur.from_ical(recurrence.serialize(endless).removeprefix("RRULE:"))
    last = last_start(rule, facts.start_local) if rule.count is None else None
    if last is not None:
        told["UNTIL"] = [last.date() if facts.all_day else instant(last, facts.timezone)]
    return told
