"""Expansion: the dates that a recurrence gives, in wall clock and never without end.

A meeting "every second Wednesday at 15:30 in Cairo" is at 15:30 there whatever
happens to the clocks, so a rule is expanded on naive wall-clock times and only
then placed in its zone. django-recurrence stores every date with a ``Z``; here
that ``Z`` means wall clock (`CALENDARS` decision 2: read as UTC, a series
drifts by an hour after the change of the clocks).
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Iterator

import recurrence as rules
from django.utils.translation import gettext_lazy as _
from recurrence import Recurrence, Rule

MIDNIGHT = dt.time()
FREQUENCIES = (rules.DAILY, rules.WEEKLY, rules.MONTHLY, rules.YEARLY)
SUBDAILY = ("byhour", "byminute", "bysecond")
# Beyond these a rule is refused rather than followed.
LONGEST = dt.timedelta(days=366 * 100)
CYCLE, LAST_YEAR = 400, 9999
"The calendar is the same every so many years, to the weekday; and dateutil searches up to that year."

MOST = 10_000
"So many dates a series has at most: twenty-seven years of days."


class RuleRefused(ValueError):
    """A recurrence that Humus does not follow; the message says which part and why."""


def expand(
    recurrence: Recurrence | None,
    start_local: dt.datetime,
    after: dt.datetime,
    before: dt.datetime,
    limit: int = 2000,
) -> list[dt.datetime]:
    """The naive wall-clock starts of an event within [after, before], ascending.

    Without a rule that is the start itself, if it lies inside. UNTIL is
    inclusive, and one given as a bare day (midnight) includes that day. EXDATE
    excludes the date of its day, whatever time it carries, since a rule here
    gives at most one date a day. ``start_local`` anchors the rule and is an
    occurrence only if it obeys it (RFC 5545 3.8.5.3 leaves the rest undefined).

    A wall time that a spring gap skips is returned as it is written;
    `wallclock.instant` shifts it forward as RFC 5545 3.3.5 asks.

    Args:
        after, before: naive wall clock in the event's zone.
        limit: at most so many dates, the earliest ones.

    Raises:
        RuleRefused: the rule is finer than a day, or lies outside what is followed.
    """
    if not recurs(recurrence):
        return [start_local] if after <= start_local <= before else []
    assert recurrence is not None
    skipped = {moment.date() for moment in recurrence.exdates}
    found = (
        start for start in _starts(recurrence, start_local, before) if start >= after and start.date() not in skipped
    )
    return list(itertools.islice(found, limit))


def later(moment: dt.datetime, by: dt.timedelta) -> dt.datetime:
    """A moment so much later, or the last one that there is."""
    return moment + by if dt.datetime.max - moment >= by else dt.datetime.max


def recurs(recurrence: Recurrence | None) -> bool:
    """Whether there is a rule at all: an empty field, or EXDATE alone, is a single date."""
    return recurrence is not None and bool(recurrence.rrules)


def anchor(recurrence: Recurrence | None, start_local: dt.datetime) -> dt.datetime:
    """The first date that obeys the rule, EXDATE apart: what DTSTART must be.

    Calendar apps show DTSTART even where the rule does not give it. Without a
    rule, or if it gives no date, ``start_local``.
    """
    if not recurs(recurrence):
        return start_local
    assert recurrence is not None
    return next(_starts(recurrence, start_local, later(start_local, LONGEST)), start_local)


def last_start(rule: Rule, start_local: dt.datetime) -> dt.datetime | None:
    """The latest moment at which UNTIL lets the series start, at the series' own hour.

    None where the rule has no UNTIL. Wall clock, like all else here.
    """
    if rule.until is None:
        return None
    until = rule.until.replace(tzinfo=None)
    at_start = dt.datetime.combine(until, start_local.time())
    if until.time() == MIDNIGHT or until >= at_start:
        return at_start
    return at_start - dt.timedelta(days=1)


def skipped_starts(recurrence: Recurrence | None, start_local: dt.datetime) -> list[dt.datetime]:
    """The dates that the rule gives and EXDATE takes away, at the hour of the series."""
    if not recurs(recurrence) or recurrence is None or not recurrence.exdates:
        return []
    days = {moment.date() for moment in recurrence.exdates}
    end = dt.datetime.combine(max(days), dt.time.max)
    return [start for start in _starts(recurrence, start_local, end) if start.date() in days]


def given_days(recurrence: Recurrence | None, start_local: dt.datetime, last: dt.date) -> set[dt.date]:
    """The days of a series up to and with ``last``: what an exception may name, a skipped day not among them."""
    until = dt.datetime.combine(last, dt.time.max)
    return {start.date() for start in expand(recurrence, start_local, start_local, until, limit=MOST)}


def moved(recurrence: Recurrence, start_local: dt.datetime, days: dt.timedelta) -> Recurrence:
    """The same series some whole days later or earlier: what it skips and its last day follow.

    ``start_local`` is the start before the move; whatever the hour becomes, as many dates remain.
    """
    after = copy.copy(recurrence)
    after.exdates = [moment + days for moment in recurrence.exdates]
    after.rrules = [copy.copy(rule) for rule in recurrence.rrules]
    for rule in after.rrules:
        last = last_start(rule, start_local)
        if last is not None:
            rule.until = dt.datetime.combine(last.date() + days, MIDNIGHT, dt.UTC)
    return after


def check(recurrence: Recurrence | None) -> None:
    """Refuse what cannot be followed or what calendar apps read differently.

    Raises:
        RuleRefused: finer than a day, BYHOUR and its like, no or negative COUNT,
            an interval below one, a day that no month has; BYYEARDAY, BYWEEKNO,
            BYSETPOS within days or weeks, or more of it than a month has days; several
            rules, EXRULE or RDATE, which apps leave out or read only in part.
    """
    if recurrence is None:
        return
    if len(recurrence.rrules) > 1 or recurrence.exrules or recurrence.rdates:
        raise RuleRefused(
            _("A series has one rule and no dates beside it: irregular meetings are events of their own.")
        )
    for rule in recurrence.rrules:
        if rule.freq not in FREQUENCIES:
            raise RuleRefused(_("A series repeats by days, weeks, months or years."))
        if any(getattr(rule, part) for part in SUBDAILY):
            raise RuleRefused(_("A series has one hour: that of its start."))
        if rule.byyearday or rule.byweekno or (rule.bysetpos and rule.freq not in (rules.MONTHLY, rules.YEARLY)):
            raise RuleRefused(_("A series names its days by weekday, day of the month and month."))
        if rule.interval < 1 or (rule.count is not None and rule.count < 1):
            raise RuleRefused(_("The interval and the number of dates are at least one."))
        if rule.bymonthday and not any(
            _exists(day, month) for day in rule.bymonthday for month in rule.bymonth or range(1, 13)
        ):
            raise RuleRefused(_("No month has that day."))
        weeks = 53 if rule.freq == rules.YEARLY and not rule.bymonth else 5
        if any(abs(getattr(day, "index", None) or 1) > weeks for day in rule.byday):
            raise RuleRefused(_("No month has that day."))
        days = 366 if rule.freq == rules.YEARLY else 31
        if len(rule.bysetpos) > 31 or not all(1 <= abs(place) <= days for place in rule.bysetpos):
            raise RuleRefused(_("A series names its days by weekday, day of the month and month."))


def _exists(day: int, month: int) -> bool:
    return 1 <= abs(day) <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def _starts(recurrence: Recurrence, start_local: dt.datetime, before: dt.datetime) -> Iterator[dt.datetime]:
    """All dates up to ``before``, EXDATE not yet taken away; dateutil gets naive times only."""
    check(recurrence)
    (rule,) = recurrence.rrules
    bounded = copy.copy(rule)
    bounded.until = None
    last = last_start(rule, start_local) if rule.count is None else None
    end = min(before, later(start_local, LONGEST), last or before)
    return itertools.takewhile(lambda start: start <= end, _walk(bounded, start_local))


def _walk(rule: Rule, start_local: dt.datetime) -> Iterator[dt.datetime]:
    """The dates of a rule for the next hundred years at least, walked in the last years that there are.

    Where a rule gives no further date dateutil looks for one until the year 9999, and a worker is
    busy for a minute. So it is led as near to that year as whole cycles go, and gives up soon.
    """
    ahead = max(0, (LAST_YEAR - 101 - start_local.year) // CYCLE * CYCLE)
    for start in rule.to_dateutil_rrule(start_local.replace(year=start_local.year + ahead)):
        yield start.replace(year=start.year - ahead)
