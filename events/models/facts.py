"""Facts as a letter freezes them: plain values, whatever becomes of the event afterwards."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from i18nfield.strings import LazyI18nString

from . import date_facts
from .calendar_entry import CalendarEntry

if TYPE_CHECKING:
    from .event import Event
    from .occurrence import Occurrence
    from .registration import Registration

CALLED_OFF = ("postponed", "cancelled")


def of_event(event: "Event") -> dict[str, Any]:
    """What an event is, when and where: of a series, its next date."""
    date: Any = (event.occurrences.coming().first() if event.recurs else None) or event
    entry = CalendarEntry.objects.filter(event_id=event.pk).first()
    return {
        "uid": str(event.uid),
        "kind": event.kind,
        "status": event.status,
        "title": told(event.title),
        "theme": told(event.theme),
        "format": event.format,
        "city": told(event.city),
        "venue": told(event.venue),
        "country": event.country,
        "timezone": event.timezone,
        "all_day": event.all_day,
        "recurs": event.recurs,
        "start_local": date.start_local.isoformat(),
        "end_local": date.end_local.isoformat(),
        "starts_at": date.starts_at.isoformat(),
        "ends_at": date.ends_at.isoformat(),
        "contact": event.contact_email,
        "revision": event.live_revision_id,
        "sequence": entry.sequence if entry else 0,
    }


def of_change(event: "Event") -> dict[str, Any]:
    """The same, with what tells one state of an event from another, its single dates, and what takes its place."""
    replacement = event.replacement
    first: list[Any] = [event.start_local, event.end_local, event.starts_at, event.ends_at]
    return of_event(event) | {
        "first": [moment.isoformat() for moment in first],
        "rule": str(event.recurrence) if event.recurs else "",
        "dates": date_facts.of_exceptions(event),
        "replacement": of_event(replacement) if replacement and replacement.live else None,
    }


def differ(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether whoever knows the one has to be told the other: date, place, way to attend, or whether it takes place.

    Of the single dates of a series only those that are not over count.
    """
    return _essence(before) != _essence(after)


def what(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What became of an event: "moved", "postponed", "cancelled" or "reinstated"."""
    if after["status"] in CALLED_OFF:
        return str(after["status"])
    return "reinstated" if before["status"] in CALLED_OFF else "moved"


def _essence(known: dict[str, Any]) -> tuple[Any, ...]:
    if known["status"] in CALLED_OFF:
        return known["status"], (known["replacement"] or {}).get("uid")
    place = (french(known["city"]), known["country"], french(known["venue"]))
    dates = date_facts.essence(known)
    return "", known["first"], known["timezone"], known["all_day"], known["rule"], known["format"], place, dates


def french(text: dict[str, str]) -> str:
    return text.get("fr") or next(iter(text.values()), "")


def of_registration(registration: "Registration") -> dict[str, Any]:
    """The event and how this person takes part in it, on which date if it is one."""
    return of_registrations([registration])


def of_registrations(registrations: "Sequence[Registration]") -> dict[str, Any]:
    """The same of several dates of one person for which one form was sent.

    "event" tells when and where the first of them is; "registrations" has a line for each,
    the soonest first: its UID and its date, None for a whole event or series.
    """
    from .feed import last_public

    rows = sorted(registrations, key=lambda row: row.occurrence.starts_at if row.occurrence else row.created_at)
    first = rows[0]
    event, ticket = of_event(last_public(first.event)), first.ticket
    dates = [of_date(row.occurrence) if row.occurrence else None for row in rows]
    return {
        "event": event | _instead(event, dates[0]),
        "attendance": first.attendance,
        "ticket": told(ticket.name) if ticket else {},
        "registrations": [{"uid": str(row.uid), "date": date} for row, date in zip(rows, dates, strict=True)],
    }


def of_each(registrations: "Sequence[Registration]", date: "Occurrence") -> list[dict[str, Any]]:
    """What each of many is told of one date on which all of them take part; asks no more for many than for one."""
    event = of_event(date.event)
    if date.event.recurs:
        event |= _instead(event, of_date(date))
    return [
        {
            "event": event,
            "attendance": row.attendance,
            "ticket": told(row.ticket.name) if row.ticket else {},
            "registrations": [{"uid": str(row.uid), "date": of_date(row.occurrence) if row.occurrence else None}],
        }
        for row in registrations
    ]


def of_date(date: "Occurrence") -> dict[str, Any]:
    """One date of a series: what names it in the series, and what is its own."""
    return {
        "original": date.original.isoformat(),
        "start_local": date.start_local.isoformat(),
        "end_local": date.end_local.isoformat(),
        "starts_at": date.starts_at.isoformat(),
        "ends_at": date.ends_at.isoformat(),
        "is_cancelled": date.is_cancelled,
        "is_dropped": date.is_dropped,
        "city": told(date.city),
        "venue": told(date.venue),
        "note": told(date.note),
    }


def _instead(event: dict[str, Any], date: dict[str, Any] | None) -> dict[str, Any]:
    """What a date tells in place of its series."""
    if date is None:
        return {}
    times = {name: date[name] for name in ("start_local", "end_local", "starts_at", "ends_at")}
    return times | {name: date[name] or event[name] for name in ("city", "venue")}


def told(value: Any) -> dict[str, str]:
    """A trilingual text as a plain value, without the languages left empty."""
    said = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(said, dict):
        return {code: text for code, text in said.items() if text}
    return {"fr": str(said)} if said else {}
