"""The shelves below events: colleges, goals, facilities, objectives, series, regions, organisations."""

from typing import Any, ClassVar

from django.db.models import Model

from events.models import Series
from regions.models import College, Facility, Goal, Objective, Organisation, Region

from .. import trees
from .columns import Column, Countries, Degrees, Reference, Told
from .library import Library
from .reading import Programme
from .shelf import Shelf, Wanted, in_order


def _same(*values: str) -> dict[str, str]:
    return {value: value for value in values}


class Colleges(Shelf):
    kind = "college"
    model = College
    columns: ClassVar[list[Column]] = [Told("name"), Column("sort_order")]

    def read(self, programme: Programme) -> list[Wanted]:
        return [
            Wanted(r.text("code"), r, {"name": r.trilingual("name", required=True), "sort_order": order})
            for order, r in enumerate(programme.section("colleges", "code"))
        ]


class Goals(Shelf):
    kind = "goal"
    model = Goal
    columns: ClassVar[list[Column]] = [Told("title")]

    def read(self, programme: Programme) -> list[Wanted]:
        return [
            Wanted(r.text("code"), r, {"title": r.trilingual("title", required=True)})
            for r in programme.section("goals", "code")
        ]


class Facilities(Shelf):
    kind = "facility"
    model = Facility
    columns: ClassVar[list[Column]] = [Column("kind"), Told("title"), Column("led_by")]

    def read(self, programme: Programme) -> list[Wanted]:
        return [
            Wanted(
                r.text("code"),
                r,
                {
                    "kind": r.choice("kind", _same(*Facility.Kind.values)),
                    "title": r.trilingual("title", required=True),
                    "led_by": r.text("led_by"),
                },
            )
            for r in programme.section("facilities", "code")
        ]


class Objectives(Shelf):
    kind = "objective"
    model = Objective
    columns: ClassVar[list[Column]] = [Reference("goal", "goal"), Reference("facility", "facility"), Told("title")]

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        for r in programme.section("strategic_objectives", "code"):
            values = {
                "goal": r.reference("goal", programme.keys["goals"], "goal", required=True),
                "facility": r.reference("facility", programme.keys["facilities"], "facility"),
                "title": r.trilingual("title", required=True),
            }
            found.append(Wanted(r.text("code"), r, values))
        self._agree(programme, {each.key: each.values["facility"] for each in found})
        return found

    def _agree(self, programme: Programme, facility_of: dict[str, str | None]) -> None:
        """A facility's own list of objectives says the same, where it is given."""
        for facility in programme.inner["facilities"]:
            for code in facility.references("objectives", set(facility_of), "objective"):
                if facility_of[code] != facility.data.get("code"):
                    facility.refuse("objectives", f"{code} names the facility {facility_of[code]}.")


class AllSeries(Shelf):
    kind = "series"
    model = Series
    columns: ClassVar[list[Column]] = [Told("name")]

    def read(self, programme: Programme) -> list[Wanted]:
        return [
            Wanted(r.text("code"), r, {"name": r.trilingual("name", required=True)})
            for r in programme.section("event_series", "code")
        ]


class Regions(Shelf):
    kind = "region"
    model = Region
    columns: ClassVar[list[Column]] = [
        Told("name"),
        Reference("parent", "region"),
        Column("default_timezone"),
        Column("sort_order"),
        Countries("countries"),
    ]
    related: ClassVar[list[str]] = ["countries"]

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        for order, r in enumerate(programme.section("regions", "code")):
            values = {
                "name": r.trilingual("name", required=True),
                "parent": r.reference("parent", programme.keys["regions"], "region"),
                "default_timezone": r.zone("default_timezone") or "UTC",
                "sort_order": order,
                "countries": sorted(r.references("countries", country_codes(), "country")),
            }
            found.append(Wanted(r.text("code"), r, values))
        return in_order(found, "parent")

    def save(self, row: Model, changed: dict[str, Any], library: Library, *, added: bool) -> None:
        """A new region has its page in each language."""
        assert isinstance(row, Region)
        row.save()
        if added:
            trees.tell_region(row)


class Organisations(Shelf):
    kind = "organisation"
    model = Organisation
    natural = "short_name"
    names: ClassVar[dict[str, str]] = {"name": "full_name"}
    columns: ClassVar[list[Column]] = [
        Told("name"),
        Column("country"),
        Column("kind"),
        Reference("college", "college"),
        Column("url"),
        Degrees("latitude"),
        Degrees("longitude"),
    ]

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        for r in programme.section("organisations", "short_name"):
            values = {
                "name": r.trilingual("full_name", required=True),
                "country": r.reference("country", country_codes(), "country") or "",
                "kind": r.choice("kind", _same(*Organisation.Kind.values)),
                "college": r.reference("college", programme.keys["colleges"], "college"),
                "url": r.text("url"),
                "latitude": r.degrees("latitude", 90),
                "longitude": r.degrees("longitude", 180),
            }
            found.append(Wanted(r.text("short_name"), r, values))
        return found


def country_codes() -> set[str]:
    from regions import countries

    return set(countries.names("fr"))
