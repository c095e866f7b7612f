"""Soil profiles: a picture of the ground for each event, always the same, in the colours of its region.

A profile is a stack of horizons. Each has a colour after the Munsell chart, a
share of the depth and a grain, the mark a soil atlas would engrave in it. The
shape of every edge comes from a digest of the seed, never from a clock or a
random state: the same seed gives the same bytes on any machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from math import pi, sin

EDITION = 1
"Raised when the drawing changes: it is part of the addresses, which browsers keep for good."

Point = tuple[int, int]


@dataclass(frozen=True)
class Horizon:
    """One layer: its colour, its share of the depth, its grain and the ink of the grain."""

    colour: str
    share: float
    grain: str
    ink: str


def _ground(*rows: tuple[str, float, str, str]) -> tuple[Horizon, ...]:
    return tuple(Horizon(*row) for row in rows)


GRASS, TOPSOIL, SUBSOIL, PARENT = (
    ("#47702f", 0.05, "root", "#86a963"),
    ("#2e231b", 0.33, "clod", "#5b4736"),
    ("#6b4a30", 0.32, "clod", "#8c6747"),
    ("#b99868", 0.30, "dash", "#8f7148"),
)

GROUNDS: dict[str, tuple[Horizon, ...]] = {
    "aspac": _ground(  # Vertisol of the Deccan: black clay that cracks, lime nodules below
        ("#2b2622", 0.30, "crack", "#0f0d0b"),
        ("#463d35", 0.26, "crack", "#1f1a16"),
        ("#786d60", 0.24, "dash", "#594f45"),
        ("#b8aa92", 0.20, "nodule", "#efe6d2"),
    ),
    "afr-w": _ground(  # Ferralsol: dark humus over brick red, mottled yellow at the bottom
        ("#3a2219", 0.18, "root", "#7a4a35"),
        ("#87371f", 0.30, "clod", "#a9553a"),
        ("#b9562a", 0.30, "clod", "#d98050"),
        ("#cf9440", 0.22, "mottle", "#a23f1d"),
    ),
    "afr": _ground(  # Nitisol
        ("#351d17", 0.22, "root", "#73463a"),
        ("#65281c", 0.34, "clod", "#854334"),
        ("#7f3322", 0.26, "clod", "#a2543f"),
        ("#a5623f", 0.18, "dash", "#7b3f25"),
    ),
    "eur-n": _ground(  # Podzol: peat, ash, rust, sand
        ("#211d1a", 0.18, "root", "#5c5148"),
        ("#b3aca0", 0.22, "dash", "#8b8478"),
        ("#8c4c22", 0.30, "mottle", "#5c2c12"),
        ("#cfae78", 0.30, "dot", "#9c7c48"),
    ),
    "eur": _ground(  # Cambisol
        ("#43342a", 0.24, "root", "#7c6656"),
        ("#8a6443", 0.38, "clod", "#a9835f"),
        ("#c4a67d", 0.38, "stone", "#e0cba9"),
    ),
    "temp": _ground(  # Luvisol
        ("#4a3b2f", 0.24, "root", "#7d6a59"),
        ("#a58d6f", 0.20, "dash", "#84704f"),
        ("#7d5230", 0.30, "clod", "#9d7150"),
        ("#c8b28a", 0.26, "dot", "#98825a"),
    ),
    "med": _ground(  # terra rossa over limestone
        ("#55301f", 0.22, "root", "#8f6248"),
        ("#9c3d22", 0.42, "clod", "#bd6243"),
        ("#d9cdb6", 0.36, "stone", "#f3ebdb"),
    ),
    "lac": _ground(  # Andosol
        ("#1d1a19", 0.32, "dot", "#6a615a"),
        ("#5d3a25", 0.34, "clod", "#7d5740"),
        ("#bf8a3e", 0.34, "dot", "#8a5d1f"),
    ),
    "nam": _ground(  # Chernozem: deep black over loess
        ("#1f1b18", 0.42, "root", "#5f564e"),
        ("#6a5846", 0.24, "burrow", "#2b241e"),
        ("#cdb588", 0.34, "nodule", "#f0e3c6"),
    ),
    # The Initiative's own ground: humus under leaf green. What it holds everywhere has a layer of its own.
    "global": _ground(GRASS, TOPSOIL, SUBSOIL, PARENT),
    "global-initiative_day": _ground(
        ("#5b8a3c", 0.09, "root", "#a8c987"), TOPSOIL, ("#7a5634", 0.30, "nodule", "#c9a468"), PARENT
    ),
    "global-forum": _ground(
        GRASS, ("#3b2c21", 0.26, "burrow", "#1c140e"), ("#80592f", 0.40, "stone", "#b48a55"), PARENT
    ),
    "global-consortium": _ground(
        GRASS, ("#2a2420", 0.42, "root", "#62544a"), ("#5d4a3c", 0.22, "clod", "#7f6b5b"), PARENT
    ),
    "global-bureau": _ground(GRASS, ("#352a22", 0.30, "dash", "#594738"), ("#574433", 0.36, "dash", "#7a6450"), PARENT),
    "global-webinar": _ground(GRASS, TOPSOIL, ("#8a6a47", 0.32, "dot", "#5f4629"), ("#d0b98f", 0.30, "dot", "#9c8356")),
    "global-virtual_fair": _ground(
        GRASS, ("#40301f", 0.28, "mottle", "#7d6038"), ("#94703d", 0.36, "mottle", "#5e4520"), PARENT
    ),
    "global-call": _ground(GRASS, ("#2e231b", 0.22, "crack", "#120d09"), ("#a07c4b", 0.42, "stone", "#cbb187"), PARENT),
    "global-external_event": _ground(
        GRASS, ("#3f3a33", 0.34, "stone", "#6e675c"), ("#6e604c", 0.32, "clod", "#8f806a"), PARENT
    ),
}


def of_kind(ground: str, kind: str) -> str:
    """The ground of a kind of event where the Initiative itself meets; a region's ground is its own."""
    own = f"{ground}-{kind}"
    return own if own in GROUNDS else ground


class Dice:
    """An endless row of numbers in [0, 1) that depends on a text alone."""

    def __init__(self, text: str) -> None:
        self._numbers = self._thrown(text)

    @staticmethod
    def _thrown(text: str) -> Iterator[float]:
        turn = 0
        while True:
            pool = blake2b(f"{text}/{turn}".encode(), digest_size=64).digest()
            yield from (int.from_bytes(pool[at : at + 2]) / 65536 for at in range(0, 64, 2))
            turn += 1

    def __call__(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * next(self._numbers)


def profile(ground: str, seed: str, width: int = 300, height: int = 640) -> str:
    """The monolith: the hero of a page, with a little air above the ground."""
    return _svg(width, height, _layers(Dice(f"{ground}:{seed}"), GROUNDS[ground], width, 10, height, 1))


def strip(ground: str, seed: str, width: int = 1200, height: int = 150) -> str:
    """The same ground cut wide, for a phone."""
    return _svg(width, height, _layers(Dice(f"{ground}:{seed}:strip"), GROUNDS[ground], width, 7, height, 0.8))


def social(ground: str, seed: str, width: int = 1200, height: int = 630) -> str:
    """What a link shows when it is shared: the ground under a paper sky. No word stands in it: titles stay text."""
    layers = _layers(Dice(f"{ground}:{seed}:social"), GROUNDS[ground], width, 120, height, 2.2)
    return _svg(width, height, f'<path fill="#faf7f2" d="M0 0H{width}V{height}H0z"/>{layers}')


CUTS = {"profile": profile, "strip": strip}


def _svg(width: int, height: int, body: str) -> str:
    box = f'viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{body}</svg>'


def _layers(dice: Dice, horizons: tuple[Horizon, ...], width: float, top: float, bottom: float, scale: float) -> str:
    """Each horizon is drawn down to the bottom, and the next laps over it."""
    drawn, y = "", top
    for depth, horizon in enumerate(horizons):
        line = _curve(_edge(dice, width, y, (4 if depth == 0 else 12) * scale))
        drawn += f'<path fill="{horizon.colour}" d="M{line}V{round(bottom)}H0z"/>'
        is_last = depth == len(horizons) - 1
        end = bottom if is_last else y + (bottom - top) * horizon.share * dice(0.9, 1.1)
        drawn += _grain(dice, horizon, width, y, end, scale)
        y = end
    return drawn


def _edge(dice: Dice, width: float, y: float, swing: float) -> list[Point]:
    """An uneven line from left to right: three waves and a little chance."""
    steps = max(7, min(18, round(width / 44)))
    waves = [(dice(0.6, 1.4) * k, dice(0, 2 * pi), swing / k) for k in (1, 2.3, 4.1)]
    points = []
    for step in range(steps + 1):
        lift = sum(height * sin(2 * pi * often * step / steps + phase) for often, phase, height in waves)
        points.append((round(width * step / steps), round(y + (lift + dice(-0.35, 0.35) * swing) * 0.6)))
    return points


def _curve(points: list[Point]) -> str:
    """A smooth path through the midpoints of a line."""
    first, last = points[0], points[-1]
    bends = "".join(
        f"Q{x1} {y1} {round((x1 + x2) / 2)} {round((y1 + y2) / 2)}" for (x1, y1), (x2, y2) in pairwise(points[1:])
    )
    return f"{first[0]} {first[1]}{bends}L{last[0]} {last[1]}"


ROUND = {"nodule": 1.0, "mottle": 1.0, "stone": 2.3, "burrow": 1.9}
DASHES = {"dot": (0, 11), "dash": (13, 17), "clod": (3, 15, 7, 22)}


def _grain(dice: Dice, horizon: Horizon, width: float, top: float, bottom: float, scale: float) -> str:
    """The marks of one horizon, as few shapes as will do."""
    if horizon.grain in ROUND:
        return _pebbles(dice, horizon, width, top, bottom, scale)
    pen = f'fill="none" stroke="{horizon.ink}" stroke-linecap="round" stroke-width="{round(1.6 * scale, 1)}"'
    if horizon.grain == "crack":
        return f'<path {pen} d="{_threads(dice, width, top, bottom - top, scale, (70, 9, 5, 0.2, 0.4, 0.75))}"/>'
    if horizon.grain == "root":
        threads = _threads(dice, width, top, bottom - top, scale, (60, 14, 22, 0.02, 0.45, 0.95))
        return f'<path {pen} opacity=".6" d="{threads}"/>'
    return _furrows(dice, horizon, width, top, bottom, scale, pen)


def _pebbles(dice: Dice, horizon: Horizon, width: float, top: float, bottom: float, scale: float) -> str:
    deep = bottom - top
    room = max(6.0, deep * 0.12)
    drawn = ""
    for _number in range(max(4, min(20, round(width * deep / (5200 * scale))))):
        size = dice(2.4, 6.5) * scale * ROUND[horizon.grain]
        across, down = round(size * dice(0.9, 1.7), 1), round(size * dice(0.6, 1), 1)
        left = max(2, min(round(dice(0.02, 0.98) * width), round(width - 2 * across - 3)))
        there, back = (
            f"a{across} {down} 0 1 0 {round(2 * across, 1)} 0",
            f"a{across} {down} 0 1 0 {round(-2 * across, 1)} 0",
        )
        drawn += f"M{left} {round(dice(top + room, bottom - room))}{there}{back}"
    return f'<path fill="{horizon.ink}" opacity=".75" d="{drawn}"/>'


def _threads(
    dice: Dice,
    width: float,
    top: float,
    deep: float,
    scale: float,
    habit: tuple[float, float, float, float, float, float],
) -> str:
    """Cracks and roots: how far apart, how they bend and lean, where they begin, how far down they reach."""
    apart, bend, lean, begin, least, most = habit
    drawn = ""
    for _number in range(max(3, round(width / (apart * scale)))):
        start = f"M{round(dice(0.02, 0.98) * width)} {round(top + dice(0, begin) * deep + 2)}"
        by_way = f"{round(dice(-bend, bend) * scale)} {round(deep * 0.25)}"
        drawn += f"{start}q{by_way} {round(dice(-lean, lean) * scale)} {round(deep * dice(least, most))}"
    return drawn


def _furrows(dice: Dice, horizon: Horizon, width: float, top: float, bottom: float, scale: float, pen: str) -> str:
    deep = bottom - top
    lines = max(2, min(7, round(deep / (20 * scale))))
    drawn = ""
    for line in range(lines):
        points = _edge(dice, width, top + deep * (line + 0.7) / (lines + 0.5), 5 * scale)
        drawn += "M" + _curve(points[::2] if len(points) > 8 else points)
    dashes = " ".join(f"{round(length * scale, 1):g}" for length in DASHES[horizon.grain])
    return (
        f'<path {pen} opacity=".7" stroke-dasharray="{dashes}" stroke-dashoffset="{round(dice(0, 40))}" d="{drawn}"/>'
    )
