"""Words: what a letter about a registration says in its own voice, before the facts.

Three sources, the nearest first: what the staff wrote into this one letter, what they
wrote for this kind of letter of this event, and what comes with the product. All are
plain text with placeholders such as {title}; paragraphs stand apart by an empty line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from events.models import LetterText, Registration, waiting_list
from events.models.registration_books import Words
from events.models.registration_states import HOLDING
from letters.models import Letter
from pages.trilingual import Shown, shown, told_in
from pages.typography import typeset, typeset_html

from .shipped import SHIPPED, WITHOUT_A_SEAT

SAID = "said"
"Where a letter keeps the words with which it left; empty if they were the product's own."
PLACEHOLDER = re.compile(r"\{(\w*)\}")
LINK = re.compile(r"https?://[^\s<>\"{}]+\.[^\s<>\"{}]*[\w/]")
BREAK = re.compile(r"\n[ \t]*\n\s*")

Values = Mapping[str, Any]


class Said(NamedTuple):
    """The words of one letter, with their placeholders, and the language of its text."""

    subject: str
    text: str
    lang: str
    own: bool = False
    "Whether the staff wrote any of it."


def said(letter: Letter, kind: str, seated: bool = True) -> Said:
    """The words of a letter in the active language: those with which it left, once it has; else as they are now.

    ``seated`` is whether the person had a seat, which the product's own farewell says.
    """
    language = get_language() or "fr"
    if letter.facts.get(SAID):
        return Said(**letter.facts[SAID])
    default = shipped(kind, language, seated)
    if SAID in letter.facts:
        return default
    mine = letter.facts.get("words")
    if mine:
        return Said(mine.get("subject") or default.subject, mine.get("text") or default.text, language, True)
    return of_event(letter.facts["event"]["uid"], kind, language, default)


def of_event(uid: str, kind: str, language: str, default: Said) -> Said:
    """What the staff wrote for a kind of letter of an event, else the product's own words."""
    return of_text(LetterText.objects.filter(event__uid=uid, kind=kind).first(), language, default)


def of_text(text: LetterText | None, language: str, default: Said) -> Said:
    """What the staff wrote, in French where they left this language empty; else the product's own words."""
    if text is None or not (told_in(text.subject) or told_in(text.text)):
        return default
    subject, words = shown(text.subject, language), shown(text.text, language)
    return Said(
        subject.text or default.subject,
        words.text or default.text,
        words.lang if words.text else language,
        own=True,
    )


def kept(words: Said) -> dict[str, Any]:
    """The words as a letter keeps them when it leaves."""
    return {SAID: words._asdict() if words.own else {}}


def shipped(kind: str, language: str, seated: bool = True) -> Said:
    """The product's own words of a kind, in a language."""
    with override(language):
        words = (SHIPPED[kind] if seated or kind != "cancelled" else WITHOUT_A_SEAT).words()
    return Said(words["subject"], words["text"], language)


def filled(registration: Registration, kind: str) -> Words:
    """The words that a letter of this kind would have, in this participant's language, its placeholders filled in.

    For whoever puts one letter into words of its own; ``kind`` is one of ``SHIPPED``.
    """
    from .body import values_of

    with override(registration.language):
        language = registration.language
        own = shipped(kind, language, seated=registration.state in HOLDING)
        words = of_event(str(registration.event.uid), kind, language, own)
        until = registration.expires_at
        if kind == "offered":
            until = waiting_list.offer_until(registration.event, registration.occurrence)
        values = values_of(registration, until)
        return {
            "subject": plain(words.subject, values, words.lang),
            "text": plain(words.text, values, words.lang),
        }


# -- from words to a letter


def plain(text: str, values: Values, lang: str = "") -> str:
    """The text with its placeholders filled in; one that nobody knows stays as it was written."""
    return "".join(
        _typeset(piece, lang) if name is None else shown(values[name]).text for piece, name in _pieces(text, values)
    )


def paragraphs(text: str, values: Values, lang: str) -> list[SafeString]:
    """The same for a page, escaped; only addresses that the staff wrote out can be followed.

    ``lang`` is the language of the text; a value that is told in another one says so.
    """
    return [
        mark_safe(  # noqa: S308  (each piece is escaped)
            "".join(
                _linked(piece, lang) if name is None else _told(values[name], lang)
                for piece, name in _pieces(paragraph, values)
            ).replace("\n", "<br>")
        )
        for paragraph in BREAK.split(text.replace("\r\n", "\n").strip())
    ]


def _pieces(text: str, values: Values) -> Iterator[tuple[str, str | None]]:
    """What was written, and between it the names of the values that are to stand there."""
    end = 0
    for match in PLACEHOLDER.finditer(text):
        if match[1] in values:
            yield text[end : match.start()], None
            yield match[0], match[1]
            end = match.end()
    yield text[end:], None


def _told(value: Any, lang: str) -> SafeString:
    """A value escaped, marked with its language if the text around it is in another; a name is in none."""
    if isinstance(value, str):
        return escape(value)
    said, of = value if isinstance(value, Shown) else shown(value)
    text = typeset_html(said, of)
    return text if of == lang else format_html('<span lang="{}">{}</span>', of, text)


def _linked(text: str, lang: str) -> SafeString:
    """What was written, escaped, its addresses as links that say where they lead."""
    found, end = [], 0
    for match in LINK.finditer(text):
        found += [typeset_html(text[end : match.start()], lang), format_html('<a href="{0}">{0}</a>', match[0])]
        end = match.end()
    return mark_safe("".join([*found, typeset_html(text[end:], lang)]))  # noqa: S308  (each piece is escaped)


def _typeset(text: str, lang: str) -> str:
    """As its language wants it written, its addresses left alone."""
    found, end = [], 0
    for match in LINK.finditer(text):
        found += [typeset(text[end : match.start()], lang), match[0]]
        end = match.end()
    return "".join([*found, typeset(text[end:], lang)])
