"""Typography: the spaces, apostrophes and raised letters that each language wants, whatever was typed."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

NO_BREAK, NARROW, APOSTROPHE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{RIGHT SINGLE QUOTATION MARK}"
_TYPED = re.compile(r"(?<=\w)'(?=\w)")
_NAME = re.compile(r"(?<!\d)4 (pour|per|por) 1000\b")
"The Initiative's own name, which no line breaks."
_FRENCH = [
    (re.compile(r"(?<=«) (?=\S|$)|(?:(?<=\S)|^) (?=[:»](?:\W|$))"), NO_BREAK),
    (re.compile(r"(?:(?<=\S)|^) (?=[;?!])"), NARROW),
    (re.compile(r"(?<=\d) (?=(?:h|%|€)(?:\W|$|\d))|(?<=\d h) (?=\d\d\b)|(?<=\d) (?=\d{3}(?:\D|$))"), NARROW),
    (re.compile(r"(?<=\bn°) (?=\d)"), NO_BREAK),
]
_RAISED = re.compile(r"\b(1)(re|er)\b|\b(\d+)(es?)\b")
"1re, 1er, 11e, 3es: as letters, for nobody names an amount so."
_TAG = re.compile(r"(<[^>]*>)")


def typeset(text: str, language: str) -> str:
    """The text with a true apostrophe inside its words, the Initiative's name whole and, in French, spaces that hold.

    Only what was typed is changed: no space is added where there is none.
    """
    text = _NAME.sub(rf"4{NO_BREAK}\1{NO_BREAK}1000", _TYPED.sub(APOSTROPHE, text))
    if language == "fr":
        for pattern, space in _FRENCH:
            text = pattern.sub(space, text)
    return text


def typeset_html(text: str, language: str) -> SafeString:
    """The same for a page: escaped, with the letters of French ordinals raised."""
    return _raise(str(escape(typeset(text, language))), language)


def typeset_prose(html: str, language: str) -> SafeString:
    """The same for HTML: its texts are set, its tags are left alone."""
    parts = _TAG.split(html)
    parts[::2] = [_raise(typeset(part, language), language) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308  (as safe as what came in)


def _raise(text: str, language: str) -> SafeString:
    if language == "fr":
        text = _RAISED.sub(lambda found: f"{found[1] or found[3]}<sup>{found[2] or found[4]}</sup>", text)
    return mark_safe(text)  # noqa: S308  (as safe as what came in)
