"""Money: whole minor units of a currency, exact or refused.

The exponents are Stripe's, not ISO's or CLDR's, which differ for ISK, MGA and others
(docs.stripe.com/currencies): an amount goes to Stripe as it is stored.
"""

from decimal import ROUND_CEILING, Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
"A minor unit is a whole unit."
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"Thousandths, of which the last digit must be 0."
WHOLE_ONLY = frozenset({"ISK"})
"Hundredths, of which only whole units are taken."
TWO_DECIMAL = frozenset({
    "AED", "ARS", "AUD", "BDT", "BGN", "BOB", "BRL", "BWP", "CAD", "CHF", "CNY", "COP", "CRC", "CVE",
    "CZK", "DKK", "DOP", "DZD", "EGP", "ETB", "EUR", "FJD", "GBP", "GHS", "GMD", "GTQ", "HKD", "HNL",
    "HUF", "IDR", "ILS", "INR", "JMD", "KES", "KZT", "LKR", "LSL", "MAD", "MUR", "MWK", "MXN", "MYR",
    "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "SAR",
    "SCR", "SEK", "SGD", "SZL", "THB", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "ZAR",
    "ZMW",
})  # fmt: skip
CURRENCIES = sorted(ZERO_DECIMAL | THREE_DECIMAL | WHOLE_ONLY | TWO_DECIMAL)
"Those in which a price can be asked. Not UGX, which Stripe lists both as zero-decimal and as a special case."
LARGEST = 99_999_999
"What Stripe takes at most in one payment, in minor units (docs.stripe.com/currencies)."


class AmountRefused(ValidationError):
    """An amount that can't be asked in its currency; says why in the reader's language."""


def exponent(currency: str) -> int:
    """How many decimals a minor unit is of the whole one: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def step(currency: str) -> int:
    """The smallest difference between two amounts that can be paid, in minor units."""
    if currency in THREE_DECIMAL:
        return 10
    return 100 if currency in WHOLE_ONLY else 1


def major(amount: int, currency: str) -> Decimal:
    """An amount of minor units in whole units: 6000 EUR is 60.00, 15000 XOF is 15000."""
    return Decimal(amount).scaleb(-exponent(currency))


def minor(amount: Decimal | str, currency: str) -> int:
    """An amount in whole units in minor ones, exactly.

    Raises:
        AmountRefused: it has more decimals than the currency, or is negative, not a number or too large.
    """
    try:
        units = Decimal(amount).scaleb(exponent(currency))
    except InvalidOperation:
        raise AmountRefused(_("This is not an amount."), code="amount") from None
    if not units.is_finite() or units < 0:
        raise AmountRefused(_("This is not an amount."), code="amount")
    if units != units.to_integral_value() or int(units) % step(currency):
        raise AmountRefused(
            _("%(currency)s has no such small change: write a whole amount of its smallest coin."),
            code="inexact",
            params={"currency": currency},
        )
    if units > LARGEST:
        raise AmountRefused(_("This is more than can be paid at once."), code="large")
    return int(units)


def smallest(currency: str) -> int:
    """The least that can be charged, in minor units; 1 where none is known. Settings may say otherwise."""
    return int(settings.STRIPE_MINIMUMS.get(currency, step(currency)))


def charged(amount: int, currency: str) -> int:
    """The same amount, if it can be charged, or 0, which is free.

    Raises:
        AmountRefused: it has too small change, or is less or more than can be paid at once.
    """
    if currency not in CURRENCIES:
        raise AmountRefused(_("No price can be asked in %(currency)s."), code="currency", params={"currency": currency})
    if amount % step(currency):
        return minor(major(amount, currency), currency)
    if amount > LARGEST:
        raise AmountRefused(_("This is more than can be paid at once."), code="large")
    if 0 < amount < smallest(currency):
        raise AmountRefused(
            _("Less than %(least)s %(currency)s can’t be paid by card."),
            code="small",
            params={"least": major(smallest(currency), currency), "currency": currency},
        )
    return amount


def share(amount: int, percent: int, currency: str) -> int:
    """So many hundredths of an amount, rounded up to what can be paid, in favour of who gets it."""
    units = Decimal(amount) * percent / 100 / step(currency)
    return min(amount, int(units.to_integral_value(ROUND_CEILING)) * step(currency))
