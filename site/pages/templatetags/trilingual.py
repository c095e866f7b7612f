"""Show trilingual texts with the language they are really in."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from pages.trilingual import shown
from pages.typography import typeset_html, typeset_prose

register = template.Library()


@register.simple_tag
def tri(value: Any, language: str | None = None) -> str:
    """The text, marked with ``lang`` where it is not in the page's language."""
    text, lang = shown(value, language)
    said = typeset_html(text, lang)
    if not text or lang == get_language():
        return said
    return format_html('<span lang="{}">{}</span>', lang, said)


@register.filter
def plain(value: Any) -> str:
    """The bare text, for an attribute or a title."""
    return shown(value).text


@register.filter
def lang_of(value: Any) -> str:
    """The language in which the text is really shown."""
    return shown(value).lang


@register.filter
def typeset(text: Any, language: str | None = None) -> str:
    """A title of a page as its language (the active one by default) wants it written."""
    return typeset_html(str(text), language or get_language() or "")


@register.filter
def typeset_words(html: Any) -> str:
    """What the editors wrote, as the page's language wants it written."""
    return typeset_prose(str(html), get_language() or "")
