"""Search through everything public: each room names what it has to show."""

from collections.abc import Callable
from typing import NamedTuple


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
