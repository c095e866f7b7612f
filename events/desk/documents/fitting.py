"""Fitting: how large a badge can be written so that all of it stays on the badge, whoever wears it.

WeasyPrint shrinks nothing by itself, so the height is reckoned beforehand, rather too high than too low.
"""

import unicodedata
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 246.0, 178.0
"Points between the margins of a badge, and between its head and its foot: 87 by 63 mm."
SLACK = 1.1
"What a line loses where a word does not fit on it any more."
LEADING, GAP = 1.32, 6.0


@dataclass(frozen=True)
class Size:
    """How large the parts of a badge are written, in points."""

    name: float
    latin: float
    position: float
    organisation: float


SIZES = (
    Size(36, 17, 11.5, 12),
    Size(30, 16, 11, 11.5),
    Size(25, 14, 10.5, 11),
    Size(21, 13, 10, 10),
    Size(17, 12, 9.5, 9.5),
    Size(14, 10.5, 8.5, 8.5),
    Size(11, 9, 7, 7),
    Size(9, 7.5, 6, 6),
)
"From the largest; the style of a badge has one class for each."


FOOT_WIDTH, FOOT_HEIGHT = 150.0, 94.0
"Points beside the code: 54 by 34 mm."
FOOT_SIZES = ((12.0, 8.5), (10.0, 7.5), (8.5, 6.5), (7.0, 5.5), (5.5, 4.5))
"Of the ticket, and of what else stands there."


def fit_foot(ticket: str, *others: str) -> int:
    """The number of the largest size in which what stands beside the code stays there."""
    for number, (large, small) in enumerate(FOOT_SIZES):
        parts = ((ticket, large), *((one, small) for one in others))
        if (
            sum(_lines(text, points, FOOT_WIDTH) * points * LEADING + 3 for text, points in parts if text)
            <= FOOT_HEIGHT
        ):
            return number
    return len(FOOT_SIZES) - 1


def fit(name: str, latin: str, position: str, organisation: str, country: str) -> int:
    """The number of the largest size in which all of it stands whole; of the smallest if none does."""
    for number, size in enumerate(SIZES):
        parts = (
            (name, size.name),
            (latin, size.latin),
            (position, size.position),
            (organisation, size.organisation),
            (country, size.organisation),
        )
        high = sum(_lines(text, points) * points * LEADING + GAP for text, points in parts if text)
        if high <= HEIGHT and _unbroken(name) * size.name <= WIDTH:
            return number
    return len(SIZES) - 1


def _lines(text: str, points: float, width: float = WIDTH) -> int:
    return max(1, ceil(_ems(text) * points * SLACK / width))


def _unbroken(text: str) -> float:
    """The widest word, in widths of an m; a hyphen ends a word, and a word nobody could write whole is broken."""
    words = (part + "-" for word in text.split() for part in word.split("-"))
    return min(max(map(_ems, words), default=0.0), WIDTH / SIZES[4].name)


def _ems(text: str) -> float:
    """How wide a text is, in widths of an m: rather too wide than too narrow."""
    return sum(map(_em, text))


def _em(letter: str) -> float:
    kind, at = unicodedata.category(letter), ord(letter)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if 0x0B80 <= at < 0x0E00:  # Tamil, Telugu, Kannada, Malayalam, Sinhala
        return 0.95
    if 0x0900 <= at < 0x0B80 or 0x1000 <= at < 0x1400:  # Devanagari and its neighbours, Burmese, Ethiopic
        return 0.68
    return 0.72 if kind == "Lu" else 0.3 if kind == "Zs" else 0.54
