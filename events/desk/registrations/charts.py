"""Charts as SVG: drawn on the server, without a script, as wide as the page and with letters of the page's size.

Lengths across are in per cent and lengths down in pixels, so that a telephone
shrinks the bars and not the words. Each chart is one picture with a title and a
description; its figures stand in a table beside. Colours are in ``figures.css``.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from babel.numbers import format_decimal
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.calendars.zone_names import locale

ROW, BAR = 40, 14
"Pixels of a bar with its words above, and of the bar."
HEIGHT, TOP, GROUND = 230, 14, 190
LONGEST = 40
"Letters of a word in a chart: a telephone has no room for more; the table has."
TICKS = 4


class Line(NamedTuple):
    """One course of figures, step by step; None where there is none (yet)."""

    name: str
    values: Sequence[int | None]


def number(value: int) -> str:
    """A number in the reader's language: 12 345, 12,345; four figures stand together in Spanish (RAE)."""
    language = get_language() or "fr"
    return str(format_decimal(value, locale=locale(language), group_separator=language != "es" or value >= 10_000))


def bars(key: str, title: str, description: str, rows: Sequence[tuple[str, int]]) -> SafeString:
    """A bar for each row, from top to bottom, with its words and its number above."""
    most = max((count for _label, count in rows), default=0) or 1
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><text class="chart__number" x="100%" y="{}">{}</text>'
        '<rect class="chart__ground" x="0" y="{}" width="100%" height="{}"/>'
        '<rect class="chart__this" x="0" y="{}" width="{}" height="{}"/>',
        (
            (at + 16, _short(label), at + 16, number(count), at + 22, BAR, at + 22, _percent(count / most), BAR)
            for at, (label, count) in ((number_ * ROW, row) for number_, row in enumerate(rows))
        ),
    )
    return _picture(key, title, description, drawn, len(rows) * ROW)


def columns(key: str, title: str, description: str, lines: Sequence[Line], labels: Sequence[str]) -> SafeString:
    """Columns side by side, a group for each step: the first line's and, behind it, the second's."""
    most = _round_up(max((value or 0 for line in lines for value in line.values), default=0))
    steps = len(labels)
    width = 0.84 / (steps * len(lines))
    drawn = [
        format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            _class(place),
            _percent((step + 0.08) / steps + place * width),
            GROUND - _high(value, most),
            _percent(width),
            _high(value, most),
        )
        for place, line in enumerate(lines)
        for step, value in enumerate(line.values)
        if value
    ]
    return _picture(key, title, description, _axes(most, labels) + _joined(drawn))


def course(key: str, title: str, description: str, lines: Sequence[Line], labels: Sequence[str]) -> SafeString:
    """A line through each course of figures, with a dot where it ends."""
    most = _round_up(max((value or 0 for line in lines for value in line.values), default=0))
    drawn = []
    for place, line in reversed(list(enumerate(lines))):  # the first one lies on top
        points = [
            (_percent((step + 0.5) / len(labels)), GROUND - _high(value, most))
            for step, value in enumerate(line.values)
            if value is not None
        ]
        drawn += [
            format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', _class(place, "line"), *before, *after)
            for before, after in pairwise(points)
        ]
        if points:
            drawn.append(format_html('<circle class="{}" cx="{}" cy="{}" r="4"/>', _class(place), *points[-1]))
    return _picture(key, title, description, _axes(most, labels) + _joined(drawn))


def _picture(key: str, title: str, description: str, drawn: SafeString, height: int = HEIGHT) -> SafeString:
    return format_html(
        '<svg class="chart" role="img" aria-labelledby="chart-{key}-title chart-{key}-desc" '
        'width="100%" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="chart-{key}-title">{title}</title>'
        '<desc id="chart-{key}-desc">{description}</desc>{drawn}</svg>',
        key=key,
        height=height,
        title=title,
        description=description,
        drawn=drawn,
    )


def _axes(most: int, labels: Sequence[str]) -> SafeString:
    """Lines across with their numbers on them, and a few words below."""
    ticks = sorted({round(most * part / TICKS) for part in range(TICKS + 1)} if most >= TICKS else set(range(most + 1)))
    across = format_html_join(
        "",
        '<line class="chart__grid" x1="0" y1="{}" x2="100%" y2="{}"/><text class="chart__tick" x="0" y="{}">{}</text>',
        ((y, y, y - 4, number(tick)) for tick in ticks for y in [GROUND - _high(tick, most)]),
    )
    last = len(labels) - 1
    chosen = sorted({0, last})  # a telephone has room for no more words
    below = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                "0" if step == 0 < last else "100%" if step == last > 0 else _percent((step + 0.5) / len(labels)),
                GROUND + 22,
                "start" if step == 0 < last else "end" if step == last > 0 else "middle",
                labels[step],
            )
            for step in chosen
        ),
    )
    return across + below


def _joined(drawn: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in drawn))


def _class(place: int, form: str = "") -> str:
    name = ("this", "last")[place]
    return f"chart__{form}-{name}" if form else f"chart__{name}"


def _high(value: int | None, most: int) -> int:
    return round((value or 0) / most * (GROUND - TOP))


def _round_up(most: int) -> int:
    """The next number that four steps divide into round ones: 4, 8, 20, 40, 80, 100, 200, 400 …"""
    power = 1
    while True:
        for step in (4, 8, 20):
            if most <= step * power:
                return step * power
        power *= 10


def _percent(part: float) -> str:
    """Written as SVG wants it, in every language."""
    return f"{part * 100:.2f}%"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
