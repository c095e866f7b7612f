"""Currencies as Stripe counts them: minor units, least amounts, and what it refuses.

https://docs.stripe.com/currencies, as written down in the project's notes; not asked of live Stripe.
"""

from tests.stripe.refusal import Refusal


def codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


ZERO = codes("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE = codes("bhd jod kwd omr tnd")
TWO = codes(
    """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc
    cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr
    kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk
    php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu
    uzs wst xcd yer zar zmw
    """
)
WHOLE = frozenset({"isk"})  # two decimals on the wire, whole units only
LEAST = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
MOST = 99_999_999


def digits(currency: str) -> int:
    """How many decimals the currency has at Stripe."""
    return 0 if currency in ZERO else 3 if currency in THREE else 2


def check_currency(currency: str, param: str) -> None:
    """Refuse what is not a lower-case currency that Stripe takes."""
    if currency not in ZERO | TWO | THREE:  # UGX is zero-decimal with two decimals on the wire: not until checked
        raise Refusal(f"Invalid currency: {currency}.", "parameter_invalid", param)


def check_unit(amount: int, currency: str, param: str) -> None:
    """Refuse an amount that cannot be charged in this currency."""
    if amount < 0:
        raise Refusal("Invalid non-negative integer", "parameter_invalid_integer", param)
    step = 10 if currency in THREE else 100 if currency in WHOLE else 1
    if amount % step:
        raise Refusal(f"Invalid amount: {currency} is charged in steps of {step} minor units", "invalid_amount", param)


def check_total(amount: int, currency: str) -> None:
    """Refuse a total that is too small or too large."""
    if amount < LEAST.get(currency, 1):
        least = LEAST.get(currency, 1)
        raise Refusal(
            f"The Checkout Session's total amount due must add up to at least {least} {currency}", "amount_too_small"
        )
    if amount > MOST:
        raise Refusal(f"The Checkout Session's total amount due must be no more than {MOST}", "amount_too_large")
