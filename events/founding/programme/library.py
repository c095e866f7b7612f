"""The library: which row each record of the file is, saved or about to be."""

from collections import defaultdict

from django.db.models import Model


class Library:
    """Rows by the kind and key of their record, and back."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Model]] = defaultdict(dict)
        self._keys: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, kind: str, key: str, row: Model) -> None:
        self._rows[kind][key] = row
        if row.pk is not None:
            self._keys[kind][str(row.pk)] = key

    def row(self, kind: str, key: str) -> Model:
        """The row of a record.

        Raises:
            KeyError: there is none; its record was refused.
        """
        return self._rows[kind][key]

    def find(self, kind: str, key: str) -> Model | None:
        return self._rows[kind].get(key)

    def key(self, kind: str, pk: object) -> str:
        """The key of a row's record; "#7" for a row that no file has told."""
        return self._keys[kind].get(str(pk), f"#{pk}")

    def key_where(self, kind: str, name: str, value: object) -> str:
        """The key of the record whose row has this value; "#…" where none has."""
        for key, row in self._rows[kind].items():
            if getattr(row, name) == value:
                return key
        return f"#{value}"
