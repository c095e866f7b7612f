"""Latin: whether a text is written in Latin letters, as a badge's second line and a passport are."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def is_latin(text: str) -> bool:
    """Whether each of its letters is a Latin one, whatever marks it bears; other signs count for nothing."""
    return all("LATIN" in unicodedata.name(one, "") for one in text if unicodedata.category(one).startswith("L"))


def validate_latin(text: str) -> None:
    """Refuse letters of other scripts, and what has no letter at all."""
    if not is_latin(text) or not any(map(str.isalpha, text)):
        raise ValidationError(_("Write your name here in Latin letters (a to z, with any accents)."), code="latin")
