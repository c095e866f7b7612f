"""Search through everything public: each room names what it has to show."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from wagtail.search.backends import get_search_backend

from .folding import fold

AT_MOST = 20
"Results of one group."
WORDS_AT_MOST = 20
"Nobody asks for more, and a database does not read a sentence without end."


class Found(NamedTuple):
    """One thing found: a title in the language really shown, and where it is."""

    url: str
    title: str
    lang: str
    about: str
    "A line under the title: a date and a place, a region, a country."


class Group(NamedTuple):
    """What one source found."""

    name: str
    results: list[Found]


Source = Callable[[str, str], Group]
sources: list[Source] = []
"Called with the words asked and the language; rooms append theirs when they are ready."


def search(asked: str, language: str) -> list[Group]:
    """The groups that found something, in the order of their registration."""
    groups = (source(asked, language) for source in sources)
    return [group for group in groups if group.results]


def looked_up(asked: str, rows: Any, at_most: int = AT_MOST) -> list[Any]:
    """Rows in which every word is found; failing that, words that begin like those asked.

    In the order of the rows, not of relevance: SQLite would weigh every row
    against every other (ten seconds among 7,600 events).
    """
    words, backend = words_of(asked), get_search_backend()
    if not words:
        return []
    for look in (backend.search, backend.autocomplete):
        if found := list(look(words, rows, order_by_relevance=False)[:at_most]):
            return found
    return []


def words_of(asked: str) -> str:
    """The first words of what was typed: quotes and stars mean something to a search engine.

    Counted when folded: some single characters unfold to a whole phrase.
    """
    return " ".join(re.findall(r"\w+", fold(asked))[:WORDS_AT_MOST])


def plain_pages(asked: str, language: str) -> Group:
    """Standard pages of the language."""
    from wagtail.models import Locale

    from .models import StandardPage

    found = looked_up(asked, StandardPage.objects.live().filter(locale=Locale.objects.get(language_code=language)))
    return Group(_("About the site"), [Found(page.get_url() or "", page.title, language, "") for page in found])
