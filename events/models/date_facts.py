"""Single dates of a series, as frozen facts tell them."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import recurrence
from django.utils import timezone

from .expansion import given_days, last_start
from .occurrence import span

if TYPE_CHECKING:
    from .event import Event

Known = dict[str, Any]
"What ``facts.of_change`` tells of an event."


def of_exceptions(event: "Event") -> list[dict[str, Any]]:
    """The dates that are moved, cancelled or held elsewhere and not yet over, by the rule's day.

    ``until`` is when there is nothing more to tell: neither the date nor what became of it is ahead.
    """
    if not event.recurs:
        return []
    from . import facts

    now = timezone.now()
    length = event.end_local - event.start_local
    found = []
    for exception in sorted(event.exceptions.all(), key=lambda one: one.day):
        if exception.essence() is None:
            continue
        start = dt.datetime.combine(exception.day, event.start_local.time())
        original = _when(start, start + length, event.timezone, event.all_day)
        told = original
        if exception.start_local is not None and exception.end_local is not None:
            told = _when(exception.start_local, exception.end_local, event.timezone, event.all_day)
        until = max(original["ends_at"], told["ends_at"])
        if until > now.isoformat():
            places = {"city": facts.told(exception.city), "venue": facts.told(exception.venue)}
            more = {"day": exception.day.isoformat(), "cancelled": exception.is_cancelled, "until": until}
            found.append(told | places | more)
    return found


def ahead(known: Known, now: dt.datetime | None = None) -> dict[str, dict[str, Any]]:
    """The exceptions of which there is still something to tell, by day."""
    moment = (now or timezone.now()).astimezone(dt.UTC).isoformat()
    return {date["day"]: date for date in known.get("dates", ()) if date["until"] > moment}


def essence(known: Known, now: dt.datetime | None = None) -> list[tuple[Any, ...]]:
    """What tells one state of the single dates from another."""
    return sorted(
        (day, True) if date["cancelled"] else (day, False, date["start_local"], date["end_local"], *_place(date))
        for day, date in ahead(known, now).items()
    )


def changed(before: Known, after: Known, now: dt.datetime | None = None) -> Iterator[tuple[Known, Known]]:
    """The single dates that have become others, each as it was known and as it is."""
    was, is_now = ahead(before, now), ahead(after, now)
    for day in sorted(was.keys() | is_now.keys()):
        known, true = alone(before, dt.date.fromisoformat(day)), alone(after, dt.date.fromisoformat(day))
        if _as_one(known) != _as_one(true):
            yield known, true


def alone(known: Known, day: dt.date) -> Known:
    """One date of a series as if it were an event of its own: cancelled too where the rule no longer gives it."""
    exception = next((date for date in known.get("dates", ()) if date["day"] == day.isoformat()), None)
    first, last = (dt.datetime.fromisoformat(moment) for moment in known["first"][:2])
    if exception is not None:
        when = {name: exception[name] for name in ("start_local", "end_local", "starts_at", "ends_at")}
        place = {name: exception[name] or known[name] for name in ("city", "venue")}
        takes_place = not exception["cancelled"]
    else:
        start = dt.datetime.combine(day, first.time())
        when = _when(start, start + (last - first), known["timezone"], known["all_day"])
        place = {}
        takes_place = is_given(known, day)
    status = known["status"] if takes_place or known["status"] == "postponed" else "cancelled"
    single: Known = {"status": status, "date": day.isoformat(), "recurs": False, "rule": "", "dates": []}
    return known | place | when | single | {"first": list(when.values())}


def since(known: Known, day: dt.date) -> Known:
    """What was known of a series from one of its dates on: that date first, and nothing of those before it."""
    one = alone(known, day)
    when = {name: one[name] for name in ("start_local", "end_local", "starts_at", "ends_at")}
    return known | when | {"dates": [date for date in known.get("dates", ()) if date["day"] >= day.isoformat()]}


def last(known: Known) -> Known | None:
    """The last date of a series that ends on a day; None of any other."""
    if not known["rule"]:
        return None
    first = dt.datetime.fromisoformat(known["first"][0])
    rules = recurrence.deserialize(known["rule"], include_dtstart=False).rrules
    if len(rules) != 1 or rules[0].until is None:
        return None
    start = last_start(rules[0], first)
    if start is None or not is_given(known, start.date()):
        return None
    date = alone(known, start.date())
    return None if date["status"] in ("postponed", "cancelled") else date


def is_given(known: Known, day: dt.date) -> bool:
    """Whether the rule as it was then gives this day."""
    first = dt.datetime.fromisoformat(known["first"][0])
    if not known["rule"]:
        return day == first.date()
    return day in _given(known["rule"], first, day.year)


@lru_cache(maxsize=64)
def _given(rule: str, first: dt.datetime, year: int) -> set[dt.date]:
    return given_days(recurrence.deserialize(rule, include_dtstart=False), first, dt.date(year, 12, 31))


def until(known: Known, day: dt.date) -> dt.datetime:
    """When one date, as it was known, is over."""
    return dt.datetime.fromisoformat(alone(known, day)["ends_at"])


def _as_one(known: Known) -> tuple[Any, ...]:
    if known["status"] == "cancelled":
        return ("cancelled",)
    return known["status"], known["start_local"], known["end_local"], *_place(known)


def _place(known: dict[str, Any]) -> tuple[str, str]:
    from . import facts

    return facts.french(known["city"]), facts.french(known["venue"])


def _when(start: dt.datetime, end: dt.datetime, zone: str, all_day: bool) -> dict[str, str]:
    instants = span(start, end, zone, all_day, None, None)
    if instants["ends_at"] <= instants["starts_at"]:  # the clock skips its start, which comes later by as much
        instants["ends_at"] = instants["starts_at"] + (end - start)
    local = {"start_local": start.isoformat(), "end_local": end.isoformat()}
    return local | {name: moment.isoformat() for name, moment in instants.items()}
