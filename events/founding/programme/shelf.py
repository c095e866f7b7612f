"""A shelf: one kind of record of the file, and the table its rows stand in."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model

from .columns import Column, Reference
from .library import Library
from .reading import Record


class Wanted(NamedTuple):
    """What the file tells of one row, in the form of the file."""

    key: str
    record: Record
    values: dict[str, Any]


class Shelf:
    """Reads a section, finds its rows, makes, checks and saves them.

    ``names`` tells where a field stands in the file, where that is not its own name.
    """

    kind: ClassVar[str]
    model: ClassVar[type[Model]]
    columns: ClassVar[list[Column]]
    natural: ClassVar[str] = "code"
    "The field by which a row that no import has made is known."
    names: ClassVar[dict[str, str]] = {}
    related: ClassVar[list[str]] = []

    def __init__(self) -> None:
        self.by_name = {column.name: column for column in self.columns}

    def read(self, programme: Any) -> list[Wanted]:
        """What the file wants, in the order in which it can be made."""
        raise NotImplementedError

    # -- rows

    def find(self, pks: Iterable[str]) -> dict[str, Model]:
        """The rows of these primary keys, with what their columns need, by primary key as a text."""
        rows = self.model._default_manager.filter(pk__in=list(pks)).prefetch_related(*self.related)
        return {str(row.pk): row for row in rows}

    def adopt(self, keys: list[str]) -> dict[str, Model]:
        """Rows that stand there already under these keys without having been imported, by key."""
        wanted = {self.natural_value(key): key for key in keys}
        rows = self.model._default_manager.filter(**{f"{self.natural}__in": list(wanted)}).prefetch_related(
            *self.related
        )
        return {wanted[getattr(row, self.natural)]: row for row in rows}

    def natural_value(self, key: str) -> Any:
        return key

    def make(self, key: str) -> Model:
        return self.model(**{self.natural: self.natural_value(key)})

    def draft(self, row: Model) -> Model | None:
        """The later version somebody is working on, if there is one."""
        return None

    # -- values

    def values(self, row: Model, library: Library) -> dict[str, Any]:
        return {column.name: column.get(row, library) for column in self.columns}

    def put(self, row: Model, values: dict[str, Any], library: Library) -> None:
        for name, value in values.items():
            self.by_name[name].put(row, value, library)

    # -- what must hold

    def unsaved(self, row: Model) -> set[str]:
        """The references of a row to rows that are still to be saved."""
        names = [c.name for c in self.columns if isinstance(c, Reference)]
        return {name for name in names if (other := row.__dict__["_state"].fields_cache.get(name)) and other.pk is None}

    def note_change(self, row: Model, changed: dict[str, Any]) -> None:
        """Prepare a row that stands there for a change."""

    def is_concerned(self, row: Model, library: Library) -> bool:
        """Whether a row that does not change must be judged because of another that does."""
        return False

    def check(self, row: Model, library: Library) -> None:
        """Judge a row that is not saved yet.

        Raises:
            ValidationError: something on it can't be.
        """
        unsaved = {name: getattr(row, name) for name in self.unsaved(row)}
        for name in unsaved:
            setattr(row, name, None)
        try:
            row.full_clean(exclude=set(unsaved))
        finally:
            for name, other in unsaved.items():
                setattr(row, name, other)

    # -- saving

    def save(self, row: Model, changed: dict[str, Any], library: Library, *, added: bool) -> None:
        """Save a row on which what changed has been put."""
        row.save()

    def settle(self, row: Model, values: dict[str, Any], library: Library) -> None:
        """Put again what points to rows that were not saved when it was first put."""
        names = {c.name for c in self.columns if isinstance(c, Reference)}
        self.put(row, {name: value for name, value in values.items() if name in names}, library)


def in_order(wanted: list[Wanted], *fields: str) -> list[Wanted]:
    """In an order in which each comes after those its fields name; a loop is refused."""
    by_key = {each.key: each for each in wanted}
    placed: dict[str, Wanted] = {}

    def place(each: Wanted, below: tuple[str, ...]) -> None:
        if each.key in placed:
            return
        for field in fields:
            before = by_key.get(each.values.get(field) or "")
            if before is None:
                continue
            if before.key in (*below, each.key):
                each.record.refuse(field, f"“{before.key}” comes back to “{each.key}” itself.")
            else:
                place(before, (*below, each.key))
        placed[each.key] = each

    for each in wanted:
        place(each, ())
    return list(placed.values())


def messages(error: ValidationError, names: dict[str, str]) -> list[tuple[str, str]]:
    """Where in the record, and what, for each thing a ValidationError says."""
    if hasattr(error, "error_dict"):
        return [
            (names.get(field, "" if field == "__all__" else field), " ".join(found.messages))
            for field, listed in error.error_dict.items()
            for found in [ValidationError(listed)]
        ]
    return [("", " ".join(error.messages))]
