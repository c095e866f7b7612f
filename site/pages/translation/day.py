"""A day in words: Django's formats write the months of Spanish with capitals."""

import datetime as dt

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language


def in_words(instant: dt.datetime) -> str:
    """ "22 de noviembre de 2026", "1er mai 2026", in the active language and zone."""
    language = get_language() or settings.LANGUAGE_CODE
    day = timezone.localtime(instant).date()
    said = format_date(day, "long", locale="en_GB" if language == "en" else language)
    return f"1er{said[1:]}" if language == "fr" and day.day == 1 else said
