"""The sections of the site: what the masthead leads to, named by the rooms that own them."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Section(NamedTuple):
    """One door in the masthead.

    ``model`` is the label of a page type below the home page. ``below`` leads on
    from that page, by a path in each language; such a section needs a ``label``,
    any other one goes by the title of its page.
    """

    model: str
    label: Any = ""
    below: Mapping[str, str] = {}


sections: list[Section] = []
"In the order shown; rooms append theirs when they are ready."
