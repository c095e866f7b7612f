"""Known organisations: whether what somebody typed is the name of one of the directory."""

from functools import lru_cache
from typing import Any

from pages.folding import fold
from pages.models import Edition
from regions.models import Organisation


def of_directory(typed: str, edition: int | None = None) -> Organisation | None:
    """The organisation of which this is a name, an acronym or the short name, in any language.

    Case, accents and signs between words do not count. None if there is none, or if it could be several.
    ``edition`` is its number, where the caller has read it in this request.
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    pk = _named(Edition.now() if edition is None else edition).get(wanted)
    return Organisation.objects.filter(pk=pk).first() if pk else None


@lru_cache(maxsize=1)
def _named(edition: int) -> dict[str, int]:
    """Name → key, read once by each process and edition: a change of the directory opens a new one."""
    found: dict[str, set[int]] = {}
    for pk, short, name in Organisation.objects.order_by().values_list("pk", "short_name", "name"):
        for one in _names(short, name):
            found.setdefault(one, set()).add(pk)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def _names(short: str, name: Any) -> list[str]:
    said = getattr(name, "data", name)
    return [_plain(one) for one in (short, *(said.values() if isinstance(said, dict) else [str(said)]))]


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
