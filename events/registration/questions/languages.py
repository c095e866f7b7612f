"""Languages: those that a person may say they speak, the likeliest ones first."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global

from pages.folding import fold

COMMONEST = ("fr", "en", "es", "ar", "zh", "ru", "pt")
"The languages of this site, then the others of the United Nations, and Portuguese, which many partners speak."
SPOKEN = 8
"Per cent of a country's people from which a language of theirs is among the first."
OF_A_COUNTRY = 6


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """ISO 639 codes of the languages that somebody speaks, and that have a name."""
    named = Locale.parse("fr").languages
    spoken = {_language(one) for told in get_global("territory_languages").values() for one in told}
    return frozenset(code for code in (*spoken, *COMMONEST) if code in named)


@lru_cache(maxsize=256)
def first(country: str) -> tuple[str, ...]:
    """Those shown at once: the commonest of all, and of this country what is official or what many speak."""
    told = get_global("territory_languages").get(country, {})
    many = sorted(told.items(), key=lambda one: -one[1]["population_percent"])
    official = ("official", "de_facto_official")
    here = [
        _language(code) for code, it in many if it["population_percent"] >= SPOKEN or it["official_status"] in official
    ]
    more = [code for code in dict.fromkeys(here) if code in codes() and code not in COMMONEST]
    return (*COMMONEST, *more[:OF_A_COUNTRY])


@lru_cache(maxsize=8)
def named(language: str) -> tuple[tuple[str, str], ...]:
    """All of them with their names, in the order of the reader's alphabet."""
    told = Locale.parse(language).languages
    names = ((code, told.get(code) or Locale.parse("fr").languages[code]) for code in codes())
    rows = [(code, name[:1].upper() + name[1:]) for code, name in names]
    return tuple(sorted(rows, key=lambda row: fold(row[1])))


@lru_cache(maxsize=256)
def rest(country: str, language: str) -> tuple[tuple[str, str], ...]:
    """Those that are not shown at once, by name."""
    at_once = set(first(country))
    return tuple((code, name) for code, name in named(language) if code not in at_once)


def _language(code: str) -> str:
    return code.split("_")[0]
