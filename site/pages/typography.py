"""French typography: a line never begins with « : » nor ends with an opening quote."""

import re

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
_RULES = [
    (re.compile(r"(?<=«) (?=\S)|(?<=\S) (?=[:»](?:\W|$))"), NO_BREAK),
    (re.compile(r"(?<=\S) (?=[;?!])"), NARROW),
]


def typeset(text: str, language: str) -> str:
    """The text with the spaces its language wants; only plain spaces that are there become unbreakable."""
    if language == "fr":
        for pattern, space in _RULES:
            text = pattern.sub(space, text)
    return text
