"""Facts as a letter freezes them: plain values, whatever becomes of the event afterwards."""

from typing import TYPE_CHECKING, Any

from i18nfield.strings import LazyI18nString

if TYPE_CHECKING:
    from .event import Event
    from .registration import Registration

CALLED_OFF = ("postponed", "cancelled")


def of_event(event: "Event") -> dict[str, Any]:
    """What an event is, when and where: of a series, its next date."""
    date: Any = (event.occurrences.coming().first() if event.recurs else None) or event
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
    }


def of_change(event: "Event") -> dict[str, Any]:
    """The same, with what tells one state of an event from another, and what takes its place."""
    replacement = event.replacement
    first: list[Any] = [event.start_local, event.end_local, event.starts_at, event.ends_at]
    return of_event(event) | {
        "first": [moment.isoformat() for moment in first],
        "rule": str(event.recurrence) if event.recurs else "",
        "replacement": of_event(replacement) if replacement and replacement.live else None,
    }


def differ(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether whoever knows the one has to be told the other: date, place, way to attend, or whether it takes place."""
    return _essence(before) != _essence(after)


def what(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What became of an event: "moved", "postponed", "cancelled" or "reinstated"."""
    if after["status"] in CALLED_OFF:
        return str(after["status"])
    return "reinstated" if before["status"] in CALLED_OFF else "moved"


def _essence(known: dict[str, Any]) -> tuple[Any, ...]:
    if known["status"] in CALLED_OFF:
        return known["status"], (known["replacement"] or {}).get("uid")
    place = (_french(known["city"]), known["country"], _french(known["venue"]))
    return "", known["first"], known["timezone"], known["all_day"], known["rule"], known["format"], place


def _french(text: dict[str, str]) -> str:
    return text.get("fr") or next(iter(text.values()), "")


def of_registration(registration: "Registration") -> dict[str, Any]:
    """The event and how this person takes part in it."""
    from .feed import last_public

    ticket = registration.ticket
    return {
        "event": of_event(last_public(registration.event)),
        "attendance": registration.attendance,
        "ticket": told(ticket.name) if ticket else {},
    }


def told(value: Any) -> dict[str, str]:
    """A trilingual text as a plain value, without the languages left empty."""
    said = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(said, dict):
        return {code: text for code, text in said.items() if text}
    return {"fr": str(said)} if said else {}
