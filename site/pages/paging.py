"""Long lists, a page at a time: links to the pages around the one shown."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.paginator import Paginator


class PageLink(NamedTuple):
    """One page of a list; a gap stands for those left out."""

    number: int | None
    url: str
    current: bool

    @property
    def gap(self) -> bool:
        return self.number is None


def page_links(paginator: Paginator[Any], shown: int, address: Callable[[int], str]) -> list[PageLink]:
    """Links to the first, the last and those near the page shown; none for a list of one page."""
    if paginator.num_pages < 2:
        return []
    numbers = paginator.get_elided_page_range(shown, on_each_side=2, on_ends=1)
    return [
        PageLink(number, address(number), number == shown) if isinstance(number, int) else PageLink(None, "", False)
        for number in numbers
    ]
