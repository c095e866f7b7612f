"""An event's record: what the file tells of it, in the form in which rows are compared."""

import datetime as dt
from typing import Any

import recurrence

from events.models import Event, EventOrganiser
from events.models.expansion import RuleRefused, anchor, check

from .facts import country_codes
from .reading import Programme, Record

ROLES = {"co_organisers": EventOrganiser.Role.CO_ORGANISER, "supporters": EventOrganiser.Role.SUPPORTER}
LOCAL = ("start_local", "end_local", "registration_opens_local", "registration_closes_local")


def words(choices: Any, **more: str) -> dict[str, str]:
    """The file's words for a choice: the house's own, also with hyphens, and others."""
    own = {str(value): str(value) for value in choices.values}
    return own | {value.replace("_", "-"): value for value in own} | more


def values(r: Record, programme: Programme) -> dict[str, Any]:
    """The values of an event's row, but for its references to other events."""
    organisers = {name: r.references(name, programme.keys["organisations"], "organisation") for name in ROLES}
    return {
        "title": r.trilingual("title", required=True),
        "theme": r.trilingual("theme"),
        "kind": r.choice("type", words(Event.Kind)),
        "status": r.choice("status", words(Event.Status, held=Event.Status.SCHEDULED)),
        "access": r.choice("access", words(Event.Access)),
        "series": r.reference("series", programme.keys["event_series"], "series"),
        "ordinal": r.whole("ordinal"),
        "start_local": r.wall_clock("start_local", required=True),
        "end_local": r.wall_clock("end_local", required=True),
        "timezone": r.zone("timezone", required=True),
        "all_day": r.flag("all_day"),
        "recurrence": _rule(r),
        "format": r.choice("format", words(Event.Format)),
        "city": r.proper_name("city"),
        "country": r.reference("country", country_codes(), "country") or "",
        "venue": r.proper_name("venue"),
        "latitude": r.degrees("latitude", 90),
        "longitude": r.degrees("longitude", 180),
        "precision": r.choice("geo_precision", words(Event.Precision), required=False),
        "online_platform": r.text("online_platform"),
        "languages": Event._meta.get_field("languages").to_python(r.texts("languages")),
        "interpretation": r.flag("interpretation"),
        **_registration(r),
        "staff_note": r.text("note"),
        "is_demo": r.flag("demo"),
        "regions": sorted(r.references("regions", programme.keys["regions"], "region")),
        "objectives": sorted(r.references("strategic_objectives", programme.keys["strategic_objectives"], "objective")),
        "organisers": [[str(ROLES[name]), key] for name in ROLES for key in organisers[name]],
    }


def _registration(r: Record) -> dict[str, Any]:
    """How one registers: here for "internal", elsewhere where an address is known, else not at all.

    Where one ticket has no quota, nobody is turned away online and the capacity
    is that of the room.
    """
    values: dict[str, Any] = {
        "registration": str(Event.RegistrationMode.NONE),
        "registration_url": "",
        "registration_opens_local": None,
        "registration_closes_local": None,
        "capacity": None,
        "capacity_onsite": None,
    }
    told = r.record("registration")
    if told is None:
        return values
    mode = told.data.get("mode")
    if mode == "internal":
        told.text("mode")
        values["registration"] = str(Event.RegistrationMode.HERE)
        seats = told.whole("capacity")
        tickets = told.data.get("tickets")
        endless = isinstance(tickets, list) and any(isinstance(t, dict) and t.get("quota") is None for t in tickets)
        values["capacity_onsite" if endless else "capacity"] = seats
        values["registration_opens_local"] = told.wall_clock("opens_local")
        values["registration_closes_local"] = told.wall_clock("closes_local")
    elif told.data.get("url"):
        told.text("mode")
        values["registration"] = str(Event.RegistrationMode.ELSEWHERE)
        values["registration_url"] = told.text("url")
    return values


def _rule(r: Record) -> str:
    """RRULE and EXDATE as they are stored: each ``Z`` means the clock on the wall."""
    told = r.record("recurrence")
    if told is None:
        return ""
    rule = told.text("rrule", required=True)
    lines = [f"RRULE:{rule}"]
    lines += [f"EXDATE:{dt.datetime.fromisoformat(day):%Y%m%dT%H%M%SZ}" for day in sorted(told.clocks("exdates"))]
    try:
        parsed = recurrence.deserialize("\n".join(lines), include_dtstart=False)
        check(parsed)
        text: str = recurrence.serialize(parsed) or ""
    except RuleRefused as refused:
        told.refuse("rrule", str(refused))
    except Exception as error:  # noqa: BLE001  (its parser raises whatever its parts raise)
        told.refuse("rrule", f"“{rule}” is not a rule of RFC 5545 ({error}).")
    else:
        return text
    return ""


def move(values: dict[str, Any], by: dt.timedelta) -> None:
    """Move the clocks, the rule's own dates, and the beginning on to a date that the rule gives."""
    if values["recurrence"]:
        rule = recurrence.deserialize(values["recurrence"], include_dtstart=False)
        for each in rule.rrules:
            each.until = each.until + by if each.until else None
        rule.exdates = [day + by for day in rule.exdates]
        values["recurrence"] = recurrence.serialize(rule)
        start = dt.datetime.fromisoformat(values["start_local"]) + by
        by += anchor(rule, start) - start
    for name in LOCAL:
        if values[name]:
            values[name] = (dt.datetime.fromisoformat(values[name]) + by).isoformat()
