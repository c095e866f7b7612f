"""Kinds of letters. The room that writes a kind says what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Letter

Compose = Callable[["Letter"], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    ``compose`` is called when a letter leaves, with its language active. It
    returns what the templates ``letters/<name>.html`` and ``.txt`` show, with at
    least ``subject``; or None if the letter is no longer true and must not leave.
    ``calendar``, if there, lists what goes into the reader's calendar: the method
    and the text of each.
    """

    name: str
    label: Any
    compose: Compose


kinds: dict[str, Kind] = {}


def kind(name: str, label: Any) -> Callable[[Compose], Compose]:
    """Make a function the composer of a kind of letter."""

    def made(compose: Compose) -> Compose:
        kinds[name] = Kind(name, label, compose)
        return compose

    return made


def label(name: str) -> str:
    """What a kind is called in the active language."""
    return str(kinds[name].label) if name in kinds else name
