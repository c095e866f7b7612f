"""Known organisations: whether what somebody typed is the name of one of the directory."""

from functools import lru_cache
from typing import Any

from pages.folding import fold
from regions.models import Organisation


def of_directory(typed: str) -> Organisation | None:
    """The organisation of which this is a name, an acronym or the short name, in any language.

    Case, accents and signs between words do not count. None if there is none, or if it could be several.
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    rows = Organisation.objects.order_by().values_list("pk", "short_name", "name")
    found = [pk for pk, short, name in rows if wanted in _names(short, name)]
    return Organisation.objects.filter(pk=found[0]).first() if len(found) == 1 else None


def _names(short: str, name: Any) -> list[str]:
    said = getattr(name, "data", name)
    return [_plain(one) for one in (short, *(said.values() if isinstance(said, dict) else [str(said)]))]


@lru_cache(maxsize=1 << 13)
def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
