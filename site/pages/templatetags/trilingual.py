"""Show trilingual texts with the language they are really in."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from pages.trilingual import shown
from pages.typography import typeset as set_by_rules

register = template.Library()


@register.simple_tag
def tri(value: Any, language: str | None = None) -> str:
    """The text, marked with ``lang`` where it is not in the page's language."""
    text, lang = shown(value, language)
    text = set_by_rules(text, lang)
    if not text or lang == get_language():
        return format_html("{}", text)
    return format_html('<span lang="{}">{}</span>', lang, text)


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
    """A title of a page with the spaces its language (the active one by default) wants."""
    return set_by_rules(str(text), language or get_language() or "")
