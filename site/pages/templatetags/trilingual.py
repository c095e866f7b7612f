"""Show trilingual texts with the language they are really in."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from pages.trilingual import shown

register = template.Library()


@register.simple_tag
def tri(value: Any, language: str | None = None) -> str:
    """The text, marked with ``lang`` where it is not in the page's language."""
    text, lang = shown(value, language)
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
