"""Suppression: numbers so small that they tell of single people are not kept, nor what would give them away."""

from collections.abc import Mapping
from typing import TypeVar

LEAST = 5
"Fewer people than this are not told (the threshold of most statistical offices)."

Key = TypeVar("Key")


def is_small(people: int) -> bool:
    """Nobody at all is told: that tells of nobody."""
    return 0 < people < LEAST


def lone(people: int) -> int | None:
    """A number that is part of no sum."""
    return None if is_small(people) else people


def parts(cells: Mapping[Key, int]) -> dict[Key, int | None]:
    """Cells that everybody knows to exist, and whose sum is known; their order must not follow their size.

    Beside the small ones the smallest of the others is left out, with all of its size, so that what is
    missing in the sum is never theirs alone; where no other number would be left, the noughts as well,
    so that nobody knows of any cell that it is small.
    """
    found: dict[Key, int | None] = {key: lone(people) for key, people in cells.items()}
    if None not in found.values():
        return found
    smallest = min((people for people in cells.values() if people >= LEAST), default=0)
    found = {key: None if people == smallest else people for key, people in found.items()}
    return found if any(found.values()) else dict.fromkeys(found)


def ranked(cells: Mapping[Key, int]) -> tuple[dict[Key, int], int]:
    """Cells of which nobody knows that they exist: the small ones are one number together, which names none of them.

    It grows by the smallest of the others until it is not small itself.
    """
    large = {key: people for key, people in cells.items() if people >= LEAST}
    rest = sum(people for people in cells.values() if is_small(people))
    while is_small(rest) and large:
        smallest = min(large, key=lambda key: large[key])
        rest += large.pop(smallest)
    return large, rest


def marked(cells: Mapping[Key, int], people: int) -> dict[Key, int | None]:
    """Cells of which one person may be in several: neither those in one nor those not in it may be few."""
    return {key: None if is_small(here) or is_small(people - here) else here for key, here in cells.items()}
