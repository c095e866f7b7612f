"""Amounts as people write them: in whole units of a currency, with the signs of their language."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import get_decimal_symbol, get_group_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.calendars import prices
from events.calendars.zone_names import locale
from events.models import money

SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
"What divides thousands in no language otherwise than that."
AMOUNT = re.compile(r"\d{1,15}(?:[.,]\d+)*\Z")
LONGEST = 40


def read(text: str, currency: str) -> int:
    """What somebody wrote, in minor units: 60, 60.50, 60,50, 15 000, 1,500.00.

    Both signs are understood in every language; what could mean a thousand times
    more to one reader than to another is refused.

    Raises:
        AmountRefused: it is no amount, or none of this currency; says why in the reader's language.
    """
    plain = SPACES.sub("", text)
    if not AMOUNT.match(plain):
        raise money.AmountRefused(_("This is not an amount."), code="amount")
    signs = [sign for sign in plain if sign in ".,"]
    if signs:
        last, groups = signs[-1], re.split(r"[.,]", plain)
        divides = len(set(signs)) == 1 and len(signs) > 1
        whole = groups if divides else groups[:-1]
        if (signs.count(last) > 1 and not divides) or not _grouped(whole):
            raise money.AmountRefused(_("This is not an amount."), code="amount")
        if not divides and len(signs) == 1 and len(groups[-1]) == 3 and not _is_decimal(last, currency):
            raise money.AmountRefused(
                _("This could be thousands or decimals: write the amount without a sign between the thousands."),
                code="thousands",
            )
        plain = "".join(whole) if divides else f"{''.join(whole)}.{groups[-1]}"
    return money.minor(Decimal(plain), currency)


def _grouped(whole: list[str]) -> bool:
    """Whether thousands are divided as people do: the last by three digits, those before by two in India."""
    return len(whole) == 1 or (len(whole[-1]) == 3 and all(len(group) in (2, 3) for group in whole[1:]))


def _is_decimal(sign: str, currency: str) -> bool:
    """Whether three digits behind this sign are decimals: of a currency that has three, where nobody groups by it."""
    return money.exponent(currency) == 3 and sign != get_group_symbol(locale(get_language() or "fr"))


def written(amount: int, currency: str, *, whole: bool = False) -> str:
    """An amount as the reader would type it, without a sign between the thousands.

    60 or 60.50; with ``whole`` always with all decimals of its currency.
    """
    units = money.major(amount, currency)
    text = f"{units:f}" if whole or units != units.to_integral_value() else f"{units.quantize(Decimal(1)):f}"
    return text.replace(".", get_decimal_symbol(locale(get_language() or "fr")))


def choices(*more: str) -> list[tuple[str, str]]:
    """The currencies in which a price can be asked, each with its name in the reader's language."""
    return [(code, f"{code} · {prices.name(code)}") for code in sorted({*money.CURRENCIES, *more} - {""})]


class AmountField(forms.CharField):
    """An amount in whole units. It is read once its currency is known: by ``amount_of``."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST} | kwargs)


def amount_of(form: forms.Form | forms.ModelForm, name: str, currency: str) -> int | None:
    """What was written in a field of a form, in minor units; None if nothing was, or it is refused there."""
    said = form.cleaned_data.get(name)
    if said in (None, ""):
        return None
    try:
        return read(str(said), currency)
    except ValidationError as refused:
        form.add_error(name, refused)
        return None
