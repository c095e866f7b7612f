"""Search that ignores accents and case alike on SQLite and PostgreSQL, without extensions.

Texts are folded when they are indexed and when they are asked for, so both
databases answer the same; stemming is off for the same reason.
"""

import re
import unicodedata
from typing import Any

from django.db import connection

APART = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "’": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Text without accents or case: « Réunion » and "reunion" become equal.

    Only Latin, Greek and Cyrillic marks are dropped: in other scripts (Indic,
    Arabic) a mark is a vowel, not an accent.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not ("\u0300" <= c <= "\u036f"))
    return unicodedata.normalize("NFC", kept).translate(APART)


def words(text: str) -> str:
    """The words of what was typed, folded: hyphens and quotes mean something to a search engine."""
    return " ".join(re.findall(r"\w+", fold(text)))


def _folded(indexer: type) -> type:
    class FoldedIndexer(indexer):  # type: ignore[valid-type, misc]
        def prepare_value(self, value: Any) -> str:
            return fold(super().prepare_value(value))

    return FoldedIndexer


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  (the name Wagtail looks for)
    """Wagtail's own database backend, with folding on both sides."""
    if connection.vendor == "postgresql":
        from modelsearch.backends.database.postgres import postgres as room

        base = room.PostgresSearchBackend
    else:
        from modelsearch.backends.database.sqlite import sqlite as room

        base = room.SQLiteSearchBackend
    if room.ObjectIndexer.__name__ != "FoldedIndexer":
        room.ObjectIndexer = _folded(room.ObjectIndexer)

    class FoldingSearchBackend(base):  # type: ignore[valid-type, misc]
        def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            return super().search(words(query) if isinstance(query, str) else query, *args, **kwargs)

        def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            return super().autocomplete(words(query) if isinstance(query, str) else query, *args, **kwargs)

    return FoldingSearchBackend(params)
