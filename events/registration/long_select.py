"""A select with hundreds of options, at a small part of what a template for each of them costs."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Choices = tuple[tuple[str, str], ...]


class Listed(BaseChoiceIterator):
    """Choices made when they are asked for, in the language of that moment; taken as they are."""

    def __init__(self, make: Callable[[], Choices]) -> None:
        self.make = make

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from self.make()


class LongSelect(forms.Select):
    """Says what Django's own says, without groups; the options are written once for all who are shown the same."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = _written(tuple((str(key), str(label)) for key, label in self.choices))
        for chosen in self.format_value(value):
            option = _option(chosen)
            options = options.replace(option, f"{option[:-1]} selected>", 1)
        told = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{told}>{options}</select>")  # noqa: S308  (each part is escaped)


@lru_cache(maxsize=128)
def _written(choices: Choices) -> str:
    return "".join(f"{_option(key)}{escape(label)}</option>" for key, label in choices)


def _option(key: str) -> str:
    return f'<option value="{escape(key)}">'
