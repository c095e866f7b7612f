"""How a page stands towards the text it is translated from, for the site and for the admin."""

import datetime as dt
from typing import Any

from django import template

from pages.languages import name_of
from pages.translation.bar import Bar, bar, offered
from pages.translation.day import in_words
from pages.translation.interface import said_in_english_only
from pages.translation.translated import Standing, Translated

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_bar(context: Any) -> Bar:
    """What stands above the side-by-side editor."""
    return bar(context["translation"], context["instance"], context["request"].user)


@register.simple_tag(takes_context=True)
def editor_words(context: Any) -> dict[str, str]:
    """What the editor says in English only, in the reader's language."""
    return said_in_english_only(
        context["source_locale"].get_display_name(), context["target_locale"].get_display_name()
    )


@register.filter
def offered_props(props: str) -> str:
    """The editor's properties without the ways that are shut here."""
    return offered(props)


@register.simple_tag
def standing(page: Any) -> Standing | None:
    """The language a page is really in, and since when it no longer follows its source; None for other pages."""
    return page.standing if isinstance(page, Translated) and page.pk else None  # type: ignore[attr-defined]


@register.filter
def day_in_words(instant: dt.datetime) -> str:
    """ "22 November 2026" in the active language."""
    return in_words(instant)


@register.simple_tag
def language_name(code: str) -> str:
    """A language, in the reader's."""
    return name_of(code) if code else ""


@register.simple_tag
def prose(page: Any) -> Standing:
    """The words of a page and the language they are in: its own, or those they are to be translated from."""
    return standing(page) or Standing(page.locale.language_code, page.body)
