"""Names and whatever else people write, as documents print it."""

import unicodedata

from django import template
from django.utils.html import conditional_escape, format_html

from pages.pdf import is_ours

register = template.Library()

RIGHT_TO_LEFT = ("R", "AL")
STRONG = ("L", *RIGHT_TO_LEFT)


def runs_left(text: str) -> bool:
    """Whether a text is read from the right, by its first letter that has a direction (UAX #9, P2)."""
    strong = next((kind for letter in text if (kind := unicodedata.bidirectional(letter)) in STRONG), "L")
    return strong in RIGHT_TO_LEFT


@register.filter
def written(text: str) -> str:
    """In letters that some font of the system has, where ours have not all of them, and in the text's own direction."""
    if is_ours(text):
        return conditional_escape(text)
    return format_html('<span class="any" dir="{}">{}</span>', "rtl" if runs_left(text) else "ltr", text)
