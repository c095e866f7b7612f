"""Countries by their ISO 3166 code, named by CLDR in the reader's language."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# CLDR's territories that are no country: groups, outlying and unknown ones.
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}


@lru_cache(maxsize=8)
def names(language: str) -> dict[str, str]:
    """Code → name in a language."""
    return {
        code: name
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


def name(code: str, language: str | None = None) -> str:
    """The country's name in a language (the active one by default); the code if unknown."""
    return names(language or get_language() or "fr").get(code, code)


def choices() -> tuple[tuple[str, str], ...]:
    """Countries in the alphabetical order of the active language."""
    return _in_order(get_language() or "fr")


@lru_cache(maxsize=8)
def _in_order(language: str) -> tuple[tuple[str, str], ...]:
    from pages.folding import fold

    return tuple(sorted(names(language).items(), key=lambda pair: fold(pair[1])))


def is_country(code: str) -> bool:
    return code in names("fr")
