"""The shelves of events and of their tickets."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import recurrence
from django.db.models import Model

from events.models import Attendance, Event, EventOrganiser, Ticket
from events.models.expansion import RuleRefused, anchor, check

from .. import trees
from . import ahead
from .columns import Column, Degrees, Iso, Organisers, Reference, References, Rule, Told
from .facts import _countries
from .library import Library
from .reading import Programme, Record
from .shelf import Shelf, Wanted, in_order

ROLES = {"co_organisers": EventOrganiser.Role.CO_ORGANISER, "supporters": EventOrganiser.Role.SUPPORTER}
LOCAL = ("start_local", "end_local", "registration_opens_local", "registration_closes_local")


def words(choices: Any, **more: str) -> dict[str, str]:
    """The file's words for a choice: the house's own, also with hyphens, and others."""
    own = {str(value): str(value) for value in choices.values}
    return own | {value.replace("_", "-"): value for value in own} | more


def uid_of(slug: str) -> uuid.UUID:
    """The UID of an event of the file: the same on every site that loads it, for ever."""
    return uuid.uuid5(trees.FOUNDATION, f"event {slug}")


class Events(Shelf):
    kind = "event"
    model = Event
    natural = "uid"
    names: ClassVar[dict[str, str]] = {
        "kind": "type",
        "precision": "geo_precision",
        "replacement": "rescheduled_to",
        "objectives": "strategic_objectives",
        "staff_note": "note",
        "is_demo": "demo",
        "organisers": "co_organisers",
        "registration_opens_local": "registration.opens_local",
        "registration_closes_local": "registration.closes_local",
        "registration_url": "registration.url",
        "capacity": "registration.capacity",
        "capacity_onsite": "registration.capacity",
        "start_fold": "start_local",
        "end_fold": "end_local",
        "moves_children": "start_local",
    }
    columns: ClassVar[list[Column]] = [
        Told("title"),
        Told("theme"),
        Column("kind"),
        Column("status"),
        Column("access"),
        Reference("parent", "event"),
        Reference("series", "series"),
        Column("ordinal"),
        Reference("replacement", "event"),
        Iso("start_local"),
        Iso("end_local"),
        Column("timezone"),
        Column("all_day"),
        Rule("recurrence"),
        Column("format"),
        Told("city"),
        Column("country"),
        Told("venue"),
        Degrees("latitude"),
        Degrees("longitude"),
        Column("precision"),
        Column("online_platform"),
        Column("languages"),
        Column("interpretation"),
        Column("registration"),
        Column("registration_url"),
        Iso("registration_opens_local"),
        Iso("registration_closes_local"),
        Column("capacity"),
        Column("capacity_onsite"),
        Column("staff_note"),
        Column("is_demo"),
        References("regions", "region"),
        References("objectives", "objective"),
        Organisers("organisers"),
    ]
    related: ClassVar[list[str]] = ["regions", "objectives", "organisers"]

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self.today = today
        self.moved = dt.timedelta()
        self.changing: set[int] = set()

    # -- reading

    def read(self, programme: Programme) -> list[Wanted]:
        found = [Wanted(r.text("slug"), r, self._values(r, programme)) for r in programme.section("events", "slug")]
        self._refer(found, programme)
        self._number(found)
        self._move_ahead(found)
        return in_order(found, "parent", "replacement")

    def _values(self, r: Record, programme: Programme) -> dict[str, Any]:
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
            "country": r.reference("country", _countries(), "country") or "",
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
            "objectives": sorted(
                r.references("strategic_objectives", programme.keys["strategic_objectives"], "objective")
            ),
            "organisers": [[str(ROLES[name]), key] for name in ROLES for key in organisers[name]],
        }

    def _refer(self, found: list[Wanted], programme: Programme) -> None:
        """Point to other events, and let only one event be replaced by each."""
        replaces: dict[str, str] = {}
        for each in found:
            each.values["parent"] = each.record.reference("parent", programme.keys["events"], "event")
            by = each.record.reference("rescheduled_to", programme.keys["events"], "event")
            if by and by in replaces:
                each.record.refuse("rescheduled_to", f"“{by}” replaces {replaces[by]} already.")
            elif by:
                replaces[by] = each.key
            each.values["replacement"] = by

    def _number(self, found: list[Wanted]) -> None:
        numbered: dict[tuple[str, int], str] = {}
        for each in found:
            series, ordinal = each.values["series"], each.values["ordinal"]
            if series and ordinal is not None:
                if (series, ordinal) in numbered:
                    each.record.refuse("ordinal", f"{ordinal} is “{numbered[series, ordinal]}” in this series already.")
                numbered[series, ordinal] = each.key

    def _move_ahead(self, found: list[Wanted]) -> None:
        """Move the examples: all by the same whole weeks, and remember by how many."""
        examples = [
            each.values
            for each in found
            if each.values["is_demo"] and each.record.data.get("status") != "held" and each.values["start_local"]
        ]
        if not examples:
            return
        known = ahead.remembered()
        earliest = min(dt.datetime.fromisoformat(values["start_local"]) for values in examples)
        self.moved = ahead.needed(earliest, self.today) if known is None else known
        if self.moved:
            for values in examples:
                _move(values, self.moved)

    # -- rows

    def natural_value(self, key: str) -> uuid.UUID:
        return uid_of(key)

    def draft(self, row: Model) -> Event | None:
        assert isinstance(row, Event)
        return row.get_latest_revision_as_object() if row.has_unpublished_changes and row.latest_revision_id else None

    def note_change(self, row: Model, changed: dict[str, Any]) -> None:
        """What lies within an event that moves moves along, as an editor would wish; the file may say otherwise."""
        assert isinstance(row, Event)
        self.changing.add(row.pk)
        row.moves_children = "start_local" in changed

    def is_concerned(self, row: Model, library: Library) -> bool:
        return getattr(row, "parent_id", None) in self.changing

    def check(self, row: Model, library: Library) -> None:
        """Judge facts and family, the parent as it will be; ids stand in for rows still to be saved."""
        assert isinstance(row, Event)
        if row.parent_id:
            row.parent = library.find("event", library.key("event", row.parent_id)) or row.parent
        unsaved = self.unsaved(row)
        kept = {name: getattr(row, name) for name in unsaved - {"parent"}}
        for name in kept:
            setattr(row, f"{name}_id", -1)
        if row.parent is not None:
            row.parent.derive_instants()
        try:
            row.full_clean(exclude=unsaved)
        finally:
            for name, other in kept.items():
                setattr(row, name, other)

    def save(self, row: Model, changed: dict[str, Any], library: Library, *, added: bool) -> None:
        """Publish, as an editor would; a later draft somebody works on gets the change too and stays the latest."""
        assert isinstance(row, Event)
        if added:
            row.live = False
            row.save()
            row.save_revision().publish()
            return
        event = Event.objects.get(pk=row.pk)  # it may have moved along with its parent meanwhile
        draft = self.draft(event)
        self.put(event, changed, library)
        event.moves_children = row.moves_children
        if "is_demo" in changed:  # outside of revisions
            Event.objects.filter(pk=event.pk).update(is_demo=event.is_demo)
        revision = event.save_revision()
        if event.live:
            revision.publish()
        if draft is not None:
            self.put(draft, changed, library)
            draft.save_revision()


class Tickets(Shelf):
    kind = "ticket"
    model = Ticket
    natural = "uid"
    columns: ClassVar[list[Column]] = [
        Reference("event", "event"),
        Column("code"),
        Told("name"),
        Column("attendance"),
        Column("price"),
        Column("currency"),
        Column("quota"),
        Column("sort_order"),
    ]

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        for event in programme.inner["events"]:
            for registration in event.inner.get("registration", []):
                if registration.data.get("mode") != "internal":
                    continue
                codes: set[str] = set()
                for order, r in enumerate(registration.records("tickets")):
                    code = r.text("code", required=True)
                    if code in codes:
                        r.refuse("code", f"“{code}” is named twice.")
                    codes.add(code)
                    found.append(Wanted(f"{event.data.get('slug')}/{code}", r, self._values(r, event, code, order)))
        return found

    def _values(self, r: Record, event: Record, code: str, order: int) -> dict[str, Any]:
        modes = {"onsite": Attendance.ONSITE, "online": Attendance.ONLINE}
        return {
            "event": event.data.get("slug"),
            "code": code,
            "name": r.trilingual("name", required=True),
            # The file tells it by the code alone.
            "attendance": str(modes.get(code.partition("-")[0], "")),
            "price": r.minor_units("price"),
            "currency": r.text("currency") or "EUR",
            "quota": r.whole("quota"),
            "sort_order": order,
        }

    def natural_value(self, key: str) -> uuid.UUID:
        return uuid.uuid5(trees.FOUNDATION, f"ticket {key}")


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


def _move(values: dict[str, Any], by: dt.timedelta) -> None:
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
