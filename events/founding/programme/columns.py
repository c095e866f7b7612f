"""Columns: a field of a row, read and written in the form in which the file tells it.

In that form a value can be compared and kept: texts, numbers, dates as ISO
texts, texts per language as objects, references as the keys of the records they
point to, never as primary keys.
"""

from decimal import Decimal
from typing import Any

import recurrence
from django.db.models import Model
from i18nfield.strings import LazyI18nString

from events.models import EventOrganiser
from regions.models import RegionCountry

from .library import Library


class Column:
    """A field whose value is the same in the file and on the row."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get(self, row: Model, library: Library) -> Any:
        return getattr(row, self.name)

    def put(self, row: Model, value: Any, library: Library) -> None:
        setattr(row, self.name, value)


class Told(Column):
    """A text per language."""

    def get(self, row: Model, library: Library) -> dict[str, str]:
        value = getattr(row, self.name)
        said = value.data if isinstance(value, LazyI18nString) else value
        if isinstance(said, dict):
            return {code: text for code, text in sorted(said.items()) if text}
        return {"fr": said} if said else {}

    def put(self, row: Model, value: dict[str, str], library: Library) -> None:
        setattr(row, self.name, LazyI18nString(dict(value)))


class Iso(Column):
    """A date, or a date and time on the wall."""

    def get(self, row: Model, library: Library) -> str | None:
        value = getattr(row, self.name)
        return value.isoformat() if hasattr(value, "isoformat") else value

    def put(self, row: Model, value: str | None, library: Library) -> None:
        setattr(row, self.name, row._meta.get_field(self.name).to_python(value))  # type: ignore[union-attr]


class Degrees(Column):
    """A coordinate with six places."""

    def get(self, row: Model, library: Library) -> str | None:
        value = getattr(row, self.name)
        return None if value is None else f"{Decimal(value):.6f}"

    def put(self, row: Model, value: str | None, library: Library) -> None:
        setattr(row, self.name, None if value is None else Decimal(value))


class Text(Column):
    """Anything that a text tells completely, as a UUID."""

    def get(self, row: Model, library: Library) -> str:
        value = getattr(row, self.name)
        return "" if value is None else str(value)

    def put(self, row: Model, value: str, library: Library) -> None:
        setattr(row, self.name, value or None)


class Reference(Column):
    """The key of another record."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name)
        self.kind = kind

    def get(self, row: Model, library: Library) -> str | None:
        pk = getattr(row, f"{self.name}_id")
        return None if pk is None else library.key(self.kind, pk)

    def put(self, row: Model, value: str | None, library: Library) -> None:
        setattr(row, self.name, None if value is None else library.row(self.kind, value))


class References(Column):
    """The keys of several records, in no order."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name)
        self.kind = kind

    def get(self, row: Model, library: Library) -> list[str]:
        return sorted(library.key(self.kind, other.pk) for other in getattr(row, self.name).all())

    def put(self, row: Model, value: list[str], library: Library) -> None:
        getattr(row, self.name).set([library.row(self.kind, key) for key in value])


class Countries(Column):
    """The countries of a region."""

    def get(self, row: Model, library: Library) -> list[str]:
        return sorted(each.country for each in getattr(row, self.name).all())

    def put(self, row: Model, value: list[str], library: Library) -> None:
        setattr(row, self.name, [RegionCountry(country=code) for code in value])


class Organisers(Column):
    """Organisations with their roles, in the order shown: [["host", "FAO"], …]."""

    def get(self, row: Model, library: Library) -> list[list[str]]:
        return [
            [each.role, library.key("organisation", each.organisation_id)] for each in getattr(row, self.name).all()
        ]

    def put(self, row: Model, value: list[list[str]], library: Library) -> None:
        """Those who stay keep their key."""
        keys = {
            tuple(pair): each.key
            for pair, each in zip(self.get(row, library), getattr(row, self.name).all(), strict=True)
        }
        organisers = []
        for order, (role, short_name) in enumerate(value):
            organiser = EventOrganiser(
                role=role, organisation=library.row("organisation", short_name), sort_order=order
            )
            organiser.key = keys.get((role, short_name), organiser.key)
            organisers.append(organiser)
        setattr(row, self.name, organisers)


class Rule(Column):
    """A recurrence, as the text that is stored."""

    def get(self, row: Model, library: Library) -> str:
        return recurrence.serialize(getattr(row, self.name)) or ""


class Prose(Column):
    """Blocks of text as [["text", "<p>…</p>"], …], without their ids."""

    def get(self, row: Model, library: Library) -> list[list[Any]]:
        return [[block["type"], block["value"]] for block in getattr(row, self.name).raw_data]

    def put(self, row: Model, value: list[list[Any]], library: Library) -> None:
        blocks = [{"type": kind, "value": text} for kind, text in value]
        setattr(row, self.name, row._meta.get_field(self.name).stream_block.to_python(blocks))  # type: ignore[union-attr]
