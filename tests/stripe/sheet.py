"""What every page of the double looks like."""

from decimal import Decimal
from html import escape

from babel.numbers import format_currency, get_currency_precision

from tests.stripe import money

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2420, #eef2ef); --paper: light-dark(#f4f6f4, #141a17);
  --card: light-dark(#fff, #1e2723); --line: light-dark(#b9c4bd, #46534c); --act: light-dark(#1d5c3f, #8fd6b0);
  --on: light-dark(#fff, #10231a); --warn: light-dark(#fff3cd, #3d3310) }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere }
.notice { background: var(--warn); border-bottom: 1px solid var(--line); padding: .75rem 1rem; text-align: center;
  font-weight: 600 }
main { max-width: 30rem; margin: 1.5rem auto; padding: 0 1rem }
main.wide { max-width: 75rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .25rem 0 1rem }
h2 + form { margin: 0 0 .75rem }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem }
.lines { list-style: none; margin: 0; padding: 0 }
.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .4rem 0;
  border-bottom: 1px solid var(--line) }
.lines li:last-child { border: 0; font-weight: 700 }
.lines span:last-child { white-space: nowrap }
.alert { border: 2px solid currentColor; border-radius: .5rem; padding: .75rem 1rem; font-weight: 600 }
form.ways { display: grid; gap: .75rem; margin: 1.25rem 0 }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; display: grid; gap: .75rem }
legend { font-weight: 600; padding: 0; margin-bottom: .75rem }
.card p { margin: .5rem 0 0 }
button { font: inherit; min-height: 2.75rem; padding: .4rem 1rem; border: 2px solid var(--act); border-radius: .4rem;
  background: transparent; color: var(--act); cursor: pointer }
button.first { background: var(--act); color: var(--on); font-weight: 600 }
a { color: var(--act) }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line) }
td { min-width: 6rem; overflow-wrap: normal }
td:first-child { white-space: nowrap }
.time { display: flex; flex-wrap: wrap; gap: .5rem }
td form { display: inline-flex; flex-wrap: wrap; gap: .4rem; margin: 0 .4rem .4rem 0; align-items: center }
td button, .time button { min-height: 2rem; padding: .1rem .6rem }
input { font: inherit; width: 7rem; min-height: 2rem; padding: .1rem .4rem }
.quiet { font-size: .85rem }
"""


def sheet(language: str, title: str, body: str, *, notice: str, wide: bool = False) -> bytes:
    """A whole page."""
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header class="notice">{escape(notice)}</header>
<main{' class="wide"' if wide else ""}>
{body}
</main>
</body>
</html>
""".encode()


def amount(minor: int, currency: str, language: str = "en") -> str:
    """An amount as people of this language write it."""
    digits = money.digits(currency)
    exact = get_currency_precision(currency.upper()) == digits
    value = Decimal(minor).scaleb(-digits)
    return str(format_currency(value, currency.upper(), locale=language, currency_digits=exact))
