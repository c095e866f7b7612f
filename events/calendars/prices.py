"""Prices as people read them, in their language (CLDR, by Babel)."""

import re

from babel.numbers import format_currency, get_currency_name
from django.conf import settings
from django.utils.translation import get_language

from events.models import money

from .zone_names import locale

LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


def told(amount: int, currency: str, language: str | None = None) -> str:
    """An amount of minor units with its currency: "60,00 €", "15 000 F CFA", "₹1,500.00".

    Whole amounts of a currency that is written without decimals have none; no digit is ever rounded away.
    A blank stands between letters and digits, as CLDR has it and Babel has not: "ISK 1,500".
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    exact = bool(amount % 10 ** money.exponent(currency))
    told = format_currency(
        money.major(amount, currency), currency, locale=locale(language), decimal_quantization=not exact
    )
    return LETTER_DIGIT.sub("\N{NO-BREAK SPACE}", told)


def name(currency: str, language: str | None = None) -> str:
    """What a currency is called: "euro", "West African CFA franc"."""
    return str(get_currency_name(currency, locale=locale(language or get_language() or settings.LANGUAGE_CODE)))
