"""The shelf of events."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db.models import Model

from events.models import Event
from pages import landmarks

from . import ahead, event_record
from .columns import Column, Degrees, Iso, Organisers, Reference, References, Rule, Told
from .library import Library
from .reading import Programme
from .shelf import Shelf, Wanted, in_order


def uid_of(slug: str) -> uuid.UUID:
    """The UID of an event of the file: the same on every site that loads it, for ever."""
    return uuid.uuid5(landmarks.FOUNDATION, f"event {slug}")


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
        found = [
            Wanted(r.text("slug"), r, event_record.values(r, programme)) for r in programme.section("events", "slug")
        ]
        self._refer(found, programme)
        self._number(found)
        self._move_ahead(found)
        return in_order(found, "parent", "replacement")

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
                event_record.move(values, self.moved)

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
            parent = library.find("event", library.key("event", row.parent_id))
            row.parent = parent if isinstance(parent, Event) else row.parent
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
